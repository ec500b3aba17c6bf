//! At most so many requests at a time, over all connections; the rest are told at once to come back.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::rpc::Failure;

/// When to come back: long enough for a burst to pass, short enough not to be felt.
const RETRY_AFTER: Duration = Duration::from_millis(200);

/// The places for requests of one server.
#[derive(Debug, Clone)]
pub(super) struct Places(Arc<Semaphore>);

impl Places {
    pub(super) fn new(places: usize) -> Self {
        Self(Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))))
    }

    /// A place, held until it is dropped; or OVERLOADED.
    pub(super) fn take(&self) -> Result<OwnedSemaphorePermit, Failure> {
        Arc::clone(&self.0)
            .try_acquire_owned()
            .map_err(|_| Failure::overloaded(RETRY_AFTER))
    }
}
