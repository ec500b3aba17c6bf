//! A CSV table in every dialect: accepted with the same figures that a simple reader finds, or refused with a reason.

#![no_main]

use std::{collections::BTreeMap, sync::LazyLock};

use groeikern_fuzz::{bytes, gzip, import, is_packed, recipe, simple::records};
use groeikern_server::import::{ImportFlags, Recipe};
use libfuzzer_sys::fuzz_target;

const REGION: &str = "region_column = \"code\"\nregion_name_column = \"name\"";

static DIALECTS: LazyLock<[Recipe; 6]> = LazyLock::new(|| {
    [
        "",
        "delimiter = \";\"\ndecimal = \",\"\nmissing = [\"\", \".\", \"-99997\"]\nsuppressed = [\"x\"]",
        "encoding = \"windows-1252\"\ndelimiter = \"\\t\"",
        "quotes = \"doubled\"\ndelimiter = \";\"",
        "quotes = \"wrapped\"",
        "header_line = 2\nheader_lines = 2\nleave_out_empty = true",
    ]
    .map(|keys| recipe(&format!("shape = \"wide\"\n{REGION}\n{keys}"), "column"))
});

fuzz_target!(|data: &[u8]| {
    let Some((first, table)) = data.split_first() else {
        return;
    };
    let dialect = usize::from(*first) % DIALECTS.len();
    let flags = ImportFlags::default();
    let read = import(&DIALECTS[dialect], bytes("t.csv", table), &flags);
    if !is_packed(table) {
        let packed = import(&DIALECTS[dialect], bytes("t.csv", &gzip(table)), &flags);
        assert_eq!(read, packed, "compressed or not");
    }
    let (Ok((unit, _)), 0, Ok(text)) = (read, dialect, std::str::from_utf8(table)) else {
        return;
    };
    let simple = figures(text.trim_start_matches('\u{feff}'));
    for row in unit.rows().iter().filter(|row| row.indicator == "loaded") {
        let key = (row.region.as_str().to_owned(), row.period.clone());
        let found = simple.get(&key).map(|cell| cell.parse::<f64>().ok());
        assert_eq!(found, Some(row.value), "{key:?}");
    }
});

/// The cells of column `a` by code and year.
fn figures(text: &str) -> BTreeMap<(String, String), String> {
    let mut records = records(text);
    let header = records.next().unwrap_or_default();
    let at = |name: &str| header.iter().position(|cell| cell == name);
    let (Some(code), Some(year), Some(a)) = (at("code"), at("Perioden"), at("a")) else {
        return BTreeMap::new();
    };
    records
        .filter_map(|record| {
            let year = record.get(year)?.trim_end_matches('*').trim_end().to_owned();
            let year = match (year.get(..4), year.get(4..6), year.get(6..)) {
                (Some(year), Some("JJ"), Some("00")) => year.to_owned(),
                (Some(year), Some("MM"), Some(month)) => format!("{year}-{month}"),
                _ => year,
            };
            Some(((record.get(code)?.clone(), year), record.get(a)?.clone()))
        })
        .collect()
}
