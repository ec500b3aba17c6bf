//! Thresholds and weights: those of the program, and those that are data of an edition.

use super::Constant;
use crate::{
    domain::{BreadthRules, Knowledge, MaskingRules, MaskingTriggerRules, NeedRules, TriggerCondition},
    method::{
        HIGHEST_GRADE, LOWEST_GRADE, MEAN_GRADE, MINIMUM_COVERAGE, MINIMUM_SHARED_WEIGHT, MINIMUM_UNITS,
        RELEVANT_SHARE,
        place::EDGES,
        ranking::TOLERANCE,
        reorganisation::NEAREST_INHABITANTS,
        sensitivity::FRAGILE_WIDTH,
        trend::{MINIMUM_FOR_INTERVAL, MINIMUM_TO_SHOW_ANYTHING, MOST_FOR_EXACT_TEST, SIGNIFICANCE},
    },
};

/// The value of a constant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConstantValue {
    /// Its value, without unit.
    pub value: f64,
    /// Whether it is data of the edition; otherwise it is the same in every edition of this method version.
    pub of_edition: bool,
}

impl Constant {
    /// Its value by the rules of an edition; `None` when the edition has no such rule.
    #[must_use]
    pub fn value(&self, knowledge: &Knowledge) -> Option<ConstantValue> {
        if let Some((_, value)) = of_program().into_iter().find(|(id, _)| *id == self.id) {
            return Some(ConstantValue {
                value,
                of_edition: false,
            });
        }
        let breadth = knowledge
            .triggers
            .iter()
            .find_map(|trigger| match trigger.condition {
                TriggerCondition::Breadth(rules) => Some(rules),
                TriggerCondition::Masking(_) => None,
            });
        let need = OF_NEED.iter().find(|(id, _)| *id == self.id);
        let of_masking = OF_MASKING.iter().find(|(id, _)| *id == self.id);
        let masking_trigger = knowledge
            .triggers
            .iter()
            .find_map(|trigger| match trigger.condition {
                TriggerCondition::Masking(rules) => {
                    let own = OF_MASKING_TRIGGER.iter().find(|(id, _)| *id == self.id);
                    own.map(|(_, of)| of(&rules))
                }
                TriggerCondition::Breadth(_) => None,
            });
        let of_breadth = OF_BREADTH.iter().find(|(id, _)| *id == self.id);
        let value = match (need, of_breadth, breadth) {
            (Some((_, of)), ..) => of(&knowledge.need_rules),
            (None, Some((_, of)), Some(rules)) => of(&rules),
            _ => of_masking
                .map(|(_, of)| of(&knowledge.masking_rules))
                .or(masking_trigger)?,
        };
        Some(ConstantValue {
            value,
            of_edition: true,
        })
    }
}

/// Whether something by this id has a value.
pub(super) fn is_known(id: &str) -> bool {
    let of_edition = OF_NEED
        .iter()
        .map(|(id, _)| *id)
        .chain(OF_BREADTH.iter().map(|(id, _)| *id))
        .chain(OF_MASKING.iter().map(|(id, _)| *id))
        .chain(OF_MASKING_TRIGGER.iter().map(|(id, _)| *id));
    of_program()
        .iter()
        .map(|(id, _)| *id)
        .chain(of_edition)
        .any(|known| known == id)
}

type Of<Rules> = (&'static str, fn(&Rules) -> f64);

const OF_NEED: [Of<NeedRules>; 8] = [
    ("countered_weight", |rules| rules.countered_weight),
    ("signals_weight", |rules| rules.signals_weight),
    ("downstream_weight", |rules| rules.downstream_weight),
    ("proxy_weight", |rules| rules.proxy_weight),
    ("least_need_coverage", |rules| rules.minimum_coverage),
    ("strong_from", |rules| rules.strong),
    ("moderate_from", |rules| rules.moderate),
    ("weak_from", |rules| rules.weak),
];

const OF_BREADTH: [Of<BreadthRules>; 4] = [
    ("theme_severity", |rules| rules.theme_severity),
    ("minimum_indicators", |rules| number(rules.minimum_indicators)),
    ("moderate_from_themes", |rules| number(rules.moderate_from)),
    ("strong_from_themes", |rules| number(rules.strong_from)),
];

const OF_MASKING: [Of<MaskingRules>; 3] = [
    ("masking_worst_share", |rules| rules.worst_share),
    ("masked_below", |rules| rules.masked_below),
    ("masking_minimum_weight", |rules| rules.minimum_weight),
];

const OF_MASKING_TRIGGER: [Of<MaskingTriggerRules>; 2] = [
    ("measured_from", |rules| rules.measured_from),
    ("share_of_members", |rules| rules.share_of_members),
];

fn of_program() -> [(&'static str, f64); 18] {
    let [best, good, poor, worst] = EDGES;
    [
        ("tolerance", TOLERANCE),
        ("best_up_to", best),
        ("good_up_to", good),
        ("poor_from", poor),
        ("worst_from", worst),
        ("lowest_grade", LOWEST_GRADE),
        ("mean_grade", MEAN_GRADE),
        ("highest_grade", HIGHEST_GRADE),
        ("minimum_units", number(MINIMUM_UNITS)),
        ("minimum_coverage", MINIMUM_COVERAGE),
        ("fragile_width", FRAGILE_WIDTH),
        ("minimum_for_interval", number(MINIMUM_FOR_INTERVAL)),
        ("minimum_to_show_anything", number(MINIMUM_TO_SHOW_ANYTHING)),
        ("significance", SIGNIFICANCE),
        ("most_for_exact_test", number(MOST_FOR_EXACT_TEST)),
        ("minimum_shared_weight", MINIMUM_SHARED_WEIGHT),
        ("relevant_share", RELEVANT_SHARE),
        ("nearest_inhabitants", f64::from(NEAREST_INHABITANTS)),
    ]
}

/// A count as a number: they are small, so that it is exact.
fn number(count: usize) -> f64 {
    count as f64
}
