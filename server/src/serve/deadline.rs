//! The time a request may take: what its client allows, at most what the server does.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use http::{HeaderMap, Response};
use tonic::body::Body;

use crate::rpc::Failure;

/// tonic keeps the client's deadline as well, further out, and would answer CANCELLED: ours has to end first.
const BEFORE_TONIC: Duration = Duration::from_millis(2);

/// The time for a request with these headers.
pub(super) fn of(headers: &HeaderMap, most: Duration) -> Duration {
    let asked = headers
        .get("grpc-timeout")
        .and_then(|value| parse(value.to_str().ok()?));
    asked.map_or(most, |asked| asked.saturating_sub(BEFORE_TONIC).min(most))
}

/// The answer of `handler`, or DEADLINE_EXCEEDED when it is not there in time. What it does is dropped then.
pub(super) async fn within(limit: Duration, handler: impl Future<Output = Response<Body>>) -> Response<Body> {
    let answer = in_time(limit, handler).await;
    answer.unwrap_or_else(|| Failure::deadline_exceeded(limit).into_response())
}

/// What `work` gives, or nothing when that takes longer. Nearly all work is done at once, and needs no timer.
pub(super) async fn in_time<Work: Future>(limit: Duration, work: Work) -> Option<Work::Output> {
    let mut work = pin!(work);
    match poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
        Poll::Ready(done) => Some(done),
        Poll::Pending => tokio::time::timeout(limit, work).await.ok(),
    }
}

/// A `grpc-timeout`: at most eight digits and a unit.
fn parse(value: &str) -> Option<Duration> {
    let (number, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    if number.len() > 8 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u64 = number.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(number * 3600),
        "M" => Duration::from_secs(number * 60),
        "S" => Duration::from_secs(number),
        "m" => Duration::from_millis(number),
        "u" => Duration::from_micros(number),
        "n" => Duration::from_nanos(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_read_and_nonsense_is_not() {
        for (text, milliseconds) in [
            ("1H", 3_600_000),
            ("2M", 120_000),
            ("3S", 3000),
            ("4m", 4),
            ("5000u", 5),
        ] {
            assert_eq!(parse(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "S", "1", "1x", "-1S", "+1S", "123456789S", "1é", "é"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_client_can_ask_for_less_time_but_not_for_more() {
        let headers = |value: &'static str| {
            HeaderMap::from_iter([(
                http::HeaderName::from_static("grpc-timeout"),
                http::HeaderValue::from_static(value),
            )])
        };
        let most = Duration::from_secs(30);
        assert_eq!(of(&HeaderMap::new(), most), most);
        assert_eq!(of(&headers("1H"), most), most);
        assert_eq!(of(&headers("100m"), most), Duration::from_millis(98));
        assert_eq!(of(&headers("1n"), most), Duration::ZERO);
    }
}
