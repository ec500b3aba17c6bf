//! Opening an edition: read-only, immutable, and only when it is what it says it is.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use rusqlite::{Connection, OpenFlags, Row};
use sha2::{Digest, Sha256};

use super::{
    APPLICATION_ID, EditionError, SCHEMA_VERSION,
    content_hash::{content_hash, hex},
    grade_scales::grade_scales_fit,
};
use crate::method::METHOD_VERSION;

/// Where the bytes of an edition are.
#[derive(Debug, Clone)]
pub enum Location {
    /// A file of a local shelf.
    File(PathBuf),
    /// Memory, for shelves that are not a local directory.
    Memory(Bytes),
}

/// An open edition with its own facts.
#[derive(Debug)]
pub struct OpenEdition {
    /// The connection; it can only read.
    pub connection: Connection,
    /// SHA-256 of the content, 64 hex digits.
    pub content_hash: String,
    /// The method its grade scales follow.
    pub method_version: String,
}

/// Opens an edition after checking its bytes against the hash that names them.
///
/// # Errors
/// [`EditionError::Corrupt`] when the bytes are others or not an edition, [`EditionError::Schema`] or
/// [`EditionError::Method`] when another version of either made it.
pub fn open(location: &Location, file_sha256: &str) -> Result<OpenEdition, EditionError> {
    let found = match location {
        Location::File(path) => sha256_of_file(path)?,
        Location::Memory(bytes) => hex(&Sha256::digest(bytes)),
    };
    if found != file_sha256 {
        return Err(EditionError::Corrupt(format!(
            "its bytes hash to {found}, not to {file_sha256}"
        )));
    }
    let connection = match location {
        Location::File(path) => {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
                | OpenFlags::SQLITE_OPEN_URI
                | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            Connection::open_with_flags(immutable_uri(&std::path::absolute(path)?), flags)?
        }
        Location::Memory(bytes) => {
            let mut connection = Connection::open_in_memory()?;
            connection.deserialize_read_exact("main", &bytes[..], bytes.len(), true)?;
            connection
        }
    };
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(EditionError::Corrupt(
            "it is an SQLite file, but not an edition".to_owned(),
        ));
    }
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found != SCHEMA_VERSION {
        return Err(EditionError::Schema { found });
    }
    let (content_hash, method_version): (String, String) =
        connection.query_row("SELECT content_hash, method_version FROM facts", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    if method_version != METHOD_VERSION {
        return Err(EditionError::Method {
            found: method_version,
        });
    }
    Ok(OpenEdition {
        connection,
        content_hash,
        method_version,
    })
}

/// Opens an edition and checks all of it: bytes, SQLite's own structure, references, content hash and grade scales.
///
/// # Errors
/// [`EditionError`] naming the first thing that is not as it should be.
pub fn verify(location: &Location, file_sha256: &str, hash: &str) -> Result<(), EditionError> {
    let edition = open(location, file_sha256)?;
    let integrity: String = edition
        .connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if integrity != "ok" {
        return Err(EditionError::Corrupt(integrity));
    }
    let dangling: i64 =
        edition
            .connection
            .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
                row.get(0)
            })?;
    if dangling > 0 {
        return Err(EditionError::Corrupt(format!(
            "rows refer to rows that do not exist: {dangling}"
        )));
    }
    if edition.content_hash != hash {
        return Err(EditionError::Corrupt(format!(
            "it says its content hash is {}, the shelf says {hash}",
            edition.content_hash
        )));
    }
    let found = content_hash(&edition.connection, &edition.method_version)?;
    if found != hash {
        return Err(EditionError::Corrupt(format!(
            "its rows hash to {found}, not to {hash}"
        )));
    }
    if !grade_scales_fit(&edition.connection)? {
        return Err(EditionError::Corrupt(
            "its grade scales are not those of its rows".to_owned(),
        ));
    }
    Ok(())
}

/// All rows of a query over an edition.
pub(crate) fn all<T>(
    edition: &Connection,
    sql: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    edition.prepare(sql)?.query_map([], |row| read(row))?.collect()
}

fn sha256_of_file(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// An SQLite URI that promises nobody changes the file, so that nothing is written or locked beside it. The path is absolute
/// and follows an empty authority: without one, SQLite would take the first name of `//data/shelf` for a host.
fn immutable_uri(path: &Path) -> String {
    let mut uri = String::from("file://");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(char::from(*byte))
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?mode=ro&immutable=1");
    uri
}
