//! What is logged of a request, with what links it to the client's and the federation's logs.
//!
//! A fault of ours is one line with all of that. Every request as a span, and a line for every answer, are for who asks for
//! detail: a span costs as much as all other layers together.

use std::{error::Error, time::Instant};

use http::{HeaderMap, HeaderValue, Request, Response, Uri};
use tonic::{Code, Status, body::Body};
use tracing::{Span, field::Empty};

/// The id that federated service connectivity (FSC) gives a transaction.
const FSC_TRANSACTION: &str = "fsc-transaction-id";

/// The span of a request.
pub(super) fn span(request: &Request<Body>, id: &HeaderValue) -> Span {
    let span = tracing::debug_span!(
        "request",
        id = id.to_str().unwrap_or_default(),
        rpc = request.uri().path(),
        fsc_transaction_id = Empty
    );
    if !span.is_disabled()
        && let Some(transaction) = transaction(request.headers())
    {
        span.record("fsc_transaction_id", text(&transaction));
    }
    span
}

/// What was asked, and when.
#[derive(Debug)]
pub(super) struct Asked {
    since: Instant,
    uri: Uri,
    transaction: Option<HeaderValue>,
}

impl Asked {
    /// Asked just now.
    pub(super) fn now(request: &Request<Body>) -> Self {
        Self {
            since: Instant::now(),
            uri: request.uri().clone(),
            transaction: transaction(request.headers()),
        }
    }

    /// The path of the RPC.
    pub(super) fn path(&self) -> &str {
        self.uri.path()
    }

    /// One line per answer: a fault of ours is an error, with its cause, which the client is not told; anything else is of
    /// interest to who asks for detail.
    pub(super) fn answered(&self, id: &HeaderValue, response: &Response<Body>) {
        let code = Status::from_header_map(response.headers()).map_or(Code::Ok, |status| status.code());
        let microseconds = || u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        let (id, rpc) = (id.to_str().unwrap_or_default(), self.path());
        match code {
            Code::Internal | Code::DataLoss | Code::Unknown => {
                let cause = response.extensions().get::<Status>().and_then(Error::source);
                let transaction = self.transaction.as_ref().map(text);
                tracing::error!(
                    id,
                    rpc,
                    fsc_transaction_id = transaction,
                    ?code,
                    microseconds = microseconds(),
                    cause = cause.map(tracing::field::display),
                    "request failed"
                );
            }
            _ => tracing::debug!(id, rpc, ?code, microseconds = microseconds(), "answered"),
        }
    }
}

fn transaction(headers: &HeaderMap) -> Option<HeaderValue> {
    headers.get(FSC_TRANSACTION).cloned()
}

/// The beginning of what a client sent.
fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(&value.as_bytes()[..value.len().min(100)]).into_owned()
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use super::*;
    use crate::rpc::Failure;

    /// A log in memory.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged, when nobody asks for detail, of a request answered so.
    fn logged(response: &Response<Body>) -> String {
        let log = Log::default();
        let writer = log.clone();
        let lines = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_max_level(tracing::Level::INFO)
            .with_writer(move || writer.clone())
            .finish();
        let request = Request::builder()
            .uri("/groeikern.v1.CatalogueService/ListThemes")
            .header(FSC_TRANSACTION, "fsc-7")
            .body(Body::empty())
            .expect("a request");
        tracing::subscriber::with_default(lines, || {
            Asked::now(&request).answered(&HeaderValue::from_static("id-1"), response);
        });
        let bytes = log.0.lock().expect("no panic").clone();
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn a_fault_is_one_line_with_its_request_and_its_cause() {
        let line = logged(&Failure::internal("the disk is on fire").into_response());
        assert_eq!(line.lines().count(), 1, "{line}");
        for part in [
            "ERROR",
            "id-1",
            "/ListThemes",
            "fsc-7",
            "Internal",
            "the disk is on fire",
        ] {
            assert!(line.contains(part), "{line} has no {part}");
        }
    }

    #[test]
    fn an_answer_is_no_line() {
        assert_eq!(logged(&Response::new(Body::empty())), "");
    }
}
