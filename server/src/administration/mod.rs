//! Changes of what is served, as they are asked for over the wire: imports that wait, publications, and the way back.
//!
//! Nothing here knows gRPC. In the order to read it: an [`Upload`] keeps the bytes of files while they come in, an import reads
//! them by a recipe and is acknowledged once it is on the shelf (`importing`), and a publication makes the next edition of what
//! waits (`publishing`). What came of a request is a record on the shelf (`records`), so that the same request again gets the
//! same answer, from this server or another.

mod importing;
mod publishing;
mod records;
mod upload;

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::{JoinError, spawn_blocking},
};

use crate::{
    domain::RequestId,
    edition::{
        EditionError,
        shelf::{RollbackError, Shelf, ShelfError},
    },
    import::{ImportError, NextEditionError},
};
use records::Records;

pub use importing::ImportRequest;
pub use publishing::{PublishRequest, Published, RollbackRequest};
pub use records::{ImportRecord, ImportState, Outcomes, PublicationRecord, ReportRecord, StoredFile};
pub use upload::{AnnouncedFile, Upload, UploadProblem};

/// The bytes that all files of an import may be together, unless an option says otherwise.
pub const MOST_UPLOADED: u64 = 256 << 20;

/// Why a change was not made. The shelf is as it was.
#[derive(Debug, thiserror::Error)]
pub enum AdministrationError {
    /// What is written would be gone with this process.
    #[error(
        "editions are kept in the memory of this server: start it with a data directory it can write, by --data-dir"
    )]
    InMemory,
    /// Nothing can be written.
    #[error("this server can only read its data directory: start it as a user who may write there")]
    ReadOnly,
    /// The upload is not what its header says.
    #[error("the upload is not what its header says")]
    Upload(Vec<UploadProblem>),
    /// The recipe or the tables cannot be read.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The request id belongs to another request.
    #[error("request id {0} belongs to another request: choose a new one")]
    Reused(RequestId),
    /// There is no import of this id.
    #[error("no import has the request id {0}: ListImports lists those there are")]
    UnknownImport(RequestId),
    /// The tables of an import were removed from the shelf.
    #[error(
        "the tables of import {0} are no longer on the shelf: import them again under another request id"
    )]
    TablesGone(RequestId),
    /// Somebody else published first.
    #[error(
        "edition number {current} is current: look at it, then ask again, with expected_sequence {current} or without; the same \
         request id will do"
    )]
    Conflict {
        /// The number that is current.
        current: u64,
    },
    /// The next edition cannot be made.
    #[error(transparent)]
    Next(NextEditionError),
    /// The next edition cannot be loaded.
    #[error(transparent)]
    Edition(#[from] EditionError),
    /// The shelf does not go back.
    #[error(transparent)]
    Rollback(RollbackError),
    /// A record on the shelf cannot be read.
    #[error("{path} on the shelf is damaged: {cause}; restore it from a backup")]
    Record {
        /// Which file.
        path: String,
        /// What is wrong with it.
        cause: String,
    },
    /// The shelf cannot be read or written.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// A file cannot be written or read.
    #[error("a file of an upload cannot be used: {0}")]
    Io(#[from] io::Error),
    /// The thread that did the work died.
    #[error("the work was broken off: {0}")]
    BrokenOff(#[from] JoinError),
}

impl From<NextEditionError> for AdministrationError {
    fn from(error: NextEditionError) -> Self {
        match error {
            NextEditionError::Import(error) => Self::Import(error),
            NextEditionError::Shelf(error) => Self::Shelf(error),
            error => Self::Next(error),
        }
    }
}

/// Makes changes on a shelf, one at a time.
#[derive(Debug, Clone)]
pub struct Administrator {
    shelf: Shelf,
    records: Records,
    /// Where bytes are kept while they come in.
    folder: PathBuf,
    most_uploaded: u64,
    /// Reading tables and building editions takes minutes and much memory.
    places: Arc<Semaphore>,
}

impl Administrator {
    /// Over a shelf, with what comes in on the disk of `folder`, and at most so many bytes of it per import.
    #[must_use]
    pub fn new(shelf: Shelf, folder: PathBuf, most_uploaded: u64) -> Self {
        Self {
            records: Records::of(shelf.clone()),
            shelf,
            folder,
            most_uploaded,
            places: Arc::new(Semaphore::new(1)),
        }
    }

    /// Writes what a server that was killed had no time to write. Done at start; a failure is no reason not to serve.
    ///
    /// # Errors
    /// [`AdministrationError`].
    pub async fn catch_up(&self) -> Result<(), AdministrationError> {
        if self.shelf.is_writable() {
            self.records.catch_up().await?;
        }
        Ok(())
    }

    /// One import, with what became of it.
    ///
    /// # Errors
    /// [`AdministrationError::UnknownImport`].
    pub async fn import_of(
        &self,
        id: &RequestId,
    ) -> Result<(ImportRecord, ImportState), AdministrationError> {
        let record = self.known(id).await?;
        let state = self.records.outcomes().await?.of(&record.id);
        Ok((record, state))
    }

    /// All imports with what became of them, in the order in which they were kept.
    ///
    /// # Errors
    /// [`AdministrationError`].
    pub async fn imports(&self) -> Result<Vec<(ImportRecord, ImportState)>, AdministrationError> {
        // First the imports: one that is published in between is not said to wait.
        let records = self.records.imports().await?;
        let outcomes = self.records.outcomes().await?;
        let with_state = |record: ImportRecord| {
            let state = outcomes.of(&record.id);
            (record, state)
        };
        Ok(records.into_iter().map(with_state).collect())
    }

    /// Changes can be made, and stay.
    fn require_lasting(&self) -> Result<(), AdministrationError> {
        match (self.shelf.lasts(), self.shelf.is_writable()) {
            (false, _) => Err(AdministrationError::InMemory),
            (true, false) => Err(AdministrationError::ReadOnly),
            (true, true) => Ok(()),
        }
    }

    /// The place of the one change that is being made, as soon as it is free.
    async fn place(&self) -> Result<Place, AdministrationError> {
        let permit = Arc::clone(&self.places).acquire_owned().await;
        let permit = permit.map_err(|_| io::Error::other("no more changes are made"))?;
        Ok(Place {
            permit: Arc::new(permit),
            stopped: Stopped::default(),
        })
    }
}

/// The place of one change. It is free once this is dropped and the work that was begun in it has ended.
#[derive(Debug)]
struct Place {
    permit: Arc<OwnedSemaphorePermit>,
    stopped: Stopped,
}

impl Place {
    /// Does work that takes long, off the threads that serve.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Stopped) -> Result<T, AdministrationError> + Send + 'static,
    ) -> Result<T, AdministrationError> {
        let (permit, stopped) = (Arc::clone(&self.permit), self.stopped.clone());
        let done = spawn_blocking(move || {
            let done = work(&stopped);
            drop(permit);
            done
        });
        done.await?
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.stopped.0.store(true, Ordering::Relaxed);
    }
}

/// Whether nobody waits any more for what is being made.
#[derive(Debug, Clone, Default)]
struct Stopped(Arc<AtomicBool>);

/// A reader that ends when nobody waits for it any more: a few bytes can unpack to gigabytes.
struct WhileWanted<R> {
    inner: R,
    stopped: Stopped,
}

impl<R: io::Read> io::Read for WhileWanted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stopped.0.load(Ordering::Relaxed) {
            return Err(io::Error::other("nobody waits for it any more"));
        }
        self.inner.read(buffer)
    }
}
