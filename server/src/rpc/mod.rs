//! The services: one file each, and every handler the same three steps: parse the request, ask the edition, render the
//! answer. Nothing else in the server makes a `tonic::Status`.

mod administration;
mod borders;
mod catalogue;
mod composites;
mod editions;
mod failure;
mod flows;
mod indicators;
mod lookup;
mod metadata;
mod neighbourhoods;
mod pages;
mod pieces;
mod prepared;
mod rankings;
mod recommendations;
mod render;
mod request;
mod runs;
mod trend;

use std::{sync::Arc, time::Duration};

use groeikern::{Encoded, v1::ErrorReason};
use prost::Message;
use tonic::{Response, Status};

pub use administration::Changes;
pub use editions::ConnectedSince;
pub use failure::Failure;
pub use prepared::Edition;
pub use runs::Runs;

use crate::snapshot::{LoadedEditions, NotLoaded};
use editions::{Comparisons, Watches};

/// What a handler gives back.
type Answer<T> = Result<Response<Encoded<T>>, Status>;

/// The answers of every service over the loaded editions.
#[derive(Debug, Clone)]
pub struct Answers {
    editions: Arc<LoadedEditions<Edition>>,
    runs: Runs,
    comparisons: Arc<Comparisons>,
    watches: Watches,
}

impl Answers {
    /// Answers from these editions.
    #[must_use]
    pub fn new(editions: Arc<LoadedEditions<Edition>>) -> Self {
        Self {
            editions,
            runs: Runs::default(),
            comparisons: Arc::default(),
            watches: Watches::default(),
        }
    }

    /// The same answers, with long runs elsewhere.
    #[must_use]
    pub fn with_runs(self, runs: Runs) -> Self {
        Self { runs, ..self }
    }

    /// The same answers, with at most so many streams that watch for new editions, each for as long as connections last.
    #[must_use]
    pub fn with_watches(self, most: usize, connection_age: Duration) -> Self {
        Self {
            watches: Watches::new(most, connection_age),
            ..self
        }
    }

    /// Ends all streams that watch for new editions, each after the event it is in.
    pub fn end_watches(&self) {
        self.watches.end();
    }

    /// The edition a request pins; the current one when it pins none.
    async fn edition(&self, asked: &str) -> Result<Arc<Edition>, Failure> {
        if asked.is_empty() {
            return Ok(self.editions.current());
        }
        self.editions.get(asked).await.map_err(|error| match error {
            NotLoaded::Unknown { nearest } => Failure::unknown_edition(asked, &nearest),
            NotLoaded::Loading => Failure::edition_loading(asked),
            NotLoaded::Gone => Failure::edition_gone(asked),
            NotLoaded::Damaged { cause } => Failure::edition_corrupt(asked, &cause),
            NotLoaded::OtherSchema { found } => Failure::edition_schema(asked, found),
            NotLoaded::Shelf { cause } => Failure::internal(&cause),
        })
    }
}

/// How long to wait for an edition that is being loaded before asking again.
const LOADING: Duration = Duration::from_millis(100);

impl Answers {
    /// The same for answers that take several editions: waits for one that is being loaded, for as long as its caller does.
    async fn edition_once_loaded(&self, asked: &str) -> Result<Arc<Edition>, Failure> {
        loop {
            match self.edition(asked).await {
                Err(failure) if failure.reason() == ErrorReason::EditionLoading => {
                    tokio::time::sleep(LOADING).await;
                }
                known => return known,
            }
        }
    }
}

/// A message as an answer, ready to send.
fn answer<T: Message>(message: T) -> Answer<T> {
    Ok(Response::new(message.into()))
}
