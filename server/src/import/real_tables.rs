//! The recipes that ship over the real tables of CBS and RIVM, from the shared folder beside the project.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Write},
    path::PathBuf,
};

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use super::*;
use crate::{
    domain::{AreaColumn, AreaTable, Level, ObservationOrigin, ObservationStatus},
    edition::{content_hash::hex, source::SourceFolder},
    snapshot::tests::snapshot_of,
};

/// The table that a recipe is for, by what its id names: the key figures, the population or the health of a year. `None` where the folder is
/// absent, as in a plain clone; that is said on the standard error.
fn table_of(test: &str, recipe: &Recipe) -> Option<PathBuf> {
    if recipe.table.kind == TableKind::OData {
        return None; // no table of lines and cells: see the tests of `odata`
    }
    let year = recipe.id.rsplit('_').next().unwrap_or_default();
    let name = if recipe.id.starts_with("rivm") {
        format!("csv/rivm_50090NED_untyped_18plus_{year}.csv.gz")
    } else if recipe.id.contains("amsterdam") {
        format!("original/cbs_kwb_{year}_amsterdam_wijk_buurt_r_export.csv.gz")
    } else if recipe.id.contains("population") {
        format!("original/cbs_kwb_{year}_gemeente_wijk_buurt_bevolking.csv.gz")
    } else {
        format!("csv/kwb_gemeente_{year}.csv.gz")
    };
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data")
        .join(&name);
    if path.is_file() {
        return Some(path);
    }
    // Straight to the stream: what a passing test prints is swallowed.
    let _ = writeln!(
        io::stderr(),
        "skipped {test}: shared/data/{name} is not beside the project"
    );
    None
}

/// The units of all recipes that ship and whose tables are there, with their recipes and the text of the tables.
fn units(test: &str) -> Vec<(Recipe, String, ImportUnit, ImportReport)> {
    let recipes = Recipe::built_in().unwrap_or_else(|error| panic!("{error}"));
    let mut units = Vec::new();
    for recipe in recipes {
        let Some(path) = table_of(test, &recipe) else {
            continue;
        };
        let (unit, report) = ImportUnit::read(&recipe, &[&path], &ImportFlags::default())
            .unwrap_or_else(|error| panic!("{error}"));
        let mut text = String::new();
        GzDecoder::new(File::open(path).expect("a table"))
            .read_to_string(&mut text)
            .expect("text");
        units.push((recipe, text, unit, report));
    }
    units
}

#[test]
fn every_recipe_that_ships_makes_a_whole_unit_of_its_table() {
    for (recipe, text, unit, report) in units("every_recipe_that_ships_makes_a_whole_unit_of_its_table") {
        let (towns, areas) = match recipe.table.levels.as_slice() {
            [Level::Municipality] => (340..=400, 0..=0),
            [Level::Municipality, ..] => (340..=400, 16_000..=19_000),
            _ => (0..=0, 500..=600), // of one town
        };
        assert!(towns.contains(&unit.regions.len()), "{report}");
        let listed: usize = unit.areas.values().map(|table| table.areas.len()).sum();
        assert!(areas.contains(&listed), "{report}");
        let composed = recipe
            .indicators
            .iter()
            .filter(|of| of.figure.children().is_some());
        let columns = recipe.indicators.len() - composed.count();
        assert_eq!(unit.rows.len(), unit.regions.len() * columns, "{report}");
        assert_eq!(report.indicators_without_data, [""; 0], "{report}");
        assert_eq!(
            (report.unmatched.total, report.duplicates.total),
            (0, 0),
            "{report}"
        );
        assert!(
            unit.regions.iter().all(|region| region.name.is_some()),
            "{report}"
        );
        let figures = unit
            .areas
            .values()
            .map(AreaTable::counts)
            .fold(0, |sum, (with, without)| sum + with + without);
        assert!(
            report.values * 10 > 9 * (unit.rows.len() as u64 + figures),
            "{report}"
        );
        assert_eq!(unit.file_sha256, hex(&Sha256::digest(text)), "{report}");
        for table in unit.areas.values() {
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
            unit.rows.is_sorted_by(|one, next| key(one) < key(next)),
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

/// Read once more without anything of ours: cells by code and column.
#[test]
fn loaded_values_are_the_cells_of_their_table() {
    for (recipe, text, unit, report) in units("loaded_values_are_the_cells_of_their_table") {
        let TableKind::Csv { delimiter, .. } = recipe.table.kind else {
            panic!("{} is no CSV", recipe.id)
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = reader.headers().expect("a header").clone();
        let at = |column: &str| header.iter().position(|name| name == column).expect("a column");
        let code = at(&recipe.table.region_column);
        let filters: Vec<(usize, &Filter)> = recipe
            .table
            .filters
            .iter()
            .map(|filter| (at(&filter.column), filter))
            .collect();
        let mut lines: BTreeMap<String, csv::StringRecord> = BTreeMap::new();
        for line in reader.records().map(|line| line.expect("a row")) {
            if filters
                .iter()
                .all(|(column, filter)| filter.equals.iter().any(|text| text == line[*column].trim()))
            {
                assert!(lines.insert(line[code].trim().to_owned(), line).is_none());
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
        let mut compared = 0;
        let loaded = |column: &&AreaColumn| column.origin == ObservationOrigin::Loaded;
        for table in unit.areas.values() {
            for column in table.columns.iter().filter(loaded) {
                for (area, figure) in table.areas.iter().zip(&column.figures) {
                    let cell = lines[area.code.as_str()][columns[column.indicator.as_str()]].trim();
                    match figure.value() {
                        Some(value) => assert_eq!(cell.parse(), Ok(value), "{area:?}"),
                        None => assert!(matches!(cell, "" | "."), "{area:?}: {cell}"),
                    }
                    compared += 1;
                }
            }
        }
        for row in unit
            .rows
            .iter()
            .filter(|row| row.origin == ObservationOrigin::Loaded)
        {
            let cell = lines[row.region.as_str()][columns[row.indicator.as_str()]].trim();
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
        assert!(compared > 500, "only {compared} cells compared: {report}");
    }
}
