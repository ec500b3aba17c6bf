//! Editions: immutable SQLite files, each one state of all data and knowledge.
//!
//! [`source`] reads and checks a folder of data, [`build`](build()) makes the file, [`open`](open()) and
//! [`verify`](verify()) read it back, and the [`shelf`] holds what was published.

pub(crate) mod area_text;
mod build;
pub mod built_in;
pub(crate) mod content_hash;
pub(crate) mod flow_tables;
mod grade_scales;
mod open;
mod origin;
pub(crate) mod region_rows;
pub mod shelf;
pub mod source;
mod tables;

#[cfg(test)]
mod tests;

pub use build::{build, build_tables};
pub(crate) use open::all;
pub use open::{Location, OpenEdition, open, verify};
pub use origin::{EditionOrigin, UnitMark};
pub use tables::{StoredTable, StoredTables};

use bytes::Bytes;

use crate::method::METHOD_VERSION;

/// The version of `schema.sql`, kept in the file's `user_version`. A file of another version is rebuilt, not read.
pub const SCHEMA_VERSION: u32 = 5;

/// "GROE": marks an SQLite file as an edition, kept in its `application_id`.
const APPLICATION_ID: i32 = 0x4752_4f45;

/// A built edition, not yet on any shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionFile {
    /// Label.
    pub name: String,
    /// SHA-256 of the content, 64 hex digits.
    pub content_hash: String,
    /// SHA-256 of the bytes, 64 hex digits.
    pub file_sha256: String,
    /// The SQLite file.
    pub bytes: Bytes,
    /// What it was made from.
    pub origin: EditionOrigin,
}

impl EditionFile {
    /// Where it is: in memory.
    #[must_use]
    pub fn location(&self) -> Location {
        Location::Memory(self.bytes.clone())
    }

    /// The edition's id: the first 16 hex digits of the content hash.
    #[must_use]
    pub fn id(&self) -> &str {
        edition_id(&self.content_hash)
    }
}

/// The id that belongs to a content hash.
#[must_use]
pub fn edition_id(content_hash: &str) -> &str {
    content_hash.get(..16).unwrap_or(content_hash)
}

/// Checks a label of an edition: what people type to name it, and what cannot be mistaken for an id.
///
/// # Errors
/// What is wrong with it.
pub fn check_label(text: &str) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    let is_id = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if text.is_empty() || text.len() > 60 || !text.chars().all(plain) {
        return Err(
            "write lower case letters, digits, hyphens, underscores and points, at most 60".to_owned(),
        );
    }
    if is_id {
        return Err("it would look like the id of an edition".to_owned());
    }
    Ok(())
}

/// Why an edition could not be built, opened or trusted.
#[derive(Debug, thiserror::Error)]
pub enum EditionError {
    /// The file is not what its name or its own facts say.
    #[error("the edition is damaged: {0}")]
    Corrupt(String),
    /// The file was made by another version of the schema.
    #[error(
        "the edition has schema version {found}, this program reads {SCHEMA_VERSION}: publish the folder it was made from again, \
         with `groeikern-server publish`; tables that were imported are imported again, into another data directory"
    )]
    Schema {
        /// Version of the file.
        found: u32,
    },
    /// The file was made by another version of the method: its positions and grades would not be those of this program.
    #[error(
        "the edition follows method version {found}, this program follows {METHOD_VERSION}: publish the folder it was made from \
         again, with `groeikern-server publish`; tables that were imported are imported again, into another data directory"
    )]
    Method {
        /// Version of the file.
        found: String,
    },
    /// SQLite could not read or write it.
    #[error("the edition cannot be read: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file could not be read.
    #[error("the edition cannot be read: {0}")]
    Io(#[from] std::io::Error),
}
