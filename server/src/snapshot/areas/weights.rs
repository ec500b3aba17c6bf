//! What neighbourhoods weigh.

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
    /// Beside them, the period that each comes from; `None` also where all weigh the same.
    pub periods: Vec<Option<&'a str>>,
    /// Where they come from.
    pub sources: Vec<&'a str>,
}

impl Snapshot {
    /// The weights of these neighbourhoods, given by code, for figures of this period. `None` when there are none at all.
    #[must_use]
    pub fn area_weights(
        &self,
        weighting: Weighting,
        codes: &[&str],
        period: &str,
    ) -> Option<AreaWeights<'_>> {
        let Weighting::By(indicator) = weighting else {
            return Some(AreaWeights {
                weights: vec![Some(1.0); codes.len()],
                periods: vec![None; codes.len()],
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
        let columns: Vec<AreaFigures<'_>> = periods
            .into_iter()
            .filter_map(|period| self.area_figures(indicator, period))
            .collect();
        let mut found = AreaWeights {
            weights: Vec::with_capacity(codes.len()),
            periods: Vec::with_capacity(codes.len()),
            sources: Vec::new(),
        };
        for code in codes {
            let weight = columns
                .iter()
                .find_map(|column| Some((column, column.of(code)?.value()?)));
            let column = weight.map(|(column, _)| column);
            let new = |source: &&&str| !found.sources.contains(*source);
            let sources: Vec<&str> = column
                .into_iter()
                .flat_map(|column| &column.sources)
                .filter(new)
                .copied()
                .collect();
            found.sources.extend(sources);
            found.periods.push(column.map(|column| column.period));
            found.weights.push(weight.map(|(_, weight)| weight));
        }
        found.weights.iter().any(Option::is_some).then_some(found)
    }
}
