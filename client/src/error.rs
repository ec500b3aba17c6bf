//! What can go wrong, and how to tell it from a tonic `Status`.

use std::{collections::BTreeMap, error::Error as StdError, time::Duration};

use groeikern::v1;
use tonic::{Code, ConnectError, Status, TimeoutExpired};
use tonic_types::StatusExt;

/// Statuses that tonic makes of a broken connection without saying so in `source()`: all carry [`Code::Unknown`] or
/// [`Code::Internal`] and a text that begins like this.
const BROKEN_WITHOUT_SOURCE: [&str; 3] = [
    "Service was not ready: ",
    "protocol error: missing grpc-status trailer",
    "Missing response message.",
];

/// Why a call has no answer. Displayed, it says what happened and what to do.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Error {
    /// An endpoint is not of the form `http://host:port`.
    InvalidEndpoint {
        /// The endpoint as it was given.
        endpoint: String,
        /// What is wrong with it.
        cause: String,
    },
    /// No connection could be made: no server has seen the call.
    Unreachable {
        /// The endpoint, or all of them separated by `, `.
        endpoint: String,
        /// What the last attempt ran into.
        cause: String,
    },
    /// The connection broke off before a complete answer.
    ConnectionLost {
        /// The endpoint.
        endpoint: String,
        /// What happened to the connection.
        cause: String,
    },
    /// The caller's deadline passed.
    DeadlineExceeded {
        /// The deadline of the call.
        deadline: Duration,
        /// What earlier tries of the same call ran into; absent when the first was still under way.
        last: Option<Box<Error>>,
    },
    /// The server answered with an error.
    Answer(Box<AnswerError>),
    /// An export ended before its last message: what was received is not all of it.
    Incomplete {
        /// Figures that were received.
        received: u64,
        /// Figures that the server announced; 0 when not even that was received.
        announced: u64,
    },
    /// A file to send could not be read.
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        cause: String,
    },
    /// The server sent the same page token twice: following it would never end.
    RepeatedPageToken {
        /// The token.
        token: String,
    },
}

impl Error {
    /// The contract's reason, when the server gave one that this version of the contract knows.
    #[must_use]
    pub fn reason(&self) -> Option<v1::ErrorReason> {
        self.answer().and_then(|answer| answer.reason)
    }

    /// The names the server found nearest to one it does not know, best first; empty when it gave none.
    #[must_use]
    pub fn nearest(&self) -> Vec<String> {
        self.answer().map(AnswerError::nearest).unwrap_or_default()
    }

    fn answer(&self) -> Option<&AnswerError> {
        match self {
            Self::Answer(answer) => Some(answer),
            _ => None,
        }
    }
}

impl StdError for Error {}

/// An error the server answered with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AnswerError {
    /// The canonical code.
    pub code: Code,
    /// The contract's reason; absent when there is none or this version of the contract does not know it.
    pub reason: Option<v1::ErrorReason>,
    /// What happened, in the server's words.
    pub message: String,
    /// Every field of the request that is wrong.
    pub violations: Vec<Violation>,
    /// What goes with the reason, such as `nearest` or `successor`.
    pub metadata: BTreeMap<String, String>,
    /// How long the server asks to wait before another try.
    pub retry_after: Option<Duration>,
    /// The id under which the server logged the request.
    pub request_id: Option<String>,
}

/// A field of the request that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Path of the field, such as `page_size`.
    pub field: String,
    /// What is wrong with it.
    pub description: String,
}

impl AnswerError {
    /// See [`Error::nearest`].
    pub(crate) fn nearest(&self) -> Vec<String> {
        let nearest = self.metadata.get("nearest").map_or("", String::as_str);
        nearest
            .split("; ")
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

impl From<&Status> for AnswerError {
    fn from(status: &Status) -> Self {
        let details = status.get_error_details();
        let info = details.error_info();
        let violations = details
            .bad_request()
            .map_or(&[][..], |bad| &bad.field_violations[..]);
        Self {
            code: status.code(),
            reason: info
                .filter(|info| info.domain == groeikern::ERROR_DOMAIN)
                .and_then(|info| v1::ErrorReason::from_reason(&info.reason)),
            message: status.message().to_owned(),
            violations: violations
                .iter()
                .map(|violation| Violation {
                    field: violation.field.clone(),
                    description: violation.description.clone(),
                })
                .collect(),
            metadata: info.map_or_else(BTreeMap::new, |info| info.metadata.clone().into_iter().collect()),
            retry_after: details
                .retry_info()
                .map(|retry| retry.retry_delay.unwrap_or_default()),
            request_id: status
                .metadata()
                .get("x-request-id")
                .and_then(|id| id.to_str().ok())
                .map(str::to_owned),
        }
    }
}

/// Where a status comes from. tonic reports what happens on the way as statuses too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The server sent it, or an HTTP status in its place.
    Server,
    /// tonic's own timer ran out: it reads the `grpc-timeout` we send.
    OwnTimer,
    /// No connection could be made.
    NotConnected,
    /// The connection broke off.
    ConnectionBroken,
}

/// Tells the origin of a status. One that tonic made of a failure has that failure as its source, whatever its code;
/// one that a server sent has none.
pub(crate) fn origin(status: &Status) -> Origin {
    let Some(source) = status.source() else {
        let broken = matches!(status.code(), Code::Unknown | Code::Internal)
            && BROKEN_WITHOUT_SOURCE
                .iter()
                .any(|text| status.message().starts_with(text));
        return if broken {
            Origin::ConnectionBroken
        } else {
            Origin::Server
        };
    };
    for cause in chain(source) {
        if cause.is::<TimeoutExpired>() {
            return Origin::OwnTimer;
        }
        if cause.is::<ConnectError>() {
            return Origin::NotConnected;
        }
    }
    Origin::ConnectionBroken
}

/// What a status that no server sent is about.
pub(crate) fn cause(status: &Status) -> String {
    status
        .source()
        .map_or_else(|| status.message().to_owned(), root_cause)
}

/// The innermost cause in words: "Connection refused" rather than "transport error".
pub(crate) fn root_cause(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().unwrap_or(error).to_string()
}

fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| {
        (*error).source()
    })
}
