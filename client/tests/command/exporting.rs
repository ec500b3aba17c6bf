//! What `export` writes, in every form.

use std::{collections::HashMap, fs, path::Path};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    imported,
    running::{Ran, endpoint, run, tool},
    values,
};

/// Runs `export` in a folder, against the server of these tests or another.
pub(crate) fn export(folder: &Path, endpoint: &str, line: &str) -> Ran {
    let words = line.split(' ').filter(|word| !word.is_empty());
    run(tool(endpoint)
        .current_dir(folder)
        .arg("export")
        .args(words)
        .args(["--lang", "en"]))
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("read");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

type Rows = Vec<HashMap<String, String>>;

/// The rows of CSV without line breaks in its cells, by the names of the header.
fn csv(text: &str) -> Rows {
    let cells = |line: &str| {
        let (mut cells, mut within) = (vec![String::new()], false);
        for character in line.chars() {
            match character {
                '"' => within = !within,
                ',' if !within => cells.push(String::new()),
                other => cells.last_mut().expect("a cell").push(other),
            }
        }
        cells
    };
    let mut lines = text.strip_suffix("\r\n").expect("a last line").split("\r\n");
    let header = cells(lines.next().expect("a header"));
    lines
        .map(|line| {
            let row = cells(line);
            assert_eq!(row.len(), header.len(), "{line}");
            header.iter().cloned().zip(row).collect()
        })
        .collect()
}

/// What CSV has for a value of JSON.
fn written_cell(found: &Value) -> String {
    match found {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The rows of an export as CSV, once NDJSON and JSON-stat are known to say the same.
fn the_same_in_every_form(endpoint: &str, selection: &str) -> (Rows, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let written = |format: &str| {
        let ran = export(folder.path(), endpoint, &format!("--format {format} {selection}"));
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.stdout
    };
    let rows = csv(&written("csv"));
    let objects: Vec<Value> = written("ndjson")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(objects.len(), rows.len());
    for (object, row) in objects.iter().zip(&rows) {
        assert_eq!(object.as_object().expect("an object").len(), row.len());
        for (name, cell) in row {
            assert_eq!(&written_cell(&object[name]), cell, "{name}");
        }
    }
    let cube: Value = serde_json::from_str(&written("json-stat")).expect("JSON");
    let place = |dimension: &Value, id: &str| {
        let dimension = dimension.as_str().expect("an id");
        let index = cube["dimension"][dimension]["category"]["index"].as_array();
        let index = index.expect("categories");
        index.iter().position(|known| known == id).expect("a category")
    };
    let (ids, sizes) = (
        cube["id"].as_array().expect("ids"),
        cube["size"].as_array().expect("sizes"),
    );
    let of_cube = |list: &str| cube["extension"][list].as_array().expect("a list").clone();
    let (series, sources) = (of_cube("series"), of_cube("sources"));
    let (mut values, mut states) = (0, 0);
    for row in &rows {
        let (figure, number) = match row["basis"].as_str() {
            "published" => ("published_position", &row["position"]),
            _ => ("value", &row["value"]),
        };
        let of_row = [figure, &row["indicator_id"], &row["region_code"], &row["period"]];
        let index = ids
            .iter()
            .zip(sizes)
            .zip(of_row)
            .fold(0, |index, ((id, size), category)| {
                index * usize::try_from(size.as_u64().expect("a size")).expect("small") + place(id, category)
            });
        let of_cell = |of: &str| written_cell(&cube[of][index.to_string()]);
        assert_eq!(
            (&of_cell("value"), &of_cell("status")),
            (number, &row["status"]),
            "{row:?}"
        );
        let mut own = series.iter().filter(|series| {
            let same = |name: &str, other: &str| series[name] == other;
            same("figure", figure)
                && same("indicator", &row["indicator_id"])
                && same("period", &row["period"])
                && same("level", &row["level"])
        });
        let own = own.next().expect("a series");
        for shared in ["borders", "n", "column_inferred"] {
            assert_eq!(written_cell(&own[shared]), row[shared], "{shared}");
        }
        let ids = own["sources"].as_array().expect("ids");
        assert!(ids.iter().any(|id| *id == *row["source_id"]), "{row:?}");
        let source = sources.iter().find(|source| source["id"] == *row["source_id"]);
        let source = source.expect("a source");
        assert_eq!(
            (&written_cell(&source["title"]), &written_cell(&source["licence"])),
            (&row["source"], &row["licence"])
        );
        assert!(!written_cell(&source["attribution"]).is_empty());
        values += usize::from(!number.is_empty());
        states += usize::from(!row["status"].is_empty());
    }
    assert_eq!(
        cube["value"].as_object().expect("cells").len(),
        values,
        "and no other"
    );
    assert_eq!(cube["status"].as_object().map_or(0, serde_json::Map::len), states);
    (rows, cube)
}

#[test]
fn printed_positions_are_the_same_in_every_form() {
    let (rows, cube) =
        the_same_in_every_form(&endpoint(), "--theme liveability_safety --group nta_new_towns");
    assert!(rows.len() > 50, "{}", rows.len());
    let almere = rows
        .iter()
        .find(|row| row["indicator_id"] == "low_theft" && row["region_code"] == "GM0034")
        .expect("a figure");
    assert_eq!(
        (almere["position"].as_str(), almere["n"].as_str()),
        ("277", "337")
    );
    assert_eq!(
        (
            almere["basis"].as_str(),
            almere["value"].as_str(),
            almere["unit"].as_str()
        ),
        ("published", "", "")
    );
    assert_eq!(
        (cube["version"].as_str(), cube["class"].as_str()),
        (Some("2.0"), Some("dataset"))
    );
    assert_eq!(cube["extension"]["edition"]["id"], almere["edition_id"].as_str());
}

#[test]
fn values_and_what_is_missing_are_the_same_in_every_form() {
    let (rows, cube) = the_same_in_every_form(&values::address(), "");
    let theft = |region: &str, period: &str| {
        let mut found = rows.iter().filter(|row| {
            (row["indicator_id"].as_str(), row["basis"].as_str()) == ("low_theft", "computed")
                && (row["region_code"].as_str(), row["period"].as_str()) == (region, period)
        });
        found.next().cloned().unwrap_or_default()
    };
    let withheld = theft("GM0794", "2024");
    assert_eq!(
        (withheld["status"].as_str(), withheld["value"].as_str()),
        ("suppressed", "")
    );
    let known = theft("GM0637", "2024");
    assert_eq!(
        (known["status"].as_str(), known["origin"].as_str()),
        ("final", "loaded")
    );
    assert!(
        known["value"].parse::<f64>().is_ok() && known["unit"] == "per 1,000",
        "{known:?}"
    );
    assert!(
        rows.iter().all(|row| row["basis"] != "proxy"),
        "under the id of the indicator that was measured"
    );
    let unit = &cube["dimension"]["indicator"]["category"]["unit"]["low_theft"];
    assert_eq!(
        (&unit["label"], &unit["decimals"]),
        (&"per 1,000".into(), &1.into())
    );
    let kinds = cube["dimension"]["figure"]["category"]["index"]
        .as_array()
        .expect("categories");
    assert_eq!(kinds.len(), 2, "values and printed positions");
    assert_eq!(
        cube["dimension"]["period"]["category"]["index"],
        serde_json::json!(["2020", "2024"])
    );
}

#[test]
fn every_figure_says_its_borders_its_licence_and_whether_its_column_was_inferred() {
    let (rows, cube) = the_same_in_every_form(&imported::address(), "--indicator low_theft");
    let of = |basis: &str| {
        let row = rows
            .iter()
            .find(|row| row["basis"] == basis && row["region_code"] == "GM0034");
        let row = row.expect("a figure");
        ["borders", "column_inferred", "source_id", "licence"].map(|name| row[name].as_str())
    };
    assert_eq!(of("computed"), ["2024", "false", "thefts_2023", "CC BY 4.0"]);
    assert_eq!(of("published"), ["", "true", "bureau_louter_2024", ""]);
    let notes = &cube["dimension"]["indicator"]["category"]["note"]["low_theft"];
    let notes: Vec<&str> = notes
        .as_array()
        .expect("notes")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(notes.iter().any(|note| note.contains("inferred")), "{notes:?}");
    let whole = cube["note"].to_string();
    assert!(
        whole.contains("not proof of a cause") && !whole.contains("inferred"),
        "{whole}"
    );
}

#[test]
fn a_file_comes_with_a_record_that_fits_it() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("cijfers.csv"), "old").expect("written");
    let ran = export(
        folder.path(),
        &endpoint(),
        "cijfers.csv --indicator low_theft --publisher Wij --contact data@example.nl",
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("7 figures in cijfers.csv"), "{}", ran.stderr);
    assert_eq!(names(folder.path()), ["cijfers.csv", "cijfers.csv.dcat.jsonld"]);
    let content = fs::read(folder.path().join("cijfers.csv")).expect("read");
    assert_eq!(csv(&String::from_utf8(content.clone()).expect("UTF-8")).len(), 7);
    let record = fs::read(folder.path().join("cijfers.csv.dcat.jsonld")).expect("read");
    let record: Value = serde_json::from_slice(&record).expect("JSON");
    let dataset = &record["@graph"][0];
    // Mandatory by DCAT-AP-NL 3.0: of a dataset, of its distribution, of an agent.
    for property in [
        "dct:title",
        "dct:description",
        "dct:identifier",
        "dct:publisher",
        "dct:creator",
        "dcat:contactPoint",
        "dct:accessRights",
        "dcat:theme",
    ] {
        assert!(!dataset[property].is_null(), "{property}");
    }
    assert_eq!(dataset["dct:publisher"]["foaf:name"], "Wij");
    assert_eq!(dataset["dct:creator"][0]["foaf:name"], "Bureau Louter");
    assert_eq!(
        dataset["dcat:contactPoint"]["vcard:hasEmail"]["@id"],
        "mailto:data@example.nl"
    );
    assert_eq!(
        dataset["prov:wasDerivedFrom"][0]["dct:identifier"],
        "bureau_louter_2024"
    );
    let distribution = &dataset["dcat:distribution"];
    for property in ["dcat:accessURL", "dct:license", "dct:format", "dcat:mediaType"] {
        assert!(!distribution[property].is_null(), "{property}");
    }
    let digest = Sha256::digest(&content);
    let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        distribution["spdx:checksum"]["spdx:checksumValue"]["@value"],
        sha256.as_str()
    );
    assert_eq!(
        distribution["dcat:byteSize"]["@value"],
        content.len().to_string().as_str()
    );
}

#[test]
fn the_form_follows_the_ending_of_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, beginning) in [
        ("a.csv", "edition_id,"),
        ("a.jsonl", "{\"edition_id\""),
        ("a.json", "{\"class\""),
    ] {
        let ran = export(
            folder.path(),
            &endpoint(),
            &format!("{name} --indicator low_theft"),
        );
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let text = fs::read_to_string(folder.path().join(name)).expect("read");
        assert!(text.starts_with(beginning), "{name}");
    }
    let ran = export(folder.path(), &endpoint(), "a.xlsx");
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains(".xlsx") && ran.stderr.contains("--format"),
        "{}",
        ran.stderr
    );
    let ran = export(folder.path(), &endpoint(), "figures");
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains("has no ending") && ran.stderr.contains("json-stat"),
        "{}",
        ran.stderr
    );
    let ran = export(folder.path(), &endpoint(), "-o tsv");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("--format"), "{}", ran.stderr);
    for line in [
        "--basis proxy",
        "--publisher Wij",
        "a.csv --contact nobody",
        "--level province",
    ] {
        assert_eq!(export(folder.path(), &endpoint(), line).code, Some(2), "{line}");
    }
}

#[test]
fn an_indicator_without_values_names_the_one_that_stands_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let named = "low_serious_crime has no values of its own; those of reported_vandalism stand in";
    let ran = export(
        folder.path(),
        &imported::address(),
        "--indicator low_serious_crime --basis computed",
    );
    assert_eq!(ran.code, Some(6), "{}", ran.stderr);
    assert!(ran.stderr.contains(named), "{}", ran.stderr);
    assert!(!ran.stderr.contains("GetCoverage"), "{}", ran.stderr);
    let ran = export(
        folder.path(),
        &imported::address(),
        "--indicator low_serious_crime",
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr.contains(named),
        "its printed positions are all: {}",
        ran.stderr
    );
    for line in [
        "--indicator low_serious_crime --basis published",
        "--indicator reported_vandalism",
        "--indicator low_theft",
    ] {
        let ran = export(folder.path(), &imported::address(), line);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(!ran.stderr.contains("stand in"), "{line}: {}", ran.stderr);
    }
}

#[test]
fn the_help_of_export_is_narrow_and_offers_no_form_of_answers() {
    let ran = run(tool(&endpoint()).args(["export", "--help"]));
    assert_eq!(ran.code, Some(0));
    assert!(!ran.stdout.contains("--output"), "{}", ran.stdout);
    assert!(ran.stdout.contains("stand in"), "{}", ran.stdout);
    for line in ran.stdout.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    let ran = run(tool(&endpoint()).arg("--help"));
    assert!(ran.stdout.contains("130 interrupted") && ran.stdout.contains("143"));
}

#[test]
fn themes_in_the_examples_exist() {
    let help = |command: &[&str]| run(tool(&endpoint()).args(command).arg("--help")).stdout;
    for command in [&[][..], &["similar"], &["export"], &["indicators"]] {
        let text = help(command);
        let lines = text.lines().filter(|line| line.contains("groeikern "));
        let themes: Vec<&str> = lines
            .filter_map(|line| line.split("--theme ").nth(1)?.split(' ').next())
            .collect();
        assert!(!themes.is_empty(), "{command:?}: {text}");
        for theme in themes {
            let ran = run(tool(&endpoint()).args(["indicators", "--theme", theme]));
            assert_eq!(ran.code, Some(0), "{theme}: {}", ran.stderr);
        }
    }
}
