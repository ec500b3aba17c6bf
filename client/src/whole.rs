//! An export that is known to be whole, or ends with an error.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use groeikern::v1::ExportObservationsResponse;
use tokio_stream::Stream;

use crate::{error::Error, messages::Messages};

/// The messages of an export. One that ends before its last message, or without all its figures, ends with
/// [`Error::Incomplete`]: a proxy may have closed it as if all were well.
pub(crate) struct Whole {
    messages: Messages<ExportObservationsResponse>,
    received: u64,
    announced: u64,
    ended: bool,
    failed: bool,
}

impl Whole {
    pub(crate) fn new(messages: Messages<ExportObservationsResponse>) -> Self {
        Self {
            messages,
            received: 0,
            announced: 0,
            ended: false,
            failed: false,
        }
    }

    fn count(&mut self, message: &ExportObservationsResponse) {
        if let Some(summary) = &message.summary {
            self.announced = summary.figures;
        }
        if let Some(figures) = &message.figures {
            self.received += figures.values.len() as u64;
        }
        if let Some(end) = &message.end {
            self.ended = end.figures == self.received && self.received == self.announced;
        }
    }
}

impl Stream for Whole {
    type Item = Result<ExportObservationsResponse, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.failed {
            return Poll::Ready(None);
        }
        let next = ready!(Pin::new(&mut self.messages).poll_next(context));
        match &next {
            Some(Ok(message)) => self.count(message),
            Some(Err(_)) => self.failed = true,
            None if !self.ended => {
                self.failed = true;
                return Poll::Ready(Some(Err(Error::Incomplete {
                    received: self.received,
                    announced: self.announced,
                })));
            }
            None => {}
        }
        Poll::Ready(next)
    }
}
