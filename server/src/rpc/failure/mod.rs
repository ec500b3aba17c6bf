//! Why a request fails: every failure has a name, one constructor here, and one row in [`code`].

mod administration;
mod borders;
mod flows;
mod no_data;

use std::{fmt::Write, sync::Arc, time::Duration};

use groeikern::{ERROR_DOMAIN, v1::ErrorReason};
use tonic::{Code, Status, body::Body};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use crate::domain::Region;

// Status text (percent-encoded) and details (base64) travel in headers of at most 16 KiB together. These bounds, in bytes,
// leave room for the rest even when every byte has to be escaped.
const LONGEST_MESSAGE: usize = 500;
const LONGEST_METADATA: usize = 500;
const MOST_VIOLATIONS: usize = 20;
const LONGEST_FIELD: usize = 100;
const LONGEST_DESCRIPTION: usize = 200;

/// A failed request.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    reason: ErrorReason,
    message: String,
    violations: Vec<(String, String)>,
    metadata: Vec<(&'static str, String)>,
    retry_after: Option<Duration>,
    /// For the log, never for the client.
    cause: Option<String>,
}

/// What is wrong inside: the source of a [`Status`], which is not sent.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Cause(String);

/// The canonical code of every reason, as `errors.proto` promises it.
#[must_use]
fn code(reason: ErrorReason) -> Code {
    match reason {
        ErrorReason::InvalidRequest
        | ErrorReason::BatchTooLarge
        | ErrorReason::PageTokenInvalid
        | ErrorReason::PageTokenMismatch
        | ErrorReason::ImportRefused
        | ErrorReason::UploadRefused => Code::InvalidArgument,
        ErrorReason::UnknownRegion
        | ErrorReason::UnknownIndicator
        | ErrorReason::UnknownGroup
        | ErrorReason::UnknownTheme
        | ErrorReason::UnknownBlock
        | ErrorReason::UnknownRecommendation
        | ErrorReason::UnknownMethodSection
        | ErrorReason::UnknownFactor
        | ErrorReason::UnknownFinding
        | ErrorReason::UnknownArea
        | ErrorReason::UnknownBreakdown
        | ErrorReason::UnknownEdition
        | ErrorReason::UnknownUniverse
        | ErrorReason::NotInUniverse
        | ErrorReason::AmbiguousName
        | ErrorReason::NoData
        | ErrorReason::RetiredRegion
        | ErrorReason::EditionGone
        | ErrorReason::UnknownImport => Code::NotFound,
        ErrorReason::RequestIdReused => Code::AlreadyExists,
        ErrorReason::EditionLoading => Code::Unavailable,
        ErrorReason::EditionCorrupt => Code::DataLoss,
        ErrorReason::EditionSchema | ErrorReason::NotRecastable | ErrorReason::ShelfReadOnly => {
            Code::FailedPrecondition
        }
        ErrorReason::PublishConflict => Code::Aborted,
        ErrorReason::Overloaded | ErrorReason::ShelfFull | ErrorReason::TooManyWatches => {
            Code::ResourceExhausted
        }
        ErrorReason::DeadlineExceeded => Code::DeadlineExceeded,
        ErrorReason::UnknownRpc => Code::Unimplemented,
        ErrorReason::Internal | ErrorReason::Unspecified => Code::Internal,
    }
}

impl Failure {
    fn new(reason: ErrorReason, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
            violations: Vec::new(),
            metadata: Vec::new(),
            retry_after: None,
            cause: None,
        }
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> ErrorReason {
        self.reason
    }

    /// What is wrong, for people.
    pub(in crate::rpc) fn message(&self) -> &str {
        &self.message
    }

    /// Fields that are wrong, all at once.
    pub(in crate::rpc) fn violations(reason: ErrorReason, violations: Vec<(String, String)>) -> Self {
        let (field, description) = violations.first().cloned().unwrap_or_default();
        let mut message = format!("{field}: {description}");
        if violations.len() > 1 {
            let _ = write!(
                message,
                " (and {} more; see the field violations)",
                violations.len() - 1
            );
        }
        Self {
            violations,
            ..Self::new(reason, message)
        }
    }

    /// A page token that is damaged, or of another request.
    pub(in crate::rpc) fn page_token(reason: ErrorReason) -> Self {
        let description = page_token_description(reason);
        Self::violations(reason, vec![("page_token".into(), description.into())])
    }

    /// Something by an id or name that the edition does not hold, with what is near to it.
    pub(in crate::rpc) fn unknown(reason: ErrorReason, asked: &str, nearest: &[String]) -> Self {
        let (what, list) = match reason {
            ErrorReason::UnknownIndicator => ("indicator", "ListIndicators"),
            ErrorReason::UnknownGroup => ("group", "ListGroups"),
            ErrorReason::UnknownTheme => ("theme", "ListThemes"),
            ErrorReason::UnknownBlock => ("block", "ListThemes"),
            ErrorReason::UnknownRecommendation => ("recommendation", "ListRecommendations"),
            ErrorReason::UnknownFactor => ("factor", "ListFactors"),
            ErrorReason::UnknownFinding => ("finding", "ListFindings"),
            ErrorReason::UnknownArea => ("province or COROP area", "ListRegions"),
            ErrorReason::UnknownMethodSection => ("section of the method", "GetMethod without section_ids"),
            ErrorReason::UnknownEdition => ("edition", "ListEditions"),
            ErrorReason::UnknownUniverse => ("universe", "ListUniverses"),
            _ => ("region", "ListRegions"),
        };
        let hint = match nearest {
            [] => format!("{list} lists what there is"),
            nearest => format!("did you mean {}?", nearest.join(", or ")),
        };
        Self::new(reason, format!("no {what} is called `{}`; {hint}", short(asked))).with_nearest(nearest)
    }

    fn with_nearest(mut self, nearest: &[String]) -> Self {
        if !nearest.is_empty() {
            self.metadata.push(("nearest", nearest.join("; ")));
        }
        self
    }

    pub(in crate::rpc) fn unknown_region(asked: &str, nearest: &[String]) -> Self {
        Self::unknown(ErrorReason::UnknownRegion, asked, nearest)
    }

    pub(in crate::rpc) fn unknown_edition(asked: &str, nearest: &[String]) -> Self {
        Self::unknown(ErrorReason::UnknownEdition, asked, nearest)
    }

    pub(in crate::rpc) fn ambiguous_name(asked: &str, candidates: &[String]) -> Self {
        let message = format!(
            "`{}` fits several municipalities: {}",
            short(asked),
            candidates.join(", ")
        );
        Self::new(ErrorReason::AmbiguousName, message).with_nearest(candidates)
    }

    /// A municipality that no longer exists, with what became of it.
    pub(in crate::rpc) fn retired_region(region: &Region) -> Self {
        let (name, code) = (&region.name, &region.code);
        let codes: Vec<&str> = region
            .successors
            .iter()
            .map(|successor| successor.code.as_str())
            .collect();
        let message = format!(
            "{name} ({code}) no longer exists; ask for {}",
            successors_of(region).join(" or ")
        );
        let mut failure = Self::new(ErrorReason::RetiredRegion, message);
        failure.metadata.push(("successor", codes.join("; ")));
        failure
    }

    pub(in crate::rpc) fn edition_loading(edition: &str) -> Self {
        let mut failure = Self::new(
            ErrorReason::EditionLoading,
            format!("edition {edition} is being loaded; try again"),
        );
        failure.retry_after = Some(Duration::from_millis(500));
        failure
    }

    pub(in crate::rpc) fn edition_gone(edition: &str) -> Self {
        let message =
            format!("the file of edition {edition} is no longer on the shelf; ListEditions says what is");
        Self::new(ErrorReason::EditionGone, message)
    }

    /// An edition whose file is damaged. The cause goes to the log only.
    pub(in crate::rpc) fn edition_corrupt(edition: &str, cause: &str) -> Self {
        let message = format!(
            "edition {} is damaged on the shelf and is not served",
            short(edition)
        );
        Self {
            cause: Some(format!("edition {edition} is damaged: {cause}")),
            ..Self::new(ErrorReason::EditionCorrupt, message)
        }
    }

    /// An edition made by another version of the schema or of the method; `found` says which.
    pub(in crate::rpc) fn edition_schema(edition: &str, found: impl std::fmt::Display) -> Self {
        let message = format!(
            "edition {} was made by another version of the schema or method ({found}), which this server does not \
             read: publish its folder again and import its tables again",
            short(edition)
        );
        Self::new(ErrorReason::EditionSchema, message)
    }

    /// The server is at its limit.
    #[must_use]
    pub fn overloaded(retry_after: Duration) -> Self {
        let message = "the server is at its limit of concurrent requests; try again after the delay given";
        Self {
            retry_after: Some(retry_after),
            ..Self::new(ErrorReason::Overloaded, message)
        }
    }

    /// The server is at its limit of streams that watch.
    pub(in crate::rpc) fn too_many_watches(most: usize, retry_after: Duration) -> Self {
        let message = format!(
            "{most} streams watch for new editions, as many as this server takes; try again after the delay given, or ask \
             ListEditions now and then"
        );
        Self {
            retry_after: Some(retry_after),
            ..Self::new(ErrorReason::TooManyWatches, message)
        }
    }

    /// The request's time ran out.
    #[must_use]
    pub fn deadline_exceeded(limit: Duration) -> Self {
        let message = format!(
            "the answer was not ready within {} ms; ask for less or allow more time",
            limit.as_millis()
        );
        Self::new(ErrorReason::DeadlineExceeded, message)
    }

    /// A request that is larger than any may be.
    #[must_use]
    pub fn request_too_large(most: usize) -> Self {
        Self::new(
            ErrorReason::BatchTooLarge,
            format!("the request is larger than {most} bytes: split it"),
        )
    }

    /// A request of which only the beginning came.
    #[must_use]
    pub fn request_incomplete(limit: Duration) -> Self {
        Self::new(
            ErrorReason::DeadlineExceeded,
            format!("the request did not arrive within {} ms", limit.as_millis()),
        )
    }

    /// What the transport says of a request before a handler has seen it, in the form of every other failure.
    #[must_use]
    pub fn of_transport(status: &Status, path: &str) -> Self {
        match status.code() {
            Code::Unimplemented if status.message().is_empty() => Self::new(
                ErrorReason::UnknownRpc,
                format!(
                    "this server has no RPC {}; reflection lists those it has",
                    short(path)
                ),
            ),
            Code::Unimplemented => Self::new(ErrorReason::UnknownRpc, status.message()),
            Code::InvalidArgument => Self::new(ErrorReason::InvalidRequest, status.message()),
            _ => Self::internal(status.message()),
        }
    }

    /// A fault of the server. The cause goes to the log only.
    #[must_use]
    pub fn internal(cause: &str) -> Self {
        let message = "a fault of the server; its log holds the cause under this request's x-request-id";
        Self {
            cause: Some(cause.to_owned()),
            ..Self::new(ErrorReason::Internal, message)
        }
    }
}

impl Failure {
    /// The failure as an answer, for what surrounds the handlers.
    #[must_use]
    pub fn into_response(self) -> http::Response<Body> {
        Status::from(self).into_http()
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        let mut details = ErrorDetails::new();
        let metadata = failure
            .metadata
            .iter()
            .map(|(key, value)| ((*key).to_owned(), cut(value, LONGEST_METADATA)));
        details.set_error_info(
            failure.reason.reason(),
            ERROR_DOMAIN,
            metadata.collect::<std::collections::HashMap<_, _>>(),
        );
        if !failure.violations.is_empty() {
            let shown = failure.violations.iter().take(MOST_VIOLATIONS);
            let mut listed: Vec<FieldViolation> = shown
                .map(|(field, description)| {
                    FieldViolation::new(cut(field, LONGEST_FIELD), cut(description, LONGEST_DESCRIPTION))
                })
                .collect();
            if failure.violations.len() > MOST_VIOLATIONS {
                let rest = failure.violations.len() - MOST_VIOLATIONS;
                listed.push(FieldViolation::new("...", format!("and {rest} more")));
            }
            details.set_bad_request(listed);
        }
        if let Some(delay) = failure.retry_after {
            details.set_retry_info(Some(delay));
        }
        let message = cut(&failure.message, LONGEST_MESSAGE);
        let mut status = Self::with_error_details(code(failure.reason), message, details);
        if let Some(cause) = failure.cause {
            status.set_source(Arc::new(Cause(cause)));
        }
        status
    }
}

/// What became of a former municipality, by name and code.
fn successors_of(region: &Region) -> Vec<String> {
    let successors = region.successors.iter();
    successors
        .map(|successor| format!("{} ({})", successor.name, successor.code))
        .collect()
}

/// What is wrong with a page token, and what to do.
pub(in crate::rpc) fn page_token_description(reason: ErrorReason) -> &'static str {
    match reason {
        ErrorReason::PageTokenMismatch => {
            "belongs to another request or edition: keep every field but page_size as it was on the first page, or leave \
             it empty to start again"
        }
        _ => "is not a page token of this service: take it unchanged from next_page_token, or leave it empty",
    }
}

/// What was asked, short enough to quote.
fn short(asked: &str) -> String {
    cut(asked, 60)
}

/// At most `most` bytes, and nothing that a header, log line or terminal would take for more than text.
fn cut(text: &str, most: usize) -> String {
    const ELLIPSIS: char = '…';
    let harmless = |c: char| match c {
        c if c.is_control() => ' ',
        // Marks that turn the direction of what follows, and separators that some logs break lines at.
        '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
        c => c,
    };
    if text.len() <= most {
        return text.chars().map(harmless).collect();
    }
    let end = text.floor_char_boundary(most - ELLIPSIS.len_utf8());
    text[..end].chars().map(harmless).chain([ELLIPSIS]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_short_whole_and_harmless() {
        assert_eq!(cut("low_theft", 60), "low_theft");
        assert_eq!(cut("a\r\n\u{1b}[31mb\u{202e}c", 60), "a   [31mb c");
        for most in 10..20 {
            let short = cut(&"é😀".repeat(50), most);
            assert!(short.len() <= most && short.ends_with('…'), "{short}");
        }
    }
}
