//! ExplainRecommendation: the class of one recommendation, taken apart down to single figures.

mod plain;
mod sources;

use groeikern::v1::{self, DerivationKind, DerivationNode};

use super::{
    figures::{Found, adviser, figures, figures_within, standings},
    masking,
    rendering::{self, NeedAmong, Rendering},
    subject::{self, Subject},
};
use crate::{
    advice::{Derivation, FactorRole, Remainder, ThemeDerivation},
    domain::{Basis, Group, Recommendation},
    method::{Counted, FactorNeed},
    rpc::{Failure, render, request::Violations},
    snapshot::Snapshot,
};
use plain::Plain;
use sources::Sources;

/// Members whose figures fit in an answer: each is a leaf under every figure.
const MOST_MEMBERS: usize = 100;

/// What is asked beside the subject.
pub(super) struct Asked<'a> {
    /// Which figures.
    pub(super) basis: Option<Basis>,
    /// The indicators whose own figures are left out, by id.
    pub(super) left_out: &'a [&'a str],
    /// A group to measure the need within.
    pub(super) peers: Option<&'a Group>,
}

/// Checks that the municipalities asked for fit in an answer.
pub(super) fn check_size(subject: Option<subject::Asked<'_>>, violations: &mut Violations) {
    if let Some(subject::Asked::Regions(codes)) = subject
        && codes.len() > MOST_MEMBERS
    {
        let description = format!(
            "has {} codes: an explanation holds every figure of every municipality, and at most {MOST_MEMBERS} fit; Recommend \
             takes 500",
            codes.len()
        );
        violations.too_large("regions.region_codes", description);
    }
}

/// One recommendation for a subject, as if the edition had no figures of the indicators that are left out.
pub(super) fn explain(
    edition: &Snapshot,
    subject: &Subject<'_>,
    recommendation: &Recommendation,
    asked: &Asked<'_>,
) -> Result<v1::ExplainRecommendationResponse, Failure> {
    if let Subject::Group(group) = subject
        && group.members.len() > MOST_MEMBERS
    {
        return Err(Failure::too_many_members(
            &group.id,
            group.members.len(),
            MOST_MEMBERS,
        ));
    }
    let mut found = standings(edition, subject, asked.basis);
    let any = !found.is_empty();
    found.retain(|id, _| !asked.left_out.contains(id));
    if found.is_empty() {
        return Err(match any {
            true => Failure::everything_left_out(),
            false => subject.without_figures(edition, asked.basis.is_some()),
        });
    }
    let everything = masking::facts(edition, &subject.members());
    let hidden = asked
        .left_out
        .iter()
        .fold(everything, |hidden, id| hidden.without(id));
    let adviser = adviser(edition);
    let derivation = adviser.derive(recommendation, &figures(&found), &hidden);
    let peers = asked.peers.map(|group| {
        let among = figures_within(edition, subject, &found, group);
        (group, adviser.need_of(recommendation, &among))
    });
    let advice = &derivation.advice;

    let of_themes = derivation.themes.iter().flat_map(|theme| &theme.figures);
    let shown = rendering::shown_in(advice).into_iter();
    let shown = shown.chain(of_themes.map(|figure| figure.indicator));
    let mut metadata = rendering::metadata(edition, subject, &found, shown);
    rendering::limits_of_triggers(&mut metadata, std::iter::once(advice));

    let rendering = Rendering {
        edition,
        subject,
        found: &found,
    };
    metadata.findings(&rendering.findings(advice));
    let tree = Tree {
        rendering: &rendering,
        derivation: &derivation,
        sources: Sources { edition, subject },
    };
    let plain = Plain {
        rendering: &rendering,
        derivation: &derivation,
        peers: peers.as_ref(),
    };
    let among = NeedAmong {
        peers: peers
            .as_ref()
            .map(|(group, need)| rendering::peer_need(group, need)),
        surroundings: None,
    };
    let rules = &edition.knowledge.need_rules;
    Ok(v1::ExplainRecommendationResponse {
        metadata: metadata.finish(),
        subject: subject.answered(),
        advice: Some(rendering.advice(advice, among)),
        derivation: Some(tree.root()),
        plain_language: plain.paragraphs(),
        thresholds: Some(v1::ClassThresholds {
            strong: rules.strong,
            moderate: rules.moderate,
            weak: rules.weak,
            minimum_coverage: rules.minimum_coverage,
        }),
    })
}

/// Makes the nodes of a derivation.
struct Tree<'a> {
    rendering: &'a Rendering<'a>,
    derivation: &'a Derivation<'a>,
    sources: Sources<'a>,
}

impl Tree<'_> {
    fn root(&self) -> DerivationNode {
        let advice = &self.derivation.advice;
        let need = DerivationNode {
            value: advice.need.need,
            recommendation_class: rendering::class(advice.need.class).into(),
            children: advice
                .need
                .factors
                .iter()
                .map(|factor| self.factor(factor))
                .collect(),
            ..node(DerivationKind::Need)
        };
        let coverage = DerivationNode {
            value: Some(advice.need.coverage),
            ..node(DerivationKind::Coverage)
        };
        let mut children = vec![need, coverage];
        children
            .extend(rendering::trigger(self.rendering.edition, advice).map(|trigger| self.trigger(trigger)));
        DerivationNode {
            id: advice.recommendation.id.clone(),
            name: render::text(&advice.recommendation.title),
            recommendation_class: rendering::class(advice.class).into(),
            children,
            ..node(DerivationKind::Class)
        }
    }

    fn trigger(&self, trigger: v1::TriggerOutcome) -> DerivationNode {
        let themes = self.derivation.themes.iter().map(|theme| self.theme(theme));
        let hidden = trigger.masking.iter().flat_map(|found| &found.indicators);
        let hidden = hidden.map(|on| self.sources.masked_districts(on));
        let children = themes.chain(hidden).collect();
        DerivationNode {
            trigger_state: trigger.state,
            recommendation_class: trigger.least_class,
            children,
            masking: trigger.masking,
            id: trigger.id,
            name: trigger.name,
            ..node(DerivationKind::Trigger)
        }
    }

    fn theme(&self, theme: &ThemeDerivation<'_>) -> DerivationNode {
        let figures = theme
            .figures
            .iter()
            .filter_map(|figure| self.figure(figure.indicator, figure.severity, figure.weight));
        DerivationNode {
            id: theme.theme.id.clone(),
            name: render::text(&theme.theme.name),
            value: theme.fare.severity,
            children: figures.collect(),
            ..node(DerivationKind::Theme)
        }
    }

    fn factor(&self, factor: &FactorNeed<'_>) -> DerivationNode {
        let advice = &self.derivation.advice;
        let named = self.rendering.factor_ref(factor.id, advice).unwrap_or_default();
        let counted = factor
            .counted
            .iter()
            .filter_map(|counted| self.counted(factor, counted));
        let without = factor
            .without_figure
            .iter()
            .map(|id| self.without_figure(factor, id));
        let is_downstream = advice.roles.get(factor.id) == Some(&FactorRole::Downstream);
        let reasons = is_downstream.then(|| {
            let mut mechanisms = self.rendering.mechanisms(advice);
            mechanisms.retain(|mechanism| {
                mechanism
                    .effect
                    .as_ref()
                    .is_some_and(|effect| effect.id == factor.id)
            });
            mechanisms
        });
        DerivationNode {
            role: named.role,
            id: named.id,
            name: named.name,
            value: factor.score,
            weight: factor.score.map(|_| factor.weight),
            reasons: reasons.unwrap_or_default(),
            caveat: self.rendering.caveat_of(factor.id),
            children: counted.chain(without).collect(),
            ..node(DerivationKind::Factor)
        }
    }

    /// A figure that counts in the need.
    fn counted(&self, factor: &FactorNeed<'_>, counted: &Counted<'_>) -> Option<DerivationNode> {
        Some(DerivationNode {
            coverage_weight: Some(factor.weight * counted.weight),
            ..self.figure(counted.id, counted.severity, counted.weight)?
        })
    }

    fn figure(&self, id: &str, severity: f64, weight: f64) -> Option<DerivationNode> {
        let found: &Found<'_> = self.rendering.found.get(id)?;
        Some(DerivationNode {
            id: id.to_owned(),
            name: render::text(&found.indicator.name),
            value: Some(severity),
            weight: Some(weight),
            ranking: render::ranking_summary(self.rendering.edition, found.indicator, found.table, None),
            standing: render::standing(&found.standing, found.table.scale()),
            without: self.derivation.without.get(id).map(without),
            children: self.sources.of(found),
            ..node(DerivationKind::Figure)
        })
    }

    fn without_figure(&self, factor: &FactorNeed<'_>, id: &str) -> DerivationNode {
        let indicator = self.rendering.indicator_ref(id).unwrap_or_default();
        DerivationNode {
            id: indicator.id,
            name: indicator.name,
            coverage_weight: Some(factor.weight),
            ..node(DerivationKind::WithoutFigure)
        }
    }
}

fn node(kind: DerivationKind) -> DerivationNode {
    DerivationNode {
        kind: kind.into(),
        ..Default::default()
    }
}

fn without(left: &Remainder) -> v1::AdviceWithout {
    v1::AdviceWithout {
        need: left.need,
        coverage: left.coverage,
        recommendation_class: rendering::class(left.class).into(),
    }
}
