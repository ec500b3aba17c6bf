//! A municipality against the mean of a group, and the bases of profiles, comparisons and advice.

use serde_json::Value;

use crate::{
    running::{groeikern, rows, run, tool},
    values::{address, with_values},
};

#[test]
fn a_figure_is_held_against_a_mean_of_the_same_ranking() {
    let ran = with_values("profile almere --against nta_new_towns");
    let profile = rows(&ran.stdout);
    let ran = with_values("compare nta_new_towns");
    let means = rows(&ran.stdout);
    let published = with_values("compare nta_new_towns --basis published");
    let published = rows(&published.stdout);
    let mut compared = std::collections::BTreeSet::new();
    for row in profile.iter().filter(|row| !row["group_position"].is_empty()) {
        let same = |mean: &&std::collections::HashMap<&str, &str>| {
            ["indicator_id", "basis", "period"]
                .iter()
                .all(|key| mean[key] == row[key])
        };
        let mean = means
            .iter()
            .chain(&published)
            .find(same)
            .expect("the same ranking");
        for (of_group, of_mean) in [
            ("group_position", "position"),
            ("group_verdict", "verdict"),
            ("group_grade", "grade"),
            ("group_mean", "mean"),
            ("group_contributed", "contributed"),
        ] {
            assert_eq!(
                row[of_group], mean[of_mean],
                "{}: {of_group}",
                row["indicator_id"]
            );
        }
        compared.insert(row["basis"]);
    }
    assert_eq!(Vec::from_iter(compared), ["computed", "proxy", "published"]);
}

#[test]
fn judged_figures_are_ahead_or_behind_and_neutral_ones_higher_or_lower() {
    let ran = with_values("profile zoetermeer --against nta_new_towns");
    let profile = rows(&ran.stdout);
    for row in &profile {
        let expected: &[&str] = match (row["kind"], row["verdict"]) {
            _ if row["group_position"].is_empty() => &[""],
            (_, "") => &[""],
            ("neutral", _) => &["higher", "lower", "equal"],
            _ => &["ahead", "behind", "equal"],
        };
        assert!(expected.contains(&row["against_group"]), "{row:?}");
    }
    let theft = profile
        .iter()
        .find(|row| row["indicator_id"] == "low_theft")
        .expect("a row");
    assert_eq!(
        (theft["value"], theft["against_group"]),
        ("2.5", "ahead"),
        "low is favourable"
    );
}

#[test]
fn a_table_sets_the_mean_under_the_figure_and_marks_nothing_for_whom_it_is_withheld() {
    let ran =
        with_values("profile helmond --against nta_new_towns --theme liveability_safety -o table --lang en");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "Helmond (GM0794) against the mean of New Town Alliance municipalities: 2024"
    );
    let theft = lines
        .iter()
        .position(|line| line.starts_with("Little theft"))
        .expect("a row");
    assert!(lines[theft].contains("withheld"), "{}", ran.stdout);
    assert!(
        lines[theft + 1].starts_with("  New Town Alliance municipalities "),
        "{}",
        ran.stdout
    );
    assert!(!lines[theft + 1].contains("ahead"), "{}", ran.stdout);
    assert_eq!(lines[theft + 2], "  computed, per 1,000, 6 of 7 members known");
}

#[test]
fn json_against_a_group_holds_both_responses() {
    let ran = with_values("profile almere --against nta_new_towns -o json");
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(json["profile"]["region"]["code"], "GM0034");
    let rows = json["profile"]["rows"].as_array().expect("rows");
    for comparison in json["comparison"]["comparisons"].as_array().expect("comparisons") {
        let own = rows
            .iter()
            .find(|row| row["ranking"]["indicator"]["id"] == comparison["ranking"]["indicator"]["id"])
            .expect("a row");
        for key in ["basis", "period"] {
            assert_eq!(own["ranking"][key], comparison["ranking"][key]);
        }
    }
}

#[test]
fn the_summary_counts_what_is_ahead_and_behind() {
    let ran = groeikern("profile almere --against nta_new_towns -o table --lang en");
    let tsv = groeikern("profile almere --against nta_new_towns");
    let count = |wanted| {
        let of = |row: &&std::collections::HashMap<&str, &str>| {
            row["against_group"] == wanted && row["kind"] != "neutral"
        };
        rows(&tsv.stdout).iter().filter(of).count()
    };
    let (ahead, behind, equal) = (count("ahead"), count("behind"), count("equal"));
    let compared = ahead + behind + equal;
    let summary =
        format!("Of {compared} judged indicators ahead on {ahead}, behind on {behind}, equal on {equal}");
    assert!(ran.stdout.contains(&summary), "{summary}: {}", ran.stdout);
}

#[test]
fn a_group_that_nobody_measured_leaves_the_profile_as_it_is() {
    let ran = groeikern("profile almere --against old_towns -o table --lang en");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("Without a mean of Old towns"),
        "{}",
        ran.stdout
    );
    let ran = groeikern("profile almere --against nonsense");
    assert_eq!(ran.code, Some(3));
}

#[test]
fn every_question_can_choose_its_basis() {
    for question in ["profile almere", "compare nta_new_towns"] {
        let ran = with_values(&format!("{question} --basis published"));
        let mut bases: Vec<&str> = rows(&ran.stdout).iter().map(|row| row["basis"]).collect();
        bases.retain(|basis| !basis.is_empty());
        bases.dedup();
        assert_eq!(bases, ["published"], "{question}");
    }
    let ran = with_values("compare nta_new_towns --period 2020");
    assert!(
        rows(&ran.stdout)
            .iter()
            .all(|row| row["indicator_id"] == "low_theft"),
        "{}",
        ran.stdout
    );
    let json = |options: &str| -> Value {
        let ran = with_values(&format!("recommend nissewaard -o json{options}"));
        serde_json::from_str(&ran.stdout).expect("JSON")
    };
    assert_ne!(json("")["advice"], json(" --basis published")["advice"]);
}

#[test]
fn municipalities_of_ones_own_choice_are_compared_as_a_group_is() {
    let ran = run(tool(&address()).args([
        "compare",
        "nta_new_towns",
        "--list",
        "Mine = almere, capelle ad ijssel",
        "--indicator",
        "low_theft",
    ]));
    let compared = rows(&ran.stdout);
    let [group, mine] = compared.as_slice() else {
        panic!("{}{}", ran.stdout, ran.stderr)
    };
    assert_eq!(
        (group["group_id"], mine["group_id"], mine["group"]),
        ("nta_new_towns", "", "Mine")
    );
    let ran = with_values("rank low_theft");
    let listed = rows(&ran.stdout);
    let value = |code: &str| -> f64 {
        let row = listed
            .iter()
            .find(|row| row["region_code"] == code)
            .expect("listed");
        row["value"].parse().expect("a number")
    };
    let mean: f64 = mine["mean"].parse().expect("a number");
    assert_eq!(mean, (value("GM0034") + value("GM0502")) / 2.0);
    let values = listed
        .iter()
        .map(|row| row["value"].parse::<f64>().expect("a number"));
    let (national, gap): (f64, f64) = (
        mine["national_mean"].parse().expect("a number"),
        mine["gap"].parse().expect("a number"),
    );
    assert!((national - values.sum::<f64>() / listed.len() as f64).abs() < 1e-9);
    assert!((gap - (mean - national)).abs() < 1e-9);
    let expected = if mean < national { "ahead" } else { "behind" };
    assert_eq!(mine["gap_direction"], expected, "less theft is better");
    assert_eq!(
        (mine["weighted_mean"], mine["weighted_gap"]),
        ("", ""),
        "nobody knows how many live there"
    );
    assert!(
        ran.stderr.is_empty() || !ran.stderr.contains("error"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_table_tells_the_distance_to_the_national_mean_by_its_side() {
    let ran = run(tool(&address()).args([
        "compare",
        "--list",
        "Mine=almere,zoetermeer",
        "--indicator",
        "low_theft",
        "-o",
        "table",
        "--lang",
        "en",
    ]));
    assert!(
        ran.stdout
            .starts_with("Where the mean of Mine would stand: computed, 2024"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("more favourable than the national mean, "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("the mean by inhabitants is absent"),
        "{}",
        ran.stderr
    );
}

#[test]
fn of_printed_positions_a_list_shows_the_mean_of_positions() {
    let ran = groeikern("compare --list Mine=almere,helmond --indicator low_theft -o table --lang en");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("295.5"), "{}", ran.stdout);
}

#[test]
fn a_list_that_cannot_be_read_is_wrong_usage_and_an_unknown_name_says_what_is_near() {
    for line in [
        "compare",
        "compare --list almere",
        "compare --list =almere",
        "compare --list Mine=",
    ] {
        assert_eq!(with_values(line).code, Some(2), "{line}");
    }
    let ran = with_values("compare --list Mine=almere,zoetermeerr");
    assert_eq!(ran.code, Some(0), "one typing error is corrected: {}", ran.stderr);
    assert_eq!(with_values("compare --list Mine=almere,nonsense").code, Some(3));
    let ran = with_values("compare --list Mine=almere,GM0034");
    assert!(ran.stderr.contains("stands twice"), "{}", ran.stderr);
}
