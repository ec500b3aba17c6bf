//! Cells and names that questions on editions share.

use groeikern_client::v1::{IndicatorRef, RegionRef, Standing};

use crate::cli::{
    language::{Language, words::Tone},
    sheet::Cell,
};

pub(super) fn indicator_id(indicator: Option<&IndicatorRef>) -> Cell {
    indicator.map_or(Cell::Absent, |indicator| Cell::text(&indicator.id))
}

pub(super) fn indicator(indicator: Option<&IndicatorRef>, language: Language) -> Cell {
    indicator.map_or(Cell::Absent, |indicator| {
        Cell::localized(indicator.name.as_ref(), language)
    })
}

pub(super) fn code(region: Option<&RegionRef>) -> Cell {
    region.map_or(Cell::Absent, |region| Cell::text(&region.code))
}

pub(super) fn region(region: Option<&RegionRef>) -> Cell {
    region.map_or(Cell::Absent, |region| Cell::text(&region.name))
}

pub(super) fn verdict(standing: Option<&Standing>, language: Language) -> Cell {
    standing.map_or(Cell::Absent, |standing| Cell::word(standing.verdict(), language))
}

/// What was and what is.
pub(super) fn from_to(base: String, now: String) -> Cell {
    Cell::text(format!("{base} > {now}"))
}

/// A word of ours, without a tone.
pub(super) fn fixed(stable: &str, shown: &'static str) -> Cell {
    Cell::Word {
        stable: stable.to_owned(),
        shown,
        tone: Tone::Plain,
    }
}
