//! Figures on the borders of another year: which ranking a request is answered from, and why there is none.

use std::{collections::BTreeSet, ops::Deref, sync::Arc};

use groeikern::v1;

use super::{Failure, lookup, lookup::Figures, render};
use crate::{
    domain::{Basis, Indicator, Region, Succession, year_of},
    snapshot::{RankingTable, Snapshot},
};

/// A ranking that answers a request.
#[derive(Debug)]
pub(super) enum Answering<'e> {
    /// As the edition has it.
    AsPublished(&'e RankingTable),
    /// On the borders of another year.
    Recast(Arc<RankingTable>),
}

impl Deref for Answering<'_> {
    type Target = RankingTable;

    fn deref(&self) -> &RankingTable {
        match self {
            Self::AsPublished(table) => table,
            Self::Recast(table) => table,
        }
    }
}

/// The ranking of an indicator that answers a request, on the borders of a year where it names one.
pub(super) fn ranking<'e>(
    edition: &'e Snapshot,
    figures: &Figures<'_>,
    found: (usize, &Indicator),
    borders: Option<&str>,
) -> Result<Answering<'e>, Failure> {
    let Some(year) = borders else {
        return figures.ranking(edition, found).map(Answering::AsPublished);
    };
    let table = with_values(edition, found.0, figures.basis, figures.period);
    let table = table.ok_or_else(|| no_values(edition, found, figures.basis, figures.period))?;
    possible(edition, found, table, year)
}

/// A ranking with values on the borders of a year, where all its figures can be put there and enough are.
fn possible<'e>(
    edition: &'e Snapshot,
    found: (usize, &Indicator),
    table: &RankingTable,
    year: &str,
) -> Result<Answering<'e>, Failure> {
    let table = divisible(edition, found, table, year)?;
    match without_places(found.1, &table, year) {
        Some(failure) => Err(failure),
        None => Ok(Answering::Recast(table)),
    }
}

/// A ranking with values on the borders of a year, where its figures can be divided or need not be.
pub(super) fn divisible(
    edition: &Snapshot,
    found: (usize, &Indicator),
    table: &RankingTable,
    year: &str,
) -> Result<Arc<RankingTable>, Failure> {
    let table = on_borders_of(edition, found, table, year)?;
    let recasting = table.recasting();
    match recasting.filter(|recasting| !recasting.not_possible.is_empty()) {
        Some(recasting) => {
            let part = recasting.not_possible_part;
            let part = part.map(|part| edition.indicators[part].id.as_str());
            Err(Failure::not_recastable(&found.1.id, part, year))
        }
        None => Ok(table),
    }
}

/// Why places on the borders of a year mean nothing, where they do not: too many municipalities have no value.
pub(super) fn without_places(indicator: &Indicator, table: &RankingTable, year: &str) -> Option<Failure> {
    let counts = too_many_unknown(table)?;
    let figures = (indicator.id.as_str(), table.period.as_str());
    Some(Failure::too_many_unknown(figures, year, counts))
}

/// Whether places on other borders mean something: nobody lost a figure, and not too many lack one.
pub(super) fn has_places(table: &RankingTable) -> bool {
    let recasting = table.recasting();
    recasting.is_none_or(|recasting| recasting.not_possible.is_empty()) && too_many_unknown(table).is_none()
}

/// How many municipalities of a ranking have no value for want of known moves or weights, and of how many that would have one, where
/// it is more than a third of them: places among the others mean nothing.
fn too_many_unknown(table: &RankingTable) -> Option<(usize, usize)> {
    let recasting = table.recasting()?;
    let unknown = recasting.unknown_moves.keys().chain(&recasting.without_weights);
    let unknown: BTreeSet<usize> = unknown
        .filter(|place| table.row(**place).is_none())
        .copied()
        .collect();
    let unknown = unknown.len();
    let municipalities = table.rows.len() + unknown;
    (3 * unknown > municipalities).then_some((unknown, municipalities))
}

/// The first ranking of an indicator that has values, of the basis and period asked for.
pub(super) fn with_values<'e>(
    edition: &'e Snapshot,
    indicator: usize,
    basis: Option<Basis>,
    period: Option<&str>,
) -> Option<&'e RankingTable> {
    let mut tables = edition.rankings(indicator).iter();
    tables.find(|table| {
        table.has_values()
            && basis.is_none_or(|basis| table.basis == basis)
            && period.is_none_or(|period| table.period == period)
    })
}

/// Why an indicator has no ranking that can be put on other borders.
pub(super) fn no_values(
    edition: &Snapshot,
    (place, indicator): (usize, &Indicator),
    basis: Option<Basis>,
    period: Option<&str>,
) -> Failure {
    match edition.ranking(place, basis, period) {
        Some(_) => Failure::positions_not_recastable(&indicator.id),
        None => {
            let narrowed = basis.is_some() || period.is_some();
            Failure::no_data_for_indicator(&indicator.id, &edition.manifest.name, narrowed)
        }
    }
}

/// A ranking with values on the borders of a year.
pub(super) fn on_borders_of(
    edition: &Snapshot,
    (place, indicator): (usize, &Indicator),
    table: &RankingTable,
    year: &str,
) -> Result<Arc<RankingTable>, Failure> {
    let name = &edition.manifest.name;
    let Some((first, last)) = edition.years_of_borders() else {
        return Err(Failure::no_borders(name));
    };
    for asked in [year, year_of(table.vintage())] {
        if !(first..=last).contains(&asked) {
            return Err(Failure::borders_unknown(name, asked, (first, last)));
        }
    }
    let made = edition.on_borders_of(place, table, year);
    made.ok_or_else(|| Failure::internal(&format!("`{}` cannot be composed again", indicator.id)))
}

/// The region that a request asks for: one that exists, or that existed in its period; with borders, one that existed on them.
pub(super) fn region<'e>(
    edition: &'e Snapshot,
    code: &str,
    period: Option<&str>,
    borders: Option<&str>,
) -> Result<(usize, &'e Region), Failure> {
    let Some(year) = borders else {
        return lookup::region_of(edition, code, period);
    };
    let found = lookup::region(edition, code)?;
    if found.1.existed_on(year) {
        return Ok(found);
    }
    Err(if found.1.ended_by(year) {
        Failure::retired_region(found.1)
    } else {
        Failure::not_yet_on_borders(found.1, &before(edition, found.1, year), year)
    })
}

/// The municipalities of a year that a later one was made of, by way of those in between.
fn before<'e>(edition: &'e Snapshot, region: &'e Region, year: &str) -> Vec<&'e Region> {
    let (mut found, mut open): (Vec<&Region>, _) = (Vec::new(), vec![region]);
    let mut seen = BTreeSet::new();
    while let Some(later) = open.pop() {
        let began = |step: &&Succession| Some(&step.date) == later.valid_from.as_ref();
        for step in later.predecessors.iter().filter(began) {
            let Some((_, earlier)) = edition.region(&step.code).filter(|_| seen.insert(&step.code)) else {
                continue;
            };
            if earlier.existed_on(year) {
                found.push(earlier);
            } else {
                open.push(earlier);
            }
        }
    }
    found.sort_by(|one, other| one.code.cmp(&other.code));
    found
}

/// Why a municipality of the borders asked for has no figure there, when that is for want of what moved or of what weighs.
pub(super) fn no_figure(
    edition: &Snapshot,
    table: &RankingTable,
    (place, region): (usize, &Region),
) -> Option<Failure> {
    let recasting = table.recasting()?;
    if let Some((date, divided)) = recasting
        .unknown_moves
        .get(&place)
        .and_then(|moves| moves.first())
    {
        return Some(Failure::moved_unknown(region, &edition.regions[*divided], date));
    }
    let unweighted = recasting.without_weights.contains(&place);
    unweighted.then(|| Failure::weights_unknown(region))
}

/// Whether a municipality has figures that cannot be put on the borders of a ranking.
pub(super) fn is_not_recastable(table: &RankingTable, region: usize) -> bool {
    table.recasting().is_some_and(|recasting| {
        recasting.not_possible.contains(&region)
            || recasting.unknown_moves.contains_key(&region)
            || recasting.without_weights.contains(&region)
    })
}

/// How a value came to the borders of its ranking; nothing where it is as its source has it.
pub(super) fn recast(snapshot: &Snapshot, table: &RankingTable, region: usize) -> Option<v1::Recast> {
    let value = table.recast_value(region)?;
    let made_of = value.made_of.iter();
    Some(v1::Recast {
        estimated: value.is_estimated,
        share_moved: value.share_moved,
        from: made_of
            .filter_map(|&place| render::region_ref(&snapshot.regions[place]))
            .collect(),
    })
}
