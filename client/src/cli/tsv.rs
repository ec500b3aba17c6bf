//! Answers as tab separated rows for scripts: a header of stable English names, nothing rounded, absent is empty.

use super::sheet::{Cell, PartOf, Sheet, Show};

/// The header and every row, each ending in a newline.
pub(crate) fn write(sheet: &Sheet) -> String {
    let columns: Vec<usize> = (0..sheet.columns.len())
        .filter(|index| sheet.columns[*index].show != Show::TableOnly)
        .collect();
    let line = |text: &dyn Fn(usize) -> String| {
        let texts: Vec<String> = columns.iter().map(|index| text(*index)).collect();
        texts.join("\t") + "\n"
    };
    let mut text = line(&|index| sheet.columns[index].name.to_owned());
    for row in sheet.lines.iter().filter(|row| row.part_of != PartOf::TableOnly) {
        text += &line(&|index| plain(&row.cells[index]));
    }
    text
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Absent => String::new(),
        Cell::Text(text) => text.replace(['\t', '\n', '\r'], " "),
        Cell::Integer(number) => number.to_string(),
        Cell::Signed(change) => change.to_string(),
        Cell::Number { value, .. } | Cell::Share(value) => value.to_string(),
        Cell::Of { part, .. } | Cell::SharedOf { part, .. } => part.to_string(),
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
