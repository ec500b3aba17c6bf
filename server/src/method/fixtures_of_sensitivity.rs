//! The sensitivity of the composite of `fixtures_of_composites`, against figures calculated in Python from DESIGN 4 alone:
//! exact fractions, and Philox from its paper.

use super::{
    fixtures_of_composites::{TOWNS, composite, towns},
    *,
};

fn noise() -> WeightNoise {
    WeightNoise {
        seed: 20_241_123,
        spread: 0.25,
        levels: Levels::At(vec![1, 2]),
    }
}

/// Nominal position; 5, 50 and 95% position; share of draws in the top and bottom tenth; mean shift; fragile.
type TownCase = (u32, f64, f64, f64, f64, f64, f64, bool);

#[test]
fn draws_of_a_seed_are_what_they_were() {
    let sensitivity =
        Sensitivity::new(&composite(CompositeMean::Arithmetic), &towns(), noise()).expect("ready");
    assert_eq!(
        sensitivity.weights_of_draw(0),
        [
            1.0,
            2.214_171_055_317_559_8,
            0.806_134_391_718_530_6,
            2.466_002_932_370_922_3,
            0.908_712_243_538_833_6,
            0.828_689_608_156_062_4,
            2.429_047_645_954_516_7,
            1.0,
            1.0,
            0.817_399_779_649_136_5,
            0.430_378_556_163_417_8,
        ]
    );
    let without: Vec<usize> = (0..TOWNS).filter(|town| ![6, 17].contains(town)).collect();
    assert_eq!(sensitivity.units(), without);
    let mut counts = PositionCounts::of_units(without.len());
    assert_eq!(counts.summary(sensitivity.nominal()), None);
    (0..200).for_each(|draw| counts.add(&sensitivity.ranking_of_draw(draw)));
    assert_eq!(counts.draws(), 200);

    let expected: [TownCase; 22] = [
        (4, 3.0, 4.0, 5.0, 0.005, 0.0, 0.39, false),
        (21, 20.0, 21.0, 21.0, 0.0, 0.61, 0.39, false),
        (1, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, false),
        (2, 2.0, 2.0, 2.0, 0.96, 0.0, 0.045, false),
        (17, 16.0, 17.0, 18.0, 0.0, 0.0, 0.445, false),
        (6, 4.0, 6.0, 8.0, 0.0, 0.0, 0.91, true),
        (5, 3.0, 5.0, 6.0, 0.035, 0.0, 0.945, true),
        (3, 3.0, 3.0, 5.05, 0.0, 0.0, 0.84, false),
        (10, 9.0, 10.0, 14.0, 0.0, 0.0, 1.01, true),
        (16, 14.0, 15.0, 17.0, 0.0, 0.0, 0.835, true),
        (11, 9.0, 11.0, 13.0, 0.0, 0.0, 0.785, true),
        (9, 9.0, 9.0, 13.0, 0.0, 0.0, 0.7, true),
        (14, 13.0, 15.0, 16.0, 0.0, 0.0, 0.975, true),
        (18, 16.0, 18.0, 18.0, 0.0, 0.0, 0.29, false),
        (12, 10.0, 12.0, 12.0, 0.0, 0.0, 0.455, false),
        (7, 6.0, 7.0, 7.0, 0.0, 0.0, 0.185, false),
        (22, 22.0, 22.0, 22.0, 0.0, 1.0, 0.0, false),
        (15, 14.0, 15.0, 17.0, 0.0, 0.0, 1.07, true),
        (7, 6.0, 7.0, 7.0, 0.0, 0.0, 0.185, false),
        (12, 10.0, 12.0, 12.0, 0.0, 0.0, 0.455, false),
        (20, 19.0, 20.0, 21.0, 0.0, 0.39, 0.645, false),
        (19, 19.0, 19.0, 20.0, 0.0, 0.0, 0.255, false),
    ];
    let summary = counts.summary(sensitivity.nominal()).expect("draws");
    for (found, (nominal, lower, median, upper, top, bottom, mean_shift, fragile)) in
        summary.iter().zip(expected)
    {
        assert_eq!((found.nominal, found.fragile), (nominal, fragile), "{found:?}");
        let numbers = [
            (found.lower, lower),
            (found.median, median),
            (found.upper, upper),
            (found.share_in_top, top),
            (found.share_in_bottom, bottom),
            (found.mean_shift, mean_shift),
        ];
        assert!(
            numbers
                .iter()
                .all(|(found, expected)| (found - expected).abs() < 1e-12),
            "{found:?}"
        );
    }
}

#[test]
fn a_width_of_just_a_tenth_of_the_list_is_not_fragile() {
    // Twenty units; the first stands once in twenty draws at position 3, otherwise at 1: 5-95% is 1 to 1 + 2 * 0.05.
    let ranking = |first: u32| {
        let positions = (1..=20)
            .map(|unit| if unit == 1 { first } else { unit })
            .collect();
        Ranking {
            positions,
            ties: vec![1; 20],
            order: (0..20).collect(),
        }
    };
    let summary = |at_one: usize, elsewhere: (usize, u32)| {
        let mut counts = PositionCounts::of_units(20);
        (0..at_one).for_each(|_| counts.add(&ranking(1)));
        (0..elsewhere.0).for_each(|_| counts.add(&ranking(elsewhere.1)));
        counts.summary(&ranking(1)).expect("draws")[0]
    };
    assert!((summary(19, (1, 3)).upper - 1.1).abs() < 1e-12);
    let wide = summary(10, (10, 3));
    assert_eq!((wide.lower, wide.upper, wide.fragile), (1.0, 3.0, false));
    assert!(summary(10, (10, 4)).fragile);
    assert_eq!(
        (wide.share_in_top, wide.mean_shift),
        (0.5, 1.0),
        "3 of 20 is no top tenth: its share is 0.125"
    );
}

#[test]
fn without_a_part_towns_are_compared_that_have_a_score_with_and_without() {
    let composite = composite(CompositeMean::Arithmetic);
    let nominal = composite.scores(&towns()).expect("grades");
    let shift = |node| {
        let variant = composite.without(node).expect("something remains");
        VariantShift::of(&nominal, &variant.scores(&towns()).expect("grades"))
    };
    let first = shift(1);
    assert_eq!((first.compared, first.lost, first.gained), (18, 4, 2));
    assert_eq!(
        (first.positions[2], first.positions[6]),
        (None, None),
        "lost, gained"
    );
    let (before, after): (Vec<u32>, Vec<u32>) = first.positions.iter().flatten().copied().unzip();
    assert_eq!(
        before,
        [3, 18, 1, 14, 4, 2, 8, 13, 9, 7, 15, 10, 5, 12, 5, 10, 17, 16]
    );
    assert_eq!(
        after,
        [2, 18, 12, 16, 1, 5, 8, 15, 14, 6, 7, 9, 3, 11, 3, 9, 13, 17]
    );
    assert!((first.mean_shift.expect("compared") - 48.0 / 18.0).abs() < 1e-15);
    for (node, mean_shift) in [
        (5, 26.0 / 22.0),
        (6, 92.0 / 22.0),
        (9, 26.0 / 22.0),
        (10, 34.0 / 22.0),
    ] {
        let found = shift(node);
        assert_eq!((found.compared, found.lost, found.gained), (22, 0, 0));
        assert!(
            (found.mean_shift.expect("compared") - mean_shift).abs() < 1e-15,
            "{node} {found:?}"
        );
    }
    assert_eq!(composite.without(0), None, "the root");
    assert_eq!(composite.without(11), None, "no such node");
    let alone = VariantShift::of(&[None, Some(1.0)], &[Some(1.0), None]);
    assert_eq!((alone.compared, alone.mean_shift, alone.tau), (0, None, None));
}

#[test]
fn noise_that_could_take_a_weight_away_and_weights_that_do_are_refused() {
    let composite = composite(CompositeMean::Arithmetic);
    for spread in [1.0, -0.1, f64::NAN, f64::INFINITY] {
        let noise = WeightNoise { spread, ..noise() };
        let refused = Sensitivity::new(&composite, &towns(), noise);
        assert_eq!(refused.err(), Some(NoSensitivity::InvalidSpread));
    }
    let sensitivity = Sensitivity::new(&composite, &towns(), noise()).expect("ready");
    let mut weights = composite.weights();
    (weights[3], weights[7]) = (0.0, -1.0);
    assert_eq!(
        sensitivity.scores_with(&weights),
        Err(vec![
            InvalidComposite::InvalidWeight(3),
            InvalidComposite::InvalidWeight(7)
        ])
    );
    assert_eq!(
        sensitivity.scores_with(&[]),
        Err(vec![InvalidComposite::WrongNumberOfWeights(0)])
    );
    let mut unfit = towns();
    unfit[4][0] = Some(f64::NAN);
    assert_eq!(
        Sensitivity::new(&composite, &unfit, noise()).err(),
        Some(NoSensitivity::UnfitScore(UnfitScore { unit: 4, leaf: 0 }))
    );
}
