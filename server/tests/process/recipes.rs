//! Tables of public sources: which recipes ship, and what a table holds before anything is made of it.

use std::fs;

use crate::{server, words};

pub(crate) const RECIPE: &str = r#"
id = "own_table"
title_nl = "Eigen tabel"
title_en = "A table of our own"
publisher = "Wij"
licence = "CC0-1.0"
attribution_nl = "Bron: wij."
attribution_en = "Source: us."
retrieved = "2026-11-24"
source_version = "1"
period = "2024"

[table]
shape = "wide"
region_column = "code"
missing = ["", "-"]

[[indicator]]
id = "low_theft"
formula = "1000 * thefts / inhabitants"
columns = { thefts = "thefts", inhabitants = "inhabitants" }
kind = "judgement"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder diefstal is beter."
polarity_reason_en = "Less theft is better."
unit_nl = "per 1.000 inwoners"
unit_en = "per 1,000 inhabitants"
decimals = 1
"#;

#[test]
fn the_recipes_that_ship_are_listed_and_shown() {
    let (listed, _) = words(&server(&["recipes"]));
    let ids: Vec<&str> = listed
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').next())
        .collect();
    assert!(ids.contains(&"cbs_kwb_municipality_2020"), "{ids:?}");
    let holds = |id: &str| {
        let line = listed.lines().find(|line| line.starts_with(&format!("{id}\t")));
        line.and_then(|line| line.rsplit('\t').next())
    };
    assert_eq!(holds("cbs_population"), Some("figures"));
    assert_eq!(holds("cbs_boundary_changes"), Some("boundary_changes"));
    for id in ids {
        let (shown, _) = words(&server(&["recipes", id]));
        assert!(shown.contains(&format!("id = \"{id}\"")), "{id}");
    }
    let unknown = server(&["recipes", "cbs_kwb_municipality_2021"]);
    let (_, errors) = words(&unknown);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(
        errors.contains("did you mean `cbs_kwb_municipality_20"),
        "{errors}"
    );
}

#[test]
fn the_method_is_printed_as_the_document_that_ships() {
    let (printed, _) = words(&server(&["method"]));
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/methodology.md");
    assert_eq!(printed, fs::read_to_string(document).expect("the document"));
}

#[test]
fn a_table_is_reported_on_or_refused_with_file_line_column_and_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let (recipe, table) = (
        folder.path().join("own_table.toml"),
        folder.path().join("table.csv"),
    );
    let [recipe_path, table_path] = [&recipe, &table].map(|path| path.to_str().expect("a path"));
    fs::write(&recipe, RECIPE).expect("written");
    fs::write(
        &table,
        "code,thefts,inhabitants\nGM0034,500,200000\nGM0637,-,120000\n",
    )
    .expect("written");
    let inspected = server(&["inspect", "--recipe", recipe_path, table_path]);
    let (report, errors) = words(&inspected);
    assert_eq!(inspected.status.code(), Some(0), "{errors}");
    let numbers = |label: &str| -> Option<u32> {
        report
            .lines()
            .find(|line| line.trim_start().starts_with(label))?
            .split_whitespace()
            .last()?
            .parse()
            .ok()
    };
    assert_eq!(
        (
            numbers("rows read"),
            numbers("values"),
            numbers("without a value")
        ),
        (Some(2), Some(1), Some(1)),
        "{report}"
    );

    fs::write(&table, "code,thefts,inhabitants\nGM0034,many,200000\n").expect("written");
    let refused = server(&["inspect", "--recipe", recipe_path, table_path]);
    let (_, errors) = words(&refused);
    assert_eq!(refused.status.code(), Some(1));
    for part in ["table.csv:2", "thefts", "many"] {
        assert!(errors.contains(part), "{part} in {errors}");
    }
}
