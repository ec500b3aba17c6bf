//! What an answer about a composite must say of itself.

use groeikern::v1::CaveatCode;

use super::figures::Composed;
use crate::{
    domain::{Basis, Text},
    rpc::metadata::Metadata,
    snapshot::Snapshot,
};

/// Says that fewer draws were made than asked.
pub(super) fn fewer_draws(metadata: &mut Metadata<'_>, asked: u32, made: u32) {
    let text = Text::new(
        format!("Er zijn {made} in plaats van {asked} trekkingen gedaan: meer past niet binnen één vraag."),
        format!("{made} draws were made instead of {asked}: more do not fit in one request."),
    );
    metadata.caveat(CaveatCode::FewerDraws, text);
}

/// Adds the caveats of every ranking used, and those of the composite itself.
pub(super) fn add<'e>(metadata: &mut Metadata<'e>, edition: &'e Snapshot, composed: &Composed<'e>) {
    let tables = composed.tree.leaves.iter().zip(composed.tables.usable());
    for (&leaf, table) in tables {
        if let Some(table) = table {
            metadata.ranking(&edition.indicators[leaf], table);
        }
    }
    let ranking = &composed.ranking;
    metadata.composed(&ranking.table);
    let below = ranking.below_coverage;
    if below > 0 {
        let text = Text::new(
            format!("Zonder plaats, omdat minder dan twee derde van het gewicht cijfers heeft: {below}."),
            format!("Without a place, because less than two thirds of the weight has figures: {below}."),
        );
        metadata.caveat(CaveatCode::BelowCoverage, text);
    }
    if ranking.table.basis == Basis::Published {
        let n = ranking.table.n;
        let text = Text::new(
            format!(
                "Alleen de {n} gemeenten met voldoende bekende posities zijn onderling gerangschikt, niet alle van het rapport."
            ),
            format!(
                "Only the {n} municipalities of which enough positions are known are ranked, among each other, not all of the report."
            ),
        );
        metadata.caveat(CaveatCode::RankedAmongKnown, text);
    }
}
