//! What tables say of municipalities is taken as it stands, or refused with the place.

use crate::{
    domain::RegionRecord,
    import::{
        ImportFlags, ImportUnit, Recipe, UnitContent,
        fixtures::{LIVES, gzip, problems, unit},
    },
};

const TABLE: &str = "code,name,begin,end,new code,group,area,area name\n\
    GM7002,Nieuwdorp,01-01-1970,02-03-2001,GM7003,GMPV24,A1,Polder\n\
    GM7001,Oudstad (gemeente),voor 1830,,,Fryslân,,\n\
    XX,Buiten,01-01-1970,,,OVERIG,,\n\
    GM7003,Nieuwdorp aan Zee,02-03-2001,,,GMPV24,A1,Polder\n";

fn records(table: &str) -> Vec<RegionRecord> {
    match unit(LIVES, &[table]).0.content {
        UnitContent::Regions(records) => records,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_says_when_municipalities_existed_and_where_they_lie() {
    let records = records(TABLE);
    let told: Vec<String> = records
        .iter()
        .map(|record| {
            let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            format!(
                "{} {} {} {} {} {} {}",
                record.code,
                text(&record.name),
                text(&record.valid_from),
                text(&record.valid_to),
                record.renamed_to.as_ref().map_or("-", |code| code.as_str()),
                record.province.map_or("-", |province| province.code),
                record.corop.as_ref().map_or("-", |corop| corop.code.as_str()),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "GM7001 Oudstad - - - PV21 -",
            "GM7002 Nieuwdorp 1970-01-01 2001-03-02 GM7003 PV24 CRA1",
            "GM7003 Nieuwdorp aan Zee 2001-03-02 - - PV24 CRA1",
        ]
    );
}

#[test]
fn its_report_counts_what_it_holds() {
    let (unit, report) = unit(LIVES, &[TABLE]);
    assert_eq!(unit.periods, ["2024"]);
    assert!(unit.rows().is_empty() && unit.regions().is_empty());
    assert_eq!(
        (report.rows_read, report.rows_filtered_out, report.rows_used),
        (4, 1, 3)
    );
    let json = report.json();
    assert_eq!(json["counts"]["municipalities"], 3, "{json}");
    assert_eq!(json["counts"]["former"], 1, "{json}");
    let text = report.to_string();
    assert!(text.contains("of them former ones"), "{text}");
    assert!(!text.contains("indicators"), "{text}");
}

#[test]
fn what_is_no_municipality_day_province_or_area_is_named_with_its_line() {
    for (wrong, right, expected) in [
        (
            "GM7002,N",
            "GM702,N",
            "1.csv:2: column `code`: `GM702` is not the code of a municipality",
        ),
        (
            "02-03-2001,GM",
            "30-02-2001,GM",
            "1.csv:2: column `end`: `30-02-2001` is not a day, written dd-mm-yyyy",
        ),
        (
            "GMPV24,A1,Polder\nGM7001",
            "Flevolant,A1,Polder\nGM7001",
            "did you mean `Flevoland`?",
        ),
        (
            "A1,Polder\nGM7001",
            ",Polder\nGM7001",
            "1.csv:2: column `area`: is empty: an area has a code and a name",
        ),
        (
            "A1,Polder\nGM7001",
            "A1,Pol\u{1b}der\nGM7001",
            "1.csv:2: column `area name`: `Pol\\u{1b}der` holds the character U+001B, which cannot be seen",
        ),
        (
            "A1,Polder\nGM7001",
            "A\u{200b}1,Polder\nGM7001",
            "1.csv:2: column `area`: `A\\u{200b}1` holds the character U+200B",
        ),
        (
            "02-03-2001,GM",
            ",GM",
            "1.csv:2: GM7002 goes on under another code, and has no day on which it ended",
        ),
        (
            "02-03-2001,GM",
            "02-03-1969,GM",
            "1.csv:2: GM7002 would end on 1969-03-02, before it began on 1970-01-01",
        ),
        (
            "GM7001,Oudstad (gemeente)",
            "GM7001,",
            "1.csv:3: column `name`: is empty",
        ),
        (
            "GM7003,Nieuwdorp aan Zee",
            "GM7001,Nieuwdorp",
            "1.csv:5: GM7001 stands here again, first on 1.csv:3, and says something else",
        ),
    ] {
        assert_eq!(TABLE.matches(wrong).count(), 1, "{wrong}");
        let found = problems(LIVES, &[&TABLE.replace(wrong, right)]);
        assert!(
            found.iter().any(|problem| problem.contains(expected)),
            "{found:?}"
        );
    }
}

#[test]
fn a_row_that_says_the_same_again_is_counted() {
    let (unit, report) = unit(LIVES, &[TABLE, TABLE]);
    assert_eq!((report.duplicates.total, report.rows_used), (3, 3));
    assert!(matches!(unit.content, UnitContent::Regions(records) if records.len() == 3));
}

/// The list of regions of a table over OData, as CBS gives it.
const LIST: &str = r#"{"value": [
    {"Identifier": "NL01  ", "Title": "Nederland", "Description": "", "DimensionGroupId": "NL"},
    {"Identifier": "GM7001", "Title": "Oudstad (gemeente)", "DimensionGroupId": "GMPV24",
     "Description": "Naamswijziging per 02-03-2001,\r\nnieuwe naam: Nieuwstad (GM7002)\r\n\r\nBegindatum voor 1830\r\n"},
    {"Identifier": "GM7002", "Title": "Nieuwstad", "DimensionGroupId": "GMPV24",
     "Description": "Ontstaan per 02-03-2001, uit:\r\n- Oudstad (GM7001)\r\nBegindatum 02-03-2000\r\n"}
]}"#;

fn list_recipe() -> String {
    LIVES
        .replace("[table]\n", "[table]\nformat = \"code_list\"\n")
        .replace("column = \"group\"", "column = \"DimensionGroupId\"")
        .replace("except = [\"OVERIG\"]", "except = [\"NL\"]")
        .replace("\"code\"", "\"Identifier\"")
        .replace("\"name\"", "\"Title\"")
        .replace("\"begin\"", "\"Begin\"")
        .replace("\"end\"", "\"End\"")
        .replace("\"new code\"", "\"RenamedTo\"")
        .replace(
            "province_column = \"group\"",
            "province_column = \"DimensionGroupId\"",
        )
        .replace(
            "corop_column = \"area\"\ncorop_name_column = \"area name\"\ncorop_prefix = \"CR\"\n",
            "",
        )
}

#[test]
fn the_list_of_cbs_tells_lives_in_words_and_the_day_of_founding_wins() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("codes-RegioS.json"), LIST).expect("written");
    let recipe = crate::import::fixtures::recipe(&list_recipe());
    let flags = ImportFlags::default();
    let (of_folder, report) =
        ImportUnit::read(&recipe, &[folder.path()], &flags).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((report.rows_read, report.rows_filtered_out), (3, 1));
    let UnitContent::Regions(records) = &of_folder.content else {
        panic!("{:?}", of_folder.content)
    };
    let told: Vec<_> = records
        .iter()
        .map(|record| {
            (
                record.code.as_str(),
                record.valid_from.as_deref(),
                record.valid_to.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("GM7001", None, Some("2001-03-02")),
            ("GM7002", Some("2001-03-02"), None)
        ]
    );
    assert_eq!(
        records[0].renamed_to.as_ref().map(|code| code.as_str()),
        Some("GM7002")
    );
    // The file itself is the same table, compressed or not.
    let file = folder.path().join("codes-RegioS.json");
    let (of_file, _) = ImportUnit::read(&recipe, &[&file], &flags).expect("a unit");
    assert_eq!(of_file, of_folder);
    std::fs::write(&file, gzip(LIST.as_bytes())).expect("written");
    let (packed, _) = ImportUnit::read(&recipe, &[&file], &flags).expect("a unit");
    assert_eq!(packed, of_folder);
}

#[test]
fn land_that_lay_in_no_municipality_is_none_by_the_recipes_that_ship() {
    let shipped = |id: &str| {
        let recipes = Recipe::built_in().unwrap_or_else(|error| panic!("{error}"));
        let recipe = recipes.into_iter().find(|recipe| recipe.id == id);
        recipe.unwrap_or_else(|| panic!("no {id}"))
    };
    let folder = tempfile::tempdir().expect("a folder");
    let read = |id: &str, file: &str, table: &str| {
        let path = folder.path().join(file);
        std::fs::write(&path, table).expect("written");
        let read = ImportUnit::read(&shipped(id), &[path], &ImportFlags::default());
        read.unwrap_or_else(|error| panic!("{error}")).0.content
    };
    let land = r#"{"Identifier": "GM0996", "Title": "Openbaar Lichaam Z.IJ.P.", "DimensionGroupId": "GMPV24",
        "Description": "Opgeheven per 01-01-1996, overgegaan naar:\r\n- Oudstad (GM7001)\r\nBegindatum 10-11-1955\r\n"},"#;
    let list = LIST.replacen("\"value\": [", &format!("\"value\": [{land}"), 1);
    let UnitContent::Regions(records) = read("cbs_municipalities", "codes-RegioS.json", &list) else {
        panic!("no municipalities")
    };
    let codes: Vec<&str> = records.iter().map(|record| record.code.as_str()).collect();
    assert_eq!(codes, ["GM7001", "GM7002"]);
    let changes = "gm_code,title,event,date,direction,other_gm_code,other_name,hectare,woningen,inwoners\n\
        GM7001,Oudstad,Grenswijziging,01-01-1996,ontvangen van,GM0996,Openbaar Lichaam Z.IJ.P.,169,0,0\n\
        GM0996,Openbaar Lichaam Z.IJ.P.,Opgeheven,01-01-1996,overgegaan naar,GM7001,Oudstad,169,0,0\n\
        GM7001,Oudstad,Grenswijziging,01-01-1998,overgegaan naar,GM7005,Bijstad,3,1,2\n";
    let UnitContent::BoundaryChanges(changes) = read("cbs_boundary_changes", "changes.csv", changes) else {
        panic!("no changes")
    };
    let days: Vec<&str> = changes.iter().map(|change| change.date.as_str()).collect();
    assert_eq!(days, ["1998-01-01"]);
}

#[test]
fn what_is_no_such_list_is_refused_with_the_reason() {
    for (list, expected) in [
        ("<html>", "is no list of regions as CBS OData v4 gives it"),
        (
            r#"{"@odata.nextLink": "https://x", "value": []}"#,
            "it is not whole",
        ),
        (r#"{"value": []}"#, "no row is left to import"),
        (
            &LIST.replace("Begindatum voor", "Opgeheven per 01-01-1999\\r\\nBegindatum voor"),
            "one of the two is too many",
        ),
    ] {
        let found = problems(&list_recipe(), &[list]);
        assert!(
            found.iter().any(|problem| problem.contains(expected)),
            "{found:?}"
        );
    }
    let folder = tempfile::tempdir().expect("a folder");
    let recipe = crate::import::fixtures::recipe(&list_recipe());
    let error = ImportUnit::read(&recipe, &[folder.path()], &ImportFlags::default()).expect_err("no list");
    assert!(
        error
            .to_string()
            .contains("holds no list of regions, codes-RegioS.json"),
        "{error}"
    );
    let wrong = list_recipe().replace("\"RenamedTo\"", "\"RenamdTo\"");
    let found = problems(&wrong, &[LIST]);
    assert!(
        found[0].contains("there is no column `RenamdTo`") && found[0].contains("did you mean `RenamedTo`?"),
        "{found:?}"
    );
}
