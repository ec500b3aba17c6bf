//! How far two orders agree.

use super::{midranks, sum::compensated_sum};

/// Spearman's rank correlation of pairs, -1 to 1: Pearson's of their midranks. `None` under three pairs, for lists of different
/// lengths, or when all of one list are equal.
#[must_use]
pub fn rank_correlation(one: &[f64], other: &[f64]) -> Option<f64> {
    if one.len() < 3 || one.len() != other.len() {
        return None;
    }
    #[allow(clippy::cast_precision_loss)] // counts of municipalities
    let middle = (one.len() as f64 + 1.0) / 2.0;
    let distances =
        |values: &[f64]| -> Vec<f64> { midranks(values).iter().map(|rank| rank - middle).collect() };
    let (one, other) = (distances(one), distances(other));
    let product = |a: &[f64], b: &[f64]| compensated_sum(a.iter().zip(b).map(|(a, b)| a * b));
    let scale = (product(&one, &one) * product(&other, &other)).sqrt();
    (scale > 0.0).then(|| (product(&one, &other) / scale).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::rank_correlation;

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
    fn too_few_pairs_and_equal_values_have_none() {
        assert_eq!(rank_correlation(&[1.0, 2.0], &[1.0, 2.0]), None);
        assert_eq!(rank_correlation(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]), None);
    }
}
