//! An answer's error keeps all the server said.

use std::{collections::HashMap, time::Duration};

use crate::fake::{Answer, Fake, ask};
use groeikern_client::{AnswerError, Code, Error, v1::ErrorReason};
use tonic::{Status, metadata::MetadataMap};
use tonic_types::{ErrorDetails, StatusExt};

async fn error(details: ErrorDetails, code: Code, message: &'static str) -> Error {
    let fake = Fake::start(move |_| {
        let mut metadata = MetadataMap::new();
        metadata.insert("x-request-id", "7f3a".parse().unwrap());
        Answer::Fails(Status::with_error_details_and_metadata(
            code,
            message,
            details.clone(),
            metadata,
        ))
    })
    .await;
    ask(&fake.client().await).await.unwrap_err()
}

fn answer(error: &Error) -> &AnswerError {
    match error {
        Error::Answer(answer) => answer,
        other => panic!("not an answer: {other:?}"),
    }
}

#[tokio::test]
async fn every_violation_arrives() {
    let mut details = ErrorDetails::new();
    details
        .set_error_info("INVALID_REQUEST", "groeikern", HashMap::new())
        .add_bad_request_violation("page_size", "must be 0 to 1000")
        .add_bad_request_violation("edition", "must not hold spaces");
    let error = error(details, Code::InvalidArgument, "the request is wrong").await;
    assert_eq!(error.reason(), Some(ErrorReason::InvalidRequest));
    let fields: Vec<&str> = answer(&error)
        .violations
        .iter()
        .map(|v| v.field.as_str())
        .collect();
    assert_eq!(fields, ["page_size", "edition"]);
    assert_eq!(
        error.to_string(),
        "the request is wrong: page_size must be 0 to 1000; edition must not hold spaces"
    );
}

#[tokio::test]
async fn the_nearest_names_arrive() {
    let nearest = HashMap::from([("nearest".into(), "Helmond; Hellendoorn; 's-Hertogenbosch".into())]);
    let mut details = ErrorDetails::new();
    details.set_error_info("UNKNOWN_REGION", "groeikern", nearest);
    let error = error(details, Code::NotFound, "no region is called Helmont.").await;
    assert_eq!(error.reason(), Some(ErrorReason::UnknownRegion));
    assert_eq!(error.nearest(), ["Helmond", "Hellendoorn", "'s-Hertogenbosch"]);
    assert_eq!(
        error.to_string(),
        "no region is called Helmont; did you mean Helmond, Hellendoorn or 's-Hertogenbosch?"
    );
}

#[tokio::test]
async fn the_request_id_and_metadata_arrive() {
    let metadata = HashMap::from([("shard".into(), "3".into())]);
    let mut details = ErrorDetails::new();
    details
        .set_error_info("INTERNAL", "groeikern", metadata)
        .set_retry_info(Some(Duration::from_secs(2)));
    let error = error(details, Code::Internal, "something broke here").await;
    let answer = answer(&error);
    assert_eq!(answer.code, Code::Internal);
    assert_eq!(answer.reason, Some(ErrorReason::Internal));
    assert_eq!(answer.message, "something broke here");
    assert_eq!(answer.metadata["shard"], "3");
    assert_eq!(answer.retry_after, Some(Duration::from_secs(2)));
    assert_eq!(answer.request_id.as_deref(), Some("7f3a"));
    assert!(error.to_string().ends_with("with request id 7f3a"), "{error}");
}

#[tokio::test]
async fn reasons_of_others_and_of_the_future_are_none() {
    for (reason, domain) in [("INTERNAL", "example.com"), ("NOT_YET_THOUGHT_OF", "groeikern")] {
        let mut details = ErrorDetails::new();
        details.set_error_info(reason, domain, HashMap::new());
        let error = error(details, Code::Internal, "").await;
        assert_eq!(error.reason(), None);
        assert!(!error.to_string().starts_with(';'), "{error}");
    }
}
