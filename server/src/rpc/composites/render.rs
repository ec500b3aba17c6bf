//! A composite with its figures -> messages.

use groeikern::v1;

use super::{
    figures::Composed,
    tree::{LeftOut, Part, Tree},
};
use crate::{
    domain::{Basis, DECIMALS_OF_COMPOSITES, NeverCounts, unit_of_composites},
    method::{CompositeMean, NodeScore, count},
    rpc::render,
    snapshot::Snapshot,
};

pub(super) fn summary(edition: &Snapshot, composed: &Composed<'_>) -> v1::CompositeSummary {
    let ranking = &composed.ranking;
    let table = &ranking.table;
    let leaf_grades = composed.tables.usable().flatten().next();
    v1::CompositeSummary {
        basis: render::basis(table.basis).into(),
        period: table.period.clone(),
        universe_id: render::universe_id(edition, table),
        n: table.n,
        below_coverage: ranking.below_coverage,
        without_figures: (table.basis != Basis::Published).then_some(ranking.without_grades),
        mean: mean(composed.tree.mean).into(),
        leaf_grade_method: leaf_grades
            .map(|table| render::grade_method_of(table, composed.method))
            .unwrap_or_default()
            .into(),
        grade_method: render::grade_method_of(table, composed.method).into(),
        unit: render::text(&unit_of_composites()),
        decimals: DECIMALS_OF_COMPOSITES,
    }
}

pub(super) fn mean(mean: CompositeMean) -> v1::CompositeMean {
    match mean {
        CompositeMean::Arithmetic => v1::CompositeMean::Arithmetic,
        CompositeMean::Geometric => v1::CompositeMean::Geometric,
        CompositeMean::Harmonic => v1::CompositeMean::Harmonic,
    }
}

pub(super) fn nodes(edition: &Snapshot, composed: &Composed<'_>) -> Vec<v1::CompositeNode> {
    let tree = &composed.tree;
    let everything = vec![Some(crate::method::MEAN_GRADE); tree.leaves.len()];
    let shares = composed.composition.composite().effective_weights(&everything);
    let of_node = |node: usize| {
        let own = &tree.nodes[node];
        let mut found = v1::CompositeNode {
            parent: own.parent.map(count),
            name: tree.name(edition, node).as_ref().and_then(render::text),
            weight: own.weight,
            share: shares.as_ref().map_or(0.0, |shares| shares[node]),
            ..Default::default()
        };
        match &own.part {
            Part::Children => {}
            Part::Block(id, _) => found.block_id.clone_from(id),
            Part::Theme(id, _) => found.theme_id.clone_from(id),
            Part::Composite(place) => found.indicator = render::indicator_ref(&edition.indicators[*place]),
            Part::Leaf(leaf) => {
                let indicator = &edition.indicators[tree.leaves[*leaf]];
                found.indicator = render::indicator_ref(indicator);
                let table = composed.tables.0[*leaf].filter(|table| !table.rows.is_empty());
                found.leaf_status = match table {
                    None => v1::LeafStatus::NoRanking,
                    Some(table) if table.has_grades() => v1::LeafStatus::Ranked,
                    Some(_) => v1::LeafStatus::TooFewUnits,
                }
                .into();
                found.ranking = table
                    .and_then(|table| render::ranking_summary(edition, indicator, table, composed.method));
            }
        }
        found
    };
    (0..tree.nodes.len()).map(of_node).collect()
}

pub(super) fn left_out(edition: &Snapshot, tree: &Tree) -> Vec<v1::LeftOutIndicator> {
    let of_indicator = |&(place, why, node): &(usize, LeftOut, usize)| v1::LeftOutIndicator {
        indicator: render::indicator_ref(&edition.indicators[place]),
        reason: match why {
            LeftOut::NeverCounts(NeverCounts::Neutral) => v1::LeftOutReason::Neutral,
            LeftOut::NeverCounts(NeverCounts::Unverified) => v1::LeftOutReason::Unverified,
            LeftOut::NeverCounts(NeverCounts::Origin) => v1::LeftOutReason::OriginCategory,
            LeftOut::PartOfAnother => v1::LeftOutReason::PartOfAnother,
        }
        .into(),
        node: count(node),
    };
    tree.left_out.iter().map(of_indicator).collect()
}

/// The row at a place of the ranking's listing.
pub(super) fn row(edition: &Snapshot, composed: &Composed<'_>, place: usize) -> v1::CompositeRow {
    let found = &composed.ranking.table.rows[place];
    let at_root = composed.ranking.at_root(found.region);
    v1::CompositeRow {
        region: render::row_ref(edition, &composed.ranking.table, found.region),
        members: render::unit_members(edition, composed.ranking.table.combined_unit(found.region)),
        standing: standing(composed, place),
        score: found.value.unwrap_or_default(),
        coverage: at_root.map_or(0.0, |root| root.coverage),
    }
}

/// Where the row at a place of the ranking's listing stands.
pub(super) fn standing(composed: &Composed<'_>, place: usize) -> Option<v1::Standing> {
    let table = &composed.ranking.table;
    render::standing(&table.standing_of_row(place, composed.method), table.scale())
}

pub(super) fn node_scores(scores: &[NodeScore], shares: Option<&[f64]>) -> Vec<v1::CompositeNodeScore> {
    let of_node = |(node, found): (usize, &NodeScore)| v1::CompositeNodeScore {
        score: found.score,
        coverage: found.coverage,
        share: shares.map(|shares| shares[node]),
    };
    scores.iter().enumerate().map(of_node).collect()
}
