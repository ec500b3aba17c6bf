//! A ranking among the units of a universe, of which some combine municipalities.

use std::{collections::HashMap, sync::Arc};

use super::{RankingTable, ValueRow, VerdictScale};
use crate::{
    domain::{Aggregation, ObservationOrigin, ObservationStatus},
    method::{compensated_sum, count, weighted_group_mean},
};

/// One unit of a universe, its municipalities by their places among the snapshot's regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedUnit {
    /// Id of a unit that combines municipalities; `None` of a municipality.
    pub id: Option<String>,
    /// Ascending; empty when the edition knows none of them.
    pub members: Vec<usize>,
    /// Whether the edition knows all of them.
    pub complete: bool,
}

/// How values of several municipalities become one.
pub(in crate::snapshot) struct Combining<W> {
    pub(in crate::snapshot) aggregation: Aggregation,
    /// The weight of a municipality, if it is known.
    pub(in crate::snapshot) weight: W,
    /// The weights are not those of the indicator's own denominator.
    pub(in crate::snapshot) approximate: bool,
}

/// What a ranking among the units of a universe has beside its rows.
#[derive(Debug, Clone)]
pub(super) struct AmongUnits {
    /// The place of the universe.
    universe: usize,
    /// The municipalities of all its units, ascending.
    regions: Vec<usize>,
    /// The units that combine municipalities, by the place of their first one, which is that of their row.
    combined: HashMap<usize, PlacedUnit>,
    /// Values of municipalities that have no row of their own: combined with others, or outside the universe.
    own_values: HashMap<usize, f64>,
}

impl RankingTable {
    /// The same figures ranked among the units of a universe; positions that a report printed are as they are.
    pub(in crate::snapshot) fn among(
        &self,
        universe: usize,
        units: &[PlacedUnit],
        combining: &Combining<impl Fn(usize) -> Option<f64>>,
    ) -> Self {
        let mut rows = Vec::with_capacity(units.len());
        let mut absent = HashMap::new();
        for unit in units {
            if unit.members.is_empty() {
                continue; // the edition knows none of them
            }
            match self.unit_value(unit, combining) {
                Ok(row) => rows.push(row),
                Err(status) => absent.extend(unit.members.iter().map(|&member| (member, status))),
            }
        }
        rows.sort_by_key(|row| row.region);
        let sources = rows
            .iter()
            .map(|row| (row.region, Arc::from(self.source_of(row.region))));
        let values = self.values.as_ref();
        let judged = values.filter(|values| values.scale.is_some() || self.grade_caveat.is_some());
        let mut table = Self::of_values(
            &rows,
            absent,
            count(units.len() - rows.len()),
            judged.map(|values| values.orientation),
            (self.period.clone(), sources.collect()),
        )
        .on_borders_of(self.borders.clone());
        if self.scale == VerdictScale::None {
            table = table.without_verdicts();
        }
        table.ordinal = self.ordinal;
        table.placed(universe, units, Some(self))
    }

    /// This ranking of units, whose rows stand at the places of their first municipalities, with all that they combine; `own`
    /// is that of the municipalities by themselves, where they have one.
    pub(in crate::snapshot) fn placed(
        mut self,
        universe: usize,
        units: &[PlacedUnit],
        own: Option<&Self>,
    ) -> Self {
        let combined = units.iter().filter(|unit| unit.id.is_some());
        let combined: HashMap<usize, PlacedUnit> = combined
            .filter_map(|unit| Some((*unit.members.first()?, unit.clone())))
            .collect();
        for (&first, unit) in &combined {
            self.stands_for(first, &unit.members);
        }
        let has_no_row_of_its_own = |region: usize| match self.row(region) {
            None => true,
            Some((_, row)) => row.region != region || combined.contains_key(&region),
        };
        let own_values = own
            .into_iter()
            .flat_map(|own| &own.rows)
            .filter(|row| has_no_row_of_its_own(row.region))
            .filter_map(|row| Some((row.region, row.value?)))
            .collect();
        let mut regions: Vec<usize> = units.iter().flat_map(|unit| &unit.members).copied().collect();
        regions.sort_unstable();
        self.among = Some(AmongUnits {
            universe,
            regions,
            own_values,
            combined,
        });
        self
    }

    /// The value of a unit, or why there is none. One of several municipalities has a value when all of them have.
    fn unit_value(
        &self,
        unit: &PlacedUnit,
        combining: &Combining<impl Fn(usize) -> Option<f64>>,
    ) -> Result<ValueRow, ObservationStatus> {
        let of = |region: &usize| {
            let row = self.row(*region).map(|(_, row)| row);
            let found = row.and_then(|row| Some((row.value?, row.status?, row.origin?)));
            found.ok_or_else(|| {
                let absent = self.absent.get(region).copied();
                absent.unwrap_or(ObservationStatus::Missing)
            })
        };
        let region = unit.members[0];
        if unit.id.is_none() {
            return of(&region).map(|(value, status, origin)| ValueRow {
                region,
                value,
                status,
                origin,
            });
        }
        if combining.aggregation == Aggregation::NotPossible {
            return Err(ObservationStatus::NotApplicable);
        }
        let (members, absent): (Vec<_>, Vec<_>) = unit.members.iter().map(of).partition(Result::is_ok);
        let absent: Vec<ObservationStatus> = absent.into_iter().filter_map(Result::err).collect();
        // As in a formula: the reason that no later edition of the source will mend wins.
        let reasons = [ObservationStatus::NotApplicable, ObservationStatus::Suppressed];
        if let Some(reason) = reasons.into_iter().find(|reason| absent.contains(reason)) {
            return Err(reason);
        }
        if !absent.is_empty() {
            return Err(ObservationStatus::Missing);
        }
        let members: Vec<_> = members.into_iter().filter_map(Result::ok).collect();
        if !unit.complete {
            return Err(ObservationStatus::Missing);
        }
        let values = members.iter().map(|(value, ..)| *value);
        let (value, approximate) = match combining.aggregation {
            Aggregation::Sum => (compensated_sum(values), false),
            Aggregation::WeightedMean | Aggregation::NotPossible => {
                let weights = unit.members.iter().map(|&member| (combining.weight)(member));
                let weights: Option<Vec<f64>> = weights.collect();
                let weighted: Vec<(f64, f64)> =
                    values.zip(weights.ok_or(ObservationStatus::Missing)?).collect();
                let mean = weighted_group_mean(&weighted).map_err(|_| ObservationStatus::Missing)?;
                (mean.mean, combining.approximate)
            }
        };
        let has = |wanted| members.iter().any(|(_, status, _)| *status == wanted);
        let status = if approximate || has(ObservationStatus::Estimated) {
            ObservationStatus::Estimated
        } else if has(ObservationStatus::Provisional) {
            ObservationStatus::Provisional
        } else {
            ObservationStatus::Final
        };
        Ok(ValueRow {
            region,
            value,
            status,
            origin: ObservationOrigin::Aggregated,
        })
    }

    /// Makes the row of one region that of all these.
    fn stands_for(&mut self, first: usize, members: &[usize]) {
        let row = self.row_of_region.get(first).copied().unwrap_or(super::UNRANKED);
        let last = members.last().copied().unwrap_or(first);
        if self.row_of_region.len() <= last {
            self.row_of_region.resize(last + 1, super::UNRANKED);
        }
        for &member in members {
            self.row_of_region[member] = row;
        }
    }

    /// The universe it is among, by place; `None` when that is the ranking's own: the municipalities of its year, or the units
    /// a report ranked.
    #[must_use]
    pub fn universe(&self) -> Option<usize> {
        self.among.as_ref().map(|among| among.universe)
    }

    /// Whether a municipality is one of its units or part of one, also without a figure. Of a ranking's own units this is not
    /// known: who has no row and no reason has no figure.
    #[must_use]
    pub fn has_unit_of(&self, region: usize) -> bool {
        let units = self.among.as_ref().map(|among| &among.regions);
        units.is_none_or(|regions| regions.binary_search(&region).is_ok())
    }

    /// The municipalities of its units; of a ranking's own units those that have a figure.
    pub(super) fn municipalities(&self) -> Vec<usize> {
        match &self.among {
            Some(among) => among.regions.clone(),
            None => self.rows.iter().map(|row| row.region).collect(),
        }
    }

    /// The municipality at whose place the unit of another one stands: itself, unless it is combined with others.
    #[must_use]
    pub fn first_of_unit(&self, region: usize) -> usize {
        let mut units = self.combined_units();
        let unit = units.find(|unit| unit.members.contains(&region));
        unit.and_then(|unit| unit.members.first())
            .copied()
            .unwrap_or(region)
    }

    /// The unit of several municipalities whose row this is.
    #[must_use]
    pub fn combined_unit(&self, region_of_row: usize) -> Option<&PlacedUnit> {
        self.among.as_ref()?.combined.get(&region_of_row)
    }

    /// The units that combine municipalities, in no order.
    pub fn combined_units(&self) -> impl Iterator<Item = &PlacedUnit> {
        self.among.iter().flat_map(|among| among.combined.values())
    }

    /// The value of a municipality itself: not of the unit that it may be part of, and also when it is outside the universe.
    #[must_use]
    pub fn own_value(&self, region: usize) -> Option<f64> {
        let of_row = || self.row(region).filter(|(_, row)| row.region == region)?.1.value;
        match &self.among {
            Some(among) if among.combined.contains_key(&region) => among.own_values.get(&region).copied(),
            Some(among) => among.own_values.get(&region).copied().or_else(of_row),
            None => of_row(),
        }
    }
}
