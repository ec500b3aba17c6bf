//! Regions by name, periods by mark: what is written for people is read as what it means.

use super::*;
use crate::{
    domain::ObservationStatus,
    import::fixtures::{TOWNS, WIDE, input, problems, recipe, unit},
};

#[test]
fn figures_of_a_period_that_is_marked_are_provisional() {
    let text = WIDE.replace("period = \"2020\"", "period_column = \"year\"");
    let table = "code,name,water,people,benefits,year\n\
        GM0034,Almere,NEE,200,10,2020*\n\
        GM0995,Lelystad,NEE,-999,5,2020*\n\
        GM0034,Almere,NEE,210,9,2021\n";
    let (unit, _) = ImportUnit::from_inputs(&recipe(&text), vec![input("t", table)], &ImportFlags::default())
        .expect("a unit");
    let statuses: Vec<(&str, &str, &str, ObservationStatus)> = unit
        .rows()
        .iter()
        .map(|row| {
            (
                row.indicator.as_str(),
                row.region.as_str(),
                row.period.as_str(),
                row.status,
            )
        })
        .collect();
    assert_eq!(unit.periods, ["2020", "2021"]);
    assert_eq!(
        statuses,
        [
            ("recipients", "GM0034", "2020", ObservationStatus::Provisional),
            ("recipients", "GM0034", "2021", ObservationStatus::Final),
            ("recipients", "GM0995", "2020", ObservationStatus::Missing),
            ("townsfolk", "GM0034", "2020", ObservationStatus::Provisional),
            ("townsfolk", "GM0034", "2021", ObservationStatus::Final),
            ("townsfolk", "GM0995", "2020", ObservationStatus::Missing),
        ]
    );
}

/// The wide recipe with regions by name.
fn by_name(more: &str) -> String {
    WIDE.replace(
        "region_column = \"code\"\nregion_name_column = \"name\"",
        &format!("region_column = \"name\"\nregion_names = \"03759ned\"\n{more}"),
    )
}

fn names() -> ImportFlags {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("codes-RegioS.json");
    let list = r#"{"value": [
        {"Identifier": "GM0034", "Title": "Almere"},
        {"Identifier": "GM0344", "Title": "Utrecht (gemeente)"},
        {"Identifier": "GM0995", "Title": "Lelystad"},
        {"Identifier": "PV26", "Title": "Utrecht (PV)"}
    ]}"#;
    std::fs::write(&file, list).expect("written");
    let names = RegionNames::read(&file).expect("a list");
    ImportFlags {
        region_names: Some(Arc::new(names)),
        ..ImportFlags::default()
    }
}

const NAMED: &str = "name,water,people,benefits\nAlmere,NEE,200,10\nUtrecht (PV),NEE,900,1\n\
    Utrecht (gemeente),NEE,.,.\n";

#[test]
fn what_is_provisional_does_not_depend_on_the_order_of_rows() {
    let text = WIDE.replace("period = \"2020\"", "period_column = \"year\"");
    let header = "code,name,water,people,benefits,year\n";
    let [one, other] = [
        "GM0034,Almere,NEE,200,10,2020*\n",
        "GM0034,Almere,NEE,200,10,2020\n",
    ];
    for rows in [[one, other], [other, one]] {
        let (unit, _) = unit(&text, &[&format!("{header}{}", rows.concat())]);
        assert!(
            unit.rows()
                .iter()
                .all(|row| row.status == ObservationStatus::Provisional)
        );
    }
}

#[test]
fn regions_by_name_get_their_code_and_keep_their_name_and_names_of_none_are_refused() {
    let (unit, report) =
        ImportUnit::from_inputs(&recipe(&by_name("")), vec![input("t", NAMED)], &names()).expect("a unit");
    let regions: Vec<(&str, Option<&str>)> = unit
        .regions()
        .iter()
        .map(|region| (region.code.as_str(), region.name.as_deref()))
        .collect();
    assert_eq!(regions, [("GM0034", Some("Almere")), ("GM0344", Some("Utrecht"))]);
    assert_eq!((report.rows_of_other_levels, report.rows_used), (1, 2));
    let wrong = format!("{NAMED}Lelystat,NEE,1,1\n");
    let error = ImportUnit::from_inputs(&recipe(&by_name("")), vec![input("t", wrong)], &names())
        .expect_err("no such name");
    assert_eq!(
        error.to_string(),
        "t:5: column `name`: `Lelystat` is not in the list of regions; did you mean `Lelystad`?; rows of no region are left out by \
         a [[table.filter]] with `except`"
    );
    assert_eq!(
        problems(&by_name(""), &[NAMED]),
        [
            "town_figures.toml: regions are written by name, and codes are looked up in the list of table 03759ned: give \
          --region-names with the folder of that table over OData, or its codes-RegioS.json (`groeikern-server update` \
          fetches it into the data directory, where `import --all` finds it)"
        ]
    );
}

#[test]
fn regions_without_a_single_figure_are_left_out_where_the_recipe_says_so() {
    let all = recipe(&by_name("leave_out_empty = true"));
    let (unit, report) = ImportUnit::from_inputs(&all, vec![input("t", NAMED)], &names()).expect("a unit");
    let codes: Vec<&str> = unit.regions().iter().map(|region| region.code.as_str()).collect();
    assert_eq!((codes, report.left_out_empty), (vec!["GM0034"], 1));
    assert!(
        report.to_string().contains("left out without any figure"),
        "{report}"
    );
    let empty = "name,water,people,benefits\nAlmere,NEE,.,.\n";
    let error =
        ImportUnit::from_inputs(&all, vec![input("t", empty)], &names()).expect_err("nothing is left");
    assert!(error.to_string().contains("no row is left to import"), "{error}");
}

#[test]
fn a_composite_lacks_no_figures_of_the_table() {
    let composed = format!(
        "{WIDE}
[[indicator]]
id = \"hardship\"
name_nl = \"Nood\"
name_en = \"Hardship\"
theme = \"livelihood_security\"
kind = \"composite\"
kind_basis = \"inferred\"
children = [\"low_social_assistance\"]
"
    );
    let (unit, report) = unit(
        &composed,
        &["code,name,water,people,benefits\nGM0034,Almere,NEE,10,1\n"],
    );
    assert_eq!(report.indicators_without_data, [""; 0]);
    assert!(unit.rows().iter().all(|row| row.indicator != "hardship"));
}

#[test]
fn a_municipality_is_called_without_what_tells_it_from_its_province() {
    let table = TOWNS
        .replace("Almere", "Utrecht (gemeente)")
        .replace("Dronten", "Laren (NH.)");
    let (unit, _) = unit(WIDE, &[&table]);
    let names: Vec<&str> = unit
        .regions()
        .iter()
        .filter_map(|region| region.name.as_deref())
        .collect();
    assert_eq!(names, ["Utrecht", "Zeewolde", "Laren (NH.)", "Lelystad"]);
}
