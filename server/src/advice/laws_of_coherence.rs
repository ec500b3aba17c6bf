//! Laws of what hangs together.

use std::{collections::HashMap, sync::LazyLock};

use proptest::{collection::vec, prelude::*};

use super::{
    tests::{adviser, figures},
    *,
};
use crate::{
    domain::MechanismCertainty,
    edition::source::SourceFolder,
    snapshot::{Snapshot, tests::snapshot_of},
};

static BUILT_IN: LazyLock<Snapshot> = LazyLock::new(|| snapshot_of(&SourceFolder::built_in()));

fn chain(ids: &[&str]) -> Vec<Mechanism> {
    let steps = ids.windows(2).map(|ends| Mechanism {
        from: ends[0].to_owned(),
        to: ends[1].to_owned(),
        section: "1".to_owned(),
        basis: Vec::new(),
        certainty: MechanismCertainty::Stated,
        note: None,
        citations: Vec::new(),
    });
    steps.collect()
}

proptest! {
    #[test]
    fn what_is_counted_together_is_within_each_and_known_of_both(outcomes in vec(vec(any::<Option<bool>>(), 3), 0..40), first in 0..4_usize, second in 0..4_usize) {
        let outcome = |of: &ThemeOutcomes, theme: usize| of.get(theme).copied().flatten();
        let known: Vec<(bool, bool)> = outcomes
            .iter()
            .filter_map(|of| Some((outcome(of, first)?, outcome(of, second)?)))
            .collect();
        let counted = UnfavourableTogether::of(&outcomes, first, second);
        prop_assert_eq!(counted.is_some(), known.len() >= 10);
        if let Some(counted) = counted {
            let count = |picks: fn(&(bool, bool)) -> bool| known.iter().filter(|of| picks(of)).count();
            prop_assert_eq!(counted.subjects, known.len());
            prop_assert_eq!((counted.first, counted.second), (count(|of| of.0), count(|of| of.1)));
            prop_assert_eq!(counted.both, count(|of| of.0 && of.1));
            prop_assert!(counted.expected() <= counted.first.min(counted.second) as f64 + 1e-9);
            let other_way = UnfavourableTogether::of(&outcomes, second, first).map(|of| (of.both, of.expected()));
            prop_assert_eq!(other_way, Some((counted.both, counted.expected())));
        }
    }

    #[test]
    fn every_factor_of_a_path_is_counted_once(lengths in vec(1..7_usize, 0..12)) {
        let ids = ["a", "b", "c", "d", "e", "f", "g"];
        let chains: Vec<Vec<Mechanism>> = lengths.iter().map(|length| chain(&ids[..=*length])).collect();
        let paths: Vec<Path<'_>> = chains.iter().map(|chain| Path(chain.iter().collect())).collect();
        let found = connecting_factors(&paths);
        let sum = |part: fn(&ConnectingFactor<'_>) -> usize| found.iter().map(part).sum::<usize>();
        prop_assert_eq!(sum(|of| of.starting), lengths.len());
        prop_assert_eq!(sum(|of| of.ending), lengths.len());
        prop_assert_eq!(sum(|of| of.through), lengths.iter().map(|length| length - 1).sum::<usize>());
        let order = |of: &ConnectingFactor<'_>| (of.through, of.starting + of.ending);
        prop_assert!(found.windows(2).all(|pair| (order(&pair[1]), pair[0].id) < (order(&pair[0]), pair[1].id)
            || order(&pair[1]) < order(&pair[0])));
    }

    #[test]
    fn evidence_in_common_is_a_part_of_each_need(shares in vec(prop::option::weighted(0.8, (0.0..1.0_f64, any::<bool>())), 83)) {
        let snapshot = &*BUILT_IN;
        let drawn = snapshot.indicators.iter().zip(shares);
        let figures: HashMap<&str, Figure> = drawn
            .filter_map(|(indicator, share)| {
                let (place_share, proxy) = share?;
                Some((indicator.id.as_str(), Figure { place_share, proxy }))
            })
            .collect();
        for shared in adviser(snapshot).advise(&figures, &MaskingFacts::default()).shared_evidence() {
            prop_assert!(shared.share_of_first > 0.0 && shared.share_of_first <= 1.0 + 1e-12);
            prop_assert!(shared.share_of_second > 0.0 && shared.share_of_second <= 1.0 + 1e-12);
            prop_assert!(!shared.indicators.is_empty() && shared.indicators.is_sorted());
            let number = |of: &Recommendation| (of.addressee, of.number);
            prop_assert!(number(shared.first) < number(shared.second));
        }
    }
}

#[test]
fn a_path_without_steps_connects_nothing() {
    assert!(connecting_factors(&[Path(Vec::new())]).is_empty());
    assert!(connecting_factors(&[]).is_empty());
}

#[test]
fn nothing_that_speaks_for_a_recommendation_is_nothing_in_common() {
    let snapshot = &*BUILT_IN;
    assert!(
        adviser(snapshot)
            .advise(&HashMap::new(), &MaskingFacts::default())
            .shared_evidence()
            .is_empty()
    );
    let best = figures(snapshot, "GM1930").into_keys().map(|id| {
        let figure = Figure {
            place_share: 0.1,
            proxy: false,
        };
        (id, figure)
    });
    assert!(
        adviser(snapshot)
            .advise(&best.collect(), &MaskingFacts::default())
            .shared_evidence()
            .is_empty()
    );
}

#[test]
fn paths_between_themes_run_either_way_and_in_order() {
    let snapshot = &*BUILT_IN;
    let adviser = adviser(snapshot);
    let theme = |id: &str| {
        snapshot
            .themes
            .iter()
            .find(|theme| theme.id == id)
            .expect("a theme")
    };
    let (youth, safety) = (theme("youth_opportunities"), theme("liveability_safety"));
    let graph = MechanismGraph::of(&snapshot.knowledge.mechanisms);
    let between = |ends, most| adviser.paths_between(&graph, ends, Bounds { longest: 5, most });
    let found = between((youth, safety), 1000);
    assert_eq!(found, between((safety, youth), 1000));
    let keys: Vec<(usize, Vec<&str>)> = found
        .paths
        .iter()
        .map(|path| (path.0.len(), path.factors()))
        .collect();
    assert!(keys.is_sorted());
    let begins = |path: &Path<'_>| {
        snapshot
            .knowledge
            .factor(path.factors()[0])
            .map(|of| of.theme.clone())
    };
    let ways: std::collections::BTreeSet<Option<String>> = found.paths.iter().map(begins).collect();
    assert_eq!(ways.len(), 1, "no mechanism leads from youth to safety");
    let livelihood = theme("livelihood_security");
    let found = between((youth, livelihood), 1);
    assert!(found.truncated);
}
