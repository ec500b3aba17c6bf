//! Figures on the borders of another year: what a table marks, what a script gets, and what is refused.

use std::{net::SocketAddr, sync::LazyLock};

use groeikern_server::edition::shelf::Shelf;

use crate::{
    imported::import,
    running::{Ran, rows, run, serve, tool},
};

static SERVER: LazyLock<SocketAddr> = LazyLock::new(|| {
    serve(async {
        let shelf = Shelf::in_memory();
        for (id, head, table, rows) in [
            (
                "lives",
                "holds = \"regions\"\nperiod = \"2024\"",
                LIVES,
                MUNICIPALITIES,
            ),
            (
                "moves",
                "holds = \"boundary_changes\"\nperiod = \"2024\"",
                MOVES,
                CHANGES,
            ),
            ("people_2019", "period = \"2019\"", PEOPLE, IN_2019),
            ("people_2021", "period = \"2021\"", PEOPLE, IN_2021),
        ] {
            let recipe = format!("id = \"{id}\"\n{head}\n{ABOUT}{table}");
            import(&shelf, id, &recipe, rows).await;
        }
        shelf
    })
});

const ABOUT: &str = r#"title_nl = "Ons land"
title_en = "Our country"
publisher = "Wij"
licence = "CC0-1.0"
attribution_nl = "Bron: ons land."
attribution_en = "Source: our country."
retrieved = "2026-11-29"
source_version = "1"

[table]
"#;

const LIVES: &str = r#"
[regions]
code_column = "code"
name_column = "name"
valid_to_column = "end"
unknown_dates = [""]
"#;

/// Beekdorp joined Akkerstad; Cirkelveen gave Duinhof a tenth of its people.
const MUNICIPALITIES: &str = "code,name,end\nGM7001,Akkerstad,\nGM7002,Beekdorp,2020-01-01\nGM7003,Cirkelveen,\n\
    GM7004,Duinhof,\n";

const MOVES: &str = r#"
[boundary_changes]
region_column = "code"
other_region_column = "other"
date_column = "date"
direction_column = "way"
received = ["from"]
gave = ["to"]
inhabitants_column = "people"
"#;

const CHANGES: &str = "code,date,way,other,people\nGM7003,2019-01-01,to,GM7004,0\nGM7001,2020-01-01,from,GM7002,100\n\
    GM7001,2020-01-01,from,GM7001,900\nGM7003,2020-01-01,to,GM7004,100\nGM7003,2020-01-01,from,GM7003,900\n";

const PEOPLE: &str = r#"
shape = "wide"
region_column = "code"

[[indicator]]
id = "townsfolk"
name_nl = "Stedelingen"
name_en = "Townsfolk"
theme = "social_cohesion"
kind = "neutral"
kind_basis = "stated"
column = "people"
unit_nl = "personen"
unit_en = "persons"
decimals = 0
aggregation = "sum"
"#;

const IN_2019: &str = "code,people\nGM7001,900\nGM7002,100\nGM7003,1000\nGM7004,300\n";

const IN_2021: &str = "code,people\nGM7001,1010\nGM7003,910\nGM7004,420\n";

fn asked(line: &str) -> Ran {
    let endpoint = format!("http://{}", *SERVER);
    run(tool(&endpoint).args(line.split(' ')))
}

#[test]
fn a_ranking_marks_what_is_recast_and_says_what_the_marks_mean() {
    let table = asked("rank townsfolk --period 2019 --borders 2020 -o table --lang en");
    assert_eq!(table.code, Some(0), "{}", table.stderr);
    let line = |name: &str| {
        let mut lines = table.stdout.lines();
        lines.find(|line| line.contains(name)).unwrap_or_default()
    };
    assert!(
        table.stdout.contains("– on the borders of 2020"),
        "{}",
        table.stdout
    );
    assert!(line("Akkerstad").trim_end().ends_with('+'), "{}", table.stdout);
    assert!(line("Duinhof").trim_end().ends_with('~'), "{}", table.stdout);
    assert!(table.stdout.contains("+: recast"), "{}", table.stdout);
    assert!(table.stdout.contains("~: estimated"), "{}", table.stdout);
    assert!(
        table.stderr.contains("borders of 1 January 2020"),
        "{}",
        table.stderr
    );
    let dutch = asked("rank townsfolk --period 2019 --borders 2020 -o table --lang nl");
    assert!(dutch.stdout.contains("– op grenzen van 2020"), "{}", dutch.stdout);
    assert!(dutch.stdout.contains("~: geschat"), "{}", dutch.stdout);

    let tsv = asked("rank townsfolk --period 2019 --borders 2020 -o tsv");
    let rows = rows(&tsv.stdout);
    let of = |code: &str| {
        let row = rows
            .iter()
            .find(|row| row["region_code"] == code)
            .expect("listed");
        (
            row["value"],
            row["recast"],
            row["share_moved"],
            row["recast_from"],
        )
    };
    assert_eq!(of("GM7001"), ("1000", "exact", "0", "GM7001; GM7002"));
    assert_eq!(of("GM7004"), ("400", "estimated", "0.25", "GM7003; GM7004"));
}

#[test]
fn who_is_meant_is_a_municipality_of_those_borders() {
    let around = asked("rank townsfolk --period 2019 --borders 2019 --around beekdorp -o tsv");
    assert_eq!(around.code, Some(0), "{}", around.stderr);
    let found = rows(&around.stdout);
    let asked_about = found.iter().find(|row| row["asked"] == "true").expect("a row");
    assert_eq!(
        (asked_about["region_code"], asked_about["recast"]),
        ("GM7002", "")
    );
    let trend = asked("trend townsfolk --region akkerstad --borders 2021 -o tsv");
    let points = rows(&trend.stdout);
    let values: Vec<(&str, &str, &str)> = points
        .iter()
        .map(|row| (row["period"], row["value"], row["recast"]))
        .collect();
    assert_eq!(values, [("2019", "1000", "exact"), ("2021", "1010", "")]);
}

#[test]
fn borders_that_cannot_be_are_refused_with_a_reason() {
    let positions = asked("rank low_theft --borders 2020 --lang nl");
    assert_eq!(positions.code, Some(6), "{}", positions.stderr);
    assert!(
        positions.stderr.contains("niet om te rekenen naar die grenzen"),
        "{}",
        positions.stderr
    );
    let both = asked("rank townsfolk --borders 2020 --universe municipalities_2019");
    assert_eq!(both.code, Some(2), "{}", both.stderr);
    let no_year = asked("rank townsfolk --borders soon");
    assert_eq!(no_year.code, Some(2), "{}", no_year.stderr);
}
