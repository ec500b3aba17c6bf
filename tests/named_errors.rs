//! Every bad request gets a named error that says what to do, and never an empty answer.

use crate::support::{Server, refusal};
use groeikern_client::{AnswerError, Client, Code, v1, v1::ErrorReason};
use groeikern_server::edition::source::SourceFolder;

/// What every refusal must be.
fn check(answer: &AnswerError, code: Code, reason: ErrorReason) {
    assert_eq!((answer.code, answer.reason), (code, Some(reason)), "{answer:?}");
    assert!((1..=500).contains(&answer.message.chars().count()), "{answer:?}");
    assert!(!answer.message.chars().any(char::is_control), "{answer:?}");
    assert!(answer.request_id.is_some(), "{answer:?}");
}

fn fields(answer: &AnswerError) -> Vec<&str> {
    answer
        .violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect()
}

async fn client() -> Client {
    Server::start().await.client().await
}

#[tokio::test]
async fn an_unknown_id_is_not_found_with_what_is_near() {
    let client = client().await;
    let indicator = |id: &str| v1::GetIndicatorRequest {
        indicator_id: id.into(),
        ..Default::default()
    };
    let error = refusal(
        client
            .get_indicator(indicator("low_thefft"))
            .await
            .expect_err("unknown"),
    );
    check(&error, Code::NotFound, ErrorReason::UnknownIndicator);
    assert_eq!(error.metadata["nearest"], "low_theft");
    assert!(error.message.contains("did you mean low_theft?"), "{error:?}");
    let error = refusal(
        client
            .get_indicator(indicator("zzzzzzzz"))
            .await
            .expect_err("unknown"),
    );
    assert!(error.message.contains("ListIndicators"), "{error:?}");

    let group = v1::GetGroupRequest {
        group_id: "old_town".into(),
        ..Default::default()
    };
    let error = refusal(client.get_group(group).await.expect_err("unknown"));
    check(&error, Code::NotFound, ErrorReason::UnknownGroup);

    let themes = v1::ListIndicatorsRequest {
        theme_id: "x".into(),
        ..Default::default()
    };
    let error = refusal(client.list_indicators(themes).await.expect_err("unknown"));
    check(&error, Code::NotFound, ErrorReason::UnknownTheme);
    let block = v1::ListIndicatorsRequest {
        block_id: "x".into(),
        ..Default::default()
    };
    let error = refusal(client.list_indicators(block).await.expect_err("unknown"));
    check(&error, Code::NotFound, ErrorReason::UnknownBlock);

    let recommendation = v1::GetRecommendationRequest {
        recommendation_id: "youth".into(),
        ..Default::default()
    };
    let error = refusal(
        client
            .get_recommendation(recommendation)
            .await
            .expect_err("unknown"),
    );
    check(&error, Code::NotFound, ErrorReason::UnknownRecommendation);

    let sections = v1::GetMethodRequest {
        section_ids: vec!["position".into(), "place_shre".into()],
        ..Default::default()
    };
    let error = refusal(client.get_method(sections).await.expect_err("unknown"));
    check(&error, Code::NotFound, ErrorReason::UnknownMethodSection);
    assert_eq!(error.metadata["nearest"], "place_share");

    let edition = v1::GetEditionRequest {
        edition: "new-town-2024".into(),
    };
    let error = refusal(client.get_edition(edition).await.expect_err("unknown"));
    check(&error, Code::NotFound, ErrorReason::UnknownEdition);
    assert_eq!(error.metadata["nearest"], "new-towns-2024");
}

#[tokio::test]
async fn a_name_that_fits_nobody_or_several_says_who_is_near() {
    let client = client().await;
    let resolve = |text: &str| v1::ResolveRegionRequest {
        text: text.into(),
        ..Default::default()
    };
    let error = refusal(
        client
            .resolve_region(resolve("Timboektoe"))
            .await
            .expect_err("unknown"),
    );
    check(&error, Code::NotFound, ErrorReason::UnknownRegion);
    let error = refusal(client.resolve_region(resolve("Alm")).await.expect_err("unknown"));
    assert_eq!(error.metadata["nearest"], "Almere (GM0034)");

    let source = SourceFolder::built_in();
    let regions = source
        .file("regions.csv")
        .expect("a file")
        .replace("Zaandam", "Delfs");
    let source = source.with_file("regions.csv", regions);
    let client = Server::of(&source).await.client().await;
    let error = refusal(
        client
            .resolve_region(resolve("Delfz"))
            .await
            .expect_err("ambiguous"),
    );
    check(&error, Code::NotFound, ErrorReason::AmbiguousName);
    assert_eq!(error.metadata["nearest"], "Zaanstad (GM0479); Delft (GM0503)");
}

#[tokio::test]
async fn a_well_formed_code_without_figures_is_no_data_and_a_former_one_retired() {
    let client = client().await;
    let profile = |code: &str| v1::GetProfileRequest {
        region_code: code.into(),
        ..Default::default()
    };
    for code in ["GM0003", "GM0995"] {
        let error = refusal(client.get_profile(profile(code)).await.expect_err("no data"));
        check(&error, Code::NotFound, ErrorReason::NoData);
        assert!(error.message.contains("national figures"), "{error:?}");
    }
    let error = refusal(client.get_profile(profile("GM0370")).await.expect_err("retired"));
    check(&error, Code::NotFound, ErrorReason::RetiredRegion);
    assert_eq!(error.metadata["successor"], "GM0439");
    let request = v1::GetPositionRequest {
        indicator_id: "property_value".into(),
        region_code: "GM0034".into(),
        basis: v1::Basis::Computed.into(),
        ..Default::default()
    };
    let error = refusal(client.get_position(request).await.expect_err("no data"));
    check(&error, Code::NotFound, ErrorReason::NoData);
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let client = client().await;
    let request = v1::GetPositionRequest {
        region_code: "Almere".into(),
        basis: 99,
        grade_method: -1,
        period: "last year".into(),
        neighbours: 51,
        ..Default::default()
    };
    let error = refusal(client.get_position(request).await.expect_err("wrong"));
    check(&error, Code::InvalidArgument, ErrorReason::InvalidRequest);
    let expected = [
        "indicator_id",
        "region_code",
        "basis",
        "period",
        "grade_method",
        "neighbours",
    ];
    assert_eq!(fields(&error), expected);
    let code = error
        .violations
        .iter()
        .find(|violation| violation.field == "region_code")
        .expect("named");
    assert!(code.description.contains("ResolveRegion"), "{code:?}");
}

#[tokio::test]
async fn empty_requests_say_what_is_required() {
    let client = client().await;
    let wanting = [
        refusal(client.get_indicator(Default::default()).await.expect_err("empty")),
        refusal(client.get_region(Default::default()).await.expect_err("empty")),
        refusal(
            client
                .resolve_region(Default::default())
                .await
                .expect_err("empty"),
        ),
        refusal(client.get_group(Default::default()).await.expect_err("empty")),
        refusal(
            client
                .search_catalogue(Default::default())
                .await
                .expect_err("empty"),
        ),
        refusal(
            client
                .query_observations(Default::default())
                .await
                .expect_err("empty"),
        ),
        refusal(client.get_profile(Default::default()).await.expect_err("empty")),
        refusal(client.get_trend(Default::default()).await.expect_err("empty")),
        refusal(client.rank_regions(Default::default()).await.expect_err("empty")),
        refusal(client.get_position(Default::default()).await.expect_err("empty")),
        refusal(
            client
                .compare_groups(Default::default())
                .await
                .expect_err("empty"),
        ),
        refusal(client.recommend(Default::default()).await.expect_err("empty")),
        refusal(
            client
                .get_recommendation(Default::default())
                .await
                .expect_err("empty"),
        ),
    ];
    for error in wanting {
        check(&error, Code::InvalidArgument, ErrorReason::InvalidRequest);
        let says = error.violations.iter().all(|violation| {
            violation.description.contains("required") || violation.description.contains("needs at least")
        });
        assert!(says, "{error:?}");
    }
}

#[tokio::test]
async fn batches_that_are_too_large_or_name_something_twice_are_refused() {
    let client = client().await;
    let observations = |indicators: Vec<String>, regions: Vec<String>| v1::QueryObservationsRequest {
        indicator_ids: indicators,
        region_codes: regions,
        ..Default::default()
    };
    let many: Vec<String> = (0..10_000).map(|number| format!("GM{number:04}")).collect();
    let request = observations(vec!["low_theft".into()], many.clone());
    let error = refusal(client.query_observations(request).await.expect_err("too large"));
    check(&error, Code::InvalidArgument, ErrorReason::BatchTooLarge);
    assert!(error.message.contains("10000"), "{error:?}");
    let indicators = (0..50).map(|number| format!("i{number}")).collect();
    let request = observations(indicators, many[..101].to_vec());
    let error = refusal(client.query_observations(request).await.expect_err("too large"));
    check(&error, Code::InvalidArgument, ErrorReason::BatchTooLarge);
    let request = observations(
        vec!["low_theft".into()],
        vec!["GM0034".into(), "GM0034".into(), String::new()],
    );
    let error = refusal(client.query_observations(request).await.expect_err("twice"));
    check(&error, Code::InvalidArgument, ErrorReason::InvalidRequest);
    assert_eq!(fields(&error), ["region_codes[1]", "region_codes[2]"]);
    let groups = (0..10_000).map(|number| format!("g{number}")).collect();
    let request = v1::CompareGroupsRequest {
        group_ids: groups,
        ..Default::default()
    };
    let error = refusal(client.compare_groups(request).await.expect_err("too large"));
    check(&error, Code::InvalidArgument, ErrorReason::BatchTooLarge);
}

#[tokio::test]
async fn hostile_text_comes_back_short_and_clean() {
    let client = client().await;
    for id in [
        "é".repeat(5000),
        "\u{1b}[31m\r\nlow_theft".to_owned(),
        "\u{202e}evil".repeat(10),
        "a\0b".to_owned(),
    ] {
        let request = v1::RankRegionsRequest {
            indicator_id: id.clone(),
            group_id: id.clone(),
            edition: id.chars().take(99).collect(),
            page_token: id.clone(),
            ..Default::default()
        };
        let error = refusal(client.rank_regions(request).await.expect_err("hostile"));
        assert!(error.reason.is_some(), "{error:?}");
        assert!(
            error.message.chars().count() <= 500 && !error.message.chars().any(char::is_control),
            "{error:?}"
        );
        let request = v1::ResolveRegionRequest {
            text: id.chars().take(100).collect(),
            ..Default::default()
        };
        let error = refusal(client.resolve_region(request).await.expect_err("hostile"));
        check(&error, Code::NotFound, ErrorReason::UnknownRegion);
    }
}

#[tokio::test]
async fn the_longest_error_still_arrives() {
    let client = client().await;
    let twice = |number: usize| format!("{number}{}", "😀".repeat(90));
    let request = v1::QueryObservationsRequest {
        edition: "😀".repeat(90),
        indicator_ids: (0..60).map(|place| twice(place / 2)).collect(),
        region_codes: (0..60).map(|place| twice(place / 2)).collect(),
        period: "😀".repeat(90),
        ..Default::default()
    };
    let error = refusal(client.query_observations(request).await.expect_err("wrong"));
    check(&error, Code::InvalidArgument, ErrorReason::InvalidRequest);
    assert_eq!(error.violations.len(), 21, "twenty, and how many more");
    assert!(error.violations[20].description.contains("more"), "{error:?}");
}

#[tokio::test]
async fn batches_answer_per_item() {
    let client = client().await;
    let request = v1::QueryObservationsRequest {
        indicator_ids: vec![
            "low_theft".into(),
            "low_thefft".into(),
            "built_environment".into(),
        ],
        region_codes: ["GM0034", "GM0370", "GM0003", "GM0995", "WK003401", "Almere"]
            .map(String::from)
            .to_vec(),
        ..Default::default()
    };
    let answer = client.query_observations(request).await.expect("items");
    let statuses: Vec<v1::ItemStatus> = answer.items.iter().map(v1::ObservationItem::status).collect();
    use v1::ItemStatus::{NoData, Ok, Retired, Unknown};
    assert_eq!(statuses[..6], [Ok, Retired, NoData, NoData, Unknown, Unknown]);
    assert_eq!(statuses[6..12], [Unknown; 6]);
    assert_eq!(
        statuses[12..],
        [NoData, Retired, NoData, NoData, Unknown, Unknown]
    );
    assert_eq!(answer.items[1].successor_code, "GM0439");
    assert_eq!(
        (
            answer.items[0].position.is_some(),
            answer.items[0].n,
            answer.items[0].value
        ),
        (true, 337, None)
    );

    let request = v1::CompareGroupsRequest {
        group_ids: vec!["old_towns".into()],
        indicator_ids: vec!["low_thefft".into(), "low_theft".into()],
        ..Default::default()
    };
    let answer = client.compare_groups(request).await.expect("comparisons");
    let statuses: Vec<v1::ItemStatus> = answer
        .comparisons
        .iter()
        .map(v1::GroupComparison::status)
        .collect();
    assert_eq!(statuses, [Unknown, NoData]);
}
