//! `rank` with part of its rows: first, last, around one, within a group; of a chosen basis and period.

use serde_json::Value;

use crate::{
    running::{Ran, rows},
    values::with_values,
};

fn codes(ran: &Ran) -> Vec<&str> {
    rows(&ran.stdout).iter().map(|row| row["region_code"]).collect()
}

fn all() -> Ran {
    with_values("rank low_theft")
}

#[test]
fn first_and_last_are_rows_of_the_same_list() {
    let all = all();
    let all = codes(&all);
    let top = with_values("rank low_theft --top 3");
    assert_eq!(codes(&top), all[..3]);
    let bottom = with_values("rank low_theft --bottom 4");
    assert_eq!(codes(&bottom), all[all.len() - 4..], "still in order");
    let ran = with_values("rank low_theft --top 999");
    assert_eq!(codes(&ran), all);
}

#[test]
fn around_a_municipality_stand_its_neighbours_and_it_is_marked() {
    let all = all();
    let all = codes(&all);
    let place = all.iter().position(|code| *code == "GM0502").expect("listed");
    let ran = with_values("rank low_theft --around capelle ad ijssel --neighbours 2");
    assert_eq!(codes(&ran), all[place - 2..=place + 2]);
    let asked: Vec<&str> = rows(&ran.stdout).iter().map(|row| row["asked"]).collect();
    assert_eq!(asked, ["false", "false", "true", "false", "false"]);
    let five = with_values("rank low_theft --around 0502");
    assert_eq!(codes(&five), all[place - 5..=place + 5]);
    let table = with_values("rank low_theft --around 0502 -o table --lang en");
    let marked: Vec<&str> = table
        .stdout
        .lines()
        .filter(|line| line.starts_with('>'))
        .collect();
    assert!(
        matches!(marked[..], [line] if line.contains("Capelle")),
        "{}",
        table.stdout
    );
}

#[test]
fn within_a_group_positions_stay_those_among_all() {
    let all = all();
    let positions: Vec<(&str, &str)> = rows(&all.stdout)
        .iter()
        .map(|row| (row["region_code"], row["position"]))
        .collect();
    let within = with_values("rank low_theft --within nta_new_towns");
    let members = rows(&within.stdout);
    assert_eq!(members.len(), 6, "one of seven is withheld");
    for row in &members {
        assert!(
            positions.contains(&(row["region_code"], row["position"])),
            "{row:?}"
        );
    }
    let last = with_values("rank low_theft --bottom 1 --within nta_new_towns");
    assert_eq!(codes(&last), codes(&within)[5..]);
    let around = with_values("rank low_theft --around almere --within nta_new_towns --neighbours 1");
    assert!(codes(&around).iter().all(|code| codes(&within).contains(code)));
    let former_name = with_values("rank low_theft --group nta_new_towns");
    assert_eq!(codes(&former_name), codes(&within));
}

#[test]
fn equals_are_marked_and_those_left_out_are_counted() {
    let ran = with_values("rank low_theft --top 1 -o table --lang en");
    assert!(ran.stdout.contains("=1 / 31"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("1 more municipality has position 1."),
        "{}",
        ran.stdout
    );
    let ran = with_values("rank low_theft --top 3 -o table --lang en");
    assert!(!ran.stdout.contains("more municip"), "{}", ran.stdout);
}

#[test]
fn json_of_part_of_the_rows_is_a_whole_response() {
    for (options, rows) in [
        ("--top 2", 2),
        ("--bottom 3", 3),
        ("--around almere --neighbours 1", 3),
    ] {
        let ran = with_values(&format!("rank low_theft {options} -o json"));
        let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        assert_eq!(json["rows"].as_array().map(Vec::len), Some(rows), "{options}");
        assert_eq!(json["ranking"]["n"], 31, "{options}");
        assert_eq!(json["metadata"]["editionName"], "new-towns-2024", "{options}");
        assert_eq!(json.get("nextPageToken"), None, "{options}");
    }
}

#[test]
fn a_title_says_which_figures_they_are() {
    for (options, title) in [
        ("", "Little theft (low_theft): computed, 2024, per 1,000"),
        (
            " --period 2020",
            "Little theft (low_theft): computed, 2020, per 1,000",
        ),
        (" --basis published", "Little theft (low_theft): published, 2024"),
        (
            " --within old_towns",
            "Little theft (low_theft): computed, 2024, per 1,000 – members of Old towns",
        ),
    ] {
        let ran = with_values(&format!("rank low_theft{options} -o table --lang en"));
        assert_eq!(
            ran.stdout.lines().next(),
            Some(title),
            "{options}: {}",
            ran.stderr
        );
    }
    let ran = with_values("rank low_theft --basis published");
    assert!(
        rows(&ran.stdout)
            .iter()
            .all(|row| row["basis"] == "published" && row["n"] == "337")
    );
}

#[test]
fn what_excludes_each_other_ends_with_2() {
    for options in [
        "--top 1 --bottom 1",
        "--top 1 --around almere",
        "--bottom 1 --around almere",
        "--neighbours 2",
        "--top 0",
        "--basis guessed",
        "--period yesterday",
    ] {
        let ran = with_values(&format!("rank low_theft {options}"));
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(2), ""),
            "{options}: {}",
            ran.stderr
        );
    }
}

#[test]
fn who_is_not_on_the_list_is_told_why() {
    for (options, code, why) in [
        ("--around helmond", 6, "withholds"),
        ("--around lelystad", 6, "no data"),
        (
            "--around delft --within nta_new_towns",
            2,
            "Delft is no member of New Town Alliance municipalities",
        ),
        ("--period 1999", 6, "no such figures"),
    ] {
        let ran = with_values(&format!("rank low_theft {options} --lang en"));
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(code), ""),
            "{options}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(why), "{options}: {}", ran.stderr);
    }
}
