//! `universes`, and questions asked among the units of one.

use crate::{
    running::{groeikern, rows},
    values::with_values,
};

#[test]
fn universes_are_listed_and_the_units_of_one() {
    let ran = with_values("universes --lang en");
    let listed: Vec<(&str, &str, &str)> = rows(&ran.stdout)
        .iter()
        .map(|row| (row["universe_id"], row["year"], row["units"]))
        .collect();
    assert_eq!(
        listed,
        [
            ("municipalities_337", "", "337"),
            ("three_towns", "2024", "2"),
            ("municipalities_2024", "2024", "33"),
            ("municipalities_2020", "2020", "34"),
        ]
    );
    let ran = with_values("universes three_towns --lang en");
    let units: Vec<(&str, &str, &str)> = rows(&ran.stdout)
        .iter()
        .map(|row| (row["unit_id"], row["unit"], row["member_codes"]))
        .collect();
    assert_eq!(
        units,
        [
            ("GM0034", "Almere", ""),
            ("purmerend_zoetermeer", "Purmerend + Zoetermeer", "GM0439; GM0637"),
        ]
    );
    let ran = groeikern("universes municipalities_337 -o table --lang en");
    assert!(
        ran.stdout
            .contains("There are 337 units; which they are is not known."),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_ranking_among_units_says_so_and_finds_a_municipality_by_its_unit() {
    let ran = with_values("rank low_theft --universe three_towns --around zoetermeer -o table --lang en");
    assert!(
        ran.stdout.contains("– among the units of three_towns"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.lines().any(|line| line.starts_with('>')
            && line.contains("Purmerend + Zoetermeer")
            && line.contains("1 / 2")),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("Some municipalities count together as one."),
        "{}",
        ran.stderr
    );
}

#[test]
fn who_is_not_in_the_universe_has_no_answer_and_an_unknown_universe_is_an_unknown_name() {
    let ran = with_values("rank low_theft --universe three_towns --around helmond --lang en");
    assert_eq!(ran.code, Some(6), "{}", ran.stderr);
    assert!(ran.stderr.contains("not in the universe"), "{}", ran.stderr);
    let ran = with_values("profile helmond --universe three_towns");
    assert_eq!(ran.code, Some(6), "{}", ran.stderr);
    let ran = with_values("rank low_theft --universe three_town --lang en");
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("three_towns"), "{}", ran.stderr);
}
