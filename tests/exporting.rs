//! Exports are whole, say the same as single answers, and cost a server little while nobody reads them.

use std::{collections::BTreeMap, num::NonZeroUsize, time::Duration};

use groeikern_client::{Client, v1};
use groeikern_server::{edition::source::SourceFolder, rpc::Runs, serve::Limits};
use sha2::{Digest, Sha256};
use tonic::{Streaming, transport::Endpoint};

use crate::support::{
    Server,
    exports::{Export, Figure, messages},
    neighbourhoods, refusal, towns,
};

/// What QueryObservations says of all indicators and regions on a basis, as far as it has figures.
async fn queried(client: &Client, basis: v1::Basis, period: &str) -> Vec<Figure> {
    let listed = client
        .list_indicators(v1::ListIndicatorsRequest {
            page_size: 1000,
            ..Default::default()
        })
        .await
        .expect("indicators");
    let indicators = listed.indicators.iter();
    let indicator_ids: Vec<String> = indicators.map(|of| of.id.clone()).collect();
    let listed = client
        .list_regions(v1::ListRegionsRequest {
            page_size: 1000,
            include_former: true,
            ..Default::default()
        })
        .await
        .expect("regions");
    let region_codes: Vec<String> = listed.regions.iter().map(|region| region.code.clone()).collect();
    let mut found = Vec::new();
    for indicators in indicator_ids.chunks(50) {
        let answer = client
            .query_observations(v1::QueryObservationsRequest {
                indicator_ids: indicators.to_vec(),
                region_codes: region_codes.clone(),
                basis: basis.into(),
                period: period.into(),
                ..Default::default()
            })
            .await
            .expect("figures");
        let figures = answer.items.into_iter().filter(|item| !item.period.is_empty());
        found.extend(figures.map(|item| Figure {
            basis: item.basis(),
            status: item.observation_status(),
            origin: item.origin(),
            indicator: item.indicator_id,
            region: item.region_code,
            period: item.period,
            value: item.value,
            source: item.source_id,
            position: item.position,
            n: item.n,
            column_inferred: item.column_inferred,
        }));
    }
    found
}

#[tokio::test]
async fn an_export_of_everything_says_what_single_answers_say() {
    let client = towns::client().await;
    let everything = Export::asked(&client, Default::default()).await;
    let mut of_each = 0;
    for (basis, period) in [
        (v1::Basis::Computed, "2023"),
        (v1::Basis::Computed, "2024"),
        (v1::Basis::Published, "2024"),
    ] {
        let single = queried(&client, basis, period).await;
        let own = everything
            .figures
            .iter()
            .filter(|figure| figure.basis == basis && figure.period == period);
        // Single answers give n only beside a position.
        let exported: Vec<Figure> = own
            .map(|figure| Figure {
                n: if figure.position.is_some() { figure.n } else { 0 },
                column_inferred: figure.column_inferred && figure.position.is_some(),
                ..figure.clone()
            })
            .collect();
        assert!(exported.len() > 40, "{basis:?} {period}: {}", exported.len());
        assert_eq!(exported, single, "{basis:?} {period}");
        of_each += exported.len();
    }
    assert_eq!(everything.figures.len(), of_each, "and nothing else");
    assert!(
        everything.indicator_ids().contains(&"safe_streets"),
        "a composite"
    );
    assert!(everything.series.iter().all(|series| !series.sources.is_empty()));
    let derived = everything
        .figures
        .iter()
        .find(|figure| figure.indicator == "safe_streets" && figure.value.is_some());
    assert_eq!(derived.expect("a score").origin, v1::ObservationOrigin::Derived);
}

#[tokio::test]
async fn the_end_holds_number_and_checksum_of_what_was_sent_and_messages_are_small() {
    use prost::Message;
    let client = towns::client().await;
    let messages = messages(&client, Default::default()).await.expect("an export");
    let [first, middle @ .., last] = messages.as_slice() else {
        panic!("no messages")
    };
    let summary = first.summary.as_ref().expect("a summary");
    let metadata = first.metadata.as_ref().expect("metadata");
    let edition = summary
        .edition
        .as_ref()
        .and_then(|edition| edition.summary.as_ref());
    assert_eq!(edition.expect("an edition").id, metadata.edition_id);
    assert!(!metadata.citation.as_ref().expect("a citation").en.is_empty());
    let end = last.end.as_ref().expect("an end");
    assert!(
        middle
            .iter()
            .all(|message| message.end.is_none() && message.metadata.is_none())
    );
    let (mut digest, mut sent) = (Sha256::new(), 0);
    let mut listed = true;
    for message in middle {
        assert!(message.encoded_len() <= 64 * 1024, "{}", message.encoded_len());
        let Some(figures) = &message.figures else {
            assert!(listed, "a list after figures");
            continue;
        };
        listed = false;
        for place in 0..figures.values.len() {
            let numbers = [
                figures.series[place],
                figures.regions[place],
                figures.sources[place],
                figures.positions[place],
            ];
            for number in numbers {
                digest.update(number.to_le_bytes());
            }
            digest.update(figures.values[place].to_le_bytes());
            for word in [figures.statuses[place], figures.origins[place]] {
                digest.update([u8::try_from(word).expect("a byte")]);
            }
            sent += 1;
        }
    }
    let sha256: String = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!((end.figures, &end.sha256), (sent, &sha256));
    assert_eq!(summary.figures, sent);
}

#[tokio::test]
async fn districts_and_neighbourhoods_are_exported_when_they_are_asked_for() {
    use v1::ObservationStatus::{Final, Missing, Suppressed};
    let client = neighbourhoods::client().await;
    let of_levels = |levels: &[v1::RegionLevel], region: &str| v1::ExportObservationsRequest {
        levels: levels.iter().map(|level| (*level).into()).collect(),
        region_codes: vec![region.into()],
        ..Default::default()
    };
    let neighbourhoods = [v1::RegionLevel::Neighbourhood];
    let export = Export::asked(&client, of_levels(&neighbourhoods, "GM0794")).await;
    assert_eq!(
        export.figures_of("low_loneliness", "2020"),
        [
            ("BU07940101", None, Suppressed),
            ("BU07940102", None, Missing),
            ("BU07940103", Some(40.0), Final)
        ]
    );
    assert_eq!(
        export.figures_of("inhabitants", "2024")[0],
        ("BU07940101", Some(900.0), Final)
    );
    assert!(
        export
            .figures
            .iter()
            .all(|figure| figure.position.is_none() && figure.n == 0)
    );
    assert!(
        export
            .series
            .iter()
            .all(|series| series.level() == v1::RegionLevel::Neighbourhood)
    );
    let region = &export.regions[0];
    assert_eq!(
        (region.name.as_str(), region.level()),
        ("Markt", v1::RegionLevel::Neighbourhood)
    );
    let sources: BTreeMap<&str, &str> = export
        .figures
        .iter()
        .map(|figure| (figure.indicator.as_str(), figure.source.as_str()))
        .collect();
    assert_eq!(
        (sources["low_loneliness"], sources["inhabitants"]),
        ("country_2020", "people_2024")
    );
    let licences: Vec<&str> = export
        .sources
        .iter()
        .map(|source| source.licence.as_str())
        .collect();
    assert!(
        licences.contains(&"CC0-1.0") && licences.contains(&""),
        "{licences:?}"
    );

    let all = [
        v1::RegionLevel::Neighbourhood,
        v1::RegionLevel::Municipality,
        v1::RegionLevel::District,
    ];
    let export = Export::asked(&client, of_levels(&all, "GM0034")).await;
    let codes: Vec<&str> = export
        .figures_of("low_loneliness", "2020")
        .iter()
        .map(|(code, ..)| *code)
        .collect();
    assert_eq!(
        codes,
        [
            "GM0034",
            "WK003401",
            "WK003402",
            "WK003403",
            "BU00340101",
            "BU00340102",
            "BU00340103",
            "BU00340201",
            "BU00340301",
            "BU00340302"
        ]
    );
    let whole = Export::asked(&client, Default::default()).await;
    assert!(
        whole
            .regions
            .iter()
            .all(|region| region.level() == v1::RegionLevel::Municipality),
        "only when asked for"
    );
}

#[tokio::test]
async fn a_selection_is_what_was_named_and_nothing_else() {
    let client = towns::client().await;
    let group = client
        .get_group(v1::GetGroupRequest {
            group_id: "nta_new_towns".into(),
            ..Default::default()
        })
        .await
        .expect("a group");
    let members: Vec<String> = group
        .group
        .expect("a group")
        .members
        .into_iter()
        .map(|member| member.region.expect("a region").code)
        .collect();
    let mut others = towns::codes().into_iter();
    let other = others
        .find(|code| code != "GM0995" && !members.contains(code))
        .expect("another town");
    let export = Export::asked(
        &client,
        v1::ExportObservationsRequest {
            indicator_ids: vec!["low_arms_trade".into(), "low_theft".into()],
            group_ids: vec!["nta_new_towns".into()],
            region_codes: vec!["GM0995".into(), other.clone()],
            basis: v1::Basis::Computed.into(),
            to_period: "2023".into(),
            ..Default::default()
        },
    )
    .await;
    assert_eq!(
        export.indicator_ids(),
        ["low_theft"],
        "in 2023 there are figures of theft only"
    );
    let regions: Vec<&str> = export
        .figures
        .iter()
        .map(|figure| figure.region.as_str())
        .collect();
    assert!(regions.is_sorted() && regions.contains(&other.as_str()) && !regions.contains(&"GM0995"));
    let wanted = |code: &str| code == other || members.iter().any(|member| member == code);
    assert!(regions.iter().all(|code| wanted(code)), "{regions:?}");
    assert!(export.figures.iter().all(|figure| figure.period == "2023"));
    assert!(
        export
            .series
            .iter()
            .all(|series| series.figures as usize == regions.len())
    );

    let of_theme = Export::asked(
        &client,
        v1::ExportObservationsRequest {
            theme_ids: vec!["social_cohesion".into()],
            indicator_ids: vec!["low_theft".into()],
            from_period: "2024".into(),
            ..Default::default()
        },
    )
    .await;
    let ids = of_theme.indicator_ids();
    assert!(
        ids.contains(&"low_theft") && ids.len() > 1 && !ids.contains(&"low_vandalism"),
        "{ids:?}"
    );
    assert!(of_theme.figures.iter().all(|figure| figure.period == "2024"));
}

#[tokio::test]
async fn what_cannot_be_exported_is_named_before_anything_is_sent() {
    let client = towns::client().await;
    let refused = async |request| refusal(messages(&client, request).await.expect_err("a refusal"));
    let unknown = refused(v1::ExportObservationsRequest {
        indicator_ids: vec!["low_thefft".into()],
        ..Default::default()
    })
    .await;
    assert_eq!(unknown.reason, Some(v1::ErrorReason::UnknownIndicator));
    assert!(
        unknown.metadata["nearest"].contains("low_theft"),
        "{:?}",
        unknown.metadata
    );
    for (request, reason) in [
        (
            v1::ExportObservationsRequest {
                group_ids: vec!["old_town".into()],
                ..Default::default()
            },
            v1::ErrorReason::UnknownGroup,
        ),
        (
            v1::ExportObservationsRequest {
                theme_ids: vec!["housng".into()],
                ..Default::default()
            },
            v1::ErrorReason::UnknownTheme,
        ),
        (
            v1::ExportObservationsRequest {
                region_codes: vec!["GM9999".into()],
                ..Default::default()
            },
            v1::ErrorReason::NoData,
        ),
        (
            v1::ExportObservationsRequest {
                from_period: "2030".into(),
                ..Default::default()
            },
            v1::ErrorReason::NoData,
        ),
    ] {
        assert_eq!(refused(request.clone()).await.reason, Some(reason), "{request:?}");
    }
    let wrong = refused(v1::ExportObservationsRequest {
        indicator_ids: vec!["low_theft".into(), "low_theft".into()],
        region_codes: vec!["WK003401".into(), "Almere".into()],
        basis: v1::Basis::Proxy.into(),
        from_period: "2024".into(),
        to_period: "2023".into(),
        levels: vec![9, 1, 1],
        ..Default::default()
    })
    .await;
    let fields: Vec<&str> = wrong
        .violations
        .iter()
        .map(|wrong| wrong.field.as_str())
        .collect();
    assert_eq!(
        fields,
        [
            "indicator_ids[1]",
            "region_codes[1]",
            "region_codes[0]",
            "basis",
            "to_period",
            "levels[0]",
            "levels[2]"
        ]
    );
}

/// Days with figures of four indicators: enough for some twenty messages.
const DAYS: usize = 400;

/// An edition that is long to export.
fn long() -> SourceFolder {
    let mut observations = "indicator,region,period,value,status,origin,source\n".to_owned();
    for day in 0..DAYS {
        for id in towns::VALUED {
            for (place, code) in towns::codes().iter().enumerate() {
                let (year, month, day) = (2023 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
                observations += &format!(
                    "{id},{code},{year}-{month:02}-{day:02},{place}.5,final,loaded,bureau_louter_2024\n"
                );
            }
        }
    }
    towns::source().with_file("observations.csv", observations)
}

/// An export that a client with little room reads.
async fn slowly(server: &Server) -> Streaming<v1::ExportObservationsResponse> {
    let channel = Endpoint::from_shared(server.url())
        .expect("a URL")
        .initial_stream_window_size(65_535)
        .initial_connection_window_size(65_535)
        .connect()
        .await
        .expect("a connection");
    let mut service = v1::indicator_service_client::IndicatorServiceClient::new(channel);
    let answer = service
        .export_observations(v1::ExportObservationsRequest::default())
        .await;
    answer.expect("an answer").into_inner()
}

/// The number of steps, once it no longer changes.
async fn settled(runs: &Runs) -> u64 {
    let mut last = runs.steps();
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        match runs.steps() {
            same if same == last => return same,
            more => last = more,
        }
    }
}

#[tokio::test]
async fn messages_are_made_when_there_is_room_for_them_and_not_for_a_client_that_went_away() {
    let runs = Runs::on(NonZeroUsize::MIN);
    let server = Server::running(&long(), runs.clone()).await;
    let whole = Export::asked(&server.client().await, Default::default()).await;
    assert!(whole.figures.len() > 50_000, "{}", whole.figures.len());
    let total = runs.steps();
    assert!(total > 20, "{total} messages");

    let mut messages = slowly(&server).await;
    let first = messages.message().await.expect("a message").expect("one");
    assert!(first.summary.is_some());
    // What the connection itself holds for this client is a few hundred kilobytes.
    let made = settled(&runs).await - total;
    assert!(
        made < total * 3 / 4,
        "{made} of {total} messages for a client that reads none"
    );
    drop(messages);
    let after = settled(&runs).await - total;
    assert!(
        after <= made + 1,
        "{after} of {total} messages after the client went away"
    );
}

#[tokio::test]
async fn the_servers_deadline_is_about_the_first_message_only() {
    let limits = Limits {
        deadline: Duration::from_millis(1500),
        ..Default::default()
    };
    let server = Server::of_with_limits(&long(), limits).await;
    let mut messages = slowly(&server).await;
    let mut received = vec![messages.message().await.expect("a message").expect("one")];
    tokio::time::sleep(Duration::from_millis(2500)).await;
    while let Some(message) = messages.message().await.expect("a message") {
        received.push(message);
    }
    let end = received.last().and_then(|last| last.end.clone()).expect("an end");
    assert_eq!(end.figures, Export::of(received).figures.len() as u64);
}
