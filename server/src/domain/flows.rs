//! Flows: how many people move, commute or travel from one municipality to another.

use super::{RegionCode, Text, words::words};

/// What makes people go from one municipality to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlowKind {
    /// From home to work.
    Commuting,
    /// To live elsewhere, in the course of the period.
    Migration,
    /// Any journey.
    Trips,
}

words!(FlowKind {
    Commuting = "commuting",
    Migration = "migration",
    Trips = "trips",
});

/// What a source divides the people of its flows by, such as their mode of travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowBreakdown {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// The parts, in the order of the recipe.
    pub categories: Vec<FlowCategory>,
}

/// One part of those people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowCategory {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
}

/// The flows of one table and period.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowTable {
    /// What they are.
    pub kind: FlowKind,
    /// What they are divided by; `None`: the source gives totals only.
    pub breakdown: Option<FlowBreakdown>,
    /// The total of a pair is a whole number of people: the sum of its parts, which the source rounded, is rounded to it.
    pub whole_totals: bool,
    /// The municipalities that the table lists, as origin or as destination, by code.
    pub municipalities: Vec<FlowMunicipality>,
    /// What leaves each of them, in the same order; what stays within is the flow to itself.
    pub origins: Vec<FlowsFrom>,
}

/// A municipality as a table of flows lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowMunicipality {
    /// CBS code.
    pub code: RegionCode,
    /// Its name, if the table has names.
    pub name: Option<String>,
}

/// The flows out of one municipality. A destination that is not here is one that the table does not list: that is not zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FlowsFrom {
    /// The places of the destinations among the municipalities, in order.
    pub destinations: Vec<u32>,
    /// Per category, or once, the people to each of them: finite, at least 0; `None` where the table has no row.
    pub persons: Vec<Vec<Option<f64>>>,
}

impl FlowTable {
    /// Pairs of municipalities that it lists, those of one with itself included.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.origins.iter().map(|from| from.destinations.len()).sum()
    }
}
