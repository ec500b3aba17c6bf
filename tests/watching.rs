//! Who watches is told of every new edition, of the verdicts that it changes, and not of what is no news.

use std::time::Duration;

use crate::support::{
    Server, another_edition, built_in,
    figures::{Figures, LOW, present},
    refusal, towns,
};
use groeikern_client::{
    Client, Code, ConnectOptions, Stream, StreamExt,
    v1::{
        self, EditionComparison, ErrorReason, PositionRange, WatchEditionsRequest, WatchEditionsResponse,
        edition_service_client::EditionServiceClient,
    },
};
use groeikern_server::{
    edition::{self, shelf::Shelf, source::SourceFolder},
    serve::{End, Limits},
};

type Event = Result<WatchEditionsResponse, groeikern_client::Error>;

async fn next(events: &mut (impl Stream<Item = Event> + Unpin)) -> WatchEditionsResponse {
    let event = tokio::time::timeout(Duration::from_secs(120), events.next()).await;
    event.expect("in time").expect("an event").expect("no error")
}

async fn publish(server: &Server, source: &SourceFolder) -> u64 {
    let edition = edition::build(&source.draft().expect("whole")).expect("built");
    let after = server
        .shelf
        .current_sequence()
        .await
        .expect("listed")
        .unwrap_or(0);
    let published = server
        .shelf
        .publish(&edition, after, None)
        .await
        .expect("published");
    server
        .editions
        .refresh()
        .await
        .expect("read")
        .expect("a new edition");
    published.sequence
}

/// Values that fall by the place of a municipality, in whole tenths, so that each has a position of its own.
fn values() -> Vec<(String, f64)> {
    let codes = present().into_iter().enumerate();
    codes
        .map(|(place, code)| (code, 20.0 - place as f64 / 10.0))
        .collect()
}

fn theft(values: &[(String, f64)]) -> SourceFolder {
    let values = values.iter().map(|(code, value)| (code.as_str(), *value));
    Figures::new().with("low_theft", LOW, "2024", values).source()
}

/// What is news to who saw this one, as one event.
fn after(sequence: u64) -> WatchEditionsRequest {
    WatchEditionsRequest {
        after_sequence: sequence,
        most_events: 1,
        ..Default::default()
    }
}

fn sequences(event: &WatchEditionsResponse) -> (u64, u64) {
    let sequence =
        |edition: &Option<v1::EditionSummary>| edition.as_ref().map_or(0, |edition| edition.sequence);
    (sequence(&event.previous), sequence(&event.edition))
}

#[tokio::test]
async fn the_first_event_says_what_is_current_and_the_next_which_verdicts_changed() {
    let before = values();
    let server = Server::of(&theft(&before)).await;
    let client = server.client().await;
    let mut events = client
        .watch_editions(WatchEditionsRequest::default())
        .await
        .expect("a stream");
    let first = next(&mut events).await;
    assert_eq!(first.comparison(), EditionComparison::None);
    assert_eq!(sequences(&first), (0, 1));
    assert_eq!(
        first.metadata.expect("metadata").edition_id,
        first.edition.expect("an edition").id
    );

    // The first of the list, which is the worst, becomes the best; everybody else is one place worse for it.
    let mut after = before.clone();
    let (fallen, _) = before[0].clone();
    after[0].1 = 1.0;
    publish(&server, &theft(&after)).await;
    let event = next(&mut events).await;
    assert_eq!(event.comparison(), EditionComparison::Compared);
    assert_eq!(sequences(&event), (1, 2));
    assert!(event.metadata.is_none() && !event.continued);
    let of = |code: &str| {
        let changes = event.changes.iter();
        let mut found =
            changes.filter(|change| change.region.as_ref().is_some_and(|region| region.code == code));
        found.next().cloned()
    };
    let best = of(&fallen).expect("its verdict changed");
    assert_eq!(
        best.base_standing.expect("a standing").verdict(),
        v1::Verdict::VeryUnfavourable
    );
    assert_eq!(
        best.standing.expect("a standing").verdict(),
        v1::Verdict::VeryFavourable
    );
    let n = u32::try_from(before.len()).expect("few");
    assert_eq!(
        (best.range(), best.range_from, best.range_to),
        (PositionRange::Rounding, n, n)
    );
    let parts = best.parts.expect("parts");
    assert_eq!((parts.own_value, parts.other_values), (1 - n as i32, 0));
    // All positions are of their own, to the tenth: nothing is within rounding, and a place is news at the edge of a band.
    assert_eq!(event.within_range, 0);
    assert_eq!(event.changes.len(), 1 + 4, "one at each edge of a band");
}

#[tokio::test]
async fn a_verdict_that_changes_within_rounding_is_counted_and_not_listed() {
    // Values in whole numbers, three of them alike at the edge of the best tenth: any of the three may come first.
    let mut before: Vec<(String, f64)> = present().into_iter().zip((0..).map(f64::from)).collect();
    for (_, value) in &mut before[2..5] {
        *value = 3.0;
    }
    let server = Server::of(&theft(&before)).await;
    let client = server.client().await;
    let only_these = WatchEditionsRequest {
        region_codes: before[2..5].iter().map(|(code, _)| code.clone()).collect(),
        indicator_ids: vec!["low_theft".into()],
        ..Default::default()
    };
    let mut events = client.watch_editions(only_these).await.expect("a stream");
    next(&mut events).await;
    // One of the three becomes a little better, by less than its value was rounded.
    let mut after = before.clone();
    after[2].1 = 2.75;
    publish(&server, &theft(&after)).await;
    let event = next(&mut events).await;
    assert_eq!(event.comparison(), EditionComparison::Compared);
    assert_eq!((event.changes.len(), event.compared), (0, 3), "{event:?}");
    assert_eq!(
        event.within_range, 1,
        "the third place of 3 to 5 is among those it could have had"
    );
    after[2].1 = 9.5;
    publish(&server, &theft(&after)).await;
    let event = next(&mut events).await;
    let fallen = event.changes.iter().filter_map(|change| change.region.as_ref());
    assert!(
        fallen.clone().any(|region| region.code == before[2].0),
        "{event:?}"
    );
    assert_eq!(event.within_range, 0);
}

#[tokio::test]
async fn a_verdict_that_is_lost_or_gained_is_told_and_a_ranking_that_is_new_is_not() {
    let all = values();
    let (lost, _) = all[0].clone();
    let (gained, _) = all[16].clone();
    let without = |code: &str| {
        let values = all.iter().filter(|(other, _)| other != code);
        values.cloned().collect::<Vec<_>>()
    };
    let server = Server::of(&theft(&without(&gained))).await;
    let client = server.client().await;
    let only_these = WatchEditionsRequest {
        region_codes: vec![lost.clone(), gained.clone()],
        indicator_ids: vec!["low_theft".into(), "low_loneliness".into()],
        ..Default::default()
    };
    let mut events = client.watch_editions(only_these).await.expect("a stream");
    next(&mut events).await;
    // A later period, of which the one has no figure and the other has; and a second indicator that had no figures.
    let later = without(&lost);
    let values = later.iter().map(|(code, value)| (code.as_str(), *value));
    let also = all.iter().map(|(code, value)| (code.as_str(), *value));
    let figures = Figures::new().with(
        "low_theft",
        LOW,
        "2024",
        without(&gained).iter().map(|(c, v)| (c.as_str(), *v)),
    );
    let figures = figures.and("low_theft", "2025", values);
    publish(
        &server,
        &figures.with("low_loneliness", LOW, "2025", also).source(),
    )
    .await;
    let event = next(&mut events).await;
    let told = event.changes.iter().map(|change| {
        let verdict = |standing: &Option<v1::Standing>| standing.as_ref().map(v1::Standing::verdict);
        assert!(change.parts.is_none() && change.range() == PositionRange::Unspecified);
        assert_eq!(
            (change.base_period.as_str(), change.period.as_str()),
            ("2024", "2025")
        );
        let code = change.region.clone().expect("a region").code;
        (code, verdict(&change.base_standing), verdict(&change.standing))
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (lost, Some(v1::Verdict::VeryUnfavourable), None),
            (gained, None, Some(v1::Verdict::Middle)),
        ],
        "{event:?}"
    );
    assert_eq!((event.compared, event.within_range), (0, 0));
}

#[tokio::test]
async fn the_range_of_a_composite_is_that_of_the_analysis_of_its_weights() {
    let source = towns::source();
    let server = Server::of(&source).await;
    let client = server.client().await;
    let sensitivity = client
        .analyse_sensitivity(v1::AnalyseSensitivityRequest {
            composite: Some(v1::Composite {
                children: vec![v1::CompositeChild {
                    node: Some(v1::composite_child::Node::IndicatorId("safe_streets".into())),
                    ..Default::default()
                }],
                ..Default::default()
            }),
            ..Default::default()
        })
        .await
        .expect("an analysis");
    let watched = WatchEditionsRequest {
        indicator_ids: vec!["safe_streets".into()],
        ..Default::default()
    };
    let mut events = client.watch_editions(watched).await.expect("a stream");
    next(&mut events).await;
    let observations = source.file("observations.csv").expect("a file").to_owned();
    let turned = observations.lines().map(|row| {
        let cells: Vec<&str> = row.split(',').collect();
        match cells[3].parse::<f64>() {
            Ok(value) if cells[0].starts_with("low_") => {
                let turned = (60.0 - value).to_string();
                let cells = cells.iter().enumerate();
                let cells = cells.map(|(place, cell)| if place == 3 { turned.as_str() } else { cell });
                cells.collect::<Vec<_>>().join(",")
            }
            _ => row.to_owned(),
        }
    });
    let turned = turned.collect::<Vec<_>>().join("\n") + "\n";
    publish(&server, &source.clone().with_file("observations.csv", turned)).await;
    let event = next(&mut events).await;
    assert!(event.changes.len() > 5, "what was good is bad now: {event:?}");
    for change in event.changes {
        let code = change.region.clone().expect("a region").code;
        let found = sensitivity
            .regions
            .iter()
            .find(|row| row.region.as_ref().is_some_and(|region| region.code == code));
        let row = found.expect("a row");
        assert_eq!(change.range(), PositionRange::Weights);
        assert_eq!(
            (f64::from(change.range_from), f64::from(change.range_to)),
            (row.position_p05.floor(), row.position_p95.ceil()),
            "{code}"
        );
        let position = change.standing.expect("a standing").position;
        assert!(!(change.range_from..=change.range_to).contains(&position));
    }
}

#[tokio::test]
async fn who_saw_what_was_never_published_is_told_the_highest_number_there_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    let server = Server::over(shelf.clone(), Limits::default()).await;
    let client = server.client().await;
    let refused = refusal(
        client
            .watch_editions(after(9))
            .await
            .err()
            .expect("never published"),
    );
    assert_eq!(refused.reason, Some(ErrorReason::InvalidRequest));
    assert_eq!(refused.violations[0].field, "after_sequence");
    assert!(
        refused.violations[0].description.contains("the highest is 1"),
        "{refused:?}"
    );
    // What another server over the shelf has told of is no such thing.
    let other = Server::over(shelf, Limits::default()).await;
    publish(&other, &theft(&values())).await;
    let mut events = client.watch_editions(after(2)).await.expect("a stream");
    assert_eq!(sequences(&next(&mut events).await).1, 2);
}

#[tokio::test]
async fn who_comes_back_is_told_what_was_missed_as_one_event() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    let before = values();
    {
        let server = Server::over(shelf.clone(), Limits::default()).await;
        publish(&server, &theft(&before)).await;
        let mut after = before.clone();
        after[0].1 = 1.0;
        publish(&server, &theft(&after)).await;
        after[1].1 = 0.5;
        assert_eq!(publish(&server, &theft(&after)).await, 4);
    }
    let server = Server::over(shelf.clone(), Limits::default()).await;
    let client = server.client().await;
    let mut events = client.watch_editions(after(2)).await.expect("a stream");
    let event = next(&mut events).await;
    assert_eq!(
        (event.comparison(), sequences(&event)),
        (EditionComparison::Compared, (2, 4))
    );
    let best = event.changes.iter().filter(|change| {
        let verdict = |standing: &Option<v1::Standing>| standing.as_ref().map(v1::Standing::verdict);
        verdict(&change.standing) == Some(v1::Verdict::VeryFavourable)
    });
    assert!(best.count() >= 2, "both changes in one: {event:?}");
    assert!(
        events.next().await.is_none(),
        "after so many events as were asked for"
    );

    let mut events = client.watch_editions(after(4)).await.expect("a stream");
    assert_eq!(next(&mut events).await.comparison(), EditionComparison::Same);
    let third = shelf.manifest(3).await.expect("read");
    std::fs::remove_file(folder.path().join("blobs").join(&third.file_sha256)).expect("removed");
    let mut events = client.watch_editions(after(3)).await.expect("a stream");
    assert_eq!(next(&mut events).await.comparison(), EditionComparison::Gone);
    let second = shelf.manifest(2).await.expect("read");
    let server = Server::over(shelf.clone(), Limits::default()).await;
    std::fs::write(folder.path().join("blobs").join(&second.file_sha256), "half").expect("damaged");
    let mut events = server
        .client()
        .await
        .watch_editions(after(2))
        .await
        .expect("a stream");
    assert_eq!(
        next(&mut events).await.comparison(),
        EditionComparison::Unreadable
    );
}

#[tokio::test]
async fn who_reads_slowly_gets_the_latest_and_no_queue() {
    let server = Server::of(&theft(&values())).await;
    let mut service = EditionServiceClient::new(server.channel().await);
    let mut events = service
        .watch_editions(WatchEditionsRequest::default())
        .await
        .expect("a stream")
        .into_inner();
    // A request that makes the flow of this connection stand still cannot be had: what is waited for is that nothing queues.
    let first = events.message().await.expect("no error").expect("an event");
    assert_eq!(sequences(&first).1, 1);
    for place in 0..4 {
        let mut values = values();
        values[place].1 = 0.5;
        let edition = edition::build(&theft(&values).draft().expect("whole")).expect("built");
        let after = server
            .shelf
            .current_sequence()
            .await
            .expect("listed")
            .expect("one");
        server
            .shelf
            .publish(&edition, after, None)
            .await
            .expect("published");
        server.editions.refresh().await.expect("read");
    }
    let mut last = 1;
    let mut read = 0;
    while last < 5 {
        let event = events.message().await.expect("no error").expect("an event");
        assert_eq!(sequences(&event).0, last, "each follows the one before");
        assert_eq!(event.comparison(), EditionComparison::Compared);
        last = sequences(&event).1;
        read += 1;
    }
    assert!(read <= 4, "never more events than editions");
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams_well() {
    let server = Server::start().await;
    let mut service = EditionServiceClient::new(server.channel().await);
    let mut events = service
        .watch_editions(WatchEditionsRequest::default())
        .await
        .expect("a stream")
        .into_inner();
    events.message().await.expect("no error").expect("an event");
    let stopping = server.stop();
    let end = tokio::time::timeout(Duration::from_secs(5), events.message()).await;
    assert!(
        matches!(end, Ok(Ok(None))),
        "the stream ends with OK, not with the connection: {end:?}"
    );
    drop(events);
    drop(service);
    assert_eq!(stopping.ended().await, End::Drained);
}

#[tokio::test]
async fn streams_have_a_limit_of_their_own_and_take_no_place_of_requests() {
    let limits = Limits {
        watches: 2,
        concurrent_requests: 1,
        ..Limits::default()
    };
    let server = Server::with_limits(limits).await;
    let client = server.client().await;
    let mut streams = Vec::new();
    for _ in 0..2 {
        let mut events = client
            .watch_editions(WatchEditionsRequest::default())
            .await
            .expect("a stream");
        next(&mut events).await;
        streams.push(events);
    }
    let Err(error) = client.watch_editions(WatchEditionsRequest::default()).await else {
        panic!("one too many")
    };
    let refused = refusal(error);
    assert_eq!(
        (refused.code, refused.reason),
        (Code::ResourceExhausted, Some(ErrorReason::TooManyWatches))
    );
    assert!(refused.retry_after.is_some());
    client
        .list_editions(Default::default())
        .await
        .expect("others have their place");
    streams.pop();
    for _ in 0..100 {
        if let Ok(mut events) = client.watch_editions(WatchEditionsRequest::default()).await {
            next(&mut events).await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("a place that was left is never free");
}

#[tokio::test]
async fn the_client_goes_on_over_connections_that_get_old_and_misses_nothing() {
    let limits = Limits {
        connection_age: Duration::from_millis(300),
        deadline: Duration::from_secs(20),
        ..Limits::default()
    };
    let server = Server::with_limits(limits).await;
    let options = ConnectOptions::new(server.url()).deadline(Duration::from_secs(20));
    let client = Client::connect(options).await.expect("a connection");
    let request = WatchEditionsRequest {
        most_events: 2,
        ..Default::default()
    };
    let mut events = client.watch_editions(request).await.expect("a stream");
    assert_eq!(sequences(&next(&mut events).await), (0, 1));
    let quiet = tokio::time::timeout(Duration::from_secs(2), events.next()).await;
    assert!(quiet.is_err(), "streams that end and begin again are no events");
    assert_eq!(built_in().id(), server.editions.current().id());
    server
        .shelf
        .publish(&another_edition("next"), 1, None)
        .await
        .expect("published");
    server
        .editions
        .refresh()
        .await
        .expect("read")
        .expect("a new edition");
    let event = next(&mut events).await;
    assert_eq!(
        (event.comparison(), sequences(&event)),
        (EditionComparison::Compared, (1, 2))
    );
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn what_cannot_be_watched_is_refused() {
    let server = Server::start().await;
    let client = server.client().await;
    let refused = [
        (
            WatchEditionsRequest {
                indicator_ids: vec!["low_thefts".into()],
                ..Default::default()
            },
            ErrorReason::UnknownIndicator,
        ),
        (
            WatchEditionsRequest {
                region_codes: vec!["Almere".into()],
                ..Default::default()
            },
            ErrorReason::InvalidRequest,
        ),
        (
            WatchEditionsRequest {
                region_codes: vec!["GM9999".into()],
                ..Default::default()
            },
            ErrorReason::NoData,
        ),
        (
            WatchEditionsRequest {
                most_events: -1,
                ..Default::default()
            },
            ErrorReason::InvalidRequest,
        ),
    ];
    for (request, reason) in refused {
        let Err(error) = client.watch_editions(request.clone()).await else {
            panic!("{request:?}")
        };
        assert_eq!(error.reason(), Some(reason), "{request:?}");
    }
}
