//! What limits answers about flows, and those that rest on a region that follows from them.

use std::collections::BTreeSet;

use groeikern::v1::CaveatCode;

use super::Metadata;
use crate::{
    domain::{FlowKind, Text},
    rpc::flows::relevant_region::Found,
    snapshot::FlowMatrix,
};

impl<'a> Metadata<'a> {
    /// Flows that the answer shows or rests on: their source and their limits.
    pub(in crate::rpc) fn flows(&mut self, table: &'a FlowMatrix) {
        self.flows = true;
        self.quote([table.source.as_str()]);
        let period = &table.period;
        self.say(
            CaveatCode::FlowsOfTheirPeriod,
            Text::new(
                format!(
                    "De stromen gaan over de gemeenten van {period}. Grenzen kunnen sindsdien zijn veranderd."
                ),
                format!(
                    "The flows are between the municipalities of {period}. Borders may have changed since."
                ),
            ),
        );
        if !table.is_complete() {
            let (pairs, towns) = (table.totals.pairs, table.municipalities.len());
            let all = towns * towns.saturating_sub(1);
            self.say(
                CaveatCode::FlowPairsNotListed,
                Text::new(
                    format!(
                        "De tabel noemt {pairs} van de {all} paren van gemeenten. Sommen zijn van die paren; de andere zijn niet \
                         bekend, en niet nul."
                    ),
                    format!(
                        "The table lists {pairs} of the {all} pairs of municipalities. Sums are of those pairs; the others are \
                         not known, and not zero."
                    ),
                ),
            );
        }
    }

    /// That the flows say nothing of which groups of people come and go.
    pub(in crate::rpc) fn flows_not_divided(&mut self) {
        self.say(
            CaveatCode::FlowsNotDivided,
            Text::new(
                "De bron verdeelt deze stromen niet: welke groepen mensen komen en gaan, is niet bekend.",
                "The source does not divide these flows: which groups of people come and go is not known.",
            ),
        );
    }

    /// How a region was made, from which flows. `vintages` are those of the figures that it is compared on.
    pub(in crate::rpc) fn relevant_region(&mut self, found: &Found<'a>, vintages: &[&str]) {
        self.flows(found.matrix);
        let (nl, en) = match found.matrix.kind {
            FlowKind::Commuting => ("pendel", "commuting"),
            FlowKind::Migration => ("verhuizingen", "migration"),
            FlowKind::Trips => ("verplaatsingen", "trips"),
        };
        let (period, town) = (&found.matrix.period, &found.town.name);
        let share = (found.share * 1000.0).round() / 10.0;
        let share_nl = share.to_string().replace('.', ",");
        let dominant = found.dominant(self.snapshot).map(|region| region.name.as_str());
        let (with_nl, with_en) = match (dominant, found.with_dominant) {
            (Some(name), true) => (
                format!("; met de dominante gemeente {name}"),
                format!("; with the dominant municipality {name}"),
            ),
            (Some(name), false) => (
                format!("; zonder de dominante gemeente {name}"),
                format!("; without the dominant municipality {name}"),
            ),
            (None, _) => (
                "; een dominante gemeente is er niet".to_owned(),
                "; there is no dominant municipality".to_owned(),
            ),
        };
        self.say(
            CaveatCode::RelevantRegion,
            Text::new(
                format!(
                    "De regio van {town} is die van de gemeenten met de meeste {nl} heen en terug in {period}, samen minstens \
                     {share_nl}% van het geheel{with_nl}. Het rapport noemt geen regel; deze is van ons."
                ),
                format!(
                    "The region of {town} holds the municipalities with the largest {en} to and fro in {period}, together at \
                     least {share}% of all{with_en}. The report gives no rule; this one is ours."
                ),
            ),
        );
        let snapshot = self.snapshot;
        let vintages: BTreeSet<&str> = vintages.iter().copied().collect();
        let by_successors = |vintage: &&str| found.has_successors_in(snapshot, vintage);
        if vintages.iter().any(by_successors) {
            self.say(
                CaveatCode::RegionBySuccessors,
                Text::new(
                    format!(
                        "Gemeenten van de regio van {town} die in de periode van de cijfers niet meer bestonden, tellen mee als hun \
                         opvolgers."
                    ),
                    format!(
                        "Municipalities of the region of {town} that no longer existed in the period of the figures count as \
                         their successors."
                    ),
                ),
            );
        }
    }

    /// A caveat of ours, once per text: an answer may rest on several tables or regions.
    fn say(&mut self, code: CaveatCode, text: Text) {
        if !self.caveats.iter().any(|(_, _, known, ..)| *known == text) {
            self.caveats
                .push((code, String::new(), text, Vec::new(), String::new()));
        }
    }
}
