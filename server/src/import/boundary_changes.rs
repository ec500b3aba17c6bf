//! Tables of what moved between municipalities. They tell most changes twice, once from either side.

use std::collections::BTreeMap;

use sha2::Sha256;

use super::{
    ImportReport, Recipe, TableInput,
    problems::{Problems, excerpt, plain},
    recipe::BoundaryColumns,
    report::Count,
    wanted_rows::{Place, WantedRows, count, day, municipality},
};
use crate::domain::{BoundaryChange, RegionCode};

/// Which side tells of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Received,
    Gave,
}

/// What is known of a change, with the first row that told it and the sides that did.
struct Told {
    change: BoundaryChange,
    first: Place,
    sides: [bool; 2],
}

/// Reads what tables say of changes: by day, where from, and where to.
pub(super) fn read_boundary_changes(
    recipe: &Recipe,
    columns: &BoundaryColumns,
    inputs: Vec<TableInput>,
    hasher: &mut Sha256,
    problems: &mut Problems,
) -> (Vec<BoundaryChange>, ImportReport) {
    let mut wanted = WantedRows::of(recipe, &inputs);
    let region = wanted.need("region_column", &columns.region);
    let other = wanted.need("other_region_column", &columns.other);
    let date = wanted.need("date_column", &columns.date);
    let direction = wanted.need("direction_column", &columns.direction);
    let numbers = [
        wanted.may_need("inhabitants_column", columns.inhabitants.as_ref()),
        wanted.may_need("dwellings_column", columns.dwellings.as_ref()),
        wanted.may_need("hectares_column", columns.hectares.as_ref()),
    ];
    let mut told: BTreeMap<(String, RegionCode, RegionCode), Told> = BTreeMap::new();
    let mut again: Vec<String> = Vec::new();
    let mut report = wanted.read(inputs, hasher, problems, |place, row, problems| {
        let own = told_or_reported(municipality(row.cell(region)), &wanted, place, region, problems);
        let others = told_or_reported(municipality(row.cell(other)), &wanted, place, other, problems);
        let of_day = day(row.cell(date), &columns.dates)
            .and_then(|day| day.ok_or_else(|| "is empty: a change has a day".to_owned()));
        let of_day = told_or_reported(of_day, &wanted, place, date, problems);
        let side = side(&plain(row.cell(direction)), columns);
        let side = told_or_reported(side, &wanted, place, direction, problems);
        let numbers = numbers.map(|column| match column {
            Some(column) => told_or_reported(count(row.cell(column)), &wanted, place, column, problems),
            None => Some(None),
        });
        let (Some(own), Some(others), Some(date), Some(side)) = (own, others, of_day, side) else {
            return;
        };
        let [Some(inhabitants), Some(dwellings), Some(hectares)] = numbers else {
            return;
        };
        let (from, to) = match side {
            Side::Received => (others, own),
            Side::Gave => (own, others),
        };
        let change = BoundaryChange {
            date,
            from,
            to,
            inhabitants,
            dwellings,
            hectares,
        };
        let key = (change.date.clone(), change.from.clone(), change.to.clone());
        match told.get_mut(&key) {
            None => {
                let mut sides = [false; 2];
                sides[side as usize] = true;
                let first = place;
                told.insert(key, Told { change, first, sides });
            }
            Some(known) if known.change != change => {
                let message = format!(
                    "what moved from {} to {} on {} stands here with other numbers than on {}: correct one of the two",
                    change.from,
                    change.to,
                    change.date,
                    wanted.label(known.first)
                );
                wanted.report_row(place, message, problems);
            }
            Some(known) if known.sides[side as usize] => again.push(change.from.to_string()),
            Some(known) => known.sides[side as usize] = true,
        }
    });
    again.iter().for_each(|code| report.duplicates.count(code));
    report.rows_used -= report.duplicates.total;
    let of = |key, words, holds: &dyn Fn(&Told) -> bool| {
        let count = told.values().filter(|told| holds(told)).count() as u64;
        Count { key, words, count }
    };
    let stayed = |told: &Told| told.change.from == told.change.to;
    report.counts = vec![
        of("changes", "changes", &|_| true),
        of("told_by_both", "told by both sides alike", &|told| {
            told.sides == [true; 2]
        }),
        of("told_by_one", "told by one side alone", &|told| {
            !stayed(told) && told.sides != [true; 2]
        }),
        of("stayed", "of what stayed where others joined", &stayed),
        of(
            "without_inhabitants",
            "whose inhabitants are not known",
            &|told| told.change.inhabitants.is_none(),
        ),
    ];
    (told.into_values().map(|told| told.change).collect(), report)
}

fn side(cell: &str, columns: &BoundaryColumns) -> Result<Side, String> {
    let is_one_of = |words: &[String]| words.iter().any(|word| word == cell);
    if is_one_of(&columns.received) {
        return Ok(Side::Received);
    }
    if is_one_of(&columns.gave) {
        return Ok(Side::Gave);
    }
    let words = columns.received.iter().chain(&columns.gave);
    let words: Vec<String> = words.map(|word| format!("{word:?}")).collect();
    Err(format!("`{}` is none of {}", excerpt(cell), words.join(", ")))
}

/// What a cell says; what is wrong with it is reported.
fn told_or_reported<T>(
    read: Result<T, String>,
    wanted: &WantedRows<'_>,
    place: Place,
    column: usize,
    problems: &mut Problems,
) -> Option<T> {
    read.map_err(|message| wanted.report(place, column, &message, problems))
        .ok()
}

#[cfg(test)]
mod tests;
