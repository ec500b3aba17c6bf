//! CSV, in the dialects that public sources write.

use std::io::Read;

use ::csv::{ByteRecord, ReaderBuilder, StringRecord, Terminator};
use sha2::Sha256;

use super::{
    super::{
        problems::{Problems, excerpt},
        recipe::{Encoding, Header, Quotes},
    },
    NeededColumn, Row,
    content::Content,
    rows::Rows,
    text::{Fault, Strict, text_of},
};

const ENCODING_HINT: &str = "save it as UTF-8, or write encoding = \"windows-1252\" in the recipe";

/// How a table is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) encoding: Encoding,
    pub(super) quotes: Quotes,
    pub(super) header: Header,
}

/// Reads a table as [`super::read`] has it.
pub(super) fn read(
    file: &str,
    reader: Box<dyn Read + Send>,
    dialect: Dialect,
    needed: &[NeededColumn],
    hasher: &mut Sha256,
    problems: &mut Problems,
    mut take: impl FnMut(&Row<'_>, &mut Problems),
) {
    let content = match Content::open(reader, hasher) {
        Ok(content) => content,
        Err(error) => return problems.in_file(file, format!("cannot be read: {error}")),
    };
    let text = text_of(content, dialect.encoding, dialect.quotes, dialect.delimiter);
    let mut reader = ReaderBuilder::new()
        .delimiter(dialect.delimiter)
        .flexible(true)
        .has_headers(false)
        // A carriage return before it is a space around the last cell.
        .terminator(Terminator::Any(b'\n'))
        .from_reader(text);
    let mut lines = Lines {
        reader: &mut reader,
        record: ByteRecord::new(),
        row_number: 0,
    };
    let mut rows = Rows::of(file, dialect.header, needed);
    loop {
        match lines.next(file, problems) {
            Next::Line(record, line) => {
                if rows.line(&record, line, problems, &mut take).is_err() {
                    return hint_at_delimiter(file, line, rows.only_name(), dialect.delimiter, problems);
                }
                lines.record = record.into_byte_record();
            }
            Next::Unreadable => {}
            Next::End => return rows.end(problems),
            Next::Broken => return,
        }
    }
}

fn hint_at_delimiter(file: &str, line: usize, only: Option<String>, delimiter: u8, problems: &mut Problems) {
    let Some(only) = only else { return };
    let other = [',', ';', '\t']
        .into_iter()
        .find(|&other| u32::from(other) != u32::from(delimiter) && only.contains(other));
    if let Some(other) = other {
        let message =
            format!("the header is a single cell that holds {other:?}: is `delimiter` in the recipe right?");
        problems.at(file, line, message);
    }
}

/// The records of a table with their lines.
struct Lines<'r, R> {
    reader: &'r mut ::csv::Reader<Strict<R>>,
    record: ByteRecord,
    row_number: usize,
}

enum Next {
    Line(StringRecord, usize),
    /// This row is not text: reported.
    Unreadable,
    End,
    /// Nothing more can be read: reported.
    Broken,
}

impl<R: Read> Lines<'_, R> {
    fn next(&mut self, file: &str, problems: &mut Problems) -> Next {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Next::End,
            Err(error) => {
                let what = match error.into_kind() {
                    ::csv::ErrorKind::Io(error) => match Fault::of(&error) {
                        Some(fault) => {
                            problems.at(file, fault.line, fault.message.as_str());
                            return Next::Broken;
                        }
                        None => error.to_string(),
                    },
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
        match StringRecord::from_byte_record(std::mem::take(&mut self.record)) {
            Ok(record) => Next::Line(record, line),
            Err(error) => {
                let cell = error.utf8_error().field();
                let message = if self.row_number == 1 {
                    format!("is not UTF-8 text: expected a CSV file in UTF-8; {ENCODING_HINT}")
                } else {
                    let shown =
                        String::from_utf8_lossy(error.into_byte_record().get(cell).unwrap_or_default())
                            .into_owned();
                    format!(
                        "cell {} is not UTF-8 text: `{}`; {ENCODING_HINT}",
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
