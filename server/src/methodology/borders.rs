//! Examples of figures on other borders: municipalities that go, whole or in part, to one that is called T.

use std::collections::BTreeMap;

use super::{
    functions::{flag, place},
    inputs::Inputs,
};
use crate::{
    domain::{Lifetime, Lives},
    method::reorganisation::{Combine, Moved, Recast, Reorganisations},
};

const DAY: &str = "2020-01-01";
const BEFORE: &str = "2019";
const AFTER: &str = "2020";

/// The parts of a municipality that ended, by where they went.
pub(super) fn parts_of_divided(inputs: &Inputs<'_>) -> Vec<f64> {
    parts(inputs, true, |_, _| None)
}

/// The parts of one that gave some away, and what stayed.
pub(super) fn parts_of_giver(inputs: &Inputs<'_>) -> Vec<f64> {
    parts(inputs, false, |code, _| {
        (code == "A").then(|| inputs.one("inhabitants"))
    })
}

fn parts(inputs: &Inputs<'_>, ends: bool, inhabitants: impl Fn(&str, &str) -> Option<f64>) -> Vec<f64> {
    let moved = inputs.list("moved");
    let codes: Vec<String> = (0..moved.len()).map(|to| format!("T{to}")).collect();
    let rows = codes.iter().zip(moved).map(|(to, people)| row("A", to, *people));
    let mut lifetimes: BTreeMap<&str, Lifetime<'_>> = codes
        .iter()
        .map(|code| (code.as_str(), Lifetime::default()))
        .collect();
    let lifetime = Lifetime {
        from: None,
        to: ends.then_some(DAY),
    };
    lifetimes.insert("A", lifetime);
    let all = Reorganisations::of(&rows.collect::<Vec<_>>(), lives(lifetimes), inhabitants);
    let transfer = all.transfer(BEFORE, AFTER);
    let targets = codes.iter().map(String::as_str).chain((!ends).then_some("A"));
    targets
        .flat_map(|target| transfer.pieces(target).iter().find(|piece| piece.source == "A"))
        .map(|piece| piece.share)
        .collect()
}

/// The number of T, whether it is an estimate, and the part that came with pieces.
pub(super) fn recast_number(inputs: &Inputs<'_>) -> Vec<f64> {
    recast(inputs, &Combine::Sum::<fn(&str) -> Option<f64>>)
}

/// The same of a mean.
pub(super) fn recast_mean(inputs: &Inputs<'_>) -> Vec<f64> {
    let weights = inputs.list("weights");
    recast(
        inputs,
        &Combine::Mean(|code: &str| weights.get(number(code)).copied()),
    )
}

fn recast<W: Fn(&str) -> Option<f64>>(inputs: &Inputs<'_>, combine: &Combine<W>) -> Vec<f64> {
    let (moved, of) = (inputs.list("moved"), inputs.list("of"));
    let codes: Vec<String> = (0..moved.len()).map(|from| format!("S{from}")).collect();
    let mut rows = Vec::new();
    let mut lifetimes = BTreeMap::from([("T", Lifetime::default()), ("elsewhere", Lifetime::default())]);
    for (code, (moved, of)) in codes.iter().zip(moved.iter().zip(of)) {
        rows.push(row(code, "T", *moved));
        if of > moved {
            rows.push(row(code, "elsewhere", of - moved));
        }
        let ended = Lifetime {
            from: None,
            to: Some(DAY),
        };
        lifetimes.insert(code, ended);
    }
    // T begins with what comes to it.
    let began = Lifetime {
        from: Some(DAY),
        to: None,
    };
    lifetimes.insert("T", began);
    let all = Reorganisations::of(&rows, lives(lifetimes), |_, _| None);
    let transfer = all.transfer(BEFORE, AFTER);
    let values = inputs.list("values");
    let found = transfer.value("T", |code| Ok(values[number(code)]), combine);
    let Recast {
        value,
        is_estimated,
        share_moved,
        ..
    } = found.expect("a figure");
    vec![value, flag(is_estimated), share_moved]
}

fn lives<'a>(lifetimes: BTreeMap<&'a str, Lifetime<'a>>) -> Lives<'a> {
    Lives {
        lifetimes,
        ..Lives::default()
    }
}

fn row<'a>(from: &'a str, to: &'a str, people: f64) -> Moved<'a> {
    Moved {
        date: DAY,
        from,
        to,
        inhabitants: Some(place(people) as u64),
    }
}

/// The number of a municipality that goes.
fn number(code: &str) -> usize {
    code[1..].parse().expect("a number")
}
