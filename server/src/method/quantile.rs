//! Sample quantiles.

/// The type-7 quantile of Hyndman and Fan (1996), the default of R and numpy: linear between the order statistics at
/// `(n - 1) * probability`. `None` of nothing; `probability` is kept within 0 to 1.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 <= index < n
pub fn quantile_type7(sorted_ascending: &[f64], probability: f64) -> Option<f64> {
    let last = sorted_ascending.len().checked_sub(1)?;
    let place = last as f64 * probability.clamp(0.0, 1.0);
    let below = place.floor();
    let index = below as usize;
    let low = sorted_ascending[index];
    let high = sorted_ascending[(index + 1).min(last)];
    let fraction = place - below;
    let distance = high - low;
    Some(if distance.is_finite() {
        low + fraction * distance
    } else {
        low * (1.0 - fraction) + high * fraction // huge values of opposite sign
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_on_the_line_between_neighbours() {
        let values = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(quantile_type7(&values, 0.0), Some(1.0));
        assert_eq!(quantile_type7(&values, 0.5), Some(3.0));
        assert_eq!(quantile_type7(&values, 1.0), Some(8.0));
        assert_eq!(quantile_type7(&[], 0.5), None);
        assert_eq!(quantile_type7(&[7.0], 0.3), Some(7.0));
    }

    #[test]
    fn the_distance_between_huge_values_of_opposite_sign_does_not_overflow() {
        let values = [-f64::MAX, f64::MAX];
        assert_eq!(quantile_type7(&values, 0.0), Some(-f64::MAX));
        assert_eq!(quantile_type7(&values, 0.5), Some(0.0));
    }
}
