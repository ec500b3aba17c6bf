//! A request before it has arrived whole: it gets no place and no work until its message is there.
//!
//! Otherwise a few clients that send the beginning of a request and then nothing could take every place there is. What is
//! held of such beginnings is bounded: a little of each, and of large ones so many.

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use http::Request;
use http_body::Body as _;
use http_body_util::{BodyExt, Full};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::body::Body;

use super::deadline::in_time;
use crate::rpc::Failure;

/// A request up to this size may arrive at any time; nearly all are smaller.
const SMALL: usize = 4 * 1024;
/// The largest request: room for the largest batch many times over.
pub(super) const LARGEST: usize = 1024 * 1024;
/// How many larger than small may be arriving at the same time.
const LARGE_AT_ONCE: usize = 64;
/// When a large one may come back.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// The room for requests that are arriving.
#[derive(Debug, Clone)]
pub(super) struct Arrivals {
    large: Arc<Semaphore>,
    patience: Duration,
}

impl Arrivals {
    /// Every request has this long to arrive.
    pub(super) fn new(patience: Duration) -> Self {
        Self {
            large: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
            patience,
        }
    }

    /// The same request, arrived; or why it did not.
    pub(super) async fn whole(&self, request: Request<Body>) -> Result<Request<Body>, Failure> {
        let (head, body) = request.into_parts();
        let message = in_time(self.patience, self.collect(body))
            .await
            .ok_or_else(|| Failure::request_incomplete(self.patience))??;
        Ok(Request::from_parts(head, Body::new(Full::new(message))))
    }

    async fn collect(&self, mut body: Body) -> Result<Bytes, Failure> {
        let mut message = BytesMut::new();
        let mut room: Option<OwnedSemaphorePermit> = None;
        while let Some(frame) = body.frame().await {
            // A connection that broke off: nobody is there to read what we say.
            let Ok(frame) = frame else { break };
            let Ok(data) = frame.into_data() else { continue };
            if message.len() + data.len() > LARGEST {
                return Err(Failure::request_too_large(LARGEST));
            }
            // All of it at once, as nearly always: nothing to put together. What is not all there is copied, so that it keeps
            // no more of the connection's memory than it fills.
            if message.is_empty() && data.len() <= SMALL && body.is_end_stream() {
                return Ok(data);
            }
            if message.len() + data.len() > SMALL && room.is_none() {
                let free = Arc::clone(&self.large).try_acquire_owned();
                room = Some(free.map_err(|_| Failure::overloaded(RETRY_AFTER))?);
            }
            message.extend_from_slice(&data);
        }
        Ok(message.freeze())
    }
}
