//! Pages follow each other to the last, and never in circles.

use crate::fake::Fake;
use groeikern_client::{Error, StreamExt, v1};

/// The names of the pages a stream gave, and the error it ended with.
async fn pages(fake: &Fake, from: &str) -> (Vec<String>, Option<Error>) {
    let request = v1::ListEditionsRequest {
        page_token: from.into(),
        ..Default::default()
    };
    let mut pages = fake.client().await.list_editions_pages(request); // lives without its client
    let (mut names, mut error) = (Vec::new(), None);
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => names.push(page.editions[0].name.clone()),
            Err(one) => assert!(error.replace(one).is_none(), "an error ends the stream"),
        }
    }
    assert!(pages.next().await.is_none(), "an ended stream stays ended");
    (names, error)
}

fn to_d(token: &str) -> String {
    match token {
        "" => "b",
        "b" => "c",
        "c" => "d",
        _ => "",
    }
    .into()
}

#[tokio::test]
async fn all_pages_come_in_order() {
    let fake = Fake::with_pages(to_d).await;
    let (names, error) = pages(&fake, "").await;
    assert_eq!(names, ["", "b", "c", "d"]);
    assert!(error.is_none());
    assert_eq!(fake.calls(), 4);
}

#[tokio::test]
async fn pages_begin_where_the_request_says() {
    let (names, error) = pages(&Fake::with_pages(to_d).await, "c").await;
    assert_eq!(names, ["c", "d"]);
    assert!(error.is_none());
}

#[tokio::test]
async fn nothing_is_asked_before_it_is_wanted() {
    let fake = Fake::with_pages(to_d).await;
    let mut pages = fake
        .client()
        .await
        .list_editions_pages(v1::ListEditionsRequest::default());
    assert_eq!(fake.calls(), 0);
    pages.next().await.unwrap().unwrap();
    assert_eq!(fake.calls(), 1);
}

#[tokio::test]
async fn a_repeated_token_is_an_error() {
    let (names, error) = pages(&Fake::with_pages(|_| "b".into()).await, "").await;
    assert_eq!(names, [""]);
    assert!(matches!(error, Some(Error::RepeatedPageToken { token }) if token == "b"));
}

#[tokio::test]
async fn a_circle_of_tokens_is_an_error() {
    let circle = |token: &str| if token == "b" { "c".into() } else { "b".into() };
    let (names, error) = pages(&Fake::with_pages(circle).await, "").await;
    assert_eq!(names, ["", "b"]);
    assert!(matches!(error, Some(Error::RepeatedPageToken { token }) if token == "b"));
}

#[tokio::test]
async fn the_first_error_is_the_last_item() {
    let (names, error) = pages(&Fake::with_pages(|_| "bad".into()).await, "").await;
    assert_eq!(names, [""]);
    assert!(matches!(error, Some(Error::Answer(_))));
}
