//! Events come whole and once, over as many streams as it takes.

use crate::fake::{Answer, Fake};
use groeikern_client::{Code, Error, StreamExt, v1};

#[tokio::test]
async fn an_event_that_broke_off_comes_whole_and_what_was_seen_does_not_come_again() {
    let fake = Fake::start(|_| Answer::Silence).await;
    let client = fake.client().await;
    let mut events = client
        .watch_editions(v1::WatchEditionsRequest::default())
        .await
        .unwrap();
    let mut seen = Vec::new();
    let error = loop {
        match events.next().await.unwrap() {
            Ok(event) => seen.push((
                event.edition.clone().unwrap().sequence,
                event.changes.iter().map(|change| change.n).collect::<Vec<_>>(),
                event.within_range,
                event.continued,
            )),
            Err(error) => break error,
        }
    };
    assert_eq!(seen, [(1, vec![], 7, false), (2, vec![1, 2, 3], 7, false)]);
    assert!(matches!(error, Error::Answer(answer) if answer.code == Code::NotFound));
    assert!(events.next().await.is_none(), "a final error ends it");
    assert_eq!(fake.calls(), 3, "one stream after the other");
}

#[tokio::test]
async fn it_ends_after_as_many_events_as_were_asked_for() {
    let fake = Fake::start(|_| Answer::Silence).await;
    let request = v1::WatchEditionsRequest {
        most_events: 2,
        ..Default::default()
    };
    let events = fake.client().await.watch_editions(request).await.unwrap();
    let sequences = events.map(|event| event.unwrap().edition.unwrap().sequence);
    assert_eq!(sequences.collect::<Vec<_>>().await, [1, 2]);
}
