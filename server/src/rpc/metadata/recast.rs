//! What an answer must say of figures that were put on the borders of another year.

use std::collections::BTreeSet;

use groeikern::v1::CaveatCode;

use super::{Metadata, push_once};
use crate::{
    domain::Text,
    snapshot::{RankingTable, Recasting},
};

/// Divisions and municipalities that the caveat names at most.
const MOST_NAMED: usize = 5;

/// What all rankings of an answer say together.
#[derive(Debug, Default)]
pub(in crate::rpc) struct Totals {
    year: String,
    indicators: Vec<String>,
    values: usize,
    recast: usize,
    estimated: u32,
    not_possible: usize,
    without_weights: usize,
    moved_unknown: usize,
    /// The divisions of which it is not known who moved: the day, and the place of the municipality.
    divided: BTreeSet<(String, usize)>,
    lost: BTreeSet<usize>,
    /// The years whose inhabitants gave what stayed in municipalities.
    inhabitants_of: BTreeSet<i32>,
}

impl Totals {
    /// What the citation adds.
    pub(super) fn citation(&self) -> Text {
        let year = &self.year;
        Text::new(
            format!(", op grenzen van {year}"),
            format!(", on the borders of {year}"),
        )
    }
}

impl Metadata<'_> {
    /// A ranking on the borders of another year that the answer uses.
    pub(super) fn recast(
        &mut self,
        year: &str,
        indicator: &str,
        table: &RankingTable,
        recasting: &Recasting,
    ) {
        let snapshot = self.snapshot;
        self.quote(snapshot.boundary_sources.iter().map(String::as_str));
        let totals = self.recast.get_or_insert_default();
        year.clone_into(&mut totals.year);
        push_once(&mut totals.indicators, indicator);
        totals.values += table.rows.len();
        totals.recast += recasting.values.len();
        totals.estimated += recasting.estimated();
        totals.not_possible += recasting.not_possible.len();
        totals.without_weights += recasting.without_weights.len();
        totals.moved_unknown += recasting.unknown_moves.len();
        totals
            .divided
            .extend(recasting.unknown_moves.values().flatten().cloned());
        totals.lost.extend(&recasting.lost);
        totals.inhabitants_of.extend(&recasting.inhabitants_of);
    }

    /// The caveat on all of them.
    pub(super) fn recast_caveat(&mut self) {
        let Some(totals) = &self.recast else { return };
        let Totals {
            year,
            values,
            recast,
            estimated,
            ..
        } = totals;
        let (mut nl, mut en) = if *recast == 0 {
            (
                format!(
                    "De cijfers staan op de grenzen van 1 januari {year}; daarvoor hoefde geen waarde omgerekend te worden."
                ),
                format!(
                    "The figures are on the borders of 1 January {year}; no value had to be recast to them."
                ),
            )
        } else {
            let nl = format!(
                "De cijfers staan op de grenzen van 1 januari {year}: {recast} van de {values} waarden zijn daarvoor omgerekend, waarvan \
             {estimated} geschat uit delen van gemeenten."
            );
            let en = format!(
                "The figures are on the borders of 1 January {year}: {recast} of {values} values were recast to them, {estimated} of \
             those estimated from parts of municipalities."
            );
            (nl, en)
        };
        let name = |place: usize| self.snapshot.regions[place].name.as_str();
        if totals.moved_unknown > 0 {
            let divided = totals
                .divided
                .iter()
                .map(|(date, place)| format!("{} {date}", name(*place)));
            let (named, number) = (named(divided), totals.moved_unknown);
            nl += &format!(
                " {number} keer ontbreekt een waarde omdat niet bekend is hoeveel mensen overgingen ({named})."
            );
            en += &format!(
                " {number} times a value is missing because it is not known how many people moved ({named})."
            );
        }
        if !totals.inhabitants_of.is_empty() {
            let years = named(totals.inhabitants_of.iter().map(i32::to_string));
            nl += &format!(
                " Wie bleef waar een stuk wegging, is waar nodig afgeleid uit de inwoners van {years}."
            );
            en += &format!(
                " Who stayed where a part went was found, where needed, from the inhabitants of {years}."
            );
        }
        if totals.without_weights > 0 {
            let number = totals.without_weights;
            nl += &format!(
                " {number} keer ontbreekt een waarde omdat het gewicht van de delen niet bekend is, of hoeveel land verhuisde."
            );
            en += &format!(
                " {number} times a value is missing because what weighs its parts is not known, or how much land moved."
            );
        }
        if totals.not_possible > 0 {
            let number = totals.not_possible;
            nl += &format!(
                " {number} keer ontbreekt een waarde omdat de grenzen veranderden en het cijfer niet te delen of op te tellen is."
            );
            en += &format!(
                " {number} times a value is missing because borders changed and the figure can be neither divided nor added up."
            );
        }
        if !totals.lost.is_empty() {
            let named = named(totals.lost.iter().map(|&place| name(place).to_owned()));
            nl += &format!(" Geen plaats op die grenzen hebben de cijfers van: {named}.");
            en += &format!(" Without a place on those borders are the figures of: {named}.");
        }
        self.caveats.push((
            CaveatCode::Recast,
            String::new(),
            Text { nl, en },
            totals.indicators.clone(),
            String::new(),
        ));
    }
}

/// The first of these, and an ellipsis for the others.
fn named(all: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = all.collect();
    if all.len() > MOST_NAMED {
        all.truncate(MOST_NAMED);
        all.push("…".to_owned());
    }
    all.join(", ")
}
