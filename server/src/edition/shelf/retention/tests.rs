//! What stays is whole and what goes is known, also while others publish.

use std::{fs::File, num::NonZeroUsize};

use super::*;
use crate::edition::{EditionFile, shelf::fixtures::edition_with};

/// Rows of four editions, made once: they differ in one position.
fn editions() -> Vec<EditionFile> {
    let positions = [277, 276, 275, 274].into_iter();
    positions
        .map(|position| edition_with(&format!("theft-{position}"), position))
        .collect()
}

fn latest(number: usize) -> Retention {
    Retention {
        latest: NonZeroUsize::new(number).expect("one or more"),
        also: Vec::new(),
        dry_run: false,
    }
}

async fn shelf_with(folder: &tempfile::TempDir, editions: &[EditionFile]) -> Shelf {
    let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
    for (after, edition) in (0..).zip(editions) {
        shelf.publish(edition, after, None).await.expect("published");
    }
    shelf
}

fn sequences(manifests: &[Manifest]) -> Vec<u64> {
    manifests.iter().map(|manifest| manifest.sequence).collect()
}

fn blobs(folder: &tempfile::TempDir) -> usize {
    fs::read_dir(folder.path().join("blobs")).expect("listed").count()
}

/// Makes a file as it was two hours ago.
fn age(path: &Path) {
    let file = File::options().write(true).open(path).expect("a file");
    let then = SystemTime::now() - Duration::from_secs(7200);
    file.set_modified(then).expect("aged");
}

#[tokio::test]
async fn the_latest_stay_and_the_rest_goes_with_its_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = shelf_with(&folder, &editions()).await;
    let would = Retention {
        dry_run: true,
        ..latest(2)
    };
    let planned = shelf.retain(&would).await.expect("looked");
    assert_eq!(blobs(&folder), 4, "a dry run takes nothing away");
    let done = shelf.retain(&latest(2)).await.expect("retained");
    assert_eq!(done, planned);
    assert_eq!(
        (sequences(&done.removed), sequences(&done.kept)),
        (vec![1, 2], vec![3, 4])
    );
    assert_eq!((done.files.len(), blobs(&folder)), (2, 2));
    assert_eq!(shelf.manifests().await.expect("read"), done.kept);
    let again = shelf.retain(&latest(2)).await.expect("retained");
    assert_eq!((again.removed.len(), again.files.len()), (0, 0));
}

#[tokio::test]
async fn an_edition_published_twice_counts_once_and_keeps_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = shelf_with(&folder, &editions()).await;
    shelf.republish("theft-277", 4).await.expect("republished");
    let done = shelf.retain(&latest(2)).await.expect("retained");
    assert_eq!(
        sequences(&done.kept),
        [1, 4, 5],
        "the restored edition, by both its publications, and the one before"
    );
    for manifest in &done.kept {
        shelf.locate(manifest).await.expect("it has its file");
    }
    assert_eq!(blobs(&folder), 2);
}

#[tokio::test]
async fn editions_that_are_named_stay_and_a_wrong_name_takes_nothing_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = shelf_with(&folder, &editions()).await;
    let wrong = Retention {
        also: vec!["theft-27".to_owned()],
        ..latest(1)
    };
    let error = shelf.retain(&wrong).await.expect_err("unknown").to_string();
    assert!(
        error.contains("nothing was taken away; near are theft-27"),
        "{error}"
    );
    assert_eq!(blobs(&folder), 4);
    let right = Retention {
        also: vec!["theft-277".to_owned()],
        ..latest(1)
    };
    let done = shelf.retain(&right).await.expect("retained");
    assert_eq!(sequences(&done.kept), [1, 4]);
}

#[tokio::test]
async fn while_a_publication_cannot_be_read_nothing_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = shelf_with(&folder, &editions()).await;
    fs::write(folder.path().join("manifests/0000000002.json"), "{").expect("damaged");
    let error = shelf.retain(&latest(1)).await.expect_err("damaged");
    assert!(
        matches!(error, RetentionError::Shelf(ShelfError::DamagedManifest { .. })),
        "{error:?}"
    );
    assert_eq!(blobs(&folder), 4);
}

#[tokio::test]
async fn what_killed_writers_left_goes_when_it_is_old_and_strangers_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = shelf_with(&folder, &editions()[..1]).await;
    let orphan = format!("blobs/{}", "0".repeat(64));
    let left = [
        orphan.clone(),
        format!("{orphan}#1"),
        "manifests/0000000002.json#7".to_owned(),
        ".writable-1".to_owned(),
    ];
    let strangers = ["blobs/notes.txt", "manifests/notes#1", "sources#1"];
    for name in left.iter().map(String::as_str).chain(strangers) {
        fs::write(folder.path().join(name), "half").expect("written");
    }
    let young = shelf.retain(&latest(1)).await.expect("retained");
    assert_eq!(young.files, [], "somebody may still be writing them");
    for name in left.iter().map(String::as_str).chain(strangers) {
        age(&folder.path().join(name));
    }
    let old = shelf.retain(&latest(1)).await.expect("retained");
    let mut gone: Vec<&str> = old.files.iter().map(|file| file.path.as_str()).collect();
    gone.sort_unstable();
    let mut expected: Vec<&str> = left.iter().map(String::as_str).collect();
    expected.sort_unstable();
    assert_eq!(gone, expected);
    for name in strangers {
        assert!(
            folder.path().join(name).exists(),
            "{name} is not ours to take away"
        );
    }
    assert_eq!(shelf.manifests().await.expect("read").len(), 1);
}

/// A file that is already there, old, and about to be named again is the one that retention wants to take.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_publishes_or_goes_back_meanwhile_has_a_file_for_what_is_current() {
    let folder = tempfile::tempdir().expect("a folder");
    let editions = editions();
    let shelf = shelf_with(&folder, &editions).await;
    for round in 0..12 {
        for entry in fs::read_dir(folder.path().join("blobs")).expect("listed") {
            age(&entry.expect("an entry").path());
        }
        // Shelves of their own: other processes share nothing but the directory.
        let open = || Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
        let (publisher, restorer, remover) = (open(), open(), open());
        let after = shelf.current_sequence().await.expect("listed").expect("one");
        let edition = editions[round % 4].clone();
        let publishing = tokio::spawn(async move { publisher.publish(&edition, after, None).await });
        let name = format!("theft-{}", 277 - (round + 2) % 4);
        let restoring = tokio::spawn(async move { restorer.republish(&name, after).await });
        let removing = tokio::spawn(async move { remover.retain(&latest(1)).await });
        removing.await.expect("ended").expect("retained");
        let published = publishing.await.expect("ended");
        let restored = restoring.await.expect("ended");
        assert!(
            published.is_ok() || restored.is_ok(),
            "{published:?} {restored:?}"
        );
        for manifest in shelf.manifests().await.expect("read") {
            assert!(
                shelf.locate(&manifest).await.is_ok(),
                "round {round}: {manifest:?}"
            );
        }
    }
}
