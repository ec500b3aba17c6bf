//! CSV after RFC 4180, in UTF-8: a header, a line per figure, lines that end in CR LF. Numbers have a point and every digit that
//! tells them from their neighbours.

use std::io::{self, Write};

use super::{
    columns::{Cell, Figure, NAMES},
    received::Lists,
};
use crate::cli::language::Language;

pub(crate) fn header(sink: &mut impl Write) -> io::Result<()> {
    sink.write_all(NAMES.join(",").as_bytes())?;
    sink.write_all(b"\r\n")
}

pub(crate) fn row(
    sink: &mut impl Write,
    lists: &Lists,
    figure: &Figure<'_>,
    language: Language,
) -> io::Result<()> {
    for (place, cell) in figure.cells(lists, language).iter().enumerate() {
        if place > 0 {
            sink.write_all(b",")?;
        }
        match cell {
            Cell::Text(text) => quoted(sink, text)?,
            Cell::Word(word) => quoted(sink, word)?,
            Cell::Number(number) => write!(sink, "{number}")?,
            Cell::Integer(number) => write!(sink, "{number}")?,
            Cell::Truth(truth) => write!(sink, "{truth}")?,
            Cell::Nothing => {}
        }
    }
    sink.write_all(b"\r\n")
}

/// A text as it is, within quotes where it would be read otherwise. Nothing is put before texts that a spreadsheet takes for a
/// formula: names and units come from recipes, and have to be read back as they are.
fn quoted(sink: &mut impl Write, text: &str) -> io::Result<()> {
    let plain = !text.contains([',', '"', '\r', '\n']) && text.trim() == text;
    if plain {
        return sink.write_all(text.as_bytes());
    }
    write!(sink, "\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_where_it_has_to_be() {
        for (text, written) in [
            ("'s-Gravenhage", "'s-Gravenhage"),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            (" space", "\" space\""),
            ("€ per m²", "€ per m²"),
        ] {
            let mut found = Vec::new();
            quoted(&mut found, text).unwrap();
            assert_eq!(String::from_utf8(found).unwrap(), written);
        }
    }
}
