//! The shelf keeps what was published, whoever else is at it.

use super::*;
use crate::edition::{self, source::SourceFolder};

fn built_in() -> EditionFile {
    edition::build(&SourceFolder::built_in().draft().expect("whole")).expect("built")
}

#[tokio::test]
async fn what_is_published_is_found_again_in_memory_and_in_a_directory() {
    let folder = tempfile::tempdir().expect("a folder");
    let directory = Shelf::in_directory(folder.path().join("shelf")).expect("a shelf");
    for shelf in [Shelf::in_memory(), directory] {
        assert_eq!(shelf.current_sequence().await.expect("listed"), None);
        let edition = built_in();
        let manifest = shelf.publish(&edition, 0, Some(1)).await.expect("published");
        assert_eq!(
            shelf.manifests().await.expect("read"),
            std::slice::from_ref(&manifest)
        );
        let location = shelf.locate(&manifest).await.expect("found");
        edition::verify(&location, &manifest.file_sha256, &manifest.content_hash).expect("whole");
    }
}

#[tokio::test]
async fn of_two_publishers_one_wins_and_the_other_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    let edition = built_in();
    let (first, second) = tokio::join!(shelf.publish(&edition, 0, None), shelf.publish(&edition, 0, None));
    assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1);
    let loser = if first.is_err() { first } else { second };
    assert!(
        matches!(loser, Err(ShelfError::PublishConflict { sequence: 1 })),
        "{loser:?}"
    );
    assert!(
        shelf.publish(&edition, 1, None).await.is_ok(),
        "and may try again after looking"
    );
}

#[tokio::test]
async fn a_damaged_manifest_is_named_and_strangers_are_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    shelf.publish(&built_in(), 0, None).await.expect("published");
    std::fs::write(folder.path().join("manifests/notes.txt"), "mine").expect("written");
    std::fs::write(folder.path().join("manifests/7.json"), "{}").expect("written");
    assert_eq!(shelf.manifests().await.expect("read").len(), 1);
    std::fs::write(folder.path().join("manifests/0000000002.json"), "{").expect("written");
    assert_eq!(
        shelf.manifests().await.expect("read").len(),
        1,
        "the damaged one is left out"
    );
    let error = shelf.manifest(2).await.expect_err("damaged").to_string();
    assert!(
        error.contains("manifests/0000000002.json on the shelf is damaged"),
        "{error}"
    );
}

#[tokio::test]
async fn publishing_again_mends_a_damaged_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    let edition = built_in();
    let manifest = shelf.publish(&edition, 0, Some(1)).await.expect("published");
    let path = folder.path().join("blobs").join(&manifest.file_sha256);
    std::fs::write(&path, b"not an edition").expect("damaged");
    let manifest = shelf
        .publish(&edition, 1, Some(1))
        .await
        .expect("published again");
    let location = shelf.locate(&manifest).await.expect("found");
    edition::verify(&location, &manifest.file_sha256, &manifest.content_hash).expect("whole");
}

#[tokio::test]
async fn a_removed_file_is_gone_not_a_fault() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    let manifest = shelf.publish(&built_in(), 0, None).await.expect("published");
    std::fs::remove_file(folder.path().join("blobs").join(&manifest.file_sha256)).expect("removed");
    assert!(matches!(
        shelf.locate(&manifest).await,
        Err(ShelfError::Gone { .. })
    ));
}

#[tokio::test]
async fn a_field_that_a_newer_server_adds_is_left_alone_and_a_newer_format_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    let manifest = shelf.publish(&built_in(), 0, None).await.expect("published");
    let path = folder.path().join("manifests/0000000001.json");
    let written = std::fs::read_to_string(&path).expect("a manifest");
    assert!(written.contains("\"format\": 1"), "{written}");
    let newer = written.replace("\"format\": 1", "\"published_by\": \"0.9\", \"format\": 1");
    std::fs::write(&path, newer).expect("written");
    assert_eq!(shelf.manifest(1).await.expect("read"), manifest);

    std::fs::write(&path, r#"{"format": 2, "editions": []}"#).expect("written");
    let error = shelf.manifest(1).await.expect_err("newer");
    assert!(
        matches!(error, ShelfError::NewerManifest { found: 2, .. }),
        "{error:?}"
    );
    assert!(error.to_string().ends_with("upgrade this server"), "{error}");
    assert!(shelf.manifests().await.expect("listed").is_empty(), "left out");
}

#[test]
fn servers_that_open_one_directory_together_do_not_remove_each_others_probe() {
    let folder = tempfile::tempdir().expect("a folder");
    std::thread::scope(|scope| {
        let openers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| (0..50).all(|_| Shelf::in_directory(folder.path().join("shelf")).is_ok()))
            })
            .collect();
        for opener in openers {
            assert!(opener.join().expect("no panic"));
        }
    });
    let left = std::fs::read_dir(folder.path().join("shelf")).expect("a shelf");
    assert_eq!(left.count(), 0, "no probe stays behind");
}

#[tokio::test]
async fn the_largest_number_is_refused_by_name_and_longer_ones_are_strangers() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    let edition = built_in();
    shelf.publish(&edition, 0, None).await.expect("published");
    let stray =
        |name: &str| std::fs::write(folder.path().join("manifests").join(name), "{}").expect("written");
    stray("18446744073709551615.json");
    stray("10000000000.json");
    assert_eq!(shelf.current_sequence().await.expect("listed"), Some(1));
    stray("9999999999.json");
    assert_eq!(
        shelf.current_sequence().await.expect("listed"),
        Some(9_999_999_999)
    );
    for after in [9_999_999_999, u64::MAX] {
        let error = shelf.publish(&edition, after, None).await.expect_err("no number");
        assert!(matches!(error, ShelfError::NoNumberLeft { .. }), "{error:?}");
    }
    let error = shelf
        .publish(&edition, 9_999_999_999, None)
        .await
        .expect_err("no number");
    assert!(
        error
            .to_string()
            .contains("manifests/9999999999.json is a stray file"),
        "{error}"
    );
}
