//! Districts and neighbourhoods as a list, and their figures with the table that each comes from: for exports.

use super::{AreaList, ListColumn};
use crate::{
    domain::{AreaFigure, ObservationOrigin},
    snapshot::Snapshot,
};

/// A district or neighbourhood, by where the tables list it.
#[derive(Debug, Clone, Copy)]
pub struct ListedArea {
    list: usize,
    place: usize,
}

/// The tables with figures of an indicator in a period.
#[derive(Debug, Clone)]
pub struct AreaTables<'a> {
    /// The period.
    pub period: &'a str,
    /// The year of the borders they are on, where that is another than the period's own.
    pub borders: Option<&'a str>,
    /// Source and origin of each, the one that wins first.
    pub sources: Vec<(&'a str, ObservationOrigin)>,
    columns: Vec<(&'a AreaList, &'a ListColumn)>,
}

impl<'a> AreaTables<'a> {
    /// By code, in order: the figure, and the place of its table.
    #[must_use]
    pub fn figures(&self) -> Vec<(&'a str, AreaFigure, usize)> {
        let mut figures = Vec::new();
        for (table, (list, column)) in self.columns.iter().enumerate() {
            let codes = list.codes.iter().zip(&column.figures);
            figures.extend(codes.map(|(code, figure)| (code.as_str(), *figure, table)));
        }
        if self.columns.len() > 1 {
            figures.sort_by_key(|(code, ..)| *code); // stable: of an area with two figures the first wins
            figures.dedup_by_key(|(code, ..)| *code);
        }
        figures
    }
}

impl Snapshot {
    /// The districts and neighbourhoods of all tables whose code is wanted: each once, by code.
    #[must_use]
    pub fn listed_areas(&self, wanted: impl Fn(&str) -> bool) -> Vec<ListedArea> {
        let mut areas: Vec<ListedArea> = Vec::new();
        for (list, of_list) in self.areas.lists.iter().enumerate() {
            let codes = of_list.codes.iter().enumerate();
            let found = codes.filter(|(_, code)| wanted(code));
            areas.extend(found.map(|(place, _)| ListedArea { list, place }));
        }
        areas.sort_by_key(|&area| self.area_code(area));
        areas.dedup_by_key(|area| self.area_code(*area));
        areas
    }

    /// The code of one of them.
    #[must_use]
    pub fn area_code(&self, area: ListedArea) -> &str {
        &self.areas.lists[area.list].codes[area.place]
    }

    /// The tables with figures of districts and neighbourhoods of an indicator in a period; `None` where there are none.
    #[must_use]
    pub fn area_tables(&self, indicator: usize, period: &str) -> Option<AreaTables<'_>> {
        let columns: Vec<(&AreaList, &ListColumn)> = self.areas.columns[indicator]
            .iter()
            .map(|column| (&self.areas.lists[column.list], column))
            .filter(|(list, _)| list.period == period)
            .collect();
        let (first, _) = columns.first()?;
        let sources = columns.iter();
        Some(AreaTables {
            period: &first.period,
            borders: first.borders.as_deref(),
            sources: sources
                .map(|(list, column)| (list.source.as_str(), column.origin))
                .collect(),
            columns,
        })
    }
}
