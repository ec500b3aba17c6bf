//! Folders become import units.

use super::*;

/// A recipe for the small table.
const RECIPE: &str = r#"id = "odata_figures"
title_nl = "Dieren"
title_en = "Animals"
publisher = "Ons Bureau"
licence = "CC-BY-4.0"
attribution_nl = "Bron: Ons Bureau"
attribution_en = "Source: Ons Bureau"
retrieved = "2024-01-01"
source_version = "of the recipe"
period_column = "Perioden"

[source]
units = { M1 = "x 1 000" }

[table]
format = "odata"
region_column = "RegioS"
region_name_column = "RegioS/Title"
leave_out_empty = true

[[indicator]]
id = "animals"
name_nl = "Dieren"
name_en = "Animals"
theme = "population"
kind = "neutral"
kind_basis = "stated"
measure = "M1"
unit_nl = "x 1000"
unit_en = "x 1000"
decimals = 1
"#;

pub(super) fn unit(folder: &Path, flags: &ImportFlags) -> Result<ImportUnit, ImportError> {
    let recipe = Recipe::parse("odata_figures.toml", RECIPE).unwrap_or_else(|error| panic!("{error}"));
    Ok(ImportUnit::read(&recipe, &[folder], flags)?.0)
}

#[test]
fn figures_are_imported_with_their_periods_and_the_version_and_day_of_the_source() {
    let table = SmallTable::new("202405010000");
    let folder = written(&table, 3);
    let imported = unit(folder.path(), &ImportFlags::default()).unwrap_or_else(|error| panic!("{error}"));
    let row = |row: &UnitRow| (row.region.to_string(), row.period.clone(), row.value, row.status);
    assert_eq!(
        imported.rows().iter().map(row).collect::<Vec<_>>(),
        [
            (
                "GM0034".to_owned(),
                "2023".to_owned(),
                Some(200.0),
                ObservationStatus::Final
            ),
            (
                "GM0034".to_owned(),
                "2024".to_owned(),
                Some(220.0),
                ObservationStatus::Provisional
            ),
            (
                "GM0995".to_owned(),
                "2023".to_owned(),
                Some(100.0),
                ObservationStatus::Final
            ),
            (
                "GM0995".to_owned(),
                "2024".to_owned(),
                Some(110.5),
                ObservationStatus::Provisional
            ),
        ]
    );
    assert_eq!(imported.regions()[0].name.as_deref(), Some("Almere"));
    assert_eq!(
        (imported.source_version.as_str(), imported.retrieved.as_str()),
        ("202405010000", "2024-01-01")
    );
    fs::write(folder.path().join(MANIFEST), manifest_of(&table, 3)).expect("written");
    let fetched = unit(folder.path(), &ImportFlags::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        (fetched.file_sha256, fetched.retrieved.as_str()),
        (imported.file_sha256, "2024-05-02")
    );
    let flags = ImportFlags {
        retrieved: Some("2024-06-01".to_owned()),
        source_version: Some("3".to_owned()),
        ..ImportFlags::default()
    };
    let told = unit(folder.path(), &flags).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        (told.source_version.as_str(), told.retrieved.as_str()),
        ("3", "2024-06-01")
    );
}

#[test]
fn a_folder_is_of_the_table_that_the_recipe_reads() {
    let folder = written(&SmallTable::new("1"), 3);
    let read = |table: &str| {
        let address = format!("[source]\nodata = \"https://example.org/v1/{table}\"");
        let recipe = RECIPE.replace("[source]", &address);
        let recipe = Recipe::parse("odata_figures.toml", &recipe).unwrap_or_else(|error| panic!("{error}"));
        ImportUnit::read(&recipe, &[folder.path()], &ImportFlags::default())
    };
    assert!(read("90001ned").is_ok());
    let error = read("90002NED").expect_err("another table").to_string();
    assert!(
        error.ends_with(
            "properties.json: is about the table `90001NED`, and the recipe reads `90002NED`: name the folder of that table"
        ),
        "{error}"
    );
}

#[test]
fn an_observation_that_stands_twice_is_named_with_both_places_whatever_its_figure() {
    let mut table = SmallTable::new("1");
    let mut again = table.observations[2].clone();
    (again["Id"], again["Value"]) = (json!(99), json!(201));
    table.observations.push(again);
    let folder = written(&table, 8);
    let error = unit(folder.path(), &ImportFlags::default())
        .expect_err("refused")
        .to_string();
    let (here, there) = (
        "observations-page-2.json observation:1: ",
        "observations-page-1.json observation:3:",
    );
    assert!(error.contains(here) && error.contains(there), "{error}");
}

#[test]
fn a_file_is_no_folder_and_a_folder_no_file() {
    let folder = written(&SmallTable::new("1"), 100);
    let file = unit(&folder.path().join("properties.json"), &ImportFlags::default()).expect_err("a file");
    assert!(
        file.to_string()
            .contains("is a file: a table over OData is a folder"),
        "{file}"
    );
    let recipe = crate::import::fixtures::recipe(crate::import::fixtures::WIDE);
    let error = ImportUnit::read(&recipe, &[folder.path()], &ImportFlags::default()).expect_err("a folder");
    assert!(
        error.to_string().contains("is a folder: the recipe reads a file"),
        "{error}"
    );
}

#[test]
fn what_is_wrong_with_a_folder_is_said_and_not_that_the_recipe_lacks_a_version() {
    let recipe = RECIPE
        .replace("source_version = \"of the recipe\"\n", "")
        .replace("retrieved = \"2024-01-01\"\n", "");
    let recipe = Recipe::parse("odata_figures.toml", &recipe).unwrap_or_else(|error| panic!("{error}"));
    let problem = |path: &Path| {
        let error = ImportUnit::read(&recipe, &[path], &ImportFlags::default()).expect_err("a fault");
        assert_eq!((error.problems.len(), error.more), (1, 0), "{error}");
        error.to_string()
    };
    let whole = || {
        let table = SmallTable::new("1");
        let folder = written(&table, 5);
        fs::write(folder.path().join(MANIFEST), manifest_of(&table, 5)).expect("written");
        folder
    };
    let folder = whole();
    let no_folder = problem(&folder.path().join("properties.json"));
    assert!(
        no_folder.contains("is a file: a table over OData is a folder"),
        "{no_folder}"
    );
    fs::remove_file(folder.path().join("observations-page-1.json")).expect("removed");
    let no_page = problem(folder.path());
    assert!(
        no_page.contains("observations-page-1.json is missing"),
        "{no_page}"
    );
    let folder = whole();
    fs::write(folder.path().join(MANIFEST), "{").expect("written");
    let no_manifest = problem(folder.path());
    assert!(
        no_manifest.contains("manifest.json: cannot be read"),
        "{no_manifest}"
    );
    for (version, words) in [
        (json!(""), "Version is empty"),
        (json!(null), "invalid type: null"),
        (json!(202405010000_u64), "invalid type: integer"),
        (
            json!("1\u{202e}"),
            "Version: `1\\u{202e}` is no version of a table",
        ),
        (json!("1\u{200b}2"), "is no version of a table"),
        (json!("1\n2"), "Version: `1\\n2` is no version of a table"),
        (json!("7".repeat(101)), "expected at most 100 characters"),
    ] {
        let mut table = SmallTable::new("1");
        table.properties["Version"] = version;
        let error = problem(written(&table, 5).path());
        assert!(
            error.contains("properties.json") && error.contains(words),
            "{error}"
        );
    }
    let mut table = SmallTable::new("\u{e9}t\u{e9} \"2024\" ");
    assert!(unit(written(&table, 5).path(), &ImportFlags::default()).is_ok());
    table.properties["Identifier"] = json!("90001\u{1b}[2J");
    let error = problem(written(&table, 5).path());
    assert!(error.contains("`90001\\u{1b}[2J` is no id of a table"), "{error}");
}

#[test]
fn a_mark_before_the_text_of_a_file_is_passed_over() {
    let folder = written(&SmallTable::new("1"), 5);
    let without = unit(folder.path(), &ImportFlags::default()).unwrap_or_else(|error| panic!("{error}"));
    for entry in fs::read_dir(folder.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a file");
        fs::write(&path, format!("\u{feff}{text}")).expect("written");
    }
    let with = unit(folder.path(), &ImportFlags::default()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(with.rows(), without.rows());
    fs::write(
        folder.path().join("observations-page-1.json"),
        "\u{feff}<!DOCTYPE html>",
    )
    .expect("written");
    let error = unit(folder.path(), &ImportFlags::default()).expect_err("a page for people");
    assert!(error.to_string().contains("is HTML or XML, not JSON"), "{error}");
}

#[test]
fn folders_of_different_versions_are_not_one_unit() {
    let folders = ["1", "2"].map(|version| written(&SmallTable::new(version), 100));
    let inputs = folders
        .each_ref()
        .map(|folder| TableInput::open(folder.path()).expect("a folder"));
    let mut problems = Problems::first_of_many();
    facts(&inputs, &mut problems);
    let error = problems.refuse("tables").expect_err("different").to_string();
    assert!(error.contains("is version 2 of an unknown day, and"), "{error}");
}
