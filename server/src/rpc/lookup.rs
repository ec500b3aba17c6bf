//! What a request names -> what the edition holds, or a failure that says what was near.

use groeikern::v1::ErrorReason;

use super::Failure;
use crate::{
    domain::{
        Basis, Block, Factor, Finding, Group, Indicator, Recommendation, Region, RegionCode, Text, Theme,
        municipalities_of, nearest_several,
    },
    methodology::{Chapter, Methodology, Section},
    snapshot::{Among, RankingTable, Snapshot},
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

/// The group that a request names, where it names one.
pub(super) fn optional_group<'a>(edition: &'a Snapshot, id: &str) -> Result<Option<&'a Group>, Failure> {
    match id {
        "" => Ok(None),
        id => group(edition, id).map(Some),
    }
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
pub(super) fn block<'a>(edition: &'a Snapshot, id: &str) -> Result<&'a Block, Failure> {
    let blocks = || edition.themes.iter().flat_map(|theme| &theme.blocks);
    blocks().find(|block| block.id == id).ok_or_else(|| {
        let known = blocks().map(|block| (block.id.as_str(), &block.name));
        Failure::unknown(ErrorReason::UnknownBlock, id, &nearest_ids(id, known))
    })
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

/// A factor.
pub(super) fn factor<'a>(edition: &'a Snapshot, id: &str) -> Result<&'a Factor, Failure> {
    edition.knowledge.factor(id).ok_or_else(|| {
        let all = edition.knowledge.factors.iter();
        let known = all.map(|factor| (factor.id.as_str(), &factor.name));
        Failure::unknown(ErrorReason::UnknownFactor, id, &nearest_ids(id, known))
    })
}

/// The factor that a request names, where it names one.
pub(super) fn optional_factor<'a>(edition: &'a Snapshot, id: &str) -> Result<Option<&'a Factor>, Failure> {
    match id {
        "" => Ok(None),
        id => factor(edition, id).map(Some),
    }
}

/// The theme that a request names, where it names one.
pub(super) fn optional_theme<'a>(edition: &'a Snapshot, id: &str) -> Result<Option<&'a Theme>, Failure> {
    match id {
        "" => Ok(None),
        id => theme(edition, id).map(Some),
    }
}

/// The finding that a request names, where it names one.
pub(super) fn optional_finding<'a>(edition: &'a Snapshot, id: &str) -> Result<Option<&'a Finding>, Failure> {
    let all = &edition.knowledge.findings;
    let found = all.iter().find(|finding| finding.id == id);
    if found.is_none() && !id.is_empty() {
        let near = nearest_several(id, all.iter().map(|finding| finding.id.as_str()), SUGGESTIONS);
        let near: Vec<String> = near.into_iter().map(str::to_owned).collect();
        return Err(Failure::unknown(ErrorReason::UnknownFinding, id, &near));
    }
    Ok(found)
}

/// A section of the method.
pub(super) fn method_section<'a>(
    method: &'a Methodology,
    id: &str,
) -> Result<(&'a Chapter, &'a Section), Failure> {
    method
        .sections()
        .find(|(_, section)| section.id == id)
        .ok_or_else(|| {
            let known = method
                .sections()
                .map(|(_, section)| (section.id.as_str(), &section.title));
            Failure::unknown(ErrorReason::UnknownMethodSection, id, &nearest_ids(id, known))
        })
}

/// A region by its present or former code, and its place.
pub(super) fn region<'a>(edition: &'a Snapshot, code: &str) -> Result<(usize, &'a Region), Failure> {
    edition.region(code).ok_or_else(|| match RegionCode::parse(code) {
        Ok(code) if code.is_municipality() => no_figures_of(edition, code.as_str()),
        _ => Failure::unknown_region(code, &[]),
    })
}

/// Why a well-formed code of a municipality has no answer: where the edition knows when municipalities existed, nothing has a code that
/// it does not know.
pub(super) fn no_figures_of(edition: &Snapshot, code: &str) -> Failure {
    if !edition.lives_are_known || edition.region(code).is_some() {
        return Failure::no_data_for_subject(code, &edition.manifest.name, false);
    }
    let known = edition.regions.iter().map(|region| region.code.as_str());
    let nearest = nearest_several(code, known, SUGGESTIONS).into_iter();
    let label = |code: &str| Some(format!("{} ({code})", edition.region(code)?.1.name));
    let nearest: Vec<String> = nearest.filter_map(label).collect();
    Failure::unknown_region(code, &nearest)
}

/// A region that exists.
pub(super) fn present_region<'a>(edition: &'a Snapshot, code: &str) -> Result<(usize, &'a Region), Failure> {
    region_of(edition, code, None)
}

/// Regions that exist, in the order asked for.
pub(super) fn present_regions<'a>(
    edition: &'a Snapshot,
    codes: &[String],
) -> Result<Vec<(usize, &'a Region)>, Failure> {
    codes.iter().map(|code| present_region(edition, code)).collect()
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

/// Whether a region can have the figures asked for: a former one only those of a period that was asked for by name.
pub(super) fn has_figures_of(region: &Region, period: Option<&str>) -> bool {
    !region.is_former() || period.is_some_and(|period| region.has_figures_of(period))
}

/// Which figures of an indicator a request asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures<'a> {
    /// The basis it chose.
    pub(super) basis: Option<Basis>,
    /// The period it chose.
    pub(super) period: Option<&'a str>,
    /// The units it wants ranked.
    pub(super) among: Among<'a>,
    /// The id of their universe as asked; empty for a ranking's own.
    pub(super) universe: &'a str,
}

impl<'a> Figures<'a> {
    /// The figures of a request whose universe the edition has to know.
    pub(super) fn new(
        edition: &Snapshot,
        basis: Option<Basis>,
        period: Option<&'a str>,
        universe: &'a str,
    ) -> Result<Self, Failure> {
        Ok(Self {
            basis,
            period,
            among: among(edition, universe)?,
            universe,
        })
    }

    /// Whether nothing was chosen.
    pub(super) fn is_default(&self) -> bool {
        self.basis.is_none() && self.period.is_none() && self.among == Among::Own
    }

    /// The ranking of an indicator that answers the request, if there is one.
    pub(super) fn find<'e>(&self, edition: &'e Snapshot, indicator: usize) -> Option<&'e RankingTable> {
        edition.ranking_among(indicator, self.among, self.basis, self.period)
    }

    /// The ranking of an indicator that answers the request.
    pub(super) fn ranking<'e>(
        &self,
        edition: &'e Snapshot,
        (place, indicator): (usize, &Indicator),
    ) -> Result<&'e RankingTable, Failure> {
        self.find(edition, place).ok_or_else(|| {
            if self.among != Among::Own && edition.ranking(place, self.basis, self.period).is_some() {
                return Failure::no_data_among(&indicator.id, self.universe);
            }
            let narrowed = self.basis.is_some() || self.period.is_some();
            Failure::no_data_for_indicator(&indicator.id, &edition.manifest.name, narrowed)
        })
    }

    /// The ranking of an indicator's values that answers the request.
    pub(super) fn values<'e>(
        &self,
        edition: &'e Snapshot,
        indicator: (usize, &Indicator),
    ) -> Result<&'e RankingTable, Failure> {
        let table = self.ranking(edition, indicator)?;
        if table.has_values() {
            Ok(table)
        } else {
            let (id, name) = (&indicator.1.id, &edition.manifest.name);
            Err(Failure::no_values_of_indicator(id, name))
        }
    }

    /// Why a municipality has no row in a ranking.
    pub(super) fn no_position(
        &self,
        table: &RankingTable,
        (place, region): (usize, &Region),
        indicator: &Indicator,
    ) -> Failure {
        match table.absent.get(&place) {
            None if table.universe().is_some() && !table.has_unit_of(place) => {
                Failure::not_in_universe(region, self.universe)
            }
            absent => Failure::no_position(region, indicator, absent.copied()),
        }
    }
}

/// The units that a request wants ranked against each other.
pub(super) fn among<'a>(edition: &Snapshot, universe: &'a str) -> Result<Among<'a>, Failure> {
    edition.among(universe).ok_or_else(|| {
        let named = edition.universes.iter().map(|known| known.id.clone());
        let years = edition.years().map(municipalities_of);
        let known: Vec<String> = named.chain(years).collect();
        let near = nearest_several(universe, known.iter().map(String::as_str), SUGGESTIONS);
        let near: Vec<String> = near.into_iter().map(str::to_owned).collect();
        Failure::unknown(ErrorReason::UnknownUniverse, universe, &near)
    })
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
