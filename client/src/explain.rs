//! Errors in words: what happened, then what to do.

use std::fmt;

use groeikern::v1::ErrorReason;
use tonic::Code;

use crate::error::{AnswerError, Error};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidEndpoint { endpoint, cause } => {
                write!(
                    f,
                    "the endpoint {endpoint:?} cannot be used: {cause}; write it as http://host:port, or unix:/path"
                )
            }
            Self::Unreachable { endpoint, cause } => write!(
                f,
                "no server can be reached at {endpoint} ({cause}); check the address and that the server runs"
            ),
            Self::ConnectionLost { endpoint, cause } => {
                write!(f, "the connection to {endpoint} broke off ({cause}); try again")
            }
            Self::DeadlineExceeded { deadline, last: None } => {
                write!(
                    f,
                    "no answer within {deadline:?}; ask for less, or allow more time"
                )
            }
            Self::DeadlineExceeded {
                deadline,
                last: Some(last),
            } => write!(f, "no answer within {deadline:?}; an earlier try failed: {last}"),
            Self::Answer(answer) => answer.fmt(f),
            Self::Incomplete { received, announced } => write!(
                f,
                "the export broke off after {received} of {announced} figures; try again"
            ),
            Self::Unreadable { file, cause } => write!(f, "{file} cannot be read: {cause}"),
            Self::RepeatedPageToken { token } => write!(
                f,
                "the server sent the page token {token:?} twice, so the pages would never end; report this to its operator"
            ),
        }
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = match self.message.trim_end_matches('.') {
            "" => self.code.description(),
            message => message,
        };
        f.write_str(message)?;
        for (index, violation) in self.violations.iter().enumerate() {
            let before = if index == 0 { ':' } else { ';' };
            write!(f, "{before} {} {}", violation.field, violation.description)?;
        }
        match self.advice() {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

impl AnswerError {
    /// What the caller can do about it; nothing where the message and its violations say it all.
    fn advice(&self) -> Option<String> {
        let nearest = self.nearest();
        if let Some(first) = nearest.first() {
            // The server may have put the same names into its message.
            return (!self.message.contains(first.as_str()))
                .then(|| format!("did you mean {}?", one_of(&nearest)));
        }
        if let Some(successor) = self.metadata.get("successor") {
            return (!self.message.contains(successor.as_str()))
                .then(|| format!("ask for {successor} instead"));
        }
        match (self.reason, self.code) {
            (Some(ErrorReason::PageTokenInvalid | ErrorReason::PageTokenMismatch), _) => {
                Some("start again at the first page".into())
            }
            (Some(ErrorReason::UnknownEdition | ErrorReason::EditionGone), _) => {
                Some("list the editions to see which there are".into())
            }
            (_, Code::Unavailable | Code::ResourceExhausted) => Some(match self.retry_after {
                Some(delay) if !delay.is_zero() => format!("try again in {delay:?}"),
                _ => "try again later".into(),
            }),
            (_, Code::DeadlineExceeded) => Some("ask for less, or try again later".into()),
            (_, Code::Unauthenticated | Code::PermissionDenied) => {
                Some("check the identity you present".into())
            }
            (_, Code::Unimplemented) => Some("the server may be older than this client".into()),
            (_, Code::Internal | Code::Unknown | Code::DataLoss) => Some(match &self.request_id {
                Some(id) => format!("report it to the server's operator with request id {id}"),
                None => "report it to the server's operator".into(),
            }),
            _ => None,
        }
    }
}

/// `A`, `A or B`, `A, B or C`.
fn one_of(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
