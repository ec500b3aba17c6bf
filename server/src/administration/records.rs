//! What came of requests, as it is kept on the shelf: any server over the same shelf knows it.

use std::{
    collections::{BTreeMap, HashMap},
    io,
};

use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use super::AdministrationError;
use crate::{
    domain::RequestId,
    edition::{
        content_hash::hex,
        shelf::{Manifest, RecordKind, RequestMark, Shelf},
    },
    import::ImportReport,
};

/// The format of the records this server writes, and the highest it reads; a field more does not change it.
pub(super) const FORMAT: u32 = 1;

/// An import that was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRecord {
    /// Its format.
    pub(super) format: u32,
    /// Id of its request.
    pub id: String,
    /// SHA-256 over what was asked for, 64 hex digits.
    pub fingerprint: String,
    /// When it was kept, in microseconds since 1970, by the clock of the server.
    pub accepted: u64,
    /// Id of its recipe.
    pub recipe_id: String,
    /// What messages call the file of the recipe.
    pub recipe_file: String,
    /// Text of the recipe.
    pub recipe_text: String,
    /// Its tables, in order.
    pub files: Vec<StoredFile>,
    /// The list of regions that they need.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region_names: Option<StoredFile>,
    /// The day the tables were fetched, ISO 8601.
    pub retrieved: String,
    /// The source's version of them.
    pub source_version: String,
    /// The periods of its figures, in order.
    pub periods: Vec<String>,
    /// SHA-256 over the uncompressed bytes of the tables, 64 hex digits.
    pub file_sha256: String,
    /// What was found.
    pub report: ReportRecord,
}

/// A file that was sent in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Its name in messages.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes as they came, 64 hex digits; names the table on the shelf.
    pub sha256: String,
}

/// The figures of an [`ImportReport`], and its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRecord {
    /// As in [`ImportReport`].
    pub rows_read: u64,
    /// As in [`ImportReport`].
    pub rows_used: u64,
    /// As in [`ImportReport`].
    pub rows_filtered_out: u64,
    /// As in [`ImportReport`].
    pub rows_of_other_levels: u64,
    /// As in [`ImportReport`].
    pub rows_of_other_measures: u64,
    /// Rows whose region code is none.
    pub rows_without_region: u64,
    /// Rows that say again what was said.
    pub duplicate_rows: u64,
    /// As in [`ImportReport`].
    pub values: u64,
    /// Figures there might have been.
    pub without_value: u64,
    /// As in [`ImportReport`].
    pub indicators: u64,
    /// As in [`ImportReport`].
    pub indicators_without_data: Vec<String>,
    /// How many values are far from the others.
    pub outliers: u64,
    /// Of tables that hold other things than figures: how many of what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<(String, u64)>,
    /// As the command prints it.
    pub text: String,
}

impl From<&ImportReport> for ReportRecord {
    fn from(report: &ImportReport) -> Self {
        Self {
            rows_read: report.rows_read,
            rows_used: report.rows_used,
            rows_filtered_out: report.rows_filtered_out,
            rows_of_other_levels: report.rows_of_other_levels,
            rows_of_other_measures: report.rows_of_other_measures,
            rows_without_region: report.unmatched.total,
            duplicate_rows: report.duplicates.total,
            values: report.values,
            without_value: report.without_value.values().sum(),
            indicators: report.indicators as u64,
            indicators_without_data: report.indicators_without_data.clone(),
            outliers: report.outliers.len() as u64,
            counts: report
                .counts
                .iter()
                .map(|count| (count.key.to_owned(), count.count))
                .collect(),
            text: report.to_string().trim_end().to_owned(),
        }
    }
}

/// A request that changed what is current, or that was for taking imports the current edition holds already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicationRecord {
    /// Its format.
    pub(super) format: u32,
    /// Id of its request.
    pub id: String,
    /// SHA-256 over what was asked for, 64 hex digits.
    pub fingerprint: String,
    /// Number of the publication; where nothing was published, of what was current.
    pub sequence: u64,
    /// Id of the edition.
    pub edition_id: String,
    /// Its label.
    pub edition_name: String,
    /// False when the current edition said all of it already.
    pub published: bool,
    /// Imports that it took, in order.
    pub imports: Vec<String>,
    /// Imports that it set aside.
    #[serde(default)]
    pub set_aside: Vec<String>,
    /// Recipe and period of figures that it took the place of; empty when the server was killed before it could note them.
    #[serde(default)]
    pub replaced: Vec<(String, String)>,
    /// Recipe and period of figures that it left out; as `replaced`.
    #[serde(default)]
    pub left_out: Vec<(String, String)>,
}

impl PublicationRecord {
    /// The record of a publication and the request in it.
    pub(super) fn of(manifest: &Manifest, request: &RequestMark) -> Self {
        Self {
            format: FORMAT,
            id: request.id.clone(),
            fingerprint: request.fingerprint.clone(),
            sequence: manifest.sequence,
            edition_id: manifest.id().to_owned(),
            edition_name: manifest.name.clone(),
            published: true,
            imports: request.imports.clone(),
            set_aside: request.set_aside.clone(),
            replaced: Vec::new(),
            left_out: Vec::new(),
        }
    }
}

/// What became of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// It waits.
    Pending,
    /// The publication of this number took it first.
    Published(u64),
    /// It is not to be published unless it is named.
    SetAside,
}

/// What every publication did with imports.
#[derive(Debug, Default)]
pub struct Outcomes(HashMap<String, ImportState>);

impl Outcomes {
    /// What became of an import.
    #[must_use]
    pub fn of(&self, import: &str) -> ImportState {
        self.0.get(import).copied().unwrap_or(ImportState::Pending)
    }

    fn add(&mut self, record: &PublicationRecord) {
        for import in &record.imports {
            let state = self.0.entry(import.clone()).or_insert(ImportState::SetAside);
            *state = match *state {
                ImportState::Published(earlier) => ImportState::Published(earlier.min(record.sequence)),
                _ => ImportState::Published(record.sequence),
            };
        }
        for import in &record.set_aside {
            self.0.entry(import.clone()).or_insert(ImportState::SetAside);
        }
    }
}

/// The records of a shelf.
#[derive(Debug, Clone)]
pub(super) struct Records {
    shelf: Shelf,
}

impl Records {
    pub(super) fn of(shelf: Shelf) -> Self {
        Self { shelf }
    }

    /// An import, if there is one of this request.
    pub(super) async fn import(&self, id: &RequestId) -> Result<Option<ImportRecord>, AdministrationError> {
        self.read(RecordKind::Import, id).await
    }

    /// All imports, in the order in which they were kept.
    pub(super) async fn imports(&self) -> Result<Vec<ImportRecord>, AdministrationError> {
        let mut found = Vec::new();
        for id in self.shelf.recorded(RecordKind::Import).await? {
            match self.import(&id).await {
                Ok(Some(record)) => found.push(record),
                Ok(None) => {}
                // Said, and no reason to lose sight of the others.
                Err(AdministrationError::Record { path, cause }) => {
                    tracing::warn!(path, cause, "a record is left out");
                }
                Err(error) => return Err(error),
            }
        }
        found.sort_by(|one, other| (one.accepted, &one.id).cmp(&(other.accepted, &other.id)));
        Ok(found)
    }

    /// Keeps an import; gives back the one that is kept under its id, when another request was first.
    pub(super) async fn keep_import(
        &self,
        id: &RequestId,
        record: ImportRecord,
    ) -> Result<ImportRecord, AdministrationError> {
        loop {
            if self.keep(RecordKind::Import, id, &record).await? {
                return Ok(record);
            }
            // Gone again in between: somebody tidies up.
            if let Some(first) = self.import(id).await? {
                return Ok(first);
            }
        }
    }

    /// What was published under a request, if anything.
    pub(super) async fn publication(
        &self,
        id: &RequestId,
    ) -> Result<Option<PublicationRecord>, AdministrationError> {
        self.read(RecordKind::Publication, id).await
    }

    /// Keeps what was published. Under its id there is nothing else: the publication itself was won by this request.
    pub(super) async fn keep_publication(
        &self,
        id: &RequestId,
        record: &PublicationRecord,
    ) -> Result<(), AdministrationError> {
        self.keep(RecordKind::Publication, id, record).await?;
        Ok(())
    }

    /// Writes the records that servers which were killed between a publication and its record could not write.
    pub(super) async fn catch_up(&self) -> Result<(), AdministrationError> {
        let known = self.shelf.recorded(RecordKind::Publication).await?;
        for manifest in self.shelf.manifests().await? {
            if let Some(request) = &manifest.request
                && let Ok(id) = RequestId::parse(&request.id)
                && known.binary_search(&id).is_err()
            {
                self.keep_publication(&id, &PublicationRecord::of(&manifest, request))
                    .await?;
            }
        }
        Ok(())
    }

    /// What every publication did with imports.
    pub(super) async fn outcomes(&self) -> Result<Outcomes, AdministrationError> {
        let mut outcomes = Outcomes::default();
        for id in self.shelf.recorded(RecordKind::Publication).await? {
            // One that cannot be read may have taken imports: to take them again could undo later ones.
            if let Some(record) = self.publication(&id).await? {
                outcomes.add(&record);
            }
        }
        Ok(outcomes)
    }

    async fn read<R: DeserializeOwned>(
        &self,
        kind: RecordKind,
        id: &RequestId,
    ) -> Result<Option<R>, AdministrationError> {
        let Some(json) = self.shelf.record(kind, id).await? else {
            return Ok(None);
        };
        parse(&json)
            .map(Some)
            .map_err(|cause| AdministrationError::Record {
                path: kind.path(id).to_string(),
                cause,
            })
    }

    async fn keep(
        &self,
        kind: RecordKind,
        id: &RequestId,
        record: &impl Serialize,
    ) -> Result<bool, AdministrationError> {
        let mut json = serde_json::to_vec_pretty(record).map_err(io::Error::from)?;
        json.push(b'\n');
        Ok(self.shelf.keep_record(kind, id, Bytes::from(json)).await?)
    }
}

fn parse<R: DeserializeOwned>(json: &[u8]) -> Result<R, String> {
    #[derive(Deserialize)]
    struct AnyFormat {
        format: u32,
    }
    let found: AnyFormat = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    if found.format > FORMAT {
        return Err(format!(
            "it has format {}, this server reads up to {FORMAT}: upgrade this server",
            found.format
        ));
    }
    serde_json::from_slice(json).map_err(|error| error.to_string())
}

/// SHA-256 over what a request asks for: parts by name, in any order.
pub(super) fn fingerprint(parts: &BTreeMap<&str, Vec<String>>) -> String {
    let mut hasher = Sha256::new();
    let mut add = |text: &str| {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text);
    };
    for (name, values) in parts {
        add(name);
        add(&values.len().to_string());
        values.iter().for_each(|value| add(value));
    }
    hex(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_damaged_record_is_named_by_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
        let id = RequestId::parse("two").expect("an id");
        let half = Bytes::from_static(b"{\"format\": 1");
        let kept = shelf.keep_record(RecordKind::Publication, &id, half).await;
        assert!(kept.expect("kept"));
        let error = Records::of(shelf).outcomes().await.expect_err("damaged");
        let text = error.to_string();
        assert!(
            text.starts_with("publications/two.json on the shelf is damaged"),
            "{text}"
        );
    }
}
