//! The content hash: what an edition says, whatever the machine, the day or the order of imports.
//!
//! SHA-256 over the schema version, the method version, and every input table by name: every column by name, every row in
//! the order of its primary key. A value is a tag and its bytes, text length-prefixed (it is stored in Unicode normal form
//! C), a number by its bits with negative zero as zero. Derived tables and the edition's label do not enter.

use rusqlite::{Connection, types::ValueRef};
use sha2::{Digest, Sha256};

use super::SCHEMA_VERSION;

/// Tables made from the others, and the files that the rows of others were read from.
const DERIVED_TABLES: [&str; 3] = ["facts", "grade_scale", "source_file"];

/// The content hash of an open edition made by this version of the method, 64 hex digits.
pub(super) fn content_hash(edition: &Connection, method_version: &str) -> rusqlite::Result<String> {
    let mut hasher = Sha256::new();
    text(&mut hasher, "groeikern edition");
    hasher.update(SCHEMA_VERSION.to_be_bytes());
    text(&mut hasher, method_version);
    for table in input_tables(edition)? {
        text(&mut hasher, &table);
        let columns = Columns::of(edition, &table)?;
        columns.all.iter().for_each(|column| text(&mut hasher, column));
        let query = format!(
            "SELECT {} FROM {} ORDER BY {}",
            quoted(&columns.all),
            quoted(std::slice::from_ref(&table)),
            quoted(&columns.key)
        );
        let mut statement = edition.prepare(&query)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            hasher.update(b"R");
            for index in 0..columns.all.len() {
                value(&mut hasher, row.get_ref(index)?);
            }
        }
    }
    Ok(hex(&hasher.finalize()))
}

/// Bytes as lower case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn input_tables(edition: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement =
        edition.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let names = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(names
        .into_iter()
        .filter(|name| !DERIVED_TABLES.contains(&name.as_str()) && !name.starts_with("sqlite_"))
        .collect())
}

struct Columns {
    /// Columns that enter, by name.
    all: Vec<String>,
    /// Columns of the primary key, in its order.
    key: Vec<String>,
}

impl Columns {
    fn of(edition: &Connection, table: &str) -> rusqlite::Result<Self> {
        let mut statement = edition.prepare("SELECT name, pk FROM pragma_table_info(?1) ORDER BY name")?;
        let columns: Vec<(String, i64)> = statement
            .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut key: Vec<(i64, String)> = columns
            .iter()
            .filter(|(_, place)| *place > 0)
            .map(|(name, place)| (*place, name.clone()))
            .collect();
        key.sort();
        let is_label = |name: &str| table == "edition" && name == "name";
        Ok(Self {
            all: columns
                .into_iter()
                .map(|(name, _)| name)
                .filter(|name| !is_label(name))
                .collect(),
            key: key.into_iter().map(|(_, name)| name).collect(),
        })
    }
}

fn quoted(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("\"{}\"", name.replace('"', "\"\"")))
        .collect::<Vec<_>>()
        .join(", ")
}

fn text(hasher: &mut Sha256, text: &str) {
    bytes(hasher, b"T", text.as_bytes());
}

fn bytes(hasher: &mut Sha256, tag: &[u8], bytes: &[u8]) {
    hasher.update(tag);
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

fn value(hasher: &mut Sha256, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => hasher.update(b"N"),
        ValueRef::Integer(number) => {
            hasher.update(b"I");
            hasher.update(number.to_be_bytes());
        }
        ValueRef::Real(number) => {
            hasher.update(b"F");
            hasher.update((number + 0.0).to_bits().to_be_bytes());
        }
        ValueRef::Text(text) => bytes(hasher, b"T", text),
        ValueRef::Blob(blob) => bytes(hasher, b"B", blob),
    }
}
