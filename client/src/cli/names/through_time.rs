//! Which municipality is meant in a question that figures or flows of one period answer.

use groeikern_client::v1;

use crate::cli::{exit::Failure, session::Session};

impl Session {
    /// The municipality meant in a question about one period: a former one where its code was still in use then. Without a
    /// period as [`region`](Self::region).
    pub(crate) async fn region_in(&mut self, typed: &str, period: &str) -> Result<v1::RegionRef, Failure> {
        if !period.is_empty() {
            let request = v1::ResolveRegionRequest {
                edition: self.edition(),
                text: typed.to_owned(),
                ..Default::default()
            };
            // What is wrong with the name is said below.
            let resolved = self.client.resolve_region(request).await.ok();
            if let Some(former) = resolved.and_then(|response| response.followed_from) {
                let request = v1::GetRegionRequest {
                    edition: self.edition(),
                    region_code: former.code.clone(),
                };
                let region = self.client.get_region(request).await?.region.unwrap_or_default();
                if was_valid_in(&region.valid_to, period) {
                    return Ok(former);
                }
            }
        }
        self.region(typed).await
    }

    /// The municipality meant in a question about flows: as [`region_in`](Self::region_in) in the period of the table that
    /// answers, which is the latest of its kind where none is typed.
    pub(crate) async fn region_of_flows(
        &mut self,
        typed: &str,
        kind: v1::FlowKind,
        period: &str,
    ) -> Result<v1::RegionRef, Failure> {
        if !period.is_empty() {
            return self.region_in(typed, period).await;
        }
        let request = v1::ListFlowTablesRequest {
            edition: self.edition(),
        };
        let response = self.client.list_flow_tables(request).await?;
        let table = answering(&response.tables, kind);
        let period = table.map(|table| table.period.clone()).unwrap_or_default();
        self.region_in(typed, &period).await
    }

    /// The municipality meant in a question about a series of figures: as [`region_in`](Self::region_in) in its latest period,
    /// at most `to` where that is not empty.
    pub(crate) async fn region_of_series(
        &mut self,
        typed: &str,
        indicator_id: &str,
        basis: v1::Basis,
        to: &str,
    ) -> Result<v1::RegionRef, Failure> {
        let request = v1::GetIndicatorRequest {
            edition: self.edition(),
            indicator_id: indicator_id.to_owned(),
        };
        let response = self.client.get_indicator(request).await?;
        let figures = response.indicator.unwrap_or_default().availability;
        let period = latest(&figures, basis, to).unwrap_or_default();
        self.region_in(typed, period).await
    }
}

/// The latest period, at most `to`, of the figures that answer: of a basis, or of the best where none is asked for. They come
/// best basis and latest period first.
fn latest<'a>(figures: &'a [v1::Availability], basis: v1::Basis, to: &str) -> Option<&'a str> {
    let basis = match basis {
        v1::Basis::Unspecified => figures.first()?.basis(),
        asked => asked,
    };
    let of_basis = figures.iter().filter(|found| found.basis() == basis);
    let mut periods = of_basis.map(|found| found.period.as_str());
    periods.find(|period| to.is_empty() || *period <= to)
}

/// The table that answers where no period is asked for: tables come by kind, the latest first.
fn answering(tables: &[v1::FlowTable], kind: v1::FlowKind) -> Option<&v1::FlowTable> {
    let any = kind == v1::FlowKind::Unspecified;
    tables.iter().find(|table| any || table.kind() == kind)
}

/// Whether a code that ended on a day was still in use when a period began: a year is that of its first day.
fn was_valid_in(valid_to: &str, period: &str) -> bool {
    let first_day = match period.len() {
        4 => format!("{period}-01-01"),
        7 => format!("{period}-01"),
        _ => period.to_owned(),
    };
    valid_to > first_day.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_of_a_year_when_it_was_valid_on_its_first_day() {
        assert!(was_valid_in("2015-01-01", "2014"));
        assert!(!was_valid_in("2015-01-01", "2015"));
        assert!(was_valid_in("2015-07-01", "2015"));
        assert!(was_valid_in("2015-02-01", "2015-01") && !was_valid_in("2015-02-01", "2015-02"));
        assert!(!was_valid_in("", "2014"), "still valid, so nothing was followed");
    }

    #[test]
    fn the_first_table_of_the_kind_answers() {
        let table = |kind: v1::FlowKind, period: &str| v1::FlowTable {
            kind: kind.into(),
            period: period.to_owned(),
            ..Default::default()
        };
        let tables = [
            table(v1::FlowKind::Commuting, "2016"),
            table(v1::FlowKind::Migration, "2018"),
            table(v1::FlowKind::Migration, "2017"),
        ];
        let period = |kind| answering(&tables, kind).map(|table| table.period.as_str());
        assert_eq!(period(v1::FlowKind::Unspecified), Some("2016"));
        assert_eq!(period(v1::FlowKind::Migration), Some("2018"));
        assert_eq!(period(v1::FlowKind::Trips), None);
    }

    #[test]
    fn a_series_ends_in_the_latest_period_of_its_basis() {
        let figure = |basis: v1::Basis, period: &str| v1::Availability {
            basis: basis.into(),
            period: period.to_owned(),
            ..Default::default()
        };
        let figures = [
            figure(v1::Basis::Published, "2018"),
            figure(v1::Basis::Published, "2016"),
            figure(v1::Basis::Computed, "2024"),
        ];
        let found = |basis, to| latest(&figures, basis, to);
        assert_eq!(found(v1::Basis::Unspecified, ""), Some("2018"));
        assert_eq!(found(v1::Basis::Unspecified, "2017"), Some("2016"));
        assert_eq!(found(v1::Basis::Computed, ""), Some("2024"));
        assert_eq!(found(v1::Basis::Proxy, ""), None);
        assert_eq!(latest(&[], v1::Basis::Unspecified, ""), None);
    }
}
