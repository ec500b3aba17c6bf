//! Imported figures, asked for through the wire: periods, proxies, former municipalities, coverage, any set of municipalities.

use groeikern_client::{Client, v1};

use crate::support::{Server, survey::client};

#[tokio::test]
async fn a_former_municipality_is_answered_for_a_period_in_which_it_existed() {
    let client = client().await;
    let asked = async |period: &str| {
        let request = v1::GetPositionRequest {
            indicator_id: "low_theft".into(),
            region_code: "GM0370".into(),
            period: period.into(),
            ..Default::default()
        };
        client.get_position(request).await
    };
    let found = asked("2018").await.expect("Beemster in 2018");
    assert_eq!(
        found
            .region
            .and_then(|region| region.standing)
            .expect("a standing")
            .position,
        1
    );
    for period in ["", "2024"] {
        let error = asked(period).await.expect_err("retired").to_string();
        assert!(error.contains("Purmerend (GM0439)"), "{error}");
    }
    let profile = v1::GetProfileRequest {
        region_code: "GM0370".into(),
        period: "2018".into(),
        ..Default::default()
    };
    let profile = client.get_profile(profile).await.expect("a profile of 2018");
    let figures = profile
        .rows
        .iter()
        .filter(|row| row.status() == v1::ItemStatus::Ok);
    let periods: Vec<&str> = figures
        .map(|row| row.ranking.as_ref().expect("a ranking").period.as_str())
        .collect();
    assert_eq!(
        periods,
        ["2018", "2018", "2018"],
        "theft, felt safety, and vandalism by proxy"
    );
    let observations = v1::QueryObservationsRequest {
        indicator_ids: vec!["low_theft".into()],
        region_codes: vec!["GM0370".into()],
        period: "2018".into(),
        ..Default::default()
    };
    let answer = client
        .query_observations(observations)
        .await
        .expect("observations");
    assert_eq!(
        (answer.items[0].status(), answer.items[0].value),
        (v1::ItemStatus::Ok, Some(1.0))
    );
}

#[tokio::test]
async fn a_profile_shows_what_other_bases_say_and_none_when_one_is_chosen() {
    let client = client().await;
    let row = async |basis: v1::Basis| {
        let request = v1::GetProfileRequest {
            region_code: "GM0637".into(),
            basis: basis.into(),
            ..Default::default()
        };
        let mut rows = client
            .get_profile(request)
            .await
            .expect("a profile")
            .rows
            .into_iter();
        let of = |row: &v1::ProfileRow, id: &str| {
            let ranking = row.ranking.clone().unwrap_or_default();
            ranking.indicator.is_some_and(|indicator| indicator.id == id)
        };
        rows.find(|row| of(row, "low_vandalism")).expect("a row")
    };
    let both = row(v1::Basis::Unspecified).await;
    let ranking = both.ranking.expect("a ranking");
    assert_eq!(
        (ranking.basis(), ranking.period.as_str()),
        (v1::Basis::Proxy, "2024")
    );
    let proxy = ranking.proxy.expect("what stands in");
    assert_eq!(proxy.indicator.expect("an indicator").id, "felt_safety");
    assert_eq!(
        ranking.unit.map(|unit| unit.en).as_deref(),
        Some("%"),
        "the unit of what was measured"
    );
    assert!(
        proxy
            .rank_agreement
            .is_some_and(|agreement| (-1.0..=1.0).contains(&agreement))
    );
    assert_eq!(
        proxy.compared, 7,
        "the towns that the report ranks and the table lists"
    );
    let [other] = both.others.as_slice() else {
        panic!("{:?}", both.others)
    };
    let ranking = other.ranking.as_ref().expect("a ranking");
    assert_eq!(
        (ranking.basis(), ranking.n, other.value),
        (v1::Basis::Published, 337, None)
    );
    let published = row(v1::Basis::Published).await;
    assert_eq!(published.standing, other.standing);
    assert!(published.others.is_empty());
}

async fn recommend(
    client: &Client,
    subject: v1::recommend_request::Subject,
) -> Result<v1::RecommendResponse, String> {
    let request = v1::RecommendRequest {
        subject: Some(subject),
        basis: v1::Basis::Computed.into(),
        ..Default::default()
    };
    client.recommend(request).await.map_err(|error| error.to_string())
}

fn chosen(codes: &[&str]) -> v1::recommend_request::Subject {
    v1::recommend_request::Subject::Regions(v1::RegionSelection {
        region_codes: codes.iter().map(|&code| code.to_owned()).collect(),
    })
}

#[tokio::test]
async fn any_set_of_municipalities_is_advised_as_a_group_of_the_same_would_be() {
    let client = client().await;
    let group = v1::recommend_request::Subject::GroupId("nta_new_towns".into());
    let of_group = recommend(&client, group).await.expect("advice");
    let towns = [
        "GM0034", "GM0502", "GM0794", "GM0356", "GM1930", "GM0439", "GM0637",
    ];
    let of_towns = recommend(&client, chosen(&towns)).await.expect("advice");
    // Findings are about the group as a whole, or name towns.
    let figures = |answer: &v1::RecommendResponse| {
        let mut advice = answer.advice.clone();
        advice.iter_mut().for_each(|advice| advice.findings.clear());
        advice
    };
    assert_eq!(figures(&of_towns), figures(&of_group));
    assert_eq!(of_towns.themes, of_group.themes);
    let Some(v1::recommend_response::Subject::Regions(set)) = of_towns.subject else {
        panic!("no set")
    };
    assert_eq!(set.regions.len(), 7);
    for (codes, what) in [
        (&["GM0034"][..], "needs at least 2"),
        (&["GM0034", "GM0034"], "stands twice"),
        (&["GM0034", "Helmond"], "not a CBS region code"),
        (&["GM0034", "GM0370"], "no longer exists"),
        (&["GM0034", "GM9999"], "holds no figures for GM9999"),
    ] {
        let error = recommend(&client, chosen(codes)).await.expect_err(what);
        assert!(error.contains(what), "{error}");
    }
    let printed = Server::start().await.client().await;
    let request = v1::RecommendRequest {
        subject: Some(chosen(&["GM0034", "GM0637"])),
        ..Default::default()
    };
    let error = printed
        .recommend(request)
        .await
        .expect_err("positions only")
        .to_string();
    assert!(error.contains("groeikern-server import"), "{error}");
}

#[tokio::test]
async fn a_list_of_a_group_of_an_older_period_says_that_members_are_there_by_former_codes() {
    let client = client().await;
    for (group, is_told) in [("other_new_towns", true), ("", false)] {
        let request = v1::RankRegionsRequest {
            indicator_id: "low_theft".into(),
            group_id: group.into(),
            period: "2018".into(),
            ..Default::default()
        };
        let answer = client.rank_regions(request).await.expect("a ranking");
        let caveats = answer.metadata.expect("metadata").caveats;
        let told = caveats
            .iter()
            .any(|caveat| caveat.code() == v1::CaveatCode::FormerMembers);
        assert_eq!(told, is_told, "{group}");
    }
}

#[tokio::test]
async fn a_group_of_an_older_period_counts_former_members_and_says_so() {
    let client = client().await;
    let compare = async |period: &str| {
        let request = v1::CompareGroupsRequest {
            group_ids: vec!["other_new_towns".into()],
            indicator_ids: vec!["low_theft".into()],
            period: period.into(),
            ..Default::default()
        };
        client.compare_groups(request).await.expect("a comparison")
    };
    let caveat = |answer: &v1::CompareGroupsResponse| {
        let caveats = answer.metadata.as_ref().expect("metadata").caveats.iter();
        caveats
            .clone()
            .any(|caveat| caveat.code() == v1::CaveatCode::FormerMembers)
    };
    let of_2018 = compare("2018").await;
    assert_eq!(
        of_2018.comparisons[0].groups[0].mean,
        Some(4.5),
        "Heerhugowaard and Houten"
    );
    assert!(caveat(&of_2018));
    let of_2024 = compare("2024").await;
    assert_eq!(
        of_2024.comparisons[0].groups[0].mean,
        Some(4.0),
        "Dijk en Waard and Houten"
    );
    assert!(!caveat(&of_2024));
}

#[tokio::test]
async fn an_edition_tells_what_was_imported_into_it() {
    let client = client().await;
    let answer = client
        .get_edition(v1::GetEditionRequest::default())
        .await
        .expect("an edition");
    let edition = answer.edition.expect("an edition");
    let units: Vec<(&str, &str, u64, u64)> = edition
        .import_units
        .iter()
        .map(|unit| {
            (
                unit.recipe_id.as_str(),
                unit.period.as_str(),
                unit.values,
                unit.without_value,
            )
        })
        .collect();
    assert_eq!(
        units,
        [("survey_2018", "2018", 14, 0), ("survey_2024", "2024", 16, 2)]
    );
    let request = v1::GetRegionRequest {
        region_code: "GM0398".into(),
        ..Default::default()
    };
    let region = client
        .get_region(request)
        .await
        .expect("Heerhugowaard")
        .region
        .expect("a region");
    assert_eq!(region.listed_periods, ["2018"]);
    let request = v1::GetIndicatorRequest {
        indicator_id: "felt_safety".into(),
        ..Default::default()
    };
    let indicator = client
        .get_indicator(request)
        .await
        .expect("known")
        .indicator
        .expect("an indicator");
    assert_eq!(indicator.proxy_for_id, "low_vandalism");
    assert_eq!(
        indicator.polarity_reason.map(|reason| reason.en).as_deref(),
        Some("Safe is better.")
    );
}

#[tokio::test]
async fn figures_on_later_borders_are_of_the_municipalities_of_that_year_and_say_so() {
    let client = crate::support::survey::on_later_borders().await;
    let request = v1::RankRegionsRequest {
        indicator_id: "low_theft".into(),
        period: "2012".into(),
        group_id: "nta_new_towns".into(),
        ..Default::default()
    };
    let answer = client.rank_regions(request).await.expect("a ranking of 2012");
    let ranking = answer.ranking.as_ref().expect("a ranking");
    assert_eq!(
        (ranking.n, ranking.missing, ranking.universe_id.as_str()),
        (3, Some(0), "municipalities_2020")
    );
    let listed: Vec<&str> = answer
        .rows
        .iter()
        .filter_map(|row| row.region.as_ref())
        .map(|region| region.code.as_str())
        .collect();
    assert_eq!(
        listed,
        ["GM1930", "GM0034"],
        "Nissewaard, founded in 2015, by its own code"
    );
    let caveats = answer.metadata.expect("metadata").caveats;
    let borders = caveats
        .iter()
        .find(|caveat| caveat.code() == v1::CaveatCode::OtherBorders);
    let text = borders.and_then(|caveat| caveat.text.as_ref()).expect("a caveat");
    assert!(text.en.contains("municipalities of 2020"), "{}", text.en);
    assert!(
        caveats
            .iter()
            .all(|caveat| caveat.code() != v1::CaveatCode::FormerMembers)
    );

    for (region_code, group_id) in [("GM1930", ""), ("", "nta_new_towns")] {
        let request = v1::GetTrendRequest {
            indicator_id: "low_theft".into(),
            region_code: region_code.into(),
            group_id: group_id.into(),
            ..Default::default()
        };
        let points = client.get_trend(request).await.expect("a trend").points;
        assert_eq!(points.len(), 2);
        let broken: Vec<v1::TrendBreakKind> = points
            .iter()
            .flat_map(|point| &point.breaks)
            .map(v1::TrendBreak::kind)
            .collect();
        assert_eq!(broken, [], "the borders are those of 2020 in both");
    }
    let former = v1::GetPositionRequest {
        indicator_id: "low_theft".into(),
        region_code: "GM0612".into(),
        period: "2012".into(),
        ..Default::default()
    };
    let error = client
        .get_position(former)
        .await
        .expect_err("no Spijkenisse on these borders")
        .to_string();
    assert!(
        error.contains("GM0612") || error.contains("Spijkenisse"),
        "{error}"
    );
}
