//! At most so many requests at a time, over all connections; the rest are told at once to come back.
//!
//! A request keeps its place until its answer has been handed to the connection, not only until it is made: a client that does
//! not read would otherwise fill the memory with answers.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::Response;
use http_body::{Body as _, Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::{Status, body::Body};

use super::{sparingly::Sparingly, under_way::Counted};
use crate::rpc::Failure;

/// When to come back: long enough for a burst to pass, short enough not to be felt.
const RETRY_AFTER: Duration = Duration::from_millis(200);

/// The places for requests of one server.
#[derive(Debug, Clone)]
pub(super) struct Places {
    free: Arc<Semaphore>,
    refused: Arc<Sparingly>,
}

/// The place of one request.
#[derive(Debug)]
pub(super) struct Place {
    permit: Option<OwnedSemaphorePermit>,
    _counted: Counted,
}

impl Places {
    pub(super) fn new(places: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            refused: Arc::default(),
        }
    }

    /// A place; or OVERLOADED.
    pub(super) fn take(&self, counted: Counted) -> Result<Place, Failure> {
        match Arc::clone(&self.free).try_acquire_owned() {
            Ok(permit) => Ok(Place {
                permit: Some(permit),
                _counted: counted,
            }),
            Err(_) => {
                if let Some(requests) = self.refused.due() {
                    tracing::warn!(requests, "requests were refused: the server is at its limit");
                }
                Err(Failure::overloaded(RETRY_AFTER))
            }
        }
    }
}

impl Place {
    /// The place given up, for an answer that mostly waits: it is still counted as under way until it is sent.
    pub(super) fn given_up(mut self) -> Self {
        self.permit = None;
        self
    }

    /// The same answer, which keeps the place until it is sent or given up.
    pub(super) fn until_sent(self, answer: Response<Body>) -> Response<Body> {
        answer.map(|body| {
            if body.is_end_stream() {
                body
            } else {
                Body::new(Placed {
                    body,
                    rest: Bytes::new(),
                    _place: self,
                })
            }
        })
    }
}

/// How much of an answer the connection gets at a time. It takes what it is given whole, whatever its window: pieces keep what a
/// client does not read here, with its place.
const PIECE: usize = 16 * 1024;

/// A body that keeps a place.
struct Placed {
    body: Body,
    /// What is left of the frame the body gave last.
    rest: Bytes,
    _place: Place,
}

impl http_body::Body for Placed {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                ended => return Poll::Ready(ended),
            }
        }
        let piece = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default() // what is left of a frame, and what the body still has
    }
}
