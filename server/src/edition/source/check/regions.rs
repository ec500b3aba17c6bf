//! Municipalities in time: names lead to one of them, successions fit their dates, observations fit their lives.

use std::collections::BTreeMap;

use super::super::{DraftTable, Problem, Row, layout::Section};
use super::rows_of;
use crate::domain::existed_in;

pub(super) fn check(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    names_are_unique(tables, problems);
    let regions: BTreeMap<String, (&Section, &Row)> = rows_of(tables, "region")
        .map(|(section, row)| (row.id(section), (section, row)))
        .collect();
    successions_fit_dates(tables, &regions, problems);
    observations_fit_lives(tables, &regions, problems);
}

type Regions<'a> = BTreeMap<String, (&'a Section, &'a Row)>;

/// A name or alias must lead to one municipality.
fn names_are_unique(tables: &[DraftTable], problems: &mut Vec<Problem>) {
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

/// A succession happens on the day its municipality ends, and leads to one that exists then; every municipality that ended
/// has one. That also keeps successions from running in a circle.
fn successions_fit_dates(tables: &[DraftTable], regions: &Regions<'_>, problems: &mut Vec<Problem>) {
    let mut succeeded: Vec<&str> = Vec::new();
    for (section, row) in rows_of(tables, "succession") {
        let text = |key| row.text(section, key).unwrap_or_default();
        let (code, successor, date) = (text("code"), text("successor"), text("date"));
        succeeded.push(code);
        let mut report = |key, message| {
            problems.push(Problem::at(section.file, row.line_of(section, key), message));
        };
        if let Some((of, region)) = regions.get(code) {
            match region.text(of, "valid_to") {
                None => report(
                    "code",
                    format!(
                        "{code} has no valid_to in regions.csv: write {date} there, or remove the succession"
                    ),
                ),
                Some(end) if end != date => report(
                    "date",
                    format!("{code} ended on {end} by regions.csv, not on {date}: make the two dates equal"),
                ),
                Some(_) => {}
            }
        }
        if let Some((of, region)) = regions.get(successor)
            && code != successor
            && !existed_in(region.text(of, "valid_from"), region.text(of, "valid_to"), date)
        {
            let message =
                format!("{successor} did not exist on {date} by regions.csv: name the successor of that day");
            report("successor", message);
        }
    }
    for (code, (section, row)) in regions {
        if row.text(section, "valid_to").is_some() && !succeeded.contains(&code.as_str()) {
            let message = format!("{code} has a valid_to but no successor: add a row to successions.csv");
            problems.push(Problem::at(section.file, row.line, message));
        }
    }
}

/// A municipality has figures of the periods in which it existed, on one day at least.
fn observations_fit_lives(tables: &[DraftTable], regions: &Regions<'_>, problems: &mut Vec<Problem>) {
    for (section, row) in rows_of(tables, "observation") {
        let text = |key| row.text(section, key).unwrap_or_default();
        let (code, period) = (text("region"), text("period"));
        let Some((of, region)) = regions.get(code) else {
            continue; // reported as a dangling reference
        };
        let (from, to) = (region.text(of, "valid_from"), region.text(of, "valid_to"));
        if !existed_in(from, to, period) {
            let (from, to) = (from.unwrap_or("..."), to.unwrap_or("..."));
            let message = format!(
                "{code} did not exist in {period} (it is valid from {from} until {to}): use the code of that period"
            );
            problems.push(Problem::at(section.file, row.line_of(section, "region"), message));
        }
    }
}
