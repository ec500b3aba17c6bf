//! The functions that examples name, each a call into the method.

use super::{Check, borders, inputs::Inputs};
use crate::{
    domain::{Basis, Knowledge, Polarity, TriggerCondition},
    edition::source::SourceFolder,
    method::{
        Band, Change, Class, Composite, CompositeMean, CompositeNode, Figure, IndicatorColumn, RankedBy,
        RankedFigure, Ranking, RelevantRegion, RobustScale, VariantShift, breadth_class, compensated_sum,
        decimals_of, grade_of_published_position, group_mean, linear_grade, mean_of_member_positions,
        midrank_of_derived, most_similar, movements, normal_score_grade, percentile_grade, philox::uniform,
        place_share, position_of_derived, positions_within_rounding, quantile_type7, raise, rank_correlation,
        severity, theme_severity, weighted_group_mean,
    },
    snapshot::tests::snapshot_of,
};

/// What a function of the method gives for the numbers of an example; places in lists count from 1, NaN is nothing.
pub(super) fn calculate(check: &Check) -> Vec<f64> {
    let inputs = Inputs(check);
    match check.function.as_str() {
        "orient_lower_is_favourable" => inputs.oriented("values", Polarity::LowerIsFavourable),
        "positions" => of_positions(&Ranking::of(inputs.list("values"))),
        "positions_of_loaded_and_calculated" => {
            let calculated: Vec<bool> = inputs.list("calculated").iter().map(|&flag| flag > 0.0).collect();
            of_positions(&Ranking::of_units(inputs.list("values"), &calculated))
        }
        "positions_within_rounding" => {
            let values = inputs.list("values");
            let loaded = vec![false; values.len()];
            let ranges = positions_within_rounding(values, &loaded, decimals_of(values.iter().copied()));
            let ends = ranges.into_iter().flat_map(|(first, last)| [first, last]);
            ends.map(f64::from).collect()
        }
        "parts_of_a_move" => {
            let figures = |name: &str| {
                let units = inputs.optional(name).into_iter().enumerate();
                let ranked = units.filter_map(|(unit, oriented)| {
                    Some(RankedFigure {
                        unit,
                        oriented: oriented?,
                        derived: false,
                    })
                });
                ranked.collect::<Vec<_>>()
            };
            let moves = movements(&figures("before"), &figures("after"), RankedBy::Values);
            let unit = inputs.place("unit") - 1;
            let moved = moves.iter().find(|moved| moved.unit == unit).expect("in both");
            let (own, others, units) = (moved.own_value, moved.other_values, moved.units);
            let ends = [moved.before, moved.after].map(f64::from);
            ends.into_iter()
                .chain([own, others, units].map(f64::from))
                .collect()
        }
        "positions_of_scores" => {
            let positions = of_positions(&Ranking::of_scores(inputs.list("scores")));
            inputs.chosen("scores", &positions)
        }
        "place_share" => vec![place_share(
            inputs.count("position"),
            inputs.count("ties"),
            inputs.count("n"),
        )],
        "verdict_class" => {
            use Band::{Best, Good, Middle, Poor, Worst};
            let band = Band::of(inputs.one("place_share"));
            let classes = [Best, Good, Middle, Poor, Worst];
            vec![1.0 + number(classes.iter().position(|class| *class == band).expect("a class"))]
        }
        "group_mean" => {
            let found = group_mean(inputs.list("values")).expect("a mean");
            vec![found.mean, found.contributed.into()]
        }
        "group_mean_by_weight" => {
            let members: Vec<(f64, f64)> = inputs.pairs("values", "weights");
            let found = weighted_group_mean(&members).expect("a mean");
            vec![found.mean, found.contributed.into()]
        }
        "position_of_mean" => vec![position_of_derived(inputs.list("values"), inputs.one("mean")).into()],
        "mean_of_positions" => {
            vec![mean_of_member_positions(&inputs.counts("positions")).expect("positions")]
        }
        "robust_scale" => {
            let scale = RobustScale::fit(inputs.list("oriented")).expect("ten units");
            vec![scale.lower, scale.upper, scale.mean, scale.deviation, scale.shift]
        }
        "robust_grades" => {
            let scale = RobustScale::fit(inputs.list("oriented")).expect("ten units");
            inputs
                .list("of")
                .iter()
                .map(|&value| scale.grade(value))
                .collect()
        }
        "ranks_from_below" => {
            let ranks = Ranking::of(inputs.list("values")).midranks();
            inputs.chosen("values", &ranks)
        }
        "rank_of_mean" => vec![midrank_of_derived(inputs.list("values"), inputs.one("mean"))],
        "percentile_grade" => vec![percentile_grade(inputs.one("rank"), inputs.place("n"))],
        "normal_score_grade" => vec![normal_score_grade(inputs.one("rank"), inputs.place("n"))],
        "linear_grade" => vec![linear_grade(
            inputs.one("oriented"),
            inputs.one("least"),
            inputs.one("most"),
        )],
        "grade_of_published_position" => {
            vec![grade_of_published_position(
                inputs.count("position"),
                inputs.count("n"),
            )]
        }
        "first_basis" => {
            let bases = [Basis::Computed, Basis::Proxy, Basis::Published];
            let available = inputs
                .list("available")
                .iter()
                .map(|&basis| bases[place(basis) - 1]);
            let first = available.min().expect("a basis");
            vec![1.0 + number(bases.iter().position(|basis| *basis == first).expect("a basis"))]
        }
        "rank_correlation" => {
            vec![rank_correlation(inputs.list("one"), inputs.list("other")).expect("pairs")]
        }
        "composite_scores" | "composite_coverage" => {
            let found = inputs
                .composite(CompositeMean::Arithmetic)
                .evaluate(&inputs.grades());
            let nodes = found.expect("grades");
            let of_node = |node: usize| match check.function.as_str() {
                "composite_scores" => nodes[node].score.unwrap_or(f64::NAN),
                _ => nodes[node].coverage,
            };
            inputs
                .list("node")
                .iter()
                .map(|&node| of_node(place(node) - 1))
                .collect()
        }
        "composite_shares" => {
            let composite = inputs.composite(CompositeMean::Arithmetic);
            let shares = composite.effective_weights(&inputs.grades()).expect("a score");
            inputs
                .list("node")
                .iter()
                .map(|&node| shares[place(node) - 1])
                .collect()
        }
        "composite_means" => {
            let leaves = inputs.list("weights").iter().enumerate();
            let leaves = leaves
                .map(|(leaf, &weight)| CompositeNode::leaf(weight, leaf))
                .collect();
            let tree = CompositeNode::of(1.0, leaves);
            let means = [
                CompositeMean::Arithmetic,
                CompositeMean::Geometric,
                CompositeMean::Harmonic,
            ];
            let score = |mean| {
                let composite =
                    Composite::new(&tree, inputs.list("grades").len(), mean).expect("a composite");
                composite.evaluate(&inputs.grades()).expect("grades")[0]
                    .score
                    .expect("a score")
            };
            means.map(score).to_vec()
        }
        "random_numbers" => {
            let [seed, draw] = [inputs.count("seed"), inputs.count("draw")].map(u64::from);
            let nodes = inputs.counts("node");
            nodes
                .iter()
                .map(|&node| uniform(seed, draw, node.into()))
                .collect()
        }
        "drawn_weights" => {
            let weights = inputs
                .sensitivity(&[])
                .weights_of_draw(inputs.count("draw").into());
            inputs
                .list("node")
                .iter()
                .map(|&node| weights[place(node) - 1])
                .collect()
        }
        "score_in_draw" => {
            let sensitivity = inputs.sensitivity(&[inputs.grades()]);
            let weights = sensitivity.weights_of_draw(inputs.count("draw").into());
            sensitivity.scores_with(&weights).expect("weights")
        }
        "position_interval" | "is_fragile" => {
            let found = inputs.position_counts();
            if check.function == "is_fragile" {
                return vec![flag(found.fragile)];
            }
            let (top, bottom) = (found.share_in_top, found.share_in_bottom);
            vec![
                found.lower,
                found.median,
                found.upper,
                top,
                bottom,
                found.mean_shift,
            ]
        }
        "variant_shift" | "variant_compared" => {
            let found = VariantShift::of(&inputs.optional("nominal"), &inputs.optional("variant"));
            if check.function == "variant_compared" {
                return vec![found.compared.into()];
            }
            vec![
                found.mean_shift.expect("units"),
                found.tau.expect("units that differ"),
            ]
        }
        "change_and_slope" => vec![inputs.trend().change, inputs.trend().slope],
        "slope_and_interval" => {
            let (lower, upper) = inputs.trend().interval.expect("enough points");
            vec![inputs.trend().slope, lower, upper]
        }
        "mann_kendall_s" => vec![inputs.trend().test.s as f64],
        "mann_kendall_p" => vec![inputs.trend().test.p],
        "mann_kendall_least_p" => vec![inputs.trend().test.least_p],
        "what_if_positions" | "what_if_grades" => {
            let units = inputs.units();
            let unit = inputs.place("unit") - 1;
            let change = Change {
                unit,
                value: Some(inputs.one("value")),
                derived: false,
            };
            let found = inputs.what_if(&units).simulate(&[change]).expect("a change");
            let (before, after) = (
                found.units[unit].before.expect("a value"),
                found.units[unit].after.expect("a value"),
            );
            if check.function == "what_if_positions" {
                return vec![before.position.into(), after.position.into()];
            }
            let grades = [before.grade, after.grade, found.mean_grade.moved()];
            grades.map(|grade| grade.expect("a grade")).to_vec()
        }
        "value_for_position" => {
            let units = inputs.units();
            let unit = inputs.place("unit") - 1;
            let target = inputs
                .what_if(&units)
                .value_for_position(unit, inputs.count("position"), false);
            let target = target.expect("a position");
            vec![
                target.values.to.expect("low is favourable"),
                target.reached.into(),
            ]
        }
        "value_for_grade" => {
            let units = inputs.units();
            let target = inputs
                .what_if(&units)
                .value_for_grade(inputs.one("grade"))
                .expect("a grade");
            vec![target.values.to.expect("low is favourable")]
        }
        "value_for_mean" => {
            let units = inputs.units();
            let what_if = inputs.what_if(&units);
            let target = what_if.value_for_mean(inputs.place("unit") - 1, &inputs.members());
            vec![target.expect("a mean").value]
        }
        "ranges_for_position_of_mean" => {
            let units = inputs.units();
            let (unit, position) = (inputs.place("unit") - 1, inputs.count("position"));
            let what_if = inputs.what_if(&units);
            let target = what_if.value_for_mean_position(unit, &inputs.members(), position);
            let ranges = target.expect("ranges").values;
            let bounds = ranges.iter().flat_map(|range| [range.from, range.to]);
            bounds.map(|bound| bound.unwrap_or(f64::NAN)).collect()
        }
        "distances" => {
            let columns = ["first", "second", "third"].map(|id| (id, inputs.optional(id)));
            let columns = columns
                .each_ref()
                .map(|(id, values)| IndicatorColumn { id, values });
            let found = most_similar(inputs.place("subject") - 1, &columns, &[]).expect("neighbours");
            found.neighbours.iter().map(|found| found.distance).collect()
        }
        "severities" => inputs
            .list("place_shares")
            .iter()
            .map(|&share| severity(share))
            .collect(),
        "severity_of_position" => {
            vec![severity(place_share(
                inputs.count("position"),
                1,
                inputs.count("n"),
            ))]
        }
        "factor_score" => vec![inputs.factor_score()],
        "need" => vec![inputs.need(|need| need.need.expect("figures"))],
        "need_coverage" => vec![inputs.need(|need| need.coverage)],
        "need_class" => vec![inputs.need(|need| class_number(need.class))],
        "theme_severity" => {
            let knowledge = built_in_knowledge();
            let TriggerCondition::Breadth(rules) = knowledge.triggers[0].condition else {
                panic!("the first trigger is breadth")
            };
            let figures: Vec<Figure> = inputs.figures().into_iter().flatten().collect();
            let found = theme_severity(&figures, &rules, knowledge.need_rules.proxy_weight);
            assert!(found.unfavourable, "as the example says");
            vec![found.severity.expect("figures")]
        }
        "class_after_breadth" => {
            let knowledge = built_in_knowledge();
            let TriggerCondition::Breadth(rules) = knowledge.triggers[0].condition else {
                panic!("the first trigger is breadth")
            };
            let least = breadth_class(inputs.place("unfavourable_themes"), &rules);
            vec![class_number(raise(CLASSES[inputs.place("class") - 1], least))]
        }
        "masking" => inputs.masking(|found| {
            let missed = found.summary(|_| true).miss_rate.expect("problems");
            vec![found.threshold, found.mean, missed]
        }),
        "masked_district" => inputs.masking(|found| {
            let district = &found.districts[inputs.place("district") - 1];
            let share = district.problem_share();
            vec![
                district.mean,
                share,
                flag(district.masked),
                flag(district.strictly_masked),
            ]
        }),
        "masking_spread" => inputs.masking(|found| {
            let all = found.summary(|_| true);
            let variance = all.variance.expect("values");
            let alike = all.intraclass_correlation.expect("districts of two");
            vec![
                variance.total,
                variance.between,
                all.between_share.expect("differences"),
                alike,
            ]
        }),
        "class_after_masking" => {
            let knowledge = built_in_knowledge();
            let rules = knowledge
                .triggers
                .iter()
                .find_map(|trigger| match trigger.condition {
                    TriggerCondition::Masking(rules) => Some(rules),
                    TriggerCondition::Breadth(_) => None,
                });
            let masked = inputs.list("masked_members");
            let state = crate::advice::masking_state(
                u32::try_from(masked.iter().filter(|masked| **masked > 0.0).count()).expect("few"),
                u32::try_from(masked.len()).expect("few"),
                &rules.expect("a masking trigger"),
            );
            let least = match state {
                crate::advice::TriggerState::Fired(class) => Some(class),
                _ => None,
            };
            vec![class_number(raise(CLASSES[inputs.place("class") - 1], least))]
        }
        "flow_balance" => {
            let found = inputs.flows();
            let index = found.herfindahl_of_destinations().expect("somebody leaves");
            vec![found.incoming, found.outgoing, found.net(), index]
        }
        "relevant_region" => {
            let dominant: Vec<usize> = inputs
                .list("dominant")
                .iter()
                .map(|&place_of| place(place_of))
                .collect();
            let found =
                RelevantRegion::of(&inputs.flows(), inputs.one("share"), &dominant).expect("a region");
            let counts = [
                found.reach,
                found.dominant.expect("one") + 1,
                found.gross().count(),
                found.net().count(),
            ];
            counts.map(number).to_vec()
        }
        "quantiles" => {
            let parts = inputs.list("parts").iter();
            let quantile = |&part: &f64| quantile_type7(inputs.list("values"), part).expect("values");
            parts.map(quantile).collect()
        }
        "compensated_sum" => vec![compensated_sum(inputs.list("values").iter().copied())],
        "plain_sum" => vec![inputs.list("values").iter().sum()],
        "parts_of_divided" => borders::parts_of_divided(&inputs),
        "parts_of_giver" => borders::parts_of_giver(&inputs),
        "recast_number" => borders::recast_number(&inputs),
        "recast_mean" => borders::recast_mean(&inputs),
        other => panic!("there is no function `{other}`"),
    }
}

const CLASSES: [Class; 5] = [
    Class::InsufficientData,
    Class::NotIndicated,
    Class::Weak,
    Class::Moderate,
    Class::Strong,
];

fn class_number(class: Class) -> f64 {
    1.0 + number(CLASSES.iter().position(|of| *of == class).expect("a class"))
}

pub(super) fn built_in_knowledge() -> Knowledge {
    snapshot_of(&SourceFolder::built_in()).knowledge
}

fn of_positions(ranking: &Ranking) -> Vec<f64> {
    ranking.positions.iter().copied().map(f64::from).collect()
}

fn number(count: usize) -> f64 {
    count as f64
}

pub(super) fn flag(flag: bool) -> f64 {
    f64::from(u8::from(flag))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // small whole numbers of our own texts
pub(super) fn place(number: f64) -> usize {
    number as usize
}
