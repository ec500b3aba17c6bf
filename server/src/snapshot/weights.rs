//! What weighs the figures of municipalities that become one.

use super::{RankingTable, Snapshot};
use crate::domain::{Aggregation, Basis, INHABITANTS, Indicator, year_of};

/// What weighs the figures of an indicator in a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights<'a> {
    table: Option<&'a RankingTable>,
    /// They are inhabitants, for want of the indicator's own denominator.
    pub(super) approximate: bool,
}

impl<'a> Weights<'a> {
    /// The indicator's own denominator in the period; inhabitants where there is none, unless it is land, as of a density: people
    /// are what is counted there, and weighed by themselves a village would be as dense as the town that it joins.
    pub(super) fn of(snapshot: &'a Snapshot, indicator: usize, table: &RankingTable) -> Self {
        let of = &snapshot.indicators[indicator];
        let declared = snapshot.denominator_of(indicator);
        let values_of = |place: usize| {
            let found = snapshot.ranking(place, Some(Basis::Computed), Some(&table.period))?;
            // On other borders the same code is another municipality.
            (year_of(found.vintage()) == year_of(table.vintage())).then_some(found)
        };
        let own = declared.and_then(|(place, _)| values_of(place));
        let is_of_land = declared.is_some_and(|(_, denominator)| denominator.is_land());
        let inhabitants = || values_of(snapshot.indicator(INHABITANTS)?.0);
        Self {
            table: own.or_else(|| if is_of_land { None } else { inhabitants() }),
            approximate: own.is_none() && of.aggregation() == Aggregation::WeightedMean,
        }
    }

    /// The weight of a municipality's own figure.
    pub(super) fn of_region(&self, region: usize) -> Option<f64> {
        self.table?.own_value(region)
    }
}

impl Snapshot {
    /// The indicator that the figures of another are shares of, and its place.
    pub(super) fn denominator_of(&self, indicator: usize) -> Option<(usize, &Indicator)> {
        let denominator = self.indicators[indicator].denominator.as_deref()?;
        self.indicator(denominator)
    }
}
