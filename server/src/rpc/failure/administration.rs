//! Why a change was not made.

use std::{error::Error, io};

use groeikern::v1::ErrorReason;

use super::{Failure, short};
use crate::{
    administration::AdministrationError,
    edition::{
        EditionError,
        shelf::{RollbackError, ShelfError},
    },
    import::{ImportError, NextEditionError},
};

impl Failure {
    /// A recipe or tables with all that is wrong, each by file and line.
    pub(in crate::rpc) fn import_refused(error: &ImportError) -> Self {
        let mut violations: Vec<(String, String)> = error
            .problems
            .iter()
            .map(|problem| (problem.place(), problem.message.clone()))
            .collect();
        if error.more > 0 {
            violations.push(("...".to_owned(), format!("and {} more", error.more)));
        }
        Self::violations(ErrorReason::ImportRefused, violations)
    }

    /// An upload that is not as it should be.
    pub(in crate::rpc) fn upload(field: &str, description: impl Into<String>) -> Self {
        Self::violations(
            ErrorReason::UploadRefused,
            vec![(field.to_owned(), description.into())],
        )
    }

    fn of_shelf(error: &ShelfError) -> Self {
        match error {
            ShelfError::PublishConflict { .. } => Self::new(ErrorReason::PublishConflict, error.to_string()),
            ShelfError::Gone { id } => Self::edition_gone(id),
            error => Self::of_system(error),
        }
    }

    fn of_edition(error: &EditionError) -> Self {
        match error {
            EditionError::Schema { .. } | EditionError::Method { .. } => {
                Self::new(ErrorReason::EditionSchema, error.to_string())
            }
            EditionError::Corrupt(_) => Self {
                cause: Some(error.to_string()),
                ..Self::new(
                    ErrorReason::EditionCorrupt,
                    "the current edition is damaged on the shelf: restore its file from a backup, or roll back",
                )
            },
            error => Self::of_system(error),
        }
    }

    /// A fault of the machine: a full disk is said, anything else is in the log.
    fn of_system(error: &(dyn Error + 'static)) -> Self {
        let mut cause = Some(error);
        while let Some(error) = cause {
            let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
            if matches!(
                kind,
                Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            ) {
                let message = "the disk of the server is full, and nothing was changed: make room, then ask again with the same \
                               request id";
                return Self {
                    cause: Some(error.to_string()),
                    ..Self::new(ErrorReason::ShelfFull, message)
                };
            }
            cause = error.source();
        }
        Self::internal(&error.to_string())
    }

    fn of_next_edition(error: &NextEditionError) -> Self {
        match error {
            NextEditionError::Import(error) => Self::import_refused(error),
            NextEditionError::Shelf(error) => Self::of_shelf(error),
            NextEditionError::Edition(error) => Self::of_edition(error),
            NextEditionError::NotImported { .. } => Self::violations(
                ErrorReason::InvalidRequest,
                vec![("without_recipe_ids".to_owned(), error.to_string())],
            ),
            NextEditionError::WouldLose { lost, .. } => Self {
                cause: Some(error.to_string()),
                ..Self::new(
                    ErrorReason::EditionCorrupt,
                    format!(
                        "the current edition is damaged, and the next would lack what it held: {}. Restore its file from a \
                         backup, or import first what is listed, or leave it out by without_recipe_ids",
                        short(lost)
                    ),
                )
            },
            NextEditionError::Stored(_) | NextEditionError::Source(_) => Self::internal(&error.to_string()),
        }
    }
}

impl Failure {
    fn of_rollback(error: &RollbackError) -> Self {
        match error {
            RollbackError::Unknown { asked, nearest } => Self::unknown_edition(asked, nearest),
            RollbackError::AlreadyCurrent { .. } => Self::violations(
                ErrorReason::InvalidRequest,
                vec![("edition".to_owned(), error.to_string())],
            ),
            RollbackError::Edition { id, cause } => match cause {
                EditionError::Schema { found } => {
                    Self::edition_schema(id, format_args!("schema version {found}"))
                }
                EditionError::Method { found } => {
                    Self::edition_schema(id, format_args!("method version {found}"))
                }
                EditionError::Corrupt(cause) => Self::edition_corrupt(id, cause),
                cause => Self::of_system(cause),
            },
            RollbackError::Shelf(error) => Self::of_shelf(error),
        }
    }
}

impl From<AdministrationError> for Failure {
    fn from(error: AdministrationError) -> Self {
        match &error {
            AdministrationError::InMemory | AdministrationError::ReadOnly => {
                Self::new(ErrorReason::ShelfReadOnly, error.to_string())
            }
            AdministrationError::Upload(problems) => {
                let violations = problems
                    .iter()
                    .map(|problem| (problem.field.clone(), problem.description.clone()));
                Self::violations(ErrorReason::UploadRefused, violations.collect())
            }
            AdministrationError::Import(error) => Self::import_refused(error),
            AdministrationError::Reused(_) => Self::new(ErrorReason::RequestIdReused, error.to_string()),
            AdministrationError::UnknownImport(_) => Self::new(ErrorReason::UnknownImport, error.to_string()),
            AdministrationError::TablesGone(_) => Self::new(ErrorReason::UnknownImport, error.to_string()),
            AdministrationError::Conflict { current } => {
                let mut failure = Self::new(ErrorReason::PublishConflict, error.to_string());
                failure.metadata.push(("current_sequence", current.to_string()));
                failure
            }
            AdministrationError::Next(error) => Self::of_next_edition(error),
            AdministrationError::Edition(error) => {
                Self::internal(&format!("the next edition could not be loaded: {error}"))
            }
            AdministrationError::Rollback(error) => Self::of_rollback(error),
            AdministrationError::Shelf(error) => Self::of_shelf(error),
            AdministrationError::Io(error) => Self::of_system(error),
            AdministrationError::Record { .. } | AdministrationError::BrokenOff(_) => {
                Self::internal(&error.to_string())
            }
        }
    }
}
