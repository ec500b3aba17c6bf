//! What a request names -> what the edition holds, or a failure that says what was near.

use groeikern::v1::ErrorReason;

use super::Failure;
use crate::{
    domain::{Basis, Group, Indicator, Recommendation, Region, RegionCode, Text, Theme, nearest_several},
    snapshot::{RankingTable, Snapshot},
};

/// Suggestions at most.
const SUGGESTIONS: usize = 3;

/// An indicator and its place in the catalogue.
pub(super) fn indicator<'a>(edition: &'a Snapshot, id: &str) -> Result<(usize, &'a Indicator), Failure> {
    edition.indicator(id).ok_or_else(|| {
        let known = edition
            .indicators
            .iter()
            .map(|indicator| (indicator.id.as_str(), &indicator.name));
        Failure::unknown(ErrorReason::UnknownIndicator, id, &nearest_ids(id, known))
    })
}

/// A group.
pub(super) fn group<'a>(edition: &'a Snapshot, id: &str) -> Result<&'a Group, Failure> {
    edition.group(id).ok_or_else(|| {
        let known = edition
            .groups
            .iter()
            .map(|group| (group.id.as_str(), &group.name));
        Failure::unknown(ErrorReason::UnknownGroup, id, &nearest_ids(id, known))
    })
}

/// A theme.
pub(super) fn theme<'a>(edition: &'a Snapshot, id: &str) -> Result<&'a Theme, Failure> {
    edition.themes.iter().find(|theme| theme.id == id).ok_or_else(|| {
        let known = edition
            .themes
            .iter()
            .map(|theme| (theme.id.as_str(), &theme.name));
        Failure::unknown(ErrorReason::UnknownTheme, id, &nearest_ids(id, known))
    })
}

/// A block, by its id alone.
pub(super) fn block(edition: &Snapshot, id: &str) -> Result<(), Failure> {
    let blocks = || edition.themes.iter().flat_map(|theme| &theme.blocks);
    if blocks().any(|block| block.id == id) {
        return Ok(());
    }
    let known = blocks().map(|block| (block.id.as_str(), &block.name));
    Err(Failure::unknown(
        ErrorReason::UnknownBlock,
        id,
        &nearest_ids(id, known),
    ))
}

/// A recommendation.
pub(super) fn recommendation<'a>(edition: &'a Snapshot, id: &str) -> Result<&'a Recommendation, Failure> {
    let all = &edition.knowledge.recommendations;
    all.iter()
        .find(|recommendation| recommendation.id == id)
        .ok_or_else(|| {
            let known = all
                .iter()
                .map(|recommendation| (recommendation.id.as_str(), &recommendation.title));
            Failure::unknown(ErrorReason::UnknownRecommendation, id, &nearest_ids(id, known))
        })
}

/// A region by its present or former code, and its place.
pub(super) fn region<'a>(edition: &'a Snapshot, code: &str) -> Result<(usize, &'a Region), Failure> {
    edition.region(code).ok_or_else(|| match RegionCode::parse(code) {
        Ok(code) if code.is_municipality() => {
            Failure::no_data_for_subject(code.as_str(), &edition.manifest.name, false)
        }
        _ => Failure::unknown_region(code, &[]),
    })
}

/// A region that exists.
pub(super) fn present_region<'a>(edition: &'a Snapshot, code: &str) -> Result<(usize, &'a Region), Failure> {
    region_of(edition, code, None)
}

/// A region that exists, or one that existed in the period asked for.
pub(super) fn region_of<'a>(
    edition: &'a Snapshot,
    code: &str,
    period: Option<&str>,
) -> Result<(usize, &'a Region), Failure> {
    let found = region(edition, code)?;
    if has_figures_of(found.1, period) {
        Ok(found)
    } else {
        Err(Failure::retired_region(found.1))
    }
}

/// Whether a region can have the figures asked for: a former one only those of a period that was asked for by name and in
/// which it existed.
pub(super) fn has_figures_of(region: &Region, period: Option<&str>) -> bool {
    !region.is_former() || period.is_some_and(|period| region.existed_in(period))
}

/// The ranking of an indicator that answers a request.
pub(super) fn ranking<'a>(
    edition: &'a Snapshot,
    (place, indicator): (usize, &Indicator),
    basis: Option<Basis>,
    period: Option<&str>,
) -> Result<&'a RankingTable, Failure> {
    edition.ranking(place, basis, period).ok_or_else(|| {
        let narrowed = basis.is_some() || period.is_some();
        Failure::no_data_for_indicator(&indicator.id, &edition.manifest.name, narrowed)
    })
}

/// The ranking of an indicator's values that answers a request.
pub(super) fn values<'a>(
    edition: &'a Snapshot,
    indicator: (usize, &Indicator),
    basis: Option<Basis>,
    period: Option<&str>,
) -> Result<&'a RankingTable, Failure> {
    let table = ranking(edition, indicator, basis, period)?;
    if table.has_values() {
        Ok(table)
    } else {
        Err(Failure::no_values_of_indicator(
            &indicator.1.id,
            &edition.manifest.name,
        ))
    }
}

/// The ids whose id or name, in either language, is near to what was asked.
fn nearest_ids<'a>(asked: &str, known: impl Iterator<Item = (&'a str, &'a Text)>) -> Vec<String> {
    let known: Vec<(&str, &Text)> = known.collect();
    let names = known.iter().flat_map(|(id, name)| [*id, &name.nl, &name.en]);
    let mut ids: Vec<String> = Vec::new();
    for near in nearest_several(asked, names, 3 * SUGGESTIONS) {
        let of_name = known
            .iter()
            .filter(|(id, name)| [*id, &name.nl, &name.en].contains(&near));
        for (id, _) in of_name {
            if ids.len() < SUGGESTIONS && !ids.iter().any(|known| known == id) {
                ids.push((*id).to_owned());
            }
        }
    }
    ids
}
