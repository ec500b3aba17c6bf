//! Flows from some municipalities, to some, or both.

use std::collections::HashSet;

use groeikern::v1;

use super::{found, rendering};
use crate::{
    domain::FlowKind,
    method::{compensated_sum, count},
    rpc::{Failure, metadata::Metadata, pages::Page, render, request::Violations},
    snapshot::{FlowMatrix, FlowPair, Snapshot},
};

/// Codes of one list at most.
const MOST_CODES: usize = 500;

/// What a request wants of the flows.
pub(super) struct Asked<'a> {
    kind: Option<FlowKind>,
    period: Option<&'a str>,
    origins: &'a [String],
    destinations: &'a [String],
    breakdown: &'a str,
    include_within: bool,
}

impl<'a> Asked<'a> {
    pub(super) fn parse(request: &'a v1::QueryFlowsRequest, violations: &mut Violations) -> Self {
        let (origins, destinations) = (&request.origin_codes, &request.destination_codes);
        if origins.is_empty() && destinations.is_empty() {
            violations.add(
                "origin_codes",
                "needs at least 1, such as `GM0034`, or else destination_codes",
            );
        }
        violations.region_codes("origin_codes", origins, 0, MOST_CODES);
        violations.region_codes("destination_codes", destinations, 0, MOST_CODES);
        if let ([origin], [destination], false) = (&origins[..], &destinations[..], request.include_within)
            && origin == destination
            && !origin.is_empty()
        {
            violations.add(
                "include_within",
                format!("set it to ask what stays within {origin}, or name another origin or destination"),
            );
        }
        Self {
            kind: violations.flow_kind("kind", request.kind),
            period: violations.period(&request.period),
            origins,
            destinations,
            breakdown: violations.optional_id("breakdown_id", &request.breakdown_id),
            include_within: request.include_within,
        }
    }
}

/// One page of them.
pub(super) fn query(
    edition: &Snapshot,
    asked: &Asked<'_>,
    page: &Page<'_, v1::QueryFlowsRequest>,
) -> Result<v1::QueryFlowsResponse, Failure> {
    let table = found::table_by(edition, asked.kind, asked.period, asked.breakdown)?;
    let (origins, destinations) = (
        places(edition, table, asked.origins)?,
        places(edition, table, asked.destinations)?,
    );
    let wanted = |pair: &FlowPair| {
        (origins.is_empty() || origins.contains(&pair.origin))
            && (destinations.is_empty() || destinations.contains(&pair.destination))
            && (asked.include_within || pair.origin != pair.destination)
    };
    let pairs = table.largest(wanted);
    let code = |place: usize| edition.regions[place].code.as_str();
    let key = |&pair: &usize| {
        let FlowPair {
            origin, destination, ..
        } = table.pairs[pair];
        format!("{} {}", code(origin), code(destination))
    };
    let (listed, next_page_token) = page.cut(edition.id(), &pairs, key)?;
    let mut metadata = Metadata::of(edition);
    metadata.flows(table);
    let divided = !asked.breakdown.is_empty();
    Ok(v1::QueryFlowsResponse {
        metadata: metadata.finish(),
        table: Some(rendering::table(table)),
        flows: listed
            .iter()
            .map(|&pair| flow(edition, table, pair, divided))
            .collect(),
        total_flows: count(pairs.len()),
        total_persons: compensated_sum(pairs.iter().map(|&pair| table.pairs[pair].persons)),
        next_page_token,
    })
}

fn places(edition: &Snapshot, table: &FlowMatrix, codes: &[String]) -> Result<HashSet<usize>, Failure> {
    codes
        .iter()
        .map(|code| Ok(found::listed(edition, table, code)?.0))
        .collect()
}

fn flow(edition: &Snapshot, table: &FlowMatrix, place: usize, divided: bool) -> v1::Flow {
    let pair = table.pairs[place];
    let categories = table.breakdown.iter().flat_map(|found| &found.categories);
    let parts = categories.zip(table.parts_of(place)).filter(|_| divided);
    v1::Flow {
        origin: render::region_ref(&edition.regions[pair.origin]),
        destination: render::region_ref(&edition.regions[pair.destination]),
        persons: pair.persons,
        parts: parts
            .map(|(category, persons)| v1::FlowPart {
                category_id: category.id.clone(),
                persons,
            })
            .collect(),
    }
}
