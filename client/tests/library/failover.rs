//! A client with several endpoints works as long as one of them does.

use crate::fake::{Answer, Fake, ask, nobody, url};
use groeikern_client::{Client, Error, RetryBudget};
use tonic::Status;

#[tokio::test]
async fn a_dead_endpoint_costs_no_call_and_no_budget() {
    let fake = Fake::start(|_| Answer::Edition).await;
    let mut options = fake.options().retry_budget(RetryBudget::none());
    for _ in 0..3 {
        options = options.endpoint(url(nobody().await));
    }
    for client in [
        Client::connect(options.clone()).await.unwrap(),
        Client::connect_lazy(options).unwrap(),
    ] {
        for _ in 0..20 {
            ask(&client).await.unwrap();
        }
    }
    assert_eq!(fake.calls(), 40);
}

#[tokio::test]
async fn calls_take_turns() {
    let one = Fake::start(|_| Answer::Edition).await;
    let other = Fake::start(|_| Answer::Edition).await;
    let client = Client::connect(one.options().endpoint(other.url()))
        .await
        .unwrap();
    for _ in 0..10 {
        ask(&client).await.unwrap();
    }
    assert_eq!((one.calls(), other.calls()), (5, 5));
}

#[tokio::test]
async fn a_retry_goes_to_another_endpoint() {
    let sick = Fake::start(|_| Answer::Fails(Status::unavailable("sick"))).await;
    let healthy = Fake::start(|_| Answer::Edition).await;
    let client = Client::connect(sick.options().endpoint(healthy.url()))
        .await
        .unwrap();
    for _ in 0..6 {
        ask(&client).await.unwrap();
    }
    assert_eq!(healthy.calls(), 6);
}

#[tokio::test]
async fn an_endpoint_that_dies_is_left() {
    let fake = Fake::start(|_| Answer::Edition).await;
    let nobody = nobody().await;
    let client = Client::connect_lazy(fake.options().endpoint(url(nobody))).unwrap();
    for _ in 0..10 {
        ask(&client).await.unwrap();
    }
    assert_eq!(fake.calls(), 10);
}

#[tokio::test]
async fn all_dead_is_unreachable_and_names_them_all() {
    let (one, other) = (url(nobody().await), url(nobody().await));
    let options = groeikern_client::ConnectOptions::new(&one).endpoint(&other);
    for error in [
        Client::connect(options.clone()).await.map(|_| ()).unwrap_err(),
        ask(&Client::connect_lazy(options).unwrap()).await.unwrap_err(),
    ] {
        assert!(
            matches!(error, Error::Unreachable { endpoint, .. } if endpoint == format!("{one}, {other}"))
        );
    }
}
