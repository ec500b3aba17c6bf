//! The id under which a request is logged and reported: the client's own, or a new one.

use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header that carries it, in requests and in answers.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id a client sent, when it is fit for a log line, or else a new one.
pub(super) fn of(headers: &HeaderMap) -> HeaderValue {
    let fit =
        |id: &&HeaderValue| (1..=100).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic);
    headers.get(HEADER).filter(fit).cloned().unwrap_or_else(fresh)
}

fn fresh() -> HeaderValue {
    let mut buffer = Uuid::encode_buffer();
    let text = Uuid::new_v4().as_simple().encode_lower(&mut buffer);
    let mut id = HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("none")); // hex digits always fit
    // No secret, but never seen again: HTTP/2 then leaves it out of the table of headers it keeps for later.
    id.set_sensitive(true);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(id: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(HEADER, HeaderValue::from_static(id))])
    }

    #[test]
    fn a_client_keeps_its_own_id_when_it_fits_a_log_line() {
        assert_eq!(of(&headers("7f3a-9")), "7f3a-9");
        for unfit in ["", "two words", "tab\there"] {
            assert_ne!(of(&headers(unfit)), unfit);
        }
        let long: &'static str = Box::leak("x".repeat(101).into_boxed_str());
        assert_eq!(of(&headers(long)).len(), 32);
    }

    #[test]
    fn new_ids_differ() {
        assert_ne!(of(&HeaderMap::new()), of(&HeaderMap::new()));
    }
}
