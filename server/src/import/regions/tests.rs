//! What tables say of municipalities is taken as it stands, or refused with the place.

use crate::{
    domain::RegionRecord,
    import::{
        UnitContent,
        fixtures::{LIVES, problems, unit},
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
