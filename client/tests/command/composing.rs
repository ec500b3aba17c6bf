//! `composite` and `sensitivity`: municipalities by a mean of one's own choice, and how firm their positions are.

use serde_json::Value;

use crate::running::{Ran, endpoint, groeikern, rows, run, tool};

const THEFT_AND_TRAFFIC: &str = "composite --indicator low_theft=2 --block traffic_safety";

fn score_of<'a>(ran: &'a Ran, code: &str) -> &'a str {
    let rows = rows(&ran.stdout);
    let row = rows.iter().find(|row| row["region_code"] == code);
    row.unwrap_or_else(|| panic!("{}", ran.stderr))["score"]
}

#[test]
fn a_typed_tree_is_ranked_with_positions_and_scores() {
    let ran = groeikern(THEFT_AND_TRAFFIC);
    let found = rows(&ran.stdout);
    assert_eq!(found.len(), 7, "the towns of the report: {}", ran.stderr);
    for row in &found {
        assert_eq!(
            (row["n"], row["basis"], row["period"], row["grade"]),
            ("7", "published", "2024", "")
        );
        let score: f64 = row["score"].parse().expect("a number");
        assert!((3.0..=10.0).contains(&score));
    }
    assert_eq!(found[0]["position"], "1");
    let top = groeikern(&format!("{THEFT_AND_TRAFFIC} --top 2"));
    assert_eq!(rows(&top.stdout), found[..2]);
}

#[test]
fn a_name_will_do_for_an_indicator_and_its_weight_may_be_left_out() {
    let by_id = groeikern("composite --indicator low_theft --block traffic_safety");
    let mut command = tool(&endpoint());
    let by_name = run(command.args([
        "composite",
        "--indicator",
        "Little theft=1",
        "--block",
        "traffic_safety",
    ]));
    assert_eq!(by_name.stdout, by_id.stdout, "{}", by_name.stderr);
    assert_ne!(
        score_of(&by_id, "GM0034"),
        score_of(&groeikern(THEFT_AND_TRAFFIC), "GM0034")
    );
}

#[test]
fn a_tree_in_a_file_is_the_same_as_one_that_is_typed() {
    let folder = std::env::temp_dir().join(format!("groeikern-composing-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("tree.toml");
    let tree = "mean = \"harmonic\"\n[[child]]\nindicator = \"low_theft\"\nweight = 2\n[[child]]\nblock = \"traffic_safety\"\n";
    std::fs::write(&file, tree).expect("written");
    let path = file.to_str().expect("UTF-8");
    let of_file = groeikern(&format!("composite --file {path}"));
    let typed = groeikern(&format!("{THEFT_AND_TRAFFIC} --mean harmonic"));
    assert_eq!(of_file.stdout, typed.stdout, "{}", of_file.stderr);
    std::fs::write(&file, "[[child]]\nindicatr = \"low_theft\"\n").expect("written");
    let broken = groeikern(&format!("composite --file {path} --lang en"));
    assert_eq!((broken.code, broken.stdout.as_str()), (Some(2), ""));
    assert!(
        broken.stderr.contains("line 2: `indicatr` is not known"),
        "{}",
        broken.stderr
    );
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn a_table_shows_the_tree_and_what_a_municipality_has_at_every_node() {
    for (lang, title, made_of) in [
        (
            "en",
            "Mean of your own choice: published, 2024, arithmetic mean",
            "What the score is made of",
        ),
        (
            "nl",
            "Eigen samenstelling: gepubliceerd, 2024, rekenkundig gemiddelde",
            "Waaruit de score bestaat",
        ),
    ] {
        let ran = groeikern(&format!(
            "{THEFT_AND_TRAFFIC} --breakdown almere --top 3 -o table --lang {lang}"
        ));
        assert_eq!(ran.stdout.lines().next(), Some(title), "{}", ran.stderr);
        assert!(ran.stdout.contains(made_of), "{}", ran.stdout);
        let whole = if lang == "en" { "whole" } else { "geheel" };
        assert_eq!(
            ran.stdout.matches(whole).count(),
            2,
            "the tree, and Almere: {}",
            ran.stdout
        );
    }
}

#[test]
fn json_is_the_whole_response() {
    let ran = groeikern(&format!("{THEFT_AND_TRAFFIC} --breakdown almere -o json"));
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(json["summary"]["basis"], "BASIS_PUBLISHED");
    assert_eq!(json["nodes"].as_array().map(Vec::len), Some(6));
    assert_eq!(json["breakdowns"][0]["scores"].as_array().map(Vec::len), Some(6));
}

#[test]
fn what_cannot_be_composed_ends_with_the_reason() {
    for (line, code, why) in [
        ("composite", 2, "--indicator"),
        ("composite --indicator low_theft=much", 2, "is no weight"),
        (
            "composite --indicator low_theft=-1",
            2,
            "composite.children[0].weight",
        ),
        ("composite --indicator vet_students_care", 2, "is neutral"),
        (
            "composite --block traffic_safty",
            3,
            "did you mean traffic_safety",
        ),
        ("composite --theme social_cohesion", 6, "two thirds"),
        (
            "composite --indicator low_theft --file x.toml",
            2,
            "cannot be used with",
        ),
        ("composite --file no_such_file.toml", 2, "no_such_file.toml"),
        ("composite --indicator low_theft --around delft", 6, "Delft"),
    ] {
        let ran = groeikern(&format!("{line} --lang en"));
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(code), ""),
            "{line}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(why), "{line}: {}", ran.stderr);
    }
}

const FIRMNESS: &str = "sensitivity --indicator low_theft=2 --block traffic_safety --draws 50";

#[test]
fn the_same_seed_gives_the_same_rows_and_positions_are_those_of_the_composite() {
    let one = groeikern(&format!("{FIRMNESS} --seed 7 --noise 0.9"));
    let again = groeikern(&format!("{FIRMNESS} --seed 7 --noise 0.9"));
    assert_eq!(one.stdout, again.stdout, "{}", one.stderr);
    let ranking = groeikern(THEFT_AND_TRAFFIC);
    let positions = |ran: &Ran| -> Vec<(String, String)> {
        let own = |row: &std::collections::HashMap<&str, &str>| {
            (row["region_code"].to_owned(), row["position"].to_owned())
        };
        rows(&ran.stdout).iter().map(own).collect()
    };
    assert_eq!(positions(&one), positions(&ranking));
    for row in rows(&one.stdout) {
        let number = |name: &str| -> f64 { row[name].parse().expect("a number") };
        assert!(
            number("position_p05") <= number("position_p50")
                && number("position_p50") <= number("position_p95")
        );
        assert!(["true", "false"].contains(&row["fragile"]) && row["status"] == "ok");
    }
    let only = groeikern(&format!("{FIRMNESS} --seed 7 --noise 0.9 --region almere"));
    let all = rows(&one.stdout);
    assert_eq!(
        rows(&only.stdout)[..],
        [all.into_iter()
            .find(|row| row["region_code"] == "GM0034")
            .expect("Almere")]
    );
}

#[test]
fn a_table_says_how_it_was_drawn_and_lists_the_variants() {
    for (lang, drawn, without) in [
        (
            "en",
            "50 draws, in which every weight is up to 25% different (--seed 0).",
            "without Little theft",
        ),
        (
            "nl",
            "50 trekkingen, waarin elk gewicht tot 25% anders is (--seed 0).",
            "zonder Weinig diefstal",
        ),
    ] {
        let ran = groeikern(&format!("{FIRMNESS} -o table --lang {lang}"));
        for text in [drawn, without, "tau-b"] {
            assert!(ran.stdout.contains(text), "{text}: {}{}", ran.stdout, ran.stderr);
        }
    }
    let ran = groeikern(&format!("{FIRMNESS} -o json"));
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(
        (&json["draws"], &json["weightNoise"]),
        (&Value::from(50), &Value::from(0.25))
    );
}

#[test]
fn what_cannot_be_drawn_ends_with_the_reason() {
    for (options, code, why) in [
        ("--noise 1", 2, "weight_noise"),
        ("--noise -0.5", 2, "weight_noise"),
        ("--draws 0", 2, "--draws"),
        ("--region almere --within old_towns", 2, "cannot be used with"),
        ("--region delft", 6, "Delft"),
    ] {
        let ran = groeikern(&format!("sensitivity --indicator low_theft {options} --lang en"));
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(code), ""),
            "{options}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(why), "{options}: {}", ran.stderr);
    }
}
