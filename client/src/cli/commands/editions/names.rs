//! Cells and names that questions on editions share.

use groeikern_client::v1::{IndicatorRef, RegionRef, Standing};

use crate::cli::{
    exit::Failure,
    language::{Language, words::Tone},
    session::Session,
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

/// The codes of the municipalities that were typed, each once.
pub(super) async fn codes(session: &mut Session, typed: &[String]) -> Result<Vec<String>, Failure> {
    let mut codes: Vec<String> = Vec::new();
    for typed in typed {
        let code = session.region(typed).await?.code;
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    Ok(codes)
}
