//! One day of new borders: where the people of a municipality went, and where those of its successors came from.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use crate::{domain::Lives, method::compensated_sum};

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
    /// The municipalities whose rest no row says: it follows from their inhabitants about that day.
    pub(super) by_inhabitants: BTreeSet<&'a str>,
}

/// Municipalities on the other side of a change, with the inhabitants that moved.
type Others<'a> = Vec<(&'a str, Option<u64>)>;

impl<'a> Day<'a> {
    pub(super) fn of(
        date: &'a str,
        moved: &BTreeMap<(&'a str, &'a str), Option<u64>>,
        lives: &Lives<'a>,
        inhabitants: &impl Fn(&str, &str) -> Option<f64>,
    ) -> Self {
        let (mut left, mut joined) = (
            BTreeMap::<&str, Others<'a>>::new(),
            BTreeMap::<&str, Others<'a>>::new(),
        );
        // By the code before the day, what it is called since.
        let mut after: BTreeMap<&str, &str> = BTreeMap::new();
        for (&code, of) in &lives.lifetimes {
            if of.to == Some(date) {
                left.entry(code).or_default();
                let new = lives.after(code, date);
                if new != code {
                    after.insert(code, new);
                    joined.entry(new).or_default();
                }
            }
            if of.from == Some(date) {
                joined.entry(code).or_default();
            }
        }
        let before: BTreeMap<&str, &str> = after.iter().map(|(old, new)| (*new, *old)).collect();
        let mut stayed: BTreeMap<&str, u64> = BTreeMap::new();
        for (&(from, to), &people) in moved {
            let Some((from, to)) = lives.moved_on(date, from, to) else {
                continue;
            };
            if to == after.get(from).copied().unwrap_or(from) {
                stayed.extend(people.map(|people| (from, people)));
            } else {
                left.entry(from).or_default().push((to, people));
                joined.entry(to).or_default().push((from, people));
            }
        }
        // By the code before the day; where no row says it, all people about that day without those that left.
        let by_inhabitants = RefCell::new(BTreeSet::new());
        let stayed = |code: &'a str| match stayed.get(code) {
            Some(people) => Some(*people as f64),
            None => {
                let left = left.get(code).into_iter().flatten();
                let left: Option<Vec<f64>> = left.map(|(_, people)| people.map(|n| n as f64)).collect();
                let rest = inhabitants(code, date)? - compensated_sum(left?);
                by_inhabitants.borrow_mut().insert(code);
                Some(rest).filter(|rest| *rest > 0.0)
            }
        };
        let forward = left.iter().filter_map(|(&code, others)| {
            let rest = match after.get(code) {
                Some(new) => Some(*new),
                None => (lives.of(code).to != Some(date)).then_some(code),
            };
            Some((code, divided(code, others, rest, || stayed(code))?))
        });
        let backward = joined.iter().filter_map(|(&code, others)| {
            let rest = match before.get(code) {
                Some(old) => Some(*old),
                None => (lives.of(code).from != Some(date)).then_some(code),
            };
            Some((code, divided(code, others, rest, || stayed(rest?))?))
        });
        Self {
            date,
            forward: forward.collect(),
            backward: backward.collect(),
            by_inhabitants: by_inhabitants.into_inner(),
        }
    }
}

/// A municipality divided over the others and, where it is on both sides of the day, itself: under this code on the other side.
/// Nothing where it stays as it is.
fn divided<'a>(
    code: &str,
    others: &Others<'a>,
    rest: Option<&'a str>,
    stayed: impl Fn() -> Option<f64>,
) -> Option<Row<'a>> {
    if let ([(only, _)], None) = (others.as_slice(), rest) {
        return Some(Row::Shares(vec![(only, 1.0)])); // however many they are, all of them
    }
    let touched: Others<'a> = others.iter().copied().filter(|(_, n)| *n != Some(0)).collect();
    if let (true, Some(rest)) = (touched.is_empty(), rest) {
        return (rest != code).then(|| Row::Shares(vec![(rest, 1.0)]));
    }
    let unknown = || {
        // Where nobody lived in any part, each of them may be the one that counts.
        let parts = if touched.is_empty() { others } else { &touched };
        let codes: BTreeSet<&str> = parts.iter().map(|(code, _)| *code).collect();
        let codes = codes.into_iter().chain(rest);
        Some(Row::Unknown(codes.collect()))
    };
    let mut parts: Vec<(&str, f64)> = Vec::with_capacity(touched.len() + 1);
    for (code, people) in &touched {
        match people {
            Some(people) => parts.push((code, *people as f64)),
            None => return unknown(),
        }
    }
    if let Some(rest) = rest {
        match stayed() {
            Some(0.0) => {} // nobody was left
            Some(people) => parts.push((rest, people)),
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
    let others = parts.iter().enumerate().filter(|(place, _)| *place != largest);
    parts[largest].1 = 1.0 - compensated_sum(others.map(|(_, (_, share))| *share));
    Some(Row::Shares(parts))
}
