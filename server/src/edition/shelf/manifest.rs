//! What says that an edition was published.

use serde::{Deserialize, Serialize};

use super::ShelfError;
use crate::{
    domain::nearest_several,
    edition::{EditionFile, EditionOrigin, SCHEMA_VERSION, edition_id},
    method::METHOD_VERSION,
};

/// The format of the manifests this server writes, and the highest it reads. It changes when an older server could no
/// longer make sense of one; a field more does not change it, because unknown fields are left alone.
pub const MANIFEST_FORMAT: u32 = 1;

/// One publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its format: see [`MANIFEST_FORMAT`].
    #[serde(default = "first_format")]
    pub format: u32,
    /// Counts publications from 1; the highest is current.
    pub sequence: u64,
    /// Label of the edition.
    pub name: String,
    /// SHA-256 of its content, 64 hex digits.
    pub content_hash: String,
    /// SHA-256 of its file, 64 hex digits; names the blob.
    pub file_sha256: String,
    /// Size of its file.
    pub bytes: u64,
    /// Version of its schema.
    pub schema_version: u32,
    /// Version of the method its grade scales follow.
    pub method_version: String,
    /// Set when it was made from the data compiled into a server: the revision of that data. A server with a later one
    /// replaces it by its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built_in_revision: Option<u32>,
    /// Set when somebody went back to an edition that was published before: the number of that publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restores: Option<u64>,
    /// The request that published it, where it had an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Box<RequestMark>>,
    /// What it was made from; absent in manifests of older servers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<EditionOrigin>,
}

/// The request that published an edition: kept in the publication itself, so that the one is never there without the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestMark {
    /// Its id.
    pub id: String,
    /// SHA-256 over what it asked for, 64 hex digits.
    pub fingerprint: String,
    /// Ids of the imports that it took, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<String>,
    /// Ids of imports that it set aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_aside: Vec<String>,
}

/// What a manifest of any format says of itself.
#[derive(Deserialize)]
struct AnyFormat {
    #[serde(default = "first_format")]
    format: u32,
}

/// The format of a manifest that does not name one.
fn first_format() -> u32 {
    1
}

impl Manifest {
    /// The publication of an edition under a number.
    #[must_use]
    pub fn of(edition: &EditionFile, sequence: u64, built_in_revision: Option<u32>) -> Self {
        Self {
            format: MANIFEST_FORMAT,
            sequence,
            name: edition.name.clone(),
            content_hash: edition.content_hash.clone(),
            file_sha256: edition.file_sha256.clone(),
            bytes: edition.bytes.len() as u64,
            schema_version: SCHEMA_VERSION,
            method_version: METHOD_VERSION.to_owned(),
            built_in_revision,
            restores: None,
            request: None,
            origin: Some(edition.origin.clone()),
        }
    }

    /// Id of the edition.
    #[must_use]
    pub fn id(&self) -> &str {
        edition_id(&self.content_hash)
    }

    /// Whether this is its id or its name.
    #[must_use]
    pub fn is_called(&self, asked: &str) -> bool {
        self.id() == asked || self.name == asked
    }

    /// Whether servers of this version can read its file: it is of their schema and method.
    #[must_use]
    pub fn is_of_this_version(&self) -> bool {
        self.schema_version == SCHEMA_VERSION && self.method_version == METHOD_VERSION
    }

    /// Reads the manifest of this number from the bytes at this path.
    pub(super) fn parse(bytes: &[u8], sequence: u64, path: &str) -> Result<Self, ShelfError> {
        let damaged = |cause: String| ShelfError::DamagedManifest {
            path: path.to_owned(),
            cause,
        };
        let not_json = |error: serde_json::Error| damaged(error.to_string());
        // First the format alone: the other fields of a newer one may be anything.
        let found = serde_json::from_slice::<AnyFormat>(bytes)
            .map_err(not_json)?
            .format;
        if found > MANIFEST_FORMAT {
            return Err(ShelfError::NewerManifest {
                path: path.to_owned(),
                found,
            });
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(not_json)?;
        if manifest.sequence != sequence {
            return Err(damaged(format!("it says it is number {}", manifest.sequence)));
        }
        let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hash(&manifest.file_sha256) || !is_hash(&manifest.content_hash) {
            return Err(damaged("its hashes are not 64 hex digits".to_owned()));
        }
        Ok(manifest)
    }
}

/// The names and ids nearest to what was asked for.
pub(crate) fn nearest_to(publications: &[Manifest], asked: &str) -> Vec<String> {
    let known = publications
        .iter()
        .flat_map(|manifest| [manifest.name.as_str(), manifest.id()]);
    let nearest = nearest_several(asked, known, 3).into_iter();
    nearest.map(str::to_owned).collect()
}
