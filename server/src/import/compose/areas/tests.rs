//! Districts and neighbourhoods go into an edition as they were read, and nothing of municipalities changes by them.

use std::sync::Arc;

use super::super::{
    super::Recipe,
    UnitSet, compose,
    tests::{edition, recipe, set, snapshot},
};
use crate::{
    domain::AreaFigure,
    edition::{self, source::SourceFolder},
    snapshot::Weighting,
};

/// The recipe of the survey, that takes three levels.
fn of_three_levels(id: &str, year: &str, more: &str) -> Arc<Recipe> {
    let levels =
        "levels = [\"municipality\", \"district\", \"neighbourhood\"]\narea_name_column = \"name\"\n";
    let text = recipe(id, year, more)
        .text
        .replace("suppressed =", &format!("{levels}suppressed ="));
    Arc::new(Recipe::parse(&format!("{id}.toml"), &text).unwrap_or_else(|error| panic!("{error}")))
}

const TOWNS: &str = "GM0034,Almere,6,81\nGM0637,Zoetermeer,3,71\n";
const AREAS: &str =
    "WK003401,Haven,5,80\nBU00340101,Centrum,4,60\nBU00340102,Werven,x,65\nBU0363AA01,Kop Zeedijk,,70\n";

fn three_levels() -> String {
    format!("{TOWNS}{AREAS}")
}

#[test]
fn areas_are_kept_with_their_figures_or_the_reason_why_there_is_none() {
    let snapshot = snapshot(&set(&[(
        &of_three_levels("survey_2020", "2020", ""),
        &three_levels(),
    )]));
    let (theft, _) = snapshot.indicator("low_theft").expect("an indicator");
    assert_eq!(snapshot.area_periods(theft), ["2020"]);
    let found = snapshot.area_figures(theft, "2020").expect("figures");
    assert_eq!(
        found.neighbourhoods(),
        [
            ("BU00340101", AreaFigure::Value(4.0)),
            ("BU00340102", AreaFigure::Suppressed),
            ("BU0363AA01", AreaFigure::Missing),
        ]
    );
    assert_eq!(found.of("WK003401"), Some(AreaFigure::Value(5.0)));
    assert_eq!(found.of("GM0034"), None);
    assert_eq!(snapshot.area_name("BU0363AA01"), Some("Kop Zeedijk"));
    assert!(snapshot.has_areas_of("GM0363") && !snapshot.has_areas_of("GM0637"));
    let unit = &snapshot.import_units[0];
    assert_eq!((unit.values, unit.without_value), (4 + 6, 2));
}

#[test]
fn municipalities_are_what_they_are_without_their_areas() {
    let with = snapshot(&set(&[(
        &of_three_levels("survey_2020", "2020", ""),
        &three_levels(),
    )]));
    let without = snapshot(&set(&[(&recipe("survey_2020", "2020", ""), TOWNS)]));
    assert_eq!(
        (with.observations, with.regions.len()),
        (without.observations, without.regions.len())
    );
    for (one, other) in [("low_theft", Some("2020")), ("felt_safety", None)] {
        let table = |snapshot: &crate::snapshot::Snapshot| {
            let (place, _) = snapshot.indicator(one).expect("an indicator");
            snapshot
                .ranking(place, None, other)
                .map(|table| (table.rows.clone(), table.missing))
        };
        assert_eq!(table(&with), table(&without));
    }
    assert!(with.resolve_region("Werven").is_err() && with.region("BU00340101").is_none());
    assert!(with.search("Kop Zeedijk").is_empty());
}

#[test]
fn areas_are_read_back_as_they_were_whatever_the_order_of_imports() {
    let (older, newer) = (
        of_three_levels("survey_2018", "2018", ""),
        of_three_levels("survey_2020", "2020", ""),
    );
    let (rows, later) = (
        three_levels(),
        three_levels().replace("BU00340101,Centrum,4", "BU00340101,Centrum,9"),
    );
    let built = edition(&set(&[(&older, &rows), (&newer, &later)]));
    assert_eq!(built, edition(&set(&[(&newer, &later), (&older, &rows)])));
    let opened = edition::open(&built.location(), &built.file_sha256).expect("open");
    let units = UnitSet::of_edition(&opened.connection).expect("read");
    assert_eq!(edition(&units), built);
    edition::verify(&built.location(), &built.file_sha256, &built.content_hash).expect("whole");
    let replaced = edition(&set(&[(&older, &rows), (&newer, &rows)]));
    assert_ne!(replaced.id(), built.id(), "figures of areas are content");
}

#[test]
fn of_two_tables_one_wins_where_it_says_so_and_only_for_the_areas_it_lists() {
    let first = of_three_levels("survey_2020", "2020", "");
    let correction = of_three_levels("correction", "2020", "supersedes = [\"survey_2020\"]\n");
    let units = set(&[
        (&first, &three_levels()),
        (&correction, "BU00340101,Centrum,8,1\nBU00340102,Werven,,1\n"),
    ]);
    let snapshot = snapshot(&units);
    let (theft, _) = snapshot.indicator("low_theft").expect("an indicator");
    let found = snapshot.area_figures(theft, "2020").expect("figures");
    assert_eq!(found.sources, ["correction", "survey_2020"]);
    assert_eq!(found.of("BU00340101"), Some(AreaFigure::Value(8.0)));
    assert_eq!(
        found.of("BU00340102"),
        Some(AreaFigure::Missing),
        "a winner without a value wins too"
    );
    assert_eq!(found.of("WK003401"), Some(AreaFigure::Value(5.0)));

    let base = SourceFolder::built_in().draft().expect("whole");
    let rival = of_three_levels("rival", "2020", "");
    let units = set(&[(&first, &three_levels()), (&rival, "BU00340101,Centrum,8,1\n")]);
    let error = compose(&base, &units, None).expect_err("two figures").to_string();
    assert!(
        error.contains("both fill `low_theft` of BU00340101 in 2020"),
        "{error}"
    );
    let apart = set(&[(&first, &three_levels()), (&rival, "BU06370101,Dorp,8,1\n")]);
    compose(&base, &apart, None).expect("they list other areas");
}

#[test]
fn a_neighbourhood_weighs_what_the_nearest_period_says_of_it() {
    let units = set(&[
        (
            &of_three_levels("survey_2016", "2016", ""),
            "BU00340101,Centrum,10,1\nBU00340102,Werven,20,1\n",
        ),
        (
            &of_three_levels("survey_2021", "2021", ""),
            "BU00340101,Centrum,30,1\nBU00340102,Werven,,1\n",
        ),
    ]);
    let snapshot = snapshot(&units);
    let (theft, _) = snapshot.indicator("low_theft").expect("an indicator");
    let codes = ["BU00340101", "BU00340102", "BU00340103"];
    let weights = |period| {
        snapshot
            .area_weights(Weighting::By(theft), &codes, period)
            .expect("weights")
    };
    let found = weights("2020");
    assert_eq!(found.weights, [Some(30.0), Some(20.0), None]);
    assert_eq!(found.periods, [Some("2021"), Some("2016"), None]);
    assert_eq!(weights("2016").weights, [Some(10.0), Some(20.0), None]);
    let (felt, _) = snapshot
        .indicator("low_vandalism")
        .expect("an indicator without areas");
    assert_eq!(snapshot.area_weights(Weighting::By(felt), &codes, "2020"), None);
}
