//! A CSV file -> rows.

use csv::StringRecord;

use super::{
    DraftTable, Problem, Row, Value, fields,
    layout::{Field, Kind, Section},
};

/// Reads a CSV file whose header names the fields and lists of its section, in any order.
pub(super) fn read(section: &'static Section, text: &str, problems: &mut Vec<Problem>) -> DraftTable {
    let mut table = DraftTable {
        section,
        rows: Vec::new(),
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            problems.push(Problem::at(
                section.file,
                1,
                format!("the header cannot be read: {error}"),
            ));
            return table;
        }
    };
    let Some(columns) = Columns::find(section, &header, problems) else {
        return table;
    };
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record
                    .position()
                    .map_or(0, |at| usize::try_from(at.line()).unwrap_or(0));
                if record.len() == header.len() {
                    table.rows.push(columns.row(section, &record, line, problems));
                } else {
                    let found = record.len();
                    let message = format!("has {found} fields, the header has {}", header.len());
                    problems.push(Problem::at(section.file, line, message));
                }
            }
            Err(error) => problems.push(Problem::in_file(section.file, format!("cannot be read: {error}"))),
        }
    }
    table
}

/// Where each field and list stands in the header.
struct Columns {
    fields: Vec<Option<usize>>,
    lists: Vec<Option<usize>>,
}

impl Columns {
    fn find(section: &'static Section, header: &StringRecord, problems: &mut Vec<Problem>) -> Option<Self> {
        let before = problems.len();
        let known = || section.fields.iter().chain(section.lists);
        for (index, name) in header.iter().enumerate() {
            if !known().any(|field| field.key == name) {
                let names: Vec<&str> = known().map(|field| field.key).collect();
                let message = format!("column `{name}` is not known; columns are {}", names.join(", "));
                problems.push(Problem::at(section.file, 1, message));
            }
            if header.iter().take(index).any(|earlier| earlier == name) {
                problems.push(Problem::at(
                    section.file,
                    1,
                    format!("column `{name}` stands twice"),
                ));
            }
        }
        let place = |field: &Field| header.iter().position(|name| name == field.key);
        for field in known().filter(|field| field.required && place(field).is_none()) {
            problems.push(Problem::at(
                section.file,
                1,
                format!("column `{}` is missing", field.key),
            ));
        }
        (problems.len() == before).then(|| Self {
            fields: section.fields.iter().map(place).collect(),
            lists: section.lists.iter().map(place).collect(),
        })
    }

    fn row(&self, section: &Section, record: &StringRecord, line: usize, problems: &mut Vec<Problem>) -> Row {
        let cell = |column: &Option<usize>| column.and_then(|index| record.get(index)).unwrap_or("");
        let mut read = |field: &Field, text: &str| match fields::from_text(field.kind, text) {
            Ok(value) => value,
            Err(message) => {
                problems.push(Problem::at(
                    section.file,
                    line,
                    format!("{}: {message}", field.key),
                ));
                Value::Null
            }
        };
        let mut values = Vec::new();
        for (field, column) in section.fields.iter().zip(&self.fields) {
            let value = match cell(column) {
                "" if field.kind == Kind::Flag => Value::Integer(0),
                "" if !field.required => Value::Null,
                text => read(field, text),
            };
            values.push((value, line));
        }
        let mut lists = Vec::new();
        for (list, column) in section.lists.iter().zip(&self.lists) {
            let items = cell(column)
                .split(';')
                .map(str::trim)
                .filter(|item| !item.is_empty());
            lists.push(items.map(|item| (read(list, item), line)).collect());
        }
        Row { line, values, lists }
    }
}
