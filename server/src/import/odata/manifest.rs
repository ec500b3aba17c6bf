//! What was fetched into a folder, and when: written beside it by whoever fetched it whole.

use serde::{Deserialize, Serialize};

/// The name of its file.
pub const MANIFEST: &str = "manifest.json";

/// What a folder of a table holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderManifest {
    /// The address of the table.
    pub source: String,
    /// The source's version of it.
    pub version: String,
    /// When the source last changed its observations, as it says itself; empty where it does not.
    pub observations_modified: String,
    /// The day it was fetched by the clock of the source, ISO 8601.
    pub retrieved: String,
    /// What was asked of the observations, one expression after the other; none when all were.
    pub filters: Vec<String>,
    /// How many observations there are.
    pub observations: u64,
    /// Every file but this one.
    pub files: Vec<FetchedFile>,
}

/// A file as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchedFile {
    /// Its name, without `.gz`.
    pub name: String,
    /// Its size uncompressed, in bytes.
    pub bytes: u64,
    /// SHA-256 over its uncompressed bytes.
    pub sha256: String,
}
