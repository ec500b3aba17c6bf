//! Answers that are JSON, or what they are instead.

use reqwest::Url;
use serde::de::DeserializeOwned;

use crate::import::odata::{first_visible, without_bom};

use super::{client::shown, error::FetchError};

/// An answer as what it should be.
pub(super) fn read_whole<T: DeserializeOwned>(url: &Url, bytes: &[u8]) -> Result<T, FetchError> {
    serde_json::from_slice(without_bom(bytes)).map_err(|error| not_json(url, first_visible(bytes), &error))
}

/// What an answer that is not the JSON that was expected seems to be.
pub(super) fn not_json(url: &Url, begins_with: Option<u8>, error: &serde_json::Error) -> FetchError {
    let what = if begins_with == Some(b'<') {
        "the service answered with HTML or XML, not JSON: it may be under repair, or a proxy stands between"
            .to_owned()
    } else {
        format!(
            "the answer is not the JSON that was expected ({}): run it again later",
            shown(&error.to_string())
        )
    };
    FetchError::refused(url, what)
}
