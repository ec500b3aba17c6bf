//! An edition's source: a folder of TOML and CSV files, the built-in one or any other of the same form.
//!
//! Reading happens in three steps, each of which reports every problem it finds at once: the files become rows
//! (`toml_rows`, `csv_rows`) as `layout` describes them, and `check` resolves what the rows refer to.

use std::{collections::BTreeMap, fmt, fs, io, path::Path};

use rusqlite::Connection;

use super::{StoredTable, StoredTables};

mod check;
mod csv_rows;
pub(crate) mod fields;
mod layout;
mod problem;
mod toml_rows;

#[cfg(test)]
mod tests;

pub use problem::{Problem, SourceError};

pub(crate) use layout::Kind;
use layout::{OPTIONAL_FILES, Section, Shape};

/// The text of every source file, by name.
#[derive(Debug, Clone)]
pub struct SourceFolder {
    files: BTreeMap<String, String>,
    /// Whether it is the one that is compiled in, unchanged.
    built_in: bool,
}

macro_rules! built_in_files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../../data/", $name)))),*]
    };
}

impl SourceFolder {
    /// The source that is compiled in: what the New Towns report publishes.
    #[must_use]
    pub fn built_in() -> Self {
        let files = built_in_files![
            "bibliography.toml",
            "caveats.toml",
            "context.toml",
            "edition.toml",
            "factors.toml",
            "findings.toml",
            "group_members.csv",
            "groups.toml",
            "indicators.toml",
            "mechanisms.toml",
            "programmes.toml",
            "published_positions.csv",
            "recommendations.toml",
            "region_names.csv",
            "regions.csv",
            "rules.toml",
            "successions.csv",
            "themes.toml",
        ];
        Self {
            files: files
                .into_iter()
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .collect(),
            built_in: true,
        }
    }

    /// The source that an open edition was made from. One that was made from the built-in source is taken to be made from that of
    /// this server, which may be a later one.
    ///
    /// # Errors
    /// When SQLite cannot read it.
    pub fn of_edition(edition: &Connection) -> rusqlite::Result<Self> {
        let mut statement = edition.prepare("SELECT name, text FROM source_file")?;
        let files = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let files: BTreeMap<String, String> = files.collect::<rusqlite::Result<_>>()?;
        Ok(if files.is_empty() {
            Self::built_in()
        } else {
            Self {
                files,
                built_in: false,
            }
        })
    }

    /// The source in a folder. Files that the layout does not name are left alone.
    ///
    /// # Errors
    /// [`SourceError`] naming every file that is missing or is not UTF-8 text.
    pub fn read(folder: &Path) -> Result<Self, SourceError> {
        let mut files = BTreeMap::new();
        let mut problems = Vec::new();
        for name in file_names() {
            match fs::read_to_string(folder.join(name)) {
                Ok(text) => {
                    files.insert(name.to_owned(), text);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound && OPTIONAL_FILES.contains(&name) => {}
                Err(error) => problems.push(Problem::in_file(name, format!("cannot be read: {error}"))),
            }
        }
        SourceError::unless_empty(Some(folder), problems)?;
        Ok(Self {
            files,
            built_in: false,
        })
    }

    /// The same source with one file replaced or added.
    #[must_use]
    pub fn with_file(mut self, name: &str, text: impl Into<String>) -> Self {
        self.files.insert(name.to_owned(), text.into());
        self.built_in = false;
        self
    }

    /// The text of a file, if the source has it.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// Reads and checks everything.
    ///
    /// # Errors
    /// [`SourceError`] with every problem found: file, line, and what to do about it.
    pub fn draft(&self) -> Result<Draft, SourceError> {
        let mut problems = Vec::new();
        let mut tables: Vec<DraftTable> = Vec::new();
        for name in file_names() {
            let sections: Vec<&'static Section> = layout::sections().filter(|s| s.file == name).collect();
            match self.file(name) {
                Some(text) if sections[0].shape == Shape::Csv => {
                    tables.push(csv_rows::read(sections[0], text, &mut problems));
                }
                Some(text) => tables.extend(toml_rows::read(name, &sections, text, &mut problems)),
                None if OPTIONAL_FILES.contains(&name) => {
                    tables.push(DraftTable {
                        section: sections[0],
                        rows: Vec::new(),
                    });
                }
                None => problems.push(Problem::in_file(name, "is missing")),
            }
        }
        // References are only worth checking between files that could be read.
        SourceError::unless_empty(None, std::mem::take(&mut problems))?;
        check::check(&tables, &mut problems);
        SourceError::unless_empty(None, problems)?;
        Ok(Draft {
            tables,
            folder: self.clone(),
        })
    }
}

/// The names of all source files, each once, in the order of the layout.
fn file_names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for section in layout::sections() {
        if !names.contains(&section.file) {
            names.push(section.file);
        }
    }
    names
}

/// A checked source: rows ready to be stored.
#[derive(Debug)]
pub struct Draft {
    tables: Vec<DraftTable>,
    folder: SourceFolder,
}

/// The rows of one section.
#[derive(Debug)]
struct DraftTable {
    section: &'static Section,
    rows: Vec<Row>,
}

/// One row with the line it begins on.
#[derive(Debug)]
struct Row {
    line: usize,
    /// Per field of the section, its value and line.
    values: Vec<(Value, usize)>,
    /// Per list of the section, its values and lines.
    lists: Vec<Vec<(Value, usize)>>,
}

impl Row {
    /// What the row is referred to by: the values of its key, joined by `->`.
    fn id(&self, section: &Section) -> String {
        let part = |key: &&str| self.value(section, key).to_string();
        section.key.iter().map(part).collect::<Vec<_>>().join("->")
    }

    fn value(&self, section: &Section, key: &str) -> &Value {
        &self.values[position(section, key)].0
    }

    /// The line on which the value of a field stands; that of the row when it is absent.
    fn line_of(&self, section: &Section, key: &str) -> usize {
        self.values[position(section, key)].1
    }

    fn text(&self, section: &Section, key: &str) -> Option<&str> {
        self.value(section, key).text()
    }

    fn whole(&self, section: &Section, key: &str) -> Option<i64> {
        match self.value(section, key) {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    fn real(&self, section: &Section, key: &str) -> Option<f64> {
        self.value(section, key).real()
    }

    /// The values of a list with their lines.
    fn list(&self, section: &Section, key: &str) -> &[(Value, usize)] {
        let place = section.lists.iter().position(|list| list.key == key);
        place.map_or(&[], |place| &self.lists[place])
    }
}

/// Where a field stands in its section.
fn position(section: &Section, key: &str) -> usize {
    section
        .fields
        .iter()
        .position(|field| field.key == key)
        .unwrap_or_else(|| {
            unreachable!(
                "the layout of {} names a field {key} that it does not have",
                section.table
            )
        })
}

/// A stored value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number; flags are 0 and 1.
    Integer(i64),
    /// A finite number.
    Real(f64),
    /// Text in Unicode normal form C.
    Text(String),
}

impl Value {
    /// The number with decimals, if it is one.
    #[must_use]
    pub fn real(&self) -> Option<f64> {
        match self {
            Self::Real(number) => Some(*number),
            _ => None,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Integer(number) => number.fmt(f),
            Self::Real(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl Draft {
    /// The rows of every table and every list table. Rows whose order means something get their place in the file as
    /// `ordinal`; the values of a list always do.
    #[must_use]
    pub fn stored_tables(&self) -> StoredTables {
        let mut stored = vec![self.source_files()];
        for DraftTable { section, rows } in &self.tables {
            let owns_composed_id = section.key.len() > 1 && !section.lists.is_empty();
            let mut columns: Vec<String> = section
                .fields
                .iter()
                .map(|field| column_name(field.key))
                .collect();
            let ordered = section.shape.keeps_order();
            if ordered {
                columns.push("ordinal".to_owned());
            }
            if owns_composed_id {
                columns.push("id".to_owned());
            }
            let mut main = StoredTable {
                table: section.table.to_owned(),
                columns,
                rows: Vec::new(),
            };
            let mut lists: Vec<StoredTable> = section
                .lists
                .iter()
                .map(|list| list_table(section, list.key))
                .collect();
            for (ordinal, row) in rows.iter().enumerate() {
                let mut values: Vec<Value> = row.values.iter().map(|(value, _)| value.clone()).collect();
                if ordered {
                    values.push(ordinal_value(ordinal));
                }
                if owns_composed_id {
                    values.push(Value::Text(row.id(section)));
                }
                main.rows.push(values);
                for (list, items) in lists.iter_mut().zip(&row.lists) {
                    for (place, (item, _)) in items.iter().enumerate() {
                        list.rows.push(vec![
                            Value::Text(row.id(section)),
                            ordinal_value(place),
                            item.clone(),
                        ]);
                    }
                }
            }
            stored.push(main);
            stored.extend(lists);
        }
        StoredTables(stored)
    }

    /// The files themselves, unless every server of this version has them.
    fn source_files(&self) -> StoredTable {
        let mut table = StoredTable::new("source_file", &["name", "text"]);
        let kept = if self.folder.built_in {
            None
        } else {
            Some(&self.folder.files)
        };
        for (name, text) in kept.into_iter().flatten() {
            table.push([("name", name.as_str().into()), ("text", text.as_str().into())]);
        }
        table
    }
}

fn list_table(section: &Section, key: &str) -> StoredTable {
    StoredTable {
        table: format!("{}_{key}", section.table),
        columns: ["owner", "ordinal", "value"].map(str::to_owned).to_vec(),
        rows: Vec::new(),
    }
}

fn ordinal_value(ordinal: usize) -> Value {
    Value::Integer(i64::try_from(ordinal).unwrap_or(i64::MAX))
}

/// Keys that SQL reserves get another name in the schema.
fn column_name(key: &str) -> String {
    match key {
        "from" => "from_factor".to_owned(),
        "to" => "to_factor".to_owned(),
        "group" => "group_id".to_owned(),
        "trigger" => "trigger_id".to_owned(),
        key => key.to_owned(),
    }
}
