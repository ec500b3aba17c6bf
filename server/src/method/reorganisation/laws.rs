//! The laws of recasting, over histories of made-up municipalities.

use proptest::prelude::*;

use super::*;
use crate::{
    domain::{Lifetime, ObservationStatus},
    method::compensated_sum,
};

const FIRST: u32 = 2000;
const LAST: u32 = 2006;

/// What happens on a day, to municipalities picked by number.
#[derive(Debug, Clone)]
enum Event {
    Merge(usize, usize),
    Join(usize, usize),
    /// In thousandths.
    Split(usize, u64),
    /// In thousandths.
    Part(usize, usize, u64),
    Rename(usize),
}

/// A history as a table would tell it.
#[derive(Debug, Clone, Default)]
struct History {
    moved: Vec<(String, String, String, Option<u64>)>,
    lifetimes: BTreeMap<String, (Option<String>, Option<String>)>,
    renamed: BTreeMap<String, String>,
    people: BTreeMap<(String, String), f64>,
}

impl History {
    /// Plays events, one a year, on municipalities of these sizes.
    fn of(sizes: &[u64], events: &[Event]) -> Self {
        let mut history = Self::default();
        let mut living: Vec<(String, u64)> = Vec::new();
        for (number, size) in sizes.iter().enumerate() {
            let code = format!("GM{number:04}");
            history.lifetimes.insert(code.clone(), (None, None));
            living.push((code, *size));
        }
        let mut next = sizes.len();
        for (year, event) in (FIRST + 1..=LAST).zip(events) {
            let date = format!("{year}-01-01");
            for (code, size) in &living {
                history.people.insert((code.clone(), date.clone()), *size as f64);
            }
            let mut found = |history: &mut Self| {
                let code = format!("GM{next:04}");
                next += 1;
                history.lifetimes.insert(code.clone(), (Some(date.clone()), None));
                code
            };
            let number = living.len();
            let mut row = |from: &str, to: &str, people| {
                history
                    .moved
                    .push((date.clone(), from.to_owned(), to.to_owned(), people));
            };
            let mut ended = Vec::new();
            match *event {
                Event::Join(a, b) if a % number != b % number => {
                    let (from, to) = (living[a % number].clone(), living[b % number].clone());
                    row(&from.0, &to.0, Some(from.1));
                    row(&to.0, &to.0, Some(to.1));
                    living[b % number].1 += from.1;
                    ended.push(from.0);
                }
                Event::Part(a, b, share) if a % number != b % number => {
                    let (from, to) = (living[a % number].clone(), living[b % number].clone());
                    let people = from.1 * share / 1000;
                    row(&from.0, &to.0, Some(people));
                    living[a % number].1 -= people;
                    living[b % number].1 += people;
                }
                Event::Merge(a, b) if a % number != b % number => {
                    let (one, other) = (living[a % number].clone(), living[b % number].clone());
                    row(&one.0, "new", Some(one.1));
                    row(&other.0, "new", Some(other.1));
                    let code = found(&mut history);
                    living.push((code, one.1 + other.1));
                    ended.extend([one.0, other.0]);
                }
                Event::Split(a, share) => {
                    let (code, size) = living[a % number].clone();
                    let part = size * share / 1000;
                    let (one, other) = (found(&mut history), found(&mut history));
                    history
                        .moved
                        .push((date.clone(), code.clone(), one.clone(), Some(part)));
                    history
                        .moved
                        .push((date.clone(), code.clone(), other.clone(), Some(size - part)));
                    living.extend([(one, part), (other, size - part)]);
                    ended.push(code);
                }
                Event::Rename(a) => {
                    let (code, size) = living[a % number].clone();
                    let new = found(&mut history);
                    history.renamed.insert(code.clone(), new.clone());
                    living.push((new, size));
                    ended.push(code);
                }
                Event::Join(..) | Event::Part(..) | Event::Merge(..) => {}
            }
            let newest = living.last().map(|(code, _)| code.clone()).unwrap_or_default();
            for (_, _, to, _) in history.moved.iter_mut().filter(|(_, _, to, _)| to == "new") {
                to.clone_from(&newest);
            }
            for code in ended {
                living.retain(|(known, _)| *known != code);
                history.lifetimes.entry(code).or_default().1 = Some(date.clone());
            }
        }
        history
    }

    fn moved(&self) -> Vec<Moved<'_>> {
        let rows = self.moved.iter();
        rows.map(|(date, from, to, inhabitants)| Moved {
            date,
            from,
            to,
            inhabitants: *inhabitants,
        })
        .collect()
    }

    fn reorganisations(&self, moved: &[Moved<'_>]) -> Reorganisations<'_> {
        let lifetimes = self.lifetimes.iter().map(|(code, (from, to))| {
            let of = Lifetime {
                from: from.as_deref(),
                to: to.as_deref(),
            };
            (code.as_str(), of)
        });
        let own: Vec<Moved<'_>> = self.moved();
        let sorted = moved
            .iter()
            .filter_map(|row| own.iter().find(|known| *known == row).copied());
        let renamed = self.renamed.iter();
        let lives = Lives {
            lifetimes: lifetimes.collect(),
            renamed: renamed.map(|(old, new)| (old.as_str(), new.as_str())).collect(),
        };
        Reorganisations::of(&sorted.collect::<Vec<_>>(), lives, |code, date| {
            self.people.get(&(code.to_owned(), date.to_owned())).copied()
        })
    }
}

fn history() -> impl Strategy<Value = History> {
    let pick = 0_usize..20;
    let event = prop_oneof![
        (pick.clone(), pick.clone()).prop_map(|(a, b)| Event::Merge(a, b)),
        (pick.clone(), pick.clone()).prop_map(|(a, b)| Event::Join(a, b)),
        (pick.clone(), 50_u64..950).prop_map(|(a, share)| Event::Split(a, share)),
        (pick.clone(), pick.clone(), 0_u64..500).prop_map(|(a, b, share)| Event::Part(a, b, share)),
        pick.prop_map(Event::Rename),
    ];
    let years = (LAST - FIRST) as usize;
    (
        prop::collection::vec(1000_u64..1_000_000, 2..8),
        prop::collection::vec(event, years),
    )
        .prop_map(|(sizes, events)| History::of(&sizes, &events))
}

fn year() -> impl Strategy<Value = String> {
    (FIRST..=LAST).prop_map(|year| year.to_string())
}

type Weight = fn(&str) -> Option<f64>;
const SUM: Combine<Weight> = Combine::Sum;

/// A count of each municipality, also below zero: a balance.
fn count_of(code: &str) -> f64 {
    let number: f64 = code[2..].parse().expect("a number");
    (number * 37.0) % 101.0 * 1e3 - 20.0
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

/// By source, its shares over all targets.
fn shares<'a>(transfer: &Transfer<'a>) -> BTreeMap<&'a str, BTreeMap<&'a str, f64>> {
    let mut found: BTreeMap<&str, BTreeMap<&str, f64>> = BTreeMap::new();
    for (&target, pieces) in &transfer.pieces {
        for piece in pieces {
            found.entry(piece.source).or_default().insert(target, piece.share);
        }
    }
    found
}

proptest! {
    #[test]
    fn counts_are_conserved_both_ways(history in history(), from in year(), to in year()) {
        let all = history.reorganisations(&history.moved());
        let transfer = all.transfer(&from, &to);
        let before = compensated_sum(all.municipalities(&from).into_iter().map(count_of));
        let after = all.municipalities(&to).into_iter().map(|target| {
            transfer.value(target, |code| Ok(count_of(code)), &SUM).map(|found| found.value)
        });
        let after: Vec<f64> = after.collect::<Result<_, _>>().map_err(|why| TestCaseError::fail(format!("{why:?}")))?;
        prop_assert!(near(before, compensated_sum(after)));
        prop_assert_eq!(transfer.lost().count(), 0);
    }

    #[test]
    fn shares_are_parts_that_add_up_to_one(history in history(), from in year(), to in year()) {
        let all = history.reorganisations(&history.moved());
        let transfer = all.transfer(&from, &to);
        let by_source = shares(&transfer);
        prop_assert_eq!(by_source.keys().copied().collect::<Vec<_>>(), all.municipalities(&from));
        for parts in by_source.values() {
            prop_assert!(parts.values().all(|share| (0.0..=1.0).contains(share)));
            prop_assert!((compensated_sum(parts.values().copied()) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_same_year_changes_nothing(history in history(), year in year()) {
        let all = history.reorganisations(&history.moved());
        let transfer = all.transfer(&year, &year);
        for code in all.municipalities(&year) {
            let found = transfer.value(code, |code| Ok(count_of(code)), &SUM).expect("a figure");
            prop_assert_eq!(found.value.to_bits(), count_of(code).to_bits());
            prop_assert!(!found.is_recast);
        }
    }

    #[test]
    fn two_steps_forward_are_one(history in history(), mut years in prop::array::uniform3(FIRST..=LAST)) {
        years.sort_unstable();
        let [first, middle, last] = years.map(|year| year.to_string());
        let all = history.reorganisations(&history.moved());
        let (one, two) = (shares(&all.transfer(&first, &middle)), shares(&all.transfer(&middle, &last)));
        for (source, parts) in shares(&all.transfer(&first, &last)) {
            let mut composed: BTreeMap<&str, f64> = BTreeMap::new();
            for (through, share) in &one[source] {
                for (target, part) in &two[through] {
                    *composed.entry(target).or_default() += share * part;
                }
            }
            prop_assert_eq!(composed.keys().collect::<Vec<_>>(), parts.keys().collect::<Vec<_>>());
            for (target, share) in parts {
                prop_assert!((composed[target] - share).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_constant_share_stays_constant(history in history(), from in year(), to in year(), share in 0.0..100.0) {
        let all = history.reorganisations(&history.moved());
        let transfer = all.transfer(&from, &to);
        let weigh = Combine::Mean(|code: &str| Some(count_of(code).abs()));
        for target in all.municipalities(&to) {
            let found = transfer.value(target, |_| Ok(share), &weigh).expect("a mean");
            prop_assert!(near(found.value, share));
            prop_assert!((0.0..=1.0).contains(&found.share_moved));
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        (history, shuffled) in history().prop_flat_map(|history| {
            let rows: Vec<usize> = (0..history.moved.len()).collect();
            (Just(history), Just(rows).prop_shuffle())
        }),
        from in year(),
        to in year(),
    ) {
        let rows = history.moved();
        let other: Vec<Moved<'_>> = shuffled.into_iter().map(|place| rows[place]).collect();
        prop_assert_eq!(
            history.reorganisations(&rows).transfer(&from, &to),
            history.reorganisations(&other).transfer(&from, &to)
        );
    }

    #[test]
    fn what_lacks_a_figure_lacks_it_everywhere(history in history(), from in year(), to in year()) {
        let all = history.reorganisations(&history.moved());
        let transfer = all.transfer(&from, &to);
        let Some(&without) = all.municipalities(&from).first() else { return Ok(()) };
        let values = |code: &str| if code == without { Err(ObservationStatus::Missing) } else { Ok(1.0) };
        for target in all.municipalities(&to) {
            let made_of_it = transfer.pieces(target).iter().any(|piece| piece.source == without);
            prop_assert_eq!(transfer.value(target, values, &SUM).is_err(), made_of_it);
        }
    }
}
