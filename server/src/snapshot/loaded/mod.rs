//! Which editions are in memory: the current one, the previous one for a while, and a few that requests pinned.
//!
//! A request keeps the snapshot it started with; the swap to a new current edition is one atomic store. Opening and ranking
//! an edition happens on a blocking thread, so that requests never wait for one that did not ask for it.

#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    io,
    num::NonZeroUsize,
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use lru::LruCache;
use tokio::sync::watch;

use super::Snapshot;
use crate::edition::{
    EditionError,
    shelf::{Manifest, Shelf, ShelfError, nearest_to},
};

/// How long the previous edition stays after a swap: longer than any walk through pages should take.
const PREVIOUS_STAYS: Duration = Duration::from_secs(600);
/// How many pinned editions stay.
const PINNED: NonZeroUsize = NonZeroUsize::new(4).unwrap();
/// How many editions are loaded at the same time: each may take seconds and much memory.
const LOADING: usize = 2;
/// How long a request waits for a pinned edition before it is told to come back.
const PATIENCE: Duration = Duration::from_millis(250);

/// What is kept of an edition in memory: its snapshot, and what is made of that once when it is opened.
pub trait Prepared: From<Snapshot> + Deref<Target = Snapshot> + Send + Sync + 'static {}

impl<P> Prepared for P where P: From<Snapshot> + Deref<Target = Snapshot> + Send + Sync + 'static {}

/// The editions that requests can ask.
#[derive(Debug)]
pub struct LoadedEditions<P> {
    shelf: Shelf,
    current: ArcSwap<P>,
    /// Every publication that can be read, oldest first.
    publications: ArcSwap<Vec<Manifest>>,
    others: Mutex<Others<P>>,
    /// Counts the swaps, for those who wait for the next.
    swaps: watch::Sender<u64>,
    /// Held while the shelf is looked at and its current edition loaded.
    refreshing: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Others<P> {
    previous: Option<(Arc<P>, Instant)>,
    pinned: LruCache<String, Arc<P>>,
    /// Ids that are being loaded now.
    loading: HashSet<String>,
}

/// Why a pinned edition cannot answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotLoaded {
    /// The shelf has no such edition; the nearest names.
    Unknown {
        /// Names near to what was asked.
        nearest: Vec<String>,
    },
    /// It is being loaded, or has to wait for others that are.
    Loading,
    /// Its file is no longer on the shelf.
    Gone,
    /// Its file is damaged.
    Damaged {
        /// What is wrong.
        cause: String,
    },
    /// Its file was made by another version of the schema or of the method.
    OtherSchema {
        /// Which, such as `schema version 2`.
        found: String,
    },
    /// The shelf cannot be read.
    Shelf {
        /// Why.
        cause: String,
    },
}

/// Why an edition could not be brought into memory.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The shelf has no publication at all.
    #[error("the shelf is empty: publish an edition first")]
    EmptyShelf,
    /// The shelf cannot be read.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// The edition cannot be read.
    #[error("edition {id}: {cause}")]
    Edition {
        /// Its id.
        id: String,
        /// What is wrong.
        cause: EditionError,
    },
    /// The thread that loaded it died.
    #[error("loading was interrupted")]
    Interrupted,
}

impl<P: Prepared> LoadedEditions<P> {
    /// Loads the current edition of a shelf.
    ///
    /// # Errors
    /// [`LoadError`].
    pub async fn open(shelf: Shelf) -> Result<Self, LoadError> {
        let sequence = shelf.current_sequence().await?.ok_or(LoadError::EmptyShelf)?;
        let manifest = shelf.manifest(sequence).await?;
        let current = load(&shelf, manifest).await?;
        let publications = shelf.manifests().await?;
        let others = Others {
            previous: None,
            pinned: LruCache::new(PINNED),
            loading: HashSet::new(),
        };
        Ok(Self {
            shelf,
            current: ArcSwap::from_pointee(current),
            publications: ArcSwap::from_pointee(publications),
            others: Mutex::new(others),
            swaps: watch::Sender::default(),
            refreshing: tokio::sync::Mutex::default(),
        })
    }

    /// The edition that answers requests which pin none.
    #[must_use]
    pub fn current(&self) -> Arc<P> {
        self.current.load_full()
    }

    /// Changes whenever another publication becomes current.
    #[must_use]
    pub fn swaps(&self) -> watch::Receiver<u64> {
        self.swaps.subscribe()
    }

    /// Every publication that can be read, oldest first.
    #[must_use]
    pub fn publications(&self) -> Arc<Vec<Manifest>> {
        self.publications.load_full()
    }

    /// The edition with this id or name; of several with one name, the one published last.
    ///
    /// # Errors
    /// [`NotLoaded`].
    pub async fn get(self: &Arc<Self>, asked: &str) -> Result<Arc<P>, NotLoaded> {
        let current = self.current();
        if current.manifest.is_called(asked) {
            return Ok(current);
        }
        let publications = self.publications();
        let Some(manifest) = publications
            .iter()
            .rev()
            .find(|manifest| manifest.is_called(asked))
        else {
            return Err(NotLoaded::Unknown {
                nearest: nearest_to(&publications, asked),
            });
        };
        match self.loaded(manifest.id()) {
            Some(found) => Ok(found),
            None => self.load_pinned(manifest.clone()).await,
        }
    }

    /// Looks at the shelf and swaps in what is current there. Returns the new edition if there is one.
    ///
    /// # Errors
    /// [`LoadError`]; what was served stays served.
    pub async fn refresh(&self) -> Result<Option<Arc<P>>, LoadError> {
        // Who follows the shelf and who just published would each load, and the slower of the two could bring back the older.
        let _turn = self.refreshing.lock().await;
        self.forget_previous();
        let sequences = self.shelf.all_sequences().await?;
        let Some(&sequence) = sequences.last() else {
            return Ok(None);
        };
        let before = self.current();
        // The whole manifest, not only its number: a publication that an operator removed and made again has the same one.
        let manifest = self.shelf.manifest(sequence).await?;
        if manifest == before.manifest {
            self.forget_removed(&sequences);
            return Ok(None);
        }
        // Also when the current one cannot be loaded: those published before it can be pinned.
        self.publications.store(Arc::new(self.shelf.manifests().await?));
        let current: Arc<P> = Arc::new(load(&self.shelf, manifest).await?);
        if before.id() != current.id() {
            // First, so that whoever pinned it finds it at any moment.
            self.others().previous = Some((before, Instant::now()));
        }
        self.current.store(Arc::clone(&current));
        self.swaps.send_modify(|swaps| *swaps += 1);
        Ok(Some(current))
    }

    /// Publications that an operator took away are no longer named. What is in memory of them stays as long as it would.
    fn forget_removed(&self, sequences: &[u64]) {
        let known = self.publications();
        let is_there = |manifest: &&Manifest| sequences.binary_search(&manifest.sequence).is_ok();
        if !known.iter().all(|manifest| is_there(&manifest)) {
            let left = known.iter().filter(is_there).cloned();
            self.publications.store(Arc::new(left.collect()));
        }
    }

    fn others(&self) -> MutexGuard<'_, Others<P>> {
        // The lock is only held for look-ups and stores: a panic cannot leave half of one behind.
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn loaded(&self, id: &str) -> Option<Arc<P>> {
        let mut others = self.others();
        if let Some((previous, _)) = &others.previous
            && previous.id() == id
        {
            return Some(Arc::clone(previous));
        }
        others.pinned.get(id).cloned()
    }

    fn forget_previous(&self) {
        let mut others = self.others();
        if others
            .previous
            .as_ref()
            .is_some_and(|(_, since)| since.elapsed() > PREVIOUS_STAYS)
        {
            others.previous = None;
        }
    }

    /// Loads an edition beside the current one. The work goes on when the request that started it has gone.
    async fn load_pinned(self: &Arc<Self>, manifest: Manifest) -> Result<Arc<P>, NotLoaded> {
        let id = manifest.id().to_owned();
        {
            let mut others = self.others();
            if others.loading.len() >= LOADING || !others.loading.insert(id.clone()) {
                return Err(NotLoaded::Loading);
            }
        }
        let this = Arc::clone(self);
        let work = tokio::spawn(async move {
            let loaded = load(&this.shelf, manifest).await.map(Arc::new);
            let mut others = this.others();
            others.loading.remove(&id);
            if let Ok(edition) = &loaded {
                others.pinned.put(id, Arc::clone(edition));
            }
            loaded
        });
        match tokio::time::timeout(PATIENCE, work).await {
            Err(_) => Err(NotLoaded::Loading),
            Ok(Err(_)) => Err(NotLoaded::Shelf {
                cause: LoadError::Interrupted.to_string(),
            }),
            Ok(Ok(loaded)) => loaded.map_err(NotLoaded::from),
        }
    }
}

impl From<LoadError> for NotLoaded {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Shelf(ShelfError::Gone { .. }) => Self::Gone,
            LoadError::Edition { cause, .. } => match cause {
                EditionError::Schema { found } => Self::OtherSchema {
                    found: format!("schema version {found}"),
                },
                EditionError::Method { found } => Self::OtherSchema {
                    found: format!("method version {found}"),
                },
                // Removed after it was located.
                EditionError::Io(cause) if cause.kind() == io::ErrorKind::NotFound => Self::Gone,
                // A disk or a mount that does not answer says nothing of the file.
                EditionError::Io(cause) => Self::Shelf {
                    cause: cause.to_string(),
                },
                EditionError::Sqlite(cause)
                    if cause.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen) =>
                {
                    Self::Shelf {
                        cause: cause.to_string(),
                    }
                }
                cause @ (EditionError::Corrupt(_) | EditionError::Sqlite(_)) => Self::Damaged {
                    cause: cause.to_string(),
                },
            },
            other => Self::Shelf {
                cause: other.to_string(),
            },
        }
    }
}

async fn load<P: Prepared>(shelf: &Shelf, manifest: Manifest) -> Result<P, LoadError> {
    let location = shelf.locate(&manifest).await?;
    let id = manifest.id().to_owned();
    tokio::task::spawn_blocking(move || Snapshot::open(manifest, &location).map(P::from))
        .await
        .map_err(|_| LoadError::Interrupted)?
        .map_err(|cause| LoadError::Edition { id, cause })
}
