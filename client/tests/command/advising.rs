//! Advice as people and scripts read it: explained, filtered, and as a memo.

use std::collections::HashMap;

use crate::running::{groeikern, rows};

#[test]
fn an_explanation_is_told_first_and_then_reckoned() {
    let ran = groeikern("explain 8.2.6 helmond -o table --lang nl");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let told = ran.stdout.replace('\n', " ");
    for part in [
        "Uitleg van een aanbeveling voor Helmond (GM0794)",
        "Deze uitleg gaat over Helmond.",
        "Helmond staat op plaats 337 van 337 bij ‘Weinig overig huiselijk geweld’. Dat is zeer ongunstig.",
        "Het is een signaal, geen bewijs van een oorzaak.",
        "Afleiding",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert!(told.find("Deze uitleg") < told.find("Afleiding"));
    let english = groeikern("explain youth_facilities helmond -o table --lang en");
    assert!(
        english.stdout.contains("This explanation is about Helmond."),
        "{}",
        english.stdout
    );
}

#[test]
fn scripts_get_every_number_of_a_derivation_down_to_its_source() {
    let ran = groeikern("explain youth_facilities nissewaard -o tsv");
    let rows = rows(&ran.stdout);
    let of_kind = |kind: &str| rows.iter().filter(|row| row["kind"] == kind).collect::<Vec<_>>();
    let number = |row: &HashMap<&str, &str>, column: &str| row[column].parse::<f64>().expect("a number");
    let (mut sum, mut weight) = (0.0, 0.0);
    for factor in of_kind("factor")
        .into_iter()
        .filter(|row| !row["value"].is_empty())
    {
        sum += number(factor, "value") * number(factor, "weight");
        weight += number(factor, "weight");
    }
    let need = number(of_kind("need")[0], "value");
    assert!((need - sum / weight).abs() < 1e-9);
    let leaves = of_kind("published_position");
    assert_eq!(leaves.len(), of_kind("figure").len());
    assert!(
        leaves
            .iter()
            .all(|leaf| !leaf["source_id"].is_empty() && !leaf["citation"].is_empty())
    );
    let figure = of_kind("figure")[0];
    let without = groeikern(&format!(
        "explain youth_facilities nissewaard -o tsv --without {}",
        figure["id"]
    ));
    let left = self::rows(&without.stdout);
    let left = left.iter().find(|row| row["kind"] == "need").expect("a need");
    assert_eq!(left["value"], figure["need_without"]);
}

#[test]
fn a_memo_holds_its_sources_and_caveats() {
    for command in ["recommend zoetermeer", "explain share_knowledge nta_new_towns"] {
        let ran = groeikern(&format!("{command} -o md --lang en"));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.stdout.starts_with("## "), "{}", ran.stdout);
        assert!(ran.stdout.contains("\n| --- |"), "{}", ran.stdout);
        assert!(
            ran.stdout.contains("signals, not proof of a cause"),
            "{}",
            ran.stdout
        );
        assert!(ran.stdout.contains("Groeikern edition"), "{}", ran.stdout);
        assert_eq!(ran.stderr, "");
    }
}

#[test]
fn filters_show_what_was_asked_for_and_say_what_was_left_out() {
    let ran = groeikern("recommend zoetermeer --addressee government -o table --lang nl");
    assert!(
        ran.stdout.contains("7 aanbevelingen zijn weggelaten"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("Sterke punten"), "{}", ran.stdout);
    let tsv = groeikern("recommend zoetermeer --minimum strong -o tsv");
    let classes: Vec<&str> = rows(&tsv.stdout).iter().map(|row| row["class"]).collect();
    assert!(!classes.is_empty());
    assert!(
        classes
            .iter()
            .all(|class| ["strong", "insufficient_data"].contains(class)),
        "{classes:?}"
    );
    let around = groeikern("recommend zoetermeer --around nieuwegein --around almere -o tsv");
    let first = &rows(&around.stdout)[0];
    assert!(first["surroundings_need"].parse::<f64>().is_ok(), "{first:?}");
}

#[test]
fn a_recommendation_that_is_none_is_answered_with_those_that_are_near() {
    let by_number = groeikern("explain 8.2.9 almere --lang nl");
    assert_eq!(by_number.code, Some(3), "{by_number:?}");
    assert!(by_number.stderr.contains("8.2.7"), "{}", by_number.stderr);
    let by_id = groeikern("explain youth_facility almere --lang en");
    assert_eq!(by_id.code, Some(3), "{by_id:?}");
    assert!(by_id.stderr.contains("youth_facilities"), "{}", by_id.stderr);
}
