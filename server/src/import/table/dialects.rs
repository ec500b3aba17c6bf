//! The dialects of CSV and the workbooks that public sources write, each as small as it gets.

use std::io::{Cursor, Read, Write};

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
        ("a,b\n1,2\n3,Fryslân\n".as_bytes(), "t.csv:3"),
        ("\u{feff}a,b\n1,2\n".as_bytes(), "t.csv:1"),
        // The first line is Windows-1252, the next one is not.
        (b"a,b\nS\xfad,2\nFrysl\xc3\xa2n,2\n", "t.csv:3"),
    ] {
        let problems = read_as(&format, table, &["a"]).2;
        assert_eq!(
            problems,
            [format!(
                "{place}: the text is UTF-8: remove `encoding = \"windows-1252\"` from the recipe, or make all of it one or \
                 the other"
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
fn merged_cells_and_formulas_without_a_result_are_refused_with_their_row() {
    let read = |fill: fn(&mut Workbook)| read_as(&format("format = \"xlsx\""), workbook(fill), &["a"]).2;
    let merged = read(|workbook| {
        let sheet = workbook.add_worksheet();
        sheet.write(0, 0, "a").expect("written");
        sheet
            .merge_range(1, 0, 1, 1, "1", &Format::new())
            .expect("written");
        sheet
            .merge_range(3, 0, 3, 2, "Bron: CBS", &Format::new())
            .expect("written");
    });
    assert!(
        matches!(merged.as_slice(), [one] if one.starts_with("t.csv:2: has merged cells")),
        "{merged:?}"
    );
    let header = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c></row>";
    for result in ["", "<v></v>"] {
        let formula = format!("{header}<row r=\"2\"><c r=\"A2\"><f>1+1</f>{result}</c></row>");
        let problems = read_as(&format("format = \"xlsx\""), around(&formula), &["a"]).2;
        assert_eq!(
            problems,
            ["t.csv: row 2 has a formula without its result: calculate the workbook and save it again"]
        );
    }
}

/// A workbook around the rows of a sheet.
fn around(rows: &str) -> Vec<u8> {
    let empty = workbook(|workbook| {
        workbook.add_worksheet();
    });
    rewritten(&empty, "<sheetData/>", &format!("<sheetData>{rows}</sheetData>"))
}

/// A workbook in whose parts one text stands for another.
fn rewritten(whole: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(whole)).expect("an archive");
    let mut changed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for part in 0..archive.len() {
        let mut part = archive.by_index(part).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        let text = text.replace(from, to);
        changed
            .start_file(part.name().expect("a name"), SimpleFileOptions::default())
            .expect("a part");
        changed.write_all(text.as_bytes()).expect("written");
    }
    changed.finish().expect("an archive").into_inner()
}

#[test]
fn a_workbook_that_announces_more_texts_than_it_holds_takes_no_memory_for_them() {
    let sound = workbook(|workbook| {
        workbook.add_worksheet().write(0, 0, "a").expect("written");
    });
    assert_eq!(
        read_as(&format("format = \"xlsx\""), sound.clone(), &["a"]).2,
        [""; 0]
    );
    for count in ["10000000000", "8612933377076028300", "99999999999999999999999"] {
        for written in [
            format!("uniqueCount=\"{count}\""),
            format!("uniqueCount = '+{count}'"),
        ] {
            let lying = rewritten(&sound, "uniqueCount=\"1\"", &written);
            assert_eq!(
                read_as(&format("format = \"xlsx\""), lying, &["a"]).2,
                ["t.csv: announces more texts than it holds: it is damaged"]
            );
        }
    }
}

#[test]
fn of_two_cells_at_one_place_in_a_sheet_none_is_lost() {
    let header = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c><c r=\"B1\" t=\"str\"><v>b</v></c></row>";
    let sound = "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><v>2</v></c></row>";
    let read = |rows: &str| {
        read_as(
            &format("format = \"xlsx\""),
            around(&format!("{header}{rows}")),
            &["a", "b"],
        )
    };
    assert_eq!(read(sound).0, [row(2, &["1", "2"])]);
    for rows in [
        format!("{sound}{sound}"),
        sound.replace("B2", "A2"),
        format!("{}{}", sound.replace("B2", "B3"), sound.replace('2', "3")),
        sound.replace("A2", "C2"),
        sound.replace("B2", "ZZZZZZZZZZ2"),
    ] {
        let problems = read(&rows).2;
        assert!(
            problems
                .iter()
                .any(|problem| problem.contains("out of order") || problem.contains("cannot be read")),
            "{rows}: {problems:?}"
        );
    }
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
