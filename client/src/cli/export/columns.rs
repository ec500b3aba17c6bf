//! A figure as named cells: the columns of CSV and the keys of NDJSON.

use groeikern_client::v1::{
    ExportIndicator, ExportRegion, ExportSeries, ObservationOrigin, ObservationStatus, Source,
};

use super::received::Lists;
use crate::cli::language::{Language, words::Word};

/// A figure with what it refers to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figure<'a> {
    /// Places of indicator and region in their lists.
    pub(crate) places: (u32, u32),
    pub(crate) series: &'a ExportSeries,
    pub(crate) indicator: &'a ExportIndicator,
    pub(crate) region: &'a ExportRegion,
    pub(crate) source: &'a Source,
    pub(crate) value: Option<f64>,
    pub(crate) status: ObservationStatus,
    pub(crate) origin: ObservationOrigin,
    pub(crate) position: Option<u32>,
}

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    Text(&'a str),
    Word(String),
    Number(f64),
    Integer(u32),
    Truth(bool),
    Nothing,
}

/// The names of the columns, in order.
pub(crate) const NAMES: [&str; 19] = [
    "edition_id",
    "indicator_id",
    "indicator",
    "level",
    "region_code",
    "region",
    "period",
    "borders",
    "basis",
    "value",
    "unit",
    "status",
    "origin",
    "position",
    "n",
    "column_inferred",
    "source_id",
    "source",
    "licence",
];

impl Figure<'_> {
    /// Its cells, in the order of [`NAMES`]. Words are those of the contract in lower case; names are in the language asked for.
    pub(crate) fn cells<'a>(&'a self, lists: &'a Lists, language: Language) -> [Cell<'a>; NAMES.len()] {
        let indicator = self.indicator.indicator.as_ref();
        let edition = lists.edition.summary.as_ref();
        [
            text(edition.map_or("", |edition| &edition.id)),
            text(indicator.map_or("", |indicator| &indicator.id)),
            text(language.of(indicator.and_then(|indicator| indicator.name.as_ref()))),
            word(self.region.level()),
            text(&self.region.code),
            text(&self.region.name),
            text(&self.series.period),
            text(&self.series.borders),
            word(self.series.basis()),
            self.value.map_or(Cell::Nothing, Cell::Number),
            match self.status {
                ObservationStatus::Unspecified => Cell::Nothing, // a position has no unit
                _ => text(language.of(self.indicator.unit.as_ref())),
            },
            word(self.status),
            word(self.origin),
            self.position.map_or(Cell::Nothing, Cell::Integer),
            match self.series.n {
                0 => Cell::Nothing,
                n => Cell::Integer(n),
            },
            Cell::Truth(self.series.column_inferred),
            text(&self.source.id),
            text(language.of(self.source.title.as_ref())),
            text(&self.source.licence),
        ]
    }
}

fn text(text: &str) -> Cell<'_> {
    if text.is_empty() {
        Cell::Nothing
    } else {
        Cell::Text(text)
    }
}

fn word(word: impl Word) -> Cell<'static> {
    let stable = word.stable();
    if stable.is_empty() {
        Cell::Nothing
    } else {
        Cell::Word(stable)
    }
}
