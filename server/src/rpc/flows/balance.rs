//! What goes in and out of one municipality.

use groeikern::v1;

use super::{found, rendering};
use crate::{
    domain::FlowKind,
    rpc::{Failure, metadata::Metadata, render, request::Violations},
    snapshot::{FlowMatrix, Snapshot},
};

/// Partners of one answer at most.
const MOST_PARTNERS: usize = 500;

/// What a request wants of a balance.
pub(super) struct Asked<'a> {
    region: &'a str,
    kind: Option<FlowKind>,
    period: Option<&'a str>,
    breakdown: &'a str,
    partners: usize,
}

impl<'a> Asked<'a> {
    pub(super) fn parse(request: &'a v1::GetFlowBalanceRequest, violations: &mut Violations) -> Self {
        violations.region_code("region_code", &request.region_code);
        Self {
            region: &request.region_code,
            kind: violations.flow_kind("kind", request.kind),
            period: violations.period(&request.period),
            breakdown: violations.optional_id("breakdown_id", &request.breakdown_id),
            partners: violations.rows("partners", request.partners, MOST_PARTNERS),
        }
    }
}

/// The balance of a municipality.
pub(super) fn balance(edition: &Snapshot, asked: &Asked<'_>) -> Result<v1::GetFlowBalanceResponse, Failure> {
    let table = found::table_by(edition, asked.kind, asked.period, asked.breakdown)?;
    let (place, region, found) = found::balance(edition, table, asked.region)?;
    let mut metadata = Metadata::of(edition);
    metadata.flows(table);
    if edition
        .flows
        .found(Some(table.kind), Some(&table.period))
        .all(|table| table.breakdown.is_none())
    {
        metadata.flows_not_divided();
    }
    let partners = found.partners.iter().zip(found.cumulative_shares());
    Ok(v1::GetFlowBalanceResponse {
        metadata: metadata.finish(),
        table: Some(rendering::table(table)),
        region: render::region_ref(region),
        balance: Some(rendering::balance(&found)),
        partners: partners
            .take(asked.partners)
            .map(|(partner, cumulative)| rendering::partner(edition, &found, partner, cumulative))
            .collect(),
        categories: if asked.breakdown.is_empty() {
            Vec::new()
        } else {
            categories(table, place)
        },
    })
}

/// In and out by part. Shares are of the sum of all parts.
fn categories(table: &FlowMatrix, place: usize) -> Vec<v1::CategoryBalance> {
    let categories = table.breakdown.iter().flat_map(|found| &found.categories);
    let balances: Vec<_> = categories
        .enumerate()
        .filter_map(|(part, category)| Some((category, table.balance_of_category(place, part)?)))
        .collect();
    let sum = |pick: fn(&v1::FlowBalance) -> f64, all: &[v1::FlowBalance]| {
        crate::method::compensated_sum(all.iter().map(pick))
    };
    let rendered: Vec<v1::FlowBalance> = balances
        .iter()
        .map(|(_, found)| rendering::balance(found))
        .collect();
    let incoming = sum(|balance| balance.incoming, &rendered);
    let outgoing = sum(|balance| balance.outgoing, &rendered);
    balances
        .iter()
        .zip(&rendered)
        .map(|((category, _), balance)| v1::CategoryBalance {
            category: Some(rendering::category(category)),
            share_of_incoming: rendering::share(balance.incoming, incoming),
            share_of_outgoing: rendering::share(balance.outgoing, outgoing),
            balance: Some(*balance),
        })
        .collect()
}
