//! A small table of our own, as CBS OData v4 would give it.

use std::{fs, path::Path};

use serde_json::{Value, json};

/// The regions of the table, with the figures of their two periods.
const REGIONS: [(&str, &str, [Option<f64>; 2]); 4] = [
    ("NL01", "Nederland", [Some(300.0), Some(330.5)]),
    ("GM0034", "Almere", [Some(200.0), Some(220.0)]),
    ("GM0995", "Lelystad", [Some(100.0), Some(110.5)]),
    ("GM9001", "Oudstad", [None, None]),
];
const PERIODS: [(&str, &str); 2] = [("2023JJ00", "Definitief"), ("2024JJ00", "Voorlopig")];

/// The answers of the service about the table, with observations on pages of some size.
#[derive(Clone)]
pub(crate) struct SmallTable {
    pub(crate) properties: Value,
    pub(crate) dimensions: Value,
    pub(crate) measures: Value,
    pub(crate) regions: Value,
    pub(crate) periods: Value,
    pub(crate) observations: Vec<Value>,
}

impl SmallTable {
    pub(crate) fn new(version: &str) -> Self {
        let observation = |place: usize, value: Option<f64>| {
            json!({
                "Id": 10 + place,
                "Measure": "M1",
                "ValueAttribute": if value.is_some() { "None" } else { "Impossible" },
                "Value": value,
                "StringValue": null,
                "RegioS": REGIONS[place / 2].0,
                "Perioden": PERIODS[place % 2].0,
            })
        };
        let values = REGIONS.iter().flat_map(|(_, _, values)| values);
        let observations: Vec<Value> = values
            .enumerate()
            .map(|(place, value)| observation(place, *value))
            .collect();
        let regions = REGIONS.map(|(code, title, _)| json!({ "Identifier": code, "Title": title }));
        let periods = PERIODS
            .map(|(code, status)| json!({ "Identifier": code, "Title": &code[..4], "Status": status }));
        Self {
            properties: json!({
                "Identifier": "90001NED",
                "Version": version,
                "ObservationsModified": "2024-05-01T00:00:00+02:00",
                "ObservationCount": observations.len(),
            }),
            dimensions: list(&[
                json!({ "Identifier": "RegioS", "Kind": "GeoDimension" }),
                json!({ "Identifier": "Perioden", "Kind": "TimeDimension" }),
            ]),
            measures: list(&[json!({ "Identifier": "M1", "Title": "Dieren", "Unit": "x 1 000" })]),
            regions: list(&regions),
            periods: list(&periods),
            observations,
        }
    }

    /// Its files, with pages of so many observations.
    pub(crate) fn files(&self, page: usize) -> Vec<(String, String)> {
        let about = [
            ("properties", &self.properties),
            ("dimensions", &self.dimensions),
            ("measure-codes", &self.measures),
            ("codes-RegioS", &self.regions),
            ("codes-Perioden", &self.periods),
        ];
        let about = about.map(|(name, value)| (format!("{name}.json"), format!("{value:#}")));
        let pages = self.observations.chunks(page).enumerate().map(|(number, page)| {
            let name = format!("observations-page-{}.json", number + 1);
            (name, format!("{:#}", list(page)))
        });
        about.into_iter().chain(pages).collect()
    }

    pub(crate) fn write(&self, folder: &Path, page: usize) {
        fs::create_dir_all(folder).expect("a folder");
        for (name, text) in self.files(page) {
            fs::write(folder.join(name), text).expect("written");
        }
    }
}

pub(crate) fn list(elements: &[Value]) -> Value {
    json!({ "value": elements })
}
