//! How firm the positions of a composite are: against other weights, without a part, with another grade or mean.
//!
//! Draws are pure: the weights of draw number k follow from the seed, k and the node alone, and what is kept of them are
//! counts. A caller may stop between two draws, go on later, or split them over threads and merge: the answer is the same,
//! bit for bit.
//!
//! Drawn weights change how much a part counts, not who has a score: coverage is judged once, by the weights as they are.
//! Otherwise a unit near two thirds would be ranked in some draws only, and everyone's n would change with it.

use super::{
    Band, Ranking,
    composite::{Composite, InvalidComposite, UnfitScore},
    correlation::kendall_tau_b,
    count,
    philox::uniform,
    place::place_share,
    quantile::quantile_type7,
    ranking::tolerance,
    sum::mean,
};
use crate::domain::is_weight;

/// A unit is fragile when its middle 90% of positions is wider than this share of the list.
pub const FRAGILE_WIDTH: f64 = 0.10;

/// The spread of weights when nobody says.
pub const USUAL_SPREAD: f64 = 0.25;

/// Draws when nobody says.
pub const USUAL_DRAWS: u32 = 1000;

/// Which weights are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Levels {
    /// All of them.
    All,
    /// Those of nodes so many steps below the root: 1 for its children.
    At(Vec<usize>),
}

/// Weights that might as well have been others: each becomes `w (1 + U)`, U uniform in [-spread, spread) and of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightNoise {
    /// The same seed gives the same weights.
    pub seed: u64,
    /// 0 or more and less than 1, so that no weight vanishes.
    pub spread: f64,
    /// Which weights are drawn.
    pub levels: Levels,
}

/// Why there is no sensitivity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSensitivity {
    /// The spread of the noise is not within 0 and 1, or is 1.
    InvalidSpread,
    /// A score has no place in the mean.
    UnfitScore(UnfitScore),
}

/// A composite over units, ready for draws.
#[derive(Debug, Clone)]
pub struct Sensitivity {
    composite: Composite,
    noise: WeightNoise,
    weights: Vec<f64>,
    units: Vec<ReadyUnit>,
    nominal: Ranking,
}

/// A unit that has a score.
#[derive(Debug, Clone)]
struct ReadyUnit {
    /// Its place in the list given.
    place: usize,
    present: Vec<bool>,
    bent_leaves: Vec<f64>,
}

impl Sensitivity {
    /// Makes ready the units that have a score by the weights as they are; the others have no part in it.
    ///
    /// # Errors
    /// Why there is no sensitivity.
    pub fn new(
        composite: &Composite,
        units: &[impl AsRef<[Option<f64>]>],
        noise: WeightNoise,
    ) -> Result<Self, NoSensitivity> {
        if !(0.0..1.0).contains(&noise.spread) {
            return Err(NoSensitivity::InvalidSpread);
        }
        let mut ready = Vec::new();
        for (place, unit) in units.iter().map(AsRef::as_ref).enumerate() {
            let unfit = |unfit| NoSensitivity::UnfitScore(UnfitScore { unit: place, ..unfit });
            let bent_leaves = composite.bent_leaves(unit).map_err(unfit)?;
            let present = composite.presence(unit).present;
            if present[0] {
                ready.push(ReadyUnit {
                    place,
                    present,
                    bent_leaves,
                });
            }
        }
        let weights = composite.weights();
        let composite = composite.clone();
        let mut sensitivity = Self {
            composite,
            noise,
            weights,
            units: ready,
            nominal: Ranking::default(),
        };
        sensitivity.nominal = Ranking::of_scores(&sensitivity.reckon(&sensitivity.weights));
        Ok(sensitivity)
    }

    /// Places, in the list given, of the units that have a score. Rankings, counts and summaries are in this order.
    #[must_use]
    pub fn units(&self) -> Vec<usize> {
        self.units.iter().map(|unit| unit.place).collect()
    }

    /// The ranking by the weights as they are.
    #[must_use]
    pub fn nominal(&self) -> &Ranking {
        &self.nominal
    }

    /// The weights of a draw, by node.
    #[must_use]
    pub fn weights_of_draw(&self, draw: u64) -> Vec<f64> {
        let drawn = |(node, &weight): (usize, &f64)| {
            let depth = self.composite.nodes[node].depth;
            let varies = depth > 0
                && match &self.noise.levels {
                    Levels::All => true,
                    Levels::At(depths) => depths.contains(&depth),
                };
            if !varies {
                return weight;
            }
            let node = u64::try_from(node).unwrap_or(u64::MAX);
            weight * (1.0 + self.noise.spread * (2.0 * uniform(self.noise.seed, draw, node) - 1.0))
        };
        self.weights.iter().enumerate().map(drawn).collect()
    }

    /// The ranking in a draw.
    #[must_use]
    pub fn ranking_of_draw(&self, draw: u64) -> Ranking {
        Ranking::of_scores(&self.reckon(&self.weights_of_draw(draw)))
    }

    /// The scores by weights that someone else has drawn, one per node: 0 where the composite's own weight is 0, above 0
    /// elsewhere. Their ranking is [`Ranking::of_scores`].
    ///
    /// # Errors
    /// What is wrong with the weights.
    pub fn scores_with(&self, weights: &[f64]) -> Result<Vec<f64>, Vec<InvalidComposite>> {
        if weights.len() != self.weights.len() {
            return Err(vec![InvalidComposite::WrongNumberOfWeights(weights.len())]);
        }
        let pairs = weights.iter().zip(&self.weights).enumerate().skip(1); // the root's means nothing
        let wrong: Vec<InvalidComposite> = pairs
            .filter(|(_, (weight, own))| !is_weight(**weight) || (**weight == 0.0) != (**own == 0.0))
            .map(|(node, _)| InvalidComposite::InvalidWeight(node))
            .collect();
        if wrong.is_empty() {
            Ok(self.reckon(weights))
        } else {
            Err(wrong)
        }
    }

    fn reckon(&self, weights: &[f64]) -> Vec<f64> {
        let mut bent = vec![0.0; self.weights.len()];
        let score = |unit: &ReadyUnit| {
            bent.copy_from_slice(&unit.bent_leaves);
            self.composite.climb(weights, &unit.present, &mut bent);
            self.composite.mean.unbend(bent[0])
        };
        self.units.iter().map(score).collect()
    }
}

/// How often every unit stood at every position: all that is kept of the draws. Units times positions of 4 bytes each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionCounts {
    units: usize,
    draws: u32,
    /// By unit, then by position from 1.
    at_position: Vec<u32>,
    /// Draws in which the unit's place share was at most 0.10.
    in_top: Vec<u32>,
    /// Draws in which it was at least 0.90.
    in_bottom: Vec<u32>,
}

impl PositionCounts {
    /// Nothing counted yet, of so many units.
    #[must_use]
    pub fn of_units(units: usize) -> Self {
        Self {
            units,
            draws: 0,
            at_position: vec![0; units * units],
            in_top: vec![0; units],
            in_bottom: vec![0; units],
        }
    }

    /// Counts the ranking of one draw, over the same units.
    pub fn add(&mut self, ranking: &Ranking) {
        debug_assert_eq!(ranking.positions.len(), self.units, "the same units");
        self.draws += 1;
        let n = count(self.units);
        let stands = ranking.positions.iter().zip(&ranking.ties);
        for (unit, (&position, &ties)) in stands.enumerate() {
            self.at_position[unit * self.units + position as usize - 1] += 1;
            let band = Band::of(place_share(position, ties, n));
            self.in_top[unit] += u32::from(band == Band::Best);
            self.in_bottom[unit] += u32::from(band == Band::Worst);
        }
    }

    /// Adds what was counted elsewhere, of other draws over the same units.
    pub fn merge(&mut self, other: &Self) {
        debug_assert_eq!(other.units, self.units, "the same units");
        self.draws += other.draws;
        let add = |own: &mut [u32], other: &[u32]| {
            own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
        };
        add(&mut self.at_position, &other.at_position);
        add(&mut self.in_top, &other.in_top);
        add(&mut self.in_bottom, &other.in_bottom);
    }

    /// How many draws are counted.
    #[must_use]
    pub fn draws(&self) -> u32 {
        self.draws
    }

    /// How often a unit stood at each position, from 1.
    #[must_use]
    pub fn of_unit(&self, unit: usize) -> &[u32] {
        &self.at_position[unit * self.units..][..self.units]
    }

    /// What the draws say of every unit of this nominal ranking; `None` before the first draw.
    #[must_use]
    pub fn summary(&self, nominal: &Ranking) -> Option<Vec<UnitSensitivity>> {
        debug_assert_eq!(nominal.positions.len(), self.units, "the same units");
        let of_unit = |(unit, &position): (usize, &u32)| self.summary_of(unit, position);
        nominal.positions.iter().enumerate().map(of_unit).collect()
    }

    fn summary_of(&self, unit: usize, nominal: u32) -> Option<UnitSensitivity> {
        let counted = (1_u32..).zip(self.of_unit(unit).iter().copied());
        let each_draw = counted
            .clone()
            .flat_map(|(position, draws)| (0..draws).map(move |_| f64::from(position)));
        let ascending: Vec<f64> = each_draw.collect();
        let [lower, median, upper] = [0.05, 0.5, 0.95].map(|share| quantile_type7(&ascending, share));
        let (lower, median, upper) = (lower?, median?, upper?);
        // In whole numbers, so that the order of the draws cannot show.
        let places: u64 = counted
            .map(|(position, draws)| u64::from(position.abs_diff(nominal)) * u64::from(draws))
            .sum();
        let draws = f64::from(self.draws);
        let limit = FRAGILE_WIDTH * f64::from(count(self.units));
        // Exact: positions times draws
        let mean_shift = places as f64 / draws;
        Some(UnitSensitivity {
            nominal,
            lower,
            median,
            upper,
            share_in_top: f64::from(self.in_top[unit]) / draws,
            share_in_bottom: f64::from(self.in_bottom[unit]) / draws,
            mean_shift,
            fragile: (upper - lower) - limit > tolerance(limit),
        })
    }
}

/// What draws say of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitSensitivity {
    /// Its position by the weights as they are.
    pub nominal: u32,
    /// Type-7 quantile of 5% of its positions over the draws.
    pub lower: f64,
    /// Of 50%.
    pub median: f64,
    /// Of 95%.
    pub upper: f64,
    /// Share of the draws in which its place share was at most 0.10.
    pub share_in_top: f64,
    /// Share of the draws in which its place share was at least 0.90.
    pub share_in_bottom: f64,
    /// Mean over the draws of `|position - nominal|`.
    pub mean_shift: f64,
    /// Whether `upper - lower` is more than [`FRAGILE_WIDTH`] of the list.
    pub fragile: bool,
}

/// How positions move in a variant of a composite: without a node ([`Composite::without`]), with another grade, mean or
/// weights. A unit may have a score in one only; those in both are ranked among each other, so that a place won because
/// another unit dropped out is no shift.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantShift {
    /// Per unit its position nominally and in the variant, `None` where it lacks either score.
    pub positions: Vec<Option<(u32, u32)>>,
    /// How many units have both.
    pub compared: u32,
    /// How many have a score nominally only.
    pub lost: u32,
    /// How many have one in the variant only.
    pub gained: u32,
    /// Mean of `|position in the variant - nominal position|`; `None` when no unit has both.
    pub mean_shift: Option<f64>,
    /// Kendall's tau-b of the two positions.
    pub tau: Option<f64>,
}

impl VariantShift {
    /// Compares the scores of the same units in the same order.
    #[must_use]
    pub fn of(nominal: &[Option<f64>], variant: &[Option<f64>]) -> Self {
        debug_assert_eq!(nominal.len(), variant.len(), "the same units");
        let pairs = || nominal.iter().copied().zip(variant.iter().copied());
        let (before, after): (Vec<f64>, Vec<f64>) = pairs().filter_map(|(n, v)| n.zip(v)).unzip();
        let [before, after] = [before, after].map(|scores| Ranking::of_scores(&scores).positions);
        let shifts: Vec<f64> = before
            .iter()
            .zip(&after)
            .map(|(b, a)| f64::from(b.abs_diff(*a)))
            .collect();
        let tau = kendall_tau_b(&before, &after);
        let compared = count(before.len());
        let mut both = before.into_iter().zip(after);
        let positions = pairs().map(|(n, v)| n.zip(v).and_then(|_| both.next())).collect();
        let how_many =
            |wanted: fn(&(Option<f64>, Option<f64>)) -> bool| count(pairs().filter(wanted).count());
        Self {
            positions,
            compared,
            lost: how_many(|(n, v)| n.is_some() && v.is_none()),
            gained: how_many(|(n, v)| n.is_none() && v.is_some()),
            mean_shift: mean(&shifts),
            tau,
        }
    }
}
