//! Municipalities, present and former, with what became of them.

use super::{Corop, Lifetime, Province, Text, existed_in, first_day};

/// A municipality, present or former.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// CBS code.
    pub code: String,
    /// Name.
    pub name: String,
    /// First day, ISO 8601.
    pub valid_from: Option<String>,
    /// First day it was no longer valid.
    pub valid_to: Option<String>,
    /// Other names people use.
    pub aliases: Vec<String>,
    /// The province it lies or lay in.
    pub province: Option<&'static Province>,
    /// Its COROP area.
    pub corop: Option<RegionCorop>,
    /// What became of it: who got most of its inhabitants first.
    pub successors: Vec<Succession>,
    /// What it was made of, and what was added to it when that ended.
    pub predecessors: Vec<Succession>,
    /// What happened to it, by day.
    pub history: Vec<RegionEvent>,
    /// The groups it belongs to.
    pub groups: Vec<String>,
    /// The periods of which an imported table lists it, latest first.
    pub listed_periods: Vec<String>,
    /// The vintages of which one does: the year of the table's borders where it names one, else its period.
    pub vintages: Vec<String>,
}

impl Region {
    /// Whether it no longer exists.
    #[must_use]
    pub fn is_former(&self) -> bool {
        self.valid_to.is_some()
    }

    /// Whether it can have figures of a period: it existed then, or a table of the period lists it, on whatever borders.
    #[must_use]
    pub fn has_figures_of(&self, period: &str) -> bool {
        self.existed_in(period) || self.listed_periods.iter().any(|listed| listed == period)
    }

    /// The days between which it exists, as far as is known.
    #[must_use]
    pub fn lifetime(&self) -> Lifetime<'_> {
        Lifetime {
            from: self.valid_from.as_deref(),
            to: self.valid_to.as_deref(),
        }
    }

    /// Whether it had ended on a day, or on 1 January of a year.
    #[must_use]
    pub fn ended_by(&self, date: &str) -> bool {
        let ended = self.valid_to.as_deref();
        ended.is_some_and(|ended| ended <= first_day(date).as_str())
    }

    /// Whether it existed on a day, or on 1 January of a year, as far as is known.
    #[must_use]
    pub fn existed_on(&self, date: &str) -> bool {
        self.existed_in(&first_day(date))
    }

    /// Whether it existed on some day of a period: see [`existed_in`].
    #[must_use]
    pub fn existed_in(&self, period: &str) -> bool {
        existed_in(self.valid_from.as_deref(), self.valid_to.as_deref(), period)
    }
}

/// One step in the succession of municipalities.
#[derive(Debug, Clone, PartialEq)]
pub struct Succession {
    /// Code of the other region.
    pub code: String,
    /// Name of the other region.
    pub name: String,
    /// Day of the reorganisation.
    pub date: String,
    /// A remark.
    pub note: Option<Text>,
    /// The inhabitants that moved on that day, where they are known.
    pub inhabitants: Option<u64>,
    /// Their share of all inhabitants of the municipality that ended, 0 to 1, where it is known.
    pub share: Option<f64>,
}

impl Succession {
    /// The step that most inhabitants took, that to the lower code of two as large; nothing where no size is known.
    #[must_use]
    pub fn largest<'a>(steps: impl IntoIterator<Item = &'a Self>) -> Option<&'a Self> {
        let known = steps.into_iter().filter(|step| step.inhabitants.is_some());
        known.max_by(|one, other| {
            let sizes = one.inhabitants.cmp(&other.inhabitants);
            sizes.then_with(|| other.code.cmp(&one.code))
        })
    }
}

/// The COROP area of a municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionCorop {
    /// The area.
    pub area: Corop,
    /// Whether no table says it, and it is that of all it was made of.
    pub is_inferred: bool,
}

/// Something that happened to a municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionEvent {
    /// The first day after it, ISO 8601.
    pub date: String,
    /// What happened.
    pub kind: RegionEventKind,
    /// The other municipality; none when it is not known.
    pub other: Option<OtherRegion>,
    /// Inhabitants that moved, where they are known.
    pub inhabitants: Option<u64>,
    /// Dwellings that moved.
    pub dwellings: Option<u64>,
    /// Hectares that moved.
    pub hectares: Option<u64>,
    /// The share of the inhabitants of the municipality they moved from, 0 to 1, where it is known.
    pub share: Option<f64>,
}

/// What happened to a municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegionEventKind {
    /// It began.
    Founded,
    /// Its borders moved, or another that ended became part of it.
    BoundaryChange,
    /// It got another name, and with it another code.
    Renamed,
    /// It ended.
    Abolished,
}

/// The other municipality of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherRegion {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Which way it went.
    pub direction: Direction,
}

/// Which way something moved, seen from the municipality whose event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// From the other to it.
    Received,
    /// From it to the other.
    Gave,
    /// From itself to itself: what stayed where others joined.
    Stayed,
}
