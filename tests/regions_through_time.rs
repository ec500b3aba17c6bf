//! Municipalities through time: who was what, since when, and what became of it.

use groeikern_client::{Client, v1};
use tonic::Code;

use crate::support::{Server, lives::client, refusal};

async fn resolve(client: &Client, text: &str, at: &str) -> v1::ResolveRegionResponse {
    let request = v1::ResolveRegionRequest {
        text: text.into(),
        at: at.into(),
        ..Default::default()
    };
    client
        .resolve_region(request)
        .await
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn code(answer: &v1::ResolveRegionResponse) -> &str {
    answer.region.as_ref().map_or("", |region| &region.code)
}

fn caveats(metadata: Option<&v1::ResponseMetadata>) -> Vec<v1::CaveatCode> {
    let caveats = metadata.iter().flat_map(|metadata| &metadata.caveats);
    caveats.map(v1::Caveat::code).collect()
}

fn others(answer: &v1::ResolveRegionResponse) -> Vec<&str> {
    let others = answer.others.iter().filter_map(|other| other.region.as_ref());
    others.map(|region| region.code.as_str()).collect()
}

#[tokio::test]
async fn an_old_code_is_followed_through_a_split_and_a_new_name_and_every_step_is_told() {
    let client = client().await;
    for (text, matched) in [
        ("GM7001", v1::RegionMatch::FormerCode),
        ("oudstad", v1::RegionMatch::FormerName),
    ] {
        let answer = resolve(&client, text, "").await;
        assert_eq!((code(&answer), answer.r#match()), ("GM7004", matched));
        let steps: Vec<_> = answer
            .steps
            .iter()
            .map(|step| {
                let to = step.to.as_ref().map_or("", |region| &region.code);
                (step.date.as_str(), to, step.kind(), step.inhabitants, step.share)
            })
            .collect();
        assert_eq!(
            steps,
            [
                (
                    "2002-01-01",
                    "GM7003",
                    v1::RegionEventKind::Abolished,
                    Some(750),
                    Some(0.75)
                ),
                (
                    "2010-01-01",
                    "GM7004",
                    v1::RegionEventKind::Renamed,
                    None,
                    Some(1.0)
                ),
            ]
        );
        assert_eq!(others(&answer), ["GM7002"], "who got less of it");
        let found = caveats(answer.metadata.as_ref());
        assert!(found.contains(&v1::CaveatCode::SplitMunicipality), "{found:?}");
        assert!(found.contains(&v1::CaveatCode::FormerCode), "{found:?}");
    }
    let beemster = resolve(&client, "Beemster", "").await;
    assert_eq!((code(&beemster), beemster.steps[0].share), ("GM0439", Some(1.0)));
    assert!(beemster.steps[0].note.is_some(), "the remark of the source stays");
    assert!(beemster.others.is_empty());
}

#[tokio::test]
async fn who_was_it_then_is_answered_back_and_forth() {
    let client = client().await;
    for (text, at, expected, matched) in [
        ("Oudstad", "2001", "GM7001", v1::RegionMatch::Name),
        ("GM7001", "2001-12-31", "GM7001", v1::RegionMatch::Code),
        ("GM7001", "2002", "GM7003", v1::RegionMatch::FormerCode),
        ("Oudstad", "2009-12-31", "GM7003", v1::RegionMatch::FormerName),
        ("Oudstad", "2010-01-01", "GM7004", v1::RegionMatch::FormerName),
        ("Hoogveen", "2005", "GM7003", v1::RegionMatch::LaterName),
        ("GM7004", "2000", "GM7001", v1::RegionMatch::LaterCode),
        ("Purmerend", "1990", "GM0439", v1::RegionMatch::Name),
    ] {
        let answer = resolve(&client, text, at).await;
        assert_eq!(
            (code(&answer), answer.r#match()),
            (expected, matched),
            "{text} {at}"
        );
        let found = caveats(answer.metadata.as_ref());
        assert!(found.contains(&v1::CaveatCode::RegionOfItsDay), "{found:?}");
        assert!(
            !found.contains(&v1::CaveatCode::FormerCode),
            "it existed then: {found:?}"
        );
    }
    let back = resolve(&client, "GM7004", "2000").await;
    assert_eq!(back.steps.len(), 2);
    assert_eq!(others(&back), ["GM7005"], "a smaller part of it came from there");
}

#[tokio::test]
async fn a_name_that_two_had_at_different_times_is_ambiguous_unless_the_day_tells() {
    let client = client().await;
    let request = |at: &str| v1::ResolveRegionRequest {
        text: "tweedorp".into(),
        at: at.into(),
        ..Default::default()
    };
    let error = refusal(client.resolve_region(request("")).await.expect_err("two"));
    assert_eq!(error.reason, Some(v1::ErrorReason::AmbiguousName));
    for candidate in [
        "Tweedorp (GM7007) in Limburg until 1990-01-01",
        "Tweedorp (GM7008) in Zeeland until 1995-01-01",
    ] {
        assert!(error.message.contains(candidate), "{}", error.message);
    }
    let answer = resolve(&client, "tweedorp", "1993").await;
    assert_eq!((code(&answer), others(&answer)), ("GM7008", vec!["GM7007"]));
    assert_eq!(answer.others[0].valid_to, "1990-01-01");
    assert_eq!(
        answer.others[0]
            .province
            .as_ref()
            .map(|province| province.code.as_str()),
        Some("PV31")
    );
    // Before it began, and nobody knows what was there.
    let request = v1::ResolveRegionRequest {
        text: "GM7008".into(),
        at: "1991".into(),
        ..Default::default()
    };
    let error = refusal(client.resolve_region(request).await.expect_err("nothing"));
    assert_eq!(error.reason, Some(v1::ErrorReason::NoData));
    assert!(
        error.message.contains("did not exist on 1991-01-01") && !error.message.contains("import"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn municipalities_are_listed_by_province_area_and_the_borders_of_a_year() {
    let client = client().await;
    let list = async |request: v1::ListRegionsRequest| -> Vec<String> {
        let answer = client.list_regions(request).await.expect("a list");
        answer.regions.into_iter().map(|region| region.code).collect()
    };
    let of = |province: &str, corop: &str, borders: &str| v1::ListRegionsRequest {
        province: province.into(),
        corop: corop.into(),
        borders: borders.into(),
        ..Default::default()
    };
    assert_eq!(list(of("PV24", "", "2001")).await, ["GM7001", "GM7005"]);
    assert_eq!(list(of("flevoland", "", "2002")).await, ["GM7002", "GM7003"]);
    assert_eq!(list(of("GMPV24", "", "")).await, ["GM7002", "GM7004"]);
    assert_eq!(list(of("", "zaanstreek", "2021")).await, ["GM0370", "GM0439"]);
    assert_eq!(list(of("", "NL1", "2022-01-01")).await, ["GM0439"]);
    assert_eq!(
        list(of("", "polder", "")).await,
        ["GM7002", "GM7004"],
        "inferred from what they were made of"
    );
    let error = refusal(
        client
            .list_regions(of("flevolant", "", ""))
            .await
            .expect_err("unknown"),
    );
    assert_eq!(
        (error.code, error.reason),
        (Code::NotFound, Some(v1::ErrorReason::UnknownArea))
    );
    assert!(error.message.contains("Flevoland (PV24)"), "{}", error.message);
    let error = refusal(
        client
            .list_regions(of("", "zaanstrek", ""))
            .await
            .expect_err("unknown"),
    );
    assert!(error.message.contains("Zaanstreek (NL1)"), "{}", error.message);
    for wrong in ["20", "2015-02", "2015-02-30", "january"] {
        let error = refusal(client.list_regions(of("", "", wrong)).await.expect_err("no day"));
        assert_eq!(error.code, Code::InvalidArgument, "{wrong}");
    }
}

#[tokio::test]
async fn the_history_of_a_municipality_is_told_by_day_and_what_stayed_too() {
    let client = client().await;
    let get = async |code: &str| {
        let request = v1::GetRegionRequest {
            region_code: code.into(),
            ..Default::default()
        };
        client.get_region(request).await.expect("a region")
    };
    let purmerend = get("GM0439").await;
    let told: Vec<_> = purmerend
        .history
        .iter()
        .map(|event| {
            let other = event.other.as_ref().map_or("", |region| &region.code);
            (
                event.date.as_str(),
                event.kind(),
                other,
                event.direction(),
                event.inhabitants,
                event.share,
            )
        })
        .collect();
    let change = v1::RegionEventKind::BoundaryChange;
    assert_eq!(
        told,
        [
            (
                "1990-01-01",
                change,
                "GM7007",
                v1::MoveDirection::Received,
                Some(40),
                Some(1.0)
            ),
            (
                "1995-01-01",
                change,
                "GM7008",
                v1::MoveDirection::Received,
                Some(60),
                Some(1.0)
            ),
            (
                "2022-01-01",
                change,
                "GM0370",
                v1::MoveDirection::Received,
                Some(900),
                Some(1.0)
            ),
            (
                "2022-01-01",
                change,
                "GM0439",
                v1::MoveDirection::Stayed,
                Some(8100),
                Some(1.0)
            ),
        ]
    );
    assert_eq!(purmerend.history[2].dwellings, None, "not known is not zero");
    let region = purmerend.region.expect("a region");
    assert_eq!(
        region.province.map(|province| province.name).as_deref(),
        Some("Noord-Holland")
    );
    let hoogveen = get("GM7004").await;
    assert!(caveats(hoogveen.metadata.as_ref()).contains(&v1::CaveatCode::CoropInferred));
    assert!(
        hoogveen
            .region
            .and_then(|region| region.corop)
            .expect("an area")
            .inferred
    );
    assert_eq!(hoogveen.history[0].kind(), v1::RegionEventKind::Renamed);
}

#[tokio::test]
async fn an_edition_that_knows_no_lives_says_so_and_how_it_gets_them() {
    let client = Server::start().await.client().await;
    let request = v1::ResolveRegionRequest {
        text: "Almere".into(),
        at: "2015".into(),
        ..Default::default()
    };
    let listed = v1::ListRegionsRequest {
        borders: "2015".into(),
        ..Default::default()
    };
    for error in [
        refusal(client.resolve_region(request).await.expect_err("unknown")),
        refusal(client.list_regions(listed).await.expect_err("unknown")),
    ] {
        assert_eq!(error.reason, Some(v1::ErrorReason::NoData));
        assert!(error.message.contains("cbs_municipalities"), "{}", error.message);
    }
}

#[tokio::test]
async fn a_year_of_which_no_borders_are_known_is_refused_with_those_that_are() {
    let client = client().await;
    for year in ["0000", "1700", "1989", "2030", "2030-01-01"] {
        let listed = v1::ListRegionsRequest {
            borders: year.into(),
            ..Default::default()
        };
        let resolved = v1::ResolveRegionRequest {
            text: "Purmerend".into(),
            at: year.into(),
            ..Default::default()
        };
        for error in [
            refusal(client.list_regions(listed).await.expect_err("unknown")),
            refusal(client.resolve_region(resolved).await.expect_err("unknown")),
        ] {
            assert_eq!(error.reason, Some(v1::ErrorReason::NoData), "{year}");
            assert!(error.message.contains("1990 to 2026"), "{}", error.message);
        }
    }
}

#[tokio::test]
async fn a_group_on_older_borders_has_its_members_by_their_former_codes() {
    let client = client().await;
    let request = v1::ListRegionsRequest {
        group_id: "nta_new_towns".into(),
        borders: "2014".into(),
        ..Default::default()
    };
    let listed = client.list_regions(request).await.expect("a list").regions;
    let codes: Vec<&str> = listed.iter().map(|region| region.code.as_str()).collect();
    assert!(
        codes.len() == 7 && codes.contains(&"GM0612") && !codes.contains(&"GM1930"),
        "{codes:?}"
    );
}

#[tokio::test]
async fn a_code_that_no_municipality_ever_had_is_unknown_where_all_are_known() {
    let client = client().await;
    let resolved = v1::ResolveRegionRequest {
        text: "GM7009".into(),
        ..Default::default()
    };
    let got = v1::GetRegionRequest {
        region_code: "GM7009".into(),
        ..Default::default()
    };
    for error in [
        refusal(client.resolve_region(resolved).await.expect_err("unknown")),
        refusal(client.get_region(got).await.expect_err("unknown")),
    ] {
        assert_eq!(error.reason, Some(v1::ErrorReason::UnknownRegion));
        assert!(error.message.contains("Nieuwkerk (GM7002)"), "{}", error.message);
    }
}

#[tokio::test]
async fn who_is_not_there_yet_on_borders_is_made_of_those_that_were() {
    let client = client().await;
    let request = v1::GetPositionRequest {
        indicator_id: "low_theft".into(),
        region_code: "GM7004".into(),
        borders: "2000".into(),
        ..Default::default()
    };
    let error = refusal(client.get_position(request).await.expect_err("not yet"));
    assert!(
        error
            .message
            .contains("ask for Oudstad (GM7001) or Bijstad (GM7005), or for"),
        "{}",
        error.message
    );
}
