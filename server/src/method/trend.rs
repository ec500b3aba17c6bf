//! Whether a series of values goes up or down, and how fast.
//!
//! Theil-Sen slope (Theil 1950, Sen 1968) with the interval that scipy's `theilslopes` gives, and the Mann-Kendall test (Mann
//! 1945, Kendall 1955). Both look at pairs of points only, so that a single odd year does not decide.

use super::quantile::quantile_type7;

/// From so many points on a slope has an interval.
pub const MINIMUM_FOR_INTERVAL: usize = 5;
/// Up to so many points the test is exact.
pub const MOST_FOR_EXACT_TEST: usize = 10;
/// With fewer points no order of them is rare enough to show anything: at four a p of 1/12 is the least.
pub const MINIMUM_TO_SHOW_ANYTHING: usize = 5;
/// A p of at most this is no chance.
pub const SIGNIFICANCE: f64 = 0.05;
/// The 97.5% quantile of the standard normal distribution, as scipy has it.
const TWO_SIDED_95: f64 = 1.959_963_984_540_054;

/// A point of a series: time and value, both finite.
pub type Point = (f64, f64);

/// What a series of at least two points of different times tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Value of the last point less that of the first.
    pub change: f64,
    /// Median of the slopes between all pairs of points, per unit of time.
    pub slope: f64,
    /// Its 95% interval, lower and upper; from five points on.
    pub interval: Option<(f64, f64)>,
    /// Whether the series rises or falls more than chance would have it.
    pub test: MannKendall,
}

/// The Mann-Kendall test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MannKendall {
    /// Pairs that rise less pairs that fall.
    pub s: i64,
    /// Two-sided probability of an S this far from 0 without any trend.
    pub p: f64,
    /// Whether p is exact; otherwise normal, with correction for ties and continuity.
    pub exact: bool,
    /// The least p that so many points with these ties can give: where it is over 0.05 nothing can be shown.
    pub least_p: f64,
}

impl Trend {
    /// The trend of points in order of time; `None` under two, or when two are of the same time.
    #[must_use]
    pub fn of(points: &[Point]) -> Option<Self> {
        let in_order = points.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let ((_, first), (_, last)) = (*points.first()?, *points.last()?);
        if points.len() < 2 || !in_order {
            return None;
        }
        let mut slopes = slopes(points);
        slopes.sort_by(f64::total_cmp);
        Some(Self {
            change: last - first,
            slope: quantile_type7(&slopes, 0.5)?,
            interval: (points.len() >= MINIMUM_FOR_INTERVAL).then(|| interval(&slopes, points)),
            test: MannKendall::of(points),
        })
    }
}

/// The slope of every pair.
fn slopes(points: &[Point]) -> Vec<f64> {
    let pairs = points.iter().enumerate();
    let pairs = pairs.flat_map(|(place, early)| points[place + 1..].iter().map(move |late| (early, late)));
    pairs
        .map(|((t, y), (later, next))| (next - y) / (later - t))
        .collect()
}

/// The order statistics between which the slope lies with 95% confidence: from five points on both are in the list.
fn interval(slopes: &[f64], points: &[Point]) -> (f64, f64) {
    let (pairs, spread) = (number(slopes.len()), TWO_SIDED_95 * variance_of_s(points).sqrt());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a place in the list, not negative
    let at = |place: f64| slopes[place as usize];
    // Rounded half to even, as numpy does.
    let [below, above] = [pairs - spread, pairs + spread].map(|twice| (twice / 2.0).round_ties_even());
    (at(below - 1.0), at(above))
}

/// The variance of S without a trend, corrected for tied values.
fn variance_of_s(points: &[Point]) -> f64 {
    let term = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let tied: f64 = tie_sizes(points).into_iter().map(|size| term(number(size))).sum();
    (term(number(points.len())) - tied) / 18.0
}

/// How many points share each value, by value.
fn tie_sizes(points: &[Point]) -> Vec<usize> {
    let mut values: Vec<f64> = points.iter().map(|&(_, y)| y).collect();
    values.sort_by(f64::total_cmp);
    values.chunk_by(|a, b| a == b).map(<[f64]>::len).collect()
}

impl MannKendall {
    /// Whether the series rises or falls more than chance would have it.
    #[must_use]
    pub fn is_significant(&self) -> bool {
        self.p <= SIGNIFICANCE
    }

    /// Whether so many points with these ties could have shown anything.
    #[must_use]
    pub fn can_be_significant(&self) -> bool {
        self.least_p <= SIGNIFICANCE
    }

    fn of(points: &[Point]) -> Self {
        let mut s = 0_i64;
        for (place, (_, late)) in points.iter().enumerate() {
            for (_, early) in &points[..place] {
                s += i64::from(late > early) - i64::from(late < early);
            }
        }
        let ties = tie_sizes(points);
        if points.len() > MOST_FOR_EXACT_TEST {
            let p = |s: i64| normal_p(s, variance_of_s(points));
            return Self {
                s,
                p: p(s),
                exact: false,
                least_p: p(most_of_s(&ties)),
            };
        }
        let orders = Orders::of(&ties);
        Self {
            s,
            p: orders.p(s),
            exact: true,
            least_p: orders.p(most_of_s(&ties)),
        }
    }
}

/// The two-sided p of S by the normal approximation with continuity correction.
fn normal_p(s: i64, variance: f64) -> f64 {
    if s == 0 {
        return 1.0; // also where all are tied and nothing varies
    }
    // Exact: at most the square of a number of years
    let z = (s.unsigned_abs() as f64 - 1.0) / variance.sqrt();
    libm::erfc(z / std::f64::consts::SQRT_2)
}

/// S of a series that only rises: all pairs that are not tied.
fn most_of_s(ties: &[usize]) -> i64 {
    let pairs = |n: usize| n * n.saturating_sub(1) / 2;
    let all = pairs(ties.iter().sum());
    i64::try_from(all - ties.iter().map(|&size| pairs(size)).sum::<usize>()).unwrap_or(i64::MAX)
}

/// All orders in which values with these ties could have come, by the pairs in them that fall.
struct Orders {
    /// How many orders have so many falling pairs: the coefficients of a q-multinomial.
    by_falling_pairs: Vec<u64>,
}

impl Orders {
    /// MacMahon: the orders of a multiset by inversions are `[n]! / ([m1]! [m2]! ...)` with `[k] = 1 + q + ... + q^(k-1)`.
    fn of(ties: &[usize]) -> Self {
        let mut by_falling_pairs = vec![1_u64];
        let mut placed = 0;
        for &size in ties {
            for place in 1..=size {
                placed += 1;
                by_falling_pairs = divided(&multiplied(&by_falling_pairs, placed), place);
            }
        }
        Self { by_falling_pairs }
    }

    /// The share of orders whose S is at least this far from 0.
    fn p(&self, s: i64) -> f64 {
        let most = i64::try_from(self.by_falling_pairs.len()).unwrap_or(i64::MAX) - 1;
        let of_order = |falling: usize| most - 2 * i64::try_from(falling).unwrap_or(i64::MAX);
        let orders = self.by_falling_pairs.iter().enumerate();
        let as_far = orders.filter(|(falling, _)| of_order(*falling).abs() >= s.abs());
        let (far, all): (u64, u64) = (
            as_far.map(|(_, count)| count).sum(),
            self.by_falling_pairs.iter().sum(),
        );
        // Exact: at most 10!
        far as f64 / all as f64
    }
}

/// A polynomial times `1 + q + ... + q^(k-1)`.
fn multiplied(polynomial: &[u64], k: usize) -> Vec<u64> {
    let mut product = vec![0; polynomial.len() + k - 1];
    for (power, coefficient) in polynomial.iter().enumerate() {
        for extra in 0..k {
            product[power + extra] += coefficient;
        }
    }
    product
}

/// A polynomial divided by `1 + q + ... + q^(k-1)`, which divides it.
fn divided(polynomial: &[u64], k: usize) -> Vec<u64> {
    let length = polynomial.len() + 1 - k;
    let mut quotient: Vec<u64> = Vec::with_capacity(length);
    for power in 0..length {
        let known: u64 = quotient[power.saturating_sub(k - 1)..power].iter().sum();
        quotient.push(polynomial[power] - known);
    }
    quotient
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[f64]) -> Vec<Point> {
        values
            .iter()
            .enumerate()
            .map(|(year, &y)| (2000.0 + number(year), y))
            .collect()
    }

    /// Every order of some values, repeated ones included.
    fn orders(values: &[f64]) -> Vec<Vec<f64>> {
        if values.is_empty() {
            return vec![Vec::new()];
        }
        let with_first = |place: usize| {
            let mut rest = values.to_vec();
            let first = rest.remove(place);
            orders(&rest).into_iter().map(move |mut order| {
                order.insert(0, first);
                order
            })
        };
        (0..values.len()).flat_map(with_first).collect()
    }

    #[test]
    fn the_exact_test_counts_every_order() {
        for values in [
            &[1.0, 2.0, 3.0][..],
            &[1.0, 1.0, 2.0, 3.0],
            &[5.0, 1.0, 1.0, 2.0, 2.0, 2.0],
            &[4.0; 4],
        ] {
            let trend = |values: &[f64]| Trend::of(&points(values)).expect("a trend").test;
            let all: Vec<i64> = orders(values).iter().map(|order| trend(order).s).collect();
            let found = trend(values);
            let as_far = all.iter().filter(|s| s.abs() >= found.s.abs()).count();
            assert!(
                (found.p - number(as_far) / number(all.len())).abs() < 1e-15,
                "{values:?} {found:?}"
            );
            let furthest = all.iter().map(|s| s.abs()).max().expect("an order");
            let share = number(all.iter().filter(|s| s.abs() == furthest).count()) / number(all.len());
            assert!((found.least_p - share).abs() < 1e-15, "{values:?} {found:?}");
        }
    }

    #[test]
    fn four_points_can_show_nothing_at_5_percent_and_five_can() {
        let least = |values: &[f64]| Trend::of(&points(values)).expect("a trend").test.least_p;
        assert!((least(&[1.0, 2.0, 3.0, 4.0]) - 2.0 / 24.0).abs() < 1e-15);
        assert!((least(&[1.0, 2.0, 3.0, 4.0, 5.0]) - 2.0 / 120.0).abs() < 1e-15);
        let test = |values: &[f64]| Trend::of(&points(values)).expect("a trend").test;
        let shown = |values: &[f64]| (test(values).can_be_significant(), test(values).is_significant());
        let steady: Vec<f64> = (0..MINIMUM_TO_SHOW_ANYTHING).map(number).collect();
        assert_eq!(shown(&steady), (true, true));
        assert_eq!(shown(&steady[1..]), (false, false));
        assert_eq!(shown(&[1.0, 3.0, 2.0, 5.0, 4.0]), (true, false));
        assert_eq!(shown(&[2.0; 9]), (false, false), "nothing but ties");
    }

    #[test]
    fn two_points_have_a_slope_and_no_interval() {
        let trend = Trend::of(&[(2015.0, 10.0), (2020.0, 20.0)]).expect("a trend");
        assert_eq!((trend.change, trend.slope, trend.interval), (10.0, 2.0, None));
        assert_eq!(Trend::of(&[(2015.0, 10.0)]), None);
        assert_eq!(Trend::of(&[(2015.0, 10.0), (2015.0, 11.0)]), None);
    }
}
