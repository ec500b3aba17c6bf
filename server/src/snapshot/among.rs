//! Rankings among the units of a universe: made from those of the edition when first asked for, and kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use super::{Composition, LeafTables, PlacedUnit, RankingTable, Snapshot, ranking_table::Combining};
use crate::{
    domain::{
        Aggregation, Basis, INHABITANTS, Indicator, ObservationStatus, Universe, Vintage, year_of,
        year_of_municipalities,
    },
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

/// What is kept of the rankings among the units of universes.
#[derive(Debug)]
pub(super) struct RankingsAmong {
    /// By universe and year, their units by place.
    units: Vec<BTreeMap<String, Vec<PlacedUnit>>>,
    /// By universe and by the ordinal of the edition's ranking.
    tables: Vec<Vec<OnceLock<RankingTable>>>,
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
                .map(|table| year_of(&table.period).to_owned())
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
                (table.has_values() && year_of(&table.period) == year).then_some(table)
            }
            Among::Universe(place) if !table.has_values() => {
                (place == self.published_universe).then_some(table)
            }
            Among::Universe(place) => {
                let units = self.among.units[place].get(year_of(&table.period))?;
                let kept = &self.among.tables[place][table.ordinal];
                Some(kept.get_or_init(|| self.make_among(indicator, table, place, units)))
            }
        }
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
    ) -> RankingTable {
        let measured = table.proxy.map_or(indicator, |proxy| proxy.indicator);
        let of = &self.indicators[measured];
        if !table.leaves.is_empty() {
            let made = self.compose_among(of, table, universe, units);
            return self.in_place_of(indicator, table, made);
        }
        let values_of = |id: &str| {
            let (place, _) = self.indicator(id)?;
            self.ranking(place, Some(Basis::Computed), Some(&table.period))
        };
        let denominator = of.denominator.as_deref().and_then(values_of);
        let weights = denominator.or_else(|| values_of(INHABITANTS));
        let combining = Combining {
            aggregation: of.aggregation(),
            weight: |region| weights?.own_value(region),
            approximate: denominator.is_none() && of.aggregation() == Aggregation::WeightedMean,
        };
        let made = table.among(universe, units, &combining);
        self.in_place_of(indicator, table, made)
    }

    /// A ranking that was made of another one of this indicator, by a proxy where that one is.
    fn in_place_of(&self, indicator: usize, table: &RankingTable, made: RankingTable) -> RankingTable {
        match table.proxy {
            None => made,
            Some(proxy) => {
                let mut published = self.rankings[indicator].iter();
                let published = published.find(|table| table.basis == Basis::Published);
                made.standing_in(proxy.indicator, published)
            }
        }
    }

    /// A composite among the units of a universe: the mean of the grades that its parts have among them.
    fn compose_among(
        &self,
        composite: &Indicator,
        table: &RankingTable,
        universe: usize,
        units: &[PlacedUnit],
    ) -> RankingTable {
        let of_leaf = |&leaf: &usize| {
            let own = self.ranking(leaf, Some(Basis::Computed), Some(&table.period))?;
            self.table_among(leaf, own, Among::Universe(universe))
        };
        let tables = LeafTables(table.leaves.iter().map(of_leaf).collect());
        let mut firsts: Vec<usize> = units
            .iter()
            .filter_map(|unit| unit.members.first().copied())
            .collect();
        firsts.sort_unstable();
        let composition = Composition::of_indicator(&self.indicators, &self.indicator_index, composite);
        let ranked = composition.ok().and_then(|composition| {
            let of = (Basis::Computed, table.period.as_str());
            composition.rank(&tables, firsts, None, of).ok()
        });
        // It was ranked among its own units before: neither its tree nor its grades can be wrong.
        let mut made = ranked.map_or_else(|| table.clone(), |ranked| ranked.table);
        let absent: Vec<(usize, ObservationStatus)> = units
            .iter()
            .filter_map(|unit| Some((unit, *made.absent.get(unit.members.first()?)?)))
            .flat_map(|(unit, status)| unit.members.iter().map(move |&member| (member, status)))
            .collect();
        made.absent.extend(absent);
        made.missing = count(units.len()).saturating_sub(made.n);
        table.as_among(universe, units, made)
    }
}
