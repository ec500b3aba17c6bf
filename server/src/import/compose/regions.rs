//! What units add to the lives of municipalities: when they existed, and what moved between them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{ImportError, UnitContent, problems::Problems},
    PeriodUnit, UnitSet,
    catalogue::add_aliases,
};
use crate::{
    domain::{BoundaryChange, RegionCode, RegionRecord},
    edition::{StoredTable, StoredTables, source::Value},
};

/// What the source says of municipalities.
const SOURCE: &str = "regions.csv of the edition's source";

/// Adds the municipalities that tables describe, and keeps what each table says. A municipality of the source keeps its name; the days
/// on which it began and ended must be the same wherever they are known, and make a life.
pub(super) fn add_region_records(tables: &mut StoredTables, units: &UnitSet) -> Result<(), ImportError> {
    let mut problems = Problems::all();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let table = tables.table_mut("region");
    places.extend(table.texts("code").map(str::to_owned).zip(0..));
    let mut known_by: BTreeMap<(String, &str), &str> = BTreeMap::new();
    for (unit, record) in records(units) {
        let place = *places.entry(record.code.to_string()).or_insert_with(|| {
            table.push([
                ("code", record.code.as_str().into()),
                ("level", "municipality".into()),
            ]);
            table.rows.len() - 1
        });
        let days = [("valid_from", &record.valid_from), ("valid_to", &record.valid_to)];
        for (key, day) in days
            .into_iter()
            .filter_map(|(key, day)| Some((key, day.as_deref()?)))
        {
            let stored = table.text(&table.rows[place], key).map(str::to_owned);
            match stored {
                None => {
                    table.fill(place, key, day.into());
                    known_by.insert((record.code.to_string(), key), &unit.recipe.file);
                }
                Some(stored) if stored != day => {
                    let other = known_by.get(&(record.code.to_string(), key));
                    let message = format!(
                        "{key} of {} is {day} here, and {stored} in {}: correct one of the two",
                        record.code,
                        other.copied().unwrap_or(SOURCE)
                    );
                    problems.in_file(&unit.recipe.file, message);
                }
                Some(_) => {}
            }
        }
        table.fill(place, "name", record.name.as_deref().into());
    }
    lives_end_after_they_began(table, &places, &known_by, &mut problems);
    for row in 0..table.rows.len() {
        let code = table
            .text(&table.rows[row], "code")
            .unwrap_or_default()
            .to_owned();
        table.fill(row, "name", code.as_str().into()); // no table names it
    }
    let names =
        records(units).filter_map(|(_, record)| Some((record.code.as_str(), record.name.as_deref()?)));
    add_aliases(tables, names);
    problems.refuse("the import units")
}

/// One table may say when a municipality began, and another when it ended.
fn lives_end_after_they_began(
    table: &StoredTable,
    places: &BTreeMap<String, usize>,
    known_by: &BTreeMap<(String, &str), &str>,
    problems: &mut Problems,
) {
    let codes: BTreeSet<&str> = known_by.keys().map(|(code, _)| code.as_str()).collect();
    let rows = codes
        .into_iter()
        .filter_map(|code| Some((code, &table.rows[*places.get(code)?])));
    for (code, row) in rows {
        let (Some(from), Some(to)) = (table.text(row, "valid_from"), table.text(row, "valid_to")) else {
            continue;
        };
        if from < to {
            continue;
        }
        let said_by = |key| known_by.get(&(code.to_owned(), key)).copied();
        let (began, ended) = (said_by("valid_from"), said_by("valid_to"));
        let days = match ended {
            Some(_) => format!(
                "valid_to of {code} is {to} here, and valid_from {from} in {}",
                began.unwrap_or(SOURCE)
            ),
            None => format!("valid_from of {code} is {from} here, and valid_to {to} in {SOURCE}"),
        };
        let message = format!("{days}, so that it would end before it began: correct one of the two");
        problems.in_file(ended.or(began).unwrap_or(SOURCE), message);
    }
}

fn records(units: &UnitSet) -> impl Iterator<Item = (&PeriodUnit, &RegionRecord)> {
    let mut latest_first: Vec<&PeriodUnit> = units.iter().collect();
    latest_first.sort_by(|one, other| other.period.cmp(&one.period)); // stable: then by recipe
    latest_first.into_iter().flat_map(|unit| match &unit.content {
        UnitContent::Regions(records) => records.iter().map(|record| (unit, record)).collect(),
        _ => Vec::new(),
    })
}

fn changes(units: &UnitSet) -> impl Iterator<Item = (&PeriodUnit, &BoundaryChange)> {
    units.iter().flat_map(|unit| match &unit.content {
        UnitContent::BoundaryChanges(changes) => changes.iter().map(|change| (unit, change)).collect(),
        _ => Vec::new(),
    })
}

/// Keeps what every table says of municipalities and of changes between them, so that a later import can replace it. Two tables that
/// tell the same change must agree, and whoever they name must be known.
pub(super) fn add_units(tables: &mut StoredTables, units: &UnitSet) -> Result<(), ImportError> {
    let known: BTreeSet<&str> = tables.table("region").texts("code").collect();
    let mut problems = Problems::all();
    for unit in units.iter() {
        let names: Vec<&RegionCode> = match &unit.content {
            UnitContent::Regions(records) => records
                .iter()
                .filter_map(|record| record.renamed_to.as_ref())
                .collect(),
            UnitContent::BoundaryChanges(changes) => changes
                .iter()
                .flat_map(|change| [&change.from, &change.to])
                .collect(),
            UnitContent::Figures(_) | UnitContent::Flows(_) | UnitContent::Group(_) => Vec::new(),
        };
        let absent: BTreeSet<&str> = names.into_iter().map(RegionCode::as_str).collect();
        let absent: Vec<&str> = absent.difference(&known).copied().collect();
        if let Some(first) = absent.first() {
            let message = format!(
                "{first} is no municipality that the edition knows{}: import a table of municipalities too, or leave its rows out by a \
                 [[table.filter]]",
                match absent.len() {
                    1 => String::new(),
                    2 => ", nor is 1 other".to_owned(),
                    several => format!(", nor are {} others", several - 1),
                }
            );
            problems.in_file(&unit.recipe.file, message);
        }
    }
    changes_agree(units, &mut problems);
    problems.refuse("the import units")?;
    tables.add(region_records(units));
    tables.add(boundary_changes(units));
    Ok(())
}

fn changes_agree(units: &UnitSet, problems: &mut Problems) {
    let mut first: BTreeMap<(&str, &str, &str), (&PeriodUnit, &BoundaryChange)> = BTreeMap::new();
    for (unit, change) in changes(units) {
        let key = (change.date.as_str(), change.from.as_str(), change.to.as_str());
        let (known, told) = first.entry(key).or_insert((unit, change));
        if *told != change {
            let message = format!(
                "what moved from {} to {} on {} differs from what {} of {} says: leave one of the two out",
                change.from, change.to, change.date, known.recipe.id, known.period
            );
            problems.in_file(&unit.recipe.file, message);
        }
    }
}

fn region_records(units: &UnitSet) -> StoredTable {
    let mut table = StoredTable::new(
        "region_record",
        &[
            "recipe",
            "period",
            "region",
            "name",
            "valid_from",
            "valid_to",
            "renamed_to",
            "province",
            "corop",
            "corop_name",
        ],
    );
    for (unit, record) in records(units) {
        table.push([
            ("recipe", unit.recipe.id.as_str().into()),
            ("period", unit.period.as_str().into()),
            ("region", record.code.as_str().into()),
            ("name", record.name.as_deref().into()),
            ("valid_from", record.valid_from.as_deref().into()),
            ("valid_to", record.valid_to.as_deref().into()),
            (
                "renamed_to",
                record.renamed_to.as_ref().map(RegionCode::as_str).into(),
            ),
            ("province", record.province.map(|province| province.code).into()),
            (
                "corop",
                record.corop.as_ref().map(|corop| corop.code.as_str()).into(),
            ),
            (
                "corop_name",
                record.corop.as_ref().map(|corop| corop.name.as_str()).into(),
            ),
        ]);
    }
    table
}

fn boundary_changes(units: &UnitSet) -> StoredTable {
    let mut table = StoredTable::new(
        "boundary_change",
        &[
            "recipe",
            "period",
            "date",
            "from_region",
            "to_region",
            "inhabitants",
            "dwellings",
            "hectares",
        ],
    );
    for (unit, change) in changes(units) {
        table.push([
            ("recipe", unit.recipe.id.as_str().into()),
            ("period", unit.period.as_str().into()),
            ("date", change.date.as_str().into()),
            ("from_region", change.from.as_str().into()),
            ("to_region", change.to.as_str().into()),
            ("inhabitants", count(change.inhabitants)),
            ("dwellings", count(change.dwellings)),
            ("hectares", count(change.hectares)),
        ]);
    }
    table
}

fn count(number: Option<u64>) -> Value {
    number.map_or(Value::Null, |number| {
        Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    })
}

#[cfg(test)]
mod tests;
