//! An edition as the services use it: its snapshot, and the rows of its rankings encoded once.

use std::ops::Deref;

use groeikern::{Encoded, v1};
use prost::Message;

use super::render;
use crate::{
    domain::Indicator,
    method::GradeMethod,
    snapshot::{RankingTable, Snapshot},
};

/// Field `rows` of RankRegionsResponse.
const RANKED_ROWS: u32 = 3;
/// Field `rows` of GetProfileResponse.
const PROFILE_ROWS: u32 = 3;

/// A snapshot with its row-shaped answers ready to send.
#[derive(Debug)]
pub struct Edition {
    snapshot: Snapshot,
    /// By [`RankingTable::ordinal`].
    rankings: Vec<EncodedRanking>,
}

/// One ranking, graded by the default method.
#[derive(Debug)]
struct EncodedRanking {
    /// A profile row's fields that all municipalities share.
    profile_row: Vec<u8>,
    /// The elements of `rows` of a RankRegionsResponse, one after the other.
    rows: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl Deref for Edition {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.snapshot
    }
}

impl From<Snapshot> for Edition {
    fn from(snapshot: Snapshot) -> Self {
        let tables = snapshot.indicators.iter().enumerate();
        let tables = tables
            .flat_map(|(place, indicator)| snapshot.rankings(place).iter().map(move |t| (indicator, t)));
        let rankings = tables
            .map(|(indicator, table)| EncodedRanking::of(&snapshot, indicator, table))
            .collect();
        Self { snapshot, rankings }
    }
}

impl EncodedRanking {
    fn of(snapshot: &Snapshot, indicator: &Indicator, table: &RankingTable) -> Self {
        let mut rows = Vec::new();
        let ends = (0..table.rows.len()).map(|place| {
            encode_ranked_row(snapshot, table, place, None, &mut rows);
            rows.len()
        });
        let ends = ends.collect();
        Self {
            profile_row: shared_profile_fields(snapshot, indicator, table, None),
            rows,
            ends,
        }
    }

    fn row(&self, place: usize) -> &[u8] {
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.rows[start..self.ends[place]]
    }
}

impl Edition {
    /// A RankRegions answer: `head` and the rows at these places of the listing.
    pub(super) fn ranked_rows(
        &self,
        head: &v1::RankRegionsResponse,
        table: &RankingTable,
        places: &[usize],
        method: Option<GradeMethod>,
    ) -> Encoded<v1::RankRegionsResponse> {
        if method.is_none() {
            let encoded = &self.rankings[table.ordinal];
            return Encoded::with_rows(head, places.iter().map(|&place| encoded.row(place)));
        }
        let mut rows = Vec::new();
        for &place in places {
            encode_ranked_row(&self.snapshot, table, place, method, &mut rows);
        }
        Encoded::with_rows(head, [rows.as_slice()])
    }

    /// Writes one row of a GetProfile answer: the fields of the ranking, and those of the municipality in `own`.
    pub(super) fn profile_row(
        &self,
        indicator: &Indicator,
        table: &RankingTable,
        own: &v1::ProfileRow,
        method: Option<GradeMethod>,
        rows: &mut Vec<u8>,
    ) {
        let fresh;
        let shared = match method {
            None => &self.rankings[table.ordinal].profile_row,
            Some(_) => {
                fresh = shared_profile_fields(&self.snapshot, indicator, table, method);
                &fresh
            }
        };
        Encoded::<v1::GetProfileResponse>::encode_field_of_pieces(PROFILE_ROWS, shared, own, rows);
    }

    /// Writes one row of a GetProfile answer for an indicator without figures.
    pub(super) fn profile_row_without_figures(indicator: &Indicator, rows: &mut Vec<u8>) {
        let row = v1::ProfileRow {
            ranking: render::indicator_only(indicator),
            status: v1::ItemStatus::NoData.into(),
            ..Default::default()
        };
        Encoded::<v1::GetProfileResponse>::encode_field(PROFILE_ROWS, &row, rows);
    }
}

fn encode_ranked_row(
    snapshot: &Snapshot,
    table: &RankingTable,
    place: usize,
    method: Option<GradeMethod>,
    rows: &mut Vec<u8>,
) {
    let row = render::ranked_region(snapshot, table, place, method);
    Encoded::<v1::RankRegionsResponse>::encode_field(RANKED_ROWS, &row, rows);
}

fn shared_profile_fields(
    snapshot: &Snapshot,
    indicator: &Indicator,
    table: &RankingTable,
    method: Option<GradeMethod>,
) -> Vec<u8> {
    let shared = v1::ProfileRow {
        ranking: render::ranking_summary(snapshot, indicator, table, method),
        ..Default::default()
    };
    shared.encode_to_vec()
}
