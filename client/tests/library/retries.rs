//! Passing failures are tried again, within the budget of a call and of a client.

use std::time::{Duration, Instant};

use crate::fake::{Answer, Fake, ask};
use groeikern_client::{Client, Code, Error, RetryBudget};
use tonic::Status;
use tonic_types::{ErrorDetails, StatusExt};

fn unavailable() -> Answer {
    Answer::Fails(Status::unavailable("come back"))
}

fn later(code: Code, delay: Duration) -> Answer {
    let mut details = ErrorDetails::new();
    details.set_retry_info(Some(delay));
    Answer::Fails(Status::with_error_details(code, "too busy", details))
}

fn code(error: &Error) -> Code {
    match error {
        Error::Answer(answer) => answer.code,
        other => panic!("not an answer: {other:?}"),
    }
}

#[tokio::test]
async fn unavailable_is_tried_again() {
    let fake = Fake::start(|call| if call < 2 { unavailable() } else { Answer::Edition }).await;
    ask(&fake.client().await).await.unwrap();
    assert_eq!(fake.calls(), 3);
}

#[tokio::test]
async fn a_call_stops_at_its_tries() {
    let fake = Fake::start(|_| unavailable()).await;
    let error = ask(&fake.client().await).await.unwrap_err();
    assert_eq!((code(&error), fake.calls()), (Code::Unavailable, 3));
}

#[tokio::test]
async fn no_budget_is_one_try() {
    let fake = Fake::start(|_| unavailable()).await;
    let client = Client::connect(fake.options().retry_budget(RetryBudget::none()))
        .await
        .unwrap();
    ask(&client).await.unwrap_err();
    assert_eq!(fake.calls(), 1);
}

#[tokio::test]
async fn clones_share_the_budget() {
    let fake = Fake::start(|_| unavailable()).await;
    let budget = RetryBudget {
        attempts_per_call: 3,
        ratio: 0.5,
        reserve: 3,
    };
    let client = Client::connect(fake.options().retry_budget(budget))
        .await
        .unwrap();
    let mut calls = Vec::new();
    for _ in 0..6 {
        let before = fake.calls();
        ask(&client.clone()).await.unwrap_err();
        calls.push(fake.calls() - before);
    }
    // Three in reserve (two, then one and a half), afterwards a retry for every second call.
    assert_eq!(calls, [3, 2, 2, 1, 2, 1]);
}

#[tokio::test]
async fn resource_exhausted_is_tried_again_after_its_delay() {
    const DELAY: Duration = Duration::from_millis(300);
    let fake = Fake::start(|call| match call {
        0 => later(Code::ResourceExhausted, DELAY),
        1 => later(Code::Unavailable, DELAY),
        _ => Answer::Edition,
    })
    .await;
    let client = fake.client().await;
    let began = Instant::now();
    ask(&client).await.unwrap();
    assert_eq!(fake.calls(), 3);
    assert!(began.elapsed() >= DELAY * 2);
}

#[tokio::test]
async fn resource_exhausted_without_a_delay_is_final() {
    let fake = Fake::start(|_| Answer::Fails(Status::resource_exhausted("no"))).await;
    let error = ask(&fake.client().await).await.unwrap_err();
    assert_eq!((code(&error), fake.calls()), (Code::ResourceExhausted, 1));
}

#[tokio::test]
async fn a_delay_beyond_the_deadline_is_not_waited_for() {
    let fake = Fake::start(|_| later(Code::ResourceExhausted, Duration::from_secs(3600))).await;
    let error = ask(&fake.client().await).await.unwrap_err();
    assert_eq!((code(&error), fake.calls()), (Code::ResourceExhausted, 1));
    assert!(
        error.to_string().ends_with("too busy; try again in 3600s"),
        "{error}"
    );
}
