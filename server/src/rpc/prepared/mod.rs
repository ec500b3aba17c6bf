//! An edition as the services use it: its snapshot, and the rows of its rankings encoded once.

mod themes;
mod trends;

use std::{
    ops::{Deref, Range},
    sync::OnceLock,
};

use groeikern::{Encoded, v1};
use prost::Message;

use super::{Failure, metadata::Metadata, pieces::Pieces, render};
use crate::{
    domain::{Group, Indicator},
    method::GradeMethod,
    snapshot::{RankingTable, Snapshot},
};
use themes::OutcomesByBasis;
use trends::WholeTrends;

/// Field `metadata` of every response.
const METADATA: u32 = 1;
/// Field `ranking` of RankRegionsResponse and GetPositionResponse.
const RANKING: u32 = 2;
/// Field `rows` of RankRegionsResponse, and field `region` of GetPositionResponse.
const RANKED_ROW: u32 = 3;
/// Field `rows` of GetProfileResponse.
const PROFILE_ROWS: u32 = 3;

/// A snapshot with its row-shaped answers ready to send.
#[derive(Debug)]
pub struct Edition {
    snapshot: Snapshot,
    /// By [`RankingTable::ordinal`].
    rankings: Vec<EncodedRanking>,
    /// The whole profiles of municipalities, by their place; made when first asked for.
    profiles: Vec<OnceLock<Encoded<v1::GetProfileResponse>>>,
    /// The trends of an indicator that nothing narrows, by its place; made when first asked for.
    whole_trends: Vec<OnceLock<WholeTrends>>,
    /// Which themes are unfavourable in which municipalities; made when first asked for.
    theme_outcomes: OutcomesByBasis,
}

/// What an answer about one ranking shows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// One municipality.
    One,
    /// Several municipalities of the list.
    List,
    /// Several, and the means that a report printed beside them.
    ListAndMeans,
}

/// Which rows of a ranking an answer holds, by their places in its list.
#[derive(Debug, Clone)]
pub(super) enum Places<'a> {
    /// Rows that follow one another: sent as they are kept.
    Run(Range<usize>),
    /// These, one by one.
    Each(&'a [usize]),
}

/// One ranking, graded by the default method.
#[derive(Debug)]
struct EncodedRanking {
    /// A profile row's fields that all municipalities share.
    profile_row: Vec<u8>,
    /// A trend point's fields that all municipalities share.
    trend_point: Vec<u8>,
    /// The field `ranking` of an answer about it.
    summary: Vec<u8>,
    /// The rows of a RankRegionsResponse; made when first asked for, because most requests want the latest period only.
    rows: OnceLock<Pieces>,
    /// The field `metadata` of answers about it, by [`Shown`]; made when first asked for.
    metadata: [OnceLock<Vec<u8>>; 3],
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
        Self {
            rankings,
            profiles: snapshot.regions.iter().map(|_| OnceLock::new()).collect(),
            whole_trends: snapshot.indicators.iter().map(|_| OnceLock::new()).collect(),
            theme_outcomes: Default::default(),
            snapshot,
        }
    }
}

impl EncodedRanking {
    fn of(snapshot: &Snapshot, indicator: &Indicator, table: &RankingTable) -> Self {
        Self {
            profile_row: shared_profile_fields(snapshot, indicator, table, None),
            trend_point: shared_trend_point(table),
            summary: encode_summary(snapshot, indicator, table, None),
            rows: OnceLock::new(),
            metadata: Default::default(),
        }
    }

    fn rows(&self, snapshot: &Snapshot, table: &RankingTable) -> &Pieces {
        self.rows.get_or_init(|| {
            Pieces::of(table.rows.len(), |place, rows| {
                encode_ranked_row(snapshot, table, place, None, rows);
            })
        })
    }
}

impl Edition {
    /// What is kept encoded of a ranking: of the edition's own, not of those among the units of another universe or on other
    /// borders.
    fn kept(&self, table: &RankingTable) -> Option<&EncodedRanking> {
        let own = table.universe().is_none() && table.recasting().is_none();
        own.then(|| &self.rankings[table.ordinal])
    }

    /// An answer about one ranking: `head`, and the fields that RankRegionsResponse and GetPositionResponse have in common,
    /// which are left empty in it: metadata, the ranking, and the rows at these places of the list. `group` is the one that it lists
    /// the members of.
    pub(super) fn ranked<T: Message>(
        &self,
        head: &T,
        (indicator, table): (&Indicator, &RankingTable),
        places: Places<'_>,
        method: Option<GradeMethod>,
        (shown, group): (Shown, Option<&Group>),
    ) -> Encoded<T> {
        let kept = self.kept(table);
        let fresh;
        // What is kept says nothing of members of a group that are there by former codes.
        let group = group.filter(|group| !self.former_codes_of(group, table.vintage()).is_empty());
        let metadata = match kept.filter(|_| group.is_none()) {
            Some(kept) => kept.metadata[shown as usize]
                .get_or_init(|| self.encode_metadata(indicator, table, (shown, None))),
            None => {
                fresh = self.encode_metadata(indicator, table, (shown, group));
                &fresh
            }
        };
        let first = [metadata.as_slice()];
        if let (None, Some(encoded)) = (method, kept) {
            let first = first.into_iter().chain([encoded.summary.as_slice()]);
            let rows = encoded.rows(&self.snapshot, table);
            return match places {
                Places::Run(places) => Encoded::with_fields(head, first).followed_by(rows.run(places)),
                Places::Each(places) => {
                    let rows = places.iter().map(|&place| rows.piece(place));
                    Encoded::with_fields(head, first.chain(rows))
                }
            };
        }
        let mut fields = encode_summary(&self.snapshot, indicator, table, method);
        let mut add = |place| encode_ranked_row(&self.snapshot, table, place, method, &mut fields);
        match places {
            Places::Run(places) => places.for_each(&mut add),
            Places::Each(places) => places.iter().copied().for_each(&mut add),
        }
        Encoded::with_fields(head, first.into_iter().chain([fields.as_slice()]))
    }

    /// The means that a report printed beside a ranking.
    pub(super) fn published_means(
        &self,
        table: &RankingTable,
        method: Option<GradeMethod>,
    ) -> Vec<v1::GroupStanding> {
        let groups = table.means.iter().filter_map(|mean| self.group(&mean.group));
        groups
            .map(|group| render::group_standing(self, table, group, method))
            .collect()
    }

    fn encode_metadata(
        &self,
        indicator: &Indicator,
        table: &RankingTable,
        (shown, group): (Shown, Option<&Group>),
    ) -> Vec<u8> {
        let mut metadata = Metadata::of(self);
        metadata.ranking(indicator, table);
        metadata.former_members(indicator, table, group.as_slice());
        if shown != Shown::One {
            metadata.partial(table);
        }
        if shown == Shown::ListAndMeans {
            metadata.means(table, &self.published_means(table, None));
        }
        let mut field = Vec::new();
        if let Some(metadata) = metadata.finish() {
            Encoded::<v1::RankRegionsResponse>::encode_field(METADATA, &metadata, &mut field);
        }
        field
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
        let shared = match (method, self.kept(table)) {
            (None, Some(kept)) => &kept.profile_row,
            _ => {
                fresh = shared_profile_fields(&self.snapshot, indicator, table, method);
                &fresh
            }
        };
        Encoded::<v1::GetProfileResponse>::encode_field_of_pieces(PROFILE_ROWS, shared, own, rows);
    }

    /// The whole profile of the municipality at this place, made once.
    pub(super) fn profile(
        &self,
        region: usize,
        make: impl FnOnce() -> Result<Encoded<v1::GetProfileResponse>, Failure>,
    ) -> Result<Encoded<v1::GetProfileResponse>, Failure> {
        let kept = &self.profiles[region];
        if let Some(profile) = kept.get() {
            return Ok(profile.clone());
        }
        let profile = make()?;
        Ok(kept.get_or_init(|| profile).clone())
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

/// The fields of a trend point that all municipalities share.
fn shared_trend_point(table: &RankingTable) -> Vec<u8> {
    v1::TrendPoint {
        period: table.period.clone(),
        n: table.n,
        missing: table.has_values().then_some(table.missing),
        source_id: table.source.clone(),
        ..Default::default()
    }
    .encode_to_vec()
}

fn encode_ranked_row(
    snapshot: &Snapshot,
    table: &RankingTable,
    place: usize,
    method: Option<GradeMethod>,
    rows: &mut Vec<u8>,
) {
    let row = render::ranked_region(snapshot, table, place, method);
    Encoded::<v1::RankRegionsResponse>::encode_field(RANKED_ROW, &row, rows);
}

fn encode_summary(
    snapshot: &Snapshot,
    indicator: &Indicator,
    table: &RankingTable,
    method: Option<GradeMethod>,
) -> Vec<u8> {
    let mut field = Vec::new();
    if let Some(summary) = render::ranking_summary(snapshot, indicator, table, method) {
        Encoded::<v1::RankRegionsResponse>::encode_field(RANKING, &summary, &mut field);
    }
    field
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
