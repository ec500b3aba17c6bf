//! The messages of one answer that comes as a stream.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::time::{Instant, Sleep, sleep_until};
use tokio_stream::Stream;
use tonic::Streaming;

use crate::{error::Error, retry::Shared};

/// The messages as they come, until the last, the first error, or the deadline of the call. A stream that broke off is not begun
/// again: whoever follows it has seen its beginning.
pub(crate) struct Messages<Message> {
    shared: Arc<Shared>,
    messages: Streaming<Message>,
    deadline: Pin<Box<Sleep>>,
    ended: bool,
}

impl<Message> Messages<Message> {
    pub(crate) fn new(shared: Arc<Shared>, messages: Streaming<Message>, deadline: Instant) -> Self {
        Self {
            shared,
            messages,
            deadline: Box::pin(sleep_until(deadline)),
            ended: false,
        }
    }
}

impl<Message> Stream for Messages<Message> {
    type Item = Result<Message, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let next = match Pin::new(&mut self.messages).poll_next(context) {
            Poll::Ready(next) => next.map(|next| next.map_err(|status| self.shared.broken_off(&status))),
            Poll::Pending if self.deadline.as_mut().poll(context).is_ready() => {
                Some(Err(self.shared.out_of_time()))
            }
            Poll::Pending => return Poll::Pending,
        };
        self.ended = !matches!(next, Some(Ok(_)));
        Poll::Ready(next)
    }
}
