//! A list is the same whatever the size of its pages, and a page token works for its own request and edition only.

use crate::support::{Server, another_edition, refusal};
use groeikern_client::{Client, Code, Error, Stream, StreamExt, v1, v1::ErrorReason};

/// The rows of every page, and how many pages there were.
async fn walk<P, R>(
    pages: impl Stream<Item = Result<P, Error>> + Unpin,
    rows: impl Fn(P) -> Vec<R>,
) -> (Vec<R>, usize) {
    let mut pages = pages;
    let (mut all, mut count) = (Vec::new(), 0);
    while let Some(page) = pages.next().await {
        all.extend(rows(page.expect("a page")));
        count += 1;
    }
    (all, count)
}

macro_rules! same_at_every_size {
    ($($test:ident: $pages:ident($request:ident { $($field:ident: $value:expr),* }) . $rows:ident;)*) => {
        $(#[tokio::test]
        async fn $test() {
            let client = Server::start().await.client().await;
            let at = |page_size| {
                let request = v1::$request { page_size, $($field: $value,)* ..Default::default() };
                walk(client.$pages(request), |page| page.$rows)
            };
            let (whole, pages) = at(1000).await;
            assert_eq!(pages, 1);
            assert!(whole.len() > 1, "a list that tests pages");
            for size in [1_usize, 2, 5, 7, 100] {
                let (paged, pages) = at(i32::try_from(size).expect("small")).await;
                assert_eq!(paged, whole, "at page size {size}");
                assert_eq!(pages, whole.len().div_ceil(size), "at page size {size}");
            }
            let (larger_than_the_cap, _) = at(i32::MAX).await;
            assert_eq!(larger_than_the_cap, whole);
        })*
    };
}

same_at_every_size! {
    themes: list_themes_pages(ListThemesRequest {}).themes;
    indicators: list_indicators_pages(ListIndicatorsRequest {}).indicators;
    indicators_of_a_theme: list_indicators_pages(ListIndicatorsRequest { theme_id: "liveability_safety".into() }).indicators;
    regions: list_regions_pages(ListRegionsRequest {}).regions;
    regions_with_former_ones: list_regions_pages(ListRegionsRequest { include_former: true }).regions;
    groups: list_groups_pages(ListGroupsRequest {}).groups;
    hits: search_catalogue_pages(SearchCatalogueRequest { query: "low".into() }).hits;
    coverage: get_coverage_pages(GetCoverageRequest {}).rows;
    ranked_regions: rank_regions_pages(RankRegionsRequest { indicator_id: "low_theft".into() }).rows;
    factors: list_factors_pages(ListFactorsRequest {}).factors;
    mechanisms: list_mechanisms_pages(ListMechanismsRequest {}).mechanisms;
    mechanisms_of_a_factor: list_mechanisms_pages(ListMechanismsRequest { factor_id: "fragile_social_cohesion".into() }).mechanisms;
    findings: list_findings_pages(ListFindingsRequest {}).findings;
    cited_works: list_citations_pages(ListCitationsRequest { section: "3".into() }).works;
    recommendations: list_recommendations_pages(ListRecommendationsRequest {}).recommendations;
}

#[tokio::test]
async fn editions() {
    let server = Server::start().await;
    for number in 1..4 {
        let edition = another_edition(&format!("edition-{}", number % 2)); // two of them have the same content
        server
            .shelf
            .publish(&edition, number, None)
            .await
            .expect("published");
    }
    server.editions.refresh().await.expect("read");
    let client = server.client().await;
    let at = |page_size| {
        let request = v1::ListEditionsRequest {
            page_size,
            ..Default::default()
        };
        walk(client.list_editions_pages(request), |page| page.editions)
    };
    let (whole, _) = at(0).await;
    let sequences: Vec<u64> = whole.iter().map(|edition| edition.sequence).collect();
    assert_eq!(sequences, [4, 1], "each id once, at its latest");
    assert_eq!(whole.iter().filter(|edition| edition.current).count(), 1);
    assert_eq!(at(1).await.0, whole);
}

async fn first_token(client: &Client) -> String {
    let request = v1::RankRegionsRequest {
        indicator_id: "low_theft".into(),
        page_size: 2,
        ..Default::default()
    };
    client
        .rank_regions(request)
        .await
        .expect("a page")
        .next_page_token
}

#[tokio::test]
async fn a_token_of_another_request_or_none_at_all_is_refused() {
    let client = Server::start().await.client().await;
    let token = first_token(&client).await;
    let rank = |indicator: &str, token: &str| v1::RankRegionsRequest {
        indicator_id: indicator.into(),
        page_token: token.into(),
        ..Default::default()
    };
    let error = refusal(
        client
            .rank_regions(rank("low_vandalism", &token))
            .await
            .expect_err("foreign"),
    );
    assert_eq!(
        (error.code, error.reason),
        (Code::InvalidArgument, Some(ErrorReason::PageTokenMismatch))
    );
    let request = v1::ListThemesRequest {
        page_token: token.clone(),
        ..Default::default()
    };
    let error = refusal(client.list_themes(request).await.expect_err("foreign"));
    assert_eq!(error.reason, Some(ErrorReason::PageTokenMismatch));
    let mut cut = token.clone();
    cut.pop();
    for forged in ["x", "AAAA", &cut, &token.to_uppercase(), &"A".repeat(5000)] {
        let error = refusal(
            client
                .rank_regions(rank("low_theft", forged))
                .await
                .expect_err("forged"),
        );
        assert_eq!(
            (error.code, error.reason),
            (Code::InvalidArgument, Some(ErrorReason::PageTokenInvalid)),
            "{forged}"
        );
    }
    let request = v1::RankRegionsRequest {
        page_size: -1,
        ..rank("low_theft", "x")
    };
    let error = refusal(client.rank_regions(request).await.expect_err("both"));
    assert_eq!(error.violations.len(), 2, "{error:?}");
    client
        .rank_regions(rank("low_theft", &token))
        .await
        .expect("its own request, at another size");
}

#[tokio::test]
async fn negative_page_sizes_are_refused() {
    let client = Server::start().await.client().await;
    let request = v1::ListThemesRequest {
        page_size: -5,
        ..Default::default()
    };
    let error = refusal(client.list_themes(request).await.expect_err("negative"));
    assert_eq!(
        (error.code, error.reason),
        (Code::InvalidArgument, Some(ErrorReason::InvalidRequest))
    );
    assert_eq!(error.violations[0].field, "page_size");
}

#[tokio::test]
async fn pages_never_mix_editions() {
    let server = Server::start().await;
    let client = server.client().await;
    let rank = |token: String, edition: &str| v1::RankRegionsRequest {
        indicator_id: "low_theft".into(),
        page_size: 2,
        page_token: token,
        edition: edition.into(),
        ..Default::default()
    };
    let first = client
        .rank_regions(rank(String::new(), ""))
        .await
        .expect("a page");
    let before = first.metadata.expect("metadata").edition_id;
    server
        .shelf
        .publish(&another_edition("next"), 1, None)
        .await
        .expect("published");
    server.editions.refresh().await.expect("swapped");
    let now = client
        .list_themes(Default::default())
        .await
        .expect("themes")
        .metadata
        .expect("metadata")
        .edition_id;
    assert_ne!(before, now, "another edition is current");
    let second = client
        .rank_regions(rank(first.next_page_token.clone(), ""))
        .await
        .expect("the next page");
    assert_eq!(
        second.metadata.expect("metadata").edition_id,
        before,
        "the walk stays where it began"
    );

    let pinned_now = client
        .rank_regions(rank(first.next_page_token.clone(), &before))
        .await
        .expect("whoever pins the edition the first page named goes on");
    assert_eq!(pinned_now.metadata.expect("metadata").edition_id, before);
    let pinned = client
        .rank_regions(rank(String::new(), "new-towns-2024"))
        .await
        .expect("a page");
    assert_eq!(
        pinned.metadata.expect("metadata").edition_id,
        before,
        "the old one can be pinned by name"
    );
    let error = refusal(
        client
            .rank_regions(rank(first.next_page_token, &now))
            .await
            .expect_err("another edition"),
    );
    assert_eq!(error.reason, Some(ErrorReason::PageTokenMismatch));
}

#[tokio::test]
async fn a_walk_by_name_goes_on_when_the_name_has_moved_to_another_edition() {
    let server = Server::start().await;
    let client = server.client().await;
    let rank = |token: String| v1::RankRegionsRequest {
        indicator_id: "low_theft".into(),
        page_size: 2,
        page_token: token,
        edition: "new-towns-2024".into(),
        ..Default::default()
    };
    let first = client.rank_regions(rank(String::new())).await.expect("a page");
    server
        .shelf
        .publish(&another_edition("new-towns-2024"), 1, None)
        .await
        .expect("published");
    server.editions.refresh().await.expect("swapped");
    let second = client
        .rank_regions(rank(first.next_page_token))
        .await
        .expect("the next page");
    let (first, second) = (
        first.metadata.expect("metadata"),
        second.metadata.expect("metadata"),
    );
    assert_eq!(first.edition_id, second.edition_id);
}
