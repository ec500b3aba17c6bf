//! Rankings among the units of a universe: made from those of the edition when first asked for, and kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use super::{
    Composition, LeafTables, PlacedUnit, RankingTable, Snapshot, ranking_table::Combining, weights::Weights,
};
use crate::{
    domain::{Basis, Universe, Vintage, year_of, year_of_municipalities},
    method::count,
};

/// Which units are ranked against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among<'a> {
    /// Those of each ranking: the municipalities of its year, or the units that a report ranked.
    Own,
    /// The municipalities of this year.
    MunicipalitiesOf(&'a str),
    /// The units of the universe at this place.
    Universe(usize),
}

/// The units of a universe in one year.
#[derive(Debug, Clone, Copy)]
pub struct UnitsOf<'a> {
    universe: usize,
    units: &'a [PlacedUnit],
}

impl UnitsOf<'_> {
    /// A ranking of these units by a score that only units have, told what they combine.
    #[must_use]
    pub fn placed(&self, table: RankingTable) -> RankingTable {
        table.placed(self.universe, self.units, None)
    }
}

/// What is kept of the rankings among the units of universes.
#[derive(Debug)]
pub(super) struct RankingsAmong {
    /// By universe and year, their units by place.
    units: Vec<BTreeMap<String, Vec<PlacedUnit>>>,
    /// By universe and by the ordinal of the edition's ranking.
    tables: Vec<Vec<OnceLock<Option<RankingTable>>>>,
    /// The years of which the edition has values.
    years: BTreeSet<String>,
}

impl RankingsAmong {
    /// Nothing made yet, for these universes and rankings.
    pub(super) fn of(
        universes: &[Universe],
        rankings: &[Vec<RankingTable>],
        place_of: impl Fn(&str) -> Option<usize>,
    ) -> Self {
        let placed = |vintage: &Vintage| {
            let units = vintage.units.iter().map(|unit| {
                let mut members: Vec<usize> = unit.members.iter().filter_map(|code| place_of(code)).collect();
                members.sort_unstable();
                PlacedUnit {
                    id: unit.id.clone(),
                    complete: members.len() == unit.members.len(),
                    members,
                }
            });
            (vintage.year.clone(), units.collect())
        };
        let number = rankings.iter().map(Vec::len).sum();
        let with_values = rankings.iter().flatten().filter(|table| table.has_values());
        Self {
            units: universes
                .iter()
                .map(|universe| universe.vintages.iter().map(placed).collect())
                .collect(),
            tables: universes
                .iter()
                .map(|_| std::iter::repeat_with(OnceLock::new).take(number).collect())
                .collect(),
            years: with_values
                .map(|table| year_of(table.vintage()).to_owned())
                .collect(),
        }
    }
}

impl Snapshot {
    /// What an id of a universe stands for; empty for the units of each ranking itself.
    #[must_use]
    pub fn among<'a>(&self, id: &'a str) -> Option<Among<'a>> {
        if id.is_empty() {
            return Some(Among::Own);
        }
        if let Some(place) = self.universes.iter().position(|universe| universe.id == id) {
            return Some(Among::Universe(place));
        }
        year_of_municipalities(id)
            .filter(|year| self.among.years.contains(*year))
            .map(Among::MunicipalitiesOf)
    }

    /// The years of which the edition has values, earliest first.
    pub fn years(&self) -> impl Iterator<Item = &str> {
        self.among.years.iter().map(String::as_str)
    }

    /// The units that published positions are among.
    #[must_use]
    pub fn published_universe(&self) -> &Universe {
        &self.universes[self.published_universe]
    }

    /// Whether a universe was chosen of which a municipality is no unit, nor part of one, in any ranking of the edition.
    #[must_use]
    pub fn is_outside(&self, among: Among<'_>, region: usize) -> bool {
        let Among::Universe(place) = among else {
            return false;
        };
        let mut tables = self.rankings.iter().flatten();
        if place == self.published_universe && tables.any(|table| !table.has_values()) {
            return false; // which units a report ranked is not known
        }
        let units = &self.among.units[place];
        let mut of_years = self
            .among
            .years
            .iter()
            .filter_map(|year| units.get(year))
            .flatten();
        !of_years.any(|unit| unit.members.contains(&region))
    }

    /// A ranking of the edition among other units; `None` where it is not among them.
    #[must_use]
    pub fn table_among<'a>(
        &'a self,
        indicator: usize,
        table: &'a RankingTable,
        among: Among<'_>,
    ) -> Option<&'a RankingTable> {
        match among {
            Among::Own => Some(table),
            Among::MunicipalitiesOf(year) => {
                (table.has_values() && year_of(table.vintage()) == year).then_some(table)
            }
            Among::Universe(place) if !table.has_values() => {
                (place == self.published_universe).then_some(table)
            }
            Among::Universe(place) => {
                let units = self.among.units[place].get(year_of(table.vintage()))?;
                let kept = &self.among.tables[place][table.ordinal];
                kept.get_or_init(|| self.make_among(indicator, table, place, units))
                    .as_ref()
            }
        }
    }

    /// The units that composites of a vintage rank, in region order, and those of a chosen universe; nothing where its units are
    /// not known.
    #[must_use]
    pub fn units_among(&self, among: Among<'_>, vintage: &str) -> Option<(Vec<usize>, Option<UnitsOf<'_>>)> {
        let Among::Universe(universe) = among else {
            return Some((self.municipalities_of(vintage), None));
        };
        let units = self.among.units[universe].get(year_of(vintage))?;
        let mut places: Vec<usize> = units
            .iter()
            .filter_map(|unit| unit.members.first().copied())
            .collect();
        places.sort_unstable();
        Some((places, Some(UnitsOf { universe, units })))
    }

    /// Every ranking of an indicator among these units: best basis first, then latest period first.
    pub fn rankings_among<'a>(
        &'a self,
        indicator: usize,
        among: Among<'a>,
    ) -> impl Iterator<Item = &'a RankingTable> {
        self.rankings[indicator]
            .iter()
            .filter_map(move |table| self.table_among(indicator, table, among))
    }

    fn make_among(
        &self,
        indicator: usize,
        table: &RankingTable,
        universe: usize,
        units: &[PlacedUnit],
    ) -> Option<RankingTable> {
        let measured = table.measured(indicator);
        let made = if table.leaves.is_empty() {
            self.combine_among(measured, table, universe, units)
        } else {
            self.compose_among(measured, table, universe, units)?
        };
        Some(match table.proxy {
            None => made,
            Some(proxy) => {
                let mut published = self.rankings[indicator].iter();
                let published = published.find(|table| table.basis == Basis::Published);
                made.standing_in(proxy.indicator, published)
            }
        })
    }

    /// An indicator with figures of its own: values of several municipalities become one.
    fn combine_among(
        &self,
        indicator: usize,
        table: &RankingTable,
        universe: usize,
        units: &[PlacedUnit],
    ) -> RankingTable {
        let weights = Weights::of(self, indicator, table);
        let combining = Combining {
            aggregation: self.indicators[indicator].aggregation(),
            weight: |region| weights.of_region(region),
            approximate: weights.approximate,
        };
        table.among(universe, units, &combining)
    }

    /// A composite of the edition, from what its leaves are among these units.
    fn compose_among(
        &self,
        indicator: usize,
        table: &RankingTable,
        universe: usize,
        units: &[PlacedUnit],
    ) -> Option<RankingTable> {
        let composition =
            Composition::of_indicator(&self.indicators, &self.indicator_index, indicator).ok()?;
        let among = Among::Universe(universe);
        let of_leaf = |&leaf: &usize| {
            let own = self.rankings[leaf].iter();
            let mut own = own.filter(|own| own.basis == Basis::Computed && own.leaves.is_empty());
            let own = own.find(|own| own.period == table.period)?;
            self.table_among(leaf, own, among)
        };
        let leaves = LeafTables(composition.leaves().iter().map(of_leaf).collect());
        let (places, _) = self.units_among(among, table.vintage())?;
        let ranked = composition
            .rank(&leaves, places, None, (Basis::Computed, &table.period))
            .ok()?;
        // A score is of the unit: nobody has one beside it.
        let mut made = ranked.table.placed(universe, units, None);
        made.missing = count(units.len()).saturating_sub(made.n);
        made.ordinal = table.ordinal;
        Some(made)
    }
}
