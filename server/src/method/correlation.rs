//! How far two orders agree.

use super::{midranks, sum::compensated_sum};

/// Spearman's rank correlation of pairs, -1 to 1: Pearson's of their midranks. `None` under three pairs, for lists of different
/// lengths, or when all of one list are equal.
#[must_use]
pub fn rank_correlation(one: &[f64], other: &[f64]) -> Option<f64> {
    if one.len() < 3 || one.len() != other.len() {
        return None;
    }
    // Exact: counts of municipalities
    let middle = (one.len() as f64 + 1.0) / 2.0;
    let distances =
        |values: &[f64]| -> Vec<f64> { midranks(values).iter().map(|rank| rank - middle).collect() };
    let (one, other) = (distances(one), distances(other));
    let product = |a: &[f64], b: &[f64]| compensated_sum(a.iter().zip(b).map(|(a, b)| a * b));
    let scale = (product(&one, &one) * product(&other, &other)).sqrt();
    (scale > 0.0).then(|| (product(&one, &other) / scale).clamp(-1.0, 1.0))
}

/// Kendall's tau-b of pairs (1945), -1 to 1, of values or of positions: `(C - D) / sqrt((P - T)(P - U))` with P all pairs of
/// units, C and D those that the lists put in the same and in opposite order, T and U those tied in either list. `None` under
/// two units, for lists of different lengths, or when all of one list are equal.
#[must_use]
pub fn kendall_tau_b<Value: PartialOrd>(one: &[Value], other: &[Value]) -> Option<f64> {
    if one.len() != other.len() {
        return None;
    }
    let direction = |earlier: &Value, later: &Value| i64::from(later > earlier) - i64::from(later < earlier);
    let (mut agreement, mut untied_in_one, mut untied_in_other) = (0_i64, 0_i64, 0_i64);
    for later in 1..one.len() {
        for earlier in 0..later {
            let here = direction(&one[earlier], &one[later]);
            let there = direction(&other[earlier], &other[later]);
            agreement += here * there;
            untied_in_one += here.abs();
            untied_in_other += there.abs();
        }
    }
    // Exact: pairs of municipalities
    let (agreement, scale) = (
        agreement as f64,
        (untied_in_one as f64 * untied_in_other as f64).sqrt(),
    );
    (scale > 0.0).then(|| (agreement / scale).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::{kendall_tau_b, rank_correlation};

    #[test]
    fn pairs_in_the_same_order_less_those_in_the_opposite_one() {
        assert_eq!(kendall_tau_b(&[1, 2, 3, 4], &[1, 2, 3, 4]), Some(1.0));
        assert_eq!(kendall_tau_b(&[1, 2, 3, 4], &[4, 3, 2, 1]), Some(-1.0));
        // Six pairs: one opposite, five the same.
        assert_eq!(kendall_tau_b(&[1, 2, 3, 4], &[2, 1, 3, 4]), Some(4.0 / 6.0));
        // One pair tied in the first list: 5 / sqrt(5 * 6).
        let tied = kendall_tau_b(&[1, 1, 3, 4], &[1, 2, 3, 4]).expect("units that differ");
        assert!((tied - 0.912_870_929_175_276_8).abs() < 1e-15, "{tied}");
    }

    #[test]
    fn equal_values_and_single_units_have_no_tau() {
        assert_eq!(kendall_tau_b(&[1, 1, 1], &[1, 2, 3]), None);
        assert_eq!(kendall_tau_b(&[1], &[1]), None);
        assert_eq!(kendall_tau_b(&[1, 2], &[1, 2, 3]), None);
    }

    #[test]
    fn the_same_order_agrees_wholly_and_the_reverse_not_at_all() {
        let (up, down) = ([1.0, 2.0, 3.0, 4.0], [9.0, 7.0, 5.0, 1.0]);
        assert_eq!(rank_correlation(&up, &up), Some(1.0));
        assert_eq!(rank_correlation(&up, &down), Some(-1.0));
    }

    #[test]
    fn ties_take_their_middle_rank() {
        // Ranks 1.5 1.5 3 4 against 1 2 3 4: 4.5 / sqrt(4.5 * 5).
        let found = rank_correlation(&[2.0, 2.0, 5.0, 8.0], &[1.0, 2.0, 3.0, 4.0]);
        assert!(
            (found.expect("pairs") - 0.948_683_298_050_513_8).abs() < 1e-12,
            "{found:?}"
        );
    }

    #[test]
    fn three_pairs_have_a_correlation_and_too_few_or_equal_values_none() {
        assert_eq!(rank_correlation(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0]), Some(0.5));
        assert_eq!(rank_correlation(&[1.0, 2.0], &[1.0, 2.0]), None);
        assert_eq!(rank_correlation(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0, 4.0]), None);
        assert_eq!(rank_correlation(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]), None);
    }
}
