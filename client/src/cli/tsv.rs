//! Answers as tab separated rows for scripts: a header of stable English names, nothing rounded, absent is empty.

use super::sheet::{Cell, Sheet};

/// The header and every row, each ending in a newline.
pub(crate) fn write(sheet: &Sheet) -> String {
    let mut text = sheet
        .columns
        .iter()
        .map(|column| column.name)
        .collect::<Vec<_>>()
        .join("\t");
    text.push('\n');
    for line in &sheet.lines {
        text.push_str(&line.cells.iter().map(plain).collect::<Vec<_>>().join("\t"));
        text.push('\n');
    }
    text
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Absent => String::new(),
        Cell::Text(text) => text.replace(['\t', '\n', '\r'], " "),
        Cell::Integer(number) => number.to_string(),
        Cell::Number { value, .. } | Cell::Share(value) => value.to_string(),
        Cell::Of { part, .. } => part.to_string(),
        Cell::Word { stable, .. } => stable.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_one_line_and_every_digit() {
        assert_eq!(plain(&Cell::text("a\tb\r\nc")), "a b  c");
        assert_eq!(
            plain(&Cell::number(Some(6.123_456_789_012_3), 1)),
            "6.1234567890123"
        );
        assert_eq!(plain(&Cell::number(None, 1)), "");
        assert_eq!(plain(&Cell::number(Some(0.0), 1)), "0");
        assert_eq!(plain(&Cell::Of { part: 7, whole: 337 }), "7");
    }
}
