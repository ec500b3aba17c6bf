//! What the figures of districts hide, asked through the wire of a country of three towns; and what the masking trigger makes of it.

use groeikern_client::{Client, Error, StreamExt, v1};

use crate::support::{Server, has_caveat, neighbourhoods, refusal};

fn request() -> v1::DetectMaskingRequest {
    v1::DetectMaskingRequest {
        indicator_id: "low_loneliness".into(),
        ..Default::default()
    }
}

async fn messages(
    client: &Client,
    request: v1::DetectMaskingRequest,
) -> Result<Vec<v1::DetectMaskingResponse>, Error> {
    client.detect_masking(request).await?.collect().await
}

/// The summary and all districts of an answer.
async fn found(
    client: &Client,
    request: v1::DetectMaskingRequest,
) -> (v1::MaskingSummary, Vec<v1::DistrictMasking>) {
    let messages = messages(client, request).await.expect("an answer");
    let summary = messages[0].summary.clone().expect("a summary");
    (
        summary,
        messages
            .into_iter()
            .flat_map(|message| message.districts)
            .collect(),
    )
}

async fn refused(client: &Client, request: v1::DetectMaskingRequest) -> groeikern_client::AnswerError {
    refusal(messages(client, request).await.expect_err("a refusal"))
}

fn code(region: &Option<v1::RegionRef>) -> &str {
    region.as_ref().map_or("", |region| &region.code)
}

#[tokio::test]
async fn the_first_message_says_what_was_found_and_the_others_hold_the_districts() {
    let client = neighbourhoods::client().await;
    let messages = messages(&client, request()).await.expect("an answer");
    let [first, rest @ ..] = messages.as_slice() else {
        panic!("no message")
    };
    assert!(first.metadata.is_some() && first.districts.is_empty());
    assert!(
        rest.iter()
            .all(|message| message.metadata.is_none() && message.summary.is_none())
    );
    let summary = first.summary.as_ref().expect("a summary");
    // The worst tenth of 12,000 people is reached, exactly, at the 60% of Centrum.
    assert_eq!(
        (summary.threshold, summary.worst_share, summary.minimum_weight),
        (60.0, 0.1, 500.0)
    );
    assert_eq!(
        (summary.period.as_str(), summary.polarity()),
        ("2020", v1::Polarity::LowerIsFavourable)
    );
    let country = summary.country.as_ref().expect("the country");
    assert_eq!(
        (
            country.neighbourhoods,
            country.with_value,
            country.suppressed,
            country.missing
        ),
        (13, 11, 1, 1)
    );
    assert_eq!(
        (country.without_weight, country.taking_part, country.districts),
        (2, 9, 5)
    );
    assert_eq!(
        (country.problem_neighbourhoods, country.problem_weight),
        (2, 1100.0)
    );
    assert_eq!(
        (country.too_small_neighbourhoods, country.too_small_weight),
        (1, 100.0)
    );
    assert_eq!(
        (country.masked_districts, country.strictly_masked_districts),
        (1, 0)
    );
    assert_eq!(country.miss_rate, Some(500.0 / 1100.0));
    assert_eq!(country.false_alarm_rate, Some(0.0));
    let weights = summary.weights.as_ref().expect("weights");
    assert_eq!((weights.without_weight, weights.weighing_nothing), (1, 1));
    let periods: Vec<(&str, u32)> = weights
        .periods
        .iter()
        .map(|of| (of.period.as_str(), of.neighbourhoods))
        .collect();
    assert_eq!(periods, [("2024", 10)]);
    for code in [
        v1::CaveatCode::RelativeNotCausal,
        v1::CaveatCode::NeighbourhoodsWithoutFigure,
        v1::CaveatCode::WeightsOfAnotherPeriod,
    ] {
        assert!(has_caveat(first.metadata.as_ref(), code), "{code:?}");
    }
    let metadata = first.metadata.as_ref().expect("metadata");
    let citation = metadata.citation.as_ref().expect("a citation");
    assert!(
        citation.en.contains("neighbourhoods 2020") && citation.en.contains("neighbourhoods 2024"),
        "{}",
        citation.en
    );
}

#[tokio::test]
async fn a_neighbourhood_stands_with_the_figure_of_its_district() {
    let client = neighbourhoods::client().await;
    let (_, districts) = found(&client, request()).await;
    let codes: Vec<&str> = districts
        .iter()
        .map(|district| code(&district.district))
        .collect();
    assert_eq!(
        codes,
        ["WK003401", "WK003402", "WK003403", "WK032101", "WK079401"]
    );
    let haven = &districts[0];
    assert_eq!((haven.mean, haven.published_value), (Some(41.5), Some(41.5)));
    assert_eq!(
        (haven.problem_share, haven.masked, haven.strictly_masked),
        (0.25, true, false)
    );
    assert_eq!(
        haven.municipality.as_ref().map(|town| town.name.as_str()),
        Some("Almere")
    );
    let centrum = &haven.neighbourhoods[0];
    assert_eq!(
        centrum.neighbourhood.as_ref().map(|area| area.name.as_str()),
        Some("Centrum")
    );
    assert_eq!((centrum.value, centrum.weight), (Some(60.0), Some(500.0)));
    let states = |district: usize| -> Vec<v1::NeighbourhoodState> {
        districts[district]
            .neighbourhoods
            .iter()
            .map(v1::NeighbourhoodFigure::state)
            .collect()
    };
    use v1::NeighbourhoodState::{Better, Problem, TooSmall, WithoutValue, WithoutWeight};
    assert_eq!(states(0), [Problem, Better, Better]);
    assert_eq!(states(2), [TooSmall, WithoutWeight]);
    assert_eq!(states(4), [WithoutValue, WithoutValue, Better]);
    let statuses: Vec<v1::ObservationStatus> = districts[4]
        .neighbourhoods
        .iter()
        .map(v1::NeighbourhoodFigure::observation_status)
        .collect();
    use v1::ObservationStatus::{Final, Missing, Suppressed};
    assert_eq!(statuses, [Suppressed, Missing, Final]);
    assert!(
        !districts[1].masked,
        "a district that is bad itself hides nothing"
    );
}

#[tokio::test]
async fn one_municipality_is_held_against_the_whole_country() {
    let client = neighbourhoods::client().await;
    let of_houten = v1::DetectMaskingRequest {
        region_code: "GM0321".into(),
        ..request()
    };
    let (summary, districts) = found(&client, of_houten).await;
    let (all, _) = found(&client, request()).await;
    assert_eq!(
        (summary.threshold, summary.national_mean, &summary.country),
        (all.threshold, all.national_mean, &all.country)
    );
    assert_eq!(
        districts
            .iter()
            .map(|district| code(&district.district))
            .collect::<Vec<_>>(),
        ["WK032101"]
    );
    let town = summary.municipality.expect("the municipality");
    assert_eq!(
        town.region.as_ref().map(|region| region.name.as_str()),
        Some("Houten")
    );
    assert_eq!(
        (town.neighbourhoods, town.taking_part, town.weight),
        (4, 3, 8000.0)
    );
    assert_eq!(
        (town.problem_neighbourhoods, town.miss_rate, town.masked_districts),
        (0, None, 0)
    );
    assert_eq!(
        (town.mean, town.intraclass_correlation),
        (Some((31.0 + 3.0 * 33.0 + 4.0 * 34.0) / 8.0), None)
    );

    let masked_only = v1::DetectMaskingRequest {
        masked_only: true,
        ..request()
    };
    let (summary, districts) = found(&client, masked_only).await;
    assert_eq!(summary, all);
    assert_eq!(
        districts
            .iter()
            .map(|district| code(&district.district))
            .collect::<Vec<_>>(),
        ["WK003401"]
    );
}

#[tokio::test]
async fn rules_and_weights_can_be_chosen() {
    let client = neighbourhoods::client().await;
    let small = v1::DetectMaskingRequest {
        minimum_weight: Some(0.0),
        ..request()
    };
    let country = found(&client, small).await.0.country.expect("the country");
    assert_eq!(
        (country.problem_neighbourhoods, country.too_small_neighbourhoods),
        (3, 0)
    );
    let equal = v1::DetectMaskingRequest {
        equal_weights: true,
        worst_share: Some(0.2),
        ..request()
    };
    let (summary, _) = found(&client, equal).await;
    let country = summary.country.expect("the country");
    // A fifth of eleven neighbourhoods is reached by the third.
    assert_eq!(
        (summary.threshold, summary.minimum_weight, country.taking_part),
        (60.0, 0.0, 11)
    );
    assert_eq!(summary.weights.expect("weights").indicator, None);
    let by_noise = v1::DetectMaskingRequest {
        weight_indicator_id: "low_neighbour_noise".into(),
        minimum_weight: Some(1.0),
        ..request()
    };
    let summary = found(&client, by_noise).await.0;
    assert_eq!(
        summary
            .weights
            .and_then(|weights| weights.indicator)
            .map(|of| of.id)
            .as_deref(),
        Some("low_neighbour_noise")
    );
    let country = summary.country.expect("the country");
    assert_eq!(
        (country.weight, country.taking_part, country.without_weight),
        (55.0, 10, 1)
    );
}

#[tokio::test]
async fn a_mean_of_indicators_scores_neighbourhoods_by_their_grades_among_all() {
    let client = neighbourhoods::client().await;
    let leaf = |id: &str, weight: f64| v1::CompositeChild {
        weight: Some(weight),
        node: Some(v1::composite_child::Node::IndicatorId(id.into())),
        ..Default::default()
    };
    let composite = |children: Vec<v1::CompositeChild>| v1::DetectMaskingRequest {
        composite: Some(v1::Composite {
            children,
            ..Default::default()
        }),
        ..Default::default()
    };
    let (summary, districts) = found(
        &client,
        composite(vec![
            leaf("low_loneliness", 1.0),
            leaf("low_neighbour_noise", 1.0),
        ]),
    )
    .await;
    assert_eq!(
        (&summary.indicator, summary.polarity()),
        (&None, v1::Polarity::HigherIsFavourable)
    );
    assert_eq!(
        summary
            .leaves
            .iter()
            .map(|leaf| leaf.id.as_str())
            .collect::<Vec<_>>(),
        ["low_loneliness", "low_neighbour_noise"]
    );
    let country = summary.country.expect("the country");
    assert_eq!(
        (country.with_value, country.missing),
        (10, 3),
        "half of the weight is less than two thirds"
    );
    let score =
        |district: usize, place: usize| districts[district].neighbourhoods[place].value.expect("a score");
    assert!(
        score(0, 0) < score(1, 0) && score(1, 0) < score(3, 0),
        "lonely and loud, lonely, neither"
    );
    assert!(
        districts
            .iter()
            .flat_map(|of| &of.neighbourhoods)
            .all(|of| of.value.is_none_or(|v| (3.0..=10.0).contains(&v)))
    );
    // Alone, a leaf orders neighbourhoods as its values do, and so decides the same.
    let alone = found(&client, composite(vec![leaf("low_loneliness", 1.0)])).await;
    let plain = found(&client, request()).await;
    let masked = |districts: &[v1::DistrictMasking]| -> Vec<(u32, f64, bool)> {
        districts
            .iter()
            .map(|of| (of.problem_neighbourhoods, of.problem_weight, of.masked))
            .collect()
    };
    assert_eq!(masked(&alone.1), masked(&plain.1));

    let without = refused(&client, composite(vec![leaf("low_theft", 1.0)])).await;
    assert_eq!(without.reason, Some(v1::ErrorReason::NoData));
    assert!(
        without.message.contains("two thirds of the weight"),
        "{}",
        without.message
    );
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_by_field_and_all_at_once() {
    let client = neighbourhoods::client().await;
    let wrong = v1::DetectMaskingRequest {
        region_code: "WK003401".into(),
        weight_indicator_id: "low_theft".into(),
        equal_weights: true,
        minimum_weight: Some(-1.0),
        worst_share: Some(f64::NAN),
        period: "then".into(),
        ..Default::default()
    };
    let error = refused(&client, wrong).await;
    let fields: Vec<&str> = error
        .violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert_eq!(
        fields,
        [
            "indicator_id",
            "period",
            "weight_indicator_id",
            "minimum_weight",
            "worst_share",
            "region_code"
        ]
    );
    let region = error.violations.last().expect("a violation");
    assert!(
        region.description.contains("ask for GM0034"),
        "{}",
        region.description
    );
    let both = v1::DetectMaskingRequest {
        composite: Some(v1::Composite::default()),
        ..request()
    };
    assert_eq!(refused(&client, both).await.violations[0].field, "composite");
    let neutral = v1::DetectMaskingRequest {
        indicator_id: "share_of_cars".into(),
        ..Default::default()
    };
    let error = refused(&client, neutral).await;
    assert!(
        error.message.contains("`share_of_cars` is neutral"),
        "{}",
        error.message
    );
    for (request, reason) in [
        (
            v1::DetectMaskingRequest {
                indicator_id: "no_such".into(),
                ..Default::default()
            },
            v1::ErrorReason::UnknownIndicator,
        ),
        (
            v1::DetectMaskingRequest {
                weight_indicator_id: "no_such".into(),
                ..request()
            },
            v1::ErrorReason::UnknownIndicator,
        ),
        (
            v1::DetectMaskingRequest {
                indicator_id: "low_theft".into(),
                ..Default::default()
            },
            v1::ErrorReason::NoData,
        ),
        (
            v1::DetectMaskingRequest {
                weight_indicator_id: "low_theft".into(),
                ..request()
            },
            v1::ErrorReason::NoData,
        ),
        (
            v1::DetectMaskingRequest {
                period: "2016".into(),
                ..request()
            },
            v1::ErrorReason::NoData,
        ),
        (
            v1::DetectMaskingRequest {
                region_code: "GM0637".into(),
                ..request()
            },
            v1::ErrorReason::NoData,
        ),
        (
            v1::DetectMaskingRequest {
                region_code: "GM9999".into(),
                ..request()
            },
            v1::ErrorReason::NoData,
        ),
    ] {
        let error = refused(&client, request.clone()).await;
        assert_eq!(error.reason, Some(reason), "{request:?}: {}", error.message);
    }
}

#[tokio::test]
async fn without_weights_an_answer_says_what_to_import() {
    let client = neighbourhoods::without_weights().await;
    let error = refused(&client, request()).await;
    assert_eq!(error.reason, Some(v1::ErrorReason::NoData));
    assert!(
        error.message.contains("cbs_kwb_population_2024"),
        "{}",
        error.message
    );
    let equal = v1::DetectMaskingRequest {
        equal_weights: true,
        ..request()
    };
    assert_eq!(
        found(&client, equal)
            .await
            .0
            .country
            .expect("the country")
            .taking_part,
        11
    );
}

#[tokio::test]
async fn the_built_in_edition_says_that_it_has_no_neighbourhoods() {
    let client = Server::start().await.client().await;
    let error = refused(&client, request()).await;
    assert_eq!(error.reason, Some(v1::ErrorReason::NoData));
    assert!(error.message.contains("rivm_health_2020"), "{}", error.message);
}

async fn masking_trigger(
    client: &Client,
    subject: v1::recommend_request::Subject,
) -> (v1::TriggerOutcome, v1::Advice) {
    let request = v1::RecommendRequest {
        subject: Some(subject),
        ..Default::default()
    };
    let advice = client.recommend(request).await.expect("advice").advice;
    let of_masking = |advice: v1::Advice| {
        let outcome = advice
            .triggers
            .iter()
            .find(|outcome| outcome.id == "masking")
            .cloned()?;
        Some((outcome, advice))
    };
    advice
        .into_iter()
        .find_map(of_masking)
        .expect("a recommendation with the masking trigger")
}

#[tokio::test]
async fn the_masking_trigger_fires_where_a_district_hides_a_neighbourhood_and_names_the_indicator() {
    use v1::recommend_request::Subject::{GroupId, RegionCode};
    let client = neighbourhoods::client().await;
    let (almere, advice) = masking_trigger(&client, RegionCode("GM0034".into())).await;
    assert_eq!(almere.state(), v1::TriggerState::Fired);
    assert_eq!(almere.least_class(), v1::RecommendationClass::Weak);
    assert!(
        advice.recommendation_class() as i32 > 0
            && advice.recommendation_class() != v1::RecommendationClass::NotIndicated
    );
    let evidence = almere.masking.expect("evidence");
    let masked: Vec<(&str, u32)> = evidence
        .indicators
        .iter()
        .map(|of| {
            (
                of.indicator.as_ref().map_or("", |indicator| &indicator.id),
                of.masked_districts,
            )
        })
        .collect();
    assert!(masked.contains(&("low_neighbour_noise", 1)), "{masked:?}");
    assert_eq!((evidence.members_measured, evidence.members_masked), (1, 1));

    let (houten, _) = masking_trigger(&client, RegionCode("GM0321".into())).await;
    assert_eq!(
        houten.state(),
        v1::TriggerState::NotMeasured,
        "half of its neighbourhoods take part"
    );
    let (helmond, _) = masking_trigger(&client, RegionCode("GM0794".into())).await;
    assert_eq!(helmond.state(), v1::TriggerState::NotFired, "two of its three do");
    let (nieuwegein, _) = masking_trigger(&client, RegionCode("GM0356".into())).await;
    assert_eq!(
        (nieuwegein.state(), nieuwegein.masking.is_some()),
        (v1::TriggerState::NotMeasured, false)
    );
    // Of the group Almere and Helmond have figures: one of two is half.
    let (group, _) = masking_trigger(&client, GroupId("nta_new_towns".into())).await;
    let evidence = group.masking.as_ref().expect("evidence");
    assert_eq!(
        (group.state(), evidence.members_measured, evidence.members_masked),
        (v1::TriggerState::Fired, 2, 1)
    );
}

#[tokio::test]
async fn a_caller_that_leaves_ends_the_answer_and_frees_its_place() {
    let server = neighbourhoods::server().await;
    let client = server.client().await;
    for _ in 0..8 {
        let mut stream = client.detect_masking(request()).await.expect("a stream");
        stream.next().await.expect("a first message").expect("an answer");
    }
    found(&client, request()).await;
    let stopping = server.stop();
    assert_eq!(stopping.ended().await, groeikern_server::serve::End::Drained);
}
