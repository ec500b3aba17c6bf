//! `trend` and `coverage`: which figures there are, of which periods, and why some are not.

use serde_json::Value;

use crate::{
    running::{groeikern, rows, run, tool},
    values::{address, with_values},
};

#[test]
fn a_trend_has_a_row_per_period_with_its_own_ranking() {
    let ran = with_values("trend low_theft --region capelle ad ijssel");
    let points = rows(&ran.stdout);
    let periods: Vec<&str> = points.iter().map(|row| row["period"]).collect();
    assert_eq!(periods, ["2020", "2024"]);
    for point in &points {
        let of_period = with_values(&format!("rank low_theft --period {}", point["period"]));
        let listed = rows(&of_period.stdout);
        let own = listed
            .iter()
            .find(|row| row["region_code"] == "GM0502")
            .expect("listed");
        for key in ["position", "n", "verdict", "grade", "value"] {
            assert_eq!(point[key], own[key], "{}: {key}", point["period"]);
        }
    }
    let ran = with_values("trend low_theft --region zoetermeer --from 2021");
    assert_eq!(rows(&ran.stdout).len(), 1);
}

#[test]
fn a_gap_is_shown_as_what_it_is() {
    let ran = with_values("trend low_theft --region helmond -o table --lang en");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "Little theft (low_theft) of Helmond (GM0794) through time: computed, per 1,000"
    );
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("2024") && line.contains("withheld")),
        "{}",
        ran.stdout
    );
    let ran = with_values("trend low_theft --region dijk en waard -o table --lang en");
    assert!(
        ran.stdout
            .lines()
            .any(|line| line.starts_with("2020") && line.contains("not yet founded")),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_trend_without_any_figure_ends_with_6() {
    let ran = with_values("trend low_theft --region lelystad --lang en");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(6), ""), "{}", ran.stderr);
    for line in ["trend low_theft", "trend --region almere"] {
        assert_eq!(with_values(line).code, Some(2), "{line}");
    }
}

#[test]
fn below_a_trend_stands_where_it_goes_and_where_it_breaks() {
    let ran = with_values("trend low_theft --region purmerend -o table --lang en");
    for sentence in [
        "From 2020 to 2024 the value fell by ",
        "Theil-Sen slope over 2 periods; an interval takes five values",
        "Too few periods to name a direction: with 2 ",
        "nearer to 1.",
        "Break in 2024: Other borders than those of 2020: Purmerend and Beemster on 2022-01-01.",
    ] {
        let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(sentence), "{sentence}: {}", ran.stdout);
    }
    assert!(ran.stderr.contains("The series has breaks"), "{}", ran.stderr);
    let ran = with_values("trend low_theft --region purmerend");
    let breaks: Vec<&str> = rows(&ran.stdout).iter().map(|row| row["breaks"]).collect();
    assert_eq!(breaks, ["", "borders"], "a row per period, and nothing but rows");
    let ran = with_values("trend low_theft --region almere -o table --lang nl");
    assert!(
        ran.stdout.contains("Breuk in 2024: Dit cijfer is voorlopig."),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_trend_of_a_group_is_that_of_its_mean() {
    let ran = with_values("trend low_theft --group nta_new_towns");
    let points = rows(&ran.stdout);
    assert_eq!(points.len(), 2, "{}", ran.stderr);
    for point in &points {
        let compared = with_values(&format!(
            "compare nta_new_towns --indicator low_theft --period {}",
            point["period"]
        ));
        let compared = rows(&compared.stdout);
        assert_eq!((point["group_id"], point["region_code"]), ("nta_new_towns", ""));
        assert_eq!(point["value"], compared[0]["mean"]);
        for key in ["position", "grade", "contributed", "members", "mean_of_positions"] {
            assert_eq!(point[key], compared[0][key], "{}: {key}", point["period"]);
        }
    }
    let ran = with_values("trend low_theft --group other new towns -o table --lang en");
    assert!(
        ran.stdout
            .starts_with("Little theft (low_theft) of Other New Towns (other_new_towns) through time"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    assert!(
        ran.stdout.contains("Heerhugowaard is now Dijk en Waard"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        with_values("trend low_theft --group nta_new_towns --region almere").code,
        Some(2)
    );
    assert_eq!(with_values("trend low_theft --group nonsense").code, Some(3));
}

#[test]
fn coverage_counts_what_is_missing_and_why() {
    let ran = with_values("coverage --indicator low_theft --region helmond");
    let listed = rows(&ran.stdout);
    let of: Vec<(&str, &str)> = listed.iter().map(|row| (row["basis"], row["period"])).collect();
    assert_eq!(
        of,
        [("computed", "2024"), ("computed", "2020"), ("published", "2024")]
    );
    let latest = &listed[0];
    assert_eq!(
        (latest["n"], latest["suppressed"], latest["region_status"]),
        ("31", "1", "suppressed")
    );
    let counts = ["suppressed", "not_applicable", "without_figure"]
        .map(|key| latest[key].parse::<u32>().expect("a number"));
    assert_eq!(counts.iter().sum::<u32>().to_string(), latest["missing"]);
    assert_eq!(
        (listed[2]["n"], listed[2]["known"], listed[2]["missing"]),
        ("337", "7", ""),
        "not known is not zero"
    );
}

#[test]
fn coverage_lists_indicators_without_figures_and_a_table_counts_them() {
    let ran = groeikern("coverage");
    let listed = rows(&ran.stdout);
    let empty = listed.iter().filter(|row| row["basis"].is_empty()).count();
    assert!(empty > 3);
    let ran = groeikern("coverage -o table --lang en");
    assert!(
        ran.stdout
            .contains(&format!("Without figures: {empty} indicators")),
        "{}",
        ran.stdout
    );
    let ran = with_values("coverage --basis proxy");
    let proxies = rows(&ran.stdout);
    let figures: Vec<_> = proxies.iter().filter(|row| !row["basis"].is_empty()).collect();
    assert_eq!(figures.len(), 1);
    assert_eq!(
        (figures[0]["indicator_id"], figures[0]["proxy_indicator_id"]),
        ("low_serious_crime", "low_vandalism")
    );
}

#[test]
fn a_proxy_is_named_wherever_it_stands() {
    let named = "proxy (Little vandalism and damage)";
    for line in [
        "rank low_serious_crime",
        "profile almere",
        "profile almere --against nta_new_towns",
        "compare nta_new_towns",
        "compare nta_new_towns old_towns",
        "recommend nissewaard",
        "coverage --basis proxy --theme liveability_safety",
        "trend low_serious_crime --region almere",
        "indicators",
    ] {
        let ran = with_values(&format!("{line} -o table --lang en"));
        let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(named), "{line}: {}{}", ran.stdout, ran.stderr);
    }
    let ran = with_values("rank low_serious_crime --top 1");
    assert_eq!(rows(&ran.stdout)[0]["proxy_indicator_id"], "low_vandalism");
}

#[test]
fn what_other_figures_say_stands_under_the_row_and_never_in_its_place() {
    let ran = with_values("profile almere");
    let profile = rows(&ran.stdout);
    let theft = profile
        .iter()
        .find(|row| row["indicator_id"] == "low_theft")
        .expect("a row");
    assert_eq!(
        (theft["basis"], theft["others"]),
        ("computed", "published 2024 277/337")
    );
    let ran = with_values("profile almere -o table --lang en");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let theft = lines
        .iter()
        .position(|line| line.starts_with("Little theft"))
        .expect("a row");
    assert!(
        lines[theft + 2].starts_with("  also published, 2024") && lines[theft + 2].contains("277 / 337"),
        "{}",
        ran.stdout
    );
    let ran = with_values("profile almere --basis computed");
    assert!(rows(&ran.stdout).iter().all(|row| row["others"].is_empty()));
    let ran = with_values("profile almere --period 2020");
    let of_2020: Vec<&str> = rows(&ran.stdout)
        .iter()
        .filter(|row| !row["position"].is_empty())
        .map(|row| row["indicator_id"])
        .collect();
    assert_eq!(of_2020, ["low_theft"]);
}

#[test]
fn several_municipalities_are_advised_together() {
    let ran =
        run(tool(&address()).args(["recommend", "--region", "almere", "--region", "capelle ad ijssel"]));
    let advice = rows(&ran.stdout);
    assert_eq!(advice.len(), 11, "{}", ran.stderr);
    assert!(advice.iter().all(|row| row["subject_id"] == "GM0034; GM0502"));
    let table =
        with_values("recommend --region almere --region zoetermeer --region almere -o table --lang en");
    assert_eq!(
        table.stdout.lines().next(),
        Some("Recommendations for the mean of Almere and Zoetermeer")
    );
    let alone = with_values("recommend --region nissewaard -o json");
    let alone: Value = serde_json::from_str(&alone.stdout).expect("JSON");
    assert_eq!(alone["region"]["code"], "GM1930");
    for line in ["recommend", "recommend almere --region zoetermeer"] {
        assert_eq!(with_values(line).code, Some(2), "{line}");
    }
}

#[test]
fn a_question_about_an_old_period_finds_who_existed_then() {
    let ran = with_values("profile heerhugowaard --period 2020 -o json");
    let json: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr));
    assert_eq!(json["region"]["code"], "GM0398");
    let ran = with_values("rank low_theft --period 2020 --around heerhugowaard --neighbours 0");
    assert_eq!(rows(&ran.stdout)[0]["region_code"], "GM0398", "{}", ran.stderr);
    let ran = with_values("profile heerhugowaard -o json");
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(json["region"]["code"], "GM1980", "followed to what it became");
}

#[test]
fn a_series_that_ends_before_a_merger_is_of_the_municipality_that_was_typed() {
    let ran = with_values("trend low_theft --region heerhugowaard --to 2020");
    let points = rows(&ran.stdout);
    assert_eq!(points.len(), 1, "{}", ran.stderr);
    assert_eq!(points[0]["region_code"], "GM0398", "{}", ran.stdout);
    let ran = with_values("trend low_theft --region heerhugowaard");
    assert_eq!(
        rows(&ran.stdout)[0]["region_code"],
        "GM1980",
        "the series goes on after it"
    );
}
