//! Several pages as one response.

use groeikern_client::{Error, v1};
use tokio_stream::{Stream, StreamExt};

/// Rows per page of the lists that are asked for whole: the most there can be.
pub(crate) const LARGEST_PAGE: i32 = 1000;

/// A response that comes in pages.
pub(crate) trait Page: Default {
    fn metadata(&mut self) -> &mut Option<v1::ResponseMetadata>;
    fn next_page_token(&mut self) -> &mut String;
    /// Adds the rows of the page after this one.
    fn append(&mut self, next: &mut Self);
}

/// All pages as one: the rows of all, the caveats of all, once each, and no token.
pub(crate) async fn whole<P: Page>(pages: impl Stream<Item = Result<P, Error>>) -> Result<P, Error> {
    let mut pages = std::pin::pin!(pages);
    let mut whole = match pages.next().await {
        Some(first) => first?,
        None => P::default(),
    };
    while let Some(page) = pages.next().await {
        let mut page = page?;
        whole.append(&mut page);
        let (Some(metadata), Some(next)) = (whole.metadata(), page.metadata().take()) else {
            continue;
        };
        for caveat in next.caveats {
            if !metadata.caveats.contains(&caveat) {
                metadata.caveats.push(caveat);
            }
        }
    }
    whole.next_page_token().clear();
    Ok(whole)
}

macro_rules! page {
    ($response:ident, $rows:ident) => {
        impl Page for v1::$response {
            fn metadata(&mut self) -> &mut Option<v1::ResponseMetadata> {
                &mut self.metadata
            }

            fn next_page_token(&mut self) -> &mut String {
                &mut self.next_page_token
            }

            fn append(&mut self, next: &mut Self) {
                self.$rows.append(&mut next.$rows);
            }
        }
    };
}

page!(ListThemesResponse, themes);
page!(ListIndicatorsResponse, indicators);
page!(ListRegionsResponse, regions);
page!(ListGroupsResponse, groups);
page!(RankRegionsResponse, rows);
page!(RankCompositeResponse, rows);
page!(ListEditionsResponse, editions);
page!(DiffEditionsResponse, changes);
page!(SearchCatalogueResponse, hits);
page!(GetCoverageResponse, rows);
page!(ListRecommendationsResponse, recommendations);
page!(ListFactorsResponse, factors);
page!(ListMechanismsResponse, mechanisms);
page!(ListFindingsResponse, findings);
page!(ListCitationsResponse, works);
page!(ListImportsResponse, imports);

#[cfg(test)]
mod tests {
    use super::*;

    fn page(code: &str, caveat: v1::CaveatCode, token: &str) -> Result<v1::ListRegionsResponse, Error> {
        Ok(v1::ListRegionsResponse {
            metadata: Some(v1::ResponseMetadata {
                caveats: vec![v1::Caveat {
                    code: caveat.into(),
                    ..Default::default()
                }],
                ..Default::default()
            }),
            regions: vec![v1::Region {
                code: code.to_owned(),
                ..Default::default()
            }],
            next_page_token: token.to_owned(),
        })
    }

    #[tokio::test]
    async fn pages_become_one_response_without_token() {
        let whole = whole(tokio_stream::iter([
            page("GM0034", v1::CaveatCode::FormerCode, "a"),
            page("GM0050", v1::CaveatCode::FormerCode, "b"),
            page("GM0502", v1::CaveatCode::NoVariation, ""),
        ]))
        .await
        .unwrap();
        assert_eq!(
            whole
                .regions
                .iter()
                .map(|region| region.code.as_str())
                .collect::<Vec<_>>(),
            ["GM0034", "GM0050", "GM0502"]
        );
        assert_eq!(whole.metadata.unwrap().caveats.len(), 2);
        assert_eq!(whole.next_page_token, "");
    }
}
