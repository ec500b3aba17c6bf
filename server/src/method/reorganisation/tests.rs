mod lost;

use super::*;
use crate::domain::{Lifetime, ObservationStatus};

const NEW_YEAR: &str = "2020-01-01";

fn moved<'a>(date: &'a str, from: &'a str, to: &'a str, inhabitants: impl Into<Option<u64>>) -> Moved<'a> {
    Moved {
        date,
        from,
        to,
        inhabitants: inhabitants.into(),
    }
}

/// Municipalities that exist, with those that end on a day and those that begin on one.
fn lifetimes<'a>(
    existing: &[&'a str],
    ending: &[(&'a str, &'a str)],
    beginning: &[(&'a str, &'a str)],
) -> Lives<'a> {
    let mut found = BTreeMap::new();
    for &code in existing {
        found.insert(code, Lifetime::default());
    }
    for &(code, date) in ending {
        found.entry(code).or_insert_with(Lifetime::default).to = Some(date);
    }
    for &(code, date) in beginning {
        found.entry(code).or_insert_with(Lifetime::default).from = Some(date);
    }
    Lives {
        lifetimes: found,
        renamed: BTreeMap::new(),
    }
}

fn nobody_knows(_: &str, _: &str) -> Option<f64> {
    None
}

type Weight = fn(&str) -> Option<f64>;
const SUM: Combine<Weight> = Combine::Sum;
const NOT_POSSIBLE: Combine<Weight> = Combine::NotPossible;

fn known<'a>(values: &'a [(&'a str, f64)]) -> impl Fn(&str) -> Result<f64, ObservationStatus> + 'a {
    |code| {
        let found = values.iter().find(|(of, _)| *of == code);
        found.map(|(_, value)| *value).ok_or(ObservationStatus::Missing)
    }
}

fn shares<'a>(transfer: &Transfer<'a>, target: &str) -> Vec<(&'a str, f64, bool)> {
    let pieces = transfer.pieces(target).iter();
    pieces
        .map(|piece| (piece.source, piece.share, piece.is_estimated))
        .collect()
}

#[test]
fn a_merger_adds_up_exactly_and_parting_it_again_is_an_estimate() {
    let changes = [moved(NEW_YEAR, "A", "B", 100), moved(NEW_YEAR, "B", "B", 900)];
    let all = Reorganisations::of(&changes, lifetimes(&["B"], &[("A", NEW_YEAR)], &[]), nobody_knows);
    let forward = all.transfer("2019", "2020");
    assert_eq!(shares(&forward, "B"), [("A", 1.0, false), ("B", 1.0, false)]);
    let sum = forward.value("B", known(&[("A", 10.0), ("B", 20.0)]), &SUM);
    let sum = sum.expect("a sum");
    assert_eq!(
        (sum.value, sum.is_recast, sum.is_estimated, sum.share_moved),
        (30.0, true, false, 0.0)
    );
    assert_eq!(sum.made_of, ["A", "B"]);

    let backward = all.transfer("2020", "2019");
    assert_eq!(shares(&backward, "A"), [("B", 0.1, true)]);
    let part = backward.value("A", known(&[("B", 30.0)]), &SUM).expect("a part");
    assert!((part.value - 3.0).abs() < 1e-12);
    assert_eq!((part.is_estimated, part.share_moved), (true, 1.0));
    let rest = backward
        .value("B", known(&[("B", 30.0)]), &SUM)
        .expect("the rest");
    assert!((rest.value - 27.0).abs() < 1e-12);
    assert_eq!((rest.is_estimated, rest.share_moved), (true, 0.0));
}

#[test]
fn a_split_is_an_estimate_and_putting_it_together_again_is_exact() {
    let changes = [moved(NEW_YEAR, "A", "B", 300), moved(NEW_YEAR, "A", "C", 100)];
    let existing = lifetimes(&[], &[("A", NEW_YEAR)], &[("B", NEW_YEAR), ("C", NEW_YEAR)]);
    let all = Reorganisations::of(&changes, existing, nobody_knows);
    let forward = all.transfer("2019", "2020");
    assert_eq!(shares(&forward, "B"), [("A", 0.75, true)]);
    assert_eq!(shares(&forward, "C"), [("A", 0.25, true)]);
    let backward = all.transfer("2020", "2019");
    assert_eq!(shares(&backward, "A"), [("B", 1.0, false), ("C", 1.0, false)]);
}

#[test]
fn of_a_partial_move_the_rest_stays() {
    let changes = [moved(NEW_YEAR, "A", "B", 50)];
    let people = |code: &str, date: &str| {
        assert_eq!(date, NEW_YEAR);
        Some(if code == "A" { 1000.0 } else { 450.0 })
    };
    let all = Reorganisations::of(&changes, lifetimes(&["A", "B"], &[], &[]), people);
    let forward = all.transfer("2019", "2020");
    assert_eq!(shares(&forward, "A"), [("A", 0.95, true)]);
    assert_eq!(shares(&forward, "B"), [("A", 0.05, true), ("B", 1.0, false)]);
    let counts = known(&[("A", 2000.0), ("B", 900.0)]);
    // What weighs a part that stands alone does not matter.
    let unweighted: Combine<Weight> = Combine::Mean(|_| None);
    let alone = forward.value("A", &counts, &unweighted).map(|found| found.value);
    assert_eq!(alone, Ok(2000.0));
    assert_eq!(forward.value("B", &counts, &unweighted), Err(NotRecast::NoWeight));
    let grown = forward.value("B", &counts, &SUM).expect("a sum");
    assert!((grown.value - 1000.0).abs() < 1e-9 && (grown.share_moved - 0.1).abs() < 1e-12);
    // B after the day is 450 people of its own and 50 of A.
    let backward = all.transfer("2020", "2019");
    assert_eq!(shares(&backward, "A"), [("A", 1.0, false), ("B", 0.1, true)]);
    assert_eq!(shares(&backward, "B"), [("B", 0.9, true)]);
    let supposed: Vec<(&str, &str)> = all.by_inhabitants("2020", "2019").collect();
    assert_eq!(supposed, [(NEW_YEAR, "A"), (NEW_YEAR, "B")]);
    assert_eq!(all.by_inhabitants("2020", "2024").count(), 0);
}

#[test]
fn land_without_people_moves_nothing() {
    let changes = [
        moved(NEW_YEAR, "A", "B", 0),
        moved(NEW_YEAR, "C", "A", 500),
        moved(NEW_YEAR, "C", "B", 0),
    ];
    let existing = || lifetimes(&["A", "B"], &[("C", NEW_YEAR)], &[]);
    let forward = Reorganisations::of(&changes, existing(), nobody_knows).transfer("2019", "2020");
    assert_eq!(shares(&forward, "A"), [("A", 1.0, false), ("C", 1.0, false)]);
    assert!(forward.is_unchanged("B"));
    assert_eq!(
        forward
            .value("B", known(&[("B", 4.5)]), &NOT_POSSIBLE)
            .map(|found| found.value),
        Ok(4.5)
    );
}

#[test]
fn of_nothing_nothing_moved() {
    let changes = [moved(NEW_YEAR, "A", "B", 50), moved(NEW_YEAR, "A", "A", 50)];
    let all = Reorganisations::of(&changes, lifetimes(&["A", "B"], &[], &[]), nobody_knows);
    let found = all
        .transfer("2019", "2020")
        .value("B", known(&[("A", 0.0), ("B", 0.0)]), &SUM);
    let found = found.expect("a sum");
    assert_eq!((found.value, found.share_moved), (0.0, 0.0));
}

fn renamed() -> Lives<'static> {
    Lives {
        renamed: BTreeMap::from([("A", "B")]),
        ..lifetimes(&["C"], &[("A", NEW_YEAR)], &[("B", NEW_YEAR)])
    }
}

#[test]
fn a_new_name_keeps_every_figure() {
    let all = Reorganisations::of(&[], renamed(), nobody_knows);
    for (from, to, old, new) in [("2019", "2020", "A", "B"), ("2020", "2019", "B", "A")] {
        let found = all
            .transfer(from, to)
            .value(new, known(&[(old, 4.5)]), &NOT_POSSIBLE);
        let found = found.expect("the same figure");
        assert_eq!(
            (found.value, found.is_recast, found.is_estimated),
            (4.5, true, false)
        );
        assert_eq!(found.made_of, [old]);
    }
}

#[test]
fn a_new_name_and_a_part_of_another_on_one_day_are_told_apart() {
    // By the new name or by the old one: the part joins what is called B since.
    for to in ["A", "B"] {
        let changes = [moved(NEW_YEAR, "C", to, 5), moved(NEW_YEAR, "C", "C", 95)];
        let people = |code: &str, _: &str| (code == "A").then_some(45.0);
        let all = Reorganisations::of(&changes, renamed(), people);
        let forward = all.transfer("2019", "2020");
        assert_eq!(shares(&forward, "B"), [("A", 1.0, false), ("C", 0.05, true)]);
        let backward = all.transfer("2020", "2019");
        assert_eq!(shares(&backward, "A"), [("B", 0.9, true)]);
        assert_eq!(shares(&backward, "C"), [("B", 0.1, true), ("C", 1.0, false)]);
    }
}

#[test]
fn who_ends_in_the_first_year_before_its_first_move_is_lost() {
    let changes = [
        moved("2019-06-01", "B", "C", 5),
        moved("2019-06-01", "B", "B", 95),
    ];
    let existing = lifetimes(&["B", "C"], &[("A", "2019-03-01")], &[]);
    let all = Reorganisations::of(&changes, existing, nobody_knows);
    let lost: Vec<&str> = all
        .transfer("2019", "2020")
        .lost()
        .map(|gap| gap.municipality)
        .collect();
    assert_eq!(lost, ["A"]);
}

#[test]
fn a_move_to_a_municipality_that_had_ended_is_none() {
    let changes = [
        moved(NEW_YEAR, "A", "B", 100),
        moved(NEW_YEAR, "B", "B", 900),
        moved("2021-01-01", "B", "A", 100),
        moved("2021-01-01", "C", "B", 0),
    ];
    let existing = lifetimes(&["B", "C"], &[("A", NEW_YEAR)], &[]);
    let all = Reorganisations::of(&changes, existing, nobody_knows);
    assert!(all.transfer("2020", "2021").is_unchanged("B"));
    assert!(all.transfer("2021", "2020").is_unchanged("B"));
}

#[test]
fn figures_that_do_not_add_up_are_not_recast() {
    let changes = [moved(NEW_YEAR, "A", "B", 100), moved(NEW_YEAR, "B", "B", 900)];
    let existing = lifetimes(&["B", "C"], &[("A", NEW_YEAR)], &[]);
    let forward = Reorganisations::of(&changes, existing, nobody_knows).transfer("2019", "2020");
    let values = known(&[("A", 1.0), ("B", 2.0), ("C", 3.0)]);
    // Also where there is no figure: with one there would be none either.
    for values in [&values as &dyn Fn(&str) -> _, &known(&[])] {
        assert_eq!(
            forward.value("B", values, &NOT_POSSIBLE),
            Err(NotRecast::NotPossible)
        );
    }
    assert_eq!(
        forward.value("X", &values, &NOT_POSSIBLE),
        Err(NotRecast::Absent(ObservationStatus::Missing)),
        "nobody came to it"
    );
    assert_eq!(
        forward
            .value("C", &values, &NOT_POSSIBLE)
            .map(|found| found.value),
        Ok(3.0)
    );
}

#[test]
fn means_are_weighted_by_what_they_are_of() {
    let changes = [moved(NEW_YEAR, "A", "B", 100), moved(NEW_YEAR, "B", "B", 900)];
    let existing = lifetimes(&["B"], &[("A", NEW_YEAR)], &[]);
    let forward = Reorganisations::of(&changes, existing, nobody_knows).transfer("2019", "2020");
    let values = known(&[("A", 10.0), ("B", 20.0)]);
    let households = |code: &str| Some(if code == "A" { 40.0 } else { 160.0 });
    let mean = forward
        .value("B", &values, &Combine::Mean(households))
        .expect("a mean");
    assert_eq!(mean.value, 18.0);
    let unknown = |code: &str| (code == "A").then_some(40.0);
    assert_eq!(
        forward.value("B", &values, &Combine::Mean(unknown)),
        Err(NotRecast::NoWeight)
    );
    let nothing = |_: &str| Some(0.0);
    assert_eq!(
        forward.value("B", &values, &Combine::Mean(nothing)),
        Err(NotRecast::NoWeight)
    );
}

#[test]
fn a_figure_needs_that_of_every_municipality_it_is_made_of() {
    let changes = [moved(NEW_YEAR, "A", "B", 1), moved(NEW_YEAR, "B", "B", 900_000)];
    let existing = lifetimes(&["B"], &[("A", NEW_YEAR)], &[]);
    let forward = Reorganisations::of(&changes, existing, nobody_knows).transfer("2019", "2020");
    let withheld = |code: &str| match code {
        "A" => Err(ObservationStatus::Suppressed),
        _ => Ok(1.0),
    };
    assert_eq!(
        forward.value("B", withheld, &SUM),
        Err(NotRecast::Absent(ObservationStatus::Suppressed))
    );
}

#[test]
fn a_day_in_the_course_of_a_year_counts_for_the_next() {
    let changes = [
        moved("2022-03-24", "W", "A", 20),
        moved("2022-03-24", "A", "A", 900),
    ];
    let all = Reorganisations::of(
        &changes,
        lifetimes(&["A"], &[("W", "2022-03-24")], &[]),
        nobody_knows,
    );
    assert_eq!(all.municipalities("2022"), ["A", "W"]);
    assert_eq!(all.municipalities("2023"), ["A"]);
    assert!(all.transfer("2021", "2022").is_unchanged("W"));
    assert_eq!(
        shares(&all.transfer("2022", "2023"), "A"),
        [("A", 1.0, false), ("W", 1.0, false)]
    );
}

#[test]
fn a_chain_is_followed_to_its_end() {
    // A third of A goes to B, the rest becomes C; later B and C are one.
    let changes = [
        moved("2019-01-01", "A", "B", 100),
        moved("2019-01-01", "A", "C", 200),
        moved("2019-01-01", "B", "B", 700),
        moved("2021-01-01", "B", "D", 800),
        moved("2021-01-01", "C", "D", 200),
    ];
    let existing = lifetimes(
        &[],
        &[("A", "2019-01-01"), ("B", "2021-01-01"), ("C", "2021-01-01")],
        &[("C", "2019-01-01"), ("D", "2021-01-01")],
    );
    let all = Reorganisations::of(&changes, existing, nobody_knows);
    assert_eq!(
        shares(&all.transfer("2018", "2020"), "B"),
        [("A", 1.0 / 3.0, true), ("B", 1.0, false)]
    );
    // Brought together again, nothing of the estimate is left.
    assert_eq!(
        shares(&all.transfer("2018", "2021"), "D"),
        [("A", 1.0, false), ("B", 1.0, false)]
    );
}
