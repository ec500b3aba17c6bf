//! The shelf: where published editions live, in a directory or an object store alike.
//!
//! `blobs/{file_sha256}` are edition files, `manifests/{sequence}.json` say which was published when. Both are written
//! create-only: a sequence number is won by exactly one publisher, and the edition of the highest one is current. A
//! publication is the manifest: an edition file without one is waste, never an answer.

#[cfg(test)]
pub(crate) mod fixtures;
mod manifest;
mod records;
mod retention;
mod rollback;
mod turns;

#[cfg(test)]
mod tests;

use std::{io, path::PathBuf, sync::Arc};

use bytes::Bytes;
use object_store::{
    ObjectStore, ObjectStoreExt, PutMode, local::LocalFileSystem, memory::InMemory, path::Path as StorePath,
};
use tokio_stream::StreamExt;
use uuid::Uuid;

pub(crate) use manifest::nearest_to;
pub use manifest::{MANIFEST_FORMAT, Manifest, RequestMark};
pub use records::RecordKind;
pub use retention::{RemovedFile, Retained, Retention, RetentionError};
pub use rollback::RollbackError;

use turns::Turns;

use super::{EditionFile, Location};

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
    /// A manifest was written by a newer server, in a form this one does not know.
    #[error(
        "{path} on the shelf has format {found}, this server reads up to {MANIFEST_FORMAT}: upgrade this server"
    )]
    NewerManifest {
        /// Its path on the shelf.
        path: String,
        /// Its format.
        found: u32,
    },
    /// There is no sequence number after this one.
    #[error(
        "the shelf has no number left after {after}: if {path} is a stray file, remove it",
        path = manifest_path(*after)
    )]
    NoNumberLeft {
        /// The number to publish after.
        after: u64,
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
    /// Who may add to the shelf, and who may take from it.
    turns: Arc<Turns>,
    /// Proven when it was opened.
    is_writable: bool,
}

impl Shelf {
    /// The shelf in a directory, made when absent and proven to be writable.
    ///
    /// # Errors
    /// [`ShelfError::Directory`] when it cannot be made, read or written.
    pub fn in_directory(path: PathBuf) -> Result<Self, ShelfError> {
        let prepare = || {
            std::fs::create_dir_all(&path)?;
            // A name of its own: other servers, in other containers under the same process id, prove theirs just now.
            let probe = path.join(format!(".writable-{}", Uuid::new_v4().simple()));
            std::fs::write(&probe, b"")?;
            match std::fs::remove_file(&probe) {
                // Somebody tidied up before us: it was written, which is what we asked.
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                removed => removed,
            }
        };
        prepare().map_err(|cause| ShelfError::Directory {
            path: path.clone(),
            cause,
        })?;
        Ok(Self {
            is_writable: true,
            ..Self::in_existing_directory(path)?
        })
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
            turns: Arc::new(Turns::of_directory(path)),
            is_writable: false,
        })
    }

    /// A shelf that goes with the process.
    #[must_use]
    pub fn in_memory() -> Self {
        Self {
            store: Arc::new(InMemory::new()),
            directory: None,
            turns: Arc::new(Turns::in_process()),
            is_writable: true,
        }
    }

    /// Whether what is written here stays when the process ends.
    #[must_use]
    pub fn lasts(&self) -> bool {
        self.directory.is_some()
    }

    /// Whether it can be written, as far as was seen when it was opened.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.is_writable
    }

    /// Every publication, oldest first. Files with other names are left alone; a damaged manifest, or one of a newer server,
    /// is logged and left out, so that an old accident does not keep the rest from being found.
    ///
    /// # Errors
    /// [`ShelfError::Store`].
    pub async fn manifests(&self) -> Result<Vec<Manifest>, ShelfError> {
        let sequences = self.all_sequences().await?;
        let mut found = Vec::with_capacity(sequences.len());
        for sequence in sequences {
            match self.manifest(sequence).await {
                Ok(manifest) => found.push(manifest),
                Err(error @ (ShelfError::DamagedManifest { .. } | ShelfError::NewerManifest { .. })) => {
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

    /// The sequence numbers of all publications, oldest first, readable or not.
    ///
    /// # Errors
    /// [`ShelfError::Store`].
    pub async fn all_sequences(&self) -> Result<Vec<u64>, ShelfError> {
        let mut found = self.sequences().await?;
        found.sort_unstable();
        Ok(found)
    }

    /// One publication.
    ///
    /// # Errors
    /// [`ShelfError::DamagedManifest`] when it is not what was written, [`ShelfError::NewerManifest`] when a newer server
    /// wrote it.
    pub async fn manifest(&self, sequence: u64) -> Result<Manifest, ShelfError> {
        let path = manifest_path(sequence);
        let bytes = self.store.get(&path).await?.bytes().await?;
        Manifest::parse(&bytes, sequence, path.as_ref())
    }

    /// When a publication was made by the clock of the store, ISO 8601 in UTC.
    ///
    /// # Errors
    /// [`ShelfError::Store`].
    pub async fn published_at(&self, sequence: u64) -> Result<String, ShelfError> {
        let written = self.store.head(&manifest_path(sequence)).await?.last_modified;
        Ok(written.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// Publishes an edition under the number after `after` (the highest the publisher knows of; 0 for none).
    ///
    /// # Errors
    /// [`ShelfError::PublishConflict`] when another publisher took that number, [`ShelfError::NoNumberLeft`] when there is
    /// none.
    pub async fn publish(
        &self,
        edition: &EditionFile,
        after: u64,
        built_in_revision: Option<u32>,
    ) -> Result<Manifest, ShelfError> {
        self.publish_with(edition, after, built_in_revision, None).await
    }

    /// The same for a request that has an id, which the publication keeps.
    ///
    /// # Errors
    /// As for [`publish`](Self::publish).
    pub async fn publish_for(
        &self,
        edition: &EditionFile,
        after: u64,
        request: RequestMark,
    ) -> Result<Manifest, ShelfError> {
        self.publish_with(edition, after, None, Some(request)).await
    }

    async fn publish_with(
        &self,
        edition: &EditionFile,
        after: u64,
        built_in_revision: Option<u32>,
        request: Option<RequestMark>,
    ) -> Result<Manifest, ShelfError> {
        let sequence = next_sequence(after)?;
        let _turn = self.turns.to_add().await?;
        let blob = blob_path(&edition.file_sha256);
        let bytes = edition.bytes.clone();
        // The name is the content: a file that is already there is this one, unless it was damaged since.
        if !self.create(&blob, bytes.clone()).await? && self.store.get(&blob).await?.bytes().await? != bytes {
            self.store.put(&blob, bytes.into()).await?;
        }
        let manifest = Manifest {
            request: request.map(Box::new),
            ..Manifest::of(edition, sequence, built_in_revision)
        };
        self.write(manifest).await
    }

    /// Makes a publication known, if its number is still free.
    async fn write(&self, manifest: Manifest) -> Result<Manifest, ShelfError> {
        let mut json = serde_json::to_vec_pretty(&manifest)
            .map_err(io::Error::from)
            .map_err(store_error)?;
        json.push(b'\n');
        match self
            .create(&manifest_path(manifest.sequence), json.into())
            .await?
        {
            true => Ok(manifest),
            false => Err(ShelfError::PublishConflict {
                sequence: manifest.sequence,
            }),
        }
    }

    /// Writes a file, unless there is one of this name. Says whether it was written: once it is, it survives the end of the machine.
    async fn create(&self, path: &StorePath, bytes: Bytes) -> Result<bool, ShelfError> {
        match self
            .store
            .put_opts(path, bytes.into(), PutMode::Create.into())
            .await
        {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Where the bytes of a file are; nothing when there is none.
    async fn location_of(&self, path: &StorePath) -> Result<Option<Location>, ShelfError> {
        let found = match &self.directory {
            Some(directory) => match self.store.head(path).await {
                Ok(_) => Ok(Location::File(directory.path_to_filesystem(path)?)),
                Err(error) => Err(error),
            },
            None => match self.store.get(path).await {
                Ok(found) => found.bytes().await.map(Location::Memory),
                Err(error) => Err(error),
            },
        };
        match found {
            Ok(location) => Ok(Some(location)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Where the bytes of a published edition are.
    ///
    /// # Errors
    /// [`ShelfError::Gone`] when its file was removed.
    pub async fn locate(&self, manifest: &Manifest) -> Result<Location, ShelfError> {
        let found = self.location_of(&blob_path(&manifest.file_sha256)).await?;
        found.ok_or_else(|| ShelfError::Gone {
            id: manifest.id().to_owned(),
        })
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
            // Only names as we write them: `1.json` beside `0000000001.json` must not be the same publication, and a number
            // of more digits than ours is a stranger.
            if let Some(sequence) = number.and_then(|digits| digits.parse().ok())
                && sequence <= HIGHEST_SEQUENCE
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

/// The number that follows this one.
fn next_sequence(after: u64) -> Result<u64, ShelfError> {
    after
        .checked_add(1)
        .filter(|next| *next <= HIGHEST_SEQUENCE)
        .ok_or(ShelfError::NoNumberLeft { after })
}

/// The highest number that [`manifest_path`] writes in ten digits.
const HIGHEST_SEQUENCE: u64 = 9_999_999_999;

/// Numbers are padded so that a listing is in order.
fn manifest_path(sequence: u64) -> StorePath {
    StorePath::from(format!("manifests/{sequence:010}.json"))
}

fn blob_path(file_sha256: &str) -> StorePath {
    StorePath::from(format!("blobs/{file_sha256}"))
}
