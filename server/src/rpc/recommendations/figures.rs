//! Where a subject stands on every indicator: what all advice rests on.

use std::collections::HashMap;

use super::subject::Subject;
use crate::{
    advice::Adviser,
    domain::{Basis, Group, Indicator},
    method::Figure,
    snapshot::{RankingTable, Snapshot, Standing},
};

/// What advice of an edition rests on.
pub(in crate::rpc) fn adviser(edition: &Snapshot) -> Adviser<'_> {
    Adviser {
        knowledge: &edition.knowledge,
        indicators: &edition.indicators,
        themes: &edition.themes,
    }
}

/// Where the subject stands on one indicator.
pub(in crate::rpc) struct Found<'a> {
    pub(in crate::rpc) indicator: &'a Indicator,
    pub(in crate::rpc) table: &'a RankingTable,
    pub(in crate::rpc) standing: Standing,
}

impl Found<'_> {
    fn figure(&self) -> Figure {
        self.figure_at(self.standing.place_share)
    }

    /// The same figure with another place share, as among peers.
    fn figure_at(&self, place_share: f64) -> Figure {
        Figure {
            place_share,
            proxy: self.table.basis == Basis::Proxy,
        }
    }
}

/// Every indicator on which the subject has a standing, by id.
pub(in crate::rpc) fn standings<'a>(
    edition: &'a Snapshot,
    subject: &Subject<'_>,
    basis: Option<Basis>,
) -> HashMap<&'a str, Found<'a>> {
    let found = edition
        .indicators
        .iter()
        .enumerate()
        .filter_map(|(place, indicator)| {
            let table = edition.ranking(place, basis, None)?;
            let standing = subject.standing_in(edition, table)?;
            let found = Found {
                indicator,
                table,
                standing,
            };
            Some((indicator.id.as_str(), found))
        });
    found.collect()
}

/// The figures of standings, by indicator id.
pub(in crate::rpc) fn figures<'a>(found: &HashMap<&'a str, Found<'_>>) -> HashMap<&'a str, Figure> {
    found.iter().map(|(id, found)| (*id, found.figure())).collect()
}

/// The same figures with the subject's place among some municipalities instead of among all; `places` says which they are in
/// a ranking.
pub(super) fn figures_among<'a>(
    subject: &Subject<'_>,
    found: &HashMap<&'a str, Found<'_>>,
    places: impl Fn(&RankingTable) -> Vec<usize>,
) -> HashMap<&'a str, Figure> {
    let among = found.iter().filter_map(|(id, found)| {
        let share = match subject {
            Subject::Region(place, _) => found.table.place_share_among(*place, places(found.table)),
            Subject::Group(_) | Subject::Regions(_) => found
                .table
                .mean_place_share_among(found.standing.position, places(found.table)),
        }?;
        Some((*id, found.figure_at(share)))
    });
    among.collect()
}

/// The same among the members of a group, by the codes of each ranking's borders.
pub(super) fn figures_within<'a>(
    edition: &Snapshot,
    subject: &Subject<'_>,
    found: &HashMap<&'a str, Found<'_>>,
    group: &Group,
) -> HashMap<&'a str, Figure> {
    figures_among(subject, found, |table| edition.places_of(group, table.vintage()))
}
