//! Every rule refuses what it is for, with file, line, name and what to do.

use super::super::{
    SourceFolder,
    tests::{line_of, problems_with, with_polarity},
};

/// The one problem that this change to a built-in file makes, which must stand on the line of `at`.
fn problem_with(file: &str, from: &str, to: &str, at: &str) -> String {
    let found = problems_with(file, from, to);
    let start = format!("{file}:{}: ", line_of(file, at));
    assert_eq!(found.len(), 1, "{found:?}");
    let message = found[0].strip_prefix(&start);
    message
        .unwrap_or_else(|| panic!("{} is not at {start}", found[0]))
        .to_owned()
}

fn problems_of(source: &SourceFolder) -> Vec<String> {
    let error = source.draft().expect_err("a broken source");
    error.problems.iter().map(ToString::to_string).collect()
}

const OBSERVATIONS: &str = "indicator,region,period,value,status,origin,source\n";

fn with_observations(source: SourceFolder, rows: &str) -> SourceFolder {
    source.with_file("observations.csv", format!("{OBSERVATIONS}{rows}"))
}

#[test]
fn values_of_a_judged_indicator_need_a_polarity() {
    let rows = "low_theft,GM0034,2020,1,final,loaded,bureau_louter_2024\n\
                low_theft,GM0356,2020,2,final,loaded,bureau_louter_2024\n\
                vet_students_care,GM0034,2020,2,final,loaded,bureau_louter_2024\n";
    let line = line_of("indicators.toml", "id = \"low_theft\"") - 1;
    assert_eq!(
        problems_of(&with_observations(SourceFolder::built_in(), rows)),
        [format!(
            "indicators.toml:{line}: `low_theft` is judged and has values (observations.csv:2), but no polarity: write \
             higher_is_favourable or lower_is_favourable"
        )]
    );
    let polar = with_polarity("low_theft", "lower_is_favourable");
    assert!(with_observations(polar, rows).draft().is_ok());
}

#[test]
fn a_neutral_indicator_has_no_polarity() {
    let found = problems_of(&with_polarity("vet_students_care", "higher_is_favourable"));
    assert_eq!(found.len(), 1, "{found:?}");
    let message =
        "`vet_students_care` is neutral, so no side of it is favourable: remove polarity or change kind";
    assert!(found[0].ends_with(message), "{found:?}");
}

#[test]
fn observations_fall_within_the_life_of_their_municipality() {
    let row = |region: &str, period: &str| {
        let row = format!("low_theft,{region},{period},1,final,loaded,bureau_louter_2024\n");
        with_observations(with_polarity("low_theft", "lower_is_favourable"), &row)
    };
    // Spijkenisse until 2015, Nissewaard since; Nieuwegein since 1 July 1971.
    for (region, period) in [
        ("GM0612", "2014"),
        ("GM1930", "2015"),
        ("GM1930", "2015-01-01"),
        ("GM0356", "1971"),
        ("GM0356", "1971-07"),
    ] {
        assert!(row(region, period).draft().is_ok(), "{region} {period}");
    }
    for (region, period) in [
        ("GM0612", "2015"),
        ("GM1930", "2014-12-31"),
        ("GM0356", "1971-06"),
    ] {
        let found = problems_of(&row(region, period));
        assert_eq!(found.len(), 1, "{found:?}");
        let start = format!("observations.csv:2: {region} did not exist in {period} ");
        assert!(found[0].starts_with(&start), "{found:?}");
        assert!(found[0].ends_with("use the code of that period"), "{found:?}");
    }
}

#[test]
fn a_former_code_is_a_known_region() {
    let message = problem_with(
        "group_members.csv",
        ",GM0612,",
        ",GM0613,",
        "nta_new_towns,GM1930",
    );
    assert!(
        message.starts_with("former_code: no region is called `GM0613`"),
        "{message}"
    );
}

#[test]
fn rules_stay_within_their_bounds() {
    for (from, to, message) in [
        (
            "countered_weight = 1.0",
            "countered_weight = -1.0",
            "countered_weight = -1: a weight is 0 or more",
        ),
        (
            "proxy_weight = 0.5",
            "proxy_weight = -0.5",
            "proxy_weight = -0.5: a weight is 0 or more",
        ),
        (
            "minimum_coverage = 0.3333333333333333",
            "minimum_coverage = 7.0",
            "minimum_coverage = 7: a share is between 0 and 1",
        ),
        (
            "strong = 0.6",
            "strong = 1.6",
            "strong = 1.6: need is between 0 and 1",
        ),
        (
            "theme_severity = 0.35",
            "theme_severity = 35",
            "theme_severity = 35: severity is between 0 and 1",
        ),
        (
            "minimum_indicators = 3",
            "minimum_indicators = 0",
            "minimum_indicators: 0 is not between 1 and 1000",
        ),
        (
            "moderate_from = 3",
            "moderate_from = 0",
            "moderate_from: 0 is not between 1 and 1000",
        ),
        (
            "worst_share = 0.1",
            "worst_share = 0.6",
            "worst_share = 0.6: a part of the weight, at most half of it",
        ),
        (
            "masked_below = 0.5",
            "masked_below = 0.0",
            "masked_below = 0: it must be above 0",
        ),
        (
            "minimum_weight = 500.0",
            "minimum_weight = -1.0",
            "minimum_weight = -1: a weight is 0 or more",
        ),
        (
            "share_of_members = 0.5",
            "share_of_members = 1.5",
            "share_of_members = 1.5: a share is between 0 and 1",
        ),
        (
            "least_class = \"weak\"",
            "strong_from = 1\nleast_class = \"weak\"",
            "strong_from: the masking trigger does not have it: remove it",
        ),
    ] {
        assert_eq!(problem_with("rules.toml", from, to, from), message);
    }
}

#[test]
fn thresholds_stand_in_order() {
    for (from, to, message) in [
        (
            "strong = 0.6",
            "strong = 0.3",
            "strong = 0.3 is under moderate = 0.4: order them strong, moderate, weak",
        ),
        (
            "moderate = 0.4",
            "moderate = 0.2",
            "moderate = 0.2 is under weak = 0.25: order them strong, moderate, weak",
        ),
        (
            "strong_from = 4",
            "strong_from = 2",
            "strong_from = 2 is under moderate_from = 3: more themes, not fewer",
        ),
    ] {
        assert_eq!(problem_with("rules.toml", from, to, from), message);
    }
}

#[test]
fn positions_of_one_ranking_share_the_n_of_the_universe() {
    let (from, to) = (
        "low_theft,region,GM0034,277,337",
        "low_theft,region,GM0034,277,400",
    );
    assert_eq!(
        problem_with("published_positions.csv", from, to, from),
        "n = 400, but the universe `municipalities_337` in edition.toml has 337 units: correct one of the two"
    );
}

#[test]
fn a_block_belongs_to_the_theme_of_its_indicators() {
    let from = "block = \"students\"";
    assert_eq!(
        problem_with("indicators.toml", from, "block = \"nuisance\"", from),
        "block `nuisance` belongs to theme `liveability_safety`, not to `youth_opportunities`: change one of the two"
    );
}

#[test]
fn judged_indicators_measure_a_factor_and_neutral_ones_are_its_context() {
    let from = "context_indicators = [\"net_migration_17_21\"]";
    assert_eq!(
        problem_with("factors.toml", from, "context_indicators = [\"low_theft\"]", from),
        "context_indicators: `low_theft` is judged: list it under indicators"
    );
    let from = "indicators = [\"property_value\"]";
    assert_eq!(
        problem_with("factors.toml", from, "indicators = [\"vet_students_care\"]", from),
        "indicators: `vet_students_care` is neutral and never counts: list it under context_indicators"
    );
}

#[test]
fn spans_of_time_end_after_they_begin() {
    let from = "GM0995,2022-12-31,2024-12-31";
    assert_eq!(
        problem_with("group_members.csv", from, "GM0995,2022-12-31,2022-12-30", from),
        "valid_to 2022-12-30 leaves no day after valid_from 2022-12-31: correct one of the two"
    );
    let source = SourceFolder::built_in();
    let one_day = source
        .file("group_members.csv")
        .expect("a file")
        .replace(from, "GM0995,2022-12-31,2022-12-31");
    assert!(
        source.with_file("group_members.csv", one_day).draft().is_ok(),
        "its last day may be its first"
    );
    let from = "GM1916,Leidschendam-Voorburg,municipality,2002-01-01,,";
    let found = problems_with("regions.csv", from, &from.replace(",,", ",2002-01-01,"));
    let message = "valid_to 2002-01-01 leaves no day";
    assert!(found.iter().any(|problem| problem.contains(message)), "{found:?}");
    assert_eq!(
        problem_with(
            "context.toml",
            "to_year = 1979",
            "to_year = 1959",
            "to_year = 1979"
        ),
        "to_year 1959 is before from_year 1960: correct one of the two"
    );
}

#[test]
fn a_succession_happens_on_the_day_its_municipality_ends() {
    let from = "GM0612,GM1930,2015-01-01";
    for (to, message) in [
        (
            "GM0612,GM1930,2019-01-01",
            "GM0612 ended on 2015-01-01 by regions.csv, not on 2019-01-01: make the two dates equal",
        ),
        (
            "GM0612,GM1980,2015-01-01",
            "GM1980 did not exist on 2015-01-01 by regions.csv: name the successor of that day",
        ),
        (
            "GM0034,GM1930,2015-01-01,,\nGM0612,GM1930,2015-01-01",
            "GM0034 has no valid_to in regions.csv: write 2015-01-01 there, or remove the succession",
        ),
    ] {
        assert_eq!(problem_with("successions.csv", from, to, from), message);
    }
}

#[test]
fn nobody_succeeds_himself() {
    let from = "GM0612,GM1930,2015-01-01";
    assert_eq!(
        problem_with("successions.csv", from, "GM0612,GM0612,2015-01-01", from),
        "GM0612 cannot succeed itself: a municipality that keeps its code has no succession"
    );
}

#[test]
fn every_former_municipality_has_a_successor() {
    let source = SourceFolder::built_in();
    let rows = source.file("successions.csv").expect("a file");
    let others = rows.lines().filter(|line| !line.starts_with("GM0612"));
    let without: String = others.map(|line| format!("{line}\n")).collect();
    let line = line_of("regions.csv", "GM0612");
    assert_eq!(
        problems_of(&source.with_file("successions.csv", without)),
        [format!(
            "regions.csv:{line}: GM0612 has a valid_to but no successor: add a row to successions.csv"
        )]
    );
}

#[test]
fn units_of_a_universe_are_whole_and_of_one_year() {
    let edition = SourceFolder::built_in()
        .file("edition.toml")
        .expect("a file")
        .to_owned();
    let named = |id: &str, size: &str| {
        format!("{edition}\n[[universe]]\nid = \"{id}\"\n{size}\nname_nl = \"Steden\"\nname_en = \"Towns\"\n")
    };
    let of = |edition: String, units: &str| {
        let units = format!("universe,year,region,unit\n{units}");
        problems_of(
            &SourceFolder::built_in()
                .with_file("edition.toml", edition)
                .with_file("universe_units.csv", units),
        )
    };
    let first = edition.lines().count() + 2;
    let year_taken = of(
        named("municipalities_2020", ""),
        "municipalities_2020,2020,GM0034,\n",
    );
    assert_eq!(
        year_taken,
        [format!(
            "edition.toml:{}: `municipalities_2020` is the id of all municipalities of that year: choose another",
            first + 1
        )]
    );
    assert_eq!(
        of(named("towns", "size = 2"), "towns,2020,GM0034,\n"),
        [format!(
            "edition.toml:{}: `towns` has size 2, but 1 units in 2020 (universe_units.csv): correct one of the two",
            first + 2
        )]
    );
    for (row, problem) in [
        (
            "town,2020,GM0034,",
            "universe: no universe is called `town`; did you mean `towns`?",
        ),
        ("towns,2020-01,GM0034,", "`2020-01` is not a year, such as 2020"),
        (
            "towns,2020,WK003401,",
            "WK003401 is no municipality: write a code such as GM0034",
        ),
        (
            "towns,2020,GM0034,almere",
            "unit `almere` of `towns` has one municipality in 2020: leave `unit` empty, or add the others",
        ),
    ] {
        assert_eq!(
            of(named("towns", ""), &format!("{row}\n")),
            [format!("universe_units.csv:2: {problem}")]
        );
    }
}

#[test]
fn printed_positions_are_among_a_universe_of_known_size() {
    let found = problems_with("edition.toml", "size = 337\n", "");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0]
            .ends_with("`municipalities_337` needs a `size`: published positions are among so many units")
    );
    let found = problems_with(
        "edition.toml",
        "published_universe = \"municipalities_337\"",
        "published_universe = \"municipalities_373\"",
    );
    let message =
        "published_universe: no universe is called `municipalities_373`; did you mean `municipalities_337`?";
    assert!(found[0].ends_with(message), "{found:?}");
}
