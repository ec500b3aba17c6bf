//! Reorganisations: figures of the municipalities of one year, put on the borders of another.
//!
//! What moved is known in inhabitants, per day. A municipality that ended is divided over those that received its people; of one
//! that went on, the rest stays. Days are walked one after the other, forward for older figures on later borders and backward
//! for newer figures on earlier ones, and the shares of every municipality always add up to one. A number of inhabitants that is
//! not known is a [`Gap`]: what it touches is not recast. Nothing here rounds.
//!
//! Reading order: [`mod@day`] (one day's rows), [`transfer`] (days one after the other), [`values`] (figures along them).

mod day;
mod transfer;
mod values;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use day::Day;
pub use transfer::{Gap, Piece, Transfer};
pub use values::{Combine, NotRecast, Recast};

use crate::domain::{Lives, year_of};

/// How far from a day, in years, the inhabitants of a municipality may be that stand for those of that day.
pub const NEAREST_INHABITANTS: i32 = 10;

/// What moved from one municipality to another on a day; from one to itself, what stayed where others joined it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved<'a> {
    /// The first day of the new borders, ISO 8601.
    pub date: &'a str,
    /// Code it belonged to.
    pub from: &'a str,
    /// Code it belongs to since.
    pub to: &'a str,
    /// Inhabitants of what moved; `None` where they are not known, which is not zero.
    pub inhabitants: Option<u64>,
}

/// Everything that moved between municipalities, day by day.
#[derive(Debug, Clone)]
pub struct Reorganisations<'a> {
    /// By date.
    days: Vec<Day<'a>>,
    lives: Lives<'a>,
}

impl<'a> Reorganisations<'a> {
    /// What moved, each day, source and destination once and in any order, between municipalities with these lives. What is said to
    /// have moved from one that did not exist before the day, or to one that did not after it, is left out: it is no move of that
    /// day. `inhabitants` says how many people lived in a municipality about a day, where that is known: it gives the whole of one
    /// that went on where no row says what stayed.
    #[must_use]
    pub fn of(
        moved: &[Moved<'a>],
        lives: Lives<'a>,
        inhabitants: impl Fn(&str, &str) -> Option<f64>,
    ) -> Self {
        let mut by_date: BTreeMap<&str, BTreeMap<(&str, &str), Option<u64>>> = BTreeMap::new();
        for change in moved {
            let day = by_date.entry(change.date).or_default();
            day.insert((change.from, change.to), change.inhabitants);
        }
        for old in lives.renamed.keys() {
            if let Some(date) = lives.of(old).to {
                by_date.entry(date).or_default();
            }
        }
        // A code can also begin or end on a day of which nobody wrote down what moved. Borders are known from the year on in which
        // the first days are.
        if let Some(first) = by_date.keys().next().copied().map(year_of) {
            let turns = lives.lifetimes.values().flat_map(|of| [of.from, of.to]);
            for date in turns.flatten().filter(|date| year_of(date) >= first) {
                by_date.entry(date).or_default();
            }
        }
        let days = by_date.into_iter();
        Self {
            days: days
                .map(|(date, moved)| Day::of(date, &moved, &lives, &inhabitants))
                .collect(),
            lives,
        }
    }

    /// How the municipalities of 1 January of one year went into those of another.
    #[must_use]
    pub fn transfer(&self, from_year: &str, to_year: &str) -> Transfer<'a> {
        let (start, end) = (format!("{from_year}-01-01"), format!("{to_year}-01-01"));
        let existing = self.municipalities(from_year);
        let between = |first: &str, last: &str| {
            let days = self.days.iter();
            let days = days.filter(|day| first < day.date && day.date <= last);
            days.collect::<Vec<_>>()
        };
        if start <= end {
            let days = between(&start, &end);
            Transfer::along(existing, days.into_iter().map(|day| (day.date, &day.forward)))
        } else {
            let days = between(&end, &start);
            Transfer::along(
                existing,
                days.into_iter().rev().map(|day| (day.date, &day.backward)),
            )
        }
    }

    /// The days between 1 January of two years on which no row says what stayed in a municipality, so that it follows from its
    /// inhabitants about that day: with its code.
    pub fn by_inhabitants(
        &self,
        one_year: &str,
        other_year: &str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (first, last) = (one_year.min(other_year), one_year.max(other_year));
        let (first, last) = (format!("{first}-01-01"), format!("{last}-01-01"));
        let days = self.days.iter();
        let days = days.filter(move |day| first.as_str() < day.date && day.date <= last.as_str());
        days.flat_map(|day| day.by_inhabitants.iter().map(|code| (day.date, *code)))
    }

    /// The codes that existed on 1 January of a year, ascending.
    #[must_use]
    pub fn municipalities(&self, year: &str) -> Vec<&'a str> {
        let day = format!("{year}-01-01");
        let existing = self.lives.lifetimes.iter().filter(|(_, of)| of.contains(&day));
        existing.map(|(code, _)| *code).collect()
    }
}
