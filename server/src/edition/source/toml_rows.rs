//! A TOML file -> rows.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    DraftTable, Problem, Row, Value, fields,
    layout::{Field, Kind, Section, Shape},
};
use crate::domain::nearest;

/// Reads the sections of one TOML file.
pub(super) fn read(
    file: &'static str,
    sections: &[&'static Section],
    text: &str,
    problems: &mut Vec<Problem>,
) -> Vec<DraftTable> {
    let mut reader = Reader { file, text, problems };
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            let line = error.span().map_or(0, |span| reader.line(span.start));
            reader.report(line, error.message().to_owned());
            return Vec::new();
        }
    };
    reader.report_unknown_sections(sections, root.get_ref());
    sections
        .iter()
        .map(|section| DraftTable {
            section,
            rows: reader.rows(section, sections, &root),
        })
        .collect()
}

struct Reader<'a> {
    file: &'static str,
    text: &'a str,
    problems: &'a mut Vec<Problem>,
}

type Entry<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn line(&self, offset: usize) -> usize {
        1 + self.text.as_bytes()[..offset.min(self.text.len())]
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count()
    }

    fn report(&mut self, line: usize, message: String) {
        self.problems.push(Problem::at(self.file, line, message));
    }

    fn report_unknown_sections(&mut self, sections: &[&'static Section], root: &DeTable<'_>) {
        let names: Vec<&str> = sections
            .iter()
            .filter_map(|section| section_name(section))
            .collect();
        let has_root = sections.iter().any(|section| section.shape == Shape::Root);
        for (key, value) in root {
            let nested = value.get_ref().is_table() || value.get_ref().is_array();
            if !names.contains(&key.get_ref().as_ref()) && (nested || !has_root) {
                let line = self.line(key.span().start);
                self.report(
                    line,
                    format!(
                        "section `{}` is not known; sections are {}",
                        key.get_ref(),
                        names.join(", ")
                    ),
                );
            }
        }
    }

    fn rows(
        &mut self,
        section: &'static Section,
        all: &[&'static Section],
        root: &Spanned<DeTable<'_>>,
    ) -> Vec<Row> {
        match section.shape {
            Shape::Root => {
                let nested: Vec<&str> = all.iter().filter_map(|other| section_name(other)).collect();
                vec![self.row(section, root.get_ref(), 1, &nested)]
            }
            Shape::Table(name) => match root
                .get_ref()
                .get(name)
                .map(|entry| (entry, entry.get_ref().as_table()))
            {
                Some((entry, Some(table))) => {
                    let line = self.line(entry.span().start);
                    vec![self.row(section, table, line, &[])]
                }
                _ => {
                    self.report(0, format!("section [{name}] is missing"));
                    Vec::new()
                }
            },
            Shape::Array(name) | Shape::Set(name) => {
                let Some(entry) = root.get_ref().get(name) else {
                    return Vec::new();
                };
                let Some(entries) = entry.get_ref().as_array() else {
                    let line = self.line(entry.span().start);
                    self.report(
                        line,
                        format!("`{name}` must be written as [[{name}]], once per row"),
                    );
                    return Vec::new();
                };
                let mut rows = Vec::new();
                for entry in entries.iter() {
                    let line = self.line(entry.span().start);
                    match entry.get_ref().as_table() {
                        Some(table) => rows.push(self.row(section, table, line, &[])),
                        None => self.report(line, format!("a row of `{name}` must be a table")),
                    }
                }
                rows
            }
            Shape::Csv => Vec::new(),
        }
    }

    fn row(
        &mut self,
        section: &'static Section,
        table: &DeTable<'_>,
        line: usize,
        elsewhere: &[&str],
    ) -> Row {
        let known: Vec<&str> = section
            .fields
            .iter()
            .chain(section.lists)
            .map(|field| field.key)
            .collect();
        for key in table.keys() {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) && !elsewhere.contains(&name) {
                let line = self.line(key.span().start);
                let hint = nearest(name, known.iter().copied()).map_or_else(
                    || format!("keys are {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.report(line, format!("key `{name}` is not known; {hint}"));
            }
        }
        let values = section
            .fields
            .iter()
            .map(|field| self.field(field, table, line))
            .collect();
        let lists = section
            .lists
            .iter()
            .map(|list| self.list(list, table, line))
            .collect();
        Row { line, values, lists }
    }

    fn field(&mut self, field: &Field, table: &DeTable<'_>, row_line: usize) -> (Value, usize) {
        let Some(entry) = table.get(field.key) else {
            if field.required {
                self.report(row_line, format!("key `{}` is missing", field.key));
            }
            let absent = if field.kind == Kind::Flag {
                Value::Integer(0)
            } else {
                Value::Null
            };
            return (absent, row_line);
        };
        self.value(field, entry)
    }

    fn list(&mut self, list: &Field, table: &DeTable<'_>, row_line: usize) -> Vec<(Value, usize)> {
        let Some(entry) = table.get(list.key) else {
            if list.required {
                self.report(row_line, format!("key `{}` is missing", list.key));
            }
            return Vec::new();
        };
        let line = self.line(entry.span().start);
        match entry.get_ref().as_array() {
            Some(items) if items.is_empty() && list.required => {
                self.report(line, format!("{}: is empty", list.key));
                Vec::new()
            }
            Some(items) => items.iter().map(|item| self.value(list, item)).collect(),
            None => {
                self.report(line, format!("{}: must be a list in square brackets", list.key));
                Vec::new()
            }
        }
    }

    fn value(&mut self, field: &Field, entry: &Entry<'_>) -> (Value, usize) {
        let line = self.line(entry.span().start);
        let read = match entry.get_ref() {
            DeValue::String(text) => match field.kind {
                Kind::Whole(..) | Kind::Real | Kind::Flag => Err(format!(
                    "must be {}, without quotes",
                    fields::expected(field.kind)
                )),
                kind => fields::from_text(kind, text),
            },
            DeValue::Integer(number) => number
                .as_str()
                .replace('_', "")
                .parse()
                .map_err(|_| format!("`{}` is not a whole number", number.as_str()))
                .and_then(|number| fields::from_integer(field.kind, number)),
            DeValue::Float(number) => number
                .as_str()
                .replace('_', "")
                .parse()
                .map_err(|_| format!("`{}` is not a number", number.as_str()))
                .and_then(|number| fields::from_real(field.kind, number)),
            DeValue::Boolean(flag) if field.kind == Kind::Flag => Ok(Value::Integer(i64::from(*flag))),
            other => Err(format!(
                "is a {}, expected {}",
                other.type_str(),
                fields::expected(field.kind)
            )),
        };
        match read {
            Ok(value) => (value, line),
            Err(message) => {
                self.report(line, format!("{}: {message}", field.key));
                (Value::Null, line)
            }
        }
    }
}

fn section_name(section: &Section) -> Option<&'static str> {
    match section.shape {
        Shape::Table(name) | Shape::Array(name) | Shape::Set(name) => Some(name),
        Shape::Root | Shape::Csv => None,
    }
}
