//! Masking worked by hand: where a bound is met exactly, and where numbers are as large, as small or as equal as they get.

use super::masking::*;
use crate::domain::MaskingRules;

const RULES: MaskingRules = MaskingRules {
    worst_share: 0.1,
    masked_below: 0.5,
    minimum_weight: 0.0,
};

/// A neighbourhood: code, value and weight.
type Place<'a> = (&'a str, f64, f64);

/// The neighbourhoods of each district.
fn of<'a>(districts: &[(&'a str, &[Place<'a>])]) -> Masking<'a> {
    let all: Vec<Neighbourhood<'a>> = districts
        .iter()
        .flat_map(|(district, neighbourhoods)| {
            neighbourhoods
                .iter()
                .map(|&(code, oriented, weight)| Neighbourhood {
                    code,
                    district,
                    oriented: Some(oriented),
                    weight: Some(weight),
                })
        })
        .collect();
    detect_masking(&all, &RULES).expect("figures")
}

fn summary(found: &Masking<'_>) -> MaskingSummary {
    found.summary(|_| true)
}

#[test]
fn a_district_of_which_half_lives_in_problem_neighbourhoods_shows_it_itself() {
    let beside = |other: f64| {
        let found = of(&[
            ("A", &[("A1", 0.0, 10.0), ("A2", 10.0, other)]),
            ("B", &[("B1", 9.0, 90.0 - other)]),
        ]);
        let district = &found.districts[0];
        (found.threshold, district.problem_share(), district.masked)
    };
    assert_eq!(beside(10.0), (0.0, 0.5, false), "exactly half");
    assert_eq!(beside(30.0), (0.0, 0.25, true));
}

#[test]
fn a_neighbourhood_at_the_threshold_is_no_false_alarm() {
    let found = of(&[
        ("A", &[("A1", 1.0, 5.0), ("A2", 1.0, 5.0)]),
        ("B", &[("B1", 9.0, 40.0), ("B2", 9.0, 40.0)]),
    ]);
    assert_eq!((found.threshold, summary(&found).false_alarm), (1.0, Some(0.0)));
}

#[test]
fn equal_values_do_not_vary_whatever_rounding_does_to_their_mean() {
    for sevenths in 1..200 {
        let value = f64::from(sevenths) / 7.0;
        for weight in [0.1, 0.3, 1.7, 1e-3] {
            let found = of(&[
                ("A", &[("A1", value, weight), ("A2", value, 3.0 * weight)]),
                (
                    "B",
                    &[("B1", value, 0.7), ("B2", value, 1.1), ("B3", value, weight)],
                ),
            ]);
            let found = summary(&found);
            let variance = found.variance.expect("figures");
            assert_eq!(
                (variance.total, variance.between, variance.within),
                (0.0, 0.0, 0.0)
            );
            assert_eq!((found.between_share, found.intraclass_correlation), (None, None));
        }
    }
}

#[test]
fn districts_of_equal_neighbourhoods_do_not_vary_within() {
    for sevenths in 1..200 {
        let value = f64::from(sevenths) / 7.0;
        let found = of(&[
            ("A", &[("A1", value, 0.3), ("A2", value, 0.9), ("A3", value, 1.3)]),
            ("B", &[("B1", 2.0 * value, 0.7), ("B2", 2.0 * value, 1.1)]),
        ]);
        let found = summary(&found);
        assert_eq!(found.variance.expect("figures").within, 0.0);
        assert_eq!(found.intraclass_correlation, Some(1.0));
    }
}

/// Two districts of two, at the four values, times a number.
fn times(scale: f64) -> MaskingSummary {
    let [a1, a2, b1, b2] = [-3.0, -1.0, 1.0, 3.0].map(|value| value * scale);
    summary(&of(&[
        ("A", &[("A1", a1, 1.0), ("A2", a2, 1.0)]),
        ("B", &[("B1", b1, 1.0), ("B2", b2, 1.0)]),
    ]))
}

#[test]
fn how_values_spread_does_not_depend_on_their_size() {
    // Mean 0; between (4 + 4) / 2 = 4, within 1, total 5. MSB = 16, MSW = 2, n0 = 2: (16 - 2) / (16 + 2).
    let one = times(1.0);
    let variance = one.variance.expect("figures");
    assert_eq!(
        (variance.total, variance.between, variance.within),
        (5.0, 4.0, 1.0)
    );
    let correlation = one.intraclass_correlation.expect("two districts");
    assert!((correlation - 14.0 / 18.0).abs() < 1e-15);
    // A lone neighbourhood as far from the mean as any: MSB = 16 + 2 * 4 = 24, MSW = 2, n0 = (3 - 5 / 3) / 1: 22 / (24 + 2 / 3).
    let lone = summary(&of(&[
        ("A", &[("A1", -4.0, 1.0)]),
        ("B", &[("B1", 1.0, 1.0), ("B2", 3.0, 1.0)]),
    ]));
    let lone = lone.intraclass_correlation.expect("two districts");
    assert!((lone - 33.0 / 37.0).abs() < 1e-12, "{lone}");
    for scale in [1.0, 1e300, 1e200, 1e-200, 1e-300] {
        let found = times(scale);
        assert!(
            (found.between_share.expect("differences") - 0.8).abs() < 1e-12,
            "{scale}"
        );
        let found = found.intraclass_correlation.expect("two districts");
        assert!((found - correlation).abs() < 1e-12, "{scale}");
    }
}

#[test]
fn values_whose_sums_are_no_numbers_still_spread() {
    let [a1, a2, b1, b2] = [1.0, 3.0, 5.0, 7.0].map(|eighths| eighths * (f64::MAX / 8.0));
    let found = summary(&of(&[
        ("A", &[("A1", a1, 1.0), ("A2", a2, 1.0)]),
        ("B", &[("B1", b1, 1.0), ("B2", b2, 1.0)]),
    ]));
    assert!((found.between_share.expect("differences") - 0.8).abs() < 1e-12);
    assert_eq!(found.variance, None, "its square is no number");
}

#[test]
fn without_two_districts_or_a_district_of_two_neighbours_are_not_alike() {
    let one = of(&[("A", &[("A1", 1.0, 1.0), ("A2", 2.0, 1.0), ("A3", 4.0, 1.0)])]);
    let single = of(&[
        ("A", &[("A1", 1.0, 1.0)]),
        ("B", &[("B1", 2.0, 1.0)]),
        ("C", &[("C1", 4.0, 1.0)]),
    ]);
    for found in [one, single] {
        assert_eq!(summary(&found).intraclass_correlation, None);
    }
}

#[test]
fn a_mean_of_values_at_the_end_of_the_numbers_is_a_number() {
    let found = of(&[
        ("A", &[("A1", f64::MAX, 8.0), ("A2", f64::MAX, 8.0)]),
        ("B", &[("B1", f64::MAX / 2.0, 16.0)]),
    ]);
    assert!(
        (found.mean / (0.75 * f64::MAX) - 1.0).abs() < 1e-12,
        "{}",
        found.mean
    );
    assert!((found.districts[0].mean / f64::MAX - 1.0).abs() < 1e-12);
}
