//! Indicators that were asked for and have no values of their own: which others stand in for them elsewhere.

use groeikern_client::v1::{Basis, ExportObservationsRequest, Indicator, ListIndicatorsRequest};

use crate::cli::{
    exit::Failure,
    pages::{LARGEST_PAGE, whole},
    session::Session,
};

/// An indicator whose values stand in for those of one that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StandIn {
    /// The id of the one without values.
    pub(crate) of: String,
    /// The id of the one that was measured.
    pub(crate) by: String,
}

/// Those of the indicators named in a request, without those that are named there too.
pub(crate) async fn of_request(
    session: &Session,
    request: &ExportObservationsRequest,
) -> Result<Vec<StandIn>, Failure> {
    let asked = &request.indicator_ids;
    if asked.is_empty() || request.basis() == Basis::Published {
        return Ok(Vec::new());
    }
    let listing = ListIndicatorsRequest {
        edition: session.edition(),
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let listed = whole(session.client.list_indicators_pages(listing)).await?;
    Ok(among(&listed.indicators, asked))
}

fn among(indicators: &[Indicator], asked: &[String]) -> Vec<StandIn> {
    let without_values: Vec<&str> = indicators
        .iter()
        .filter(|indicator| asked.contains(&indicator.id) && !has_values(indicator))
        .map(|indicator| indicator.id.as_str())
        .collect();
    indicators
        .iter()
        .filter(|other| has_values(other) && !asked.contains(&other.id))
        .filter(|other| without_values.contains(&other.proxy_for_id.as_str()))
        .map(|other| StandIn {
            of: other.proxy_for_id.clone(),
            by: other.id.clone(),
        })
        .collect()
}

fn has_values(indicator: &Indicator) -> bool {
    let mut figures = indicator.availability.iter();
    figures.any(|figures| figures.basis() == Basis::Computed)
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::Availability;

    use super::*;

    fn indicator(id: &str, proxy_for_id: &str, basis: Basis) -> Indicator {
        Indicator {
            id: id.to_owned(),
            proxy_for_id: proxy_for_id.to_owned(),
            availability: vec![Availability {
                basis: basis.into(),
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    #[test]
    fn only_what_was_measured_stands_in_and_only_for_what_was_not() {
        let indicators = [
            indicator("crime", "", Basis::Proxy),
            indicator("theft", "", Basis::Computed),
            indicator("vandals", "crime", Basis::Computed),
            indicator("thieves", "theft", Basis::Computed),
            indicator("rumours", "crime", Basis::Published),
        ];
        let of = |asked: &[&str]| {
            let asked: Vec<String> = asked.iter().map(|id| (*id).to_owned()).collect();
            among(&indicators, &asked)
        };
        let found = of(&["crime", "theft"]);
        assert_eq!(
            found,
            [StandIn {
                of: "crime".to_owned(),
                by: "vandals".to_owned()
            }]
        );
        assert!(of(&["crime", "vandals"]).is_empty(), "it was asked for");
    }
}
