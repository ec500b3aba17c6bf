//! Which units are most alike: the distance between their standardised values over chosen indicators.
//!
//! Each indicator is standardised over the units that have a figure, `z = (x - mean) / sd` (population). Between two units,
//! over the indicators that both have, `d^2 = sum(w * (z_i - z_j)^2) / sum(w)`. Neither polarity nor unit of
//! measurement matters: likeness has no better side. Being alike in these indicators says nothing of others.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Ranking,
    grade::mean_and_deviation,
    sum::{CompensatedSum, compensated_sum},
};

/// A unit is comparable when it shares at least this part of the weight of the usable indicators with the subject: the
/// same two thirds below which a composite has no score.
pub const MINIMUM_SHARED_WEIGHT: f64 = 2.0 / 3.0;

/// Rounding must not decide who is comparable: a share this little below the minimum has reached it.
const ROUNDING: f64 = 1e-12;

/// The finite figures of an indicator, of all units in region-code order.
#[derive(Debug, Clone, Copy)]
pub struct IndicatorColumn<'a> {
    /// Indicator id.
    pub id: &'a str,
    /// Per unit; `None` where it has no figure.
    pub values: &'a [Option<f64>],
}

/// Why an indicator says nothing about likeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// Its weight is 0.
    NoWeight,
    /// No unit has a figure.
    NoFigures,
    /// All units that have a figure have the same.
    Constant,
}

/// What one indicator adds to the distance between two units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution<'a> {
    /// Indicator id.
    pub id: &'a str,
    /// How far the other unit lies above the subject, in standard deviations.
    pub difference: f64,
    /// Its share of `d^2`; the shares of one unit add up to 1, or are all 0 when the distance is.
    pub share: f64,
}

/// A unit that can be compared with the subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbour<'a> {
    /// Its place among the units.
    pub unit: usize,
    /// 1 for the nearest; units whose distances differ by their last bits share it, as composite scores do.
    pub position: u32,
    /// `d`, in standard deviations.
    pub distance: f64,
    /// The part of the weight that both have figures for.
    pub shared_weight: f64,
    /// Of each indicator that both have, in the order given.
    pub contributions: Vec<Contribution<'a>>,
}

/// A unit that shares less than [`MINIMUM_SHARED_WEIGHT`] with the subject.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Incomparable {
    /// Its place among the units.
    pub unit: usize,
    /// The part of the weight that both have figures for.
    pub shared_weight: f64,
}

/// An indicator that tells units apart, and how its figures are standardised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standard<'a> {
    /// Indicator id.
    pub id: &'a str,
    /// Mean of all units that have a figure.
    pub mean: f64,
    /// Their population standard deviation, above 0.
    pub deviation: f64,
}

/// All units but the subject, each in one of two lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Similarity<'a> {
    /// Those that can be compared, the nearest first, then in the order of the units.
    pub neighbours: Vec<Neighbour<'a>>,
    /// Those that cannot, in the order of the units.
    pub incomparable: Vec<Incomparable>,
    /// The indicators that units are compared by, in the order given.
    pub used: Vec<Standard<'a>>,
    /// The indicators that say nothing, in the order given.
    pub left_out: Vec<(&'a str, LeftOut)>,
}

impl Similarity<'_> {
    /// Only these units, placed anew among each other. Figures stay standardised over all.
    #[must_use]
    pub fn among(mut self, wanted: impl Fn(usize) -> bool) -> Self {
        self.neighbours.retain(|near| wanted(near.unit));
        self.incomparable.retain(|far| wanted(far.unit));
        self.neighbours.sort_by_key(|near| near.unit);
        self.neighbours = nearest_first(self.neighbours);
        self
    }
}

/// Why nothing can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoNeighbours<'a> {
    /// The columns have no such unit.
    UnknownUnit(usize),
    /// This column has another length than the first.
    UnevenColumn(&'a str),
    /// A column or a weight is given twice.
    RepeatedIndicator(&'a str),
    /// A weight for an indicator that was not chosen.
    UnknownIndicator(&'a str),
    /// A weight below 0, infinite or not a number.
    InvalidWeight(&'a str),
    /// Every weight is 0.
    NoWeight,
    /// None was chosen, or those with a weight have no figures or are constant.
    NoUsableIndicator,
    /// The subject has no figure of any usable indicator.
    SubjectWithoutFigures,
}

/// An indicator that tells units apart.
struct Usable<'a> {
    standard: Standard<'a>,
    weight: f64,
    values: &'a [Option<f64>],
}

/// Sorts all other units by their distance to the subject over the chosen indicators. `weights` names those that do not
/// weigh 1.
///
/// # Errors
/// The reason nothing can be compared.
pub fn most_similar<'a>(
    subject: usize,
    columns: &[IndicatorColumn<'a>],
    weights: &[(&'a str, f64)],
) -> Result<Similarity<'a>, NoNeighbours<'a>> {
    let weights = weights_of(columns, weights)?;
    let units = columns
        .first()
        .ok_or(NoNeighbours::NoUsableIndicator)?
        .values
        .len();
    if let Some(uneven) = columns.iter().find(|column| column.values.len() != units) {
        return Err(NoNeighbours::UnevenColumn(uneven.id));
    }
    if subject >= units {
        return Err(NoNeighbours::UnknownUnit(subject));
    }
    if weights.iter().all(|&weight| weight == 0.0) {
        return Err(NoNeighbours::NoWeight);
    }
    let (mut usable, mut left_out) = (Vec::new(), Vec::new());
    for (column, weight) in columns.iter().zip(weights) {
        match standard(column, weight) {
            Ok(standard) => usable.push(Usable {
                standard,
                weight,
                values: column.values,
            }),
            Err(reason) => left_out.push((column.id, reason)),
        }
    }
    if usable.is_empty() {
        return Err(NoNeighbours::NoUsableIndicator);
    }
    // Only their proportions count: so that sums stay finite.
    let greatest = usable
        .iter()
        .map(|indicator| indicator.weight)
        .fold(0.0, f64::max);
    usable
        .iter_mut()
        .for_each(|indicator| indicator.weight /= greatest);
    if usable.iter().all(|indicator| indicator.values[subject].is_none()) {
        return Err(NoNeighbours::SubjectWithoutFigures);
    }
    let (mut neighbours, mut incomparable) = (Vec::new(), Vec::new());
    for unit in (0..units).filter(|&unit| unit != subject) {
        let found = compare(subject, unit, &usable);
        if found.shared_weight >= MINIMUM_SHARED_WEIGHT - ROUNDING {
            neighbours.push(found);
        } else {
            incomparable.push(Incomparable {
                unit,
                shared_weight: found.shared_weight,
            });
        }
    }
    Ok(Similarity {
        neighbours: nearest_first(neighbours),
        incomparable,
        used: usable.iter().map(|indicator| indicator.standard).collect(),
        left_out,
    })
}

/// The weight of each column, in their order.
fn weights_of<'a>(
    columns: &[IndicatorColumn<'a>],
    weights: &[(&'a str, f64)],
) -> Result<Vec<f64>, NoNeighbours<'a>> {
    let mut ids = BTreeSet::new();
    if let Some(column) = columns.iter().find(|column| !ids.insert(column.id)) {
        return Err(NoNeighbours::RepeatedIndicator(column.id));
    }
    let mut named = BTreeMap::new();
    for &(id, weight) in weights {
        if !ids.contains(id) {
            return Err(NoNeighbours::UnknownIndicator(id));
        }
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(NoNeighbours::InvalidWeight(id));
        }
        if named.insert(id, weight).is_some() {
            return Err(NoNeighbours::RepeatedIndicator(id));
        }
    }
    Ok(columns
        .iter()
        .map(|column| named.get(column.id).copied().unwrap_or(1.0))
        .collect())
}

/// The mean and spread of the figures there are.
fn standard<'a>(column: &IndicatorColumn<'a>, weight: f64) -> Result<Standard<'a>, LeftOut> {
    if weight == 0.0 {
        return Err(LeftOut::NoWeight);
    }
    let figures: Vec<f64> = column.values.iter().copied().flatten().collect();
    let first = *figures.first().ok_or(LeftOut::NoFigures)?;
    if figures.iter().all(|&figure| figure == first) {
        return Err(LeftOut::Constant);
    }
    let (mean, deviation) = mean_and_deviation(&figures);
    Ok(Standard {
        id: column.id,
        mean,
        deviation,
    })
}

/// The distance between two units over the indicators that both have; not a number where there are none, which is no
/// neighbour. Its position is not known yet.
fn compare<'a>(subject: usize, unit: usize, usable: &[Usable<'a>]) -> Neighbour<'a> {
    let all = compensated_sum(usable.iter().map(|indicator| indicator.weight));
    let (mut shared, mut squares) = (CompensatedSum::new(), CompensatedSum::new());
    let mut contributions = Vec::new();
    for indicator in usable {
        if let (Some(own), Some(other)) = (indicator.values[subject], indicator.values[unit]) {
            // The mean falls out. By quarters, which are exact: the distance between huge values of opposite sign stays finite.
            let difference = (other / 4.0 - own / 4.0) / (indicator.standard.deviation / 4.0);
            let part = indicator.weight * (difference * difference);
            shared.add(indicator.weight);
            squares.add(part);
            contributions.push(Contribution {
                id: indicator.standard.id,
                difference,
                share: part, // of the whole, once that is known
            });
        }
    }
    let (shared, squares) = (shared.value(), squares.value());
    for contribution in &mut contributions {
        contribution.share = if squares > 0.0 {
            contribution.share / squares
        } else {
            0.0
        };
    }
    Neighbour {
        unit,
        position: 0,
        distance: (squares / shared).sqrt(),
        shared_weight: shared / all,
        contributions,
    }
}

/// By distance, then in the order of the units. Distances are calculated: those that differ by their last bits tie.
fn nearest_first(neighbours: Vec<Neighbour<'_>>) -> Vec<Neighbour<'_>> {
    let nearness: Vec<f64> = neighbours.iter().map(|found| -found.distance).collect();
    let ranking = Ranking::of_scores(&nearness);
    let mut placed: Vec<_> = neighbours.into_iter().zip(ranking.positions).collect();
    placed.sort_by_key(|(neighbour, position)| (*position, neighbour.unit));
    let with_position = |(neighbour, position)| Neighbour {
        position,
        ..neighbour
    };
    placed.into_iter().map(with_position).collect()
}
