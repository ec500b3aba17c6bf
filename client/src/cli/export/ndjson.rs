//! NDJSON: one JSON object per line and figure, all with the same keys; null where there is nothing.

use std::io::{self, Write};

use super::{
    columns::{Cell, Figure, NAMES},
    received::Lists,
};
use crate::cli::language::Language;

pub(crate) fn line(
    sink: &mut impl Write,
    lists: &Lists,
    figure: &Figure<'_>,
    language: Language,
) -> io::Result<()> {
    let cells = figure.cells(lists, language);
    for (place, (name, cell)) in NAMES.iter().zip(&cells).enumerate() {
        let before = if place == 0 { '{' } else { ',' };
        write!(sink, "{before}\"{name}\":")?;
        match cell {
            Cell::Text(text) => serde_json::to_writer(&mut *sink, text)?,
            Cell::Word(word) => serde_json::to_writer(&mut *sink, word)?,
            Cell::Number(number) => write!(sink, "{number}")?,
            Cell::Integer(number) => write!(sink, "{number}")?,
            Cell::Truth(truth) => write!(sink, "{truth}")?,
            Cell::Nothing => sink.write_all(b"null")?,
        }
    }
    sink.write_all(b"}\n")
}
