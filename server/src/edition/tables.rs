//! Rows as an edition stores them, before there is a file.

use super::source::Value;

/// Rows of one table.
#[derive(Debug, Clone)]
pub struct StoredTable {
    /// Table name.
    pub table: String,
    /// Column names.
    pub columns: Vec<String>,
    /// Rows, one value per column.
    pub rows: Vec<Vec<Value>>,
}

/// The rows of every table of an edition.
#[derive(Debug, Clone)]
pub struct StoredTables(pub Vec<StoredTable>);

impl StoredTable {
    /// A table without rows.
    #[must_use]
    pub fn new(table: &str, columns: &[&str]) -> Self {
        Self {
            table: table.to_owned(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// The place of a column.
    ///
    /// # Panics
    /// When there is none of that name: a fault of ours.
    #[must_use]
    pub fn column(&self, name: &str) -> usize {
        let found = self.columns.iter().position(|column| column == name);
        found.unwrap_or_else(|| unreachable!("the table {} has no column {name}", self.table))
    }

    /// The text in a column of a row, if there is one.
    #[must_use]
    pub fn text<'a>(&self, row: &'a [Value], column: &str) -> Option<&'a str> {
        row[self.column(column)].text()
    }

    /// The texts in a column, of the rows that have one.
    pub fn texts(&self, column: &str) -> impl Iterator<Item = &str> {
        let column = self.column(column);
        self.rows.iter().filter_map(move |row| row[column].text())
    }

    /// Adds a row; columns that are not named hold nothing.
    pub fn push(&mut self, values: impl IntoIterator<Item = (&'static str, Value)>) {
        let mut row = vec![Value::Null; self.columns.len()];
        for (column, value) in values {
            row[self.column(column)] = value;
        }
        self.rows.push(row);
    }

    /// Fills a column of a row that holds nothing there.
    pub fn fill(&mut self, row: usize, column: &str, value: Value) {
        let column = self.column(column);
        let known = &mut self.rows[row][column];
        if *known == Value::Null {
            *known = value;
        }
    }
}

impl StoredTables {
    /// A table by name.
    ///
    /// # Panics
    /// When there is none of that name: a fault of ours.
    #[must_use]
    pub fn table(&self, name: &str) -> &StoredTable {
        let found = self.0.iter().find(|table| table.table == name);
        found.unwrap_or_else(|| unreachable!("there is no table {name}"))
    }

    /// A table by name, to change it.
    ///
    /// # Panics
    /// When there is none of that name: a fault of ours.
    pub fn table_mut(&mut self, name: &str) -> &mut StoredTable {
        let found = self.0.iter_mut().find(|table| table.table == name);
        found.unwrap_or_else(|| unreachable!("there is no table {name}"))
    }

    /// Adds a table.
    pub fn add(&mut self, table: StoredTable) {
        self.0.push(table);
    }
}

/// A text, or nothing.
impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.to_owned()))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
