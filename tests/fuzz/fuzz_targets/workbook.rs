//! A workbook: raw bytes, or a sound archive around a sheet and the texts that its cells share.

#![no_main]

use std::{
    io::{Cursor, Write},
    panic,
    sync::LazyLock,
};

use groeikern_fuzz::{bytes, import, recipe};
use groeikern_server::import::{ImportFlags, Recipe};
use libfuzzer_sys::fuzz_target;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

static RECIPE: LazyLock<Recipe> =
    LazyLock::new(|| recipe("format = \"xlsx\"\nshape = \"wide\"\nregion_column = \"code\"", "column"));

/// The library that unpacks workbooks panics on some broken ones; the reader takes that for a refusal. Other panics are findings.
static ONLY_OURS: LazyLock<()> = LazyLock::new(|| {
    let finding = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("/calamine-")) {
            finding(panic);
        }
    }));
});

const CONTENT_TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="T" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const WORKBOOK_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

fuzz_target!(|data: &[u8]| {
    LazyLock::force(&ONLY_OURS);
    let Some((first, rest)) = data.split_first() else {
        return;
    };
    let workbook = if *first == 0 { rest.to_vec() } else { around(rest) };
    let flags = ImportFlags::default();
    let read = import(&RECIPE, bytes("t.xlsx", &workbook), &flags);
    let again = import(&RECIPE, bytes("t.xlsx", &workbook), &flags);
    assert_eq!(read, again, "read twice");
});

/// An archive with these bytes as its sheet and, after a zero byte, the texts that cells share.
fn around(parts: &[u8]) -> Vec<u8> {
    let mut halves = parts.splitn(2, |byte| *byte == 0);
    let (sheet, texts) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in [
        ("[Content_Types].xml", CONTENT_TYPES.as_bytes()),
        ("_rels/.rels", RELATIONS.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", texts),
    ] {
        archive.start_file(name, stored).expect("in memory");
        archive.write_all(content).expect("in memory");
    }
    archive.finish().expect("in memory").into_inner()
}
