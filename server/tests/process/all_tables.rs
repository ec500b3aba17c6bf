//! A folder of tables becomes one edition, whole or not at all.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use groeikern_server::import::{Recipe, TableKind};
use serde_json::Value;
use tempfile::TempDir;

use crate::{server, words};

const KEY_FIGURES: &str = "cbs_kwb_municipality_2017";
const POPULATION: &str = "cbs_kwb_population_2024";

/// A shelf, and a folder of tables.
struct Tables {
    folder: TempDir,
}

impl Tables {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("tables/of CBS")).expect("folders");
        Self { folder }
    }

    fn shelf(&self) -> PathBuf {
        self.folder.path().join("shelf")
    }

    /// A table that fits a shipped recipe, with the same text as every figure.
    fn write(&self, recipe: &str, figure: &str) -> String {
        let recipe = Recipe::find(recipe).expect("a recipe");
        let file = recipe.source.file.clone().expect("a name");
        let path = self.folder.path().join("tables/of CBS").join(&file);
        fs::write(path, table(&recipe, figure)).expect("written");
        file
    }

    fn import(&self, more: &[&str]) -> Output {
        let text = |path: &Path| path.to_str().expect("a path").to_owned();
        let (shelf, tables) = (text(&self.shelf()), text(&self.folder.path().join("tables")));
        let arguments = ["import", "--data-dir", &shelf, "--all", &tables];
        server(&[&arguments, more].concat())
    }
}

fn table(recipe: &Recipe, figure: &str) -> String {
    let TableKind::Csv { delimiter, .. } = recipe.table.kind else {
        panic!("no CSV")
    };
    let delimiter = char::from(delimiter).to_string();
    let format = recipe.figure_table().expect("figures");
    let mut header: Vec<&str> = vec![&format.region_column];
    header.extend(format.region_name_column.as_deref());
    let filters: Vec<(&str, &str)> = recipe
        .table
        .filters
        .iter()
        .map(|filter| (filter.column.as_str(), filter.equals[0].as_str()))
        .collect();
    header.extend(filters.iter().map(|(column, _)| *column));
    let mut measures: Vec<&str> = recipe
        .indicators
        .iter()
        .flat_map(|indicator| indicator.figure.measures())
        .map(String::as_str)
        .filter(|measure| !header.contains(measure))
        .collect();
    measures.sort_unstable();
    measures.dedup();
    let figures = measures.len();
    header.extend(measures);
    let quoted: Vec<String> = header.iter().map(|name| format!("\"{name}\"")).collect();
    let mut text = quoted.join(&delimiter) + "\r\n";
    for (code, name) in [("GM0034", "Almere"), ("GM0637", "Zoetermeer")] {
        let mut cells = vec![code];
        cells.extend(format.region_name_column.as_ref().map(|_| name));
        cells.extend(filters.iter().map(|(_, text)| *text));
        cells.extend(std::iter::repeat_n(figure, figures));
        text += &(cells.join(&delimiter) + "\r\n");
    }
    text
}

#[test]
fn one_command_makes_an_edition_of_all_tables_of_a_folder_and_reports_to_programs_too() {
    let tables = Tables::new();
    tables.write(KEY_FIGURES, "50");
    tables.write(POPULATION, "50");
    let output = tables.import(&["--report", "json"]);
    let (said, errors) = words(&output);
    assert!(output.status.success(), "{errors}");
    let report: Value = serde_json::from_str(&said).expect("one JSON object");
    let names = |key: &str| -> Vec<&str> {
        let items = report[key].as_array().expect("a list");
        items
            .iter()
            .map(|item| item["recipe"].as_str().expect("a recipe"))
            .collect()
    };
    assert_eq!(names("imports"), [KEY_FIGURES, POPULATION]);
    assert_eq!(names("holds"), [KEY_FIGURES, POPULATION]);
    assert!(names("not_found").contains(&"rivm_health_2020"));
    assert_eq!(report["imports"][0]["rows_used"], 2);
    assert_eq!(report["imports"][0]["regions"]["municipalities"], 2);
    assert_eq!(report["published"]["sequence"], 1);
    let again = words(&tables.import(&[])).0;
    assert!(again.contains("not there: "), "{again}");
    assert!(again.contains("nothing was published"), "{again}");
}

#[test]
fn one_bad_table_of_a_folder_publishes_nothing_and_every_bad_one_is_named() {
    let tables = Tables::new();
    let bad = [tables.write(KEY_FIGURES, "many"), tables.write(POPULATION, "few")];
    let output = tables.import(&[]);
    let errors = words(&output).1;
    assert_eq!(output.status.code(), Some(1));
    for file in bad {
        assert!(errors.contains(&file), "{file}: {errors}");
    }
    assert!(
        errors.contains("2 of 2 tables cannot be imported, so nothing was published"),
        "{errors}"
    );
    assert!(!tables.shelf().join("manifests/0000000001.json").exists());
}

#[test]
fn a_folder_without_any_table_names_what_could_be_there() {
    let output = Tables::new().import(&[]);
    let errors = words(&output).1;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        errors.contains("none of the tables that recipes ship for is here")
            && errors.contains("kwb_gemeente_2015.csv"),
        "{errors}"
    );
    for wrong in [
        &["--recipe", "own.toml", "table.csv"][..],
        &["--retrieved", "2024-01-01"],
    ] {
        let output = Tables::new().import(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}
