//! What rows say of each other: keys are unique, references resolve, both languages are there, positions fit.

use std::collections::BTreeMap;

use super::{
    DraftTable, Problem, Row, Value,
    layout::{Kind, Section},
    position,
};
use crate::domain::nearest;

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
            row_check.particular_rules();
        }
    }
    region_names_are_unique(tables, problems);
    totals_run_in_no_circle(tables, problems);
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
                if items[..index].iter().any(|(earlier, _)| earlier == value) && list.key != "horizon_years" {
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

    fn particular_rules(&mut self) {
        let row = self.row;
        match self.section.table {
            "published_position" => {
                let subject = row.text(self.section, "subject").unwrap_or_default().to_owned();
                let table = match row.text(self.section, "subject_kind") {
                    Some("group") => "region_group",
                    _ => "region",
                };
                self.must_exist("subject", table, &subject, row.line);
                let number = |key| &row.values[position(self.section, key)].0;
                if let (Value::Integer(place), Value::Integer(n)) = (number("position"), number("n"))
                    && place > n
                {
                    self.report(row.line, format!("position {place} is beyond n = {n}"));
                }
            }
            "observation" => {
                let has_value = row.values[position(self.section, "value")].0 != Value::Null;
                let status = row.text(self.section, "status").unwrap_or_default();
                let wants_value = matches!(status, "final" | "provisional" | "estimated");
                if has_value != wants_value {
                    let need = if wants_value {
                        "needs a value"
                    } else {
                        "cannot have a value"
                    };
                    self.report(row.line, format!("status {status} {need}; missing is not zero"));
                }
            }
            "mechanism" if row.text(self.section, "from") == row.text(self.section, "to") => {
                self.report(row.line, "a factor cannot be its own cause".to_owned());
            }
            "trigger_rule" if row.text(self.section, "id") == Some("breadth") => {
                for key in [
                    "theme_severity",
                    "minimum_indicators",
                    "moderate_from",
                    "strong_from",
                ] {
                    if row.values[position(self.section, key)].0 == Value::Null {
                        self.report(row.line, format!("the breadth trigger needs `{key}`"));
                    }
                }
            }
            "recommendation" => {
                let horizon = self
                    .section
                    .lists
                    .iter()
                    .position(|list| list.key == "horizon_years");
                let years = horizon.map_or(&[][..], |index| &row.lists[index][..]);
                let ordered = matches!(years, [] | [(Value::Integer(_), _), (Value::Integer(_), _)])
                    && years.windows(2).all(|pair| matches!((&pair[0].0, &pair[1].0), (Value::Integer(a), Value::Integer(b)) if a <= b));
                if !ordered {
                    self.report(
                        row.line,
                        "horizon_years: write two numbers of years, least first".to_owned(),
                    );
                }
            }
            _ => {}
        }
    }
}

/// A name or alias must lead to one municipality.
fn region_names_are_unique(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (section, row) in rows_of(tables, "region") {
        let code = row.id(section);
        let name = row.text(section, "name").unwrap_or_default().to_owned();
        let aliases = row.lists.iter().flatten().map(|(alias, _)| alias.to_string());
        for name in std::iter::once(name).chain(aliases) {
            let plain = crate::domain::plain_name(&name);
            if let Some(other) = owners.get(&plain).filter(|other| **other != code) {
                let message = format!("the name `{name}` already belongs to {other}");
                problems.push(Problem::at(section.file, row.line, message));
            } else if owners.insert(plain, code.clone()).is_some() {
                problems.push(Problem::at(
                    section.file,
                    row.line,
                    format!("the name `{name}` stands twice for {code}"),
                ));
            }
        }
    }
}

/// A part has one total, and no total is part of itself.
fn totals_run_in_no_circle(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    let mut whole_of: BTreeMap<String, String> = BTreeMap::new();
    for (section, row) in rows_of(tables, "indicator") {
        let whole = row.id(section);
        for (part, line) in row.lists.iter().flatten() {
            if let Some(other) = whole_of.insert(part.to_string(), whole.clone()) {
                problems.push(Problem::at(
                    section.file,
                    *line,
                    format!("`{part}` is already part of `{other}`"),
                ));
            }
            let mut above = Some(&whole);
            while let Some(id) = above {
                if *id == part.to_string() {
                    problems.push(Problem::at(
                        section.file,
                        *line,
                        format!("`{part}` would be part of itself"),
                    ));
                    return;
                }
                above = whole_of.get(id);
            }
        }
    }
}
