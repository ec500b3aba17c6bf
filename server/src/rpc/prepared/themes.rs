//! Which themes are unfavourable in which municipalities: asked of all of them at once, so made once per basis.

use std::{collections::HashMap, sync::OnceLock};

use super::Edition;
use crate::{
    advice::ThemeOutcomes, domain::Basis, method::Figure, rpc::recommendations::adviser,
    snapshot::RankingTable,
};

/// Per basis that a request can choose, the first of them for none.
pub(super) type OutcomesByBasis = [OnceLock<Vec<ThemeOutcomes>>; 4];

impl Edition {
    /// Which themes are unfavourable, by values, in each municipality that exists: positions that a report printed of some
    /// towns say nothing of how often.
    pub(in crate::rpc) fn theme_outcomes(&self, basis: Option<Basis>) -> &[ThemeOutcomes] {
        let kept = &self.theme_outcomes[match basis {
            None => 0,
            Some(Basis::Computed) => 1,
            Some(Basis::Proxy) => 2,
            Some(Basis::Published) => 3,
        }];
        kept.get_or_init(|| {
            let adviser = adviser(self);
            let tables = self
                .indicators
                .iter()
                .enumerate()
                .filter_map(|(place, indicator)| {
                    let table = self.ranking(place, basis, None)?;
                    table.has_values().then_some((indicator.id.as_str(), table))
                });
            let tables: Vec<(&str, &RankingTable)> = tables.collect();
            let present = self.regions.iter().enumerate();
            let present = present.filter(|(_, region)| !region.is_former());
            present
                .map(|(region, _)| adviser.theme_outcomes(&figures(&tables, region)))
                .collect()
        })
    }
}

/// The figures of a municipality in these rankings, by indicator.
fn figures<'a>(tables: &[(&'a str, &RankingTable)], region: usize) -> HashMap<&'a str, Figure> {
    let found = tables.iter().filter_map(|(id, table)| {
        let (_, row) = table.row(region)?;
        let figure = Figure {
            place_share: row.standing.place_share,
            proxy: table.basis == Basis::Proxy,
        };
        Some((*id, figure))
    });
    found.collect()
}
