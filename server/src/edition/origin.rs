//! What an edition was made from, in a few words: its publication keeps them beside the file.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{StoredTables, content_hash::hex};

/// What an edition was made from. When its file is damaged, this still tells whether another edition and an import would give it
/// again, or lose something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionOrigin {
    /// SHA-256 over the files of its source folder; absent for the one that is compiled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_sha256: Option<String>,
    /// Its import units, by recipe and period.
    #[serde(default)]
    pub import_units: Vec<UnitMark>,
}

/// What tells an import unit from every other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UnitMark {
    /// Id of its recipe.
    pub recipe: String,
    /// Its period.
    pub period: String,
    /// SHA-256 over the text of the recipe.
    pub recipe_sha256: String,
    /// SHA-256 over the uncompressed bytes of its tables.
    pub file_sha256: String,
}

impl EditionOrigin {
    /// The origin of an edition of these rows.
    pub(super) fn of(tables: &StoredTables) -> Self {
        let mut import_units = Vec::new();
        if let Some(table) = tables.0.iter().find(|table| table.table == "import_unit") {
            let marks = table.rows.iter().map(|row| {
                let text = |column| table.text(row, column).unwrap_or_default().to_owned();
                UnitMark {
                    recipe: text("recipe"),
                    period: text("period"),
                    recipe_sha256: text("recipe_sha256"),
                    file_sha256: text("file_sha256"),
                }
            });
            import_units.extend(marks);
        }
        import_units.sort();
        let files = &tables.table("source_file").rows;
        let source_sha256 = (!files.is_empty()).then(|| {
            let mut hasher = Sha256::new();
            for text in files.iter().flatten().map(ToString::to_string) {
                hasher.update((text.len() as u64).to_be_bytes());
                hasher.update(text);
            }
            hex(&hasher.finalize())
        });
        Self {
            source_sha256,
            import_units,
        }
    }

    /// The units of this origin that the other lacks, or has another version of.
    #[must_use]
    pub fn units_lost_in<'a>(&'a self, other: &Self) -> Vec<&'a UnitMark> {
        let own = self.import_units.iter();
        own.filter(|unit| !other.import_units.contains(unit)).collect()
    }
}
