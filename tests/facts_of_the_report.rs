//! The figures of the report arrive as it printed them.

use crate::support::Server;
use groeikern_client::v1;

#[tokio::test]
async fn helmond_is_last_of_337_for_other_domestic_violence() {
    let client = Server::start().await.client().await;
    let request = v1::GetProfileRequest {
        region_code: "GM0794".into(),
        ..Default::default()
    };
    let profile = client.get_profile(request).await.expect("a profile");
    assert_eq!(
        profile.region.as_ref().map(|region| region.name.as_str()),
        Some("Helmond")
    );
    let row = row(&profile, "low_other_domestic_violence");
    let (ranking, standing) = (
        row.ranking.as_ref().expect("a ranking"),
        row.standing.as_ref().expect("a standing"),
    );
    assert_eq!((standing.position, ranking.n), (337, 337));
    assert_eq!(standing.verdict(), v1::Verdict::VeryUnfavourable);
    assert_eq!(ranking.basis(), v1::Basis::Published);
    assert!(ranking.column_inferred && ranking.grade_from_position && row.value.is_none());
}

fn row<'a>(profile: &'a v1::GetProfileResponse, id: &str) -> &'a v1::ProfileRow {
    let of = |row: &&v1::ProfileRow| {
        row.ranking
            .as_ref()
            .and_then(|ranking| ranking.indicator.as_ref())
            .is_some_and(|indicator| indicator.id == id)
    };
    profile.rows.iter().find(of).expect("a row")
}

#[tokio::test]
async fn a_profile_has_a_row_for_every_indicator_with_or_without_figures() {
    let client = Server::start().await.client().await;
    let request = v1::GetProfileRequest {
        region_code: "GM0034".into(),
        ..Default::default()
    };
    let profile = client.get_profile(request).await.expect("a profile");
    let request = v1::ListIndicatorsRequest {
        page_size: 1000,
        ..Default::default()
    };
    let indicators = client.list_indicators(request).await.expect("a list").indicators;
    let ids: Vec<&str> = profile
        .rows
        .iter()
        .filter_map(|row| Some(row.ranking.as_ref()?.indicator.as_ref()?.id.as_str()))
        .collect();
    assert_eq!(
        ids,
        indicators
            .iter()
            .map(|indicator| indicator.id.as_str())
            .collect::<Vec<_>>()
    );
    for row in &profile.rows {
        assert_eq!(row.status() == v1::ItemStatus::Ok, row.standing.is_some());
    }
}

#[tokio::test]
async fn the_ranking_of_theft_lists_seven_towns_and_says_that_337_were_ranked() {
    let client = Server::start().await.client().await;
    let request = v1::RankRegionsRequest {
        indicator_id: "low_theft".into(),
        ..Default::default()
    };
    let answer = client.rank_regions(request).await.expect("a ranking");
    let ranking = answer.ranking.expect("a summary");
    assert_eq!((ranking.n, ranking.known), (337, 7));
    let listed: Vec<(&str, u32)> = answer
        .rows
        .iter()
        .map(|row| {
            let (region, standing) = (
                row.region.as_ref().expect("a region"),
                row.standing.as_ref().expect("a standing"),
            );
            (region.name.as_str(), standing.position)
        })
        .collect();
    let expected = [
        ("Purmerend", 154),
        ("Nissewaard", 203),
        ("Capelle aan den IJssel", 256),
        ("Zoetermeer", 258),
        ("Almere", 277),
        ("Helmond", 314),
        ("Nieuwegein", 320),
    ];
    assert_eq!(listed, expected);
    let metadata = answer.metadata.expect("metadata");
    let partial = metadata
        .caveats
        .iter()
        .find(|caveat| caveat.code() == v1::CaveatCode::PartialRanking);
    let text = partial
        .and_then(|caveat| caveat.text.clone())
        .expect("a caveat on what is known");
    assert!(
        text.en.contains("7 of 337") && text.nl.contains("7 van de 337"),
        "{text:?}"
    );
    let mean = &answer.published_means[0];
    assert_eq!(
        mean.standing.as_ref().map(|standing| standing.position),
        Some(255)
    );
}

#[tokio::test]
async fn the_mean_new_town_would_take_place_311_for_the_built_environment() {
    let client = Server::start().await.client().await;
    let request = v1::CompareGroupsRequest {
        group_ids: vec!["nta_new_towns".into()],
        ..Default::default()
    };
    let answer = client.compare_groups(request).await.expect("a comparison");
    let compared = answer.comparisons.iter().find(|compared| {
        let indicator = compared
            .ranking
            .as_ref()
            .and_then(|ranking| ranking.indicator.as_ref());
        indicator.is_some_and(|indicator| indicator.id == "built_environment")
    });
    let group = &compared.expect("compared").groups[0];
    assert_eq!(
        group.standing.as_ref().map(|standing| standing.position),
        Some(311)
    );
    assert_eq!((group.members, group.contributed, group.mean), (7, 0, None));
    assert!(group.grade_approximate);
    let codes: Vec<i32> = answer
        .metadata
        .expect("metadata")
        .caveats
        .iter()
        .map(|caveat| caveat.code)
        .collect();
    assert!(
        codes.contains(&v1::CaveatCode::MembershipUnverified.into()),
        "{codes:?}"
    );
}

async fn advice_for(code: &str) -> v1::RecommendResponse {
    let client = Server::start().await.client().await;
    let subject = Some(v1::recommend_request::Subject::RegionCode(code.into()));
    client
        .recommend(v1::RecommendRequest {
            subject,
            ..Default::default()
        })
        .await
        .expect("advice")
}

fn id(advice: &v1::Advice) -> &str {
    advice
        .recommendation
        .as_ref()
        .map_or("", |recommendation| recommendation.id.as_str())
}

#[tokio::test]
async fn nissewaard_gets_eleven_recommendations_youth_facilities_first() {
    let answer = advice_for("GM1930").await;
    assert_eq!(answer.advice.len(), 11);
    assert_eq!(id(&answer.advice[0]), "youth_facilities");
    for advice in &answer.advice {
        assert!(!advice.evidence.is_empty(), "{}", id(advice));
        let shares: f64 = advice
            .evidence
            .iter()
            .chain(&advice.counter_evidence)
            .map(|evidence| evidence.share)
            .sum();
        assert!((shares - 1.0).abs() < 1e-9, "{}: {shares}", id(advice));
        let need: f64 = advice
            .evidence
            .iter()
            .map(|evidence| evidence.share * evidence.severity)
            .sum();
        assert!(
            (need - advice.need.expect("measured")).abs() < 1e-9,
            "{}",
            id(advice)
        );
        assert_eq!(
            advice
                .peer_need
                .as_ref()
                .and_then(|peers| peers.group.as_ref())
                .expect("peers")
                .id,
            "nta_new_towns"
        );
    }
}

#[tokio::test]
async fn the_labour_balance_is_the_strongest_advice_for_capelle() {
    assert_eq!(
        id(&advice_for("GM0502").await.advice[0]),
        "balance_labour_supply_demand"
    );
}

#[tokio::test]
async fn advice_can_be_asked_for_the_mean_of_a_group() {
    let client = Server::start().await.client().await;
    let subject = Some(v1::recommend_request::Subject::GroupId("nta_new_towns".into()));
    let answer = client
        .recommend(v1::RecommendRequest {
            subject,
            ..Default::default()
        })
        .await
        .expect("advice");
    let Some(v1::recommend_response::Subject::Group(group)) = answer.subject else {
        panic!("not a group")
    };
    assert_eq!(group.id, "nta_new_towns");
    assert_eq!(answer.advice.len(), 11);
}

#[tokio::test]
async fn a_position_comes_with_its_neighbours_on_the_list() {
    let client = Server::start().await.client().await;
    let request = v1::GetPositionRequest {
        indicator_id: "low_theft".into(),
        region_code: "GM0637".into(),
        neighbours: 2,
        ..Default::default()
    };
    let answer = client.get_position(request).await.expect("a position");
    let positions = |rows: &[v1::RankedRegion]| -> Vec<u32> {
        rows.iter()
            .filter_map(|row| Some(row.standing.as_ref()?.position))
            .collect()
    };
    let own = answer
        .region
        .as_ref()
        .and_then(|row| row.standing.as_ref())
        .expect("a standing")
        .position;
    let (before, after) = (positions(&answer.before), positions(&answer.after));
    assert_eq!((before.len(), after.len()), (2, 2));
    assert!(
        before.iter().chain([&own]).chain(&after).is_sorted(),
        "{before:?} {own} {after:?}"
    );
}
