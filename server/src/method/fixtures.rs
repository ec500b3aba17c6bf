//! The method on twelve invented towns, against figures calculated in Python from DESIGN 4 alone (exact fractions for means,
//! bisection for the shift of the grades). They pin in every clone what `oracles` compares with other people's software.

use super::*;
use crate::domain::Polarity;

/// A share in percent: ties of two and of three, and an outlier at each end.
const VALUES: [f64; 12] = [
    61.0, 48.5, 70.25, 48.5, 55.0, 90.0, 33.0, 61.0, 61.0, 12.5, 57.75, 64.0,
];
/// Inhabitants; town 9 has none.
const INHABITANTS: [f64; 12] = [
    20_000.0, 15_000.0, 80_000.0, 30_000.0, 45_000.0, 120_000.0, 25_000.0, 10_000.0, 60_000.0, 0.0, 35_000.0,
    40_000.0,
];

fn oriented(polarity: Polarity) -> Vec<f64> {
    VALUES.iter().map(|&value| polarity.orient(value)).collect()
}

fn assert_close(found: &[f64], expected: [f64; 12]) {
    for (town, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() < 1e-9,
            "town {town}: {found} is not {expected}"
        );
    }
}

#[test]
fn positions_ties_and_midranks_in_both_directions() {
    let high = Ranking::of(&oriented(Polarity::HigherIsFavourable));
    assert_eq!(high.positions, [4, 9, 2, 9, 8, 1, 11, 4, 4, 12, 7, 3]);
    assert_eq!(high.ties, [3, 2, 1, 2, 1, 1, 1, 3, 3, 1, 1, 1]);
    assert_eq!(
        high.midranks(),
        [8.0, 3.5, 11.0, 3.5, 5.0, 12.0, 2.0, 8.0, 8.0, 1.0, 6.0, 10.0]
    );
    let low = Ranking::of(&oriented(Polarity::LowerIsFavourable));
    assert_eq!(low.positions, [7, 3, 11, 3, 5, 12, 2, 7, 7, 1, 6, 10]);
    assert_eq!(
        low.midranks(),
        [5.0, 9.5, 2.0, 9.5, 8.0, 1.0, 11.0, 5.0, 5.0, 12.0, 7.0, 3.0]
    );
}

#[test]
fn the_robust_scale_and_its_grades() {
    let values = oriented(Polarity::HigherIsFavourable);
    let scale = RobustScale::fit(&values).expect("twelve towns");
    assert_eq!((scale.lower, scale.upper), (18.1375, 84.56875));
    assert!((scale.mean - 55.225_520_833_333_33).abs() < 1e-12);
    assert!((scale.deviation - 16.406_730_242_640_496).abs() < 1e-12);
    assert!((scale.shift - 0.001_047_588_382_681_485).abs() < 1e-12);
    let grades: Vec<f64> = values.iter().map(|&value| scale.grade(value)).collect();
    assert_close(
        &grades,
        [
            6.853_005_54,
            6.091_123_08,
            7.416_798_56,
            6.091_123_08,
            6.487_301_959,
            8.620_572_847,
            5.146_388_829,
            6.853_005_54,
            6.853_005_54,
            3.896_901_595,
            6.654_916_1,
            7.035_857_33,
        ],
    );
}

#[test]
fn the_other_grade_methods() {
    let values = oriented(Polarity::LowerIsFavourable);
    let midranks = midranks(&values);
    let by_midrank = |grade: fn(f64, usize) -> f64| -> Vec<f64> {
        midranks.iter().map(|&midrank| grade(midrank, 12)).collect()
    };
    assert_close(
        &by_midrank(percentile_grade),
        [
            5.625,
            8.25,
            3.875,
            8.25,
            7.375,
            3.291_666_667,
            9.125,
            5.625,
            5.625,
            9.708_333_333,
            6.791_666_667,
            4.458_333_333,
        ],
    );
    assert_close(
        &by_midrank(normal_score_grade),
        [
            6.181_360_636,
            7.174_489_75,
            5.349_650_62,
            7.174_489_75,
            6.818_639_364,
            4.768_335_604,
            7.650_349_38,
            6.181_360_636,
            6.181_360_636,
            8.231_664_396,
            6.604_633_456,
            5.687_782_199,
        ],
    );
    let linear: Vec<f64> = values
        .iter()
        .map(|&value| linear_grade(value, -90.0, -12.5))
        .collect();
    assert_close(
        &linear,
        [
            5.619_354_839,
            6.748_387_097,
            4.783_870_968,
            6.748_387_097,
            6.161_290_323,
            3.0,
            8.148_387_097,
            5.619_354_839,
            5.619_354_839,
            10.0,
            5.912_903_226,
            5.348_387_097,
        ],
    );
}

/// Members, mean and its position, weighted mean, who contributed to it and its position, mean of the members' positions.
type GroupCase = (&'static [usize], f64, u32, f64, u32, u32, f64);

#[test]
fn group_means_their_positions_and_the_mean_of_positions() {
    let high: [GroupCase; 3] = [
        (&[0, 1, 4], 54.833_333_333_333_336, 9, 55.281_25, 3, 8, 7.0),
        (&[2, 5, 9], 57.583_333_333_333_336, 8, 82.1, 2, 2, 5.0),
        (&[6, 9], 22.75, 12, 33.0, 1, 11, 11.5),
    ];
    let values = oriented(Polarity::HigherIsFavourable);
    let ranking = Ranking::of(&values);
    for (members, mean, position, weighted, contributed, weighted_position, mean_of_positions) in high {
        let of_members: Vec<f64> = members.iter().map(|&town| values[town]).collect();
        let found = group_mean(&of_members).expect("members");
        assert!((found.mean - mean).abs() < 1e-12, "{members:?}: {found:?}");
        assert_eq!(position_of_derived(&values, found.mean), position, "{members:?}");

        let with_weights: Vec<(f64, f64)> = members
            .iter()
            .map(|&town| (values[town], INHABITANTS[town]))
            .collect();
        let found = weighted_group_mean(&with_weights).expect("inhabitants");
        assert!((found.mean - weighted).abs() < 1e-12, "{members:?}: {found:?}");
        assert_eq!(found.contributed, contributed, "{members:?}");
        assert_eq!(
            position_of_derived(&values, found.mean),
            weighted_position,
            "{members:?}"
        );

        let positions: Vec<u32> = members.iter().map(|&town| ranking.positions[town]).collect();
        assert_eq!(
            mean_of_member_positions(&positions),
            Some(mean_of_positions),
            "{members:?}"
        );
    }
}

#[test]
fn a_mean_at_the_edges_of_a_list_and_equal_to_a_unit() {
    let values = oriented(Polarity::HigherIsFavourable);
    for (mean, position, midrank) in [
        (90.1, 1, 12.0),
        (90.0, 1, 12.0),
        (61.0, 4, 8.0),
        (60.0, 7, 6.5),
        (12.5, 12, 1.0),
        (12.4, 13, 1.0),
    ] {
        assert_eq!(position_of_derived(&values, mean), position, "{mean}");
        assert_eq!(midrank_of_derived(&values, mean), midrank, "{mean}");
    }
}

#[test]
fn quantiles_between_and_on_the_order_statistics() {
    let mut sorted = VALUES.to_vec();
    sorted.sort_by(f64::total_cmp);
    // (n - 1) p = 2.75, 5.5, 11: between 48.5 and 48.5, between 57.75 and 61, on 90.
    for (probability, expected) in [(0.25, 48.5), (0.5, 59.375), (1.0, 90.0)] {
        assert_eq!(quantile_type7(&sorted, probability), Some(expected));
    }
}
