//! Servers follow the shelf, and say what is wrong with it by its name.

use super::*;
use crate::edition::shelf::fixtures::edition_with;

/// What is prepared of a snapshot here: nothing.
#[derive(Debug)]
struct Bare(Snapshot);

impl From<Snapshot> for Bare {
    fn from(snapshot: Snapshot) -> Self {
        Self(snapshot)
    }
}

impl Deref for Bare {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.0
    }
}

fn shelf_in(folder: &tempfile::TempDir) -> Shelf {
    Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf")
}

#[tokio::test]
async fn a_publication_replaced_under_the_same_number_is_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = shelf_in(&folder);
    shelf
        .publish(&edition_with("first", 277), 0, None)
        .await
        .expect("published");
    let loaded: LoadedEditions<Bare> = LoadedEditions::open(shelf.clone()).await.expect("loaded");
    assert!(
        loaded.refresh().await.expect("looked").is_none(),
        "nothing happened"
    );

    std::fs::remove_file(folder.path().join("manifests/0000000001.json")).expect("removed");
    let second = shelf
        .publish(&edition_with("second", 276), 0, None)
        .await
        .expect("published");
    assert_eq!(second.sequence, 1);
    let swapped = loaded.refresh().await.expect("looked").expect("another edition");
    assert_eq!((swapped.id(), loaded.current().id()), (second.id(), second.id()));
    assert!(loaded.refresh().await.expect("looked").is_none(), "once");
}

#[tokio::test]
async fn a_pinned_edition_whose_file_is_gone_or_cannot_be_read_is_not_called_damaged() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = shelf_in(&folder);
    let first = shelf
        .publish(&edition_with("first", 277), 0, None)
        .await
        .expect("published");
    shelf
        .publish(&edition_with("second", 276), 1, None)
        .await
        .expect("published");
    let loaded: Arc<LoadedEditions<Bare>> = Arc::new(LoadedEditions::open(shelf).await.expect("loaded"));
    let blob = folder.path().join("blobs").join(&first.file_sha256);
    std::fs::remove_file(&blob).expect("removed");
    assert_eq!(ask_until_answered(&loaded).await, NotLoaded::Gone);
    std::fs::write(&blob, b"half an edition").expect("written");
    let damaged = ask_until_answered(&loaded).await;
    assert!(matches!(damaged, NotLoaded::Damaged { .. }), "{damaged:?}");
}

/// Why the edition called `first` cannot answer, once loading it has ended.
async fn ask_until_answered(loaded: &Arc<LoadedEditions<Bare>>) -> NotLoaded {
    loop {
        match loaded.get("first").await {
            Err(NotLoaded::Loading) => tokio::time::sleep(Duration::from_millis(10)).await,
            answer => return answer.expect_err("its file is not there"),
        }
    }
}

#[test]
fn every_cause_of_a_failed_load_keeps_its_name() {
    let because = |cause: EditionError| {
        NotLoaded::from(LoadError::Edition {
            id: "abc".to_owned(),
            cause,
        })
    };
    let io = |kind: io::ErrorKind| because(io::Error::from(kind).into());
    assert_eq!(
        io(io::ErrorKind::NotFound),
        NotLoaded::Gone,
        "removed after it was located"
    );
    assert!(matches!(
        io(io::ErrorKind::PermissionDenied),
        NotLoaded::Shelf { .. }
    ));
    let damaged = because(EditionError::Corrupt("half".to_owned()));
    assert!(matches!(damaged, NotLoaded::Damaged { .. }));
    let other = |found: &str| NotLoaded::OtherSchema {
        found: found.to_owned(),
    };
    assert_eq!(
        because(EditionError::Schema { found: 2 }),
        other("schema version 2")
    );
    let method = EditionError::Method {
        found: "0".to_owned(),
    };
    assert_eq!(because(method), other("method version 0"));
}
