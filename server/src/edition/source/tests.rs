//! A source is read whole or refused with file, line and name.

use std::{fs, io::Write, path::PathBuf};

use sha2::{Digest, Sha256};

use super::*;
use crate::edition::content_hash::hex;

pub(super) fn problems_with(file: &str, from: &str, to: &str) -> Vec<String> {
    let source = SourceFolder::built_in();
    let text = source.file(file).expect("a source file");
    assert!(text.contains(from), "{file} no longer holds {from}");
    let broken = source.clone().with_file(file, text.replacen(from, to, 1));
    let error = broken.draft().expect_err("a broken source");
    error.problems.iter().map(ToString::to_string).collect()
}

pub(super) fn line_of(file: &str, text: &str) -> usize {
    let source = SourceFolder::built_in();
    let offset = source
        .file(file)
        .and_then(|whole| whole.find(text))
        .expect("text in file");
    1 + source.file(file).expect("a file")[..offset].matches('\n').count()
}

/// The built-in source with a favourable side for one indicator, so that it may have values.
pub(super) fn with_polarity(indicator: &str, polarity: &str) -> SourceFolder {
    let source = SourceFolder::built_in();
    let key = format!("id = \"{indicator}\"\n");
    let text = source.file("indicators.toml").expect("a file");
    assert!(text.contains(&key), "no indicator {indicator}");
    let indicators = text.replacen(&key, &format!("{key}polarity = \"{polarity}\"\n"), 1);
    source.with_file("indicators.toml", indicators)
}

#[test]
fn the_built_in_source_is_whole() {
    let draft = SourceFolder::built_in()
        .draft()
        .unwrap_or_else(|error| panic!("{error}"));
    let rows = |table: &str| draft.stored_tables().table(table).rows.len();
    assert_eq!(rows("indicator"), 83);
    assert_eq!(rows("published_position"), 451);
    assert_eq!(rows("mechanism"), 64);
    assert_eq!(rows("recommendation"), 11);
    assert_eq!(rows("finding"), 19);
    assert_eq!(rows("citation"), 39);
    assert_eq!(rows("observation"), 0);
}

#[test]
fn a_dangling_reference_is_named_with_file_line_and_the_nearest_id() {
    let found = problems_with(
        "mechanisms.toml",
        "to = \"simultaneous_wear\"",
        "to = \"simultaneous_ware\"",
    );
    let line = line_of("mechanisms.toml", "to = \"simultaneous_wear\"");
    assert_eq!(
        found,
        [format!(
            "mechanisms.toml:{line}: to: no factor is called `simultaneous_ware`; did you mean `simultaneous_wear`?"
        )]
    );
}

#[test]
fn a_work_that_is_not_in_the_bibliography_cannot_be_cited() {
    for (file, cited) in [
        (
            "mechanisms.toml",
            "citations = [\"rijksoverheid_2010\", \"provoost_2022\"]",
        ),
        ("findings.toml", "citations = [\"flevowijs_2024\"]"),
    ] {
        let wrong = cited.replacen("_20", "_19", 1);
        let found = problems_with(file, cited, &wrong);
        assert_eq!(found.len(), 1, "{found:?}");
        let line = line_of(file, cited);
        assert!(
            found[0].starts_with(&format!("{file}:{line}: citations: no citation is called")),
            "{found:?}"
        );
    }
    let group = problems_with(
        "findings.toml",
        "group = \"nta_new_towns\"",
        "group = \"nta_towns\"",
    );
    assert!(group[0].contains("no group is called `nta_towns`"), "{group:?}");
}

#[test]
fn a_folder_without_a_bibliography_is_whole_when_nothing_is_cited() {
    let mut source = SourceFolder::built_in();
    for file in ["mechanisms.toml", "findings.toml"] {
        let text = source.file(file).expect("a file");
        let uncited = text.lines().filter(|line| !line.starts_with("citations = "));
        let uncited: Vec<&str> = uncited.collect();
        let uncited = uncited.join("\n");
        source = source.with_file(file, uncited);
    }
    source.files.remove("bibliography.toml");
    let draft = source.draft().unwrap_or_else(|error| panic!("{error}"));
    assert!(draft.stored_tables().table("citation").rows.is_empty());
}

#[test]
fn every_dangling_reference_is_reported_at_once() {
    let source = SourceFolder::built_in();
    let positions = source
        .file("published_positions.csv")
        .expect("a file")
        .replace(",GM0034,", ",GM9999,");
    let error = source
        .clone()
        .with_file("published_positions.csv", positions)
        .draft()
        .expect_err("dangling");
    assert_eq!(error.problems.len(), 55);
    assert!(
        error.problems[0].message.contains("no region is called `GM9999`"),
        "{error}"
    );
}

#[test]
fn a_text_in_one_language_only_is_refused() {
    let found = problems_with(
        "caveats.toml",
        "statement_en = \"The origin",
        "unknown_key = \"The origin",
    );
    assert!(
        found
            .iter()
            .any(|problem| problem.contains("key `unknown_key` is not known")),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .any(|problem| problem.contains("`statement_en` is missing")),
        "{found:?}"
    );
    let found = problems_with("themes.toml", "note_en", "# note_en");
    assert!(
        found[0].contains("`note_en` is missing: texts are given in Dutch and in English"),
        "{found:?}"
    );
}

#[test]
fn a_unit_is_given_in_both_languages() {
    let found = problems_with(
        "indicators.toml",
        "figure = \"7.2\"",
        "figure = \"7.2\"\nunit_nl = \"euro\"",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("`unit_en` is missing"), "{found:?}");
}

#[test]
fn a_mistyped_key_names_the_one_that_was_meant() {
    let found = problems_with("factors.toml", "\nindicators = ", "\nindicator = ");
    assert!(
        found[0].contains("key `indicator` is not known; did you mean `indicators`?"),
        "{found:?}"
    );
}

#[test]
fn positions_beyond_n_duplicates_and_wrong_types_are_refused() {
    let file = "published_positions.csv";
    let found = problems_with(
        file,
        "care,group,nta_new_towns,86,337",
        "care,group,nta_new_towns,338,337",
    );
    assert!(found[0].ends_with("position 338 is beyond n = 337"), "{found:?}");
    let found = problems_with(
        file,
        "care,group,nta_new_towns,86",
        "care,group,nta_new_towns,many",
    );
    assert!(
        found[0].ends_with("position: `many` is not a whole number"),
        "{found:?}"
    );
    let found = problems_with(
        "themes.toml",
        "id = \"social_cohesion\"",
        "id = \"residential_mobility\"",
    );
    assert!(
        found
            .iter()
            .any(|problem| problem.contains("stands twice, first on line")),
        "{found:?}"
    );
    let found = problems_with("rules.toml", "strong = 0.6", "strong = \"0.6\"");
    assert!(
        found[0].contains("strong: must be a number, without quotes"),
        "{found:?}"
    );
}

#[test]
fn broken_toml_and_csv_name_their_line() {
    let found = problems_with("groups.toml", "[[group]]", "[[group]");
    assert!(found[0].starts_with("groups.toml:"), "{found:?}");
    let found = problems_with("regions.csv", "code,name,level", "code,title,level");
    assert!(
        found
            .iter()
            .any(|problem| problem.contains("column `title` is not known")),
        "{found:?}"
    );
    let found = problems_with("successions.csv", "GM0370,GM0439,", "GM0370,");
    let line = line_of("successions.csv", "GM0370,GM0439,");
    assert!(
        found[0].starts_with(&format!("successions.csv:{line}: has 4 fields, the header has 5")),
        "{found:?}"
    );
}

#[test]
fn values_and_statuses_must_agree() {
    let header = "indicator,region,period,value,status,origin,source\n";
    let row = |rest: &str| format!("{header}low_theft,GM0034,2020,{rest},loaded,bureau_louter_2024\n");
    let draft = |text: String| {
        with_polarity("low_theft", "lower_is_favourable")
            .with_file("observations.csv", text)
            .draft()
    };
    assert!(draft(row("1.5,final")).is_ok());
    assert!(draft(row(",suppressed")).is_ok());
    for (rest, message) in [
        (",final", "status final needs a value"),
        ("0,missing", "status missing cannot have a value"),
        ("inf,final", "is not a finite number"),
        ("1 5,final", "is not a number"),
    ] {
        let error = draft(row(rest)).expect_err(rest).to_string();
        assert!(
            error.contains(message) && error.contains("observations.csv:2"),
            "{error}"
        );
    }
}

#[test]
fn the_figures_equal_those_of_the_shared_report() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/report/figures.csv");
    let Ok(text) = fs::read_to_string(path) else {
        let name = "the_figures_equal_those_of_the_shared_report";
        // Straight to the stream: what a passing test prints is swallowed.
        let _ = writeln!(
            io::stderr(),
            "skipped {name}: shared/report is not beside the project"
        );
        return;
    };
    let mut reported = Vec::new();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    for record in reader.records().map(|record| record.expect("a row")) {
        for (name, cell) in header
            .iter()
            .zip(&record)
            .filter(|(name, _)| *name == "position_mean" || name.starts_with("GM"))
        {
            if !cell.is_empty() {
                let subject = if name == "position_mean" {
                    "nta_new_towns"
                } else {
                    name
                };
                reported.push((record[2].to_owned(), subject.to_owned(), cell.to_owned()));
            }
        }
    }
    let draft = SourceFolder::built_in().draft().expect("a whole source");
    let mut ours: Vec<(String, String, String)> = draft
        .stored_tables()
        .table("published_position")
        .rows
        .iter()
        .map(|row| (row[0].to_string(), row[2].to_string(), row[3].to_string()))
        .collect();
    reported.sort();
    ours.sort();
    assert_eq!(ours, reported);
}

#[test]
fn the_published_positions_are_those_that_were_compared_with_the_report() {
    let draft = SourceFolder::built_in().draft().expect("a whole source");
    let tables = draft.stored_tables();
    let table = tables.table("published_position");
    let mut rows: Vec<String> = table
        .rows
        .iter()
        .map(|row| format!("{} {} {}\n", row[0], row[2], row[3]))
        .collect();
    rows.sort();
    for known in [
        "low_other_domestic_violence GM0794 337\n",
        "built_environment nta_new_towns 311\n",
        "low_theft GM0439 154\n",
    ] {
        assert!(rows.iter().any(|row| row == known), "{known}");
    }
    // Of the table as it was when `the_figures_equal_those_of_the_shared_report` ran on it: change both together.
    let digest = hex(&Sha256::digest(rows.concat()));
    assert_eq!(
        (rows.len(), digest),
        (
            451,
            "2a1ec3a5a1c9a55ef6abc95ba2ceabfe5ebe6712bda0f74bcf33f60c3bac5f0e".to_owned()
        )
    );
}
