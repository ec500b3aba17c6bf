//! The lines of a table, whatever it is written in: its header, its rows, and what stands below them.

use ::csv::StringRecord;

use super::{
    super::{
        problems::{Problems, excerpt, plain},
        recipe::Header,
    },
    NeededColumn, Row, places,
};

/// Makes rows of lines.
pub(super) struct Rows<'a> {
    file: &'a str,
    header: Header,
    needed: &'a [NeededColumn],
    /// What every line of the header says of each column.
    names: Vec<Vec<String>>,
    columns: Option<Columns>,
    /// The line below the table in which the source names itself.
    note: Option<usize>,
}

/// The columns of a table whose header was read.
struct Columns {
    names: Vec<String>,
    places: Vec<usize>,
}

/// What is wrong makes all that follows useless; it was reported.
pub(super) struct Useless;

impl<'a> Rows<'a> {
    pub(super) fn of(file: &'a str, header: Header, needed: &'a [NeededColumn]) -> Self {
        Self {
            file,
            header,
            needed,
            names: Vec::new(),
            columns: None,
            note: None,
        }
    }

    /// How many columns there are, once the header was read.
    pub(super) fn width(&self) -> Option<usize> {
        Some(self.columns.as_ref()?.names.len())
    }

    /// Takes a line that is not empty.
    pub(super) fn line(
        &mut self,
        cells: &StringRecord,
        line: usize,
        problems: &mut Problems,
        take: &mut impl FnMut(&Row<'_>, &mut Problems),
    ) -> Result<(), Useless> {
        if line < self.header.line {
            return Ok(());
        }
        let Some(columns) = &self.columns else {
            return self.line_of_header(cells, line, problems);
        };
        let width = columns.names.len();
        let is_blank = cells.iter().all(|cell| cell.trim().is_empty());
        if is_blank && width > 1 && (cells.len() == 1 || cells.len() == width) {
            return Ok(()); // as empty lines between or below rows are
        }
        if width > 1 && is_note(cells) {
            self.note = Some(line);
            return Ok(());
        }
        if let Some(note) = self.note {
            let message = "a note on the source stands here, and rows go on below it: are these two tables in one file?";
            problems.at(self.file, note, message);
            return Err(Useless);
        }
        if cells.iter().any(|cell| cell.contains('\n')) {
            // Two stray quotes would make one row of all between them.
            let message = "has a cell that goes over the end of its line: quotes stand here that do not belong together; remove them";
            problems.at(self.file, line, message);
            return Ok(());
        }
        if cells.len() != width {
            let (found, first) = (cells.len(), excerpt(cells.get(0).unwrap_or_default().trim()));
            let message = format!("has {found} cells, the header has {width}; the row begins with `{first}`");
            problems.at(self.file, line, message);
            return Ok(());
        }
        let row = Row {
            record: cells,
            places: &columns.places,
            line,
            is_provisional: false,
        };
        take(&row, problems);
        Ok(())
    }

    fn line_of_header(
        &mut self,
        cells: &StringRecord,
        line: usize,
        problems: &mut Problems,
    ) -> Result<(), Useless> {
        self.names
            .resize_with(self.names.len().max(cells.len()), Vec::new);
        for (names, name) in self.names.iter_mut().zip(cells.iter()) {
            let name = plain(name);
            if !name.is_empty() {
                names.push(name.into_owned());
            }
        }
        if line + 1 < self.header.line + self.header.lines {
            return Ok(());
        }
        let names: Vec<String> = self.names.iter().map(|names| names.join("/")).collect();
        match places(self.file, line, &names, self.needed, problems) {
            Some(places) => {
                self.columns = Some(Columns { names, places });
                Ok(())
            }
            None => Err(Useless),
        }
    }

    /// The only name of a header that has one and could not be used.
    pub(super) fn only_name(&self) -> Option<String> {
        match (self.names.as_slice(), &self.columns) {
            ([only], None) => Some(only.join("/")),
            _ => None,
        }
    }

    /// There are no more lines.
    pub(super) fn end(&self, problems: &mut Problems) {
        if self.columns.is_some() {
            return;
        }
        let message = if self.header == Header::FIRST_LINE {
            "is empty: expected a header with the names of the columns".to_owned()
        } else {
            let Header { line, lines } = self.header;
            format!("ends before its header: the recipe says that it is {lines} lines from line {line}")
        };
        problems.in_file(self.file, message);
    }
}

/// The line below a table in which a source names itself.
pub(super) fn is_note(cells: &StringRecord) -> bool {
    let mut cells = cells.iter().map(str::trim);
    let is_name = |cell: &str| cell.starts_with("Bron:") || cell.starts_with('©');
    cells.next().is_some_and(is_name) && cells.all(str::is_empty)
}
