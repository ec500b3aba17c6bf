//! Going back is a publication like any other: of whole files only, won by one, and said when it is needless.

use super::*;
use crate::edition::shelf::fixtures::edition_with;

/// A shelf with the editions `first` and `second`, and what was published.
async fn two_editions(folder: &tempfile::TempDir) -> (Shelf, Manifest, Manifest) {
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    let first = shelf.publish(&edition_with("first", 277), 0, None).await;
    let second = shelf.publish(&edition_with("second", 276), 1, None).await;
    (shelf, first.expect("published"), second.expect("published"))
}

#[tokio::test]
async fn an_earlier_edition_becomes_current_again_under_a_new_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shelf, first, second) = two_editions(&folder).await;
    let restored = shelf.republish("first", 2).await.expect("republished");
    assert_eq!((restored.sequence, restored.restores), (3, Some(1)));
    assert_eq!(
        Manifest {
            sequence: 1,
            restores: None,
            ..restored.clone()
        },
        first,
        "the same edition, and the same file"
    );
    assert_eq!(shelf.current_sequence().await.expect("listed"), Some(3));
    assert_eq!(shelf.manifest(3).await.expect("read"), restored);
    let forward = shelf
        .republish(second.id(), 3)
        .await
        .expect("and forward again, by id");
    assert_eq!((forward.sequence, forward.restores), (4, Some(2)));
}

#[tokio::test]
async fn what_is_current_already_is_said_and_published_no_second_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shelf, _, second) = two_editions(&folder).await;
    for asked in ["second", second.id()] {
        let error = shelf.republish(asked, 2).await.expect_err("current");
        assert!(matches!(error, RollbackError::AlreadyCurrent { .. }), "{error:?}");
    }
    let third = edition_with("second", 275);
    shelf.publish(&third, 2, None).await.expect("published");
    let error = shelf.republish("second", 3).await.expect_err("current");
    assert!(
        error.to_string().ends_with(&format!(
            "earlier ones of that name are {}: name one by its id",
            second.id()
        )),
        "{error}"
    );
    assert_eq!(shelf.current_sequence().await.expect("listed"), Some(3));
}

#[tokio::test]
async fn an_unknown_edition_is_refused_with_the_nearest_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shelf, ..) = two_editions(&folder).await;
    let error = shelf.republish("frist", 2).await.expect_err("unknown");
    assert!(error.to_string().contains("near are first"), "{error}");
}

#[tokio::test]
async fn a_damaged_or_removed_file_never_becomes_current() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shelf, first, _) = two_editions(&folder).await;
    let blob = folder.path().join("blobs").join(&first.file_sha256);
    let mut bytes = std::fs::read(&blob).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&blob, bytes).expect("damaged");
    let error = shelf.republish("first", 2).await.expect_err("damaged");
    assert!(
        matches!(
            &error,
            RollbackError::Edition {
                cause: EditionError::Corrupt(_),
                ..
            }
        ),
        "{error:?}"
    );
    std::fs::remove_file(&blob).expect("removed");
    let error = shelf.republish("first", 2).await.expect_err("gone");
    assert!(
        matches!(&error, RollbackError::Shelf(ShelfError::Gone { .. })),
        "{error:?}"
    );
    assert_eq!(shelf.current_sequence().await.expect("listed"), Some(2));
}

#[tokio::test]
async fn who_goes_back_after_somebody_published_is_told_of_the_conflict() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shelf, ..) = two_editions(&folder).await;
    let error = shelf.republish("first", 1).await.expect_err("a conflict");
    assert!(
        matches!(
            &error,
            RollbackError::Shelf(ShelfError::PublishConflict { sequence: 2 })
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_damaged_current_publication_can_be_left_behind_by_going_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (shelf, ..) = two_editions(&folder).await;
    std::fs::write(folder.path().join("manifests/0000000003.json"), "{").expect("written");
    let restored = shelf.republish("second", 3).await.expect("republished");
    assert_eq!((restored.sequence, restored.restores), (4, Some(2)));
}
