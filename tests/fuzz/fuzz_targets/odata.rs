//! A folder of CBS OData v4 of which one file is anything: read, or refused with a reason.

#![no_main]

use std::{fs, sync::LazyLock};

use groeikern_fuzz::{import, recipe};
use groeikern_server::import::{ImportFlags, Recipe, RegionNames, TableInput};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

static RECIPE: LazyLock<Recipe> =
    LazyLock::new(|| recipe("format = \"odata\"\nregion_column = \"RegioS\"", "measure"));

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

const FILES: [(&str, &str); 6] = [
    (
        "properties.json",
        r#"{"Identifier": "1NED", "Title": "T", "Version": "202401010000", "ObservationCount": 4, "Status": "Regulier"}"#,
    ),
    (
        "dimensions.json",
        r#"{"value": [{"Identifier": "RegioS", "Title": "Regio's", "Kind": "GeoDimension"}, {"Identifier": "Perioden", "Title": "Perioden", "Kind": "TimeDimension"}]}"#,
    ),
    (
        "measure-codes.json",
        r#"{"value": [{"Identifier": "a", "Title": "A", "DataType": "Long", "Unit": "euro", "Decimals": 0}, {"Identifier": "b", "Title": "B", "DataType": "Double", "Unit": "%", "Decimals": 1}]}"#,
    ),
    (
        "codes-RegioS.json",
        r#"{"value": [{"Identifier": "NL01", "Title": "Nederland"}, {"Identifier": "GM0034", "Title": "Almere"}, {"Identifier": "GM0995", "Title": "Lelystad"}]}"#,
    ),
    (
        "codes-Perioden.json",
        r#"{"value": [{"Identifier": "2020JJ00", "Title": "2020", "Status": "Definitief"}, {"Identifier": "2021JJ00", "Title": "2021*", "Status": "Voorlopig"}]}"#,
    ),
    (
        "observations-page-1.json",
        r#"{"value": [
{"Id": 0, "Measure": "a", "ValueAttribute": "None", "Value": 5.0, "RegioS": "GM0034", "Perioden": "2020JJ00"},
{"Id": 1, "Measure": "b", "ValueAttribute": "None", "Value": 10, "RegioS": "GM0034", "Perioden": "2020JJ00"},
{"Id": 2, "Measure": "a", "ValueAttribute": "Impossible", "Value": null, "RegioS": "GM0995", "Perioden": "2020JJ00"},
{"Id": 3, "Measure": "a", "ValueAttribute": "None", "Value": 1e3, "RegioS": "NL01", "Perioden": "2021JJ00"}
]}"#,
    ),
];

fuzz_target!(|data: &[u8]| {
    let Some((first, content)) = data.split_first() else {
        return;
    };
    let fuzzed = usize::from(*first) % FILES.len();
    for (index, (name, text)) in FILES.iter().enumerate() {
        let bytes = if index == fuzzed { content } else { text.as_bytes() };
        fs::write(FOLDER.path().join(name), bytes).expect("written");
    }
    if FILES[fuzzed].0 == "codes-RegioS.json" {
        let _ = RegionNames::read(FOLDER.path());
    }
    let input = TableInput::open(FOLDER.path()).expect("a folder");
    let _ = import(&RECIPE, input, &ImportFlags::default());
});
