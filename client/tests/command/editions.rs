//! What one edition holds, what another changes, and who waits for the next.

use std::{net::SocketAddr, sync::LazyLock};

use groeikern_server::edition::{self, shelf::Shelf, source::SourceFolder};

use crate::running::{Ran, rows, run, serve, tool};

/// Twelve municipalities with values of low_theft, called so; the first with a value of its own.
fn edition_with(name: &str, first: f64) -> SourceFolder {
    let source = SourceFolder::built_in();
    let text = |file: &str| source.file(file).expect("a file").to_owned();
    let present = text("regions.csv");
    let present = present
        .lines()
        .skip(1)
        .filter(|line| line.split(',').nth(4).unwrap_or_default().is_empty());
    let rows = present.take(12).enumerate().map(|(place, line)| {
        let value = if place == 0 { first } else { place as f64 };
        format!(
            "low_theft,{},2024,{value},final,loaded,bureau_louter_2024\n",
            &line[..6]
        )
    });
    let key = "id = \"low_theft\"\n";
    let indicators =
        text("indicators.toml").replacen(key, &format!("{key}polarity = \"lower_is_favourable\"\n"), 1);
    let label = text("edition.toml").replacen("\"new-towns-2024\"", &format!("\"{name}\""), 1);
    let observations = "indicator,region,period,value,status,origin,source\n".to_owned();
    source
        .with_file("indicators.toml", indicators)
        .with_file("observations.csv", observations + &rows.collect::<String>())
        .with_file("edition.toml", label)
}

static SERVER: LazyLock<SocketAddr> = LazyLock::new(|| {
    serve(async {
        let shelf = Shelf::in_memory();
        let sources = [
            SourceFolder::built_in(),
            edition_with("before", 0.5),
            edition_with("after", 11.5),
        ];
        for (after, source) in (0..).zip(sources) {
            let built = edition::build(&source.draft().expect("whole")).expect("built");
            shelf.publish(&built, after, None).await.expect("published");
        }
        shelf.republish("before", 3).await.expect("republished");
        shelf.republish("after", 4).await.expect("republished");
        shelf
    })
});

fn groeikern(line: &str) -> Ran {
    let words: Vec<&str> = line.split(' ').collect();
    run(tool(&format!("http://{}", *SERVER)).args(words))
}

#[test]
fn editions_say_which_was_gone_back_to() {
    let listed = groeikern("editions -o tsv");
    let listed = rows(&listed.stdout);
    let found: Vec<(&str, &str, &str)> = listed
        .iter()
        .map(|row| (row["edition"], row["sequence"], row["restores"]))
        .collect();
    assert_eq!(
        found,
        [
            ("after", "5", "3"),
            ("before", "4", "2"),
            ("new-towns-2024", "1", "")
        ]
    );
    let shown = groeikern("editions show before --lang en -o table");
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    assert!(
        shown.stdout.contains("before (") && shown.stdout.contains("4 (= 2)"),
        "{}",
        shown.stdout
    );
    let shown = groeikern("editions show befor --lang en");
    assert_eq!(shown.code, Some(3), "{}", shown.stderr);
}

#[test]
fn moves_are_shown_with_their_parts_and_add_up() {
    let ran = groeikern("editions diff before -o tsv");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let moves = rows(&ran.stdout);
    assert_eq!(
        moves.len(),
        12,
        "the first falls to the last place, and everybody else goes up one"
    );
    for row in &moves {
        let number = |name: &str| row[name].parse::<i32>().expect(name);
        let (own, others, units) = (number("own_value"), number("other_values"), number("units"));
        assert_eq!(own + others + units, number("move"), "{row:?}");
        assert_eq!(number("position") - number("base_position"), number("move"));
    }
    let fallen = moves.iter().find(|row| row["move"] == "11").expect("the first");
    assert_eq!(
        (fallen["own_value"], fallen["verdict"]),
        ("11", "very_unfavourable")
    );
    let table = groeikern("editions diff before after --lang en -o table");
    assert!(table.stdout.starts_with("From before ("), "{}", table.stdout);
    assert!(table.stdout.contains("+11"), "{}", table.stdout);
    assert!(
        table.stdout.contains("positions: ") && table.stdout.contains("12 moved"),
        "{}",
        table.stdout
    );
}

#[test]
fn other_changes_are_listed_when_asked_for_and_a_name_narrows_them() {
    let values = groeikern("editions diff before --show values -o tsv");
    let values = rows(&values.stdout);
    assert_eq!(values.len(), 1);
    assert_eq!((values[0]["base_value"], values[0]["value"]), ("0.5", "11.5"));
    let contents = groeikern("editions diff new-towns-2024 --show contents -o tsv");
    let contents = rows(&contents.stdout);
    let kinds: Vec<(&str, &str, &str)> = contents
        .iter()
        .map(|row| (row["kind"], row["id"], row["type"]))
        .collect();
    assert_eq!(
        kinds,
        [
            ("indicator", "low_theft", "changed"),
            ("figures", "low_theft", "added")
        ]
    );
    let narrowed = groeikern("editions diff before --region almere --indicator low_theft -o tsv");
    let narrowed = rows(&narrowed.stdout);
    assert_eq!((narrowed.len(), narrowed[0]["region_code"]), (1, "GM0034"));
    let printed = groeikern("editions diff new-towns-2024 --indicator low_theft --lang en -o tsv");
    assert!(
        rows(&printed.stdout)
            .iter()
            .all(|row| row["whole_cause"] == "basis" && row["own_value"].is_empty()),
        "{}",
        printed.stdout
    );
    assert_eq!(groeikern("editions diff nowhere").code, Some(3));
    assert_eq!(groeikern("editions diff").code, Some(2));
}

#[test]
fn who_watches_gets_a_line_per_change_and_json_per_event() {
    let ran = groeikern("editions watch --after 4 --once -o tsv --lang en");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let changes = rows(&ran.stdout);
    let fallen = changes.iter().find(|row| row["verdict"] == "very_unfavourable");
    let fallen = fallen.expect("the first fell");
    assert_eq!(
        (
            fallen["previous"],
            fallen["sequence"],
            fallen["range"],
            fallen["range_by"]
        ),
        ("4", "5", "1", "rounding"),
        "a value of its own, by one decimal: {}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("Edition 5 after 4: after ("),
        "{}",
        ran.stderr
    );
    let json = groeikern("editions watch --after 4 --once -o json");
    assert_eq!(json.stdout.lines().count(), 1, "{}", json.stdout);
    let event: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(event["comparison"], "EDITION_COMPARISON_COMPARED");
    let never = groeikern("editions watch --after 9 --once -o table --lang en");
    assert_eq!(
        (never.code, never.stdout.as_str()),
        (Some(2), ""),
        "{}",
        never.stderr
    );
    assert!(never.stderr.contains("after_sequence"), "{}", never.stderr);
    assert_eq!(
        groeikern("editions watch --indicator low_thefft --once").code,
        Some(3)
    );
}
