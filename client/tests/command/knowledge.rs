//! Factors, mechanisms, findings, cited works and coherence, as people and scripts read them.

use serde_json::Value;

use crate::running::{groeikern, rows};

fn json(line: &str) -> Value {
    let ran = groeikern(&format!("{line} -o json"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("JSON")
}

#[test]
fn a_path_reads_from_cause_to_effect_with_what_each_step_rests_on() {
    let ran = groeikern("mechanisms --from weak_image --to low_liveability --longest 2 -o table --lang en");
    assert_eq!(
        ran.stdout,
        "From \"Weak image and identity\" to \"Low liveability\"

effect                                                           section  rests on    certainty
────────────────────────────────────────────────────────────────────────────────────────────────
1. Weak image and identity → Selective migration: those who rise leave, lower incomes arrive → Low
liveability (weakest step: stated)
Selective migration: those who rise leave, lower incomes arrive  2.3      interviews  stated
Low liveability                                                  3.3      literature  stated

1 found, of at most 2 steps.
"
    );
    assert!(
        ran.stderr
            .contains("A path joins mechanisms that the report states one by one."),
        "{}",
        ran.stderr
    );
    let ran = groeikern("mechanisms --from weak_image --to low_liveability --longest 2 -o md --lang nl");
    assert!(
        ran.stdout.contains("**1. Zwak imago en zwakke identiteit → Selectieve migratie: stijgers vertrekken, lagere inkomens komen"),
        "{}",
        ran.stdout
    );
}

#[test]
fn vicious_circles_are_called_that_and_each_step_is_a_row_for_scripts() {
    let ran = groeikern("mechanisms --circles --longest 4 -o table --lang nl");
    assert!(ran.stdout.starts_with("Vicieuze cirkels\n"), "{}", ran.stdout);
    let unfolded = ran.stdout.replace('\n', " ");
    assert!(
        unfolded.contains("(vicieuze cirkel; zwakste stap: vermeld)"),
        "{unfolded}"
    );
    let ran = groeikern("mechanisms --circles --longest 4");
    let rows = rows(&ran.stdout);
    let steps: Vec<(&str, &str, &str, &str)> = rows
        .iter()
        .map(|row| (row["path"], row["step"], row["cause_id"], row["circle"]))
        .collect();
    assert_eq!(
        steps,
        [
            ("1", "1", "fragile_social_cohesion", "true"),
            ("1", "2", "high_turnover", "true"),
            ("2", "1", "low_property_values", "true"),
            ("2", "2", "mediocre_new_building", "true"),
            ("2", "3", "low_residential_attractiveness", "true"),
            ("2", "4", "weak_image", "true"),
        ]
    );
    assert!(rows[2..].iter().all(|row| row["weakest_certainty"] == "risk"));
    let through = groeikern("mechanisms --circles --from weak_image --longest 4 -o table --lang en");
    assert!(
        through
            .stdout
            .starts_with("Vicious circles through \"Weak image and identity\"\n"),
        "{}",
        through.stdout
    );
}

#[test]
fn mechanisms_are_chosen_by_factor_named_as_people_do() {
    for typed in [
        "selective_migration",
        "selectieve migratie",
        "Selective migration",
    ] {
        let ran = groeikern(&format!("mechanisms --factor {typed} --side cause --lang en"));
        assert_eq!(ran.code, Some(0), "{typed}: {}", ran.stderr);
        let rows = rows(&ran.stdout);
        let effects: Vec<&str> = rows.iter().map(|row| row["effect_id"]).collect();
        assert_eq!(
            effects,
            ["growing_diversity", "low_liveability", "poverty_and_debt"],
            "{typed}"
        );
        assert!(rows.iter().all(|row| row["path"].is_empty()));
        let cited: Vec<&str> = rows.iter().map(|row| row["citation_ids"]).collect();
        assert_eq!(cited, ["", "", "dam_manting_2015; pbl_2023; hin_hollander_2023"]);
    }
    let ran = groeikern("mechanisms --certainty presumed,risk");
    assert_eq!(rows(&ran.stdout).len(), 5);
    let ran = groeikern("mechanisms --basis quantitative --section 7 --lang en -o table");
    assert!(ran.stdout.contains("figures, interviews"), "{}", ran.stdout);
}

#[test]
fn an_unknown_factor_ends_with_3_and_what_is_near_and_wrong_combinations_with_2() {
    let ran = groeikern("mechanisms --from weak_imago --lang nl");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(3), ""));
    assert!(
        ran.stderr.contains("geen factor heet \"weak_imago\"") && ran.stderr.contains("weak_image"),
        "{}",
        ran.stderr
    );
    for wrong in [
        "mechanisms --factor weak_image --to low_safety",
        "mechanisms --side cause",
        "mechanisms --from weak_image --longest 9",
        "mechanisms --section 5.2 --circles",
        "findings --groups",
        "factors weak_image --theme social_cohesion",
        "coherence nissewaard --longest 7",
        "coherence",
    ] {
        assert_eq!(groeikern(wrong).code, Some(2), "{wrong}");
    }
    assert_eq!(groeikern("bibliography --finding no_such_finding").code, Some(3));
}

#[test]
fn factors_are_listed_under_their_theme_and_one_is_told_with_its_surroundings() {
    let ran = groeikern("factors --lang en");
    let listed = rows(&ran.stdout);
    assert_eq!(listed.len(), 40);
    let causes: u32 = listed
        .iter()
        .map(|row| row["causes"].parse::<u32>().expect("a number"))
        .sum();
    assert_eq!(causes, 64);
    let ran = groeikern("factors --theme social_cohesion -o table --lang en");
    assert!(ran.stdout.contains("SOCIAL COHESION") && !ran.stdout.contains("weak_image"));
    let ran = groeikern("factors self_reliance_policy_mismatch -o table --lang en");
    for said in [
        "National policy presumes a strong social base (self_reliance_policy_mismatch)",
        "What it leads to, nearest first",
        "Integrated Care Agreement (IZA)",
        "4.3; literature; stated; Rijksoverheid",
    ] {
        assert!(ran.stdout.contains(said), "{said}:\n{}", ran.stdout);
    }
    let reached = groeikern("factors selective_migration --lang en");
    let rows = rows(&reached.stdout);
    let near: Vec<&str> = rows
        .iter()
        .filter(|row| row["direction"] == "cause" && row["steps"] == "1")
        .map(|row| row["other_factor_id"])
        .collect();
    assert_eq!(
        near,
        [
            "big_city_displacement",
            "competing_environments",
            "low_residential_attractiveness",
            "weak_image"
        ]
    );
}

#[test]
fn findings_name_whom_they_are_about_and_what_they_cite() {
    let ran = groeikern("findings --region almere --lang en");
    let listed = rows(&ran.stdout);
    let found: Vec<(&str, &str, &str)> = listed
        .iter()
        .map(|row| (row["finding_id"], row["about"], row["citation_ids"]))
        .collect();
    assert_eq!(
        found,
        [
            ("teacher_shortage_almere", "Almere", "flevowijs_2024"),
            (
                "single_parent_households",
                "Capelle aan den IJssel; Almere; Zoetermeer",
                ""
            ),
            ("work_in_own_municipality_almere", "Almere", ""),
        ]
    );
    let ran = groeikern("findings --region almere --groups --lang nl");
    let with_groups = rows(&ran.stdout);
    assert!(with_groups.iter().any(|row| row["group_id"] == "nta_new_towns"));
    assert!(
        ran.stderr.contains("hoeft niet voor elk lid te gelden"),
        "{}",
        ran.stderr
    );
    let none = groeikern("findings --region dordrecht --groups -o table --lang en");
    assert_eq!(
        (none.code, none.stdout.trim()),
        (Some(0), "Nothing found."),
        "{}",
        none.stderr
    );
}

#[test]
fn a_work_stands_with_what_it_is_cited_for() {
    let ran = groeikern("bibliography --section 5.2 -o table --lang en");
    assert!(
        ran.stdout.contains("Preventie met gezag: Een strategie"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("  poverty_and_debt → subversive_crime\n"),
        "{}",
        ran.stdout
    );
    let listed = groeikern("bibliography");
    assert_eq!(rows(&listed.stdout).len(), 39);
    let works = json("bibliography --finding woonerf_share");
    assert_eq!(works["works"][0]["citation"]["author"], "Wassenberg & Lupi");
    assert_eq!(works["works"].as_array().map(Vec::len), Some(1));
}

#[test]
fn coherence_pairs_unfavourable_themes_and_names_what_connects_them() {
    let ran = groeikern("coherence nissewaard -o table --lang nl");
    for said in [
        "Samenhang van de problemen van Nissewaard (GM1930)",
        "Leefbaarheid en veiligheid – Bestaanszekerheid                            12",
        "deze editie heeft daarvoor te\nweinig waarden.",
        "Factoren op de paden tussen deze thema's",
        "Aanbevelingen die op dezelfde cijfers rusten",
        "8.2.4 Maak ruimte voor",
    ] {
        assert!(ran.stdout.contains(said), "{said}:\n{}", ran.stdout);
    }
    let listed = groeikern("coherence GM1930");
    let pairs: Vec<(&str, &str, &str, &str)> = rows(&listed.stdout)
        .iter()
        .map(|row| {
            (
                row["subject_id"],
                row["first_theme_id"],
                row["paths"],
                row["both_unfavourable"],
            )
        })
        .collect();
    assert_eq!(
        pairs,
        [
            ("GM1930", "liveability_safety", "5", ""),
            ("GM1930", "liveability_safety", "12", ""),
            ("GM1930", "youth_opportunities", "28", ""),
        ]
    );
    let of_group = json("coherence nta_new_towns --longest 1");
    assert_eq!(of_group["group"]["id"], "nta_new_towns");
    assert_eq!(of_group["longest"], 1);
    let two = groeikern("coherence --region almere --region lelystad");
    assert_eq!(two.code, Some(6), "no values, so no mean: {}", two.stderr);
}

#[test]
fn the_phases_of_the_history_are_told_and_the_last_goes_on() {
    let ran = groeikern("phases --lang en");
    let told: Vec<(&str, &str, &str)> = rows(&ran.stdout)
        .iter()
        .map(|row| (row["phase_id"], row["from_year"], row["to_year"]))
        .collect();
    assert_eq!(
        told,
        [
            ("hopeful_start", "1960", "1979"),
            ("growth_in_crisis", "1979", "1990"),
            ("city_renaissance", "1990", ""),
        ]
    );
}
