//! The recipes that ship over the real tables of CBS and RIVM, from the shared folder beside the project.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use super::*;
use crate::{
    domain::{AreaColumn, AreaTable, ObservationOrigin, ObservationStatus},
    edition::{content_hash::hex, source::SourceFolder},
    snapshot::tests::snapshot_of,
};

/// Where the tables are, beside the project.
fn shared() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data")
}

/// The units of all recipes of figures that ship and whose tables are there, with their recipes and where the tables are. None where the
/// folder is absent, as in a plain clone; that is said on the standard error.
fn units(test: &str) -> Vec<(Recipe, PathBuf, ImportUnit, ImportReport)> {
    // Straight to the stream: what a passing test prints is swallowed.
    let skipped = |what: &str| {
        let _ = writeln!(
            io::stderr(),
            "skipped {test}: {what} is not in shared/data beside the project"
        );
    };
    let Ok(folder) = TableFolder::read(&shared()) else {
        skipped("any table");
        return Vec::new();
    };
    let mut units = Vec::new();
    let recipes = Recipe::built_in().unwrap_or_else(|error| panic!("{error}"));
    for recipe in recipes
        .into_iter()
        .filter(|recipe| recipe.figure_table().is_some())
    {
        let Some(path) = folder.table_of(&recipe).unwrap_or_else(|error| panic!("{error}")) else {
            skipped(&recipe.id);
            continue;
        };
        let names = folder
            .region_names_of(&recipe)
            .unwrap_or_else(|error| panic!("{error}"));
        let flags = ImportFlags {
            region_names: names.map(|path| Arc::new(RegionNames::read(path).expect("a list"))),
            ..ImportFlags::default()
        };
        let (unit, report) =
            ImportUnit::read(&recipe, &[path], &flags).unwrap_or_else(|error| panic!("{error}"));
        units.push((recipe, path.to_path_buf(), unit, report));
    }
    units
}

fn text_of(path: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(File::open(path).expect("a table"))
        .read_to_string(&mut text)
        .expect("text");
    text
}

/// Recipe, rows of its table, and of those taken: municipalities with figures (over all periods), districts and neighbourhoods.
/// As the list of the shared tables counts them, and for regional key figures CBS's own number of municipalities per year.
const COUNTS: [(&str, u64, [usize; 3]); 18] = [
    ("cbs_household_income_2024", 343, [342, 0, 0]),
    ("cbs_kwb_municipality_2015", 484, [393, 0, 0]),
    ("cbs_kwb_municipality_2017", 388, [388, 0, 0]),
    ("cbs_kwb_municipality_2018", 468, [380, 0, 0]),
    ("cbs_kwb_municipality_2020", 355, [355, 0, 0]),
    ("cbs_kwb_population_2019", 355, [355, 0, 0]),
    ("cbs_kwb_population_2024", 18_310, [342, 3_393, 14_574]),
    ("cbs_kwb_population_amsterdam_2019", 580, [0, 99, 479]),
    ("cbs_population", 13_568, [355 + 355 + 352 + 345 + 4 * 342, 0, 0]),
    // 633, 625, 572, ... 355, 352: one less or more with every merger or split.
    ("cbs_regional_key_figures_1995_2021", 19_521, [12_365, 0, 0]),
    (
        "cbs_regional_key_figures_2020_2023",
        2_908,
        [352 + 345 + 342, 0, 0],
    ),
    ("cbs_regional_key_figures_2025", 729, [342, 0, 0]),
    (
        "cbs_sale_prices",
        8_195,
        [394 + 390 + 388 + 380 + 2 * 355 + 352 + 345 + 3 * 342, 0, 0],
    ),
    ("cbs_ses_woa_amsterdam_2019", 579, [0, 99, 479]),
    ("leefbaarometer_amstelveen", 56, [0, 4 * 14, 0]),
    ("rivm_health_2012", 17_341, [355, 3_177, 13_808]),
    ("rivm_health_2016", 17_341, [355, 3_177, 13_808]),
    ("rivm_health_2020", 17_341, [355, 3_177, 13_808]),
];

#[test]
fn tables_have_the_rows_and_regions_that_are_known_of_them() {
    for (recipe, _, unit, report) in units("tables_have_the_rows_and_regions_that_are_known_of_them") {
        let known = COUNTS.iter().find(|(id, ..)| *id == recipe.id);
        let (_, rows, regions) = known.unwrap_or_else(|| panic!("no counts of {}", recipe.id));
        let towns: BTreeSet<(&str, &str)> = unit
            .rows()
            .iter()
            .map(|row| (row.region.as_str(), row.period.as_str()))
            .collect();
        let figures = unit.content.figures().expect("figures");
        let listed = |prefix: &str| -> usize {
            let tables = figures.areas.values();
            let areas = tables.flat_map(|table| table.areas.iter().map(|area| area.code.as_str()));
            areas.filter(|code| code.starts_with(prefix)).count()
        };
        let found = [towns.len(), listed("WK"), listed("BU")];
        assert_eq!((report.rows_read, found), (*rows, *regions), "{report}");
    }
}

/// Inhabitants of the country on 1 January, as CBS publishes them.
const INHABITANTS: [(&str, f64); 11] = [
    ("2015", 16_900_726.0),
    ("2017", 17_081_507.0),
    ("2018", 17_181_084.0),
    ("2019", 17_282_163.0),
    ("2020", 17_407_585.0),
    ("2021", 17_475_415.0),
    ("2022", 17_590_672.0),
    ("2023", 17_811_291.0),
    ("2024", 17_942_942.0),
    ("2025", 18_044_027.0),
    ("2026", 18_130_208.0),
];

#[test]
fn the_inhabitants_of_all_municipalities_are_those_of_the_country() {
    for (_, _, unit, report) in units("the_inhabitants_of_all_municipalities_are_those_of_the_country") {
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for row in unit.rows().iter().filter(|row| row.indicator == "inhabitants") {
            *sums.entry(&row.period).or_default() += row.value.expect("every town has inhabitants");
        }
        for (period, sum) in sums {
            let national = INHABITANTS.iter().find(|(of, _)| *of == period);
            assert_eq!(national, Some(&(period, sum)), "{report}");
        }
    }
}

#[test]
fn every_recipe_that_ships_makes_a_whole_unit_of_its_table() {
    for (recipe, path, unit, report) in units("every_recipe_that_ships_makes_a_whole_unit_of_its_table") {
        let composed = recipe
            .indicators
            .iter()
            .filter(|of| of.figure.children().is_some());
        let columns = recipe.indicators.len() - composed.count();
        let mut keys: Vec<(&str, &str)> = unit
            .rows()
            .iter()
            .map(|row| (row.region.as_str(), row.period.as_str()))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(unit.rows().len(), keys.len() * columns, "{report}");
        assert_eq!(report.indicators_without_data, [""; 0], "{report}");
        assert_eq!(
            (report.unmatched.total, report.duplicates.total),
            (0, 0),
            "{report}"
        );
        let is_named = |region: &UnitRegion| region.name.is_some();
        assert!(unit.regions().iter().all(is_named), "{report}");
        let tables = &unit.content.figures().expect("figures").areas;
        let figures = tables
            .values()
            .map(AreaTable::counts)
            .fold(0, |sum, (with, without)| sum + with + without);
        assert!(
            report.values * 6 > 5 * (unit.rows().len() as u64 + figures),
            "{report}"
        );
        if path.is_file() {
            assert_eq!(unit.file_sha256, hex(&Sha256::digest(text_of(&path))), "{report}");
        }
        for table in tables.values() {
            assert!(
                table.areas.is_sorted_by(|one, next| one.code < next.code),
                "{report}"
            );
            assert_eq!(table.columns.len(), columns, "{report}");
            let whole = |column: &AreaColumn| column.figures.len() == table.areas.len();
            assert!(table.columns.iter().all(whole), "{report}");
        }
        let key = |row: &UnitRow| (row.indicator.clone(), row.region.clone(), row.period.clone());
        assert!(
            unit.rows().is_sorted_by(|one, next| key(one) < key(next)),
            "{report}"
        );
    }
}

#[test]
fn every_recipe_that_ships_fits_the_built_in_edition() {
    let base = snapshot_of(&SourceFolder::built_in());
    for recipe in Recipe::built_in().unwrap_or_else(|error| panic!("{error}")) {
        recipe
            .check_against(&base.indicators, &base.themes)
            .unwrap_or_else(|error| panic!("{error}"));
    }
}

/// Read once more without anything of ours: cells by code, period and column. Tables by name and over OData are read again
/// elsewhere: by the clients in another language, and where the source is replayed.
#[test]
fn loaded_values_are_the_cells_of_their_table() {
    for (recipe, path, unit, report) in units("loaded_values_are_the_cells_of_their_table") {
        let TableKind::Csv { delimiter, .. } = recipe.table.kind else {
            continue;
        };
        let table = recipe.figure_table().expect("figures");
        if table.region_names.is_some() {
            continue;
        }
        let text = text_of(&path);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = reader.headers().expect("a header").clone();
        let at = |column: &str| header.iter().position(|name| name == column).expect("a column");
        let code = at(&table.region_column);
        let period_of = |line: &csv::StringRecord| match &recipe.period {
            PeriodFrom::Fixed(period) => period.clone(),
            PeriodFrom::Column(column) => line[at(column)].trim().to_owned(),
        };
        let filters: Vec<(usize, &Filter)> = recipe
            .table
            .filters
            .iter()
            .map(|filter| (at(&filter.column), filter))
            .collect();
        let mut lines: BTreeMap<(String, String), csv::StringRecord> = BTreeMap::new();
        for line in reader.records().map(|line| line.expect("a row")) {
            let wanted = |(column, filter): &(usize, &Filter)| {
                filter.equals.iter().any(|text| text == line[*column].trim())
            };
            if filters.iter().all(wanted) {
                let key = (line[code].trim().to_owned(), period_of(&line));
                assert!(lines.insert(key, line).is_none());
            }
        }
        let columns: BTreeMap<&str, usize> = recipe
            .indicators
            .iter()
            .filter_map(|indicator| match &indicator.figure {
                Figure::Measure(column) => Some((indicator.id.as_str(), at(column))),
                Figure::Formula { .. } | Figure::Children { .. } => None,
            })
            .collect();
        let cell = |region: &str, period: &str, indicator: &str| {
            lines[&(region.to_owned(), period.to_owned())][columns[indicator]].trim()
        };
        let mut compared = 0;
        let loaded = |column: &&AreaColumn| column.origin == ObservationOrigin::Loaded;
        for (period, table) in &unit.content.figures().expect("figures").areas {
            for column in table.columns.iter().filter(loaded) {
                for (area, figure) in table.areas.iter().zip(&column.figures) {
                    let cell = cell(area.code.as_str(), period, &column.indicator);
                    match figure.value() {
                        Some(value) => assert_eq!(cell.parse(), Ok(value), "{area:?}"),
                        None => assert!(matches!(cell, "" | "."), "{area:?}: {cell}"),
                    }
                    compared += 1;
                }
            }
        }
        for row in unit
            .rows()
            .iter()
            .filter(|row| row.origin == ObservationOrigin::Loaded)
        {
            let cell = cell(row.region.as_str(), &row.period, &row.indicator);
            match row.value {
                Some(value) => assert_eq!(cell.parse(), Ok(value), "{row:?}"),
                None => {
                    let is_marker = cell.is_empty() || cell == "." || cell.starts_with("-9999");
                    assert!(
                        is_marker && row.status == ObservationStatus::Missing,
                        "{row:?}: {cell}"
                    );
                }
            }
            compared += 1;
        }
        assert!(compared > 300, "only {compared} cells compared: {report}");
    }
}
