//! Tables as they come: CSV, compressed or not, read row by row.
//!
//! Whether a table is compressed is seen from its content, not from its name, and what is hashed are the uncompressed bytes,
//! so that a table packed again is the same table. Rows are given out one at a time; nothing of a table is kept here.

mod content;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::Path,
};

use csv::{ByteRecord, StringRecord};
use sha2::Sha256;

use crate::domain::nearest;

use super::{
    ImportError,
    problems::{Problems, excerpt, plain},
};
use content::Content;

/// A table to read.
pub struct TableInput {
    /// What messages call it.
    pub name: String,
    reader: Box<dyn Read + Send>,
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
            reader: Box::new(reader),
        }
    }

    /// A table in a file.
    ///
    /// # Errors
    /// [`ImportError`] when it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let name = path.display().to_string();
        let opened = if path.is_dir() {
            Err(io::ErrorKind::IsADirectory.into())
        } else {
            File::open(path)
        };
        match opened {
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
        Self::new(
            self.name,
            Watched {
                reader: self.reader,
                progress,
            },
        )
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
}

impl<'a> Row<'a> {
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
    delimiter: u8,
    needed: &[NeededColumn],
    hasher: &mut Sha256,
    problems: &mut Problems,
    mut take: impl FnMut(&Row<'_>, &mut Problems),
) {
    let file = input.name;
    let content = match Content::open(input.reader, hasher) {
        Ok(content) => content,
        Err(error) => return problems.in_file(&file, format!("cannot be read: {error}")),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        // A carriage return before it is a space around the last cell.
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(content);
    let mut lines = Lines {
        reader: &mut reader,
        record: ByteRecord::new(),
        row_number: 0,
    };
    let header = match lines.next(&file, problems) {
        Next::Row(header, _) => header,
        Next::End => {
            return problems.in_file(&file, "is empty: expected a header with the names of the columns");
        }
        Next::Unreadable | Next::Broken => return,
    };
    let Some(places) = places(&file, &header, delimiter, needed, problems) else {
        return;
    };
    loop {
        match lines.next(&file, problems) {
            Next::Row(record, line) => {
                let is_blank = record.len() == 1 && record.get(0).unwrap_or_default().trim().is_empty();
                if is_blank && header.len() > 1 {
                    // As empty lines between or below rows are.
                } else if record.len() == header.len() {
                    take(
                        &Row {
                            record: &record,
                            places: &places,
                            line,
                        },
                        problems,
                    );
                } else {
                    let (found, first) = (record.len(), excerpt(record.get(0).unwrap_or_default().trim()));
                    let message = format!(
                        "has {found} cells, the header has {}; the row begins with `{first}`",
                        header.len()
                    );
                    problems.at(&file, line, message);
                }
                lines.record = record.into_byte_record();
            }
            Next::Unreadable => {}
            Next::End => break,
            Next::Broken => return,
        }
    }
}

/// The records of a table with their lines.
struct Lines<'r, 'h> {
    reader: &'r mut csv::Reader<Content<'h>>,
    record: ByteRecord,
    row_number: usize,
}

enum Next {
    Row(StringRecord, usize),
    /// This row is not text: reported.
    Unreadable,
    End,
    /// Nothing more can be read: reported.
    Broken,
}

impl Lines<'_, '_> {
    fn next(&mut self, file: &str, problems: &mut Problems) -> Next {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Next::End,
            Err(error) => {
                let what = match error.into_kind() {
                    csv::ErrorKind::Io(error) => error.to_string(),
                    other => format!("{other:?}"),
                };
                problems.in_file(
                    file,
                    format!("cannot be read beyond row {}: {what}", self.row_number),
                );
                return Next::Broken;
            }
        }
        self.row_number += 1;
        let line = self.line();
        // A row that closes its cells leaves the last line end out of them.
        if self.record.as_slice().ends_with(b"\n") && self.reader.get_ref().ended_in_quotes() {
            let message = "a cell of this row begins with a quote and never ends: close it";
            problems.at(file, line + 1, message); // no line end after the row
            return Next::Broken;
        }
        match StringRecord::from_byte_record(std::mem::take(&mut self.record)) {
            Ok(record) => Next::Row(record, line),
            Err(error) => {
                let cell = error.utf8_error().field();
                let message = if self.row_number == 1 {
                    "is not UTF-8 text: expected a CSV file in UTF-8 (save it as such, or convert it)"
                        .to_owned()
                } else {
                    let shown =
                        String::from_utf8_lossy(error.into_byte_record().get(cell).unwrap_or_default())
                            .into_owned();
                    format!(
                        "cell {} is not UTF-8 text: `{}`; convert the file to UTF-8",
                        cell + 1,
                        excerpt(&shown)
                    )
                };
                problems.at(file, line, message);
                if self.row_number == 1 {
                    Next::Broken
                } else {
                    Next::Unreadable
                }
            }
        }
    }

    /// The line that the row begins on, counted back from where it ends: the reader's own word for the beginning does not
    /// count the empty lines before a row.
    fn line(&self) -> usize {
        let next = usize::try_from(self.reader.position().line()).unwrap_or(usize::MAX);
        let within = self
            .record
            .as_slice()
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count();
        next.saturating_sub(1 + within)
    }
}

/// Where the needed columns stand.
fn places(
    file: &str,
    header: &StringRecord,
    delimiter: u8,
    needed: &[NeededColumn],
    problems: &mut Problems,
) -> Option<Vec<usize>> {
    let names: Vec<String> = header.iter().map(|name| plain(name).into_owned()).collect();
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
                problems.at(file, 1, message);
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
        problems.at(file, 1, message);
    }
    if places.len() == needed.len() {
        return Some(places);
    }
    if names.len() == 1
        && let Some(other) = [',', ';', '\t']
            .into_iter()
            .find(|&other| u32::from(other) != u32::from(delimiter) && names[0].contains(other))
    {
        let message =
            format!("the header is a single cell that holds {other:?}: is `delimiter` in the recipe right?");
        problems.at(file, 1, message);
    }
    None
}
