//! `similar` and `simulate`: who is alike, what other values would make of a place, and which values it would take.

use serde_json::Value;

use crate::{
    running::{groeikern, rows},
    values::with_values,
};

#[test]
fn the_nearest_are_listed_in_order_and_as_many_as_asked() {
    let ran =
        with_values("similar capelle ad ijssel --indicator low_theft=2 --indicator low_vandalism --limit 3");
    let near = rows(&ran.stdout);
    assert_eq!(near.len(), 3, "{}", ran.stderr);
    assert!(near.iter().all(|row| row["asked_region_code"] == "GM0502"));
    let distances: Vec<f64> = near
        .iter()
        .map(|row| row["distance"].parse().expect("a number"))
        .collect();
    assert!(distances.is_sorted() && distances[0] > 0.0);
    assert!(near[0]["shares"].starts_with("low_theft=") && near[0]["shares"].contains("; low_vandalism="));
    let within = with_values("similar almere --indicator low_vandalism --within nta_new_towns");
    let within = rows(&within.stdout);
    assert_eq!(within.len(), 6, "all members but itself");
    let all = with_values("similar almere --indicator low_vandalism --limit 100");
    let all = rows(&all.stdout);
    for row in &within {
        assert!(all.contains(row), "the position among all: {row:?}");
    }
}

#[test]
fn a_theme_and_what_was_left_out_are_named() {
    let ran = with_values("similar almere --theme liveability_safety -o table --lang en");
    assert_eq!(
        ran.stdout.lines().next(),
        Some("Most like Almere (GM0034)"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stdout.contains("Compared by 2 indicators with "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("Left out, published positions only: "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("It is no comparison group of a study."),
        "{}",
        ran.stderr
    );
    let dutch = with_values("similar almere --theme liveability_safety -o table --lang nl");
    assert!(
        dutch
            .stdout
            .contains("Niet gebruikt, alleen gepubliceerde posities: "),
        "{}",
        dutch.stdout
    );
    let json = with_values("similar almere --theme liveability_safety -o json");
    let json: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(json["indicators"].as_array().map(Vec::len), Some(2));
}

#[test]
fn another_value_is_set_under_the_present_one() {
    let ran = with_values("simulate zoetermeer --set low_theft=50 --group nta_new_towns");
    let found = rows(&ran.stdout);
    let when: Vec<(&str, &str)> = found.iter().map(|row| (row["when"], row["group_id"])).collect();
    assert_eq!(
        when,
        [
            ("now", ""),
            ("then", ""),
            ("now", "nta_new_towns"),
            ("then", "nta_new_towns")
        ],
        "{}",
        ran.stderr
    );
    assert_eq!(
        (found[0]["value"], found[1]["value"], found[0]["position"]),
        ("2.5", "50", "1")
    );
    let position = |row: usize| found[row]["position"].parse::<u32>().expect("a position");
    assert!(position(1) > position(0) && position(3) >= position(2));
    let table = with_values("simulate zoetermeer --set low_theft=50 -o table --lang en");
    assert!(
        table.stdout.contains("now better (")
            && table.stdout.contains("mean of all grades: 6.50 becomes 6.4")
    );
}

#[test]
fn the_value_that_an_outcome_takes_reaches_it_when_it_is_set() {
    let ran = with_values("simulate almere --want low_theft:position=5 --want low_theft:mean=nta_new_towns");
    let wanted = rows(&ran.stdout);
    assert_eq!(wanted.len(), 2, "{}", ran.stderr);
    assert_eq!(
        (wanted[0]["target"], wanted[0]["from"], wanted[1]["target"]),
        ("position", "", "mean")
    );
    let set = with_values(&format!("simulate almere --set low_theft={}", wanted[0]["to"]));
    assert_eq!(rows(&set.stdout)[1]["position"], wanted[0]["reached_position"]);
    assert_eq!(wanted[1]["from"], wanted[1]["to"]);
    let beyond = with_values("simulate almere --want low_theft:position=900 -o table --lang en");
    assert!(beyond.stdout.contains("no such position"), "{}", beyond.stdout);
    let place = with_values("simulate almere --want low_theft:mean-position=nta_new_towns/1");
    assert_eq!(rows(&place.stdout)[0]["unreachable"], "beyond_one_member");
}

#[test]
fn a_composite_is_shown_before_and_after() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = |name: &str, weight: f64| {
        let path = folder.join(name);
        let tree = format!(
            "[[child]]\nindicator = \"low_theft\"\nweight = {weight}\n[[child]]\nindicator = \"low_vandalism\"\n"
        );
        std::fs::write(&path, tree).expect("written");
        path.display().to_string()
    };
    let (old, new) = (file("supposed_old.toml", 1.0), file("supposed_new.toml", 9.0));
    let ran = with_values(&format!("simulate almere --set low_theft=900 --composite {old}"));
    let found = rows(&ran.stdout);
    assert_eq!(found.len(), 4, "{}{}", ran.stdout, ran.stderr);
    let score = |row: usize| found[row]["value"].parse::<f64>().expect("a score");
    assert!(found[2]["indicator_id"].is_empty() && score(3) < score(2));
    let ran = with_values(&format!(
        "simulate almere --composite {old} --new-composite {new} -o table --lang en"
    ));
    assert!(
        ran.stdout.contains("Composite: computed, 2024"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    let alone = with_values(&format!("simulate almere --new-composite {new}"));
    assert_eq!(alone.code, Some(2), "what was it before?");
}

#[test]
fn an_edition_of_positions_ends_with_6_and_wrong_usage_with_2() {
    for line in [
        "similar almere",
        "simulate almere --set low_theft=3",
        "simulate almere --want low_theft:grade=7",
    ] {
        let ran = groeikern(line);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(6), ""),
            "{line}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains("groeikern-server import"), "{}", ran.stderr);
    }
    for line in [
        "similar",
        "similar almere --limit 0",
        "similar almere --limit 101",
        "similar almere --indicator low_theft=-1",
        "simulate almere",
        "simulate --set low_theft=3",
        "simulate almere --set low_theft",
        "simulate almere --set low_theft=3,1",
        "simulate almere --want low_theft:grade=11",
        "simulate almere --want low_theft:rank=3",
    ] {
        assert_eq!(with_values(line).code, Some(2), "{line}");
    }
    for line in [
        "similar nowhereville",
        "similar almere --indicator nonsense=2",
        "simulate almere --want low_theft:mean=nobody",
    ] {
        assert_eq!(with_values(line).code, Some(3), "{line}");
    }
}
