//! What units add to the flows of an edition.

use std::collections::BTreeMap;

use super::{
    super::{ImportError, problems::Problems},
    PeriodUnit, UnitSet,
};
use crate::{
    domain::{FlowKind, FlowTable},
    edition::{StoredTables, flow_tables::add_flow_tables},
};

/// What tells tables of flows apart: kind, period, and what they are divided by.
type Subject<'a> = (FlowKind, &'a str, Option<&'a str>);

/// Adds the flows of all units. Two tables of the same kind, period and breakdown cannot both be right.
pub(super) fn add_flows(tables: &mut StoredTables, units: &UnitSet) -> Result<(), ImportError> {
    let flows: Vec<(&PeriodUnit, &FlowTable)> = units
        .iter()
        .filter_map(|unit| Some((unit, unit.content.flows()?)))
        .collect();
    let mut problems = Problems::all();
    let mut known: BTreeMap<Subject<'_>, &str> = BTreeMap::new();
    for (unit, table) in &flows {
        let breakdown = table.breakdown.as_ref().map(|found| found.id.as_str());
        let recipe = unit.recipe.id.as_str();
        if let Some(other) = known.insert((table.kind, &unit.period, breakdown), recipe) {
            let divided = breakdown.map_or_else(String::new, |id| format!(" by {id}"));
            let message = format!(
                "`{other}` and `{recipe}` both hold the flows of {}{divided} in {}: leave one of the two out",
                table.kind.word(),
                unit.period
            );
            problems.in_file("import units", message);
        }
    }
    problems.refuse("the set of recipes")?;
    let flows = flows
        .iter()
        .map(|(unit, table)| (unit.recipe.id.as_str(), unit.period.as_str(), *table));
    add_flow_tables(tables, flows);
    Ok(())
}
