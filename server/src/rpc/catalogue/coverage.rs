//! How complete the figures of an edition are.

use groeikern::v1;

use super::super::{Failure, lookup, render};
use crate::{
    domain::{Basis, Indicator, ObservationStatus, RegionCode},
    method::count,
    snapshot::{RankingTable, Snapshot},
};

/// What a request asks of the coverage.
pub(super) struct Asked<'a> {
    indicators: &'a [String],
    themes: &'a [String],
    basis: Option<Basis>,
    period: Option<&'a str>,
    /// Whether a municipality was named.
    names_region: bool,
    /// Its place, if the edition knows it.
    region: Option<usize>,
}

impl<'a> Asked<'a> {
    /// What a request asks, once its indicators and themes are known to exist.
    pub(super) fn read(
        edition: &Snapshot,
        request: &'a v1::GetCoverageRequest,
        basis: Option<Basis>,
        period: Option<&'a str>,
    ) -> Result<Self, Failure> {
        for id in &request.indicator_ids {
            lookup::indicator(edition, id)?;
        }
        for id in &request.theme_ids {
            lookup::theme(edition, id)?;
        }
        let code = request.region_code.as_str();
        let place = edition.region(code).map(|(place, _)| place);
        if place.is_none()
            && !code.is_empty()
            && !RegionCode::parse(code).is_ok_and(|code| code.is_municipality())
        {
            return Err(Failure::unknown_region(code, &[]));
        }
        Ok(Self {
            indicators: &request.indicator_ids,
            themes: &request.theme_ids,
            basis,
            period,
            names_region: !code.is_empty(),
            region: place,
        })
    }

    /// Whether an indicator was asked for.
    pub(super) fn wants(&self, indicator: &Indicator) -> bool {
        (self.indicators.is_empty() || self.indicators.contains(&indicator.id))
            && (self.themes.is_empty() || self.themes.contains(&indicator.theme))
    }

    /// The coverage of the indicator at this place.
    pub(super) fn row(&self, edition: &Snapshot, place: usize) -> v1::CoverageRow {
        let asked = |table: &&RankingTable| {
            self.basis.is_none_or(|basis| table.basis == basis)
                && self.period.is_none_or(|period| table.period == period)
        };
        let rankings = edition.rankings(place).iter().filter(asked);
        v1::CoverageRow {
            indicator: render::indicator_ref(&edition.indicators[place]),
            rankings: rankings.map(|table| self.ranking(edition, table)).collect(),
        }
    }

    fn ranking(&self, edition: &Snapshot, table: &RankingTable) -> v1::RankingCoverage {
        let absent = |status| count(table.absent.values().filter(|found| **found == status).count());
        let suppressed = absent(ObservationStatus::Suppressed);
        let not_applicable = absent(ObservationStatus::NotApplicable);
        v1::RankingCoverage {
            basis: render::basis(table.basis).into(),
            period: table.period.clone(),
            universe_id: render::universe_id(edition, table),
            n: table.n,
            known: count(table.rows.len()),
            missing: table.has_values().then_some(table.missing),
            suppressed,
            not_applicable,
            without_figure: table.missing.saturating_sub(suppressed + not_applicable),
            published_means: count(table.means.len()),
            source_id: table.source.clone(),
            proxy_indicator_id: table
                .proxy
                .map(|proxy| edition.indicators[proxy.indicator].id.clone())
                .unwrap_or_default(),
            region_status: self.region_status(edition, table).into(),
        }
    }

    fn region_status(&self, edition: &Snapshot, table: &RankingTable) -> v1::ItemStatus {
        match self.region {
            _ if !self.names_region => v1::ItemStatus::Unspecified,
            None => v1::ItemStatus::NoData,
            Some(place) if table.row(place).is_some() => v1::ItemStatus::Ok,
            Some(place) => render::absence_in(table, (place, &edition.regions[place])),
        }
    }
}
