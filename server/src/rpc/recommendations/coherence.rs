//! How the problems of a subject hang together: figures -> unfavourable themes -> the mechanisms and recommendations between
//! them.

use std::collections::HashMap;

use groeikern::v1;

use super::{
    figures::{Found, adviser, figures, standings},
    masking, rendering,
    subject::Subject,
};
use crate::{
    advice::{
        Bounds, ConnectingFactor, MechanismGraph, Path, SharedEvidence, UnfavourableTogether,
        connecting_factors,
    },
    domain::{Basis, Knowledge, Theme},
    method::count,
    rpc::{Edition, Failure, render},
    snapshot::Snapshot,
};

/// Steps of the longest path when a request does not say, and the most it may ask for.
pub(super) const DEFAULT_LONGEST: usize = 4;
pub(super) const MOST_LONGEST: usize = 6;
/// Paths that are counted between two themes, each way.
const MOST_COUNTED: usize = 5000;
/// Paths that are shown of them.
const MOST_SHOWN: usize = 5;

/// The analysis of a subject.
pub(super) fn analyse(
    edition: &Edition,
    subject: &Subject<'_>,
    basis: Option<Basis>,
    longest: usize,
) -> Result<v1::AnalyseCoherenceResponse, Failure> {
    let found = standings(edition, subject, basis);
    if found.is_empty() {
        return Err(subject.without_figures(edition, basis.is_some()));
    }
    let adviser = adviser(edition);
    let advised = adviser.advise(&figures(&found), &masking::facts(edition, &subject.members()));
    let unfavourable: Vec<(usize, &Theme)> = advised
        .themes
        .iter()
        .enumerate()
        .filter(|(_, (_, severity))| severity.unfavourable)
        .map(|(place, (theme, _))| (place, *theme))
        .collect();
    let graph = MechanismGraph::of(&edition.knowledge.mechanisms);
    let outcomes = edition.theme_outcomes(basis);
    let mut connecting: Vec<Path<'_>> = Vec::new();
    let mut pairs = Vec::new();
    for (index, (place, first)) in unfavourable.iter().enumerate() {
        for (other, second) in &unfavourable[index + 1..] {
            let bounds = Bounds {
                longest,
                most: MOST_COUNTED,
            };
            let between = adviser.paths_between(&graph, (first, second), bounds);
            pairs.push(v1::ThemePair {
                first_theme_id: first.id.clone(),
                second_theme_id: second.id.clone(),
                path_count: count(between.paths.len()),
                truncated: between.truncated,
                paths: between
                    .paths
                    .iter()
                    .take(MOST_SHOWN)
                    .map(|path| render::mechanism_path(&edition.knowledge, path, |_| None))
                    .collect(),
                together: UnfavourableTogether::of(outcomes, *place, *other).map(together),
            });
            connecting.extend(between.paths);
        }
    }
    let factors = connecting_factors(&connecting).into_iter();
    let factors = factors.filter_map(|of| connecting_factor(&edition.knowledge, &of));
    let shared = advised.shared_evidence();
    Ok(v1::AnalyseCoherenceResponse {
        metadata: metadata(edition, subject, &found, &connecting),
        subject: subject.answered(),
        themes: advised.themes.iter().map(rendering::theme_severity).collect(),
        pairs,
        factors: factors.collect(),
        shared_evidence: shared.iter().map(|of| shared_evidence(edition, of)).collect(),
        longest: count(longest),
    })
}

fn metadata<'a>(
    edition: &'a Snapshot,
    subject: &Subject<'_>,
    found: &HashMap<&'a str, Found<'a>>,
    connecting: &[Path<'_>],
) -> Option<v1::ResponseMetadata> {
    let counting = edition
        .indicators
        .iter()
        .filter(|indicator| indicator.counts_in_advice());
    let counting = counting.map(|indicator| indicator.id.as_str());
    let mut metadata = rendering::metadata(edition, subject, found, counting);
    if connecting.iter().any(|path| path.0.len() > 1) {
        metadata.joined_mechanisms();
    }
    metadata.finish()
}

fn together(together: UnfavourableTogether) -> v1::UnfavourableTogether {
    v1::UnfavourableTogether {
        municipalities: count(together.subjects),
        first: count(together.first),
        second: count(together.second),
        both: count(together.both),
        expected: together.expected(),
    }
}

fn connecting_factor(knowledge: &Knowledge, of: &ConnectingFactor<'_>) -> Option<v1::ConnectingFactor> {
    let factor = knowledge.factor(of.id)?;
    Some(v1::ConnectingFactor {
        factor: Some(render::factor_ref(factor, None)),
        theme_id: factor.theme.clone(),
        through: count(of.through),
        starting: count(of.starting),
        ending: count(of.ending),
    })
}

fn shared_evidence(edition: &Snapshot, shared: &SharedEvidence<'_>) -> v1::SharedEvidence {
    let indicators = edition.indicators.iter();
    let shown = indicators.filter(|indicator| shared.indicators.contains(&indicator.id.as_str()));
    v1::SharedEvidence {
        first_recommendation_id: shared.first.id.clone(),
        second_recommendation_id: shared.second.id.clone(),
        indicators: shown.filter_map(render::indicator_ref).collect(),
        share_of_first_need: shared.share_of_first,
        share_of_second_need: shared.share_of_second,
    }
}
