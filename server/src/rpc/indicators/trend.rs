//! One indicator of one municipality through time.

use groeikern::{Encoded, v1};

use crate::rpc::{Edition, Failure};
use crate::{
    domain::{Basis, Indicator, Region},
    method::GradeMethod,
    snapshot::RankingTable,
};

/// What a request asks of a trend.
pub(super) struct Asked<'a> {
    /// The basis it chose.
    pub(super) basis: Option<Basis>,
    /// The first and the last period it wants.
    pub(super) span: (Option<&'a str>, Option<&'a str>),
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
    let narrowed = asked.basis.is_some() || asked.span != (None, None);
    let tables = tables(edition, place, asked);
    let Some(first) = tables.first() else {
        return Err(Failure::no_data_for_indicator(
            &indicator.id,
            &edition.manifest.name,
            narrowed,
        ));
    };
    if !tables.iter().any(|table| table.row(region_place).is_some()) {
        let absent = first.absent.get(&region_place).copied();
        return Err(Failure::no_position(region, indicator, absent));
    }
    Ok(edition.trend(
        (place, indicator),
        (region_place, region),
        &tables,
        asked.method,
        narrowed,
    ))
}

/// The rankings of one basis within the span, earliest first, one per period.
fn tables<'a>(edition: &'a Edition, place: usize, asked: &Asked<'_>) -> Vec<&'a RankingTable> {
    let (from, to) = asked.span;
    let all = edition.rankings(place);
    let basis = asked.basis.or_else(|| all.first().map(|table| table.basis));
    let mut tables: Vec<&RankingTable> = all
        .iter()
        .filter(|table| Some(table.basis) == basis)
        .filter(|table| from.is_none_or(|from| table.period.as_str() >= from))
        .filter(|table| to.is_none_or(|to| table.period.get(..to.len()).unwrap_or(&table.period) <= to))
        .collect();
    // Latest first, and of several rankings of a period the one that other answers use first.
    tables.dedup_by(|next, kept| next.period == kept.period);
    tables.reverse();
    tables
}
