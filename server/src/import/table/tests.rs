//! A table is read whole, whatever it is packed in, or every place where it is wrong is named.

use std::{
    io::Cursor,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use sha2::Digest;

use super::*;
use crate::{
    edition::content_hash::hex,
    import::fixtures::{WIDE, gzip, needed, recipe},
};

/// Rows as lines and cells.
pub(super) type Rows = Vec<(usize, Vec<String>)>;

/// A table as a recipe describes it in these lines.
pub(super) fn format(keys: &str) -> TableFormat {
    let text = WIDE.replace("shape = \"wide\"", &format!("shape = \"wide\"\n{keys}"));
    recipe(&text).table
}

fn delimited(delimiter: u8) -> TableFormat {
    format(&format!(
        "delimiter = \"{}\"",
        char::from(delimiter).escape_default()
    ))
}

/// The rows of a table, its hash, and what is wrong with it.
fn read_all(bytes: impl Into<Vec<u8>>, columns: &[&str], delimiter: u8) -> (Rows, String, Vec<String>) {
    read_as(&delimited(delimiter), bytes, columns)
}

pub(super) fn read_as(
    format: &TableFormat,
    bytes: impl Into<Vec<u8>>,
    columns: &[&str],
) -> (Rows, String, Vec<String>) {
    let needed = needed(columns);
    let mut rows = Vec::new();
    let mut hasher = Sha256::new();
    let mut problems = Problems::first_of_many();
    let input = TableInput::new("t.csv", Cursor::new(bytes.into()));
    read(input, format, &needed, &mut hasher, &mut problems, |row, _| {
        rows.push((
            row.line,
            (0..columns.len())
                .map(|column| row.cell(column).to_owned())
                .collect(),
        ));
    });
    let found = match problems.refuse("a table") {
        Ok(()) => Vec::new(),
        Err(error) => error.problems.iter().map(ToString::to_string).collect(),
    };
    (rows, hex(&hasher.finalize()), found)
}

fn problems_of(bytes: impl Into<Vec<u8>>) -> Vec<String> {
    read_all(bytes, &["a", "b"], b',').2
}

pub(super) fn row(line: usize, cells: &[&str]) -> (usize, Vec<String>) {
    (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

#[test]
fn a_table_is_the_same_compressed_or_not_whatever_it_is_called() {
    let text = b"b,c,a\n1,2, 3 \n4,5,6\n";
    let plain = read_all(*text, &["a", "b"], b',');
    assert_eq!(plain.0, [row(2, &["3", "1"]), row(3, &["6", "4"])]);
    assert_eq!(plain.2, [""; 0]);
    assert_eq!(plain.1, hex(&Sha256::digest(text)));
    assert_eq!(read_all(gzip(text), &["a", "b"], b','), plain);
    let in_two_parts = [gzip(&text[..9]), gzip(&text[9..])].concat();
    assert_eq!(read_all(in_two_parts, &["a", "b"], b','), plain);
}

#[test]
fn a_byte_order_mark_quotes_and_other_delimiters_are_read() {
    let table = "\u{feff}\"a\nof two lines\";\"b\"\r\n\"1;\"\"x\"\"\";\"y\"\r\n2;é\r\n";
    let (rows, _, problems) = read_all(table, &["a\nof two lines", "b"], b';');
    assert_eq!(problems, [""; 0]);
    assert_eq!(rows, [row(3, &["1;\"x\"", "y"]), row(4, &["2", "é"])]);
    assert_eq!(read_all("a\tb\n1\t2", &["b"], b'\t').0, [row(2, &["2"])]);
    let marked_twice = "\u{feff}\u{feff}a,b\n1,2\n";
    assert_eq!(read_all(marked_twice, &["a"], b',').0, [row(2, &["1"])]);
}

#[test]
fn lines_are_counted_as_editors_count_them() {
    for end in ["\n", "\r\n"] {
        let table = ["a,b", "1,2", "", "", "3,4", "5", "6,7"].join(end);
        let (rows, _, problems) = read_all(table, &["a"], b',');
        assert_eq!(rows, [row(2, &["1"]), row(5, &["3"]), row(7, &["6"])], "{end:?}");
        assert_eq!(
            problems,
            ["t.csv:6: has 1 cells, the header has 2; the row begins with `5`"],
            "{end:?}"
        );
    }
}

#[test]
fn a_missing_column_is_named_with_who_needs_it_and_the_nearest() {
    assert_eq!(
        read_all("Inwoners,A\n1,2\n", &["inwoner", "zzz"], b',').2,
        [
            "t.csv:1: there is no column `inwoner`, which the test needs; did you mean `Inwoners`?",
            "t.csv:1: there is no column `zzz`, which the test needs",
        ]
    );
    assert_eq!(
        problems_of("a,b,a\n1,2,3\n"),
        ["t.csv:1: column `a` stands twice, as column 1 and 3: rename or remove one"]
    );
    let problems = problems_of("a;b\n1;2\n");
    assert_eq!(
        problems.last().map(String::as_str),
        Some("t.csv:1: the header is a single cell that holds ';': is `delimiter` in the recipe right?")
    );
}

#[test]
fn text_in_another_encoding_is_refused_with_line_and_cell() {
    assert_eq!(
        problems_of(b"a,b\n1,2\n3,S\xfadwest\n4,5\n6,\xff\n".to_vec()),
        [
            "t.csv:3: cell 2 is not UTF-8 text: `S\u{fffd}dwest`; save it as UTF-8, or write encoding = \"windows-1252\" in the recipe",
            "t.csv:5: cell 2 is not UTF-8 text: `\u{fffd}`; save it as UTF-8, or write encoding = \"windows-1252\" in the recipe",
        ]
    );
    let utf16: Vec<u8> = "\u{feff}a,b\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(
        problems_of(utf16),
        [
            "t.csv:1: is not UTF-8 text: expected a CSV file in UTF-8; save it as UTF-8, or write encoding = \"windows-1252\" in the recipe"
        ]
    );
}

#[test]
fn what_is_no_table_says_what_it_is() {
    assert_eq!(
        problems_of(""),
        ["t.csv: is empty: expected a header with the names of the columns"]
    );
    assert_eq!(
        problems_of("\u{feff}"),
        ["t.csv: is empty: expected a header with the names of the columns"]
    );
    assert!(problems_of(b"PK\x03\x04whatever".to_vec())[0].contains("a ZIP archive or a workbook"));
    assert!(problems_of(gzip(b""))[0].contains("is empty"));
}

#[test]
fn a_damaged_or_cut_archive_is_refused() {
    let text: String = std::iter::once("a,b\n".to_owned())
        .chain((0..5000).map(|n| format!("{n},{}\n", n * n)))
        .collect();
    let whole = gzip(text.as_bytes());
    assert_eq!(problems_of(whole.clone()), [""; 0]);
    for length in [3, 12, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        assert!(
            problems_of(whole[..length].to_vec())[0].contains("cannot be read"),
            "{length}"
        );
    }
    for place in [whole.len() / 2, whole.len() - 6] {
        let mut flipped = whole.clone();
        flipped[place] ^= 0x10;
        assert!(!problems_of(flipped).is_empty(), "{place}");
    }
    assert!(problems_of([whole, b"and more".to_vec()].concat())[0].contains("cannot be read"));
}

#[test]
fn a_quote_that_is_never_closed_swallows_nothing_in_silence() {
    assert_eq!(
        problems_of("a,b\n1,2\n3,\"4\n5,6\n7,8\n"),
        ["t.csv:3: begins a cell with a quote that never ends: close it"]
    );
}

#[test]
fn two_stray_quotes_do_not_swallow_the_rows_between_them() {
    let table = "a;b\nGM0034;\"Almere\nGM0344;Utrecht\"\n\"GM0995\";1\n";
    assert_eq!(
        read_all(table, &["a"], b';').2,
        [
            "t.csv:2: has a cell that goes over the end of its line: quotes stand here that do not belong together; remove them"
        ]
    );
}

#[test]
fn quotes_that_leave_in_doubt_where_a_cell_ends_are_refused_with_their_line() {
    for (table, line, message) in [
        (
            "a,b\n5\" pipe,2\n",
            2,
            "has a quote within a cell that does not begin with one",
        ),
        (
            "a,b\n\"1\",2\n\"two\nlines\"x,3\n",
            4,
            "goes on after the closing quote",
        ),
        ("a,b\n \"1\",2\n", 2, "has a quote within a cell"),
        ("a,b\n\"1\" ,2\n", 2, "goes on after the closing quote"),
        ("a,b\n1,\"2\"\rx\n", 2, "goes on after the closing quote"),
        ("a,b\n1\n\"2\"x,3\n", 3, "goes on after the closing quote"),
    ] {
        let problems = problems_of(table);
        assert_eq!(problems_of(gzip(table.as_bytes())), problems, "{table:?}");
        let begins = format!("t.csv:{line}: {message}");
        assert!(
            problems.iter().any(|problem| problem.starts_with(&begins)),
            "{table:?}: {problems:?}"
        );
    }
    let (rows, _, problems) = read_all("a,b\n'x,\"\"\n\"\"\"\",\"2\"\r\n", &["a", "b"], b',');
    assert_eq!(problems, [""; 0]);
    assert_eq!(rows, [row(2, &["'x", ""]), row(3, &["\"", "2"])]);
}

#[test]
fn a_line_without_end_is_refused_before_it_fills_memory() {
    struct Endless;
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer.fill(b'1');
            Ok(buffer.len())
        }
    }
    let mut problems = Problems::first_of_many();
    let input = TableInput::new("t.csv", Endless);
    read(
        input,
        &delimited(b','),
        &[],
        &mut Sha256::new(),
        &mut problems,
        |_, _| {},
    );
    let error = problems.refuse("a table").expect_err("endless");
    assert!(error.to_string().contains("a line is longer than"), "{error}");
}

#[test]
fn progress_is_told_in_the_bytes_of_the_file() {
    let taken = Arc::new(AtomicUsize::new(0));
    let packed = gzip(b"a,b\n1,2\n");
    let length = packed.len();
    let counter = Arc::clone(&taken);
    let input = TableInput::new("t.csv", Cursor::new(packed)).with_progress(move |bytes| {
        counter.fetch_add(bytes, Ordering::Relaxed);
    });
    read(
        input,
        &delimited(b','),
        &[],
        &mut Sha256::new(),
        &mut Problems::first_of_many(),
        |_, _| {},
    );
    assert_eq!(taken.load(Ordering::Relaxed), length);
}

#[test]
fn an_absent_file_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = TableInput::open(&folder.path().join("none.csv")).expect_err("absent");
    assert!(error.to_string().contains("none.csv: cannot be read"), "{error}");
}

#[test]
fn another_table_is_said_to_be_one_instead_of_every_column_it_lacks() {
    let needed = ["code", "a", "b", "c", "d", "e"];
    assert_eq!(
        read_all("code,x,y\nGM0034,1,2\n", &needed, b',').2,
        [
            "t.csv:1: it has 1 of the 6 columns that the recipe needs; `a` is the first that is missing: is it the table that \
             this recipe is for?"
        ]
    );
}
