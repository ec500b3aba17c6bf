//! Advice on the published edition against an independent calculation.
//!
//! The figures were calculated in Python with exact fractions, from DESIGN 4 and the files in `data/`, by somebody who had
//! not read this module. S strong, M moderate, W weak, N not indicated, I insufficient data; then the need.

use super::tests::{adviser, figures};
use super::{Advised, MaskingFacts, TriggerState};
use crate::{
    edition::source::SourceFolder,
    method::Class,
    snapshot::{Snapshot, tests::snapshot_of},
};

const SUBJECTS: [&str; 8] = [
    "GM0034",
    "GM0356",
    "GM0439",
    "GM0502",
    "GM0637",
    "GM0794",
    "GM1930",
    "nta_new_towns",
];

#[rustfmt::skip]
const EXPECTED: [(&str, [&str; 8]); 11] = [
    ("long_term_cross_domain_approach",
        ["M 0.399407", "I 0.504451", "M 0.360237", "M 0.511573", "I 0.381602", "M 0.710979", "M 0.623739", "S 0.631269"]),
    ("strengthen_identity",
        ["S 0.629491", "M 0.559157", "S 0.600973", "M 0.534724", "S 0.633071", "S 0.766634", "M 0.595538", "S 0.659191"]),
    ("keep_attracting_families",
        ["M 0.537346", "M 0.488554", "M 0.536838", "M 0.523485", "M 0.543705", "S 0.726409", "S 0.611573", "S 0.678310"]),
    ("invest_in_quality_living_environments",
        ["M 0.535674", "M 0.571546", "M 0.459875", "M 0.510650", "M 0.555457", "S 0.773393", "S 0.618826", "S 0.639609"]),
    ("preventive_outreaching_social_approach",
        ["S 0.610122", "M 0.577033", "M 0.479708", "M 0.575335", "M 0.551288", "S 0.778383", "S 0.619896", "S 0.634892"]),
    ("youth_facilities",
        ["S 0.746765", "M 0.598478", "M 0.463917", "M 0.586709", "S 0.614001", "S 0.725025", "S 0.745514", "M 0.551222"]),
    ("balance_labour_supply_demand",
        ["W 0.321187", "W 0.398338", "W 0.280593", "S 0.680119", "M 0.403086", "W 0.398338", "M 0.576855", "M 0.447003"]),
    ("mind_regional_balance",
        ["I 0.399407", "I 0.504451", "I 0.360237", "I 0.511573", "I 0.381602", "I 0.710979", "I 0.623739", "S 0.680356"]),
    ("contribute_funding",
        ["M 0.476844", "M 0.562260", "W 0.330278", "M 0.530520", "M 0.443873", "S 0.738411", "S 0.662886", "M 0.575705"]),
    ("share_knowledge",
        ["M 0.517234", "M 0.508172", "W 0.392261", "M 0.552828", "M 0.463257", "S 0.705143", "S 0.675206", "S 0.689166"]),
    ("explore_investment_programme",
        ["S 0.639329", "M 0.586218", "M 0.446724", "S 0.621751", "M 0.530526", "S 0.833856", "M 0.585144", "S 0.669941"]),
];

/// Themes with enough figures: severity, number of indicators that count.
#[rustfmt::skip]
const THEMES: [(&str, [(&str, usize); 8]); 3] = [
    ("liveability_safety",
        [("0.627102", 15), ("0.668249", 15), ("0.375470", 15), ("0.553511", 15), ("0.533333", 15), ("0.803956", 15), ("0.656775", 15), ("0.625124", 15)]),
    ("youth_opportunities",
        [("0.441713", 7), ("0.191607", 7), ("0.523951", 7), ("0.443408", 7), ("0.343366", 7), ("0.533277", 7), ("0.773209", 7), ("0.443408", 7)]),
    ("livelihood_security",
        [("0.491840", 8), ("0.448813", 8), ("0.456973", 8), ("0.596439", 8), ("0.437685", 8), ("0.715875", 8), ("0.587537", 8), ("0.563056", 8)]),
];

fn each_subject(check: impl Fn(usize, &str, &Advised<'_>)) {
    let snapshot: Snapshot = snapshot_of(&SourceFolder::built_in());
    for (column, subject) in SUBJECTS.into_iter().enumerate() {
        check(
            column,
            subject,
            &adviser(&snapshot).advise(&figures(&snapshot, subject), &MaskingFacts::default()),
        );
    }
}

#[test]
fn class_and_need_of_every_recommendation_equal_an_independent_calculation() {
    each_subject(|column, subject, advised| {
        assert_eq!(advised.advice.len(), EXPECTED.len());
        for (recommendation, expected) in EXPECTED {
            let advice = advised
                .advice
                .iter()
                .find(|advice| advice.recommendation.id == recommendation);
            let advice = advice.expect(recommendation);
            let class = match advice.class {
                Class::Strong => 'S',
                Class::Moderate => 'M',
                Class::Weak => 'W',
                Class::NotIndicated => 'N',
                Class::InsufficientData => 'I',
            };
            let need = advice.need.need.expect("figures");
            assert_eq!(
                format!("{class} {need:.6}"),
                expected[column],
                "{subject} {recommendation}"
            );
        }
    });
}

#[test]
fn severity_of_every_theme_equals_an_independent_calculation() {
    each_subject(|column, subject, advised| {
        for (id, expected) in THEMES {
            let (_, found) = advised.themes.iter().find(|(theme, _)| theme.id == id).expect(id);
            let severity = found.severity.expect("figures");
            let expected = (expected[column].0.to_owned(), expected[column].1);
            assert_eq!(
                (format!("{severity:.6}"), found.indicators),
                expected,
                "{subject} {id}"
            );
        }
    });
}

#[test]
fn breadth_fires_and_raises_insufficient_data_to_the_class_of_its_rule() {
    use TriggerState::{Fired, NotMeasured};
    let expected = [
        Fired(Class::Moderate),
        NotMeasured,
        Fired(Class::Moderate),
        Fired(Class::Moderate),
        NotMeasured,
        Fired(Class::Moderate),
        Fired(Class::Moderate),
        Fired(Class::Strong),
    ];
    each_subject(|column, subject, advised| {
        let long_term = advised
            .advice
            .iter()
            .find(|advice| advice.recommendation.id == "long_term_cross_domain_approach");
        let long_term = long_term.expect("listed");
        assert_eq!(
            long_term.trigger.as_ref().expect("a trigger").state,
            expected[column],
            "{subject}"
        );
        let by_need = if subject == "nta_new_towns" {
            Class::Strong
        } else {
            Class::InsufficientData
        };
        assert_eq!(long_term.need.class, by_need, "{subject}");
    });
}

#[test]
fn the_group_subject_is_led_by_sharing_knowledge() {
    each_subject(|_, subject, advised| {
        if subject == "nta_new_towns" {
            let first: Vec<&str> = advised.advice[..3]
                .iter()
                .map(|advice| advice.recommendation.id.as_str())
                .collect();
            assert_eq!(
                first,
                [
                    "share_knowledge",
                    "mind_regional_balance",
                    "keep_attracting_families"
                ]
            );
        }
    });
}
