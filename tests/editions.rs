//! New editions come in while requests go on, and damage to one never reaches another.

use std::time::Duration;

use crate::support::{Server, another_edition, built_in, refusal};
use groeikern_client::{Client, Code, v1, v1::ErrorReason};
use groeikern_server::{edition::shelf::Shelf, serve::Limits};

async fn edition_of(client: &Client, pinned: &str) -> Result<String, groeikern_client::Error> {
    let request = v1::GetEditionRequest {
        edition: pinned.into(),
    };
    Ok(client
        .get_edition(request)
        .await?
        .metadata
        .expect("metadata")
        .edition_id)
}

/// The same once the edition has been loaded: that may take longer than a request waits, which then says so, and when to come
/// back.
async fn once_loaded(client: &Client, pinned: &str) -> Result<String, groeikern_client::Error> {
    for _ in 0..200 {
        match edition_of(client, pinned).await {
            Err(error) if error.reason() == Some(ErrorReason::EditionLoading) => {
                let error = refusal(error);
                assert_eq!(error.code, Code::Unavailable);
                assert!(error.retry_after.is_some());
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            known => return known,
        }
    }
    panic!("{pinned} was never loaded")
}

#[tokio::test]
async fn a_published_edition_is_served_and_the_one_before_can_still_be_pinned() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    let server = Server::over(shelf, Limits::default()).await;
    let client = server.client().await;
    let before = edition_of(&client, "").await.expect("an edition");
    let next = another_edition("next");
    server.shelf.publish(&next, 1, None).await.expect("published");
    assert_eq!(
        edition_of(&client, "").await.expect("an edition"),
        before,
        "not before the server looks"
    );
    server.editions.refresh().await.expect("read").expect("a new one");
    assert_eq!(edition_of(&client, "").await.expect("an edition"), next.id());
    for pin in ["new-towns-2024", &before] {
        assert_eq!(edition_of(&client, pin).await.expect(pin), before);
    }
    let position = |edition: &str| {
        let request = v1::GetPositionRequest {
            edition: edition.into(),
            indicator_id: "low_theft".into(),
            region_code: "GM0439".into(),
            ..Default::default()
        };
        let client = client.clone();
        async move {
            client
                .get_position(request)
                .await
                .expect("a position")
                .region
                .expect("a row")
                .standing
                .expect("one")
                .position
        }
    };
    assert_eq!((position(&before).await, position("next").await), (154, 155));
}

#[tokio::test]
async fn an_older_edition_is_loaded_when_it_is_pinned() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    let old = another_edition("old");
    shelf.publish(&old, 0, None).await.expect("published");
    shelf
        .publish(&another_edition("newer"), 1, None)
        .await
        .expect("published");
    shelf.publish(built_in(), 2, None).await.expect("published");
    let server = Server::over(shelf, Limits::default()).await;
    let client = server.client().await;
    let found = once_loaded(&client, "old").await.expect("loaded");
    assert_eq!(found, old.id());
}

#[tokio::test]
async fn a_damaged_or_removed_edition_is_named_and_the_current_one_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    let server = Server::over(shelf, Limits::default()).await;
    let client = server.client().await;
    let current = edition_of(&client, "").await.expect("an edition");

    let next = another_edition("next");
    let manifest = server.shelf.publish(&next, 1, None).await.expect("published");
    let blob = folder.path().join("blobs").join(&manifest.file_sha256);
    let mut bytes = next.bytes.to_vec();
    bytes[next.bytes.len() / 2] ^= 1;
    std::fs::write(&blob, &bytes).expect("damaged");
    server
        .editions
        .refresh()
        .await
        .expect_err("a damaged edition is not taken");
    assert_eq!(
        edition_of(&client, "").await.expect("an edition"),
        current,
        "what was served stays"
    );

    std::fs::write(&blob, &next.bytes).expect("restored");
    server
        .editions
        .refresh()
        .await
        .expect("read")
        .expect("the new one");
    server
        .shelf
        .publish(&another_edition("third"), 2, None)
        .await
        .expect("published");
    assert_eq!(edition_of(&client, "").await.expect("an edition"), next.id());
}

#[tokio::test]
async fn a_pinned_edition_with_a_damaged_or_missing_file_says_so() {
    for (damage, code, reason) in [
        (true, Code::DataLoss, ErrorReason::EditionCorrupt),
        (false, Code::NotFound, ErrorReason::EditionGone),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
        let old = shelf
            .publish(&another_edition("old"), 0, None)
            .await
            .expect("published");
        shelf.publish(built_in(), 1, None).await.expect("published");
        let server = Server::over(shelf, Limits::default()).await;
        let blob = folder.path().join("blobs").join(&old.file_sha256);
        if damage {
            std::fs::write(&blob, b"damaged").expect("written");
        } else {
            std::fs::remove_file(&blob).expect("removed");
        }
        let client = server.client().await;
        let error = refusal(once_loaded(&client, "old").await.expect_err("not served"));
        assert_eq!((error.code, error.reason), (code, Some(reason)), "{error:?}");
        let path = folder.path().display().to_string();
        assert!(!error.message.contains(&path), "no path of the server: {error:?}");
        edition_of(&client, "").await.expect("the current one goes on");
    }
}
