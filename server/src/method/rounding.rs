//! Between which positions a unit stands, when all that is known of the figures is their rounding.
//!
//! A source that prints 12.3 may have counted anything from 12.25 to 12.35. Positions within that are no difference that anybody
//! measured. How a source rounds is not told; what it printed is: the decimals of a ranking are the most that any of its loaded
//! values has. A *derived* value is calculated, not printed, and has no rounding of its own.

use super::count;

/// Decimals that are looked for: more would be bits of a calculation.
const MOST_DECIMALS: usize = 12;

/// The decimals of a ranking: the most with which one of these loaded values is written.
#[must_use]
pub fn decimals_of(loaded: impl IntoIterator<Item = f64>) -> u32 {
    let written = |value: f64| {
        let text = format!("{value}"); // the shortest that reads back as the same number, never with an exponent
        text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
    };
    let most = loaded.into_iter().map(written).max().unwrap_or(0);
    count(most.min(MOST_DECIMALS))
}

/// The first and last position that each unit could have, were every loaded value anything that rounds to it. Values are
/// oriented; the flags say which are derived.
#[must_use]
pub fn positions_within_rounding(oriented: &[f64], derived: &[bool], decimals: u32) -> Vec<(u32, u32)> {
    let half = 0.5 / libm::pow(10.0, f64::from(decimals));
    // Sums like 12.3 + 0.05 carry last bits: bounds that meet are not past each other.
    let hair = half * 1e-6;
    let of_kind = |wanted: bool, shift: f64| {
        let units = oriented.iter().zip(derived);
        let kept = units.filter(|&(_, &is_derived)| is_derived == wanted);
        let mut values: Vec<f64> = kept.map(|(&value, _)| value + shift).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let (lowest, highest, calculated) = (of_kind(false, -half), of_kind(false, half), of_kind(true, 0.0));
    let above = |ascending: &[f64], limit: f64| {
        let up_to = ascending.partition_point(|&value| value <= limit);
        ascending.len() - up_to
    };
    let range = |(&value, &is_derived): (&f64, &bool)| {
        let own = if is_derived { 0.0 } else { half };
        let (low, high) = (value - own, value + own);
        let never_equal = if is_derived { high + hair } else { high - hair };
        let surely_better = above(&lowest, high - hair) + above(&calculated, never_equal);
        let maybe_better = above(&highest, low + hair) + above(&calculated, low + hair);
        // What is printed could be better than itself.
        let itself = usize::from(!is_derived);
        (count(1 + surely_better), count(1 + maybe_better - itself))
    };
    oriented.iter().zip(derived).map(range).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::method::Ranking;

    #[test]
    fn decimals_are_those_that_the_values_are_written_with() {
        assert_eq!(decimals_of([12.0, 3.25, 7.5]), 2);
        assert_eq!(decimals_of([12.0, -3.0]), 0);
        assert_eq!(decimals_of([]), 0);
        assert_eq!(decimals_of([1.0 / 3.0]), 12, "no source prints that");
    }

    #[test]
    fn what_lies_within_half_a_decimal_may_change_places() {
        let loaded = [false; 4];
        assert_eq!(
            positions_within_rounding(&[12.4, 12.3, 12.3, 11.0], &loaded, 1),
            [(1, 1), (2, 3), (2, 3), (4, 4)],
            "12.35 and more is 12.4: neighbours on the list do not overlap, equal ones do"
        );
        assert_eq!(
            positions_within_rounding(&[12.31, 12.3, 12.29, 11.0], &[true, false, true, false], 1),
            [(1, 2), (1, 3), (2, 3), (4, 4)],
            "what is calculated lies within what is printed"
        );
        assert_eq!(
            positions_within_rounding(&[12.35, 12.3, 12.25], &[true, false, true], 1),
            [(1, 1), (2, 2), (3, 3)],
            "bounds that only meet do not change places"
        );
    }

    proptest! {
        #[test]
        fn the_position_lies_in_its_range_and_others_within_rounding_do_not_leave_it(
            printed in proptest::collection::vec(-30..30_i32, 1..20),
            nudges in proptest::collection::vec(-49..50_i32, 20)
        ) {
            let oriented: Vec<f64> = printed.iter().map(|&tenths| f64::from(tenths) / 10.0).collect();
            let derived = vec![false; oriented.len()];
            let ranges = positions_within_rounding(&oriented, &derived, 1);
            let possible: Vec<f64> = oriented
                .iter()
                .zip(&nudges)
                .map(|(value, nudge)| value + f64::from(*nudge) / 1000.0)
                .collect();
            for values in [&oriented, &possible] {
                for (position, (first, last)) in Ranking::of(values).positions.iter().zip(&ranges) {
                    prop_assert!(first <= position && position <= last, "{position} {first} {last}");
                }
            }
        }
    }
}
