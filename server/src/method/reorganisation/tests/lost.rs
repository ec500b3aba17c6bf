//! What nobody says where it went, or how much of it.

use super::*;

#[test]
fn a_rest_that_all_people_about_the_day_do_not_leave_is_not_known() {
    // Two sources of other days: that they give the same number does not say that nobody stayed.
    let changes = [moved(NEW_YEAR, "A", "B", 50)];
    let all = Reorganisations::of(&changes, lifetimes(&["A", "B"], &[], &[]), |_, _| Some(50.0));
    let gap = Gap {
        date: NEW_YEAR,
        municipality: "A",
    };
    let forward = all.transfer("2019", "2020");
    for target in ["A", "B"] {
        assert_eq!(forward.gaps(target).collect::<Vec<_>>(), [gap], "{target}");
    }
}

#[test]
fn unknown_numbers_are_no_zeros() {
    let changes = [
        moved(NEW_YEAR, "A", "B", None),
        moved(NEW_YEAR, "A", "C", 40),
        moved(NEW_YEAR, "D", "E", 7),
    ];
    let existing = lifetimes(&["B", "C", "D", "E", "F"], &[("A", NEW_YEAR)], &[]);
    let all = Reorganisations::of(&changes, existing, nobody_knows);
    let forward = all.transfer("2019", "2020");
    let everything = |_: &str| Ok(1.0);
    let of = |municipality| {
        Err(NotRecast::Gaps(vec![Gap {
            date: NEW_YEAR,
            municipality,
        }]))
    };
    for (target, gap) in [("B", "A"), ("C", "A"), ("D", "D"), ("E", "D")] {
        assert_eq!(forward.value(target, everything, &SUM), of(gap), "{target}");
    }
    assert_eq!(
        forward.value("F", everything, &SUM).map(|found| found.value),
        Ok(1.0)
    );
    // What is not known stays so on later days.
    let later = [
        &changes[..],
        &[
            moved("2021-01-01", "C", "F", 3),
            moved("2021-01-01", "C", "C", 97),
        ],
    ]
    .concat();
    let existing = lifetimes(&["B", "C", "D", "E", "F"], &[("A", NEW_YEAR)], &[]);
    let chain = Reorganisations::of(&later, existing, nobody_knows).transfer("2019", "2021");
    assert_eq!(chain.value("F", everything, &SUM), of("A"));
}

#[test]
fn who_ends_on_a_day_of_which_no_move_is_known_is_lost_on_that_day() {
    // The first day of which anything is known is years before.
    let changes = [
        moved("2010-01-01", "C", "D", 5),
        moved("2010-01-01", "C", "C", 95),
    ];
    let lives = lifetimes(&["C", "D"], &[("A", NEW_YEAR)], &[("B", NEW_YEAR)]);
    let all = Reorganisations::of(&changes, lives, nobody_knows);
    for (from, to, expected) in [("2019", "2020", "A"), ("2020", "2019", "B")] {
        let transfer = all.transfer(from, to);
        let gaps: Vec<Gap<'_>> = transfer.lost().collect();
        assert_eq!(
            gaps,
            [Gap {
                date: NEW_YEAR,
                municipality: expected,
            }]
        );
    }
}

#[test]
fn people_do_not_go_on_under_a_name_that_nobody_had_on_that_day() {
    let lives = Lives {
        renamed: BTreeMap::from([("A", "B")]),
        ..lifetimes(&["C"], &[("A", NEW_YEAR), ("B", "2015-01-01")], &[])
    };
    let all = Reorganisations::of(&[], lives, nobody_knows);
    let transfer = all.transfer("2019", "2020");
    assert!(transfer.pieces("B").is_empty());
    let lost: Vec<&str> = transfer.lost().map(|gap| gap.municipality).collect();
    assert_eq!(lost, ["A"]);
}

#[test]
fn one_new_name_of_two_cannot_be_followed() {
    let lives = Lives {
        renamed: BTreeMap::from([("A", "B"), ("D", "B")]),
        ..lifetimes(&[], &[("A", NEW_YEAR), ("D", NEW_YEAR)], &[("B", NEW_YEAR)])
    };
    let all = Reorganisations::of(&[], lives, nobody_knows);
    for (from, to, expected) in [("2019", "2020", &["A", "D"][..]), ("2020", "2019", &["B"])] {
        let transfer = all.transfer(from, to);
        let lost: Vec<&str> = transfer.lost().map(|gap| gap.municipality).collect();
        assert_eq!(lost, expected);
    }
}

#[test]
fn people_who_cannot_be_followed_are_named() {
    let changes = [moved(NEW_YEAR, "A", "B", 5), moved(NEW_YEAR, "B", "B", 5)];
    let existing = lifetimes(&["B"], &[("A", NEW_YEAR), ("C", NEW_YEAR)], &[]);
    let all = Reorganisations::of(&changes, existing, nobody_knows);
    let lost: Vec<Gap<'_>> = all.transfer("2019", "2020").lost().collect();
    let expected = Gap {
        date: NEW_YEAR,
        municipality: "C",
    };
    assert_eq!(lost, [expected]);
}
