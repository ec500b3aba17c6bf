//! New editions as they come, over as many streams as it takes.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use groeikern::v1::{
    EditionComparison, WatchEditionsRequest, WatchEditionsResponse,
    edition_service_client::EditionServiceClient,
};
use tokio::time::sleep;
use tokio_stream::Stream;
use tonic::{Request, Streaming};

use crate::{
    error::Error,
    retry::{self, Shared},
};

/// The wait before a stream that ended is begun again; doubles while that fails.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest of those waits.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

type Messages = Streaming<WatchEditionsResponse>;
type Beginning = Pin<Box<dyn Future<Output = Result<Messages, Error>> + Send>>;

/// Whole events. A stream that ends, or breaks off for a passing reason, is begun again after the last event that was whole.
pub(crate) struct Watching {
    shared: Arc<Shared>,
    request: WatchEditionsRequest,
    state: State,
    /// What has come of the present event, when more of it follows.
    part: Option<WatchEditionsResponse>,
    /// Events still to come; `None` for no end.
    left: Option<u32>,
    /// The stream was begun again: its first event may be the one seen last.
    resumed: bool,
    wait: Duration,
}

enum State {
    Beginning(Beginning),
    Reading(Box<Messages>),
    Ended,
}

impl Watching {
    /// Begins the first stream. One that cannot be begun is an error at once.
    pub(crate) async fn begin(shared: Arc<Shared>, request: WatchEditionsRequest) -> Result<Self, Error> {
        let left = u32::try_from(request.most_events).ok().filter(|left| *left > 0);
        // The server refuses what is wrong with the number.
        let request = WatchEditionsRequest {
            most_events: request.most_events.min(0),
            ..request
        };
        let messages = begin(&shared, &request).await?;
        Ok(Self {
            shared,
            request,
            state: State::Reading(Box::new(messages)),
            part: None,
            left,
            resumed: false,
            wait: FIRST_WAIT,
        })
    }

    /// Begins another stream after a wait.
    fn resume(&mut self) {
        let (shared, request, wait) = (Arc::clone(&self.shared), self.request.clone(), self.wait);
        self.part = None;
        self.resumed = true;
        self.wait = (wait * 2).min(LONGEST_WAIT);
        self.state = State::Beginning(Box::pin(async move {
            sleep(wait).await;
            begin(&shared, &request).await
        }));
    }

    /// The event that is whole with this message, if it is news.
    fn whole(&mut self, message: WatchEditionsResponse) -> Option<WatchEditionsResponse> {
        let event = match self.part.take() {
            None => message,
            Some(mut part) => {
                part.changes.extend(message.changes);
                WatchEditionsResponse {
                    changes: part.changes,
                    metadata: part.metadata,
                    ..message
                }
            }
        };
        if event.continued {
            self.part = Some(event);
            return None;
        }
        let sequence = event.edition.as_ref().map_or(0, |edition| edition.sequence);
        let is_known = std::mem::take(&mut self.resumed)
            && event.comparison() == EditionComparison::Same
            && sequence == self.request.after_sequence;
        self.request.after_sequence = sequence;
        self.wait = FIRST_WAIT;
        (!is_known).then_some(event)
    }
}

async fn begin(shared: &Arc<Shared>, request: &WatchEditionsRequest) -> Result<Messages, Error> {
    retry::call(shared, |channel, time_left| {
        let mut request = Request::new(request.clone());
        // The time until the stream begins; what follows has no end of its own.
        request.set_timeout(time_left);
        async move { EditionServiceClient::new(channel).watch_editions(request).await }
    })
    .await
}

/// Whether the next try may fare better.
fn may_pass(error: &Error) -> bool {
    matches!(error, Error::DeadlineExceeded { .. }) || retry::retry_delay(error).is_some()
}

impl Stream for Watching {
    type Item = Result<WatchEditionsResponse, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            let failed = match &mut this.state {
                State::Ended => return Poll::Ready(None),
                State::Beginning(beginning) => match ready!(beginning.as_mut().poll(context)) {
                    Ok(messages) => {
                        this.state = State::Reading(Box::new(messages));
                        continue;
                    }
                    Err(error) => Some(error),
                },
                State::Reading(messages) => match ready!(Pin::new(messages.as_mut()).poll_next(context)) {
                    Some(Ok(message)) => {
                        let Some(event) = this.whole(message) else {
                            continue;
                        };
                        if let Some(left) = &mut this.left {
                            *left -= 1;
                            if *left == 0 {
                                this.state = State::Ended;
                            }
                        }
                        return Poll::Ready(Some(Ok(event)));
                    }
                    Some(Err(status)) => Some(this.shared.broken_off(&status)),
                    None => None,
                },
            };
            match failed {
                Some(error) if !may_pass(&error) => {
                    this.state = State::Ended;
                    return Poll::Ready(Some(Err(error)));
                }
                failed => {
                    tracing::debug!(?failed, wait = ?this.wait, "a stream of editions is begun again");
                    this.resume();
                }
            }
        }
    }
}
