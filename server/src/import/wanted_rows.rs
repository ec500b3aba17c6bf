//! Rows of tables that hold other things than figures: which columns are needed, and which rows pass the filters.

use sha2::Sha256;

use super::{
    ImportReport, Recipe, TableInput,
    problems::{Problems, plain},
    recipe::{DateCells, DateFormat},
    table::{self, NeededColumn, Row},
};
use crate::{
    domain::{RegionCode, is_date},
    import::problems::excerpt,
};

/// More than a cell can count of people, dwellings or hectares, or of journeys in a year. All that one table counts adds up to a
/// whole number that a `u64` holds, and what one municipality gives or gets to one that an `f64` holds.
pub(super) const LARGEST_COUNT: u64 = 100_000_000_000;

/// Where a row stands: its file by number, and its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    file: usize,
    line: usize,
}

/// The columns that are needed, and the filters of the recipe.
pub(super) struct WantedRows<'r> {
    recipe: &'r Recipe,
    needed: Vec<NeededColumn>,
    filters: Vec<usize>,
    files: Vec<String>,
}

impl<'r> WantedRows<'r> {
    /// Those that pass the filters of a recipe, of these tables.
    pub(super) fn of(recipe: &'r Recipe, inputs: &[TableInput]) -> Self {
        let mut wanted = Self {
            recipe,
            needed: Vec::new(),
            filters: Vec::new(),
            files: inputs.iter().map(|input| input.name.clone()).collect(),
        };
        for filter in &recipe.table.filters {
            let column = wanted.need("table.filter", &filter.column);
            wanted.filters.push(column);
        }
        wanted
    }

    /// Needs a column that a key of the recipe names. Gives its place among the needed ones.
    pub(super) fn need(&mut self, key: &str, column: &str) -> usize {
        self.needed.push(NeededColumn {
            name: column.to_owned(),
            needed_by: format!("`{key}` of {}", self.recipe.file),
        });
        self.needed.len() - 1
    }

    /// The same of a column that the recipe may leave out.
    pub(super) fn may_need(&mut self, key: &str, column: Option<&String>) -> Option<usize> {
        Some(self.need(key, column?))
    }

    /// Where a row stands, for messages about another one.
    pub(super) fn label(&self, place: Place) -> String {
        let file = self.files.get(place.file).map_or("", String::as_str);
        format!("{file}:{}", place.line)
    }

    /// Reports what is wrong in a column of a row.
    pub(super) fn report(&self, place: Place, column: usize, message: &str, problems: &mut Problems) {
        let name = self.needed.get(column).map_or("", |column| column.name.as_str());
        self.report_row(place, format!("column `{name}`: {message}"), problems);
    }

    /// Reports what is wrong with a row.
    pub(super) fn report_row(&self, place: Place, message: String, problems: &mut Problems) {
        let file = self.files.get(place.file).map_or("", String::as_str);
        problems.at(file, place.line, message);
    }

    /// Reads tables to their end, giving every row that passes the filters to `take`.
    pub(super) fn read(
        &self,
        inputs: Vec<TableInput>,
        hasher: &mut Sha256,
        problems: &mut Problems,
        mut take: impl FnMut(Place, &Row<'_>, &mut Problems),
    ) -> ImportReport {
        let mut report = ImportReport {
            files: self.files.clone(),
            ..ImportReport::default()
        };
        let table = &self.recipe.table;
        for (file, input) in inputs.into_iter().enumerate() {
            let each = |row: &Row<'_>, problems: &mut Problems| {
                report.rows_read += 1;
                let mut filters = table.filters.iter().zip(&self.filters);
                if filters.all(|(filter, &column)| filter.passes(&plain(row.cell(column)))) {
                    report.rows_used += 1;
                    take(Place { file, line: row.line }, row, problems);
                } else {
                    report.rows_filtered_out += 1;
                }
            };
            table::read(input, table, &self.needed, hasher, problems, each);
        }
        if report.rows_used == 0 && problems.is_empty() {
            let message = format!("no row is left to import: {}", report.where_rows_went());
            problems.in_file(&self.files.join(", "), message);
        }
        report
    }
}

/// The code of a municipality.
pub(super) fn municipality(cell: &str) -> Result<RegionCode, String> {
    RegionCode::parse(cell)
        .ok()
        .filter(RegionCode::is_municipality)
        .ok_or_else(|| {
            format!(
                "`{}` is not the code of a municipality, such as GM0034; rows of others are left out by a [[table.filter]] with \
                 `except`",
                excerpt(cell)
            )
        })
}

/// A day in ISO 8601; nothing where the cell says that it is not known.
pub(super) fn day(cell: &str, cells: &DateCells) -> Result<Option<String>, String> {
    let cell = plain(cell);
    if cells.unknown.iter().any(|unknown| *unknown == *cell) {
        return Ok(None);
    }
    let (iso, format) = match cells.format {
        DateFormat::YearMonthDay => (cell.to_string(), "yyyy-mm-dd"),
        DateFormat::DayMonthYear => (turned(&cell).unwrap_or_default(), "dd-mm-yyyy"),
    };
    if is_date(&iso) {
        return Ok(Some(iso));
    }
    Err(format!(
        "`{}` is not a day, written {format}; cells for a day that is not known are named in `unknown_dates`",
        excerpt(&cell)
    ))
}

/// 31-12-2026 as 2026-12-31.
fn turned(cell: &str) -> Option<String> {
    let (day, rest) = cell.split_once('-')?;
    let (month, year) = rest.split_once('-')?;
    Some(format!("{year}-{month}-{day}"))
}

/// A whole number, not negative; nothing where the source has none.
pub(super) fn count(cell: &str) -> Result<Option<u64>, String> {
    match cell {
        "" | "." => Ok(None),
        _ => match cell.parse() {
            Ok(number) if number > LARGEST_COUNT => Err(too_many(cell)),
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(format!(
                "`{}` is not a whole number of 0 or more, or empty for one that is not known",
                excerpt(cell)
            )),
        },
    }
}

/// What is wrong with a cell that counts more than [`LARGEST_COUNT`].
pub(super) fn too_many(cell: &str) -> String {
    format!(
        "`{}` is more than {LARGEST_COUNT}: no people, dwellings or hectares are so many; does the cell hold one number?",
        excerpt(cell)
    )
}
