//! The shelf: where published editions live, in a directory or an object store alike.
//!
//! `blobs/{file_sha256}` are edition files, `manifests/{sequence}.json` say which was published when. Both are written
//! create-only: a sequence number is won by exactly one publisher, and the edition of the highest one is current. A
//! publication is the manifest: an edition file without one is waste, never an answer.

use std::{io, path::PathBuf, sync::Arc};

use bytes::Bytes;
use object_store::{
    ObjectStore, ObjectStoreExt, PutMode, PutOptions, local::LocalFileSystem, memory::InMemory,
    path::Path as StorePath,
};
use serde::{Deserialize, Serialize};
use tokio_stream::StreamExt;

use super::{EditionFile, Location, SCHEMA_VERSION, edition_id};
use crate::method::METHOD_VERSION;

/// One publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Counts publications from 1; the highest is current.
    pub sequence: u64,
    /// Label of the edition.
    pub name: String,
    /// SHA-256 of its content, 64 hex digits.
    pub content_hash: String,
    /// SHA-256 of its file, 64 hex digits; names the blob.
    pub file_sha256: String,
    /// Size of its file.
    pub bytes: u64,
    /// Version of its schema.
    pub schema_version: u32,
    /// Version of the method its grade scales follow.
    pub method_version: String,
    /// Made from the data compiled into a server, which a newer server may replace by its own.
    pub built_in: bool,
}

impl Manifest {
    /// Id of the edition.
    #[must_use]
    pub fn id(&self) -> &str {
        edition_id(&self.content_hash)
    }
}

/// Why the shelf could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// Somebody else published under the same sequence number first.
    #[error(
        "somebody else published edition number {sequence} first: look at what is current now, then try again"
    )]
    PublishConflict {
        /// The number that was taken.
        sequence: u64,
    },
    /// A manifest is not JSON of the expected form.
    #[error(
        "{path} on the shelf is damaged: {cause}; restore it from a backup, or remove it to go back one publication"
    )]
    DamagedManifest {
        /// Its path on the shelf.
        path: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A manifest names a file that is no longer there.
    #[error("the file of edition {id} is no longer on the shelf")]
    Gone {
        /// Id of the edition.
        id: String,
    },
    /// The store could not read or write.
    #[error("the shelf cannot be used: {0}")]
    Store(#[from] object_store::Error),
    /// The directory could not be used.
    #[error("the directory {} cannot be used as a shelf: {cause}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// A place where editions are published.
#[derive(Debug, Clone)]
pub struct Shelf {
    store: Arc<dyn ObjectStore>,
    /// Set when the store is a local directory, whose files can be opened in place.
    directory: Option<Arc<LocalFileSystem>>,
}

impl Shelf {
    /// The shelf in a directory, made when absent and proven to be writable.
    ///
    /// # Errors
    /// [`ShelfError::Directory`] when it cannot be made, read or written.
    pub fn in_directory(path: PathBuf) -> Result<Self, ShelfError> {
        let prepare = || {
            std::fs::create_dir_all(&path)?;
            let probe = path.join(format!(".writable-{}", std::process::id()));
            std::fs::write(&probe, b"")?;
            std::fs::remove_file(&probe)
        };
        prepare().map_err(|cause| ShelfError::Directory {
            path: path.clone(),
            cause,
        })?;
        Self::in_existing_directory(path)
    }

    /// The shelf in a directory that is only read.
    ///
    /// # Errors
    /// [`ShelfError::Directory`] when there is no such directory.
    pub fn in_existing_directory(path: PathBuf) -> Result<Self, ShelfError> {
        if !path.is_dir() {
            let cause = io::Error::new(io::ErrorKind::NotFound, "there is no such directory");
            return Err(ShelfError::Directory { path, cause });
        }
        let directory = Arc::new(LocalFileSystem::new_with_prefix(&path)?.with_fsync(true));
        Ok(Self {
            store: Arc::clone(&directory) as Arc<dyn ObjectStore>,
            directory: Some(directory),
        })
    }

    /// A shelf that goes with the process.
    #[must_use]
    pub fn in_memory() -> Self {
        Self {
            store: Arc::new(InMemory::new()),
            directory: None,
        }
    }

    /// Every publication, oldest first. Files with other names are left alone; a damaged manifest is logged and left out,
    /// so that an old accident does not keep the rest from being found.
    ///
    /// # Errors
    /// [`ShelfError::Store`].
    pub async fn manifests(&self) -> Result<Vec<Manifest>, ShelfError> {
        let mut sequences = self.sequences().await?;
        sequences.sort_unstable();
        let mut found = Vec::with_capacity(sequences.len());
        for sequence in sequences {
            match self.manifest(sequence).await {
                Ok(manifest) => found.push(manifest),
                Err(error @ ShelfError::DamagedManifest { .. }) => {
                    tracing::warn!(%error, "a publication is left out");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// The sequence number of the current edition; `None` on an empty shelf.
    ///
    /// # Errors
    /// [`ShelfError::Store`].
    pub async fn current_sequence(&self) -> Result<Option<u64>, ShelfError> {
        Ok(self.sequences().await?.into_iter().max())
    }

    /// One publication.
    ///
    /// # Errors
    /// [`ShelfError::DamagedManifest`] when it is not what was written.
    pub async fn manifest(&self, sequence: u64) -> Result<Manifest, ShelfError> {
        let path = manifest_path(sequence);
        let damaged = |cause: String| ShelfError::DamagedManifest {
            path: path.to_string(),
            cause,
        };
        let bytes = self.store.get(&path).await?.bytes().await?;
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        if manifest.sequence != sequence {
            return Err(damaged(format!("it says it is number {}", manifest.sequence)));
        }
        let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hash(&manifest.file_sha256) || !is_hash(&manifest.content_hash) {
            return Err(damaged("its hashes are not 64 hex digits".to_owned()));
        }
        Ok(manifest)
    }

    /// Publishes an edition under the number after `after` (the highest the publisher knows of; 0 for none).
    ///
    /// # Errors
    /// [`ShelfError::PublishConflict`] when another publisher took that number.
    pub async fn publish(
        &self,
        edition: &EditionFile,
        after: u64,
        built_in: bool,
    ) -> Result<Manifest, ShelfError> {
        let create = || PutOptions::from(PutMode::Create);
        let blob = blob_path(&edition.file_sha256);
        let bytes = Bytes::from(edition.bytes.clone());
        match self.store.put_opts(&blob, bytes.clone().into(), create()).await {
            Ok(_) => {}
            // The name is the content: a file that is already there is this one, unless it was damaged since.
            Err(object_store::Error::AlreadyExists { .. }) => {
                if self.store.get(&blob).await?.bytes().await? != bytes {
                    self.store.put(&blob, bytes.into()).await?;
                }
            }
            Err(error) => return Err(error.into()),
        }
        let manifest = Manifest {
            sequence: after + 1,
            name: edition.name.clone(),
            content_hash: edition.content_hash.clone(),
            file_sha256: edition.file_sha256.clone(),
            bytes: edition.bytes.len() as u64,
            schema_version: SCHEMA_VERSION,
            method_version: METHOD_VERSION.to_owned(),
            built_in,
        };
        let mut json = serde_json::to_vec_pretty(&manifest)
            .map_err(io::Error::from)
            .map_err(store_error)?;
        json.push(b'\n');
        match self
            .store
            .put_opts(&manifest_path(manifest.sequence), json.into(), create())
            .await
        {
            Ok(_) => Ok(manifest),
            Err(object_store::Error::AlreadyExists { .. }) => Err(ShelfError::PublishConflict {
                sequence: manifest.sequence,
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// Where the bytes of a published edition are.
    ///
    /// # Errors
    /// [`ShelfError::Gone`] when its file was removed.
    pub async fn locate(&self, manifest: &Manifest) -> Result<Location, ShelfError> {
        let blob = blob_path(&manifest.file_sha256);
        let gone = |error| match error {
            object_store::Error::NotFound { .. } => ShelfError::Gone {
                id: manifest.id().to_owned(),
            },
            error => ShelfError::Store(error),
        };
        if let Some(directory) = &self.directory {
            self.store.head(&blob).await.map_err(gone)?;
            return Ok(Location::File(directory.path_to_filesystem(&blob)?));
        }
        let bytes: Bytes = self.store.get(&blob).await.map_err(gone)?.bytes().await?;
        Ok(Location::Memory(bytes))
    }

    async fn sequences(&self) -> Result<Vec<u64>, ShelfError> {
        let mut listing = self.store.list(Some(&StorePath::from("manifests")));
        let mut found = Vec::new();
        while let Some(object) = listing.next().await {
            let object = object?;
            let number = object
                .location
                .filename()
                .and_then(|name| name.strip_suffix(".json"));
            // Only names as we write them: `1.json` beside `0000000001.json` must not be the same publication.
            if let Some(sequence) = number.and_then(|digits| digits.parse().ok())
                && manifest_path(sequence) == object.location
            {
                found.push(sequence);
            }
        }
        Ok(found)
    }
}

fn store_error(error: io::Error) -> ShelfError {
    ShelfError::Store(object_store::Error::Generic {
        store: "shelf",
        source: error.into(),
    })
}

/// Numbers are padded so that a listing is in order.
fn manifest_path(sequence: u64) -> StorePath {
    StorePath::from(format!("manifests/{sequence:010}.json"))
}

fn blob_path(file_sha256: &str) -> StorePath {
    StorePath::from(format!("blobs/{file_sha256}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edition::{self, source::Source};

    fn built_in() -> EditionFile {
        edition::build(&Source::built_in().draft().expect("whole")).expect("built")
    }

    #[tokio::test]
    async fn what_is_published_is_found_again_in_memory_and_in_a_directory() {
        let folder = tempfile::tempdir().expect("a folder");
        let directory = Shelf::in_directory(folder.path().join("shelf")).expect("a shelf");
        for shelf in [Shelf::in_memory(), directory] {
            assert_eq!(shelf.current_sequence().await.expect("listed"), None);
            let edition = built_in();
            let manifest = shelf.publish(&edition, 0, true).await.expect("published");
            assert_eq!(shelf.manifests().await.expect("read"), [manifest.clone()]);
            let location = shelf.locate(&manifest).await.expect("found");
            edition::verify(&location, &manifest.file_sha256, &manifest.content_hash).expect("whole");
        }
    }

    #[tokio::test]
    async fn of_two_publishers_one_wins_and_the_other_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
        let edition = built_in();
        let (first, second) = tokio::join!(
            shelf.publish(&edition, 0, false),
            shelf.publish(&edition, 0, false)
        );
        assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1);
        let loser = if first.is_err() { first } else { second };
        assert!(
            matches!(loser, Err(ShelfError::PublishConflict { sequence: 1 })),
            "{loser:?}"
        );
        assert!(
            shelf.publish(&edition, 1, false).await.is_ok(),
            "and may try again after looking"
        );
    }

    #[tokio::test]
    async fn a_damaged_manifest_is_named_and_strangers_are_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
        shelf.publish(&built_in(), 0, false).await.expect("published");
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
        let manifest = shelf.publish(&edition, 0, true).await.expect("published");
        let path = folder.path().join("blobs").join(&manifest.file_sha256);
        std::fs::write(&path, b"not an edition").expect("damaged");
        let manifest = shelf.publish(&edition, 1, true).await.expect("published again");
        let location = shelf.locate(&manifest).await.expect("found");
        edition::verify(&location, &manifest.file_sha256, &manifest.content_hash).expect("whole");
    }

    #[tokio::test]
    async fn a_removed_file_is_gone_not_a_fault() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
        let manifest = shelf.publish(&built_in(), 0, false).await.expect("published");
        std::fs::remove_file(folder.path().join("blobs").join(&manifest.file_sha256)).expect("removed");
        assert!(matches!(
            shelf.locate(&manifest).await,
            Err(ShelfError::Gone { .. })
        ));
    }
}
