//! The dialects of CSV and the workbooks that public sources write, each as small as it gets.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

use super::{
    tests::{format, read_as, row},
    xlsx,
};

#[test]
fn letters_of_windows_1252_are_read_when_the_recipe_says_so() {
    let table = b"a;b\r\nS\xfadwest-Frysl\xe2n;\x80 5\r\n".to_vec();
    let keys = "delimiter = \";\"\nencoding = \"windows-1252\"";
    let (rows, _, problems) = read_as(&format(keys), table, &["a", "b"]);
    assert_eq!(problems, [""; 0]);
    assert_eq!(rows, [row(2, &["Súdwest-Fryslân", "€ 5"])]);
}

#[test]
fn utf_8_is_not_read_as_windows_1252() {
    let format = format("encoding = \"windows-1252\"");
    for (table, place) in [
        ("a,b\n1,2\n3,Fryslân\n".to_owned(), "t.csv:3"),
        ("\u{feff}a,b\n1,2\n".to_owned(), "t.csv:1"),
    ] {
        let problems = read_as(&format, table, &["a"]).2;
        assert_eq!(
            problems,
            [format!(
                "{place}: the text is UTF-8: remove `encoding = \"windows-1252\"` from the recipe"
            )]
        );
    }
    let problems = read_as(&format, b"a,b\n1,\x81\n".to_vec(), &["a"]).2;
    assert_eq!(
        problems,
        ["t.csv:2: holds the byte 0x81, which Windows-1252 does not have"]
    );
}

#[test]
fn doubled_quotes_of_a_text_within_quotes_are_made_single_again() {
    let table = "\u{feff}\"a\"\";\"\"b (1 000 euro)\"\r\n\"x\"\";\"\"1,5\"\"\r\n\"\"y;z\"\";2\r\n\"\r\n";
    let (rows, _, problems) = read_as(
        &format("delimiter = \";\"\nquotes = \"doubled\""),
        table,
        &["a", "b (1 000 euro)"],
    );
    assert_eq!(problems, [""; 0]);
    assert_eq!(rows, [row(2, &["x", "1,5"]), row(3, &["y;z", "2"])]);
}

#[test]
fn lines_wrapped_in_quotes_are_unwrapped() {
    let format = format("delimiter = \";\"\nquotes = \"wrapped\"");
    let table = "\"ID;\"\"a\"\";\"\"b\"\"\"\r\n\"1;\"\"CR01  \"\";\"\"    2058\"\"\"\r\n2;x;3";
    let (rows, _, problems) = read_as(&format, table, &["a", "b"]);
    assert_eq!(problems, [""; 0]);
    assert_eq!(rows, [row(2, &["CR01", "2058"]), row(3, &["x", "3"])]);
    let problems = read_as(&format, "\"a;\"\"b\"\"\"\n\"1\";\"2\";3\n", &["a"]).2;
    assert_eq!(
        problems,
        ["t.csv:2: is not one quoted cell, as `quotes = \"wrapped\"` in the recipe says every line is"]
    );
}

#[test]
fn a_table_that_nobody_saved_again_is_read_by_the_recipe_of_one_that_was() {
    for quotes in ["doubled", "wrapped"] {
        let keys = format!("delimiter = \";\"\nquotes = \"{quotes}\"");
        let table = "\"a\";\"b\"\r\n\"x\"\"y\";\"\"\r\n\"\";2\r\n";
        let (rows, _, problems) = read_as(&format(&keys), table, &["a", "b"]);
        assert_eq!(problems, [""; 0]);
        assert_eq!(rows, [row(2, &["x\"y", ""]), row(3, &["", "2"])]);
    }
}

#[test]
fn names_on_several_lines_are_joined_below_the_title_of_the_table() {
    let format = format("delimiter = \";\"\nheader_line = 4\nheader_lines = 2");
    let table = "\"Gebieden\"\n\"\"\n\n\"\";\"||Code\";\"Naam\"\n\"Regio's\";\"code\";\"naam\"\n\"Almere\";\"GM0034\";\"Almere\"\n\"Bron: CBS\"\n";
    let (rows, _, problems) = read_as(&format, table, &["Regio's", "||Code/code", "Naam/naam"]);
    assert_eq!(problems, [""; 0]);
    assert_eq!(rows, [row(6, &["Almere", "GM0034", "Almere"])]);
    assert_eq!(
        read_as(&format, "a;b\n1;2\n", &["a"]).2,
        ["t.csv: ends before its header: the recipe says that it is 2 lines from line 4"]
    );
}

#[test]
fn the_source_below_a_table_is_no_row_of_it_and_nothing_follows_it() {
    let (rows, _, problems) = read_as(&format(""), "a,b\n1,2\n,\n\"Bron: CBS, Kadaster\",\n\n", &["a"]);
    assert_eq!(problems, [""; 0]);
    assert_eq!(rows, [row(2, &["1"])]);
    assert_eq!(
        read_as(&format(""), "a,b\n1,2\n© CBS\n3,4\n", &["a"]).2,
        [
            "t.csv:3: a note on the source stands here, and rows go on below it: are these two tables in one file?"
        ]
    );
}

fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().expect("a workbook")
}

#[test]
fn a_sheet_is_read_with_numbers_as_the_recipe_writes_them() {
    let bytes = workbook(|workbook| {
        workbook.add_worksheet().set_name("Toelichting").expect("a name");
        let sheet = workbook.add_worksheet().set_name("Tabel 1").expect("a name");
        sheet.write(0, 0, "Kerncijfers").expect("written");
        for (column, name) in (0..).zip(["code", "naam", "inwoners"]) {
            sheet.write(2, column, name).expect("written");
        }
        for (row, (code, name, value)) in (3..).zip([("GM0034", "Almere", 0.1), ("GM0995", "Lelystad ", 1e6)])
        {
            sheet.write(row, 0, code).expect("written");
            sheet.write(row, 1, name).expect("written");
            sheet.write(row, 2, value).expect("written");
        }
        sheet.write(5, 0, "GM0303").expect("written");
        sheet.write(7, 0, "Bron: CBS").expect("written");
    });
    let keys = "format = \"xlsx\"\nsheet = \"Tabel 1\"\nheader_line = 3\ndecimal = \",\"";
    let (rows, _, problems) = read_as(&format(keys), bytes.clone(), &["inwoners", "naam", "code"]);
    assert_eq!(problems, [""; 0]);
    assert_eq!(
        rows,
        [
            row(4, &["0,1", "Almere", "GM0034"]),
            row(5, &["1000000", "Lelystad", "GM0995"]),
            row(6, &["", "", "GM0303"]),
        ]
    );
    let problem = |keys: &str| {
        read_as(
            &format(&format!("format = \"xlsx\"\n{keys}")),
            bytes.clone(),
            &["code"],
        )
        .2
    };
    assert_eq!(
        problem(""),
        ["t.csv: has 2 sheets: write in the recipe which `sheet` is meant: `Toelichting`, `Tabel 1`"]
    );
    assert_eq!(
        problem("sheet = \"Tabel\""),
        ["t.csv: has no sheet `Tabel`; did you mean `Tabel 1`?"]
    );
    assert_eq!(
        problem("sheet = \"Toelichting\""),
        ["t.csv: is empty: expected a header with the names of the columns"]
    );
    assert_eq!(
        problem("sheet = \"Tabel 1\"\nheader_line = 3\nheader_lines = 7"),
        ["t.csv: ends before its header: the recipe says that it is 7 lines from line 3"]
    );
}

#[test]
fn days_errors_and_truths_in_a_sheet_are_not_numbers() {
    let bytes = workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        sheet.write(0, 0, "a").expect("written");
        let day = ExcelDateTime::from_ymd(2020, 1, 1).expect("a day");
        let format = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_with_format(1, 0, &day, &format).expect("written");
        sheet.write(2, 0, true).expect("written");
    });
    let (rows, _, problems) = read_as(&format("format = \"xlsx\""), bytes, &["a"]);
    assert_eq!(problems, [""; 0]);
    assert_eq!(rows, [row(2, &["the date with number 43831"]), row(3, &["true"])]);
}

#[test]
fn what_is_no_workbook_or_a_damaged_one_is_refused() {
    let format = format("format = \"xlsx\"");
    let whole = workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        for row in 0..200 {
            sheet.write(row, 0, format!("cell {row}")).expect("written");
        }
    });
    let problem = |bytes: Vec<u8>| read_as(&format, bytes, &["cell 0"]).2;
    assert_eq!(problem(whole.clone()), [""; 0]);
    for bytes in [
        b"a,b\n1,2\n".to_vec(),
        Vec::new(),
        whole[..whole.len() / 2].to_vec(),
    ] {
        assert!(problem(bytes)[0].contains("is no workbook"));
    }
    let mut refused = 0;
    for place in (0..whole.len()).step_by(7) {
        let mut flipped = whole.clone();
        flipped[place] ^= 0x55;
        refused += usize::from(!problem(flipped).is_empty());
    }
    assert!(refused > whole.len() / 7 / 3, "{refused} of {}", whole.len() / 7);
}

#[test]
fn a_workbook_that_unpacks_to_more_than_there_is_is_refused() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for part in 0..3 {
        archive
            .start_file(format!("part{part}"), SimpleFileOptions::default())
            .expect("a part");
        archive.write_all(&vec![0; 1 << 20]).expect("written");
    }
    let bytes = archive.finish().expect("an archive").into_inner();
    assert!(bytes.len() < 8 << 10);
    let read = |most| xlsx::whole(&mut bytes.as_slice(), most, &mut Sha256::new());
    assert_eq!(read(3 << 20), Ok(bytes.clone()));
    assert_eq!(
        read((3 << 20) - 1),
        Err("unpacks to more than 3145727 bytes: this is no table of figures".to_owned())
    );
}
