//! Flows as sparse columns: the pairs that a table lists, by origin and by destination.

use std::collections::HashMap;

use crate::{
    domain::{FlowBreakdown, FlowKind, FlowTable, ImportedUnit},
    method::{CompensatedSum, FlowBalance, compensated_sum},
};

/// People from one municipality to another; both by their places among the regions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlowPair {
    /// Where they come from.
    pub origin: usize,
    /// Where they go to; the same municipality for those who stay within.
    pub destination: usize,
    /// How many.
    pub persons: f64,
}

/// The flows of one table and period. Municipalities are places among the regions of the edition, which are by code.
#[derive(Debug)]
pub struct FlowMatrix {
    /// What they are.
    pub kind: FlowKind,
    /// The period.
    pub period: String,
    /// The recipe they were read by.
    pub source: String,
    /// What they are divided by.
    pub breakdown: Option<FlowBreakdown>,
    /// The municipalities that the table lists, in order.
    pub municipalities: Vec<usize>,
    /// Every pair that it lists, by origin and destination.
    pub pairs: Vec<FlowPair>,
    /// Where the pairs of each municipality begin, and where the last ones end.
    starts: Vec<usize>,
    /// For each municipality the pairs that it is the destination of.
    arriving: Vec<Vec<usize>>,
    /// Per category the people of each pair; nothing where flows are not divided.
    parts: Vec<Vec<Option<f64>>>,
    /// What it amounts to.
    pub totals: FlowTotals,
}

/// What a table of flows amounts to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlowTotals {
    /// Pairs of two municipalities.
    pub pairs: usize,
    /// People from one municipality to another.
    pub persons: f64,
    /// People that stay within; `None` when the table lists no such pair.
    pub within: Option<f64>,
}

impl FlowTotals {
    fn of(pairs: &[FlowPair]) -> Self {
        let (mut between, mut within) = (CompensatedSum::new(), CompensatedSum::new());
        let mut stays = 0;
        for pair in pairs {
            if pair.origin == pair.destination {
                within.add(pair.persons);
                stays += 1;
            } else {
                between.add(pair.persons);
            }
        }
        Self {
            pairs: pairs.len() - stays,
            persons: between.value(),
            within: (stays > 0).then(|| within.value()),
        }
    }
}

impl FlowMatrix {
    /// The flows of a table, by recipe and period. `None` when a municipality of it is no region of the edition.
    pub(super) fn of(
        (source, period): (String, String),
        table: FlowTable,
        regions: &HashMap<String, usize>,
    ) -> Option<Self> {
        let places = table.municipalities.iter();
        let municipalities: Vec<usize> = places
            .map(|listed| regions.get(listed.code.as_str()).copied())
            .collect::<Option<_>>()?;
        let (mut pairs, mut starts) = (Vec::with_capacity(table.pairs()), vec![0]);
        let mut arriving = vec![Vec::new(); municipalities.len()];
        let categories = table.breakdown.as_ref().map_or(0, |found| found.categories.len());
        let mut parts: Vec<Vec<Option<f64>>> = vec![Vec::new(); categories];
        for (&origin, from) in municipalities.iter().zip(&table.origins) {
            for (place, &destination) in from.destinations.iter().enumerate() {
                let of_pair = from.persons.iter().map(|part| part[place]);
                for (part, persons) in parts.iter_mut().zip(of_pair.clone()) {
                    part.push(persons);
                }
                arriving[destination as usize].push(pairs.len());
                pairs.push(FlowPair {
                    origin,
                    destination: municipalities[destination as usize],
                    persons: total(of_pair.flatten(), table.whole_totals),
                });
            }
            starts.push(pairs.len());
        }
        Some(Self {
            totals: FlowTotals::of(&pairs),
            kind: table.kind,
            period,
            source,
            breakdown: table.breakdown,
            municipalities,
            pairs,
            starts,
            arriving,
            parts,
        })
    }

    /// Whether the table lists a municipality.
    #[must_use]
    pub fn lists(&self, region: usize) -> bool {
        self.municipalities.binary_search(&region).is_ok()
    }

    /// What goes in and out of a municipality; `None` when the table does not list it.
    #[must_use]
    pub fn balance(&self, region: usize) -> Option<FlowBalance<usize>> {
        self.balance_by(region, |pair| Some(self.pairs[pair].persons))
    }

    /// The same of one category, by its place in the breakdown.
    #[must_use]
    pub fn balance_of_category(&self, region: usize, category: usize) -> Option<FlowBalance<usize>> {
        let part = self.parts.get(category)?;
        self.balance_by(region, |pair| part[pair])
    }

    fn balance_by(
        &self,
        region: usize,
        persons: impl Fn(usize) -> Option<f64>,
    ) -> Option<FlowBalance<usize>> {
        let own = self.municipalities.binary_search(&region).ok()?;
        let arriving = self.arriving[own].iter();
        let arriving = arriving.filter_map(|&pair| Some((self.pairs[pair].origin, persons(pair)?)));
        let leaving = self.starts[own]..self.starts[own + 1];
        let leaving = leaving.filter_map(|pair| Some((self.pairs[pair].destination, persons(pair)?)));
        Some(FlowBalance::of(region, arriving, leaving))
    }

    /// The people of one pair by category, in the order of the breakdown.
    pub fn parts_of(&self, pair: usize) -> impl Iterator<Item = Option<f64>> {
        self.parts.iter().map(move |part| part[pair])
    }

    /// Pairs whose ends pass, largest first, equal ones by code.
    #[must_use]
    pub fn largest(&self, wanted: impl Fn(&FlowPair) -> bool) -> Vec<usize> {
        let mut found: Vec<usize> = (0..self.pairs.len())
            .filter(|&pair| wanted(&self.pairs[pair]))
            .collect();
        // Stable: pairs are by origin and destination already.
        found.sort_by(|&one, &other| self.pairs[other].persons.total_cmp(&self.pairs[one].persons));
        found
    }

    /// Whether it lists every pair of two of its municipalities.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let listed = self.municipalities.len();
        self.totals.pairs == listed * listed.saturating_sub(1)
    }

    /// The id of its breakdown.
    #[must_use]
    pub fn breakdown_id(&self) -> Option<&str> {
        self.breakdown.as_ref().map(|found| found.id.as_str())
    }
}

/// The people of a pair from its parts.
fn total(parts: impl Iterator<Item = f64>, whole: bool) -> f64 {
    let sum = compensated_sum(parts);
    if whole { sum.round() } else { sum }
}

/// All flows of an edition: by kind, latest period first, those that are not divided first.
#[derive(Debug, Default)]
pub struct Flows(Vec<FlowMatrix>);

impl Flows {
    pub(super) fn of(mut tables: Vec<FlowMatrix>) -> Self {
        tables.sort_by(|one, other| {
            let kinds = one.kind.cmp(&other.kind);
            kinds
                .then_with(|| other.period.cmp(&one.period))
                .then_with(|| one.breakdown_id().cmp(&other.breakdown_id()))
        });
        Self(tables)
    }

    /// Adds the figures of every import unit to its counts.
    pub(super) fn count_into(&self, units: &mut [ImportedUnit]) {
        for table in &self.0 {
            let of_table =
                |unit: &&mut ImportedUnit| unit.recipe == table.source && unit.period == table.period;
            if let Some(unit) = units.iter_mut().find(of_table) {
                let parts = table.parts.iter().flatten();
                let known = parts.clone().filter(|persons| persons.is_some()).count() as u64;
                let (with, without) = if table.parts.is_empty() {
                    (table.pairs.len() as u64, 0)
                } else {
                    (known, parts.count() as u64 - known)
                };
                unit.values += with;
                unit.without_value += without;
            }
        }
    }

    /// All tables.
    pub fn iter(&self) -> impl Iterator<Item = &FlowMatrix> {
        self.0.iter()
    }

    /// The tables of a kind and period: those of the first kind, and of its latest period, where none is named.
    pub fn found(&self, kind: Option<FlowKind>, period: Option<&str>) -> impl Iterator<Item = &FlowMatrix> {
        let fits = move |table: &&FlowMatrix| {
            kind.is_none_or(|kind| table.kind == kind) && period.is_none_or(|period| table.period == period)
        };
        let first = self.0.iter().find(fits).map(|first| (first.kind, &first.period));
        self.0
            .iter()
            .filter(move |table| Some((table.kind, &table.period)) == first)
    }
}
