//! One day of new borders: where the people of a municipality went, and where those of its successors came from.

use std::collections::{BTreeMap, BTreeSet};

use super::Lifetime;
use crate::method::compensated_sum;

/// What becomes of a municipality on a day, or what it was before.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Row<'a> {
    /// These, by code, with shares above 0 that add up to 1.
    Shares(Vec<(&'a str, f64)>),
    /// Something of which it is not known how many people it is: it touches these.
    Unknown(Vec<&'a str>),
}

/// The rows of a day; a municipality without one goes on as it was.
pub(super) type Rows<'a> = BTreeMap<&'a str, Row<'a>>;

/// The rows of a day, in both directions.
#[derive(Debug, Clone)]
pub(super) struct Day<'a> {
    pub(super) date: &'a str,
    /// By the municipality before it.
    pub(super) forward: Rows<'a>,
    /// By the municipality after it.
    pub(super) backward: Rows<'a>,
}

/// Municipalities on the other side of a change, with the inhabitants that moved.
type Others<'a> = Vec<(&'a str, Option<u64>)>;

impl<'a> Day<'a> {
    pub(super) fn of(
        date: &'a str,
        moved: &BTreeMap<(&'a str, &'a str), Option<u64>>,
        lifetimes: &BTreeMap<&'a str, Lifetime<'a>>,
        inhabitants: &impl Fn(&str, &str) -> Option<f64>,
    ) -> Self {
        let (mut left, mut joined) = (
            BTreeMap::<&str, Others<'a>>::new(),
            BTreeMap::<&str, Others<'a>>::new(),
        );
        for (&(from, to), &people) in moved.iter().filter(|((from, to), _)| from != to) {
            left.entry(from).or_default().push((to, people));
            joined.entry(to).or_default().push((from, people));
        }
        for (&code, of) in lifetimes {
            if of.to == Some(date) {
                left.entry(code).or_default();
            }
            if of.from == Some(date) {
                joined.entry(code).or_default();
            }
        }
        let of = |code: &str| lifetimes.get(code).copied().unwrap_or_default();
        // What a row says, or else all people about that day without those that left.
        let stayed = |code: &str| match moved.get(&(code, code)).copied().flatten() {
            Some(people) => Some(people as f64),
            None => {
                let left = left.get(code).into_iter().flatten();
                let left: Option<Vec<f64>> = left.map(|(_, people)| people.map(|n| n as f64)).collect();
                Some(inhabitants(code, date)? - compensated_sum(left?)).filter(|rest| *rest > 0.0)
            }
        };
        let rows = |sides: &BTreeMap<&'a str, Others<'a>>, goes_on: &dyn Fn(&str) -> bool| -> Rows<'a> {
            let rows = sides.iter().filter_map(|(&code, others)| {
                let itself = goes_on(code).then_some(code);
                Some((code, divided(others, itself, stayed)?))
            });
            rows.collect()
        };
        Self {
            date,
            forward: rows(&left, &|code| of(code).to != Some(date)),
            backward: rows(&joined, &|code| of(code).from != Some(date)),
        }
    }
}

/// A municipality divided over the others and, where it is on both sides of the day, itself. Nothing where it stays whole.
fn divided<'a>(
    others: &Others<'a>,
    itself: Option<&'a str>,
    stayed: impl Fn(&str) -> Option<f64>,
) -> Option<Row<'a>> {
    if let ([(only, _)], None) = (others.as_slice(), itself) {
        return Some(Row::Shares(vec![(only, 1.0)])); // however many they are, all of them
    }
    let touched: Others<'a> = others.iter().copied().filter(|(_, n)| *n != Some(0)).collect();
    if touched.is_empty() && itself.is_some() {
        return None;
    }
    let unknown = || {
        // Where nobody lived in any part, each of them may be the one that counts.
        let parts = if touched.is_empty() { others } else { &touched };
        let codes: BTreeSet<&str> = parts.iter().map(|(code, _)| *code).collect();
        let codes = codes.into_iter().chain(itself);
        Some(Row::Unknown(codes.collect()))
    };
    let mut parts: Vec<(&str, f64)> = Vec::with_capacity(touched.len() + 1);
    for (code, people) in &touched {
        match people {
            Some(people) => parts.push((code, *people as f64)),
            None => return unknown(),
        }
    }
    if let Some(code) = itself {
        match stayed(code) {
            Some(0.0) => {} // nobody was left
            Some(people) => parts.push((code, people)),
            None => return unknown(),
        }
    }
    let Some(largest) = (0..parts.len()).max_by(|&a, &b| parts[a].1.total_cmp(&parts[b].1)) else {
        return unknown();
    };
    // The largest part is what the others leave, so that nothing is lost by rounding.
    let whole = compensated_sum(parts.iter().map(|(_, people)| *people));
    for part in &mut parts {
        part.1 /= whole;
    }
    let rest = parts.iter().enumerate().filter(|(place, _)| *place != largest);
    parts[largest].1 = 1.0 - compensated_sum(rest.map(|(_, (_, share))| *share));
    Some(Row::Shares(parts))
}
