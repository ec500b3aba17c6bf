//! Flows -> messages.

use groeikern::v1;

use super::relevant_region::Found;
use crate::{
    domain::{FlowCategory, FlowKind},
    method::{FlowBalance, Partner, count},
    rpc::render,
    snapshot::{FlowMatrix, Snapshot},
};

pub(super) fn kind(kind: FlowKind) -> v1::FlowKind {
    match kind {
        FlowKind::Commuting => v1::FlowKind::Commuting,
        FlowKind::Migration => v1::FlowKind::Migration,
        FlowKind::Trips => v1::FlowKind::Trips,
    }
}

pub(super) fn table(table: &FlowMatrix) -> v1::FlowTable {
    let totals = table.totals;
    v1::FlowTable {
        kind: kind(table.kind).into(),
        period: table.period.clone(),
        source_id: table.source.clone(),
        breakdown: table.breakdown.as_ref().map(|found| v1::FlowBreakdown {
            id: found.id.clone(),
            name: render::text(&found.name),
            categories: found.categories.iter().map(category).collect(),
        }),
        municipalities: count(table.municipalities.len()),
        pairs: count(totals.pairs),
        persons: totals.persons,
        persons_within: totals.within,
    }
}

pub(super) fn category(category: &FlowCategory) -> v1::FlowCategory {
    v1::FlowCategory {
        id: category.id.clone(),
        name: render::text(&category.name),
    }
}

pub(super) fn balance(found: &FlowBalance<usize>) -> v1::FlowBalance {
    v1::FlowBalance {
        incoming: found.incoming,
        outgoing: found.outgoing,
        net: found.net(),
        within: found.within,
        partners: count(found.active()),
        herfindahl_of_destinations: found.herfindahl_of_destinations(),
    }
}

/// A part of a whole; absent of nothing.
pub(super) fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

pub(super) fn partner(
    edition: &Snapshot,
    of: &FlowBalance<usize>,
    partner: &Partner<usize>,
    cumulative: f64,
) -> v1::FlowPartner {
    v1::FlowPartner {
        region: render::region_ref(&edition.regions[partner.key]),
        incoming: partner.incoming,
        outgoing: partner.outgoing,
        net: partner.net(),
        share: share(partner.volume(), of.volume()).unwrap_or_default(),
        share_of_incoming: share(partner.incoming.unwrap_or_default(), of.incoming),
        share_of_outgoing: share(partner.outgoing.unwrap_or_default(), of.outgoing),
        cumulative_share: if of.volume() > 0.0 { cumulative } else { 0.0 },
    }
}

pub(super) fn relevant_region(
    edition: &Snapshot,
    found: &Found<'_>,
    metadata: Option<v1::ResponseMetadata>,
) -> v1::GetRelevantRegionResponse {
    let (region, balance_of) = (found.region, &found.balance);
    let cumulative: Vec<f64> = balance_of.cumulative_shares().collect();
    let members = region.gross().map(|place| v1::RelevantMember {
        partner: Some(partner(
            edition,
            balance_of,
            &balance_of.partners[place],
            cumulative[place],
        )),
        is_dominant: region.dominant == Some(place),
        beyond_share: place >= region.reach,
    });
    v1::GetRelevantRegionResponse {
        metadata,
        table: Some(table(found.matrix)),
        region: render::region_ref(found.town),
        share: found.share,
        reached_share: found.reached_share(),
        balance: Some(balance(balance_of)),
        members: members.collect(),
        dominant: found.dominant(edition).and_then(render::region_ref),
    }
}
