//! A checked draft -> an edition file, in memory until it is whole.
//!
//! The file is serialised only when every row, check and derived figure is in it; the shelf then writes it beside what it
//! holds and renames. A crash or a full disk on the way leaves nothing behind that could be taken for an edition.

use bytes::Bytes;
use rusqlite::{Connection, ToSql, params, params_from_iter, types::ToSqlOutput};

use super::{
    APPLICATION_ID, EditionError, EditionFile, EditionOrigin, SCHEMA_VERSION, StoredTable, StoredTables,
    content_hash::{content_hash, hex},
    grade_scales::store_grade_scales,
    source::{Draft, Value},
};
use crate::method::METHOD_VERSION;
use sha2::{Digest, Sha256};

const SCHEMA: &str = include_str!("schema.sql");

/// Builds the edition of a draft.
///
/// # Errors
/// [`EditionError::Sqlite`] when SQLite refuses a row: a fault of ours, because the draft was checked.
pub fn build(draft: &Draft) -> Result<EditionFile, EditionError> {
    build_tables(&draft.stored_tables())
}

/// Builds the edition of rows that were checked.
///
/// # Errors
/// As [`build`].
pub fn build_tables(tables: &StoredTables) -> Result<EditionFile, EditionError> {
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch(SCHEMA)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    connection.pragma_update(None, "foreign_keys", false)?; // checked as a whole below: rows refer forwards too

    let transaction = connection.transaction()?;
    for table in &tables.0 {
        insert(&transaction, table)?;
    }
    let hash = content_hash(&transaction, METHOD_VERSION)?;
    transaction.execute(
        "INSERT INTO facts (content_hash, method_version, only_row) VALUES (?1, ?2, 0)",
        params![hash, METHOD_VERSION],
    )?;
    store_grade_scales(&transaction)?;
    transaction.commit()?;

    let dangling: i64 = connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
        row.get(0)
    })?;
    if dangling > 0 {
        return Err(EditionError::Corrupt(format!(
            "rows refer to rows that do not exist: {dangling}"
        )));
    }
    connection.execute_batch("VACUUM")?;
    let name = connection.query_row("SELECT name FROM edition", [], |row| row.get(0))?;
    let bytes = Bytes::from(connection.serialize("main")?.to_vec());
    Ok(EditionFile {
        name,
        content_hash: hash,
        file_sha256: hex(&Sha256::digest(&bytes)),
        bytes,
        origin: EditionOrigin::of(tables),
    })
}

fn insert(connection: &Connection, table: &StoredTable) -> rusqlite::Result<()> {
    let names = table.columns.join(", ");
    let places = vec!["?"; table.columns.len()].join(", ");
    let mut statement = connection.prepare(&format!(
        "INSERT INTO {} ({names}) VALUES ({places})",
        table.table
    ))?;
    for row in &table.rows {
        statement.execute(params_from_iter(row))?;
    }
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(rusqlite::types::ValueRef::Null),
            Self::Integer(number) => ToSqlOutput::from(*number),
            Self::Real(number) => ToSqlOutput::from(*number),
            Self::Text(text) => ToSqlOutput::from(text.as_str()),
        })
    }
}
