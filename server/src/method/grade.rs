//! Grades: 3 to 10, national mean 6.5, relative to the other municipalities.
//!
//! The report gives the range and the mean; the mapping is ours. `ROBUST_LINEAR` is the default for values.

use super::{count, normal::standard_normal_quantile, quantile::quantile_type7, sum::mean};

/// Least grade.
pub const LOWEST_GRADE: f64 = 3.0;
/// National mean.
pub const MEAN_GRADE: f64 = 6.5;
/// Highest grade.
pub const HIGHEST_GRADE: f64 = 10.0;
/// Fewer units than this get positions but no grades.
pub const MINIMUM_UNITS: usize = 10;

/// How values become grades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GradeMethod {
    /// Standard deviations from a mean that outliers cannot pull: [`RobustScale`].
    RobustLinear,
    /// [`percentile_grade`].
    Percentile,
    /// [`normal_score_grade`].
    NormalScore,
    /// [`linear_grade`].
    Linear,
}

/// Too few units for grades: fewer than [`MINIMUM_UNITS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooFewUnits;

/// The `ROBUST_LINEAR` scale of one ranking. With `u` the oriented values drawn in to their outer 2.5% quantiles:
/// `g = clamp(6.5 + (o - mean(u)) / sd(u) + shift, 3, 10)`, the shift such that the mean grade is 6.5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RobustScale {
    /// Type-7 quantile of 2.5% of the oriented values.
    pub lower: f64,
    /// Type-7 quantile of 97.5%.
    pub upper: f64,
    /// `m`: mean of the drawn-in values.
    pub mean: f64,
    /// `s`: their population standard deviation.
    pub deviation: f64,
    /// `c`: what brings the mean grade to 6.5.
    pub shift: f64,
    /// Whether the values differ at all; when not, every grade is 6.5.
    pub varies: bool,
}

impl RobustScale {
    /// The scale of these oriented values, at least [`MINIMUM_UNITS`] of them.
    ///
    /// # Errors
    /// [`TooFewUnits`].
    pub fn fit(oriented: &[f64]) -> Result<Self, TooFewUnits> {
        if oriented.len() < MINIMUM_UNITS {
            Err(TooFewUnits)
        } else {
            Ok(Self::fit_without_minimum(oriented))
        }
    }

    /// The scale of any number of oriented values, for checks by hand.
    #[must_use]
    pub fn fit_without_minimum(oriented: &[f64]) -> Self {
        let mut sorted = oriented.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (minimum, maximum) = (
            sorted.first().copied().unwrap_or_default(),
            sorted.last().copied().unwrap_or_default(),
        );
        let lower = quantile_type7(&sorted, 0.025).unwrap_or_default();
        let upper = quantile_type7(&sorted, 0.975).unwrap_or_default();
        if minimum == maximum {
            return Self {
                lower,
                upper,
                mean: minimum,
                deviation: 0.0,
                shift: 0.0,
                varies: false,
            };
        }
        // When only the outer few differ, drawing in leaves no spread: take the values as they are.
        let drawn: Vec<f64> = if lower == upper {
            oriented.to_vec()
        } else {
            oriented.iter().map(|value| value.clamp(lower, upper)).collect()
        };
        let (mean, deviation) = mean_and_deviation(&drawn);
        let mut scale = Self {
            lower,
            upper,
            mean,
            deviation,
            shift: 0.0,
            varies: true,
        };
        scale.shift = scale.shift_to_mean_grade(oriented);
        scale
    }

    /// The grade of an oriented value on this scale, also of one that was not among those it was fitted to.
    #[must_use]
    pub fn grade(&self, oriented: f64) -> f64 {
        if !self.varies {
            return MEAN_GRADE;
        }
        (self.unshifted(oriented) + self.shift).clamp(LOWEST_GRADE, HIGHEST_GRADE)
    }

    fn unshifted(&self, oriented: f64) -> f64 {
        // By quarters, which are exact: the distance between huge values of opposite sign stays finite.
        MEAN_GRADE + (oriented / 4.0 - self.mean / 4.0) / (self.deviation / 4.0)
    }

    /// Solves mean(clamp(t + c, 3, 10)) = 6.5 for c. The left side rises piecewise linearly in c, bending where a unit
    /// meets 3 or 10: bracket the root between two bends, then draw the line.
    fn shift_to_mean_grade(&self, oriented: &[f64]) -> f64 {
        let unshifted: Vec<f64> = oriented.iter().map(|&value| self.unshifted(value)).collect();
        let mean_grade = |shift: f64| {
            let grades: Vec<f64> = unshifted
                .iter()
                .map(|t| (t + shift).clamp(LOWEST_GRADE, HIGHEST_GRADE))
                .collect();
            mean(&grades).unwrap_or(MEAN_GRADE)
        };
        let mut bends: Vec<f64> = unshifted
            .iter()
            .flat_map(|t| [LOWEST_GRADE - t, HIGHEST_GRADE - t])
            .collect();
        bends.sort_by(f64::total_cmp);
        let above = bends.partition_point(|&bend| mean_grade(bend) < MEAN_GRADE);
        let (Some(&high), Some(&low)) = (bends.get(above), above.checked_sub(1).and_then(|i| bends.get(i)))
        else {
            return 0.0; // unreachable: the mean runs from 3 at the first bend to 10 at the last
        };
        let (mean_low, mean_high) = (mean_grade(low), mean_grade(high));
        let shift = low + (high - low) * ((MEAN_GRADE - mean_low) / (mean_high - mean_low));
        // One Newton step on the same piece takes away what the line's rounding leaves, some 1e-15.
        let slope = (mean_high - mean_low) / (high - low);
        shift - (mean_grade(shift) - MEAN_GRADE) / slope
    }
}

/// Mean and population standard deviation of values that differ, scaled so that neither tiny nor huge values lose theirs.
/// The deviation is never 0: a spread too small for its own square root of squares gets the least normal number.
pub(super) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let centre = mean(values).unwrap_or_default();
    let quarter_distance = |value: &f64| value / 4.0 - centre / 4.0; // quarters: see `unshifted`
    let widest = values
        .iter()
        .map(|value| quarter_distance(value).abs())
        .fold(0.0, f64::max);
    if widest == 0.0 {
        return (centre, f64::MIN_POSITIVE);
    }
    let squares: Vec<f64> = values
        .iter()
        .map(|value| (quarter_distance(value) / widest) * (quarter_distance(value) / widest))
        .collect();
    let deviation = 4.0 * (widest * mean(&squares).unwrap_or_default().sqrt());
    (centre, deviation.max(f64::MIN_POSITIVE))
}

/// `PERCENTILE`: `3 + 7 (r - 0.5) / n`, with r the ascending midrank.
#[must_use]
pub fn percentile_grade(midrank: f64, n: usize) -> f64 {
    LOWEST_GRADE + (HIGHEST_GRADE - LOWEST_GRADE) * (midrank - 0.5) / f64::from(count(n))
}

/// `NORMAL_SCORE`: 6.5 plus the standard normal quantile of `(r - 0.5) / n`, kept within 3 to 10.
#[must_use]
pub fn normal_score_grade(midrank: f64, n: usize) -> f64 {
    let score = standard_normal_quantile((midrank - 0.5) / f64::from(count(n)));
    (MEAN_GRADE + score).clamp(LOWEST_GRADE, HIGHEST_GRADE)
}

/// `LINEAR`: 3 at the least oriented value, 10 at the greatest; 6.5 when they are equal. Means of units within the
/// extremes stay within 3 to 10.
#[must_use]
pub fn linear_grade(oriented: f64, minimum: f64, maximum: f64) -> f64 {
    if minimum == maximum {
        return MEAN_GRADE;
    }
    let distance = maximum - minimum;
    let share = if distance.is_finite() {
        (oriented - minimum) / distance
    } else {
        // Huge values of opposite sign. Only these are halved: half the least number is nothing.
        (oriented / 2.0 - minimum / 2.0) / (maximum / 2.0 - minimum / 2.0)
    };
    (LOWEST_GRADE + (HIGHEST_GRADE - LOWEST_GRADE) * share).clamp(LOWEST_GRADE, HIGHEST_GRADE)
}

/// The grade of a position that a report printed without its value: `NORMAL_SCORE` with `r = n + 1 - position`. A position
/// outside 1 to n counts as the nearest end.
#[must_use]
pub fn grade_of_published_position(position: u32, n: u32) -> f64 {
    let position = position.clamp(1, n.max(1));
    normal_score_grade(f64::from(n) + 1.0 - f64::from(position), n as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grades(values: &[f64]) -> Vec<f64> {
        let scale = RobustScale::fit_without_minimum(values);
        values.iter().map(|&value| scale.grade(value)).collect()
    }

    fn assert_close(found: &[f64], expected: &[f64]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 5e-9, "{found} is not {expected}");
        }
    }

    #[test]
    fn hand_check_of_five_even_values() {
        assert_close(
            &grades(&[1.0, 2.0, 3.0, 4.0, 5.0]),
            &[5.027_180_46, 5.763_590_23, 6.5, 7.236_409_77, 7.972_819_54],
        );
    }

    #[test]
    fn hand_check_of_an_outlier() {
        assert_close(
            &grades(&[1.0, 2.0, 3.0, 4.0, 100.0]),
            &[
                5.902_787_96,
                5.931_226_63,
                5.959_665_29,
                5.988_103_96,
                8.718_216_16,
            ],
        );
    }

    #[test]
    fn fewer_than_ten_units_get_no_grades() {
        assert_eq!(RobustScale::fit(&[1.0; 9]), Err(TooFewUnits));
        assert!(RobustScale::fit(&[1.0; 10]).is_ok());
    }

    #[test]
    fn equal_values_all_grade_six_and_a_half_also_where_their_mean_would_round() {
        for value in [0.1, 1e300, -7.3] {
            let scale = RobustScale::fit(&[value; 11]).expect("eleven units");
            assert!(!scale.varies);
            assert_eq!(scale.grade(value), 6.5);
        }
    }

    #[test]
    fn one_unit_that_differs_among_many_still_gets_a_grade_of_its_own() {
        let mut values = [4.0; 100];
        values[7] = 5.0;
        let graded = grades(&values);
        assert_eq!(graded[7], 10.0);
        assert!((mean(&graded).expect("a hundred") - 6.5).abs() < 1e-12);
    }

    #[test]
    fn units_outside_equal_quantiles_are_told_apart_by_the_spread_of_the_values_themselves() {
        let mut values = [4.0; 100];
        (values[7], values[8]) = (5.0, 4.1);
        let graded = grades(&values);
        assert_close(
            &[graded[0], graded[8], graded[7]],
            &[6.454_534_831_75, 7.455_586_488_4, 10.0],
        );
    }

    #[test]
    fn a_published_position_grades_by_normal_score() {
        assert_eq!(grade_of_published_position(169, 337), 6.5);
        let last = grade_of_published_position(337, 337);
        assert!((last - (6.5 + standard_normal_quantile(0.5 / 337.0))).abs() < 1e-12);
        assert!((3.0..6.5).contains(&last));
        assert_eq!(grade_of_published_position(338, 337), last, "never NaN");
    }

    #[test]
    fn linear_grades_run_from_three_to_ten_also_between_values_at_the_ends_of_f64() {
        for (least, most) in [
            (-f64::MAX, f64::MAX),
            (0.0, 5e-324),
            (-5e-324, 5e-324),
            (1.0, 1.0 + f64::EPSILON),
        ] {
            let grades = [least, most].map(|value| linear_grade(value, least, most));
            assert_eq!(grades, [3.0, 10.0], "{least} to {most}");
        }
        // Between ends of unequal size, where nothing cancels.
        let (least, most) = (-f64::MAX, 0.75 * f64::MAX);
        let values = [0.25 * f64::MAX, 0.5 * f64::MAX, -0.5 * f64::MAX, 1.0];
        assert_eq!(
            values.map(|value| linear_grade(value, least, most)),
            [8.0, 9.0, 5.0, 7.0]
        );
    }

    #[test]
    fn values_at_the_ends_of_f64_neither_panic_nor_lose_the_mean() {
        let columns = [
            (f64::MAX, -f64::MAX),
            (5e-324, 0.0),
            (f64::MAX, 0.0),
            (1.0, 1.0 + f64::EPSILON),
        ];
        for (one, other) in columns {
            for ones in 1..41 {
                let values: Vec<f64> = (0..41)
                    .map(|unit| if unit < ones { one } else { other })
                    .collect();
                let mean_grade = mean(&grades(&values)).expect("41 units");
                assert!(
                    (mean_grade - 6.5).abs() < 1e-9,
                    "{ones} of {one}, the rest {other}: {mean_grade}"
                );
            }
        }
    }
}
