//! Advice on the published edition, against what the report says of the towns.

use super::*;
use crate::{
    edition::source::SourceFolder,
    method::severity,
    snapshot::{Snapshot, tests::snapshot_of},
};

/// The figures of a municipality, by code, or of a group's mean, by id.
pub(super) fn figures<'a>(snapshot: &'a Snapshot, subject: &str) -> HashMap<&'a str, Figure> {
    let figure = |(place, indicator): (usize, &'a Indicator)| {
        let table = snapshot.ranking(place, None, None)?;
        let standing = match snapshot.group(subject) {
            Some(group) => {
                table
                    .standing_of_group(subject, snapshot.places_of(group, table.vintage()), None)
                    .standing?
            }
            None => table.row(snapshot.region(subject)?.0)?.1.standing,
        };
        let figure = Figure {
            place_share: standing.place_share,
            proxy: false,
        };
        Some((indicator.id.as_str(), figure))
    };
    let indicators = snapshot.indicators.iter().enumerate();
    indicators.filter_map(figure).collect()
}

pub(super) fn adviser(snapshot: &Snapshot) -> Adviser<'_> {
    Adviser {
        knowledge: &snapshot.knowledge,
        indicators: &snapshot.indicators,
        themes: &snapshot.themes,
    }
}

/// The advice on one recommendation.
fn advice_on<'a>(snapshot: &'a Snapshot, subject: &str, recommendation: &str) -> Advice<'a> {
    let advised = adviser(snapshot).advise(&figures(snapshot, subject), &MaskingFacts::default());
    let mut advice = advised.advice.into_iter();
    advice
        .find(|advice| advice.recommendation.id == recommendation)
        .expect("listed")
}

#[test]
fn nissewaard_is_advised_youth_facilities_among_the_strongest() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    let advised = adviser(&snapshot).advise(&figures(&snapshot, "GM1930"), &MaskingFacts::default());
    assert_eq!(advised.advice.len(), 11);
    let place = advised
        .advice
        .iter()
        .position(|advice| advice.recommendation.id == "youth_facilities");
    assert!(place.expect("listed") < 4, "{place:?}");
    let youth = &advised.advice[place.expect("listed")];
    assert_eq!(youth.class, Class::Strong);
    assert!(
        youth
            .evidence()
            .iter()
            .any(|evidence| evidence.indicator == "mean_school_advice")
    );
}

#[test]
fn labour_balance_is_strongest_for_capelle() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    let need = |code: &str| {
        let advised = adviser(&snapshot).advise(&figures(&snapshot, code), &MaskingFacts::default());
        let labour = advised
            .advice
            .iter()
            .find(|advice| advice.recommendation.id == "balance_labour_supply_demand");
        labour.expect("listed").need.need.expect("measured")
    };
    let towns = ["GM0034", "GM0356", "GM0439", "GM0637", "GM0794", "GM1930"];
    assert!(towns.iter().all(|town| need(town) < need("GM0502")));
}

#[test]
fn without_figures_every_recommendation_has_insufficient_data() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    let advised = adviser(&snapshot).advise(&HashMap::new(), &MaskingFacts::default());
    assert_eq!(advised.advice.len(), 11);
    assert!(
        advised
            .advice
            .iter()
            .all(|advice| advice.class == Class::InsufficientData)
    );
}

#[test]
fn neutral_unverified_and_origin_indicators_never_count() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    let mut of_town = figures(&snapshot, "GM0794");
    let before: Vec<Option<f64>> = adviser(&snapshot)
        .advise(&of_town, &MaskingFacts::default())
        .advice
        .iter()
        .map(|a| a.need.need)
        .collect();
    let excluded: Vec<&Indicator> = snapshot
        .indicators
        .iter()
        .filter(|i| !i.counts_in_advice())
        .collect();
    assert!(excluded.len() > 10);
    for indicator in excluded {
        of_town.insert(
            &indicator.id,
            Figure {
                place_share: 1.0,
                proxy: false,
            },
        );
    }
    let after: Vec<Option<f64>> = adviser(&snapshot)
        .advise(&of_town, &MaskingFacts::default())
        .advice
        .iter()
        .map(|a| a.need.need)
        .collect();
    assert_eq!(before, after);
}

#[test]
fn need_equals_the_sum_over_its_evidence() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    for town in ["GM0034", "GM0502", "GM0794"] {
        for advice in adviser(&snapshot)
            .advise(&figures(&snapshot, town), &MaskingFacts::default())
            .advice
        {
            let sum: f64 = advice
                .evidence()
                .iter()
                .map(|e| e.share * severity(e.place_share))
                .sum();
            if let Some(need) = advice.need.need {
                assert!((sum - need).abs() < 1e-12, "{}", advice.recommendation.id);
            }
        }
    }
}

#[test]
fn a_trigger_without_figures_is_not_measured_and_changes_nothing() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    for advice in adviser(&snapshot)
        .advise(&figures(&snapshot, "GM0439"), &MaskingFacts::default())
        .advice
    {
        match advice.trigger {
            Some(outcome) if outcome.trigger.id == "masking" => {
                assert_eq!(outcome.state, TriggerState::NotMeasured);
                assert_eq!(advice.class, advice.need.class);
            }
            Some(outcome) => assert_ne!(outcome.state, TriggerState::NotMeasured),
            None => assert_eq!(advice.class, advice.need.class),
        }
    }
}

#[test]
fn every_mechanism_from_a_countered_factor_is_shown_also_between_two_countered_ones() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    let edges = |recommendation: &str| -> Vec<(String, String)> {
        let advice = advice_on(&snapshot, "GM1930", recommendation);
        let edges = advice.mechanisms.iter();
        edges.map(|edge| (edge.from.clone(), edge.to.clone())).collect()
    };
    let youth = edges("youth_facilities");
    for (from, to) in [
        ("facilities_shortage", "poor_youth_opportunities"), // countered -> countered
        ("subversive_crime", "poor_youth_opportunities"),
        ("vulnerable_families", "poor_youth_opportunities"),
        ("subversive_crime", "low_safety"), // countered -> downstream
    ] {
        assert!(
            youth.contains(&(from.into(), to.into())),
            "{from} -> {to}: {youth:?}"
        );
    }
    for recommendation in &snapshot.knowledge.recommendations {
        let leaving = |edge: &&Mechanism| recommendation.counters.contains(&edge.from);
        let all = snapshot.knowledge.mechanisms.iter().filter(leaving).count();
        let shown = edges(&recommendation.id);
        assert_eq!(shown.len(), all, "{}", recommendation.id);
        assert!(shown.is_sorted());
    }
}

#[test]
fn a_mechanism_into_a_signal_is_shown() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    let mut knowledge = snapshot.knowledge.clone();
    let signal = "low_residential_attractiveness";
    for recommendation in &mut knowledge.recommendations {
        if recommendation.id == "contribute_funding" {
            recommendation.signals.push(signal.to_owned());
        }
    }
    let adviser = Adviser {
        knowledge: &knowledge,
        ..adviser(&snapshot)
    };
    let advised = adviser.advise(&figures(&snapshot, "GM1930"), &MaskingFacts::default());
    let funding = advised
        .advice
        .iter()
        .find(|advice| advice.recommendation.id == "contribute_funding");
    let funding = funding.expect("listed");
    assert_eq!(funding.roles.get(signal), Some(&FactorRole::Signal));
    assert!(
        funding
            .mechanisms
            .iter()
            .any(|edge| (edge.from.as_str(), edge.to.as_str()) == ("simultaneous_wear", signal))
    );
}

#[test]
fn neutral_context_is_listed_by_factor_measured_or_not_and_counts_nowhere() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    let labour = advice_on(&snapshot, "GM1930", "balance_labour_supply_demand");
    let context: Vec<(&str, &str)> = labour.context.iter().map(|c| (c.factor, c.indicator)).collect();
    assert_eq!(
        context,
        [
            ("commuter_dependence", "share_working_in_own_municipality"),
            ("commuter_dependence", "unique_commuting_orientation"),
            ("commuter_dependence", "outbound_commuting_distance"),
            ("labour_market_mismatch", "share_working_in_own_municipality"),
            ("labour_market_mismatch", "jobs_per_inhabitant_18_66"),
        ]
    );
    assert!(labour.unmeasured().contains(&"commuter_dependence"));
    let counts = |indicator: &str| {
        let weighed = labour.evidence().into_iter().chain(labour.counter_evidence());
        weighed.into_iter().any(|weighed| weighed.indicator == indicator)
    };
    assert!(context.iter().all(|(_, indicator)| !counts(indicator)));
}

#[test]
fn an_advice_says_when_no_countered_factor_has_figures() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    let resting_on_consequences = |subject: &str| -> Vec<String> {
        let advised = adviser(&snapshot).advise(&figures(&snapshot, subject), &MaskingFacts::default());
        let advice = advised
            .advice
            .iter()
            .filter(|advice| advice.counters_nothing_measured());
        let mut ids: Vec<String> = advice.map(|advice| advice.recommendation.id.clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(
        resting_on_consequences("GM1930"),
        [
            "contribute_funding",
            "invest_in_quality_living_environments",
            "keep_attracting_families",
            "long_term_cross_domain_approach",
            "mind_regional_balance",
            "share_knowledge",
        ]
    );
    assert!(resting_on_consequences("nta_new_towns").is_empty());
    let nobody = adviser(&snapshot).advise(&HashMap::new(), &MaskingFacts::default());
    assert!(
        !nobody.advice.iter().any(Advice::counters_nothing_measured),
        "without a need there is nothing to say of it"
    );
}

#[test]
fn a_part_does_not_count_beside_its_total_in_a_theme_but_does_without_it() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    let theme = |figures: &HashMap<&str, Figure>| {
        let advised = adviser(&snapshot).advise(figures, &MaskingFacts::default());
        let mut themes = advised.themes.into_iter();
        let (_, theme) = themes
            .find(|(theme, _)| theme.id == "youth_opportunities")
            .expect("a theme");
        theme
    };
    let mut almere = figures(&snapshot, "GM0034");
    let with_total = theme(&almere);
    almere.remove("education_index");
    let without_total = theme(&almere);
    assert_eq!((with_total.indicators, without_total.indicators), (7, 8));
}

#[test]
fn breadth_is_not_measured_where_themes_without_figures_could_make_the_difference() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    let state = |figures: &HashMap<&str, Figure>| {
        let advised = adviser(&snapshot).advise(figures, &MaskingFacts::default());
        let broad = advised
            .advice
            .iter()
            .find_map(|advice| advice.trigger.as_ref().filter(|t| t.trigger.id == "breadth"));
        broad.expect("a trigger").state
    };
    // Nieuwegein: two unfavourable themes, three without enough figures.
    assert_eq!(state(&figures(&snapshot, "GM0356")), TriggerState::NotMeasured);
    // Figures on social cohesion and attractiveness, all good: only the theme without judged indicators stays unknown.
    let mut favourable = HashMap::new();
    for indicator in snapshot
        .indicators
        .iter()
        .filter(|indicator| indicator.counts_in_advice())
    {
        let figure = Figure {
            place_share: 0.1,
            proxy: false,
        };
        favourable.insert(indicator.id.as_str(), figure);
    }
    assert_eq!(state(&favourable), TriggerState::NotFired);
    assert_eq!(state(&HashMap::new()), TriggerState::NotMeasured);
}

#[test]
fn the_values_of_an_indicator_that_stands_in_count_once_in_a_theme() {
    let mut snapshot = snapshot_of(&SourceFolder::built_in());
    let stands_in = snapshot.indicator("low_noise_nuisance").expect("an indicator").0;
    snapshot.indicators[stands_in].proxy = Some(crate::domain::ProxyFor {
        indicator: "low_vandalism".to_owned(),
        reason: Default::default(),
    });
    let figure = |place_share, proxy| Figure { place_share, proxy };
    let indicators_of_theme = |figures: &HashMap<&str, Figure>| {
        let advised = adviser(&snapshot).advise(figures, &MaskingFacts::default());
        let theme = advised
            .themes
            .iter()
            .find(|(theme, _)| theme.id == "liveability_safety");
        theme.expect("a theme").1.indicators
    };
    let own = ("low_noise_nuisance", figure(0.9, false));
    let of_another = ("low_vandalism", figure(0.9, true));
    assert_eq!(indicators_of_theme(&HashMap::from([own, of_another])), 1);
    assert_eq!(
        indicators_of_theme(&HashMap::from([of_another])),
        1,
        "nothing else says it"
    );
    let measured = ("low_vandalism", figure(0.9, false));
    assert_eq!(indicators_of_theme(&HashMap::from([own, measured])), 2);
}
