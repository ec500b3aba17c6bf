//! Flows, and the region that follows from them, as people and scripts get them.

use std::{net::SocketAddr, sync::LazyLock};

use groeikern_server::edition::shelf::Shelf;
use serde_json::Value;

use crate::{
    imported::{THEFTS, VANDALS, import},
    running::{Ran, groeikern as without_flows, rows, run, serve, tool},
};

/// Of three towns the thefts are known; Almere goes to Amsterdam most.
static SERVER: LazyLock<SocketAddr> = LazyLock::new(|| {
    serve(async {
        let shelf = Shelf::in_memory();
        import(
            &shelf,
            "thefts_2023",
            THEFTS,
            "code,thefts\nGM0034,4.5\nGM0363,9.5\nGM0995,3\nGM1980,2\n",
        )
        .await;
        import(
            &shelf,
            "commuting_2022",
            COMMUTING,
            "from,to,how,people\nGM0034,GM0363,car,50.5\nGM0034,GM0363,train,9.5\nGM0034,GM0995,car,30\n\
             GM0034,GM0995,train,1\nGM0363,GM0034,car,10\nGM0363,GM0034,train,0\nGM0034,GM0034,car,40\n",
        )
        .await;
        import(
            &shelf,
            "vandals_2020",
            &VANDALS.replace("2023", "2020"),
            "code,vandals\nGM0370,9\nGM0439,8\nGM0034,7\n",
        )
        .await;
        let (on_later_borders, _) = VANDALS.split_once("proxy_for").expect("a recipe");
        let on_later_borders = on_later_borders
            .replace("vandals_2023", "graffiti_2020")
            .replace("period = \"2023\"", "period = \"2020\"\nborders = \"2024\"")
            .replace("reported_vandalism", "reported_graffiti")
            .replace("Gemelde vernielingen", "Gemelde graffiti")
            .replace("Reported vandalism", "Reported graffiti");
        import(
            &shelf,
            "graffiti_2020",
            &on_later_borders,
            "code,vandals\nGM0439,8\nGM0034,7\n",
        )
        .await;
        let moved = COMMUTING
            .replace("commuting", "migration")
            .replace("2022", "2020");
        import(
            &shelf,
            "migration_2020",
            &moved,
            "from,to,how,people\nGM0398,GM0363,car,7\nGM0363,GM0398,car,2\n",
        )
        .await;
        shelf
    })
});

const COMMUTING: &str = r#"
id = "commuting_2022"
holds = "flows"
title_nl = "Pendel 2022"
title_en = "Commuting 2022"
publisher = "Bureau A"
licence = "CC BY 4.0"
attribution_nl = "Bron: Bureau A, pendel."
attribution_en = "Source: Bureau A, commuting."
retrieved = "2026-11-24"
source_version = "1"
period = "2022"

[table]

[flows]
kind = "commuting"
origin_column = "from"
destination_column = "to"
persons_column = "people"
breakdown_column = "how"
breakdown = "mode"
breakdown_nl = "vervoer"
breakdown_en = "transport"

[[flows.category]]
id = "car"
cell = "car"
name_nl = "auto"
name_en = "car"

[[flows.category]]
id = "train"
cell = "train"
name_nl = "trein"
name_en = "train"
"#;

fn groeikern(line: &str) -> Ran {
    let words: Vec<&str> = line.split(' ').collect();
    run(tool(&format!("http://{}", *SERVER)).args(words))
}

fn answered(line: &str) -> Ran {
    let ran = groeikern(line);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    ran
}

#[test]
fn flows_lists_what_there_is_and_then_tells_who_comes_and_goes() {
    let tables = answered("flows -o table --lang en");
    for said in ["commuting", "2022", "mode", "transport: car, train"] {
        assert!(tables.stdout.contains(said), "{said}: {tables:?}");
    }
    let almere = answered("flows almere -o tsv");
    let found = rows(&almere.stdout);
    assert_eq!(found.len(), 2);
    assert_eq!(
        ["region_code", "incoming", "outgoing", "net"].map(|column| found[0][column]),
        ["GM0363", "10", "60", "-50"]
    );
    assert_eq!(
        (found[1]["incoming"], found[1]["outgoing"]),
        ("", "31"),
        "not listed is not zero"
    );
    let shown = answered("flows almere -o table --lang nl");
    assert!(
        shown.stdout.contains("In en uit Almere (GM0034): pendel, 2022"),
        "{shown:?}"
    );
    assert!(
        shown.stderr.contains("Grenzen kunnen sindsdien zijn veranderd"),
        "{shown:?}"
    );
    let parts = answered("flows almere --breakdown mode -o tsv");
    let found = rows(&parts.stdout);
    assert_eq!(
        found
            .iter()
            .map(|row| (row["category_id"], row["net"]))
            .collect::<Vec<_>>(),
        [("car", "-70.5"), ("train", "-10.5")]
    );
    let json = answered("flows almere --partners 1 -o json");
    let json: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(json["balance"]["within"], 40.0);
    assert_eq!(json["partners"].as_array().map(Vec::len), Some(1));
}

#[test]
fn surroundings_tells_the_gross_and_the_net_region() {
    let shown = answered("surroundings almere -o table --lang en");
    for said in [
        "Relevant region of Almere (GM0034): commuting, 2022",
        "Gross 2 municipalities; net 1, without Amsterdam.",
        "The report gives no rule; this one is ours.",
    ] {
        assert!(
            shown.stdout.contains(said) || shown.stderr.contains(said),
            "{said}: {shown:?}"
        );
    }
    let narrow = answered("surroundings almere --share 0.6 -o tsv");
    let found = rows(&narrow.stdout);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0]["region"], found[0]["is_dominant"]),
        ("Amsterdam", "true")
    );
}

#[test]
fn profile_compare_and_recommend_take_the_region() {
    let profile = answered("profile almere --surroundings net -o table --lang en");
    assert!(
        profile
            .stdout
            .contains("against the mean of net relevant region of Almere"),
        "{profile:?}"
    );
    let compared = answered("compare --gross almere --net almere --indicator low_theft -o tsv --lang en");
    let found = rows(&compared.stdout);
    let means: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|row| (row["group"], row["mean"], row["contributed"]))
        .collect();
    assert_eq!(
        means,
        [
            ("gross relevant region of Almere", "6.25", "2"),
            ("net relevant region of Almere", "3", "1")
        ]
    );
    let advised = answered("recommend almere --surroundings gross -o json");
    let json: Value = serde_json::from_str(&advised.stdout).expect("JSON");
    assert_eq!(json["relevantRegion"]["dominant"]["name"], "Amsterdam");
    let both = groeikern("recommend almere --surroundings gross --around lelystad");
    assert_eq!(both.code, Some(2), "{both:?}");
}

#[test]
fn an_edition_without_flows_says_so_and_ends_as_without_data() {
    let listed = without_flows("flows -o table --lang en");
    assert_eq!(listed.code, Some(0), "{listed:?}");
    assert!(
        listed.stdout.contains("This edition holds no flows."),
        "{listed:?}"
    );
    let asked = without_flows("surroundings almere");
    assert_eq!(asked.code, Some(6), "{asked:?}");
    let unknown = groeikern("flows almere --breakdown age");
    assert_eq!(unknown.code, Some(3), "{unknown:?}");
}

#[test]
fn a_former_municipality_that_the_latest_flows_list_answers_for_itself() {
    for (line, title) in [
        ("flows heerhugowaard", "In and out of Heerhugowaard (GM0398)"),
        (
            "surroundings heerhugowaard",
            "Relevant region of Heerhugowaard (GM0398)",
        ),
    ] {
        let shown = answered(&format!("{line} --kind migration -o table --lang en"));
        assert!(shown.stdout.contains(title), "{line}: {shown:?}");
        assert!(shown.stdout.contains("migration, 2020"), "{line}: {shown:?}");
    }
    let compared =
        answered("compare --gross GM0398 --flows migration --indicator low_theft -o tsv --lang en");
    assert_eq!(
        rows(&compared.stdout)[0]["group"],
        "gross relevant region of Heerhugowaard"
    );
}

#[test]
fn the_region_of_flows_before_a_merger_is_around_what_was_typed() {
    let advised = answered("recommend heerhugowaard --surroundings gross --flows migration -o json");
    let json: Value = serde_json::from_str(&advised.stdout).expect("JSON");
    assert_eq!(json["region"]["code"], "GM1980", "{json}");
    assert_eq!(
        json["relevantRegion"]["relevantRegion"]["region"]["code"], "GM0398",
        "{}",
        json["relevantRegion"]
    );
}

#[test]
fn what_says_from_which_flows_is_refused_where_no_region_is_asked_for() {
    for line in [
        "profile almere --share 0.5",
        "recommend almere --flows migration",
        "compare nta_new_towns --flows-period 2020",
    ] {
        let ran = groeikern(line);
        assert_eq!(ran.code, Some(2), "{line}: {ran:?}");
        assert!(
            ran.stderr.contains("--surroundings") || ran.stderr.contains("--gross"),
            "{line}: {ran:?}"
        );
    }
    answered("compare --gross almere --net almere --share 0.5 --indicator low_theft");
}

#[test]
fn a_region_around_more_than_one_municipality_is_wrong_usage() {
    for line in [
        "recommend nta_new_towns --surroundings net --lang en",
        "recommend --region almere --region lelystad --surroundings net --lang en",
    ] {
        let ran = groeikern(line);
        assert_eq!(ran.code, Some(2), "{line}: {ran:?}");
        assert!(
            ran.stderr
                .contains("--surroundings is the region of one municipality"),
            "{line}: {ran:?}"
        );
    }
}

#[test]
fn the_same_region_typed_twice_is_one() {
    let compared = answered("compare --gross almere --gross GM0034 --indicator low_theft -o tsv");
    assert_eq!(rows(&compared.stdout).len(), 1, "{compared:?}");
}

#[test]
fn a_ranking_from_before_a_merger_shows_who_was_typed() {
    let ran = answered("rank reported_vandalism --around beemster --neighbours 0 -o tsv");
    let found = rows(&ran.stdout);
    assert_eq!(found[0]["region_code"], "GM0370", "{ran:?}");
}

#[test]
fn figures_on_later_borders_are_of_the_successor_whatever_their_period() {
    for line in [
        "rank reported_graffiti --around beemster --neighbours 0 -o tsv",
        "trend reported_graffiti --region beemster -o tsv",
    ] {
        let ran = answered(line);
        assert_eq!(rows(&ran.stdout)[0]["region_code"], "GM0439", "{line}: {ran:?}");
    }
}
