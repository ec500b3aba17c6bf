//! The figures of one series, by region.

use super::plan::{Figures, Plan, Series};
use crate::{
    domain::{Level, ObservationOrigin, ObservationStatus},
    method::count,
    snapshot::{RankingTable, Snapshot},
};

/// One figure of an export. Places are those in the lists of the export.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) region: u32,
    pub(super) value: Option<f64>,
    pub(super) status: Option<ObservationStatus>,
    pub(super) origin: Option<ObservationOrigin>,
    pub(super) source: u32,
    /// 0 for none.
    pub(super) position: u32,
}

/// The level of an area, by its code.
pub(super) fn level_of_area(code: &str) -> Level {
    if code.starts_with("WK") {
        Level::District
    } else {
        Level::Neighbourhood
    }
}

/// How many figures a series has.
pub(super) fn count_of(edition: &Snapshot, plan: &Plan, series: &Series) -> u32 {
    count(of_series(edition, plan, series).len())
}

/// The figures of a series, by region.
pub(super) fn of_series(edition: &Snapshot, plan: &Plan, series: &Series) -> Vec<Row> {
    let indicator = plan.indicators[series.indicator];
    match series.of {
        Figures::Ranking(place) => of_towns(edition, plan, &edition.rankings(indicator)[place]),
        Figures::Areas => of_areas(edition, plan, indicator, series),
    }
}

fn of_towns(edition: &Snapshot, plan: &Plan, table: &RankingTable) -> Vec<Row> {
    let most = source(edition, &table.source);
    let source_of = |region| {
        table
            .other_source_of(region)
            .map_or(most, |other| source(edition, other))
    };
    let ranked = table.rows.iter().filter_map(|row| {
        Some(Row {
            region: plan.regions.place_of_town(row.region)?,
            value: row.value,
            status: row.status,
            origin: row.origin,
            source: source_of(row.region),
            position: row.standing.position,
        })
    });
    let absent = table.absent.iter().filter_map(|(&region, &status)| {
        Some(Row {
            region: plan.regions.place_of_town(region)?,
            value: None,
            status: Some(status),
            origin: None,
            source: source_of(region),
            position: 0,
        })
    });
    let mut rows: Vec<Row> = ranked.chain(absent).collect();
    rows.sort_unstable_by_key(|row| row.region);
    rows
}

fn of_areas(edition: &Snapshot, plan: &Plan, indicator: usize, series: &Series) -> Vec<Row> {
    let Some(found) = edition.area_tables(indicator, &series.period) else {
        return Vec::new(); // unreachable: the plan has periods with figures only
    };
    let tables: Vec<(u32, ObservationOrigin)> = found
        .sources
        .iter()
        .map(|(id, origin)| (source(edition, id), *origin))
        .collect();
    // Both are by code: one walk finds the place of every area in the list.
    let first = count(plan.regions.towns.len());
    let mut listed = (first..).zip(&plan.regions.areas).peekable();
    let figures = found.figures().into_iter();
    let of_level = figures.filter(|(code, ..)| level_of_area(code) == series.level);
    let rows = of_level.filter_map(|(code, figure, table)| {
        while listed
            .next_if(|(_, area)| edition.area_code(**area) < code)
            .is_some()
        {}
        let (region, _) = listed.next_if(|(_, area)| edition.area_code(**area) == code)?;
        let (source, origin) = tables[table];
        Some(Row {
            region,
            value: figure.value(),
            status: Some(figure.status()),
            origin: figure.value().map(|_| origin),
            source,
            position: 0,
        })
    });
    rows.collect()
}

/// The place of a source among those of the edition; beyond them for none, which foreign keys rule out.
pub(super) fn source(edition: &Snapshot, id: &str) -> u32 {
    let mut sources = edition.sources.iter();
    count(
        sources
            .position(|source| source.id == id)
            .unwrap_or(edition.sources.len()),
    )
}
