//! Positions: who is better than whom.
//!
//! Values are *oriented* first, so that more is always more favourable.
//!
//! Loaded values compare exactly with each other. A *derived* value (a mean, an aggregate, the result of a formula) is only
//! known to the last bits that its calculation leaves: in a comparison with it, on either side, the two must lie further
//! apart than `tolerance` before one is better. Within that, "better" follows from neither.

use std::cmp::Ordering;

use super::count;
use crate::domain::Polarity;

impl Polarity {
    /// The oriented value `o = d * x`, d being +1 or -1; negative zero becomes zero.
    #[must_use]
    pub fn orient(self, value: f64) -> f64 {
        match self {
            Self::HigherIsFavourable => value + 0.0,
            Self::LowerIsFavourable => -value + 0.0,
        }
    }
}

/// The ranking of units: ties share the best place, and the places after them are skipped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ranking {
    /// Per unit, `1 + #{j better than i}`.
    pub positions: Vec<u32>,
    /// Per unit, how many share its position, itself included.
    pub ties: Vec<u32>,
    /// Units by position, then in the order given: the listing order.
    pub order: Vec<u32>,
}

impl Ranking {
    /// Ranks finite oriented values; loaded values compare exactly.
    #[must_use]
    pub fn of(oriented: &[f64]) -> Self {
        Self::walk(oriented, |preceding, score| preceding > score)
    }

    /// Ranks finite oriented values of which some are derived: `1 + #{j better than i}`, where j is better than i when it
    /// exceeds it, and when it exceeds it by more than the `tolerance` of the derived one of the two (of i, if both are).
    /// Units tie when they have the same number of better units.
    ///
    /// "Better" is a strict order: whoever is better than i has a smaller position, and no two that tie are better than each
    /// other. It is not a ranking of values: loaded values a hair apart keep their order, while a derived one between
    /// them may share the place of the upper. Within a billionth, the listing by position may so differ from one by value.
    #[must_use]
    pub fn of_units(oriented: &[f64], derived: &[bool]) -> Self {
        debug_assert_eq!(oriented.len(), derived.len(), "one flag per unit");
        let of_kind = |wanted: bool| {
            let units = oriented.iter().zip(derived);
            let mut values: Vec<f64> = units
                .filter(|&(_, &is_derived)| is_derived == wanted)
                .map(|(&value, _)| value)
                .collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let (exact, rounded) = (of_kind(false), of_kind(true));
        if rounded.is_empty() {
            return Self::of(oriented);
        }
        // Each test holds for all values from some place in the ascending list on: counting them is a search.
        let above = |ascending: &[f64], is_better: &dyn Fn(f64) -> bool| {
            ascending.len() - ascending.partition_point(|&other| !is_better(other))
        };
        let positions: Vec<u32> = oriented
            .iter()
            .zip(derived)
            .map(|(&own, &is_derived)| {
                let own = (own, is_derived);
                let better = above(&exact, &|other| is_better((other, false), own))
                    + above(&rounded, &|other| is_better((other, true), own));
                count(1 + better)
            })
            .collect();
        let mut order: Vec<u32> = (0..count(oriented.len())).collect();
        order.sort_by_key(|&unit| (positions[unit as usize], unit));
        let mut ties = vec![0; oriented.len()];
        for tied in order.chunk_by(|&a, &b| positions[a as usize] == positions[b as usize]) {
            for &unit in tied {
                ties[unit as usize] = count(tied.len());
            }
        }
        Self {
            positions,
            ties,
            order,
        }
    }

    /// Ascending midranks, in the order of the units: 1 is the least favourable, ties share the mean of their ranks.
    #[must_use]
    pub fn midranks(&self) -> Vec<f64> {
        let n = f64::from(count(self.positions.len()));
        self.positions
            .iter()
            .zip(&self.ties)
            .map(|(&position, &ties)| n + 1.0 - f64::from(position) - (f64::from(ties) - 1.0) / 2.0)
            .collect()
    }

    /// Ranks composite scores: walked from the best, a new position starts where the gap to the preceding score exceeds
    /// 1e-9.
    #[must_use]
    pub fn of_scores(scores: &[f64]) -> Self {
        Self::walk(scores, |preceding, score| preceding - score > TOLERANCE)
    }

    fn walk(oriented: &[f64], starts_new_position: impl Fn(f64, f64) -> bool) -> Self {
        let mut best_first: Vec<usize> = (0..oriented.len()).collect();
        best_first.sort_by(|&a, &b| descending(oriented[a], oriented[b]).then(a.cmp(&b)));

        let mut ranking = Self {
            positions: vec![0; oriented.len()],
            ties: vec![0; oriented.len()],
            order: Vec::new(),
        };
        let mut start = 0;
        while start < best_first.len() {
            let mut end = start + 1;
            while end < best_first.len()
                && !starts_new_position(oriented[best_first[end - 1]], oriented[best_first[end]])
            {
                end += 1;
            }
            let mut tied = best_first[start..end].to_vec();
            tied.sort_unstable();
            for unit in tied {
                ranking.positions[unit] = count(start + 1);
                ranking.ties[unit] = count(end - start);
                ranking.order.push(count(unit));
            }
            start = end;
        }
        ranking
    }
}

fn descending(a: f64, b: f64) -> Ordering {
    b.partial_cmp(&a).unwrap_or(Ordering::Equal)
}

/// Whether one oriented value is better than another, of which the flags say whether they are derived: the rule that
/// [`Ranking::of_units`] counts by.
pub(super) fn is_better((other, other_is_derived): (f64, bool), (own, own_is_derived): (f64, bool)) -> bool {
    match (own_is_derived, other_is_derived) {
        (true, _) => other - own > tolerance(own),
        (false, true) => other - own > tolerance(other),
        (false, false) => other > own,
    }
}

/// What derived values may differ by without one being better, as a part of their size.
pub const TOLERANCE: f64 = 1e-9;

/// How far a value must lie from a *derived* one before either is better: `1e-9 * max(1, |derived|)`.
pub(super) fn tolerance(derived: f64) -> f64 {
    TOLERANCE * derived.abs().max(1.0)
}

/// Where a derived oriented value would stand: `1 + #{j better than it}`. The units do not include it.
#[must_use]
pub fn position_of_derived(oriented: &[f64], derived: f64) -> u32 {
    let limit = tolerance(derived);
    count(1 + oriented.iter().filter(|&&unit| unit - derived > limit).count())
}

/// How two derived values compare: they are equal within the tolerance of either.
#[must_use]
pub fn compare_derived(one: f64, other: f64) -> Ordering {
    let better = |a: f64, b: f64| is_better((a, true), (b, true));
    match (better(one, other), better(other, one)) {
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        _ => Ordering::Equal,
    }
}

/// How many units are equal to a derived oriented value; 0 when it falls between units.
#[must_use]
pub fn ties_of_derived(oriented: &[f64], derived: f64) -> u32 {
    let limit = tolerance(derived);
    count(
        oriented
            .iter()
            .filter(|&&unit| (unit - derived).abs() <= limit)
            .count(),
    )
}

/// Ascending midranks of loaded values: see [`Ranking::midranks`].
#[must_use]
pub fn midranks(oriented: &[f64]) -> Vec<f64> {
    Ranking::of(oriented).midranks()
}

/// The midrank at which a derived oriented value enters: the number below it, half the number equal to it, and a half,
/// kept within 1 to n.
#[must_use]
pub fn midrank_of_derived(oriented: &[f64], derived: f64) -> f64 {
    let limit = tolerance(derived);
    let below = count(oriented.iter().filter(|&&unit| derived - unit > limit).count());
    let equal = ties_of_derived(oriented, derived);
    let n = f64::from(count(oriented.len()));
    (f64::from(below) + f64::from(equal) / 2.0 + 0.5).clamp(1.0, n.max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_the_best_place_and_skip_the_next() {
        let ranking = Ranking::of(&[2.0, 3.0, 2.0, 1.0]);
        assert_eq!(ranking.positions, [2, 1, 2, 4]);
        assert_eq!(ranking.ties, [2, 1, 2, 1]);
        assert_eq!(ranking.order, [1, 0, 2, 3]);
    }

    #[test]
    fn zero_and_negative_zero_tie_when_lower_is_favourable() {
        let oriented = [0.0, -0.0].map(|value| Polarity::LowerIsFavourable.orient(value));
        assert_eq!(Ranking::of(&oriented).positions, [1, 1]);
        assert!(oriented.iter().all(|value| value.is_sign_positive()));
    }

    #[test]
    fn scores_closer_than_a_billionth_to_their_predecessor_share_a_position() {
        let ranking = Ranking::of_scores(&[7.0, 7.0 - 8e-10, 7.0 - 1.6e-9, 6.0]);
        assert_eq!(ranking.positions, [1, 1, 1, 4]);
    }

    #[test]
    fn a_mean_that_differs_in_its_last_bits_only_is_equal() {
        let values = [0.3, 0.2, 0.1];
        assert_eq!(position_of_derived(&values, 0.1 + 0.2), 1);
        assert_eq!(ties_of_derived(&values, 0.1 + 0.2), 1);
    }

    #[test]
    fn an_aggregate_that_equals_a_loaded_value_but_for_its_last_bits_ties_with_it_from_both_sides() {
        for aggregate in [0.1 + 0.2, 0.3 - (0.1 + 0.2 - 0.3)] {
            assert_ne!(aggregate, 0.3);
            let ranking = Ranking::of_units(&[0.3, aggregate, 0.2, 0.5], &[false, true, false, false]);
            assert_eq!(ranking.positions, [2, 2, 4, 1]);
            assert_eq!(ranking.ties, [2, 2, 1, 1]);
            assert_eq!(ranking.order, [3, 0, 1, 2]);
            assert_eq!(ranking.midranks(), [2.5, 2.5, 1.0, 4.0]);
        }
    }

    #[test]
    fn loaded_values_a_hair_apart_keep_their_order_beside_an_aggregate_between_them() {
        let (upper, lower) = (1.0 + 4e-10, 1.0);
        let ranking = Ranking::of_units(&[lower, 1.0 + 2e-10, upper], &[false, true, false]);
        assert_eq!(
            ranking.positions,
            [2, 1, 1],
            "the aggregate is worse than neither"
        );
        assert_eq!(ranking.order, [1, 2, 0]);
    }

    #[test]
    fn two_means_that_differ_in_their_last_bits_only_are_equal() {
        for (one, other, expected) in [
            (0.1 + 0.2, 0.3, Ordering::Equal),
            (0.3, 0.1 + 0.2, Ordering::Equal),
            (1e12, 1e12 + 1.0, Ordering::Equal),
            (0.3, 0.300_1, Ordering::Less),
            (-2.0, -3.0, Ordering::Greater),
        ] {
            assert_eq!(compare_derived(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn midranks_are_averaged_over_ties() {
        assert_eq!(midranks(&[5.0, 1.0, 5.0]), [2.5, 1.0, 2.5]);
        assert_eq!(midrank_of_derived(&[5.0, 1.0, 5.0], 5.0), 2.5);
        assert_eq!(midrank_of_derived(&[5.0, 1.0, 5.0], 9.0), 3.0);
    }
}
