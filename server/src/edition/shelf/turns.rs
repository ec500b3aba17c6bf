//! Who may add to a shelf and who may take from it: never both at the same time.
//!
//! A publisher finds the file of its edition already there, and then names it. If that file could be taken away in between, the
//! current edition would be one without a file. So publishers share a lock, which whoever takes files away has alone. It is a
//! lock of the system on the directory itself: it goes with the process that holds it, however that ends.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::{ShelfError, store_error};

/// The turns of one shelf.
#[derive(Debug)]
pub(super) struct Turns {
    directory: Option<PathBuf>,
    in_process: RwLock<()>,
}

/// A turn: what it holds is let go of when it is dropped.
pub(super) struct Turn<Guard> {
    _of_directory: Option<File>,
    _in_process: Guard,
}

impl Turns {
    /// The turns of a directory that other processes use as well.
    pub(super) fn of_directory(directory: PathBuf) -> Self {
        Self {
            directory: Some(directory),
            in_process: RwLock::new(()),
        }
    }

    /// The turns of a shelf that no other process can see.
    pub(super) fn in_process() -> Self {
        Self {
            directory: None,
            in_process: RwLock::new(()),
        }
    }

    /// The directory that turns are about.
    pub(super) fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// A turn to add, shared with others who do. Where the file system knows no locks it is given all the same: there nobody
    /// gets a turn to take away.
    pub(super) async fn to_add(&self) -> Result<Turn<RwLockReadGuard<'_, ()>>, ShelfError> {
        let in_process = self.in_process.read().await;
        let of_directory = match self.locked(File::lock_shared).await {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => None,
            locked => locked.map_err(store_error)?,
        };
        Ok(Turn {
            _of_directory: of_directory,
            _in_process: in_process,
        })
    }

    /// The turn to take away, alone.
    pub(super) async fn to_take_away(&self) -> Result<Turn<RwLockWriteGuard<'_, ()>>, ShelfError> {
        let in_process = self.in_process.write().await;
        Ok(Turn {
            _of_directory: self.locked(File::lock).await.map_err(store_error)?,
            _in_process: in_process,
        })
    }

    /// The directory, locked, once others have let go of it.
    async fn locked(&self, lock: fn(&File) -> io::Result<()>) -> io::Result<Option<File>> {
        let Some(directory) = self.directory.clone() else {
            return Ok(None);
        };
        let locked = tokio::task::spawn_blocking(move || {
            let directory = File::open(directory)?;
            lock(&directory)?;
            Ok(Some(directory))
        });
        locked.await.map_err(io::Error::other)?
    }
}
