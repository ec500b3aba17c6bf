//! Advice -> messages, for one recommendation or for all.

use std::collections::HashMap;

use groeikern::v1::{self, CaveatCode};

use super::{figures::Found, masking, subject::Subject};
use crate::{
    advice::{Advice, Path, TriggerState, Weighed},
    domain::{Factor, Finding, Group, Text, Theme},
    method::{Class, NEED_OF_RANDOM_POSITIONS, Need, ThemeSeverity, count},
    rpc::{metadata::Metadata, render},
    snapshot::Snapshot,
};

/// Turns advice into messages.
pub(super) struct Rendering<'a> {
    pub(super) edition: &'a Snapshot,
    pub(super) subject: &'a Subject<'a>,
    pub(super) found: &'a HashMap<&'a str, Found<'a>>,
}

/// The same need measured among other municipalities.
#[derive(Default)]
pub(super) struct NeedAmong {
    pub(super) peers: Option<v1::PeerNeed>,
    pub(super) surroundings: Option<v1::SurroundingsNeed>,
}

impl Rendering<'_> {
    pub(super) fn advice(&self, advice: &Advice<'_>, among: NeedAmong) -> v1::Advice {
        let need = &advice.need;
        v1::Advice {
            recommendation: Some(render::recommendation(self.edition, advice.recommendation)),
            recommendation_class: class(advice.class).into(),
            recommendation_class_by_need: class(need.class).into(),
            need: need.need,
            coverage: need.coverage,
            factors: self.factor_scores(advice),
            unmeasured_factors: need
                .unmeasured
                .iter()
                .filter_map(|id| self.factor_ref(id, advice))
                .collect(),
            evidence: advice
                .evidence()
                .iter()
                .filter_map(|weighed| self.evidence(weighed))
                .collect(),
            counter_evidence: advice
                .counter_evidence()
                .iter()
                .filter_map(|weighed| self.evidence(weighed))
                .collect(),
            indicators_without_data: need
                .without_figure
                .iter()
                .filter_map(|id| self.indicator_ref(id))
                .collect(),
            mechanism_paths: self.mechanism_paths(advice),
            triggers: trigger(self.edition, advice).into_iter().collect(),
            peer_need: among.peers,
            caveats: caveats(advice),
            context: self.context(advice),
            surroundings_need: among.surroundings,
            findings: self
                .findings(advice)
                .into_iter()
                .map(|finding| render::finding(self.edition, finding))
                .collect(),
        }
    }

    fn context(&self, advice: &Advice<'_>) -> Vec<v1::ContextFigure> {
        let shown = advice.context.iter().filter_map(|context| {
            let found = self.found.get(context.indicator)?;
            Some(v1::ContextFigure {
                ranking: render::ranking_summary(self.edition, found.indicator, found.table, None),
                standing: render::standing(&found.standing, found.table.scale()),
                factor_id: context.factor.to_owned(),
            })
        });
        shown.collect()
    }

    /// The findings that name the subject and bear on a linked factor, in the order of the report.
    pub(super) fn findings(&self, advice: &Advice<'_>) -> Vec<&Finding> {
        let knowledge = &self.edition.knowledge;
        let is_linked = |finding: &Finding| {
            let mut factors = knowledge.factors_of_finding(finding).into_iter();
            factors.any(|factor| advice.roles.contains_key(factor.id.as_str()))
        };
        let all = knowledge.findings.iter();
        all.filter(|finding| self.subject.is_named_by(finding) && is_linked(finding))
            .collect()
    }

    fn factor(&self, id: &str) -> Option<&Factor> {
        self.edition.knowledge.factor(id)
    }

    /// What limits how the indicators of a factor bear on it.
    pub(super) fn caveat_of(&self, factor: &str) -> Option<v1::LocalizedText> {
        render::optional_text(self.factor(factor).and_then(|factor| factor.caveat.as_ref()))
    }

    pub(super) fn factor_ref(&self, id: &str, advice: &Advice<'_>) -> Option<v1::FactorRef> {
        Some(render::factor_ref(
            self.factor(id)?,
            advice.roles.get(id).copied(),
        ))
    }

    fn factor_scores(&self, advice: &Advice<'_>) -> Vec<v1::FactorScore> {
        let measured = advice.measured().filter_map(|measured| {
            Some(v1::FactorScore {
                factor: self.factor_ref(measured.id, advice),
                weight: measured.weight,
                score: measured.score?,
                indicator_ids: measured
                    .counted
                    .iter()
                    .map(|counted| counted.id.to_owned())
                    .collect(),
                caveat: self.caveat_of(measured.id),
            })
        });
        measured.collect()
    }

    fn evidence(&self, weighed: &Weighed<'_>) -> Option<v1::Evidence> {
        let found = self.found.get(weighed.indicator)?;
        let contributed = self.subject.contributed(self.edition, found.table);
        Some(v1::Evidence {
            ranking: render::ranking_summary(self.edition, found.indicator, found.table, None),
            standing: render::standing(&found.standing, found.table.scale()),
            factor_id: weighed.factor.to_owned(),
            severity: weighed.severity,
            share: weighed.share,
            contributed: contributed.map_or(0, |(known, _)| known),
            members: contributed.map_or(0, |(_, members)| members),
        })
    }

    pub(super) fn indicator_ref(&self, id: &str) -> Option<v1::IndicatorRef> {
        render::indicator_ref(self.edition.indicator(id)?.1)
    }

    /// The mechanisms that lead from a countered factor to another linked one.
    pub(super) fn mechanisms(&self, advice: &Advice<'_>) -> Vec<v1::Mechanism> {
        let role = |id: &str| advice.roles.get(id).copied();
        let mechanisms = advice.mechanisms.iter();
        mechanisms
            .map(|mechanism| render::mechanism(&self.edition.knowledge, mechanism, role))
            .collect()
    }

    fn mechanism_paths(&self, advice: &Advice<'_>) -> Vec<v1::MechanismPath> {
        let role = |id: &str| advice.roles.get(id).copied();
        let single = advice.mechanisms.iter().map(|mechanism| Path(vec![*mechanism]));
        single
            .map(|path| render::mechanism_path(&self.edition.knowledge, &path, role))
            .collect()
    }
}

pub(super) fn class(class: Class) -> v1::RecommendationClass {
    match class {
        Class::Strong => v1::RecommendationClass::Strong,
        Class::Moderate => v1::RecommendationClass::Moderate,
        Class::Weak => v1::RecommendationClass::Weak,
        Class::NotIndicated => v1::RecommendationClass::NotIndicated,
        Class::InsufficientData => v1::RecommendationClass::InsufficientData,
    }
}

pub(super) fn peer_need(group: &Group, need: &Need<'_>) -> v1::PeerNeed {
    v1::PeerNeed {
        group: render::group_ref(group),
        need: need.need,
        coverage: need.coverage,
        recommendation_class: class(need.class).into(),
    }
}

pub(super) fn surroundings_need(regions: &v1::RegionSet, need: &Need<'_>) -> v1::SurroundingsNeed {
    v1::SurroundingsNeed {
        regions: Some(regions.clone()),
        need: need.need,
        coverage: need.coverage,
        recommendation_class: class(need.class).into(),
    }
}

fn state_of(advice: &Advice<'_>) -> Option<TriggerState> {
    advice.trigger.as_ref().map(|outcome| outcome.state)
}

pub(super) fn trigger(edition: &Snapshot, advice: &Advice<'_>) -> Option<v1::TriggerOutcome> {
    let outcome = advice.trigger.as_ref()?;
    let (state, least_class) = match outcome.state {
        TriggerState::Fired(least) => (v1::TriggerState::Fired, class(least)),
        TriggerState::NotFired => (v1::TriggerState::NotFired, v1::RecommendationClass::Unspecified),
        TriggerState::NotMeasured => (
            v1::TriggerState::NotMeasured,
            v1::RecommendationClass::Unspecified,
        ),
    };
    Some(v1::TriggerOutcome {
        id: outcome.trigger.id.clone(),
        name: render::text(&outcome.trigger.name),
        description: render::text(&outcome.trigger.description),
        state: state.into(),
        least_class: least_class.into(),
        masking: outcome
            .masking
            .as_ref()
            .map(|found| masking::found(edition, found)),
    })
}

/// What limits one recommendation in particular.
fn caveats(advice: &Advice<'_>) -> Vec<v1::Caveat> {
    let trigger = (state_of(advice) == Some(TriggerState::NotMeasured))
        .then(|| (CaveatCode::TriggerNotMeasured, trigger_not_measured()));
    let countered = advice.counters_nothing_measured().then(|| {
        let text = Text::new(
            "Over wat deze aanbeveling wil tegengaan, zijn hier geen cijfers. De noodzaak berust alleen op signalen en \
             gevolgen.",
            "There are no figures here on what this recommendation counters. The need rests on signals and consequences \
             alone.",
        );
        (CaveatCode::CounteredFactorsUnmeasured, text)
    });
    let limits = trigger.into_iter().chain(countered);
    limits
        .map(|(code, text)| v1::Caveat {
            code: code.into(),
            text: render::text(&text),
            ..Default::default()
        })
        .collect()
}

fn trigger_not_measured() -> Text {
    Text::new(
        "Of aan de voorwaarde van een trigger is voldaan, is niet te bepalen: deze editie heeft er te weinig cijfers voor.",
        "Whether a trigger's condition holds cannot be told: this edition has too few figures for it.",
    )
}

/// What an answer with these pieces of advice must say of itself: its sources, and the limits of the figures it shows.
pub(super) fn metadata<'a>(
    edition: &'a Snapshot,
    subject: &Subject<'_>,
    found: &HashMap<&'a str, Found<'a>>,
    shown: impl IntoIterator<Item = &'a str>,
) -> Metadata<'a> {
    let mut metadata = Metadata::of(edition);
    add_to(&mut metadata, subject, found, shown);
    metadata
}

/// Adds that to what an answer says of itself already.
pub(super) fn add_to<'a>(
    metadata: &mut Metadata<'a>,
    subject: &Subject<'_>,
    found: &HashMap<&'a str, Found<'a>>,
    shown: impl IntoIterator<Item = &'a str>,
) {
    metadata.quote_all();
    metadata.general_source_caveats();
    random_baseline(metadata);
    for figure in shown.into_iter().filter_map(|indicator| found.get(indicator)) {
        metadata.ranking(figure.indicator, figure.table);
        if let Subject::Group(group) = subject {
            metadata.former_members(figure.indicator, figure.table, &[group]);
        }
    }
    if let Subject::Group(group) = subject
        && found.values().any(|found| !found.table.has_values())
    {
        metadata.published_mean(group);
    }
}

/// The indicators that an advice shows: its evidence for and against, and the neutral ones beside them.
pub(super) fn shown_in<'a>(advice: &Advice<'a>) -> Vec<&'a str> {
    let counted = advice.need.factors.iter().flat_map(|factor| &factor.counted);
    let context = advice.context.iter().map(|context| context.indicator);
    counted.map(|counted| counted.id).chain(context).collect()
}

/// Says what limits the triggers of these: that one could not be judged, or looked at some of the neighbourhoods only.
pub(super) fn limits_of_triggers<'a, 'b: 'a>(
    metadata: &mut Metadata<'_>,
    advice: impl Iterator<Item = &'a Advice<'b>>,
) {
    for outcome in advice.filter_map(|advice| advice.trigger.as_ref()) {
        if outcome.state == TriggerState::NotMeasured {
            metadata.caveat(CaveatCode::TriggerNotMeasured, trigger_not_measured());
        }
        if outcome.masking.is_some() {
            metadata.caveat(
                CaveatCode::NeighbourhoodsWithoutFigure,
                Text::new(
                    "Buurten zonder cijfer of zonder inwoners tellen niet mee bij wat wijken verbergen: dat kan meer zijn dan is \
                     gevonden. DetectMasking telt ze.",
                    "Neighbourhoods without a figure or inhabitants do not count in what districts hide: that may be more than was \
                     found. DetectMasking counts them.",
                ),
            );
        }
    }
}

fn random_baseline(metadata: &mut Metadata<'_>) {
    let need = NEED_OF_RANDOM_POSITIONS;
    metadata.caveat(
        CaveatCode::RandomBaseline,
        Text::new(
            format!(
                "Bij willekeurige posities ligt de noodzaak al rond {}.",
                need.to_string().replace('.', ",")
            ),
            format!("Random positions already give a need of about {need}."),
        ),
    );
}

pub(super) fn theme_severity((theme, severity): &(&Theme, ThemeSeverity)) -> v1::ThemeSeverity {
    v1::ThemeSeverity {
        theme_id: theme.id.clone(),
        name: render::text(&theme.name),
        severity: severity.severity,
        indicators: count(severity.indicators),
        unfavourable: severity.unfavourable,
        thin: severity.thin,
    }
}
