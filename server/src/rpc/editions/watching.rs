//! WatchEditions: new editions as they come, with the verdicts that they change.
//!
//! A stream keeps no edition in memory: between events it knows the last one by its number only, and compares when the next is
//! there and its reader has room. So who reads slowly is told of the latest edition, and nothing queues up.

mod event;

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use groeikern::{Encoded, v1};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::difference::MOST_NAMED;
use crate::rpc::{Answers, Failure, lookup, request::Violations};
use event::Seen;

/// The messages of one stream.
pub(super) type Events = ReceiverStream<Result<Message, Status>>;

type Message = Encoded<v1::WatchEditionsResponse>;

/// When to come back to a server that has no place for another stream.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// When a connection was made. Its streams end before it does.
#[derive(Debug, Clone, Copy)]
pub struct ConnectedSince(pub Instant);

/// The streams of one server, and their end.
#[derive(Debug, Clone)]
pub(in crate::rpc) struct Watches {
    most: usize,
    places: Arc<Semaphore>,
    connection_age: Duration,
    ended: watch::Sender<bool>,
}

impl Default for Watches {
    fn default() -> Self {
        Self::new(Semaphore::MAX_PERMITS, Duration::MAX)
    }
}

impl Watches {
    pub(in crate::rpc) fn new(most: usize, connection_age: Duration) -> Self {
        Self {
            most,
            places: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            connection_age,
            ended: watch::Sender::new(false),
        }
    }

    pub(in crate::rpc) fn end(&self) {
        self.ended.send_replace(true);
    }

    fn place(&self) -> Result<OwnedSemaphorePermit, Failure> {
        Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Failure::too_many_watches(self.most, RETRY_AFTER))
    }
}

/// What a request watches.
struct Watched {
    regions: HashSet<String>,
    indicators: HashSet<String>,
    /// Events until the end; `None` for no end.
    most_events: Option<u32>,
}

/// Begins a stream.
pub(super) async fn begin(
    answers: &Answers,
    request: v1::WatchEditionsRequest,
    since: Option<ConnectedSince>,
) -> Result<Events, Failure> {
    let mut violations = Violations::new();
    violations.region_codes("region_codes", &request.region_codes, 0, MOST_NAMED);
    violations.ids(
        "indicator_ids",
        &request.indicator_ids,
        0,
        MOST_NAMED,
        "low_theft",
    );
    let most_events = u32::try_from(request.most_events);
    if most_events.is_err() {
        let given = request.most_events;
        violations.add(
            "most_events",
            format!("{given} is negative; leave it 0 for no end"),
        );
    }
    let after = request.after_sequence;
    if after > highest(answers) {
        // Another server over the shelf may have told of what this one has not seen yet.
        if let Err(error) = answers.editions.refresh().await {
            tracing::warn!(%error, "the shelf could not be looked at for a watcher");
        }
        let highest = highest(answers);
        if after > highest {
            violations.add(
                "after_sequence",
                format!("{after} was never published: the highest is {highest}; leave it 0 to begin with what is current"),
            );
        }
    }
    violations.finish()?;
    let current = answers.editions.current();
    for id in &request.indicator_ids {
        lookup::indicator(&current, id)?;
    }
    for code in &request.region_codes {
        lookup::region(&current, code)?;
    }
    let place = answers.watches.place()?;
    // One message waits for its reader; the next is made when that has gone.
    let (sender, receiver) = mpsc::channel(1);
    let stream = Stream {
        swaps: answers.editions.swaps(),
        ended: answers.watches.ended.subscribe(),
        lasts: since.and_then(|since| since.0.checked_add(answers.watches.connection_age)),
        answers: answers.clone(),
        watched: Watched {
            regions: request.region_codes.into_iter().collect(),
            indicators: request.indicator_ids.into_iter().collect(),
            most_events: most_events.ok().filter(|most| *most > 0),
        },
        sender: sender.clone(),
    };
    let seen = Seen::after(after);
    tokio::spawn(async move {
        tokio::select! {
            // Its reader has gone.
            () = sender.closed() => {}
            () = stream.run(seen) => {}
        }
        drop(place);
    });
    Ok(ReceiverStream::new(receiver))
}

/// The highest number of a publication that this server knows.
fn highest(answers: &Answers) -> u64 {
    let publications = answers.editions.publications();
    let last = publications.last().map_or(0, |manifest| manifest.sequence);
    last.max(answers.editions.current().manifest.sequence)
}

/// One stream.
struct Stream {
    answers: Answers,
    watched: Watched,
    swaps: watch::Receiver<u64>,
    ended: watch::Receiver<bool>,
    /// Until when.
    lasts: Option<Instant>,
    sender: mpsc::Sender<Result<Message, Status>>,
}

impl Stream {
    /// Sends events until the reader, the server or the connection has had enough.
    async fn run(mut self, mut seen: Option<Seen>) {
        let mut is_first = true;
        let mut events = 0;
        loop {
            // Before the edition is looked at: whatever comes after is another event.
            self.swaps.mark_unchanged();
            let current = self.answers.editions.current();
            match event::messages(&self.answers, &self.watched, seen.as_ref(), &current, is_first).await {
                Ok(messages) => {
                    for message in messages {
                        if self.sender.send(Ok(message.into())).await.is_err() {
                            return;
                        }
                    }
                }
                Err(failure) => {
                    let _ = self.sender.send(Err(failure.into())).await;
                    return;
                }
            }
            seen = Some(Seen::edition(&current));
            drop(current);
            is_first = false;
            events += 1;
            if self.watched.most_events == Some(events) || !self.next().await {
                return;
            }
        }
    }

    /// Whether there is another event to come, once it is there.
    async fn next(&mut self) -> bool {
        let over = async {
            match self.lasts {
                Some(until) => tokio::time::sleep_until(until.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            _ = self.ended.wait_for(|ended| *ended) => false,
            () = over => false,
            changed = self.swaps.changed() => changed.is_ok(),
        }
    }
}
