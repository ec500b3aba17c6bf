//! What the tool answers on the report's figures.

use crate::running::{groeikern, rows};

#[test]
fn helmond_is_last_for_other_domestic_violence() {
    let ran = groeikern("profile Helmond -o table --lang en");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let line = ran
        .stdout
        .lines()
        .find(|line| line.contains("domestic violence"))
        .expect("a row");
    assert!(
        line.contains("337 / 337") && line.contains("very unfavourable"),
        "{line}"
    );
}

#[test]
fn the_ranking_of_theft_lists_seven_towns_and_says_what_is_known() {
    let ran = groeikern("rank low_theft -o table --lang nl");
    assert!(
        ran.stdout.contains("7 van 337 gemeenten bekend"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("n = 337 gemeenten"), "{}", ran.stderr);
    let tsv = groeikern("rank low_theft -o tsv");
    let rows = rows(&tsv.stdout);
    assert_eq!(rows.len(), 7);
    assert_eq!(
        (rows[0]["region_code"], rows[0]["position"], rows[0]["n"]),
        ("GM0439", "154", "337")
    );
}

#[test]
fn the_built_environment_of_the_mean_new_town_is_at_311() {
    let ran = groeikern("compare nta_new_towns");
    let rows = rows(&ran.stdout);
    let built = rows
        .iter()
        .find(|row| row["indicator_id"] == "built_environment")
        .expect("a row");
    assert_eq!((built["position"], built["n"]), ("311", "337"));
}

#[test]
fn nissewaard_gets_eleven_recommendations_and_capelle_labour_balance_first() {
    let ran = groeikern("recommend Nissewaard");
    let advice = rows(&ran.stdout);
    assert_eq!(advice.len(), 11);
    assert_eq!(
        (advice[0]["recommendation_id"], advice[0]["class"]),
        ("youth_facilities", "strong")
    );
    let ran = groeikern("recommend capelle ad ijssel");
    assert_eq!(
        rows(&ran.stdout)[0]["recommendation_id"],
        "balance_labour_supply_demand"
    );
    let ran = groeikern("recommend Nissewaard -o table --lang en");
    assert!(ran.stdout.contains("316 / 337"), "evidence: {}", ran.stdout);
}

#[test]
fn advice_for_a_group_is_asked_by_its_id() {
    let ran = groeikern("recommend nta_new_towns");
    assert_eq!(rows(&ran.stdout).len(), 11);
}

#[test]
fn names_are_read_as_people_type_them() {
    for (typed, code) in [
        ("capelle ad ijssel", "GM0502"),
        ("0502", "GM0502"),
        ("ZOETERMEER", "GM0637"),
        ("zoetemeer", "GM0637"),
        ("Spijkenisse", "GM1930"),
    ] {
        let ran = groeikern(&format!("profile {typed} -o json"));
        assert_eq!(ran.code, Some(0), "{typed}: {}", ran.stderr);
        assert!(ran.stdout.contains(&format!("\"code\": \"{code}\"")), "{typed}");
    }
    let ran = groeikern("profile zoetemeer -o table --lang en");
    assert!(
        ran.stderr.contains("read as Zoetermeer (GM0637)"),
        "{}",
        ran.stderr
    );
    let ran = groeikern("profile Spijkenisse -o table --lang en");
    assert!(
        ran.stderr.contains("Spijkenisse (GM0612) no longer exists"),
        "{}",
        ran.stderr
    );
}

#[test]
fn the_catalogue_can_be_listed() {
    let indicators = groeikern("indicators");
    assert!(
        rows(&indicators.stdout)
            .iter()
            .any(|row| row["indicator_id"] == "low_theft")
    );
    let regions = groeikern("regions --group nta_new_towns");
    assert_eq!(rows(&regions.stdout).len(), 7);
    let groups = groeikern("groups");
    assert!(
        rows(&groups.stdout)
            .iter()
            .any(|row| row["group_id"] == "old_towns")
    );
    let editions = groeikern("editions");
    let editions = rows(&editions.stdout);
    assert_eq!((editions.len(), editions[0]["edition"]), (1, "new-towns-2024"));
}

#[test]
fn a_former_municipality_is_shown_as_what_became_of_it_with_the_way_there() {
    let ran = groeikern("region GM0370 -o table --lang en");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for expected in [
        "Purmerend (GM0439)",
        "2022-01-01: Beemster (GM0370) \u{2192} Purmerend (GM0439)",
        "boundary change",
    ] {
        assert!(ran.stdout.contains(expected), "{expected}: {}", ran.stdout);
    }
    assert!(
        ran.stderr.contains("Beemster (GM0370) no longer exists"),
        "{}",
        ran.stderr
    );
    let ran = groeikern("region spijkenisse -o tsv");
    let events = rows(&ran.stdout);
    let told: Vec<_> = events
        .iter()
        .map(|row| (row["date"], row["event"], row["direction"], row["other_code"]))
        .collect();
    assert_eq!(told, [("2015-01-01", "founded", "received", "GM0612")]);
    let ran = groeikern("region almere --at 2015");
    assert_eq!(
        ran.code,
        Some(6),
        "the report does not know when municipalities existed: {ran:?}"
    );
}
