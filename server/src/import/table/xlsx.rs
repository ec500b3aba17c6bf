//! A sheet of a workbook, as Excel and others write it (XLSX).

use std::{
    io::{self, Cursor, Read},
    panic::{self, AssertUnwindSafe},
};

use ::csv::StringRecord;
use calamine::{DataRef, Dimensions, Reader, Xlsx, XlsxError};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::{
    super::{
        cell::DecimalSign,
        problems::{Problems, excerpt, plain},
        recipe::Header,
    },
    NeededColumn, Row,
    rows::{Rows, Useless, is_note},
};
use crate::domain::nearest;

/// Larger workbooks are no tables of figures.
const MAX_PACKED: u64 = 128 << 20;
/// What all parts of a workbook may unpack to; a few bytes can pretend to be more.
const MAX_UNPACKED: u64 = 1 << 30;
/// What a sheet can hold.
const MOST_COLUMNS: u32 = 16_384;

/// Which cells of a workbook are the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet<'r> {
    pub(super) name: Option<&'r str>,
    pub(super) header: Header,
    /// How the recipe writes numbers, which cells that hold numbers are written as.
    pub(super) decimal: DecimalSign,
}

/// Reads a table as [`super::read`] has it. Hashed is the file as it is.
pub(super) fn read(
    file: &str,
    mut reader: Box<dyn Read + Send>,
    sheet: Sheet<'_>,
    needed: &[NeededColumn],
    hasher: &mut Sha256,
    problems: &mut Problems,
    mut take: impl FnMut(&Row<'_>, &mut Problems),
) {
    let mut rows = Rows::of(file, sheet.header, needed);
    let mut line = |row: u32, cells: &mut Vec<String>, merged: &[Dimensions], problems: &mut Problems| {
        let mut cells = std::mem::take(cells);
        let line = row as usize + 1;
        if let Some(width) = rows.width() {
            // Cells that are not there are empty.
            let filled = cells.iter().rposition(|cell| !cell.trim().is_empty());
            cells.resize(filled.map_or(0, |last| last + 1).max(width), String::new());
        }
        let cells = StringRecord::from(cells);
        let is_merged = |area: &Dimensions| (area.start.0..=area.end.0).contains(&row);
        if rows.width().is_some() && merged.iter().any(is_merged) && !is_note(&cells) {
            let message = "has merged cells, of which only the first holds what is shown: unmerge them and fill in the others";
            problems.at(file, line, message);
            return Ok(());
        }
        rows.line(&cells, line, problems, &mut take)
            .map_err(|Useless| String::new())
    };
    let mut read = |bytes: Vec<u8>| {
        let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(in_words)?;
        let name = choose(sheet.name, &workbook)?;
        let merged = workbook.merge_cells_by_sheet_name(&name).map_err(in_words)?;
        let mut cells = workbook.worksheet_cells_reader(&name).map_err(in_words)?;
        let mut of_row: Vec<String> = Vec::new();
        let mut last: Option<(u32, u32)> = None;
        while let Some(cell) = cells.next_cell_with_formula().map_err(in_words)? {
            let (row, column) = cell.pos;
            // Of two cells at one place one would be lost.
            if column >= MOST_COLUMNS || last.is_some_and(|last| (row, column) <= last) {
                return Err(format!(
                    "its cells are out of order at row {}",
                    row.saturating_add(1)
                ));
            }
            if let Some((done, _)) = last.filter(|(done, _)| *done != row) {
                line(done, &mut of_row, &merged, problems)?;
            }
            last = Some((row, column));
            if cell.value == DataRef::Empty && cell.formula.is_some() {
                return Err(format!(
                    "row {} has a formula without its result: calculate the workbook and save it again",
                    row.saturating_add(1)
                ));
            }
            let column = column as usize;
            if of_row.len() <= column {
                of_row.resize(column + 1, String::new());
            }
            of_row[column] = written(&cell.value, sheet.decimal);
        }
        match last {
            Some((row, _)) => line(row, &mut of_row, &merged, problems),
            None => Ok(()),
        }
    };
    let outcome = whole(&mut reader, MAX_UNPACKED, hasher).and_then(|bytes| {
        // The library gives up on some broken workbooks by a panic, as on a column beyond what numbers count.
        panic::catch_unwind(AssertUnwindSafe(|| read(bytes)))
            .unwrap_or_else(|_| Err("cannot be read as a workbook: it is damaged".to_owned()))
    });
    match outcome {
        Err(message) if message.is_empty() => {} // reported with its place
        Err(message) => problems.in_file(file, message),
        Ok(()) => rows.end(problems),
    }
}

/// All bytes of a workbook, once it is certain what they unpack to.
pub(super) fn whole(
    reader: &mut impl Read,
    most_unpacked: u64,
    hasher: &mut Sha256,
) -> Result<Vec<u8>, String> {
    let cannot = |error: &dyn std::fmt::Display| format!("cannot be read: {error}");
    let mut bytes = Vec::new();
    let mut bounded = reader.take(MAX_PACKED + 1);
    bounded.read_to_end(&mut bytes).map_err(|error| cannot(&error))?;
    if bytes.len() as u64 > MAX_PACKED {
        return Err(format!(
            "is larger than {MAX_PACKED} bytes: export its table as CSV"
        ));
    }
    hasher.update(&bytes);
    let mut archive = ZipArchive::new(Cursor::new(&bytes)).map_err(|_| {
        "is no workbook: expected an XLSX file; another kind is saved as XLSX or exported as CSV first"
            .to_owned()
    })?;
    let mut left = most_unpacked;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| cannot(&error))?;
        let holds_texts = part
            .name_raw()
            .to_ascii_lowercase()
            .ends_with(b"sharedstrings.xml");
        // What it says of its size may be a lie: count.
        let mut part = part.take(left + 1);
        let mut texts = Vec::new();
        let unpacked = if holds_texts {
            part.read_to_end(&mut texts).map(|length| length as u64)
        } else {
            io::copy(&mut part, &mut io::sink())
        };
        let unpacked = unpacked.map_err(|error| cannot(&error))?;
        left = left.checked_sub(unpacked).ok_or_else(|| {
            format!("unpacks to more than {most_unpacked} bytes: this is no table of figures")
        })?;
        // The library makes room for as many texts as are announced, before it looks for them.
        if announced(&texts).any(|count| count > texts.len() as u64) {
            return Err("announces more texts than it holds: it is damaged".to_owned());
        }
    }
    drop(archive);
    Ok(bytes)
}

/// How many texts a part says it has, wherever it says so.
fn announced(part: &[u8]) -> impl Iterator<Item = u64> {
    const NAME: &[u8] = b"uniqueCount";
    let places = part.windows(NAME.len()).enumerate();
    let after = places
        .filter(|(_, name)| *name == NAME)
        .map(|(place, _)| place + NAME.len());
    after.map(|place| {
        let is_digit = |byte: &&u8| byte.is_ascii_digit();
        let value = part[place..]
            .iter()
            .skip_while(|byte| b" \t\r\n=\"'+".contains(byte));
        let digits = value.take_while(is_digit);
        digits.fold(0, |number: u64, digit| {
            number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
        })
    })
}

fn in_words(error: XlsxError) -> String {
    match error {
        XlsxError::Password => "is protected by a password: save it without one".to_owned(),
        other => format!("cannot be read as a workbook: {other}"),
    }
}

/// A cell as the recipe would write it.
fn written(value: &DataRef<'_>, decimal: DecimalSign) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => decimal.written(*number),
        DataRef::Bool(flag) => flag.to_string(),
        // Excel keeps days as numbers: a year that was made a date is none any more.
        DataRef::DateTime(date) => format!("the date with number {}", date.as_f64()),
        DataRef::Error(error) => error.to_string(),
    }
}

/// The name of the sheet to read.
fn choose(wanted: Option<&str>, workbook: &Xlsx<Cursor<Vec<u8>>>) -> Result<String, String> {
    let names = workbook.sheet_names();
    let Some(wanted) = wanted else {
        return match names.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err("has no sheet".to_owned()),
            _ => Err(format!(
                "has {} sheets: write in the recipe which `sheet` is meant: {}",
                names.len(),
                quoted(&names)
            )),
        };
    };
    if let Some(found) = names.iter().find(|name| plain(name) == plain(wanted)) {
        return Ok(found.clone());
    }
    let hint = nearest(wanted, names.iter().map(String::as_str)).map_or_else(
        || format!("there are {}", quoted(&names)),
        |near| format!("did you mean `{}`?", excerpt(near)),
    );
    Err(format!("has no sheet `{wanted}`; {hint}"))
}

fn quoted(names: &[String]) -> String {
    let quoted: Vec<String> = names
        .iter()
        .take(20)
        .map(|name| format!("`{}`", excerpt(name)))
        .collect();
    quoted.join(", ")
}
