//! A folder is read whole, or every place where it is wrong is named.

mod laws;
mod real;
mod units;

use std::{fs, path::Path};

use serde_json::json;
use tempfile::TempDir;

use super::{fixtures::SmallTable, *};
use crate::{
    domain::ObservationStatus,
    edition::content_hash::hex,
    import::{
        ImportError, ImportFlags, ImportUnit, Recipe, UnitRow,
        fixtures::{gzip, needed},
    },
};

/// Number in the page, cells, and whether the figure is provisional.
type Rows = Vec<ReadRow>;

type ReadRow = (usize, Vec<String>, bool);

const COLUMNS: [&str; 4] = ["RegioS", "Perioden/Title", "Measure", "Value"];

struct Outcome {
    rows: Rows,
    pages: usize,
    facts: TableFacts,
    sha256: String,
    problems: Vec<String>,
}

fn read_with(path: &Path, columns: &[&str], units: &[(&str, &str)]) -> Outcome {
    let needed = needed(columns);
    let units = units
        .iter()
        .map(|(measure, unit)| ((*measure).to_owned(), (*unit).to_owned()));
    let source = TableSource {
        units: units.collect(),
        ..TableSource::default()
    };
    let (mut rows, mut pages) = (Vec::new(), 0);
    let mut hasher = Sha256::new();
    let mut problems = Problems::first_of_many();
    let take = |part: Part<'_>, _: &mut Problems| match part {
        Part::Page(_) => pages += 1,
        Part::Row(row) => {
            let cells = (0..columns.len()).map(|column| row.cell(column).to_owned());
            rows.push((row.line, cells.collect(), row.is_provisional));
        }
    };
    let open = || TableInput::open(path).expect("a table");
    let facts = facts(&[open()], &mut problems);
    if problems.is_empty() {
        read(open(), &needed, &source, &mut hasher, &mut problems, take);
    }
    let root = format!("{}/", path.display());
    let problems = match problems.refuse("a table") {
        Ok(()) => Vec::new(),
        Err(error) => error
            .problems
            .iter()
            .map(|problem| problem.to_string().replace(&root, ""))
            .collect(),
    };
    Outcome {
        rows,
        pages,
        facts,
        sha256: hex(&hasher.finalize()),
        problems,
    }
}

fn written(table: &SmallTable, page: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    table.write(folder.path(), page);
    folder
}

/// The manifest of the small table in pages of so many observations.
fn manifest_of(table: &SmallTable, page: usize) -> Vec<u8> {
    let fetched = |(name, text): (String, String)| FetchedFile {
        name,
        bytes: text.len() as u64,
        sha256: hex(&Sha256::digest(text)),
    };
    let manifest = FolderManifest {
        source: "https://example.org/90001NED".to_owned(),
        version: table.properties["Version"].as_str().expect("a text").to_owned(),
        observations_modified: String::new(),
        retrieved: "2024-05-02".to_owned(),
        filters: Vec::new(),
        observations: table.observations.len() as u64,
        files: table.files(page).into_iter().map(fetched).collect(),
    };
    serde_json::to_vec(&manifest).expect("JSON")
}

fn problems(table: &SmallTable) -> Vec<String> {
    read_with(written(table, 100).path(), &COLUMNS, &[]).problems
}

/// What is said of the small table when a field of its third observation is another.
fn problems_with(field: &str, value: serde_json::Value) -> Vec<String> {
    let mut table = SmallTable::new("1");
    table.observations[2][field] = value;
    problems(&table)
}

#[test]
fn observations_become_rows_in_the_order_of_the_pages() {
    let folder = written(&SmallTable::new("202405010000"), 3);
    let outcome = read_with(folder.path(), &COLUMNS, &[("M1", "x 1 000")]);
    assert_eq!(outcome.problems, [""; 0]);
    assert_eq!((outcome.rows.len(), outcome.pages), (8, 3));
    let row =
        |number, cells: [&str; 4], provisional| (number, cells.map(str::to_owned).to_vec(), provisional);
    assert_eq!(outcome.rows[0], row(1, ["NL01", "2023", "M1", "300.0"], false));
    assert_eq!(outcome.rows[3], row(1, ["GM0034", "2024", "M1", "220.0"], true));
    assert_eq!(
        outcome.rows[6],
        row(1, ["GM9001", "2023", "M1", "Impossible"], false)
    );
    let facts = outcome.facts;
    assert_eq!(
        (facts.version.as_deref(), facts.retrieved),
        (Some("202405010000"), None)
    );
}

#[test]
fn a_folder_is_the_same_compressed_or_not() {
    let table = SmallTable::new("1");
    let (plain, packed) = (written(&table, 5), tempfile::tempdir().expect("a folder"));
    let mut all = Sha256::new();
    for (name, text) in table.files(5) {
        all.update(&text);
        fs::write(packed.path().join(format!("{name}.gz")), gzip(text.as_bytes())).expect("written");
    }
    let [plain, packed] = [plain, packed].map(|folder| read_with(folder.path(), &COLUMNS, &[]));
    assert_eq!((&packed.rows, packed.problems.len()), (&plain.rows, 0));
    assert_eq!(plain.sha256, hex(&all.finalize()));
    assert_eq!(packed.sha256, plain.sha256);
}

#[test]
fn no_digit_of_a_figure_is_lost() {
    let mut table = SmallTable::new("1");
    table.observations.truncate(1);
    let folder = written(&table, 9);
    let page = folder.path().join("observations-page-1.json");
    let text = fs::read_to_string(&page).expect("a page");
    for digits in ["0.30000000000000004", "9007199254740993", "1E-7", "-0.1"] {
        fs::write(&page, text.replace("300.0", digits)).expect("written");
        assert_eq!(read_with(folder.path(), &COLUMNS, &[]).rows[0].1[3], digits);
    }
}

#[test]
fn an_observation_that_is_wrong_is_named_by_its_number() {
    let place = "observations-page-1.json observation:3: ";
    for (field, value, expected) in [
        (
            "RegioS",
            json!("GM0035"),
            "RegioS: the code `GM0035` does not stand in codes-RegioS.json; did you mean `GM0034`?",
        ),
        (
            "Measure",
            json!("M2"),
            "measure: the code `M2` does not stand in measure-codes.json; did you mean `M1`?",
        ),
        (
            "Id",
            json!(11),
            "the Id 11 stands here again: an observation is given once",
        ),
        (
            "Value",
            json!(null),
            "has no Value, and `None` for the reason: expected NotAvailable, Confidential, Impossible",
        ),
        ("Value", json!("200"), "Value: `\"200\"` is not a number"),
        (
            "ValueAttribute",
            json!("Confidential"),
            "has the Value 200.0 and says `Confidential` too: one of the two is wrong",
        ),
        (
            "ValueAttribute",
            json!("Estimated"),
            "ValueAttribute: `Estimated` is not known; there are None, NotAvailable, Confidential, Impossible",
        ),
        (
            "StringValue",
            json!("veel"),
            "holds a text, not a figure: tables of texts cannot be imported",
        ),
        (
            "Geslacht",
            json!("1000"),
            "`Geslacht` is no dimension of the table",
        ),
    ] {
        assert_eq!(problems_with(field, value), [format!("{place}{expected}")]);
    }
    let mut table = SmallTable::new("1");
    table.observations[2]
        .as_object_mut()
        .expect("an observation")
        .remove("Perioden");
    assert_eq!(
        problems(&table),
        [format!("{place}has no code of the dimension `Perioden`")]
    );
}

#[test]
fn annotations_beside_a_field_are_passed_over() {
    assert_eq!(problems_with("Value@odata.type", json!("#Decimal")), [""; 0]);
}

#[test]
fn a_page_that_is_not_the_json_of_a_page_is_refused_with_its_line() {
    let folder = written(&SmallTable::new("1"), 100);
    let page = folder.path().join("observations-page-1.json");
    let whole = fs::read_to_string(&page).expect("a page");
    let cut = &whole[..whole.len() - 30];
    for (text, expected) in [
        (
            cut.to_owned(),
            "ends too early, so it is not whole: fetch the table again",
        ),
        (
            format!("{whole}{{}}"),
            "is not the JSON that was expected (trailing characters",
        ),
        (
            " <!DOCTYPE html><html>".to_owned(),
            "observations-page-1.json: is HTML or XML, not JSON",
        ),
        (
            r#"{"error":{"message":"node count limit"}}"#.to_owned(),
            "the service answered an error",
        ),
        (r#"{"odata":1}"#.to_owned(), "missing field `value`"),
        (r#"{"value":[],"value":[]}"#.to_owned(), "duplicate field `value`"),
        ("[".repeat(500), "is not the JSON that was expected"),
        (
            whole.replacen("\"Id\"", "\"Id\": 1, \"Id\"", 1),
            "duplicate field `Id`",
        ),
        (
            whole.replacen("\"RegioS\"", "\"RegioS\": \"x\", \"RegioS\"", 1),
            "`RegioS` stands twice",
        ),
        (String::new(), "ends too early"),
    ] {
        fs::write(&page, &text).expect("written");
        let problems = read_with(folder.path(), &COLUMNS, &[]).problems;
        assert!(
            problems.len() == 1 && problems[0].contains(expected),
            "{expected}: {problems:?}"
        );
    }
}

#[test]
fn a_folder_that_lacks_a_file_or_has_it_twice_is_refused() {
    for name in [
        "properties",
        "dimensions",
        "measure-codes",
        "codes-Perioden",
        "observations-page-2",
    ] {
        let folder = written(&SmallTable::new("1"), 3);
        let file = folder.path().join(format!("{name}.json"));
        let text = fs::read(&file).expect("a file");
        let packed = folder.path().join(format!("{name}.json.gz"));
        fs::write(&packed, gzip(&text)).expect("written");
        let twice = read_with(folder.path(), &COLUMNS, &[]).problems.join("\n");
        assert!(
            twice.contains(name) && twice.contains("compressed and not"),
            "{twice}"
        );
        fs::remove_file(&packed).expect("removed");
        fs::remove_file(&file).expect("removed");
        let missing = read_with(folder.path(), &COLUMNS, &[]).problems.join("\n");
        assert!(missing.contains(name), "{missing}");
    }
    let nothing = tempfile::tempdir().expect("a folder");
    assert!(
        read_with(nothing.path(), &COLUMNS, &[]).problems[0].contains("holds no observations-page-1.json")
    );
}

#[test]
fn a_last_page_that_names_a_next_one_is_not_the_last() {
    let folder = written(&SmallTable::new("1"), 4);
    let with_next = |page: &str| {
        let file = folder.path().join(page);
        let text = fs::read_to_string(&file).expect("a page");
        fs::write(&file, text.replacen('{', "{\"@odata.nextLink\": \"x\",", 1)).expect("written");
        read_with(folder.path(), &COLUMNS, &[]).problems
    };
    assert_eq!(with_next("observations-page-1.json"), [""; 0]);
    assert_eq!(
        with_next("observations-page-2.json"),
        [
            "observations-page-2.json: names a next page (@odata.nextLink) that is not here: fetch the table again"
        ]
    );
}

#[test]
fn a_list_of_codes_of_another_table_is_said_twenty_times_and_counted() {
    let mut table = SmallTable::new("1");
    let one = table.observations[2].clone();
    table.regions = json!({ "value": [{ "Identifier": "NL01", "Title": "Nederland" }] });
    table.observations = (0..50)
        .map(|id| {
            let mut other = one.clone();
            other["Id"] = json!(id);
            other
        })
        .collect();
    let error = units::unit(written(&table, 100).path(), &ImportFlags::default()).expect_err("refused");
    assert_eq!((error.problems.len(), error.more), (20, 30));
}

#[test]
fn a_bomb_of_gzip_is_refused_at_the_limit() {
    let folder = written(&SmallTable::new("1"), 100);
    let page = folder.path().join("observations-page-1.json");
    fs::remove_file(&page).expect("removed");
    let bomb = gzip(&vec![b' '; 5 << 20]);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    fs::write(page.with_extension("json.gz"), bomb).expect("written");
    let problems = read_with(folder.path(), &COLUMNS, &[]).problems;
    assert!(
        problems.len() == 1 && problems[0].contains("larger than"),
        "{problems:?}"
    );
}

#[test]
fn columns_and_units_that_the_table_lacks_are_named() {
    let folder = written(&SmallTable::new("1"), 100);
    let columns = read_with(
        folder.path(),
        &["RegioS", "Periode", "Value", "RegioS/Titel"],
        &[],
    );
    assert_eq!(
        columns.problems,
        [
            "dimensions.json: there is no column `Periode`, which the test needs; did you mean `Perioden`?",
            "dimensions.json: there is no column `RegioS/Titel`, which the test needs; did you mean `RegioS/Title`?",
        ]
    );
    let units = read_with(folder.path(), &COLUMNS, &[("M1", "aantal"), ("M3", "euro")]).problems;
    assert!(
        units[0].contains("the unit of `M1` is `x 1 000`, and the recipe expects `aantal`"),
        "{units:?}"
    );
    assert!(units[1].contains("there is no measure `M3`"), "{units:?}");
}

#[test]
fn descriptions_that_contradict_themselves_are_refused() {
    let mut period = SmallTable::new("1");
    period.periods["value"][0]
        .as_object_mut()
        .expect("a code")
        .remove("Status");
    let mut twice = SmallTable::new("1");
    twice.regions["value"][1]["Identifier"] = json!(" NL01 ");
    let mut outside = SmallTable::new("1");
    outside.dimensions["value"][0]["Identifier"] = json!("../RegioS");
    let mut more = SmallTable::new("1");
    more.regions["@odata.nextLink"] = json!("https://example.org/2");
    let version = SmallTable::new(" ");
    let mut no_kind = SmallTable::new("1");
    no_kind.dimensions["value"][1]["Kind"] = json!("Dimension");
    for (table, expected) in [
        (period, "codes-Perioden.json: the period `2023JJ00` has no Status"),
        (twice, "codes-RegioS.json: the code `NL01` stands twice"),
        (outside, "dimensions.json: `../RegioS` cannot be a dimension"),
        (more, "codes-RegioS.json: has an @odata.nextLink"),
        (version, "properties.json: Version is empty"),
        (
            no_kind,
            "codes-Perioden.json: all codes of `Perioden` are periods, and its Kind is `Dimension`, not TimeDimension",
        ),
    ] {
        let problems = problems(&table);
        assert!(
            problems.len() == 1 && problems[0].starts_with(expected),
            "{problems:?}"
        );
    }
}

#[test]
fn a_dimension_of_any_kind_of_time_has_provisional_figures() {
    let mut table = SmallTable::new("1");
    table.dimensions["value"][1]["Kind"] = json!("ExtendedTimeDimension");
    let rows = read_with(written(&table, 9).path(), &COLUMNS, &[]).rows;
    assert_eq!(
        rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        [false, true].repeat(4)
    );
    // A code that is no period tells that it is something else, as ages are.
    let mut ages = SmallTable::new("1");
    ages.dimensions["value"][1]["Kind"] = json!("Dimension");
    ages.periods["value"][0]["Identifier"] = json!("10000");
    for observation in &mut ages.observations {
        observation["Perioden"] = json!("10000");
    }
    assert_eq!(problems(&ages), [""; 0]);
}

#[test]
fn a_manifest_gives_the_day_and_holds_the_files_to_what_was_fetched() {
    let table = SmallTable::new("1");
    let folder = written(&table, 3);
    let manifest: FolderManifest = serde_json::from_slice(&manifest_of(&table, 3)).expect("a manifest");
    let write = |manifest: &FolderManifest| {
        fs::write(
            folder.path().join(MANIFEST),
            serde_json::to_vec(manifest).expect("JSON"),
        )
        .expect("written");
        read_with(folder.path(), &COLUMNS, &[])
    };
    let whole = write(&manifest);
    assert_eq!(whole.problems, [""; 0]);
    assert_eq!(whole.facts.retrieved.as_deref(), Some("2024-05-02"));
    let changed = |change: fn(&mut FolderManifest)| {
        let mut other = manifest.clone();
        change(&mut other);
        write(&other).problems.join("\n")
    };
    assert!(
        changed(|manifest| manifest.files[7].sha256.replace_range(..1, "x"))
            .contains("`observations-page-3.json` is not as it was fetched")
    );
    assert!(
        changed(|manifest| manifest.files.truncate(7))
            .contains("`observations-page-3.json` was not fetched with the others")
    );
    assert!(
        changed(|manifest| manifest.files[0].name.push('x'))
            .contains("`properties.jsonx` was fetched and is no longer there")
    );
    assert_eq!(
        changed(|manifest| manifest.version.push('0')),
        "manifest.json: says that version 10 was fetched, and properties.json is of 1: fetch the table again"
    );
    assert_eq!(
        changed(|manifest| manifest.observations = 9),
        "manifest.json: says that 9 observations were fetched, and 8 are here: fetch the table again"
    );
    fs::write(folder.path().join(MANIFEST), "{").expect("written");
    assert!(read_with(folder.path(), &COLUMNS, &[]).problems[0].starts_with("manifest.json: cannot be read"));
}
