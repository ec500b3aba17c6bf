//! What neighbourhoods weigh.

use std::collections::BTreeMap;

use super::{AreaFigures, Snapshot};
use crate::domain::middle;

/// By what neighbourhoods are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighting {
    /// All the same.
    Equal,
    /// By the values of the indicator at this place: of the same period, else of the nearest one that has a value of the
    /// neighbourhood.
    By(usize),
}

/// The weights of some neighbourhoods.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaWeights<'a> {
    /// One per neighbourhood, in the order of the codes; `None` where no period has a value.
    pub weights: Vec<Option<f64>>,
    /// How many of them come from each period.
    pub periods: BTreeMap<&'a str, u32>,
    /// Where they come from.
    pub sources: Vec<&'a str>,
}

impl Snapshot {
    /// The weights of these neighbourhoods, given by code, for figures of this period. `None` when there are none at all.
    #[must_use]
    pub fn area_weights(&self, weighting: Weighting, codes: &[&str], period: &str) -> Option<AreaWeights<'_>> {
        let Weighting::By(indicator) = weighting else {
            return Some(AreaWeights {
                weights: vec![Some(1.0); codes.len()],
                periods: BTreeMap::new(),
                sources: Vec::new(),
            });
        };
        let mut periods = self.area_periods(indicator);
        let far = |other: &str| match (middle(period), middle(other)) {
            (Some(here), Some(there)) => (here - there).abs(),
            _ => f64::INFINITY,
        };
        // Of two that are equally near the later one, which comes first.
        periods.sort_by(|one, other| far(one).total_cmp(&far(other)));
        let columns: Vec<AreaFigures<'_>> =
            periods.into_iter().filter_map(|period| self.area_figures(indicator, period)).collect();
        let mut found = AreaWeights {
            weights: Vec::with_capacity(codes.len()),
            periods: BTreeMap::new(),
            sources: Vec::new(),
        };
        for code in codes {
            let weight = columns.iter().find_map(|column| Some((column, column.of(code)?.value()?)));
            if let Some((column, _)) = weight {
                let number = found.periods.entry(column.period).or_default();
                if *number == 0 {
                    found.sources.extend(&column.sources);
                }
                *number += 1;
            }
            found.weights.push(weight.map(|(_, weight)| weight));
        }
        (!found.periods.is_empty()).then_some(found)
    }
}
