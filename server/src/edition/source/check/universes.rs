//! Universes: their ids are their own, their units whole.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{DraftTable, Problem};
use super::rows_of;
use crate::domain::{RegionCode, year_of_municipalities};

pub(super) fn check(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    ids_leave_room_for_years(tables, problems);
    positions_share_the_size_of_their_universe(tables, problems);
    units_are_municipalities_of_a_year(tables, problems);
    units_combine_several(tables, problems);
    sizes_fit_the_units(tables, problems);
}

/// `municipalities_2020` is the name of the municipalities of that year.
fn ids_leave_room_for_years(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    for (section, row) in rows_of(tables, "universe") {
        let id = row.id(section);
        if year_of_municipalities(&id).is_some() {
            let message = format!("`{id}` is the id of all municipalities of that year: choose another");
            problems.push(Problem::at(section.file, row.line_of(section, "id"), message));
        }
    }
}

/// All published positions are among one universe of known size, so that those of one ranking share their n.
fn positions_share_the_size_of_their_universe(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    let published =
        rows_of(tables, "edition").find_map(|(section, row)| row.text(section, "published_universe"));
    let named =
        rows_of(tables, "universe").find(|(section, row)| Some(row.id(section).as_str()) == published);
    let Some((of, universe)) = named else {
        return; // reported as a dangling reference
    };
    let id = universe.id(of);
    let Some(size) = universe.whole(of, "size") else {
        let message = format!("`{id}` needs a `size`: published positions are among so many units");
        problems.push(Problem::at(of.file, universe.line, message));
        return;
    };
    for (section, row) in rows_of(tables, "published_position") {
        if let Some(n) = row.whole(section, "n").filter(|n| *n != size) {
            let message = format!(
                "n = {n}, but the universe `{id}` in edition.toml has {size} units: correct one of the two"
            );
            problems.push(Problem::at(section.file, row.line_of(section, "n"), message));
        }
    }
}

fn units_are_municipalities_of_a_year(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    for (section, row) in rows_of(tables, "universe_unit") {
        let text = |key| row.text(section, key).unwrap_or_default();
        let mut report = |key, message| {
            problems.push(Problem::at(section.file, row.line_of(section, key), message));
        };
        if text("year").len() != 4 {
            report("year", format!("`{}` is not a year, such as 2020", text("year")));
        }
        if RegionCode::parse(text("region")).is_ok_and(|code| !code.is_municipality()) {
            report(
                "region",
                format!(
                    "{} is no municipality: write a code such as GM0034",
                    text("region")
                ),
            );
        }
    }
}

/// A unit of one municipality is that municipality.
fn units_combine_several(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    let mut members: BTreeMap<(&str, &str, &str), (usize, usize)> = BTreeMap::new();
    let mut file = "";
    for (section, row) in rows_of(tables, "universe_unit") {
        let text = |key| row.text(section, key);
        if let (Some(universe), Some(year), Some(unit)) = (text("universe"), text("year"), text("unit")) {
            members.entry((universe, year, unit)).or_insert((0, row.line)).0 += 1;
            file = section.file;
        }
    }
    for ((universe, year, unit), (number, line)) in members {
        if number == 1 {
            let message = format!(
                "unit `{unit}` of `{universe}` has one municipality in {year}: leave `unit` empty, or add the others"
            );
            problems.push(Problem::at(file, line, message));
        }
    }
}

/// Where a size is stated, every year has so many units.
fn sizes_fit_the_units(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    let mut units: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for (section, row) in rows_of(tables, "universe_unit") {
        let text = |key| row.text(section, key);
        if let (Some(universe), Some(year), Some(region)) = (text("universe"), text("year"), text("region")) {
            let unit = text("unit").unwrap_or(region);
            units.entry((universe, year)).or_default().insert(unit);
        }
    }
    for (section, row) in rows_of(tables, "universe") {
        let Some(size) = row.whole(section, "size") else {
            continue;
        };
        let id = row.id(section);
        for ((_, year), found) in units.iter().filter(|((universe, _), _)| **universe == *id) {
            let number = found.len();
            if i64::try_from(number) != Ok(size) {
                let message = format!(
                    "`{id}` has size {size}, but {number} units in {year} (universe_units.csv): correct one of the two"
                );
                problems.push(Problem::at(section.file, row.line_of(section, "size"), message));
            }
        }
    }
}
