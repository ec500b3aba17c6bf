//! Laws of the method, over generated tables with ties, heavy tails, and tiny and huge values.

use proptest::prelude::*;

use crate::domain::{BreadthRules, NeedRules};

use super::{grade::*, need::*, place::*, ranking::*, sum::mean};

/// Columns of values: few distinct ones (ties), even ones, heavy tails, tiny and huge scales.
fn column(least: usize) -> impl Strategy<Value = Vec<f64>> {
    let length = least..60_usize;
    prop_oneof![
        prop::collection::vec((0_i32..5).prop_map(f64::from), length.clone()),
        prop::collection::vec(-1000.0..1000.0_f64, length.clone()),
        prop::collection::vec((-40.0..40.0_f64).prop_map(libm::exp), length.clone()),
        prop::collection::vec((0.0..1.0_f64).prop_map(|x| x * 1e-200), length.clone()),
        prop::collection::vec((-1.0..1.0_f64).prop_map(|x| x * 1e200), length),
    ]
}

fn grades_by(method: GradeMethod, oriented: &[f64]) -> Vec<f64> {
    let n = oriented.len();
    let (least, most) = oriented
        .iter()
        .fold((f64::MAX, f64::MIN), |(l, m), &v| (l.min(v), m.max(v)));
    let scale = RobustScale::fit_without_minimum(oriented);
    oriented
        .iter()
        .zip(midranks(oriented))
        .map(|(&value, midrank)| match method {
            GradeMethod::RobustLinear => scale.grade(value),
            GradeMethod::Percentile => percentile_grade(midrank, n),
            GradeMethod::NormalScore => normal_score_grade(midrank, n),
            GradeMethod::Linear => linear_grade(value, least, most),
        })
        .collect()
}

const METHODS: [GradeMethod; 4] = [
    GradeMethod::RobustLinear,
    GradeMethod::Percentile,
    GradeMethod::NormalScore,
    GradeMethod::Linear,
];

const RULES: NeedRules = NeedRules {
    countered_weight: 1.0,
    signals_weight: 0.5,
    downstream_weight: 0.5,
    proxy_weight: 0.5,
    minimum_coverage: 1.0 / 3.0,
    strong: 0.6,
    moderate: 0.4,
    weak: 0.25,
};

const INDICATORS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
const FACTORS: [&str; 4] = ["k", "l", "m", "n"];

/// Factors with weights, and for every factor a choice of indicators that share one figure each.
fn linked() -> impl Strategy<Value = Vec<LinkedFactor<'static>>> {
    let figures = prop::collection::vec(
        prop::option::of(
            (0.0..1.0_f64, any::<bool>()).prop_map(|(place_share, proxy)| Figure { place_share, proxy }),
        ),
        8,
    );
    let factors = prop::collection::vec((any::<bool>(), prop::collection::vec(any::<bool>(), 8)), 4);
    (figures, factors).prop_map(|(figures, factors)| {
        FACTORS
            .into_iter()
            .zip(factors)
            .map(|(id, (countered, chosen))| LinkedFactor {
                id,
                weight: if countered { 1.0 } else { 0.5 },
                indicators: INDICATORS
                    .into_iter()
                    .zip(&figures)
                    .zip(chosen)
                    .filter(|(_, chosen)| *chosen)
                    .map(|((id, figure), _)| LinkedIndicator { id, figure: *figure })
                    .collect(),
            })
            .collect()
    })
}

/// Columns of loaded and derived values with many that lie within the tolerance of each other.
fn units() -> impl Strategy<Value = Vec<(f64, bool)>> {
    let near = (-3_i32..3, -8_i32..8).prop_map(|(base, hair)| f64::from(base) + f64::from(hair) * 3e-10);
    let value = prop_oneof![4 => near, 1 => -1e12..1e12_f64, 1 => -1e-12..1e-12_f64];
    prop::collection::vec((value, any::<bool>()), 1..40)
}

/// DESIGN 4, read pair by pair.
fn is_better((other, other_is_derived): (f64, bool), (own, own_is_derived): (f64, bool)) -> bool {
    match (own_is_derived, other_is_derived) {
        (true, _) => other - own > 1e-9 * own.abs().max(1.0),
        (false, true) => other - own > 1e-9 * other.abs().max(1.0),
        (false, false) => other > own,
    }
}

proptest! {
    #[test]
    fn units_stand_behind_those_that_are_better_and_no_others(units in units()) {
        let (oriented, derived): (Vec<f64>, Vec<bool>) = units.iter().copied().unzip();
        let ranking = Ranking::of_units(&oriented, &derived);
        for (unit, &own) in units.iter().enumerate() {
            let better = units.iter().filter(|&&other| is_better(other, own)).count();
            prop_assert_eq!(ranking.positions[unit] as usize, 1 + better);
            let sharing = ranking.positions.iter().filter(|&&p| p == ranking.positions[unit]).count();
            prop_assert_eq!(ranking.ties[unit] as usize, sharing);
        }
        let listed: Vec<_> = ranking.order.iter().map(|&u| (ranking.positions[u as usize], u)).collect();
        prop_assert!(listed.is_sorted());
    }

    #[test]
    fn whoever_is_better_has_a_smaller_position_so_that_no_two_that_tie_are_better_than_each_other(units in units()) {
        let (oriented, derived): (Vec<f64>, Vec<bool>) = units.iter().copied().unzip();
        let Ranking { positions, ties, .. } = Ranking::of_units(&oriented, &derived);
        let n = units.len();
        for (unit, &own) in units.iter().enumerate() {
            for (other, &value) in units.iter().enumerate() {
                if is_better(value, own) {
                    prop_assert!(positions[other] < positions[unit], "{:?} {:?}", value, own);
                }
            }
            // Ties fit below their position, so that place shares stay within 0 and 1.
            prop_assert!((positions[unit] + ties[unit]) as usize <= n + 1);
        }
    }

    #[test]
    fn a_derived_unit_stands_where_a_mean_of_its_value_would(units in units()) {
        let (oriented, derived): (Vec<f64>, Vec<bool>) = units.iter().copied().unzip();
        let ranking = Ranking::of_units(&oriented, &derived);
        for (unit, _) in units.iter().enumerate().filter(|(_, (_, is_derived))| *is_derived) {
            prop_assert_eq!(ranking.positions[unit], position_of_derived(&oriented, oriented[unit]));
        }
    }

    #[test]
    fn last_bits_of_derived_values_move_nobody(values in prop::collection::vec((-20_i32..20, any::<bool>()), 1..40)) {
        let derived: Vec<bool> = values.iter().map(|(_, derived)| *derived).collect();
        let exact: Vec<f64> = values.iter().map(|(value, _)| f64::from(*value)).collect();
        for hair in [1e-13, -1e-13] {
            let nudged = exact.iter().zip(&derived).map(|(v, d)| if *d { v + hair } else { *v });
            let nudged: Vec<f64> = nudged.collect();
            prop_assert_eq!(Ranking::of_units(&nudged, &derived), Ranking::of(&exact));
        }
    }

    #[test]
    fn without_derived_values_units_rank_exactly(values in column(1)) {
        prop_assert_eq!(Ranking::of_units(&values, &vec![false; values.len()]), Ranking::of(&values));
    }

    #[test]
    fn positions_form_a_competition_ranking(values in column(1)) {
        let ranking = Ranking::of(&values);
        for (unit, &position) in ranking.positions.iter().enumerate() {
            let better = values.iter().filter(|&&other| other > values[unit]).count();
            prop_assert_eq!(position as usize, better + 1);
            let equal = values.iter().filter(|&&other| other == values[unit]).count();
            prop_assert_eq!(ranking.ties[unit] as usize, equal);
        }
        let listed: Vec<_> = ranking.order.iter().map(|&u| (ranking.positions[u as usize], u)).collect();
        prop_assert!(listed.is_sorted());
        prop_assert_eq!(listed.len(), values.len());
    }

    #[test]
    fn monotone_transforms_keep_positions(values in prop::collection::vec((-50_i32..50).prop_map(f64::from), 1..60)) {
        let transformed: Vec<f64> = values.iter().map(|v| v * v * v * 3.0 + 7.0).collect();
        prop_assert_eq!(Ranking::of(&values), Ranking::of(&transformed));
    }

    #[test]
    fn order_by_grade_never_contradicts_order_by_position(values in column(2)) {
        let ranking = Ranking::of(&values);
        for method in METHODS {
            let grades = grades_by(method, &values);
            for pair in ranking.order.windows(2) {
                let (before, after) = (grades[pair[0] as usize], grades[pair[1] as usize]);
                prop_assert!(before >= after, "{:?}: {} before {}", method, before, after);
            }
        }
    }

    #[test]
    fn grades_lie_within_three_and_ten(values in column(2)) {
        for method in METHODS {
            for grade in grades_by(method, &values) {
                prop_assert!((3.0..=10.0).contains(&grade), "{:?}: {}", method, grade);
            }
        }
    }

    #[test]
    fn the_mean_robust_linear_grade_is_six_and_a_half(values in column(10)) {
        let grades = grades_by(GradeMethod::RobustLinear, &values);
        prop_assert!((mean(&grades).expect("ten or more") - 6.5).abs() < 1e-9);
    }

    #[test]
    fn the_mean_grade_is_six_and_a_half_also_where_units_just_reach_an_end_of_the_scale(
        mut values in prop::collection::vec(-1.0..1.0_f64, 90..120),
        outliers in prop_oneof![[1.7..2.3_f64, 1.7..2.3], [-2.3..-1.7_f64, -2.3..-1.7]],
    ) {
        values.extend(outliers);
        let grades = grades_by(GradeMethod::RobustLinear, &values);
        prop_assert!((mean(&grades).expect("many") - 6.5).abs() < 1e-13);
    }

    #[test]
    fn a_mean_of_listed_units_stands_on_the_list_and_rises_with_each_member(
        values in prop::collection::vec(-1000.0..1000.0_f64, 3..60),
        raise_by in 0.0..500.0_f64,
        member in any::<prop::sample::Index>(),
    ) {
        let group = &values[..values.len() / 2 + 1];
        let position = position_of_derived(&values, mean(group).expect("members"));
        prop_assert!((1..=values.len()).contains(&(position as usize)));
        let mut better = group.to_vec();
        better[member.index(group.len())] += raise_by;
        prop_assert!(position_of_derived(&values, mean(&better).expect("members")) <= position);
    }

    #[test]
    fn place_shares_lie_between_none_and_all_and_average_one_half(values in column(1)) {
        let n = u32::try_from(values.len()).expect("a short list");
        let ranking = Ranking::of(&values);
        let shares: Vec<f64> = ranking
            .positions
            .iter()
            .zip(&ranking.ties)
            .map(|(&position, &ties)| place_share(position, ties, n))
            .collect();
        prop_assert!(shares.iter().all(|&share| 0.0 < share && share < 1.0));
        prop_assert!((mean(&shares).expect("one or more") - 0.5).abs() < 1e-12);
    }

    #[test]
    fn need_and_coverage_are_shares_and_need_is_the_sum_of_its_parts(factors in linked()) {
        let found = need(&factors, &RULES);
        prop_assert!((0.0..=1.0 + 1e-12).contains(&found.coverage));
        if let Some(total) = found.need {
            prop_assert!((0.0..=1.0).contains(&total));
            let counted: Vec<_> = found.factors.iter().flat_map(|factor| &factor.counted).collect();
            let parts: f64 = counted.iter().map(|c| c.share * c.severity).sum();
            let shares: f64 = counted.iter().map(|c| c.share).sum();
            prop_assert!((parts - total).abs() < 1e-12 && (shares - 1.0).abs() < 1e-12);
            let mut ids: Vec<_> = counted.iter().map(|c| c.id).collect();
            ids.sort_unstable();
            prop_assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an indicator counts once");
        }
    }

    #[test]
    fn improving_an_indicator_never_raises_need(factors in linked(), which in 0..8_usize, by in 0.0..1.0_f64) {
        let mut improved = factors.clone();
        for indicator in improved.iter_mut().flat_map(|factor| &mut factor.indicators) {
            if indicator.id == INDICATORS[which] && let Some(figure) = &mut indicator.figure {
                figure.place_share *= by;
            }
        }
        let (before, after) = (need(&factors, &RULES), need(&improved, &RULES));
        prop_assert!(after.need <= before.need.map(|value| value + 1e-12));
        prop_assert_eq!(after.coverage, before.coverage);
    }

    #[test]
    fn shuffled_input_gives_the_same_bits(
        (factors, mut shuffled) in linked().prop_flat_map(|factors| (Just(factors.clone()), Just(factors).prop_shuffle())),
        turn in 0..8_usize,
    ) {
        for factor in &mut shuffled {
            let length = factor.indicators.len().max(1);
            factor.indicators.reverse();
            factor.indicators.rotate_left(turn % length);
        }
        prop_assert_eq!(need(&factors, &RULES), need(&shuffled, &RULES));
    }

    #[test]
    fn triggers_raise_a_class_and_never_lower_it(strength in 0..5_usize, themes in 0..7_usize) {
        let class =
            [Class::InsufficientData, Class::NotIndicated, Class::Weak, Class::Moderate, Class::Strong][strength];
        let rules = BreadthRules { theme_severity: 0.35, minimum_indicators: 3, moderate_from: 3, strong_from: 4 };
        let least = breadth_class(themes, &rules);
        prop_assert!(raise(class, least) >= class);
        prop_assert!(themes >= 3 || least.is_none());
        prop_assert!(themes < 4 || raise(class, least) == Class::Strong);
    }
}

#[test]
fn positions_spread_evenly_give_a_need_of_one_quarter() {
    let names: Vec<String> = (0..1000).map(|i| format!("i{i:04}")).collect();
    let indicators = names
        .iter()
        .zip(1_u32..)
        .map(|(id, position)| LinkedIndicator {
            id,
            figure: Some(Figure {
                place_share: place_share(position, 1, 1000),
                proxy: false,
            }),
        })
        .collect();
    let found = need(
        &[LinkedFactor {
            id: "only",
            weight: 1.0,
            indicators,
        }],
        &RULES,
    );
    assert!((found.need.expect("figures") - 0.25).abs() < 1e-12);
    assert_eq!(found.class, Class::Weak);
}

#[test]
fn an_indicator_of_two_factors_counts_where_its_weight_is_largest_then_by_id() {
    let indicator = LinkedIndicator {
        id: "x",
        figure: Some(Figure {
            place_share: 1.0,
            proxy: false,
        }),
    };
    let factor = |id, weight| LinkedFactor {
        id,
        weight,
        indicators: vec![indicator],
    };
    let home = |factors: &[LinkedFactor<'static>]| {
        let found = need(factors, &RULES);
        found
            .factors
            .iter()
            .find(|factor| !factor.counted.is_empty())
            .expect("counted somewhere")
            .id
    };
    assert_eq!(home(&[factor("a", 0.5), factor("b", 1.0)]), "b");
    assert_eq!(home(&[factor("b", 1.0), factor("a", 1.0)]), "a");
}

#[test]
fn a_part_is_dropped_where_its_total_counts_and_kept_where_it_does_not() {
    let whole_of = |id: &str| match id {
        "part" => Some("total"),
        "total" => Some("grand_total"),
        _ => None,
    };
    assert_eq!(
        drop_parts(&["part", "total", "other"], whole_of),
        ["total", "other"]
    );
    assert_eq!(drop_parts(&["part", "grand_total"], whole_of), ["grand_total"]);
    assert_eq!(drop_parts(&["part", "other"], whole_of), ["part", "other"]);
    let wholes_of = |id: &str| match id {
        "part" => vec!["total", "composite"],
        "composite" => vec!["higher_up"],
        _ => vec![],
    };
    for whole in ["total", "composite", "higher_up"] {
        assert_eq!(
            drop_parts(&["part", whole], wholes_of),
            [whole],
            "any of its wholes"
        );
    }
}

#[test]
fn a_third_of_the_weight_is_just_enough() {
    let linked = |id, figure| LinkedIndicator { id, figure };
    let figure = Some(Figure {
        place_share: 1.0,
        proxy: false,
    });
    let factor = |indicators| {
        [LinkedFactor {
            id: "f",
            weight: 1.0,
            indicators,
        }]
    };
    let third = need(
        &factor(vec![linked("a", figure), linked("b", None), linked("c", None)]),
        &RULES,
    );
    assert_eq!((third.class, third.need), (Class::Strong, Some(1.0)));
    assert_eq!(third.without_figure, ["b", "c"]);
    let quarter = need(
        &factor(vec![
            linked("a", figure),
            linked("b", None),
            linked("c", None),
            linked("d", None),
        ]),
        &RULES,
    );
    assert_eq!(
        (quarter.class, quarter.need),
        (Class::InsufficientData, Some(1.0))
    );
}
