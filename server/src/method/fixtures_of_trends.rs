//! Trends of invented series, against figures calculated in Python from the definitions alone: exact fractions, and every order
//! of the values counted. They pin in every clone what `oracles` compares with scipy.

use super::trend::*;

/// Uneven, so that slopes are not differences.
const YEARS: [f64; 12] = [
    2000.0, 2001.0, 2003.0, 2004.0, 2006.0, 2007.0, 2009.0, 2010.0, 2011.0, 2013.0, 2014.0, 2016.0,
];

fn trend(values: &[f64]) -> Trend {
    let points: Vec<Point> = YEARS.into_iter().zip(values.iter().copied()).collect();
    Trend::of(&points).expect("a trend")
}

/// Values; change, slope and the ends of its interval; S, its p and the least p; whether those are exact.
type Series = (&'static [f64], [f64; 4], (i64, f64, f64), bool);

#[test]
fn slopes_their_intervals_and_the_test() {
    let series: [Series; 5] = [
        (
            &[3.1, 2.9, 3.4, 3.4, 3.0, 3.9, 4.2, 3.4, 4.0, 4.2, 4.4, 4.1],
            [1.0, 5.5 / 63.0, 0.03, 0.125],
            (42, 0.004_471_372_062_825_49, 2.341_186_479_877_311_3e-5),
            false,
        ),
        (
            &[9.0, 8.5, 8.5, 8.0, 9.0, 7.0, 7.5, 6.0, 6.5, 6.0, 5.0],
            [-4.0, -0.25, -0.375, -1.0 / 6.0],
            (-42, 0.001_276_264_249_739_740_4, 6.151_089_035_272_818e-5),
            false,
        ),
        (
            &[1.0, 5.0, 2.0, 4.0, 3.0, 3.0, 3.0, 4.0, 2.0, 5.0, 1.0],
            [0.0, 0.0, -0.3, 0.3],
            (0, 1.0, 0.000_178_938_749_682_363_65),
            false,
        ),
        (
            &[5.0, 5.0, 6.0, 4.0, 7.0, 6.0, 8.0, 8.0, 7.0, 9.0],
            [4.0, 4.0 / 13.0, 1.0 / 7.0, 0.4],
            (29, 871.0 / 113_400.0, 1.0 / 113_400.0),
            true,
        ),
        (
            &[1.0, 2.0, 4.0, 3.0, 8.0],
            [7.0, 1.0, -1.0, 2.5],
            (8, 1.0 / 12.0, 1.0 / 60.0),
            true,
        ),
    ];
    for (values, numbers, (s, p, least_p), exact) in series {
        let found = trend(values);
        let (lower, upper) = found.interval.expect("five points or more");
        for (found, expected) in [found.change, found.slope, lower, upper].into_iter().zip(numbers) {
            assert!(
                (found - expected).abs() < 1e-12,
                "{values:?}: {found} is not {expected}"
            );
        }
        let test = found.test;
        assert_eq!((test.s, test.exact), (s, exact), "{values:?}");
        assert!(
            (test.p / p - 1.0).abs() < 1e-12 && (test.least_p / least_p - 1.0).abs() < 1e-12,
            "{test:?}"
        );
    }
}

#[test]
fn a_series_that_stays_the_same_shows_nothing_however_long() {
    for points in [2, 10, 11, 12] {
        let found = trend(&[[0.0, -0.0]; 6].as_flattened()[..points]);
        assert_eq!(
            (found.slope, found.test.s, found.test.p, found.test.least_p),
            (0.0, 0, 1.0, 1.0)
        );
        assert!(found.interval.is_none_or(|interval| interval == (0.0, 0.0)));
    }
}
