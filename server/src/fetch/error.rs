//! Why a table was not fetched.

use std::{io, path::PathBuf, time::Duration};

use crate::import::ImportError;

use super::address::AddressError;

/// Why a table was not fetched. The folder that stands is as it was.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is none that may be asked.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The service cannot be reached, breaks off, or says that it is not well.
    #[error(
        "{url}: {cause}, {attempts} times in a row; run it again later: what is there already is not fetched again"
    )]
    Unavailable {
        /// What was asked.
        url: String,
        /// What came of it the last time.
        cause: String,
        /// How often it was asked.
        attempts: u32,
    },
    /// The service asks to be left alone for longer than is waited.
    #[error("{url}: the service asks to come back after {} seconds; run it again then", .after.as_secs())]
    ComeBackLater {
        /// What was asked.
        url: String,
        /// How long it asks to wait.
        after: Duration,
    },
    /// All of it took too long.
    #[error("{url}: took longer than {} seconds; run it again: what is there already is not fetched again", .limit.as_secs())]
    TooLong {
        /// The table.
        url: String,
        /// How long it may take.
        limit: Duration,
    },
    /// The answer is none that could be true, or none that is asked for.
    #[error("{url}: {what}")]
    Refused {
        /// What was asked.
        url: String,
        /// What is wrong with the answer, and what to do.
        what: String,
    },
    /// The service does not know what is asked for, or does not give it.
    #[error("{url}: the service answered {status}: {words}")]
    Status {
        /// What was asked.
        url: String,
        /// The status of its answer, with its meaning.
        status: String,
        /// The beginning of what it says.
        words: String,
    },
    /// The table changed while it was fetched, twice in a row.
    #[error(
        "{url}: the table changed while it was being fetched, and again at the second attempt; run it again later"
    )]
    Changing {
        /// The table.
        url: String,
    },
    /// The table that was fetched cannot be imported.
    #[error(
        "{}: what the source gives now cannot be imported, so it was thrown away, and the folder is as it was; the next run \
         fetches it anew: {cause}", .folder.display()
    )]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with the table.
        cause: ImportError,
    },
    /// Something else is being fetched into the folder.
    #[error("{}: another run is fetching this table; wait for it to end", .folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder cannot be read or written.
    #[error("{}: {cause}", .path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// What went wrong.
        cause: io::Error,
    },
}

impl FetchError {
    pub(super) fn refused(url: impl ToString, what: impl Into<String>) -> Self {
        Self::Refused {
            url: url.to_string(),
            what: what.into(),
        }
    }

    /// Whether what was fetched before it may be true, and need not be fetched again.
    pub(super) fn leaves_pages_good(&self) -> bool {
        !matches!(self, Self::Refused { .. } | Self::Changing { .. })
    }
}
