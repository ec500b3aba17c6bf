//! One span per request, with what links it to the client's and the federation's logs.

use http::{HeaderValue, Request, Response};
use tonic::{Code, Status, body::Body};
use tracing::{Span, field::Empty};

/// The id that federated service connectivity (FSC) gives a transaction.
const FSC_TRANSACTION: &str = "fsc-transaction-id";

/// The span of a request.
pub(super) fn span(request: &Request<Body>, id: &HeaderValue) -> Span {
    let text =
        |value: &HeaderValue| String::from_utf8_lossy(&value.as_bytes()[..value.len().min(100)]).into_owned();
    let span = tracing::info_span!(
        "request",
        id = id.to_str().unwrap_or_default(),
        rpc = request.uri().path(),
        fsc_transaction_id = Empty
    );
    if let Some(transaction) = request.headers().get(FSC_TRANSACTION) {
        span.record("fsc_transaction_id", text(transaction));
    }
    span
}

/// One line per answer: a fault of ours is a warning, anything else is of interest to who asks for detail.
pub(super) fn answered(response: &Response<Body>, since: std::time::Instant) {
    let status = Status::from_header_map(response.headers());
    let code = status.as_ref().map_or(Code::Ok, Status::code);
    let microseconds = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
    match code {
        Code::Internal | Code::DataLoss | Code::Unknown => tracing::warn!(?code, microseconds, "answered"),
        _ => tracing::debug!(?code, microseconds, "answered"),
    }
}
