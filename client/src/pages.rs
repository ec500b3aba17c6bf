//! The pages of a list as a stream.

use std::{
    collections::HashSet,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio_stream::Stream;

use crate::error::Error;

type Asked<Page> = Pin<Box<dyn Future<Output = Result<Page, Error>> + Send>>;

/// How the messages of one list RPC carry their tokens.
pub(crate) struct Tokens<Request, Page> {
    /// The field `page_token` of the request.
    pub(crate) of_request: fn(&mut Request) -> &mut String,
    /// The field `next_page_token` of the response.
    pub(crate) of_page: fn(&Page) -> &str,
}

/// Asks for one page after the other, each when the stream is polled for it.
pub(crate) struct Pages<Request, Page, Ask> {
    request: Request,
    tokens: Tokens<Request, Page>,
    ask: Ask,
    /// The page that is under way; none once the last page or an error came.
    asked: Option<Asked<Page>>,
    /// Tokens that were followed. A server that repeats one would send us in circles.
    followed: HashSet<String>,
}

impl<Request, Page, Ask> Pages<Request, Page, Ask>
where
    Request: Clone,
    Ask: Fn(Request) -> Asked<Page>,
{
    pub(crate) fn new(mut request: Request, tokens: Tokens<Request, Page>, ask: Ask) -> Self {
        let followed = HashSet::from([(tokens.of_request)(&mut request).clone()]);
        Self {
            // Nothing is sent before the first poll: the future of a call is lazy.
            asked: Some(ask(request.clone())),
            request,
            tokens,
            ask,
            followed,
        }
    }

    /// The call for the page after this one; none after the last.
    fn next(&mut self, page: &Page) -> Result<Option<Asked<Page>>, Error> {
        let token = (self.tokens.of_page)(page);
        if token.is_empty() {
            return Ok(None);
        }
        if !self.followed.insert(token.to_owned()) {
            return Err(Error::RepeatedPageToken {
                token: token.to_owned(),
            });
        }
        token.clone_into((self.tokens.of_request)(&mut self.request));
        Ok(Some((self.ask)(self.request.clone())))
    }
}

impl<Request, Page, Ask> Stream for Pages<Request, Page, Ask>
where
    Request: Clone + Unpin,
    Ask: Fn(Request) -> Asked<Page> + Unpin,
{
    type Item = Result<Page, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let Some(asked) = &mut this.asked else {
            return Poll::Ready(None);
        };
        let answer = ready!(asked.as_mut().poll(context));
        this.asked = None;
        Poll::Ready(Some(answer.and_then(|page| {
            this.asked = this.next(&page)?;
            Ok(page)
        })))
    }
}
