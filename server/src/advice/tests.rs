//! Advice on the published edition, against what the report says of the towns.

use super::*;
use crate::{
    edition::source::Source,
    method::severity,
    snapshot::{Snapshot, tests::snapshot_of},
};

fn figures<'a>(snapshot: &'a Snapshot, code: &str) -> HashMap<&'a str, Figure> {
    let (region, _) = snapshot.region(code).expect("a region");
    let figure = |(place, indicator): (usize, &'a Indicator)| {
        let row = snapshot.ranking(place, None, None)?.row(region)?.1;
        Some((
            indicator.id.as_str(),
            Figure {
                place_share: row.standing.place_share,
                proxy: false,
            },
        ))
    };
    snapshot
        .indicators
        .iter()
        .enumerate()
        .filter_map(figure)
        .collect()
}

fn adviser(snapshot: &Snapshot) -> Adviser<'_> {
    Adviser {
        knowledge: &snapshot.knowledge,
        indicators: &snapshot.indicators,
        themes: &snapshot.themes,
    }
}

#[test]
fn nissewaard_is_advised_youth_facilities_among_the_strongest() {
    let snapshot = snapshot_of(&Source::built_in());
    let advised = adviser(&snapshot).advise(&figures(&snapshot, "GM1930"));
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
    let snapshot = snapshot_of(&Source::built_in());
    let need = |code: &str| {
        let advised = adviser(&snapshot).advise(&figures(&snapshot, code));
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
    let snapshot = snapshot_of(&Source::built_in());
    let advised = adviser(&snapshot).advise(&HashMap::new());
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
    let snapshot = snapshot_of(&Source::built_in());
    let mut of_town = figures(&snapshot, "GM0794");
    let before: Vec<Option<f64>> = adviser(&snapshot)
        .advise(&of_town)
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
        .advise(&of_town)
        .advice
        .iter()
        .map(|a| a.need.need)
        .collect();
    assert_eq!(before, after);
}

#[test]
fn need_equals_the_sum_over_its_evidence() {
    let snapshot = snapshot_of(&Source::built_in());
    for town in ["GM0034", "GM0502", "GM0794"] {
        for advice in adviser(&snapshot).advise(&figures(&snapshot, town)).advice {
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
    let snapshot = snapshot_of(&Source::built_in());
    for advice in adviser(&snapshot).advise(&figures(&snapshot, "GM0439")).advice {
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
