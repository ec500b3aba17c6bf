//! Recommend: figures of a municipality or group -> advice, as far as it was asked for.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use groeikern::v1;

use super::{
    figures::{Found, adviser, figures, figures_among, figures_within, standings},
    masking,
    rendering::{self, NeedAmong, Rendering},
    subject::{Subject, Surroundings},
};
use crate::{
    advice::Advice,
    domain::{Addressee, Basis, Finding, Group},
    method::{Band, Class, count},
    rpc::{Failure, render},
    snapshot::{RankingTable, Snapshot, VerdictScale},
};

/// Which advice is asked for, and against whom need is measured as well.
#[derive(Default)]
pub(super) struct Asked<'a> {
    /// Which figures.
    pub(super) basis: Option<Basis>,
    /// A group.
    pub(super) peers: Option<&'a Group>,
    /// The municipalities around the subject.
    pub(super) surroundings: Option<Surroundings<'a>>,
    /// Only for these.
    pub(super) addressee: Option<Addressee>,
    /// Only in this theme, by id.
    pub(super) theme: Option<&'a str>,
    /// Only from this class on.
    pub(super) minimum: Option<Class>,
}

impl Asked<'_> {
    /// Whether advice passes the filters. Advice that could not be given for want of data passes that of the class.
    fn wants(&self, advice: &Advice<'_>) -> bool {
        let of = advice.recommendation;
        self.addressee.is_none_or(|addressee| of.addressee == addressee)
            && self
                .theme
                .is_none_or(|theme| of.themes.iter().any(|id| id == theme))
            && self
                .minimum
                .is_none_or(|minimum| advice.class >= minimum || advice.class == Class::InsufficientData)
    }
}

/// The recommendations for a subject.
pub(super) fn advise(
    edition: &Snapshot,
    subject: &Subject<'_>,
    asked: &Asked<'_>,
) -> Result<v1::RecommendResponse, Failure> {
    let found = standings(edition, subject, asked.basis);
    if found.is_empty() {
        return Err(subject.without_figures(edition, asked.basis.is_some()));
    }
    let adviser = adviser(edition);
    let advised = adviser.advise(&figures(&found), &masking::facts(edition, &subject.members()));
    let among_peers = asked
        .peers
        .map(|group| (group, figures_within(edition, subject, &found, group)));
    let around = asked.surroundings.as_ref().map(|surroundings| {
        let places = |table: &RankingTable| surroundings.places_in(edition, table.vintage());
        (
            surroundings.regions(edition),
            figures_among(subject, &found, places),
        )
    });
    let wanted: Vec<&Advice<'_>> = advised
        .advice
        .iter()
        .filter(|advice| asked.wants(advice))
        .collect();
    let strengths = strengths(edition, &found, asked.theme);

    let shown = wanted.iter().flat_map(|advice| rendering::shown_in(advice));
    let shown = shown.chain(strengths.iter().map(|(found, _)| found.indicator.id.as_str()));
    let mut metadata = rendering::metadata(edition, subject, &found, shown);
    rendering::limits_of_triggers(&mut metadata, wanted.iter().copied());

    let rendering = Rendering {
        edition,
        subject,
        found: &found,
    };
    let strength_findings = strength_findings(edition, subject, asked.theme);
    let told = wanted.iter().flat_map(|advice| rendering.findings(advice));
    let told: Vec<&Finding> = told.chain(strength_findings.iter().copied()).collect();
    metadata.findings(&told);
    let relevant_region = match &asked.surroundings {
        Some(Surroundings::Relevant(region)) => {
            let vintages: Vec<&str> = found.values().map(|found| found.table.vintage()).collect();
            metadata.relevant_region(region, &vintages);
            Some(region.municipalities(edition))
        }
        Some(Surroundings::Chosen(_)) | None => None,
    };
    let advice = wanted.iter().map(|advice| {
        let need = |figures| adviser.need_of(advice.recommendation, figures);
        let among = NeedAmong {
            peers: among_peers
                .as_ref()
                .map(|(group, figures)| rendering::peer_need(group, &need(figures))),
            surroundings: around
                .as_ref()
                .map(|(regions, figures)| rendering::surroundings_need(regions, &need(figures))),
        };
        rendering.advice(advice, among)
    });
    Ok(v1::RecommendResponse {
        advice: advice.collect(),
        relevant_region,
        left_out: count(advised.advice.len() - wanted.len()),
        strength_findings: strength_findings
            .into_iter()
            .map(|finding| render::finding(edition, finding))
            .collect(),
        strengths: strengths.into_iter().map(|(_, strength)| strength).collect(),
        metadata: metadata.finish(),
        subject: subject.answered(),
        themes: advised.themes.iter().map(rendering::theme_severity).collect(),
    })
}

/// The figures with a favourable verdict that advice could rest on, most favourable first.
fn strengths<'a>(
    edition: &Snapshot,
    found: &'a HashMap<&'a str, Found<'a>>,
    theme: Option<&str>,
) -> Vec<(&'a Found<'a>, v1::Strength)> {
    let is_strength = |found: &&Found<'_>| {
        found.indicator.counts_in_advice()
            && found.table.scale() == VerdictScale::Favourable
            && matches!(found.standing.band, Band::Best | Band::Good)
            && theme.is_none_or(|theme| found.indicator.theme == theme)
    };
    let mut strengths: Vec<&Found<'_>> = found.values().filter(is_strength).collect();
    strengths.sort_by(|one, other| {
        let shares = one.standing.place_share.total_cmp(&other.standing.place_share);
        shares.then_with(|| one.indicator.id.cmp(&other.indicator.id))
    });
    let strength = |found: &'a Found<'a>| {
        let strength = v1::Strength {
            ranking: render::ranking_summary(edition, found.indicator, found.table, None),
            standing: render::standing(&found.standing, found.table.scale()),
        };
        (found, strength)
    };
    strengths.into_iter().map(strength).collect()
}

/// What the report calls good of the subject, or of a group that it belongs to, in its order.
fn strength_findings<'a>(
    edition: &'a Snapshot,
    subject: &Subject<'_>,
    theme: Option<&str>,
) -> Vec<&'a Finding> {
    let is_one = |finding: &&Finding| {
        finding.strength
            && (subject.is_named_by(finding) || subject.belongs_to_group_of(finding))
            && theme.is_none_or(|theme| finding.theme == theme)
    };
    edition.knowledge.findings.iter().filter(is_one).collect()
}
