//! The standard normal distribution.

use std::f64::consts::{SQRT_2, TAU};

/// The value below which the standard normal distribution has probability `p`, for 0 < p < 1: infinite at the ends, NaN
/// outside. Found by Halley's iteration on the complementary error function, and odd around one half.
#[must_use]
pub fn standard_normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p > 0.5 {
        return -standard_normal_quantile(1.0 - p);
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    // Start from the tail's leading behaviour; it lies within 0.6 of the root for every p down to 1e-300.
    let mut x = -(-2.0 * libm::log(2.0 * p)).max(0.0).sqrt();
    for _ in 0..30 {
        let probability = 0.5 * libm::erfc(-x / SQRT_2);
        let density = libm::exp(-0.5 * x * x) / TAU.sqrt();
        let newton = (probability - p) / density;
        let step = newton / (1.0 + 0.5 * x * newton);
        x -= step;
        if step.abs() <= 1e-15 * x.abs().max(1e-3) {
            break;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_quantiles_are_met() {
        for (p, expected) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.9, 1.281_551_565_544_600_4),
            (0.001, -3.090_232_306_167_813_5),
            (1e-10, -6.361_340_902_404_056),
        ] {
            let found = standard_normal_quantile(p);
            assert!((found - expected).abs() < 1e-13, "{p}: {found} is not {expected}");
        }
    }

    #[test]
    fn the_far_tail_is_found_as_well() {
        for (p, expected) in [
            (1e-30, -11.464_024_688_443_617),
            (1e-100, -21.273_453_560_965_32),
            (1e-300, -37.047_096_299_361_2),
        ] {
            let found = standard_normal_quantile(p);
            assert!((found - expected).abs() < 1e-12, "{p}: {found} is not {expected}");
        }
    }

    #[test]
    fn the_quantile_inverts_the_distribution() {
        for step in 1..2048 {
            let p = f64::from(step) / 2048.0;
            let x = standard_normal_quantile(p);
            assert!((0.5 * libm::erfc(-x / SQRT_2) - p).abs() < 1e-15, "{p}");
            assert_eq!(x, -standard_normal_quantile(1.0 - p), "odd at {p}"); // 1 - p is exact here
        }
    }
}
