//! Days one after the other: what part of each old municipality is in each new one.

use std::collections::{BTreeMap, BTreeSet};

use super::day::{Row, Rows};

/// A part of a municipality, as it is in another one on other borders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece<'a> {
    /// Code of the municipality it is a part of.
    pub source: &'a str,
    /// How much of its people, above 0 to 1.
    pub share: f64,
    /// Its municipality was divided, which assumes that every part is like the whole.
    pub is_estimated: bool,
}

impl Piece<'_> {
    /// Whether it is all of its municipality.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.share >= 1.0
    }
}

/// A division of which it is not known how many people went where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap<'a> {
    /// The day, ISO 8601.
    pub date: &'a str,
    /// Code of the municipality that was divided.
    pub municipality: &'a str,
}

/// The municipalities of one year in those of another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transfer<'a> {
    /// By code on the new borders, its pieces by the code of their source.
    pub(super) pieces: BTreeMap<&'a str, Vec<Piece<'a>>>,
    /// By code on the new borders, what is not known of it.
    pub(super) gaps: BTreeMap<&'a str, BTreeSet<Gap<'a>>>,
    /// Municipalities that ended or began without anybody saying what became of their people, or where these came from.
    pub(super) lost: BTreeSet<Gap<'a>>,
}

/// Where the people of one municipality are after some days.
#[derive(Debug, Default)]
struct Spread<'a> {
    shares: BTreeMap<&'a str, (f64, bool)>,
    gaps: BTreeMap<&'a str, BTreeSet<Gap<'a>>>,
    lost: BTreeSet<Gap<'a>>,
}

impl<'a> Transfer<'a> {
    /// From these municipalities along the rows of days.
    pub(super) fn along<'d>(
        municipalities: Vec<&'a str>,
        days: impl Iterator<Item = (&'a str, &'d Rows<'a>)>,
    ) -> Self
    where
        'a: 'd,
    {
        let start = municipalities.into_iter().map(|code| {
            let shares = BTreeMap::from([(code, (1.0, false))]);
            let spread = Spread {
                shares,
                ..Spread::default()
            };
            (code, spread)
        });
        let mut spreads: Vec<(&str, Spread<'a>)> = start.collect();
        for (date, rows) in days {
            for (_, spread) in &mut spreads {
                spread.step(date, rows);
            }
        }
        let mut transfer = Self::default();
        for (source, spread) in spreads {
            transfer.add(source, spread);
        }
        transfer
    }

    fn add(&mut self, source: &'a str, spread: Spread<'a>) {
        // Divided and brought together again, it is whole.
        let whole = spread.shares.len() == 1 && spread.gaps.is_empty() && spread.lost.is_empty();
        for (target, (share, is_estimated)) in spread.shares {
            let piece = if whole {
                Piece {
                    source,
                    share: 1.0,
                    is_estimated: false,
                }
            } else {
                Piece {
                    source,
                    share,
                    is_estimated,
                }
            };
            self.pieces.entry(target).or_default().push(piece);
        }
        for (target, gaps) in spread.gaps {
            self.gaps.entry(target).or_default().extend(gaps);
        }
        self.lost.extend(spread.lost);
    }

    /// The pieces of a municipality on the new borders, by the code of their source; none of one that nobody came to.
    #[must_use]
    pub fn pieces(&self, target: &str) -> &[Piece<'a>] {
        self.pieces.get(target).map_or(&[], Vec::as_slice)
    }

    /// What is not known of a municipality on the new borders.
    pub fn gaps(&self, target: &str) -> impl Iterator<Item = Gap<'a>> {
        self.gaps.get(target).into_iter().flatten().copied()
    }

    /// Municipalities whose people cannot be followed at all.
    pub fn lost(&self) -> impl Iterator<Item = Gap<'a>> {
        self.lost.iter().copied()
    }

    /// Whether a municipality on the new borders is the same as one on the old ones, of whatever code.
    #[must_use]
    pub fn is_unchanged(&self, target: &str) -> bool {
        matches!(self.pieces(target), [only] if only.is_whole()) && !self.gaps.contains_key(target)
    }
}

impl<'a> Spread<'a> {
    fn step(&mut self, date: &'a str, rows: &Rows<'a>) {
        let touched = |code: &&str| rows.contains_key(*code);
        if !self.shares.keys().chain(self.gaps.keys()).any(touched) {
            return;
        }
        let before = std::mem::take(self);
        self.lost = before.lost;
        for (code, (share, is_estimated)) in before.shares {
            match rows.get(code) {
                None => self.add(code, share, is_estimated),
                Some(Row::Shares(parts)) => {
                    for (to, part) in parts {
                        self.add(to, share * part, is_estimated || parts.len() > 1);
                    }
                }
                Some(Row::Unknown(touched)) => {
                    let gap = Gap {
                        date,
                        municipality: code,
                    };
                    if touched.is_empty() {
                        self.lost.insert(gap);
                    }
                    for to in touched {
                        self.gaps.entry(to).or_default().insert(gap);
                    }
                }
            }
        }
        for (code, gaps) in before.gaps {
            let mut reaches = |to: &'a str| self.gaps.entry(to).or_default().extend(gaps.iter().copied());
            match rows.get(code) {
                None => reaches(code),
                Some(Row::Shares(parts)) => parts.iter().for_each(|(to, _)| reaches(to)),
                Some(Row::Unknown(touched)) => touched.iter().for_each(|to| reaches(to)),
            }
        }
    }

    fn add(&mut self, code: &'a str, share: f64, is_estimated: bool) {
        let (sum, estimated) = self.shares.entry(code).or_insert((0.0, false));
        *sum += share;
        *estimated |= is_estimated;
    }
}
