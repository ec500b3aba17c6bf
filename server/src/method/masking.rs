//! Neighbourhoods that the figure of their district hides.
//!
//! The national threshold is the weighted 10% quantile of the oriented values: the smallest `o` at which the weight of all
//! neighbourhoods up to it reaches 10% of all weight. Neighbourhoods at or below it, and large enough, are problem
//! neighbourhoods. A district is masked when its own mean lies above the threshold although a part of it, less than half,
//! lives in problem neighbourhoods; strictly masked when its mean is even at or above that of the country.
//!
//! How values spread is told twice: the weighted variance, split into between and within districts, and the intraclass
//! correlation of the one-way analysis of variance, in which every neighbourhood counts once.

use std::{cmp::Ordering, collections::BTreeMap};

use crate::domain::MaskingRules;

use super::{
    compare_derived, count,
    sum::{CompensatedSum, compensated_sum},
};

/// Rounding must not decide which neighbourhood reaches the threshold: a cumulative weight this little below it, as a part of
/// all weight, has reached it.
const ROUNDING: f64 = 1e-12;

/// A neighbourhood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbourhood<'a> {
    /// Its code, each once.
    pub code: &'a str,
    /// The code of its district.
    pub district: &'a str,
    /// Polarity times value; `None` without one.
    pub oriented: Option<f64>,
    /// What it weighs; `None` where that is not known, and then it does not take part, as with 0.
    pub weight: Option<f64>,
}

/// What a neighbourhood is found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeighbourhoodState {
    /// At or below the threshold, and large enough.
    Problem,
    /// At or below the threshold, and too small to say so.
    TooSmall,
    /// Above the threshold.
    Above,
    /// It has no value.
    WithoutValue,
    /// It has a value, and no weight or a weight of 0.
    WithoutWeight,
}

/// A district by the neighbourhoods that take part.
#[derive(Debug, Clone, PartialEq)]
pub struct District<'a> {
    /// Its code.
    pub code: &'a str,
    /// Weighted mean of the oriented values.
    pub mean: f64,
    /// How many neighbourhoods take part.
    pub neighbourhoods: u32,
    /// Their weight.
    pub weight: f64,
    /// How many of them are problem neighbourhoods.
    pub problems: u32,
    /// Their weight.
    pub problem_weight: f64,
    /// Whether its mean lies above the threshold.
    pub above_threshold: bool,
    /// Whether it hides problem neighbourhoods.
    pub masked: bool,
    /// Whether it does so at or above the mean of the country.
    pub strictly_masked: bool,
}

impl District<'_> {
    /// The share of its weight in problem neighbourhoods, 0 to 1.
    #[must_use]
    pub fn problem_share(&self) -> f64 {
        self.problem_weight / self.weight
    }
}

/// A weighted variance, in the square of the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VarianceSplit {
    /// Of neighbourhoods around the mean.
    pub total: f64,
    /// Of districts around it, each with the weight of its neighbourhoods.
    pub between: f64,
    /// Of neighbourhoods around the means of their districts.
    pub within: f64,
}

/// What is found of all districts, or of those of a municipality. Threshold and mean of the country are the same for both.
#[derive(Debug, Clone, PartialEq)]
pub struct MaskingSummary {
    /// Neighbourhoods that take part: with a value and a weight.
    pub neighbourhoods: u32,
    /// Districts that have one.
    pub districts: u32,
    /// Weight of the neighbourhoods.
    pub weight: f64,
    /// Weighted mean of the oriented values; `None` when nothing takes part.
    pub mean: Option<f64>,
    /// `None` when nothing takes part, or the values are so large that their squares are no numbers.
    pub variance: Option<VarianceSplit>,
    /// Part of the variance that lies between districts, 0 to 1; `None` when all values are equal.
    pub between_share: Option<f64>,
    /// ICC(1), at most 1 and below 0 when neighbours differ more than strangers; `None` with fewer than two districts, no
    /// district of two, or equal values.
    pub intraclass_correlation: Option<f64>,
    /// Problem neighbourhoods.
    pub problems: u32,
    /// Their weight: the people concerned when the weight is inhabitants.
    pub problem_weight: f64,
    /// Neighbourhoods at or below the threshold that are too small.
    pub too_small: u32,
    /// Their weight.
    pub too_small_weight: f64,
    /// Of the weight in problem neighbourhoods, the part that whoever looks at districts misses: in districts above the
    /// threshold. `None` without any.
    pub miss_rate: Option<f64>,
    /// Of the weight in districts at or below the threshold, the part in neighbourhoods above it. `None` without any.
    pub false_alarm: Option<f64>,
    /// Masked districts.
    pub masked: u32,
    /// Strictly masked districts.
    pub strictly_masked: u32,
}

/// Why nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoMasking {
    /// No neighbourhood has both a value and a weight.
    NoFigures,
    /// A value that is not finite, of the neighbourhood with this code.
    InvalidValue(String),
    /// A weight below 0 or not finite, of the neighbourhood with this code; or all together are more than a number holds.
    InvalidWeight(String),
}

/// A neighbourhood that takes part.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part<'a> {
    district: &'a str,
    oriented: f64,
    weight: f64,
    state: NeighbourhoodState,
}

/// What is hidden, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Masking<'a> {
    /// The threshold: the q10 of the oriented values.
    pub threshold: f64,
    /// The weighted mean of the country.
    pub mean: f64,
    /// Every district with a neighbourhood that takes part, by code.
    pub districts: Vec<District<'a>>,
    /// Per neighbourhood, in the order given.
    pub states: Vec<NeighbourhoodState>,
    parts: Vec<Part<'a>>,
}

/// Finds problem neighbourhoods and the districts that hide them. The order of the neighbourhoods does not matter: sums run
/// in the order of their codes.
///
/// # Errors
/// [`NoMasking`].
pub fn detect_masking<'a>(
    neighbourhoods: &[Neighbourhood<'a>],
    rules: &MaskingRules,
) -> Result<Masking<'a>, NoMasking> {
    let mut by_code: Vec<usize> = (0..neighbourhoods.len()).collect();
    by_code.sort_by_key(|&place| neighbourhoods[place].code);
    let mut taking_part: Vec<(usize, f64, f64)> = Vec::with_capacity(by_code.len());
    for place in by_code {
        let Neighbourhood {
            code,
            oriented,
            weight,
            ..
        } = neighbourhoods[place];
        if weight.is_some_and(|weight| !(weight.is_finite() && weight >= 0.0)) {
            return Err(NoMasking::InvalidWeight(code.to_owned()));
        }
        let Some(oriented) = oriented else { continue };
        if !oriented.is_finite() {
            return Err(NoMasking::InvalidValue(code.to_owned()));
        }
        if let Some(weight) = weight.filter(|weight| *weight > 0.0) {
            taking_part.push((place, oriented, weight));
        }
    }
    let threshold = threshold(&taking_part, rules.worst_share, |place| {
        neighbourhoods[place].code
    })?;
    let mut states: Vec<NeighbourhoodState> = neighbourhoods
        .iter()
        .map(|neighbourhood| match neighbourhood.oriented {
            None => NeighbourhoodState::WithoutValue,
            Some(_) => NeighbourhoodState::WithoutWeight,
        })
        .collect();
    let parts: Vec<Part<'a>> = taking_part
        .into_iter()
        .map(|(place, oriented, weight)| {
            states[place] = match (oriented <= threshold, weight >= rules.minimum_weight) {
                (false, _) => NeighbourhoodState::Above,
                (true, true) => NeighbourhoodState::Problem,
                (true, false) => NeighbourhoodState::TooSmall,
            };
            Part {
                district: neighbourhoods[place].district,
                oriented,
                weight,
                state: states[place],
            }
        })
        .collect();
    let mean = weighted_mean(&parts);
    Ok(Masking {
        threshold,
        mean,
        districts: districts(&parts, threshold, mean, rules.masked_below),
        states,
        parts,
    })
}

/// The smallest value at which the cumulative weight reaches its share.
fn threshold<'a>(
    taking_part: &[(usize, f64, f64)],
    share: f64,
    code: impl Fn(usize) -> &'a str,
) -> Result<f64, NoMasking> {
    let mut ascending: Vec<(f64, f64)> = taking_part
        .iter()
        .map(|&(_, oriented, weight)| (oriented, weight))
        .collect();
    ascending.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
    let all = compensated_sum(ascending.iter().map(|(_, weight)| *weight));
    if !all.is_finite() {
        let heaviest = taking_part.iter().max_by(|one, other| one.2.total_cmp(&other.2));
        let code = heaviest.map_or("", |(place, ..)| code(*place));
        return Err(NoMasking::InvalidWeight(code.to_owned()));
    }
    let mut cumulative = CompensatedSum::new();
    let reaches = |&&(_, weight): &&(f64, f64)| {
        cumulative.add(weight);
        cumulative.value() >= all * (share - ROUNDING)
    };
    let reached = ascending.iter().find(reaches).or(ascending.last());
    reached.map(|(oriented, _)| *oriented).ok_or(NoMasking::NoFigures)
}

fn weighted_mean(parts: &[Part<'_>]) -> f64 {
    let weight = compensated_sum(parts.iter().map(|part| part.weight));
    let mean = compensated_sum(parts.iter().map(|part| part.weight * part.oriented)) / weight;
    if mean.is_finite() {
        return mean;
    }
    // Where products overflow, weights are divided first; the halving leaves room for rounding.
    2.0 * compensated_sum(
        parts
            .iter()
            .map(|part| part.weight / weight * (part.oriented / 2.0)),
    )
}

fn weight_of<'p, 'a: 'p>(parts: impl IntoIterator<Item = &'p Part<'a>>) -> f64 {
    compensated_sum(parts.into_iter().map(|part| part.weight))
}

/// The parts of each district, in the order of the codes of both.
fn by_district<'p, 'a>(parts: impl IntoIterator<Item = &'p Part<'a>>) -> BTreeMap<&'a str, Vec<Part<'a>>>
where
    'a: 'p,
{
    let mut districts: BTreeMap<&'a str, Vec<Part<'a>>> = BTreeMap::new();
    for part in parts {
        districts.entry(part.district).or_default().push(*part);
    }
    districts
}

fn districts<'a>(
    parts: &[Part<'a>],
    threshold: f64,
    mean_of_country: f64,
    masked_below: f64,
) -> Vec<District<'a>> {
    let of = |(code, parts): (&'a str, Vec<Part<'a>>)| {
        let problem = |part: &&Part<'_>| part.state == NeighbourhoodState::Problem;
        let (mean, weight) = (weighted_mean(&parts), weight_of(&parts));
        let problem_weight = weight_of(parts.iter().filter(problem));
        // A mean is derived: it lies above or below only beyond what rounding does.
        let above_threshold = compare_derived(mean, threshold) == Ordering::Greater;
        let has_problem = problem_weight > 0.0;
        District {
            code,
            mean,
            neighbourhoods: count(parts.len()),
            weight,
            problems: count(parts.iter().filter(problem).count()),
            problem_weight,
            above_threshold,
            masked: above_threshold && has_problem && problem_weight / weight < masked_below,
            strictly_masked: has_problem && compare_derived(mean, mean_of_country) != Ordering::Less,
        }
    };
    by_district(parts).into_iter().map(of).collect()
}

impl Masking<'_> {
    /// What is found of the districts whose code is wanted.
    #[must_use]
    pub fn summary(&self, wanted: impl Fn(&str) -> bool) -> MaskingSummary {
        let parts: Vec<Part<'_>> = self
            .parts
            .iter()
            .filter(|part| wanted(part.district))
            .copied()
            .collect();
        let districts: Vec<&District<'_>> = self
            .districts
            .iter()
            .filter(|district| wanted(district.code))
            .collect();
        let of = |state: NeighbourhoodState| {
            let found = parts.iter().filter(|part| part.state == state);
            (count(found.clone().count()), weight_of(found))
        };
        let ((problems, problem_weight), (too_small, too_small_weight)) =
            (of(NeighbourhoodState::Problem), of(NeighbourhoodState::TooSmall));
        let sum_over = |above: bool, weight: &dyn Fn(&District<'_>) -> f64| {
            let those = districts
                .iter()
                .filter(|district| district.above_threshold == above);
            compensated_sum(those.map(|district| weight(district)))
        };
        let seen = sum_over(false, &|district| district.weight);
        let flagged = |part: &&Part<'_>| {
            let found = self
                .districts
                .binary_search_by_key(&part.district, |district| district.code);
            found.is_ok_and(|place| !self.districts[place].above_threshold)
        };
        let alarmed_for_nothing = parts
            .iter()
            .filter(flagged)
            .filter(|part| part.oriented > self.threshold);
        let variance = scaled_variance(&parts);
        MaskingSummary {
            neighbourhoods: count(parts.len()),
            districts: count(districts.len()),
            weight: weight_of(&parts),
            mean: (!parts.is_empty()).then(|| weighted_mean(&parts)),
            variance: variance.and_then(|(split, scale)| split.times(scale)),
            between_share: variance.and_then(|(split, _)| ratio(split.between, split.total)),
            intraclass_correlation: intraclass_correlation(&parts),
            problems,
            problem_weight,
            too_small,
            too_small_weight,
            miss_rate: ratio(
                sum_over(true, &|district| district.problem_weight),
                problem_weight,
            ),
            false_alarm: ratio(weight_of(alarmed_for_nothing), seen),
            masked: count(districts.iter().filter(|district| district.masked).count()),
            strictly_masked: count(
                districts
                    .iter()
                    .filter(|district| district.strictly_masked)
                    .count(),
            ),
        }
    }
}

/// A part of a whole, 0 to 1; nothing of nothing.
fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| (part / whole).clamp(0.0, 1.0))
}

/// Means differ from equal values by their last bits: what is this much smaller than the values themselves is no difference.
fn is_constant(parts: &[Part<'_>]) -> bool {
    let first = parts.first().map(|part| part.oriented);
    parts.iter().all(|part| Some(part.oriented) == first)
}

/// The largest distance of a value from the mean: differences divided by it have squares that are numbers.
fn largest_difference(parts: &[Part<'_>], mean: f64) -> f64 {
    let differences = parts.iter().map(|part| (part.oriented - mean).abs());
    differences.fold(0.0, f64::max)
}

/// The variance of the values divided by a number, and that number; `None` of nothing.
fn scaled_variance(parts: &[Part<'_>]) -> Option<(VarianceSplit, f64)> {
    if parts.is_empty() {
        return None;
    }
    let zero = VarianceSplit {
        total: 0.0,
        between: 0.0,
        within: 0.0,
    };
    let mean = weighted_mean(parts);
    let scale = largest_difference(parts, mean);
    if is_constant(parts) {
        return Some((zero, 0.0));
    }
    if !scale.is_finite() {
        return None;
    }
    let weight = weight_of(parts);
    let square = |distance: f64| (distance / scale) * (distance / scale);
    let total = parts
        .iter()
        .map(|part| part.weight / weight * square(part.oriented - mean));
    let districts = by_district(parts);
    let (mut between, mut within) = (CompensatedSum::new(), CompensatedSum::new());
    for members in districts.values() {
        let own = weighted_mean(members);
        between.add(weight_of(members) / weight * square(own - mean));
        if !is_constant(members) {
            members
                .iter()
                .for_each(|part| within.add(part.weight / weight * square(part.oriented - own)));
        }
    }
    let split = VarianceSplit {
        total: compensated_sum(total),
        between: between.value(),
        within: within.value(),
    };
    Some((split, scale))
}

impl VarianceSplit {
    /// The same of values this many times as large; `None` when that is more than a number holds.
    fn times(self, scale: f64) -> Option<Self> {
        let times = |variance: f64| variance * scale * scale;
        let scaled = Self {
            total: times(self.total),
            between: times(self.between),
            within: times(self.within),
        };
        [scaled.total, scaled.between, scaled.within]
            .iter()
            .all(|variance| variance.is_finite())
            .then_some(scaled)
    }
}

/// ICC(1) by the one-way analysis of variance with districts of unequal numbers:
/// `(MSB - MSW) / (MSB + (n0 - 1) * MSW)`, `n0 = (N - sum(n^2)/N) / (k - 1)`.
#[allow(clippy::many_single_char_names)] // as the formula has them
fn intraclass_correlation(parts: &[Part<'_>]) -> Option<f64> {
    let districts = by_district(parts);
    let (n, k) = (parts.len() as f64, districts.len() as f64);
    if is_constant(parts) {
        return None;
    }
    let plain = |parts: &[Part<'_>]| {
        let values: Vec<f64> = parts.iter().map(|part| part.oriented).collect();
        super::mean(&values).unwrap_or_default()
    };
    let mean = plain(parts);
    let scale = largest_difference(parts, mean);
    let square = |distance: f64| (distance / scale) * (distance / scale);
    let (mut between, mut within, mut squared_sizes) = (CompensatedSum::new(), CompensatedSum::new(), 0.0);
    for members in districts.values() {
        let size = members.len() as f64;
        let own = plain(members);
        between.add(size * square(own - mean));
        if !is_constant(members) {
            members
                .iter()
                .for_each(|part| within.add(square(part.oriented - own)));
        }
        squared_sizes += size * size; // exact: counts of neighbourhoods
    }
    let (between, within) = (between.value() / (k - 1.0), within.value() / (n - k));
    let typical_size = (n - squared_sizes / n) / (k - 1.0);
    let whole = between + (typical_size - 1.0) * within;
    // One district, districts of one, and differences beyond all numbers make this no number.
    whole.is_finite().then(|| (between - within) / whole)
}
