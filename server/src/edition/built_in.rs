//! The edition that every server carries: a shelf without any gets it at first start, an older one of ours is replaced.

use super::{
    EditionError, EditionFile, build, open,
    shelf::{Manifest, Shelf, ShelfError},
    source::SourceFolder,
};

/// The revision of the built-in edition: raised with every release whose data, schema or method differ, so that servers of two
/// releases over one shelf agree which is the later.
pub const REVISION: u32 = 2;

/// Why the built-in edition could not be put on the shelf.
#[derive(Debug, thiserror::Error)]
pub enum BuiltInError {
    /// The shelf could not be read or written.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// The edition could not be built.
    #[error(transparent)]
    Edition(#[from] EditionError),
}

/// What was done to the shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ensured {
    /// Nothing: what is current there is the operator's own, or already ours.
    Kept,
    /// The built-in edition was published.
    Published(Manifest),
}

/// The edition of the data that is compiled in.
///
/// # Errors
/// [`EditionError`]: a fault of ours, because the data is checked by our tests.
pub fn built_in() -> Result<EditionFile, EditionError> {
    let draft = SourceFolder::built_in()
        .draft()
        .map_err(|error| EditionError::Corrupt(error.to_string()))?;
    build(&draft)
}

/// Publishes the built-in edition on a shelf that has none, that holds an earlier built-in one, or whose built-in one is
/// damaged. A later built-in edition is left alone, as is one that somebody published: of servers of two versions over one
/// shelf, as in an upgrade, the newer one wins, whatever the order in which they start. A built-in edition that somebody went
/// back to is theirs as well, as long as this server can read it.
///
/// # Errors
/// [`BuiltInError`].
pub async fn ensure(shelf: &Shelf) -> Result<Ensured, BuiltInError> {
    let sequence = shelf.current_sequence().await?;
    let current = match sequence {
        Some(sequence) => Some(shelf.manifest(sequence).await?),
        None => None,
    };
    if current.as_ref().is_some_and(is_to_stay) {
        return Ok(Ensured::Kept);
    }
    let edition = built_in()?;
    if let Some(current) = &current
        && current.content_hash == edition.content_hash
        && is_whole(shelf, current).await
    {
        return Ok(Ensured::Kept);
    }
    match shelf
        .publish(&edition, sequence.unwrap_or(0), Some(REVISION))
        .await
    {
        Ok(manifest) => Ok(Ensured::Published(manifest)),
        // Another server started at the same time and was first: its edition is as good.
        Err(ShelfError::PublishConflict { .. }) => Ok(Ensured::Kept),
        Err(error) => Err(error.into()),
    }
}

/// Somebody chose it, or a later server published it.
fn is_to_stay(current: &Manifest) -> bool {
    let is_chosen = || current.restores.is_some() && current.is_of_this_version();
    match current.built_in_revision {
        Some(revision) => revision > REVISION || is_chosen(),
        None => true,
    }
}

async fn is_whole(shelf: &Shelf, manifest: &Manifest) -> bool {
    match shelf.locate(manifest).await {
        Ok(location) => open(&location, &manifest.file_sha256).is_ok(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::SCHEMA_VERSION;

    #[tokio::test]
    async fn a_first_start_publishes_and_a_second_does_not() {
        let shelf = Shelf::in_memory();
        assert!(matches!(ensure(&shelf).await, Ok(Ensured::Published(manifest)) if manifest.sequence == 1));
        assert!(matches!(ensure(&shelf).await, Ok(Ensured::Kept)));
    }

    #[tokio::test]
    async fn an_edition_of_the_operator_is_left_alone() {
        let shelf = Shelf::in_memory();
        shelf
            .publish(&built_in().expect("built"), 0, None)
            .await
            .expect("published");
        assert!(matches!(ensure(&shelf).await, Ok(Ensured::Kept)));
    }

    #[tokio::test]
    async fn of_two_built_in_editions_the_later_stays_whichever_server_starts() {
        for (on_the_shelf, kept) in [(REVISION + 1, true), (REVISION - 1, false)] {
            let shelf = Shelf::in_memory();
            let mut other = built_in().expect("built");
            other.content_hash = "f".repeat(64);
            shelf
                .publish(&other, 0, Some(on_the_shelf))
                .await
                .expect("published");
            let ensured = ensure(&shelf).await.expect("ensured");
            assert_eq!(ensured == Ensured::Kept, kept, "{on_the_shelf}");
        }
    }

    #[tokio::test]
    async fn an_earlier_built_in_edition_that_somebody_went_back_to_stays_while_it_can_be_read() {
        for (schema_version, kept) in [(SCHEMA_VERSION, true), (SCHEMA_VERSION - 1, false)] {
            let folder = tempfile::tempdir().expect("a folder");
            let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
            let earlier = shelf
                .publish(&built_in().expect("built"), 0, Some(REVISION - 1))
                .await
                .expect("published");
            let restored = Manifest {
                sequence: 2,
                restores: Some(1),
                content_hash: "f".repeat(64),
                schema_version,
                ..earlier
            };
            let json = serde_json::to_vec(&restored).expect("JSON");
            std::fs::write(folder.path().join("manifests/0000000002.json"), json).expect("written");
            let ensured = ensure(&shelf).await.expect("ensured");
            assert_eq!(ensured == Ensured::Kept, kept, "schema {schema_version}");
        }
    }

    #[tokio::test]
    async fn a_damaged_built_in_edition_is_mended() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
        let Ok(Ensured::Published(first)) = ensure(&shelf).await else {
            panic!("not published")
        };
        std::fs::write(folder.path().join("blobs").join(&first.file_sha256), b"damaged").expect("written");
        assert!(matches!(ensure(&shelf).await, Ok(Ensured::Published(second)) if second.sequence == 2));
        assert!(is_whole(&shelf, &first).await);
    }

    #[tokio::test]
    async fn servers_that_start_together_agree() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
        let (first, second) = tokio::join!(ensure(&shelf), ensure(&shelf));
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(shelf.manifests().await.expect("read").len(), 1);
    }
}
