//! What a request about flows names -> the table that answers, or why there is none.

use crate::{
    domain::{FlowKind, Region, nearest_several},
    method::flow::FlowBalance,
    rpc::{Failure, lookup},
    snapshot::{FlowMatrix, Snapshot},
};

/// Suggestions at most.
const SUGGESTIONS: usize = 3;

/// The table of a kind and period; the first kind and the latest period where none is named.
pub(super) fn table<'a>(
    edition: &'a Snapshot,
    kind: Option<FlowKind>,
    period: Option<&str>,
) -> Result<&'a FlowMatrix, Failure> {
    edition
        .flows
        .found(kind, period)
        .next()
        .ok_or_else(|| no_flows(edition, kind, period))
}

/// The table of a kind and period, divided by a breakdown where one is named.
pub(super) fn table_by<'a>(
    edition: &'a Snapshot,
    kind: Option<FlowKind>,
    period: Option<&str>,
    breakdown: &str,
) -> Result<&'a FlowMatrix, Failure> {
    match breakdown {
        "" => table(edition, kind, period),
        id => divided_table(edition, kind, period, id),
    }
}

/// The table of a kind and period that is divided by a breakdown.
fn divided_table<'a>(
    edition: &'a Snapshot,
    kind: Option<FlowKind>,
    period: Option<&str>,
    breakdown: &str,
) -> Result<&'a FlowMatrix, Failure> {
    let undivided = table(edition, kind, period)?;
    let mut tables = edition.flows.found(kind, period);
    tables
        .find(|table| table.breakdown_id() == Some(breakdown))
        .ok_or_else(|| {
            let found = edition.flows.found(kind, period);
            let known: Vec<&str> = found.filter_map(FlowMatrix::breakdown_id).collect();
            let near = nearest_several(breakdown, known.iter().copied(), SUGGESTIONS);
            let near: Vec<String> = near.into_iter().map(str::to_owned).collect();
            Failure::unknown_breakdown(breakdown, (undivided.kind, &undivided.period), &known, &near)
        })
}

/// The municipality of a code, in a table that lists it.
pub(super) fn listed<'a>(
    edition: &'a Snapshot,
    table: &FlowMatrix,
    code: &str,
) -> Result<(usize, &'a Region), Failure> {
    let (place, region) = lookup::region(edition, code)?;
    if table.lists(place) {
        return Ok((place, region));
    }
    let periods: Vec<&str> = edition
        .flows
        .iter()
        .filter(|other| other.kind == table.kind && other.lists(place))
        .map(|other| other.period.as_str())
        .collect();
    let predecessors = region.predecessors.iter().filter(|former| {
        let place = edition.region(&former.code).map(|(place, _)| place);
        place.is_some_and(|place| table.lists(place))
    });
    let instead: Vec<String> = predecessors
        .map(|former| format!("{} ({})", former.name, former.code))
        .collect();
    Err(Failure::not_in_flows(
        region,
        (table.kind, &table.period),
        &periods,
        &instead,
    ))
}

/// The municipality of a code and its place, with its balance in a table that lists it.
pub(super) fn balance<'a>(
    edition: &'a Snapshot,
    table: &FlowMatrix,
    code: &str,
) -> Result<(usize, &'a Region, FlowBalance<usize>), Failure> {
    let (place, region) = listed(edition, table, code)?;
    let balance = table.balance(place);
    let balance = balance.ok_or_else(|| Failure::internal("a listed municipality has no balance"))?;
    Ok((place, region, balance))
}

fn no_flows(edition: &Snapshot, kind: Option<FlowKind>, period: Option<&str>) -> Failure {
    let mut known: Vec<(FlowKind, &str)> = edition
        .flows
        .iter()
        .map(|table| (table.kind, table.period.as_str()))
        .collect();
    known.dedup();
    Failure::no_flows(&edition.manifest.name, kind, period, &known)
}
