//! What must hold between values and rows that could each be read.
//!
//! Here what follows from the layout: keys are unique, references resolve, both languages are there. What one row must say
//! is in [`rows`], what rows must say together in [`regions`] and [`indicators`].

mod composites;
mod indicators;
mod regions;
mod rows;
mod universes;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{
    DraftTable, Problem, Row, Value,
    layout::{Kind, Section},
};
use crate::domain::nearest;

/// Lists of numbers: the same one may stand there again.
const MAY_REPEAT: [&str; 2] = ["horizon_years", "weights"];

/// The keys of every table, with the line each stands on.
type Keys = BTreeMap<&'static str, BTreeMap<String, usize>>;

/// Finds every problem between rows.
pub(super) fn check(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    let keys = collect_keys(tables, problems);
    for table in tables {
        for row in &table.rows {
            let mut row_check = RowCheck {
                section: table.section,
                row,
                keys: &keys,
                problems,
            };
            row_check.references();
            row_check.both_languages();
            row_check.rules_of_one_row();
        }
    }
    regions::check(tables, problems);
    indicators::check(tables, problems);
    composites::check(tables, problems);
    universes::check(tables, problems);
}

fn rows_of<'a>(tables: &'a [DraftTable], table: &str) -> impl Iterator<Item = (&'a Section, &'a Row)> {
    let name = table.to_owned();
    tables
        .iter()
        .filter(move |draft| draft.section.table == name)
        .flat_map(|draft| draft.rows.iter().map(move |row| (draft.section, row)))
}

fn collect_keys(tables: &[DraftTable], problems: &mut Vec<Problem>) -> Keys {
    let mut keys = Keys::new();
    for DraftTable { section, rows } in tables {
        let known = keys.entry(section.table).or_default();
        for row in rows {
            let id = row.id(section);
            if let Some(first) = known.get(&id) {
                let message = format!("{} `{id}` stands twice, first on line {first}", section.table);
                problems.push(Problem::at(section.file, row.line, message));
            } else {
                known.insert(id, row.line);
            }
        }
    }
    keys
}

struct RowCheck<'a> {
    section: &'static Section,
    row: &'a Row,
    keys: &'a Keys,
    problems: &'a mut Vec<Problem>,
}

impl RowCheck<'_> {
    fn report(&mut self, line: usize, message: String) {
        self.problems.push(Problem::at(self.section.file, line, message));
    }

    fn references(&mut self) {
        let row = self.row;
        for (field, (value, line)) in self.section.fields.iter().zip(&row.values) {
            self.reference(field.key, field.kind, value, *line);
        }
        for (list, items) in self.section.lists.iter().zip(&row.lists) {
            for (index, (value, line)) in items.iter().enumerate() {
                self.reference(list.key, list.kind, value, *line);
                if items[..index].iter().any(|(earlier, _)| earlier == value)
                    && !MAY_REPEAT.contains(&list.key)
                {
                    self.report(*line, format!("{}: `{value}` stands twice", list.key));
                }
            }
        }
    }

    fn reference(&mut self, key: &str, kind: Kind, value: &Value, line: usize) {
        let (Kind::Reference(table), Value::Text(id)) = (kind, value) else {
            return;
        };
        self.must_exist(key, table, id, line);
    }

    fn must_exist(&mut self, key: &str, table: &str, id: &str, line: usize) {
        let Some(known) = self.keys.get(table).filter(|known| !known.contains_key(id)) else {
            return;
        };
        let what = if table == "region_group" {
            "group"
        } else {
            table.trim_end_matches("_rule")
        };
        let hint = nearest(id, known.keys().map(String::as_str))
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        self.report(line, format!("{key}: no {what} is called `{id}`{hint}"));
    }

    /// Every text a person sees stands there in Dutch and in English.
    fn both_languages(&mut self) {
        for field in self.section.fields {
            let Some(stem) = field.key.strip_suffix("_nl") else {
                continue;
            };
            let english = format!("{stem}_en");
            let row = self.row;
            let has = |key: &str| row.text(self.section, key).is_some();
            let missing = match (has(field.key), has(&english)) {
                (true, false) => english,
                (false, true) => field.key.to_owned(),
                _ => continue,
            };
            self.report(
                row.line,
                format!("`{missing}` is missing: texts are given in Dutch and in English"),
            );
        }
    }
}
