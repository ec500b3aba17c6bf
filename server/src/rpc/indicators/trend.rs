//! One indicator of one municipality through time.

use groeikern::{Encoded, v1};

use crate::{
    domain::{Basis, Indicator, ObservationStatus, Region},
    method::GradeMethod,
    rpc::{Edition, Failure, request::Span},
    snapshot::RankingTable,
};

/// What a request asks of a trend.
pub(super) struct Asked<'a> {
    /// The basis it chose.
    pub(super) basis: Option<Basis>,
    /// The first and the last period it wants.
    pub(super) span: Span<'a>,
    /// How grades are to be made.
    pub(super) method: Option<GradeMethod>,
}

/// The trend of a municipality on an indicator, on one basis.
pub(super) fn trend(
    edition: &Edition,
    (place, indicator): (usize, &Indicator),
    (region_place, region): (usize, &Region),
    asked: &Asked<'_>,
) -> Result<Encoded<v1::GetTrendResponse>, Failure> {
    let narrowed = asked.basis.is_some() || !asked.span.is_everything();
    if !narrowed && asked.method.is_none() {
        let all = || tables(edition.rankings(place), asked);
        let found = edition.whole_trend((place, indicator), (region_place, region), all);
        if let Some(found) = found {
            return Ok(found);
        }
    }
    let tables = tables(edition.rankings(place), asked);
    if tables.is_empty() {
        let name = &edition.manifest.name;
        return Err(Failure::no_data_for_indicator(&indicator.id, name, narrowed));
    }
    if !tables.iter().any(|table| table.row(region_place).is_some()) {
        let why =
            |table: &&RankingTable| table.absent.get(&region_place) == Some(&ObservationStatus::Suppressed);
        let withheld = tables.iter().any(why).then_some(ObservationStatus::Suppressed);
        return Err(Failure::no_position(region, indicator, withheld));
    }
    Ok(edition.trend(indicator, (region_place, region), &tables, asked.method))
}

/// The rankings within the span, earliest first: of one basis, on basis PROXY of one indicator that stands in, whose unit is
/// that of all points, and one per period.
fn tables<'a>(rankings: &'a [RankingTable], asked: &Asked<'_>) -> Vec<&'a RankingTable> {
    let wanted = |table: &&RankingTable| {
        asked.basis.is_none_or(|basis| table.basis == basis) && asked.span.contains(&table.period)
    };
    let mut tables: Vec<&RankingTable> = rankings.iter().filter(wanted).collect();
    if let Some(first) = tables.first().copied() {
        let stands_in = |table: &RankingTable| table.proxy.map(|proxy| proxy.indicator);
        tables.retain(|table| table.basis == first.basis && stands_in(table) == stands_in(first));
    }
    // Latest first, and of several rankings of a period the one that other answers use first.
    tables.dedup_by(|next, kept| next.period == kept.period);
    tables.reverse();
    tables
}
