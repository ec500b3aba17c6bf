//! Whatever a table holds, it is read as it was written, in every dialect.

use proptest::prelude::*;

use super::tests::{format, read_as};

/// Rows of three cells with what makes CSV hard.
fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = prop::string::string_regex("[a;,\"\t é€0-9.*]{0,6}").expect("a pattern");
    prop::collection::vec(prop::collection::vec(cell, 3), 0..8)
}

/// A table by the letter of RFC 4180, every cell within quotes.
fn written(rows: &[Vec<String>], delimiter: &str) -> Vec<String> {
    let header = ["a", "b", "c"].map(str::to_owned).to_vec();
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    std::iter::once(&header)
        .chain(rows)
        .map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(delimiter))
        .collect()
}

/// What a reader should find: cells without spaces around them; lines without any text are none.
fn expected(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let trimmed = |row: &Vec<String>| row.iter().map(|cell| cell.trim().to_owned()).collect();
    let is_filled = |row: &Vec<String>| row.iter().any(|cell| !cell.is_empty());
    rows.iter().map(trimmed).filter(is_filled).collect()
}

fn found(keys: &str, bytes: Vec<u8>) -> Vec<Vec<String>> {
    let (rows, _, problems) = read_as(&format(keys), bytes, &["a", "b", "c"]);
    assert_eq!(problems, [""; 0]);
    rows.into_iter().map(|(_, cells)| cells).collect()
}

proptest! {
    #[test]
    fn a_table_is_read_as_it_was_written(rows in tables(), ends_with_line in any::<bool>()) {
        for (delimiter, key) in [(",", ","), (";", ";"), ("\t", "\\t")] {
            let mut text = written(&rows, delimiter).join("\r\n");
            if ends_with_line {
                text += "\r\n";
            }
            let keys = format!("delimiter = \"{key}\"");
            prop_assert_eq!(found(&keys, text.into_bytes()), expected(&rows));
        }
    }

    #[test]
    fn a_table_with_broken_quotes_is_read_as_before_it_was_saved_again(rows in tables()) {
        let lines = written(&rows, ";");
        let doubled = format!("\"{}\r\n\"", lines.join("\r\n").replace('"', "\"\""));
        let keys = "delimiter = \";\"\nquotes = \"doubled\"";
        // The quote around all of it doubles that of the first cell, which is how such a table begins.
        prop_assert_eq!(found(keys, doubled.as_bytes()[1..].to_vec()), expected(&rows));
        let wrapped: Vec<String> =
            lines.iter().map(|line| format!("\"{}\"", line.replace('"', "\"\""))).collect();
        let keys = "delimiter = \";\"\nquotes = \"wrapped\"";
        prop_assert_eq!(found(keys, wrapped.join("\n").into_bytes()), expected(&rows));
    }

    #[test]
    fn a_table_in_windows_1252_is_the_one_in_utf_8(rows in tables()) {
        let text = written(&rows, ",").join("\n");
        let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(&text);
        prop_assert!(!unmappable);
        // é€€ is another letter in UTF-8; such a text is refused.
        prop_assume!(bytes.split(|byte| *byte == b'\n').all(|line| line.is_ascii() || str::from_utf8(line).is_err()));
        prop_assert_eq!(found("encoding = \"windows-1252\"", bytes.into_owned()), expected(&rows));
    }
}
