//! What moved between municipalities is told once or twice, and never in two ways.

use crate::import::{
    UnitContent,
    fixtures::{MOVES, problems, unit},
};

const TABLE: &str = "code,date,way,other,people,homes,area\n\
    GM7001,01-01-2002,from,GM7002,900,400,10\n\
    GM7002,01-01-2002,to,GM7001,900,400,10\n\
    GM7001,01-01-2002,from,GM7001,5000,2100,90\n\
    GM7002,01-01-2002,to,GM7003,0,.,\n";

fn told(table: &str) -> Vec<String> {
    let UnitContent::BoundaryChanges(changes) = unit(MOVES, &[table]).0.content else {
        panic!("no changes")
    };
    let number = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    changes
        .iter()
        .map(|change| {
            format!(
                "{} {} {} {} {} {}",
                change.date,
                change.from,
                change.to,
                number(change.inhabitants),
                number(change.dwellings),
                number(change.hectares)
            )
        })
        .collect()
}

#[test]
fn a_change_told_from_both_sides_is_one_and_what_is_not_known_is_not_zero() {
    assert_eq!(
        told(TABLE),
        [
            "2002-01-01 GM7001 GM7001 5000 2100 90",
            "2002-01-01 GM7002 GM7001 900 400 10",
            "2002-01-01 GM7002 GM7003 0 - -",
        ]
    );
    let (_, report) = unit(MOVES, &[TABLE]);
    let counts: Vec<(&str, u64)> = report
        .counts
        .iter()
        .map(|count| (count.key, count.count))
        .collect();
    assert_eq!(
        counts,
        [
            ("changes", 3),
            ("told_by_both", 1),
            ("told_by_one", 1),
            ("stayed", 1),
            ("without_inhabitants", 0),
        ]
    );
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut lines: Vec<&str> = TABLE.lines().collect();
    lines[1..].reverse();
    assert_eq!(told(&lines.join("\n")), told(TABLE));
}

#[test]
fn two_sides_that_differ_are_refused_with_both_lines() {
    for number in ["to,GM7001,901,400,10", "to,GM7001,,400,10"] {
        let table = TABLE.replace("to,GM7001,900,400,10", number);
        let found = problems(MOVES, &[&table]);
        assert_eq!(
            found,
            [
                "1.csv:3: what moved from GM7002 to GM7001 on 2002-01-01 stands here with other numbers than on 1.csv:2: correct one of the two"
            ]
        );
    }
}

#[test]
fn cells_that_are_none_are_named_with_their_line() {
    for (wrong, right, expected) in [
        ("way,other", "where,other", "there is no column `way`"),
        (
            "from,GM7001,5000",
            "into,GM7001,5000",
            "1.csv:4: column `way`: `into` is none of \"from\", \"to\"",
        ),
        (
            "5000,2100",
            "-5,2100",
            "1.csv:4: column `people`: `-5` is not a whole number of 0 or more",
        ),
        (
            "GM7003,0",
            "WK700301,0",
            "1.csv:5: column `other`: `WK700301` is not the code of a municipality",
        ),
        (
            "01-01-2002,from,GM7001",
            ",from,GM7001",
            "1.csv:4: column `date`: is empty: a change has a day",
        ),
    ] {
        assert_eq!(TABLE.matches(wrong).count(), 1, "{wrong}");
        let found = problems(MOVES, &[&TABLE.replace(wrong, right)]);
        assert!(
            found.iter().any(|problem| problem.contains(expected)),
            "{found:?}"
        );
    }
}

#[test]
fn more_people_than_there_can_be_are_refused() {
    assert!(told(&TABLE.replace("5000,2100", "100000000000,2100"))[0].contains("100000000000"));
    for number in ["100000000001", "18446744073709551615"] {
        let found = problems(MOVES, &[&TABLE.replace("5000,2100", &format!("{number},2100"))]);
        let expected = format!("1.csv:4: column `people`: `{number}` is more than 100000000000");
        assert!(found[0].contains(&expected), "{found:?}");
    }
}
