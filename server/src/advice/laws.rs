//! Laws that advice keeps whatever the figures are, over the knowledge that is built in.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::tests::adviser;
use super::*;
use crate::{
    edition::source::SourceFolder,
    snapshot::{Snapshot, tests::snapshot_of},
};

static EDITION: LazyLock<Snapshot> = LazyLock::new(|| snapshot_of(&SourceFolder::built_in()));

type Figures = HashMap<&'static str, Figure>;

/// Figures of some indicators: place shares, some of them of proxies. Neutral and unverified indicators have some as well.
fn any_figures() -> impl Strategy<Value = Figures> {
    let figure = prop::option::of((0.0..1.0_f64, any::<bool>()));
    prop::collection::vec(figure, EDITION.indicators.len()).prop_map(|figures| {
        let of_indicators = EDITION.indicators.iter().zip(figures);
        let given = of_indicators.filter_map(|(indicator, figure)| {
            let (place_share, proxy) = figure?;
            Some((indicator.id.as_str(), Figure { place_share, proxy }))
        });
        given.collect()
    })
}

/// Class, need and coverage of every recommendation, by id.
fn outcomes(adviser: &Adviser<'_>, figures: &Figures) -> Vec<(String, Class, Option<f64>, f64)> {
    let advice = adviser.advise(figures, &MaskingFacts::default()).advice;
    let mut outcomes: Vec<_> = advice
        .into_iter()
        .map(|advice| {
            let id = advice.recommendation.id.clone();
            (id, advice.class, advice.need.need, advice.need.coverage)
        })
        .collect();
    outcomes.sort_by(|one, other| one.0.cmp(&other.0));
    outcomes
}

fn indicator_at(place: prop::sample::Index) -> &'static str {
    &EDITION.indicators[place.index(EDITION.indicators.len())].id
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn improving_a_figure_never_raises_a_need_or_a_class(
        mut figures in any_figures(),
        place in any::<prop::sample::Index>(),
        better in 0.0..1.0_f64,
    ) {
        let id = indicator_at(place);
        let before = outcomes(&adviser(&EDITION), &figures);
        if let Some(figure) = figures.get_mut(id) {
            figure.place_share *= better;
        }
        for (old, new) in before.iter().zip(outcomes(&adviser(&EDITION), &figures)) {
            prop_assert!(new.2 <= old.2.map(|need| need + 1e-12), "{}: {:?} -> {:?}", old.0, old.2, new.2);
            prop_assert!(new.1 <= old.1, "{}: {:?} -> {:?}", old.0, old.1, new.1);
        }
    }

    #[test]
    fn a_favourable_figure_that_is_added_never_raises_a_need(
        mut figures in any_figures(),
        place in any::<prop::sample::Index>(),
        place_share in 0.0..=0.5_f64,
        proxy in any::<bool>(),
    ) {
        let id = indicator_at(place);
        figures.remove(id);
        let before = outcomes(&adviser(&EDITION), &figures);
        figures.insert(id, Figure { place_share, proxy });
        for (old, new) in before.iter().zip(outcomes(&adviser(&EDITION), &figures)) {
            if let (Some(old_need), Some(new_need)) = (old.2, new.2) {
                prop_assert!(new_need <= old_need + 1e-12, "{}: {old_need} -> {new_need}", old.0);
            }
            prop_assert!(new.3 >= old.3 - 1e-12, "{}: coverage {} -> {}", old.0, old.3, new.3);
        }
    }

    #[test]
    fn the_order_of_knowledge_and_catalogue_changes_nothing(figures in any_figures(), seed in any::<u64>()) {
        let mut knowledge = EDITION.knowledge.clone();
        let mut indicators = EDITION.indicators.clone();
        let mut themes = EDITION.themes.clone();
        let by = |id: &str| {
            // Any order will do, as long as it is another one each time.
            use std::hash::{Hash, Hasher};
            let mut hasher = std::hash::DefaultHasher::new();
            (seed, id).hash(&mut hasher);
            hasher.finish()
        };
        knowledge.factors.sort_by_key(|factor| by(&factor.id));
        knowledge.mechanisms.sort_by_key(|edge| by(&format!("{}{}", edge.from, edge.to)));
        knowledge.recommendations.sort_by_key(|recommendation| by(&recommendation.id));
        for recommendation in &mut knowledge.recommendations {
            recommendation.counters.sort_by_key(|id| by(id));
            recommendation.signals.sort_by_key(|id| by(id));
        }
        for factor in &mut knowledge.factors {
            factor.indicators.sort_by_key(|id| by(id));
        }
        indicators.sort_by_key(|indicator| by(&indicator.id));
        themes.sort_by_key(|theme| by(&theme.id));
        let shuffled = Adviser { knowledge: &knowledge, indicators: &indicators, themes: &themes };
        prop_assert_eq!(outcomes(&shuffled, &figures), outcomes(&adviser(&EDITION), &figures));
    }

    #[test]
    fn what_never_counts_never_counts(mut figures in any_figures(), place_share in 0.0..1.0_f64) {
        let before = outcomes(&adviser(&EDITION), &figures);
        for indicator in EDITION.indicators.iter().filter(|indicator| !indicator.counts_in_advice()) {
            figures.insert(&indicator.id, Figure { place_share, proxy: false });
        }
        prop_assert_eq!(outcomes(&adviser(&EDITION), &figures), before);
    }
}

proptest! {
    // A derivation is as many pieces of advice as it has figures.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn without_one_figure_advice_is_what_its_derivation_says(figures in any_figures()) {
        for recommendation in &EDITION.knowledge.recommendations {
            let derivation = adviser(&EDITION).derive(recommendation, &figures, &MaskingFacts::default());
            for (id, left) in &derivation.without {
                let mut others = figures.clone();
                others.remove(id);
                let advised = adviser(&EDITION).advise(&others, &MaskingFacts::default());
                let found = advised.advice.iter().find(|advice| advice.recommendation.id == recommendation.id);
                let found = found.expect("listed");
                prop_assert_eq!(
                    (left.need, left.coverage, left.class),
                    (found.need.need, found.need.coverage, found.class)
                );
            }
        }
    }

    #[test]
    fn a_derivation_adds_up(figures in any_figures()) {
        let mean = |parts: &[(f64, f64)]| {
            let weight: f64 = parts.iter().map(|(weight, _)| weight).sum();
            (weight > 0.0).then(|| parts.iter().map(|(weight, value)| weight * value).sum::<f64>() / weight)
        };
        let equal = |one: Option<f64>, other: Option<f64>| match (one, other) {
            (Some(one), Some(other)) => (one - other).abs() < 1e-12,
            (one, other) => one.is_none() && other.is_none(),
        };
        for recommendation in &EDITION.knowledge.recommendations {
            let derivation = adviser(&EDITION).derive(recommendation, &figures, &MaskingFacts::default());
            let need = &derivation.advice.need;
            let mut scores = Vec::new();
            let (mut measured, mut linked) = (0.0, 0.0);
            for factor in &need.factors {
                let parts: Vec<(f64, f64)> = factor.counted.iter().map(|c| (c.weight, c.severity)).collect();
                prop_assert!(equal(factor.score, mean(&parts)));
                scores.extend(factor.score.map(|score| (factor.weight, score)));
                let with: f64 = factor.counted.iter().map(|c| factor.weight * c.weight).sum();
                let without = factor.without_figure.iter().map(|_| factor.weight).sum::<f64>();
                measured += with;
                linked += with + without;
            }
            prop_assert!(equal(need.need, mean(&scores)));
            let coverage = if linked > 0.0 { measured / linked } else { 0.0 };
            prop_assert!((need.coverage - coverage).abs() < 1e-12);
            for theme in &derivation.themes {
                let parts: Vec<(f64, f64)> = theme.figures.iter().map(|f| (f.weight, f.severity)).collect();
                prop_assert!(equal(theme.fare.severity, mean(&parts)));
            }
        }
    }
}
