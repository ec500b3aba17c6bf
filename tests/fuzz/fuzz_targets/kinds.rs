//! A table that holds no figures, of every kind: accepted whole, with the flows that a simple reader finds, in an edition that can
//! be served; or refused with a reason.

#![no_main]

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use groeikern_fuzz::{bytes, edition, gzip, import, is_packed, kinds, simple::records};
use groeikern_server::import::{ImportFlags, ImportUnit, Recipe, UnitContent};
use libfuzzer_sys::fuzz_target;

/// What the first byte chooses: the recipes, one table for each.
static CHOICES: LazyLock<[Vec<Arc<Recipe>>; 8]> = LazyLock::new(|| {
    [
        vec![kinds::regions()],
        vec![kinds::regions(), kinds::boundary_changes()],
        vec![kinds::boundary_changes()],
        vec![kinds::flows()],
        vec![kinds::divided_flows()],
        vec![kinds::group()],
        vec![kinds::code_list()],
        vec![kinds::code_list(), kinds::boundary_changes()],
    ]
});

fuzz_target!(|data: &[u8]| {
    let Some((first, tables)) = data.split_first() else {
        return;
    };
    let recipes = &CHOICES[usize::from(*first) % CHOICES.len()];
    let read: Option<Vec<(Arc<Recipe>, ImportUnit)>> = recipes
        .iter()
        .zip(divided(tables, recipes.len()))
        .map(|(recipe, table)| Some((Arc::clone(recipe), read(recipe, table)?)))
        .collect();
    let Some(units) = read else { return };
    if let [(_, lives), (_, moves)] = units.as_slice()
        && let (UnitContent::Regions(records), UnitContent::BoundaryChanges(changes)) =
            (&lives.content, &moves.content)
    {
        let is_known = |code| records.binary_search_by(|record| record.code.cmp(code)).is_ok();
        let renamed = records.iter().filter_map(|record| record.renamed_to.as_ref());
        let moved = changes.iter().flat_map(|change| [&change.from, &change.to]);
        if renamed.chain(moved).all(is_known) {
            edition::check_recasting(records, changes);
        }
    }
    edition::check_edition_of(units);
});

/// So many tables, with an empty line between them.
fn divided(tables: &[u8], count: usize) -> Vec<&[u8]> {
    let empty_line = tables.windows(2).position(|bytes| bytes == b"\n\n");
    match empty_line {
        Some(place) if count > 1 => vec![&tables[..=place], &tables[place + 2..]],
        _ => vec![tables; count],
    }
}

/// What is read of a table, if it is accepted.
fn read(recipe: &Recipe, table: &[u8]) -> Option<ImportUnit> {
    let flags = ImportFlags::default();
    let read = import(recipe, bytes("t.csv", table), &flags);
    if !is_packed(table) {
        let packed = import(recipe, bytes("t.csv", &gzip(table)), &flags);
        assert_eq!(read, packed, "compressed or not");
    }
    let lines = table.split(|byte| *byte == b'\n').count();
    match &read {
        Ok((unit, _)) => {
            if let (UnitContent::Flows(flows), Ok(text)) = (&unit.content, std::str::from_utf8(table))
                && flows.breakdown.is_none()
            {
                assert_eq!(listed(unit), flows_of(text), "as a simple reader finds them");
            }
        }
        Err(error) => {
            let is_placed = |line| line <= lines || is_packed(table);
            assert!(
                error.problems.iter().all(|problem| is_placed(problem.line)),
                "{error}"
            );
        }
    }
    read.ok().map(|(unit, _)| unit)
}

/// The people of every pair.
type Flows = BTreeMap<(String, String), f64>;

fn listed(unit: &ImportUnit) -> Flows {
    let Some(flows) = unit.content.flows() else {
        return Flows::new();
    };
    let code = |place: usize| flows.municipalities[place].code.to_string();
    let mut listed = Flows::new();
    for (origin, from) in flows.origins.iter().enumerate() {
        for (place, destination) in from.destinations.iter().enumerate() {
            let persons = from.persons.iter().filter_map(|part| part[place]).sum();
            listed.insert((code(origin), code(*destination as usize)), persons);
        }
    }
    listed
}

fn flows_of(text: &str) -> Flows {
    let mut records = records(text.trim_start_matches('\u{feff}'));
    let header = records.next().unwrap_or_default();
    let at = |name: &str| header.iter().position(|cell| cell == name);
    let (Some(from), Some(to), Some(people)) = (at("from"), at("to"), at("people")) else {
        return Flows::new();
    };
    records
        .filter_map(|record| {
            let persons: f64 = record.get(people)?.parse().ok()?;
            Some(((record.get(from)?.clone(), record.get(to)?.clone()), persons))
        })
        .collect()
}
