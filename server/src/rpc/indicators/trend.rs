//! One indicator of one municipality or group through time: over which rankings, and why there is nothing.

use groeikern::{Encoded, v1};

use crate::{
    domain::{Basis, Indicator, ObservationStatus},
    method::GradeMethod,
    rpc::{
        Edition, Failure,
        borders::{self, Answering},
        request::Span,
        trend::Followed,
    },
    snapshot::{Among, RankingTable, Snapshot},
};

/// What a request asks of a trend.
pub(super) struct Asked<'a> {
    /// The basis it chose.
    pub(super) basis: Option<Basis>,
    /// The first and the last period it wants.
    pub(super) span: Span<'a>,
    /// The units it wants ranked.
    pub(super) among: Among<'a>,
    /// The id of their universe as asked.
    pub(super) universe: &'a str,
    /// The year of the borders it wants figures on.
    pub(super) borders: Option<&'a str>,
    /// How grades are to be made.
    pub(super) method: Option<GradeMethod>,
}

impl Asked<'_> {
    fn wants(&self, table: &RankingTable) -> bool {
        self.basis.is_none_or(|basis| table.basis == basis)
            && self.span.contains(&table.period)
            && (self.borders.is_none() || table.has_values())
    }
}

/// The trend of a municipality or group on an indicator, on one basis.
pub(super) fn trend(
    edition: &Edition,
    (place, indicator): (usize, &Indicator),
    followed: Followed<'_>,
    asked: &Asked<'_>,
) -> Result<Encoded<v1::GetTrendResponse>, Failure> {
    let narrowed = asked.basis.is_some() || !asked.span.is_everything();
    if let Followed::Region(of_region, region) = followed
        && !narrowed
        && asked.method.is_none()
        && asked.among == Among::Own
        && asked.borders.is_none()
    {
        let all = || tables(edition, place, asked);
        let found = edition.whole_trend((place, indicator), (of_region, region), all);
        if let Some(found) = found {
            return Ok(found);
        }
    }
    let name = &edition.manifest.name;
    let tables = tables(edition, place, asked);
    if tables.is_empty() {
        if asked.among != Among::Own && edition.rankings(place).iter().any(|table| asked.wants(table)) {
            return Err(Failure::no_data_among(&indicator.id, asked.universe));
        }
        if asked.borders.is_some() && !edition.rankings(place).is_empty() && asked.span.is_everything() {
            return Err(borders::no_values(edition, (place, indicator), asked.basis, None));
        }
        return Err(Failure::no_data_for_indicator(&indicator.id, name, narrowed));
    }
    let tables = tables.into_iter().map(|table| match asked.borders {
        None => Ok(Answering::AsPublished(table)),
        Some(year) => borders::divisible(edition, (place, indicator), table, year).map(Answering::Recast),
    });
    let tables: Vec<Answering<'_>> = tables.collect::<Result<_, _>>()?;
    // Periods that cannot be ranked are points without a figure; a trend of nothing else is none.
    if let Some(year) = asked.borders
        && let Some(latest) = tables.last()
        && !tables.iter().any(|table| borders::has_places(table))
        && let Some(failure) = borders::without_places(indicator, latest, year)
    {
        return Err(failure);
    }
    let tables: Vec<&RankingTable> = tables.iter().map(|table| &**table).collect();
    let found = edition.trend(indicator, followed, &tables, asked.method);
    found.ok_or_else(|| match followed {
        Followed::Region(of_region, region) if tables.iter().all(|table| !table.has_unit_of(of_region)) => {
            Failure::not_in_universe(region, asked.universe)
        }
        Followed::Region(of_region, region)
            if tables
                .iter()
                .any(|table| borders::is_not_recastable(table, of_region)) =>
        {
            let mut why = tables.iter();
            why.find_map(|table| borders::no_figure(edition, table, (of_region, region)))
                .unwrap_or_else(|| Failure::no_position(region, indicator, None))
        }
        Followed::Region(of_region, region) => {
            let withheld = ObservationStatus::Suppressed;
            let any = tables
                .iter()
                .any(|table| table.absent.get(&of_region) == Some(&withheld));
            Failure::no_position(region, indicator, any.then_some(withheld))
        }
        Followed::Group(group) => Failure::no_mean_of_group(&group.id, &indicator.id, name, narrowed),
    })
}

/// The rankings within the span, earliest first: of one basis, on basis PROXY of one indicator that stands in, whose unit is
/// that of all points, and one per period.
fn tables<'a>(edition: &'a Snapshot, indicator: usize, asked: &Asked<'a>) -> Vec<&'a RankingTable> {
    let rankings = edition.rankings_among(indicator, asked.among);
    let mut tables: Vec<&RankingTable> = rankings.filter(|table| asked.wants(table)).collect();
    if let Some(first) = tables.first().copied() {
        let stands_in = |table: &RankingTable| table.proxy.map(|proxy| proxy.indicator);
        tables.retain(|table| table.basis == first.basis && stands_in(table) == stands_in(first));
    }
    // Latest first, and of several rankings of a period the one that other answers use first.
    tables.dedup_by(|next, kept| next.period == kept.period);
    tables.reverse();
    tables
}
