//! Composites with children: their rankings, computed from those of their parts.
//!
//! A child takes part by the ranking of its own values of exactly the composite's period: never by a proxy, and never of another
//! year. So a composite's rankings are of basis COMPUTED, all of them.

use std::collections::BTreeSet;

use super::figures::Places;
use crate::{
    domain::Basis,
    edition::EditionError,
    snapshot::{Composition, LeafTables, RankingTable, municipalities_in},
};

/// Adds the rankings of every composite with children, one per period in which enough of its tree has a ranking.
pub(super) fn composites(
    places: &Places<'_>,
    rankings: &mut [Vec<RankingTable>],
) -> Result<(), EditionError> {
    for (place, composite) in places.indicators.iter().enumerate() {
        if composite.children.is_empty() {
            continue;
        }
        // Sources with trees that are wrong are refused: this file was not made from one.
        let composition = Composition::of_indicator(places.indicators, places.indicator_index, place)
            .map_err(|wrong| EditionError::Corrupt(format!("children of `{}`: {wrong:?}", composite.id)))?;
        let computed = of_composition(places, &composition, rankings)
            .map_err(|cause| EditionError::Corrupt(format!("`{}`: {cause}", composite.id)))?;
        rankings[place].extend(computed);
    }
    Ok(())
}

fn of_composition(
    places: &Places<'_>,
    composition: &Composition,
    rankings: &[Vec<RankingTable>],
) -> Result<Vec<RankingTable>, String> {
    let own = |leaf: usize| {
        let tables = rankings[leaf].iter();
        tables.filter(|table| table.basis == Basis::Computed && table.leaves.is_empty())
    };
    let leaves = composition.leaves();
    let periods: BTreeSet<&str> = leaves
        .iter()
        .flat_map(|&leaf| own(leaf).map(|table| table.period.as_str()))
        .collect();
    let mut computed = Vec::new();
    for period in periods {
        let of_period = leaves
            .iter()
            .map(|&leaf| own(leaf).find(|table| table.period == period));
        let tables = LeafTables(of_period.collect());
        if !composition.is_covered_by(&tables) {
            continue;
        }
        let units = tables.units(municipalities_in(
            places.regions,
            tables.borders().unwrap_or(period),
        ));
        let ranked = composition
            .rank(&tables, units, None, (Basis::Computed, period))
            .map_err(|unfit| format!("{unfit:?}"))?;
        if ranked.table.n > 0 {
            computed.push(ranked.table);
        }
    }
    Ok(computed)
}
