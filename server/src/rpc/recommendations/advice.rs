//! Figures of a municipality or group -> advice -> messages.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use groeikern::v1::{self, CaveatCode, recommend_response::Subject as Answered};

use super::masking;
use crate::rpc::{Failure, metadata::Metadata, render};
use crate::{
    advice::{Advice, Adviser, TriggerState, Weighed},
    domain::{Basis, Factor, Group, Indicator, Region, Text, Theme},
    method::{Class, Figure, Need, ThemeSeverity, count},
    snapshot::{RankingTable, Snapshot, Standing},
};

/// Whom advice is for.
pub(super) enum Subject<'a> {
    /// A municipality and its place among the regions.
    Region(usize, &'a Region),
    /// The mean of a group.
    Group(&'a Group),
    /// The mean of municipalities chosen for one request, each with its place among the regions.
    Regions(Vec<(usize, &'a Region)>),
}

impl Subject<'_> {
    /// Where it stands in a ranking.
    fn standing_in(&self, edition: &Snapshot, table: &RankingTable) -> Option<Standing> {
        match self {
            Self::Region(place, _) => table.row(*place).map(|(_, row)| row.standing),
            Self::Group(group) => {
                let members = edition.places_of(group, table.vintage());
                table.standing_of_group(&group.id, members, None).standing
            }
            Self::Regions(regions) => {
                table
                    .mean_of(regions.iter().map(|(place, _)| *place), None)
                    .standing
            }
        }
    }

    /// The municipalities it is, or is the mean of, each by its present code and the one before that.
    fn members(&self) -> Vec<Vec<&str>> {
        match self {
            Self::Region(_, region) => vec![vec![&region.code]],
            Self::Group(group) => {
                let members = group.members.iter();
                members
                    .map(|member| {
                        std::iter::once(&*member.code)
                            .chain(member.former_code.as_deref())
                            .collect()
                    })
                    .collect()
            }
            Self::Regions(regions) => regions.iter().map(|(_, region)| vec![&*region.code]).collect(),
        }
    }

    /// That nothing is known of it.
    fn without_figures(&self, edition: &Snapshot, narrowed: bool) -> Failure {
        let name = &edition.manifest.name;
        match self {
            Self::Region(_, region) => Failure::no_data_for_subject(&region.code, name, narrowed),
            Self::Group(group) => Failure::no_data_for_subject(&group.id, name, narrowed),
            Self::Regions(_) => Failure::no_mean_of_regions(name),
        }
    }

    fn answered(&self) -> Option<Answered> {
        match self {
            Self::Region(_, region) => render::region_ref(region).map(Answered::Region),
            Self::Group(group) => render::group_ref(group).map(Answered::Group),
            Self::Regions(regions) => Some(Answered::Regions(v1::RegionSet {
                regions: regions
                    .iter()
                    .filter_map(|(_, region)| render::region_ref(region))
                    .collect(),
            })),
        }
    }
}

/// Where the subject stands on one indicator.
struct Found<'a> {
    indicator: &'a Indicator,
    table: &'a RankingTable,
    standing: Standing,
}

impl Found<'_> {
    fn figure(&self) -> Figure {
        self.figure_at(self.standing.place_share)
    }

    /// The same figure with another place share, as among peers.
    fn figure_at(&self, place_share: f64) -> Figure {
        Figure {
            place_share,
            proxy: self.table.basis == Basis::Proxy,
        }
    }
}

/// All recommendations for a subject, and the same need measured among peers.
pub(super) fn advise(
    edition: &Snapshot,
    subject: &Subject<'_>,
    basis: Option<Basis>,
    peers: Option<&Group>,
) -> Result<v1::RecommendResponse, Failure> {
    let found = standings(edition, subject, basis);
    if found.is_empty() {
        return Err(subject.without_figures(edition, basis.is_some()));
    }
    let by_indicator: HashMap<&str, Figure> = found.iter().map(|(id, found)| (*id, found.figure())).collect();
    let adviser = Adviser {
        knowledge: &edition.knowledge,
        indicators: &edition.indicators,
        themes: &edition.themes,
    };
    let advised = adviser.advise(&by_indicator, &masking::facts(edition, &subject.members()));
    let among_peers = peers.map(|group| (group, figures_among(edition, subject, group, &found)));

    let mut metadata = Metadata::of(edition);
    metadata.quote_all();
    metadata.general_source_caveats();
    random_baseline(&mut metadata, edition.knowledge.need_rules.weak);
    let mut used: Vec<&Found<'_>> = Vec::new();
    for advice in &advised.advice {
        let weighed = advice.evidence().into_iter().chain(advice.counter_evidence());
        let shown = advice.context.iter().map(|context| context.indicator);
        let shown = weighed.map(|weighed| weighed.indicator).chain(shown);
        used.extend(shown.filter_map(|indicator| found.get(indicator)));
    }
    for figure in used {
        metadata.ranking(figure.indicator, figure.table);
        if let Subject::Group(group) = subject {
            metadata.former_members(figure.indicator, figure.table, &[group]);
        }
    }
    if advised
        .advice
        .iter()
        .any(|advice| state_of(advice) == Some(TriggerState::NotMeasured))
    {
        metadata.caveat(CaveatCode::TriggerNotMeasured, trigger_not_measured());
    }
    if let Subject::Group(group) = subject
        && found.values().any(|found| !found.table.has_values())
    {
        metadata.published_mean(group);
    }

    let rendering = Rendering {
        edition,
        found: &found,
    };
    let advice = advised.advice.iter().map(|advice| {
        let peer_need = among_peers.as_ref().map(|(group, figures)| {
            let need = adviser.need_of(advice.recommendation, figures);
            peer_need(group, &need)
        });
        rendering.advice(advice, peer_need)
    });
    Ok(v1::RecommendResponse {
        metadata: metadata.finish(),
        subject: subject.answered(),
        advice: advice.collect(),
        themes: advised.themes.iter().map(theme_severity).collect(),
    })
}

/// Every indicator on which the subject has a standing.
fn standings<'a>(
    edition: &'a Snapshot,
    subject: &Subject<'_>,
    basis: Option<Basis>,
) -> HashMap<&'a str, Found<'a>> {
    let found = edition
        .indicators
        .iter()
        .enumerate()
        .filter_map(|(place, indicator)| {
            let table = edition.ranking(place, basis, None)?;
            let standing = subject.standing_in(edition, table)?;
            Some((
                indicator.id.as_str(),
                Found {
                    indicator,
                    table,
                    standing,
                },
            ))
        });
    found.collect()
}

/// The same figures with the subject's place among the members of a group instead of among all.
fn figures_among<'a>(
    edition: &Snapshot,
    subject: &Subject<'_>,
    peers: &Group,
    found: &HashMap<&'a str, Found<'_>>,
) -> HashMap<&'a str, Figure> {
    let members = |table: &RankingTable| edition.places_of(peers, table.vintage());
    let among = found.iter().filter_map(|(id, found)| {
        let share = match subject {
            Subject::Region(place, _) => found.table.place_share_among(*place, members(found.table)),
            Subject::Group(_) | Subject::Regions(_) => found
                .table
                .mean_place_share_among(found.standing.position, members(found.table)),
        }?;
        Some((*id, found.figure_at(share)))
    });
    among.collect()
}

/// Turns advice into messages.
struct Rendering<'a> {
    edition: &'a Snapshot,
    found: &'a HashMap<&'a str, Found<'a>>,
}

impl Rendering<'_> {
    fn advice(&self, advice: &Advice<'_>, peer_need: Option<v1::PeerNeed>) -> v1::Advice {
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
            peer_need,
            caveats: caveats(advice),
            context: self.context(advice),
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

    fn factor(&self, id: &str) -> Option<&Factor> {
        self.edition.knowledge.factor(id)
    }

    fn factor_ref(&self, id: &str, advice: &Advice<'_>) -> Option<v1::FactorRef> {
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
                caveat: render::optional_text(
                    self.factor(measured.id).and_then(|factor| factor.caveat.as_ref()),
                ),
            })
        });
        measured.collect()
    }

    fn evidence(&self, weighed: &Weighed<'_>) -> Option<v1::Evidence> {
        let found = self.found.get(weighed.indicator)?;
        Some(v1::Evidence {
            ranking: render::ranking_summary(self.edition, found.indicator, found.table, None),
            standing: render::standing(&found.standing, found.table.scale()),
            factor_id: weighed.factor.to_owned(),
            severity: weighed.severity,
            share: weighed.share,
        })
    }

    fn indicator_ref(&self, id: &str) -> Option<v1::IndicatorRef> {
        render::indicator_ref(self.edition.indicator(id)?.1)
    }

    fn mechanism_paths(&self, advice: &Advice<'_>) -> Vec<v1::MechanismPath> {
        let role = |id: &str| advice.roles.get(id).copied();
        let steps = advice.mechanisms.iter().filter_map(|mechanism| {
            let (from, to) = (self.factor(&mechanism.from)?, self.factor(&mechanism.to)?);
            let ends = (
                render::factor_ref(from, role(&from.id)),
                render::factor_ref(to, role(&to.id)),
            );
            Some(v1::MechanismPath {
                steps: vec![render::mechanism(mechanism, ends)],
            })
        });
        steps.collect()
    }
}

fn class(class: Class) -> v1::RecommendationClass {
    match class {
        Class::Strong => v1::RecommendationClass::Strong,
        Class::Moderate => v1::RecommendationClass::Moderate,
        Class::Weak => v1::RecommendationClass::Weak,
        Class::NotIndicated => v1::RecommendationClass::NotIndicated,
        Class::InsufficientData => v1::RecommendationClass::InsufficientData,
    }
}

fn peer_need(group: &Group, need: &Need<'_>) -> v1::PeerNeed {
    v1::PeerNeed {
        group: render::group_ref(group),
        need: need.need,
        coverage: need.coverage,
        recommendation_class: class(need.class).into(),
    }
}

fn state_of(advice: &Advice<'_>) -> Option<TriggerState> {
    advice.trigger.as_ref().map(|outcome| outcome.state)
}

fn trigger(edition: &Snapshot, advice: &Advice<'_>) -> Option<v1::TriggerOutcome> {
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

fn random_baseline(metadata: &mut Metadata<'_>, weak: f64) {
    metadata.caveat(
        CaveatCode::RandomBaseline,
        Text::new(
            format!(
                "Bij willekeurige posities ligt de noodzaak al rond {}.",
                weak.to_string().replace('.', ",")
            ),
            format!("Random positions already give a need of about {weak}."),
        ),
    );
}

fn theme_severity((theme, severity): &(&Theme, ThemeSeverity)) -> v1::ThemeSeverity {
    v1::ThemeSeverity {
        theme_id: theme.id.clone(),
        name: render::text(&theme.name),
        severity: severity.severity,
        indicators: count(severity.indicators),
        unfavourable: severity.unfavourable,
        thin: severity.thin,
    }
}
