//! `method`: the list of its sections, and one of them to read.

use serde_json::Value;

use crate::running::{groeikern, rows};

#[test]
fn every_section_is_listed_under_its_chapter() {
    let ran = groeikern("method -o table --lang en");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let place = |wanted: &str| {
        lines
            .iter()
            .position(|line| line.starts_with(wanted))
            .expect(wanted)
    };
    assert!(place("POSITIONS") < place("place_share"), "{}", ran.stdout);
    assert!(place("place_share") < place("GROUPS"), "{}", ran.stdout);
    let listed = groeikern("method");
    let ids: Vec<&str> = rows(&listed.stdout).iter().map(|row| row["section_id"]).collect();
    assert!(ids.len() >= 35 && ids.contains(&"place_share"), "{ids:?}");
}

#[test]
fn a_section_is_read_with_formula_symbols_example_and_limits_in_the_language_asked() {
    for (language, words) in [
        (
            "nl",
            [
                "Plaatsaandeel (place_share)",
                "p = (min(pos; n) + (k - 1) / 2 - 0,5) / n",
                "(1 + (1 - 1) / 2 - 0,5) / 40 = 0,5 / 40 = 0,0125",
                "WAT HET NIET IS",
                "ONZE KEUZE",
            ],
        ),
        (
            "en",
            [
                "Place share (place_share)",
                "p = (min(pos, n) + (k - 1) / 2 - 0.5) / n",
                "(1 + (1 - 1) / 2 - 0.5) / 40 = 0.5 / 40 = 0.0125",
                "WHAT IT IS NOT",
                "OUR CHOICE",
            ],
        ),
    ] {
        let ran = groeikern(&format!("method place_share -o table --lang {language}"));
        for word in words {
            assert!(ran.stdout.contains(word), "{word}:\n{}", ran.stdout);
        }
    }
}

#[test]
fn thresholds_stand_with_their_section_and_papers_are_cited() {
    let ran = groeikern("method slope_interval -o table --lang en");
    assert!(ran.stdout.contains("P. K. Sen (1968)."), "{}", ran.stdout);
    let ran = groeikern("method need -o table --lang nl");
    let weight = ran
        .stdout
        .lines()
        .find(|line| line.contains("als signaal noemt") && line.contains("de editie"));
    assert!(weight.is_some_and(|line| line.contains("0,5")), "{}", ran.stdout);
}

#[test]
fn a_title_will_do_and_the_answer_is_that_section_alone() {
    for typed in ["place_share", "Place share", "plaatsaandeel"] {
        let ran = groeikern(&format!("method {typed} -o json"));
        let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let ids: Vec<&Value> = json["sections"]
            .as_array()
            .expect("sections")
            .iter()
            .map(|s| &s["id"])
            .collect();
        assert_eq!(ids, ["place_share"], "{typed}");
    }
}

#[test]
fn an_unknown_section_ends_with_3_and_what_is_near() {
    let ran = groeikern("method place_shrae --lang nl");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(3), ""));
    assert!(
        ran.stderr.contains("onbekende paragraaf") && ran.stderr.contains("place_share"),
        "{}",
        ran.stderr
    );
}
