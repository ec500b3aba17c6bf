//! Tables as they come, read row by row.
//!
//! Whether a table is compressed is seen from its content, not from its name, and what is hashed are the uncompressed bytes,
//! so that a table packed again is the same table. Rows are given out one at a time, whatever the table is written in.

mod code_list;
mod content;
mod csv;
mod rows;
mod text;
mod xlsx;

#[cfg(test)]
mod dialects;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use ::csv::StringRecord;
use sha2::Sha256;

use crate::domain::nearest;

use super::{
    ImportError,
    problems::{Problems, excerpt},
    recipe::{TableFormat, TableKind},
};

/// A table to read.
pub struct TableInput {
    /// What messages call it.
    pub name: String,
    stored: Stored,
}

/// How a table is stored.
pub(super) enum Stored {
    /// As one file.
    File(Box<dyn Read + Send>),
    /// As a folder with the answers of OData.
    Folder {
        path: PathBuf,
        /// Hears how many bytes each read took.
        progress: Box<dyn FnMut(usize) + Send>,
    },
}

impl fmt::Debug for TableInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableInput")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl TableInput {
    /// A table from anywhere. Whoever wants to show progress counts the bytes that `reader` gives.
    pub fn new(name: impl Into<String>, reader: impl Read + Send + 'static) -> Self {
        Self {
            name: name.into(),
            stored: Stored::File(Box::new(reader)),
        }
    }

    /// A table in a file, or in a folder with the answers of OData.
    ///
    /// # Errors
    /// [`ImportError`] when it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let name = path.display().to_string();
        if path.is_dir() {
            let stored = Stored::Folder {
                path: path.to_path_buf(),
                progress: Box::new(|_| {}),
            };
            return Ok(Self { name, stored });
        }
        match File::open(path) {
            Ok(file) => Ok(Self::new(name, file)),
            Err(error) => {
                let mut problems = Problems::all();
                problems.in_file(&name, format!("cannot be read: {error}"));
                Err(problems.refusal("the choice of tables"))
            }
        }
    }

    /// The same table, telling `progress` how many of its bytes, as they are stored, each read took.
    #[must_use]
    pub fn with_progress(self, progress: impl FnMut(usize) + Send + 'static) -> Self {
        let stored = match self.stored {
            Stored::File(reader) => Stored::File(Box::new(Watched { reader, progress })),
            Stored::Folder { path, .. } => Stored::Folder {
                path,
                progress: Box::new(progress),
            },
        };
        Self { stored, ..self }
    }

    /// Its folder, if it is stored as one.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.stored {
            Stored::File(_) => None,
            Stored::Folder { path, .. } => Some(path),
        }
    }

    pub(super) fn into_stored(self) -> Stored {
        self.stored
    }
}

struct Watched<F> {
    reader: Box<dyn Read + Send>,
    progress: F,
}

impl<F: FnMut(usize)> Read for Watched<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.reader.read(buffer)?;
        (self.progress)(taken);
        Ok(taken)
    }
}

/// A column that is needed, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NeededColumn {
    pub(super) name: String,
    /// Who needs it, for the message when it is missing: `kwb.toml:12`, or a key.
    pub(super) needed_by: String,
}

/// A row: the cells of the needed columns, in their order, without spaces around them.
pub(super) struct Row<'a> {
    record: &'a StringRecord,
    places: &'a [usize],
    /// Its line, counted from 1.
    pub(super) line: usize,
    /// Whether the source says that its figures may still change.
    pub(super) is_provisional: bool,
}

impl<'a> Row<'a> {
    /// A row of cells that stand at these places, one for each needed column.
    pub(super) fn of(
        record: &'a StringRecord,
        places: &'a [usize],
        line: usize,
        is_provisional: bool,
    ) -> Self {
        Self {
            record,
            places,
            line,
            is_provisional,
        }
    }

    /// The cell of a needed column.
    pub(super) fn cell(&self, column: usize) -> &'a str {
        self.places
            .get(column)
            .and_then(|&place| self.record.get(place))
            .unwrap_or_default()
            .trim()
    }
}

/// Reads a table to its end, giving every row to `take`. What is wrong is reported and the rest still read, so that all of it
/// is known at once; whatever was taken of a table with problems must not be used.
pub(super) fn read(
    input: TableInput,
    format: &TableFormat,
    needed: &[NeededColumn],
    hasher: &mut Sha256,
    problems: &mut Problems,
    take: impl FnMut(&Row<'_>, &mut Problems),
) {
    let name = input.name;
    if format.kind == TableKind::CodeList {
        return code_list::read(&name, input.stored, needed, hasher, problems, take);
    }
    let Stored::File(reader) = input.stored else {
        return problems.in_file(&name, "is a folder: the recipe reads a file; name the file");
    };
    match &format.kind {
        TableKind::Csv {
            delimiter,
            encoding,
            quotes,
            header,
        } => {
            let dialect = csv::Dialect {
                delimiter: *delimiter,
                encoding: *encoding,
                quotes: *quotes,
                header: *header,
            };
            csv::read(&name, reader, dialect, needed, hasher, problems, take);
        }
        TableKind::Xlsx { sheet, header } => {
            let sheet = xlsx::Sheet {
                name: sheet.as_deref(),
                header: *header,
                decimal: format.decimal,
            };
            xlsx::read(&name, reader, sheet, needed, hasher, problems, take);
        }
        TableKind::OData | TableKind::CodeList => {
            problems.in_file(&name, "is a file, and a table over OData a folder");
        }
    }
}

/// Where the needed columns stand.
fn places(
    file: &str,
    line: usize,
    names: &[String],
    needed: &[NeededColumn],
    problems: &mut Problems,
) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    let mut missing: Vec<&str> = Vec::new();
    let mut absent: Vec<String> = Vec::new();
    for column in needed {
        let mut found = names
            .iter()
            .enumerate()
            .filter(|(_, name)| **name == column.name)
            .map(|(place, _)| place);
        match (found.next(), found.next()) {
            (Some(place), None) => places.push(place),
            (Some(first), Some(second)) => {
                let (first, second) = (first + 1, second + 1);
                let message = format!(
                    "column `{}` stands twice, as column {first} and {second}: rename or remove one",
                    column.name
                );
                problems.at(file, line, message);
            }
            (None, _) if missing.contains(&column.name.as_str()) => {}
            (None, _) => {
                missing.push(&column.name);
                let hint = nearest(&column.name, names.iter().map(String::as_str))
                    .map_or_else(String::new, |near| format!("; did you mean `{}`?", excerpt(near)));
                absent.push(format!(
                    "there is no column `{}`, which {} needs{hint}",
                    column.name, column.needed_by
                ));
            }
        }
    }
    // Of another table most are missing: naming each would bury what is wrong.
    if absent.len() > 3 && places.len() < absent.len() {
        let message = format!(
            "it has {} of the {} columns that the recipe needs; `{}` is the first that is missing: is it the table that this \
             recipe is for?",
            places.len(),
            places.len() + absent.len(),
            missing[0]
        );
        absent = vec![message];
    }
    for message in absent {
        problems.at(file, line, message);
    }
    (places.len() == needed.len()).then_some(places)
}
