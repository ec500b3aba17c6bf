//! The messages of an answer: what it says of itself and of all districts, then the districts.

use groeikern::{Encoded, v1};
use prost::Message;

use super::found::Found;
use crate::{
    domain::Text,
    rpc::{metadata::Metadata, runs::Going},
};

/// The length of a message with districts from which the next one begins, in bytes: small beside what a client reads at once.
const LONG: usize = 200_000;

/// All messages; those made so far when nobody waits any more.
pub(super) fn of(found: &Found<'_>, going: &Going) -> Vec<Encoded<v1::DetectMaskingResponse>> {
    let summary = found.summary();
    let first = v1::DetectMaskingResponse {
        metadata: metadata(found, &summary),
        summary: Some(summary),
        districts: Vec::new(),
    };
    let mut messages = vec![first.into()];
    let mut districts: Vec<v1::DistrictMasking> = Vec::new();
    let mut length = 0;
    let finish = |districts: &mut Vec<v1::DistrictMasking>| {
        Encoded::from(v1::DetectMaskingResponse {
            districts: std::mem::take(districts),
            ..Default::default()
        })
    };
    for district in found.wanted() {
        let own = district.encoded_len();
        if length + own > LONG && !districts.is_empty() {
            messages.push(finish(&mut districts));
            length = 0;
            if !going.step() {
                return messages;
            }
        }
        length += own;
        districts.push(district);
    }
    if !districts.is_empty() {
        messages.push(finish(&mut districts));
    }
    messages
}

fn metadata(found: &Found<'_>, summary: &v1::MaskingSummary) -> Option<v1::ResponseMetadata> {
    let indicators = &found.edition.indicators;
    let measured = found
        .asked
        .indicator
        .into_iter()
        .chain(found.leaves.iter().copied());
    let measured: Vec<usize> = measured.collect();
    let mut metadata = Metadata::of(found.edition);
    metadata.neighbourhoods(found.values.sources.iter().chain(&found.weights.sources).copied());
    for &place in &measured {
        metadata.indicator(&indicators[place]);
        if let Some(year) = found.values.borders {
            metadata.other_borders(year, &indicators[place].id);
        }
    }
    if let (Some(country), Some(weights)) = (&summary.country, &summary.weights) {
        let without_figure = country.neighbourhoods - country.with_value;
        if without_figure > 0 {
            metadata.caveat(
                v1::CaveatCode::NeighbourhoodsWithoutFigure,
                Text::new(
                    format!(
                        "Van {without_figure} van de {} buurten is er geen cijfer. Ze zijn geteld en niet geraden: een wijk kan meer \
                         verbergen dan is gevonden.",
                        country.neighbourhoods
                    ),
                    format!(
                        "{without_figure} of {} neighbourhoods have no figure. They are counted and not guessed: a district may hide \
                         more than was found.",
                        country.neighbourhoods
                    ),
                ),
            );
        }
        let others: Vec<&str> = weights
            .periods
            .iter()
            .map(|period| period.period.as_str())
            .filter(|period| *period != summary.period)
            .collect();
        if !others.is_empty() || weights.without_weight > 0 {
            let (periods, period, without) = (others.join(", "), &summary.period, weights.without_weight);
            let (of_nl, of_en) = if others.is_empty() {
                (String::new(), String::new())
            } else {
                (
                    format!("Gewichten zijn deels of alle van {periods}, de cijfers van {period}. "),
                    format!("Weights are in part or all of {periods}, the figures of {period}. "),
                )
            };
            metadata.caveat(
                v1::CaveatCode::WeightsOfAnotherPeriod,
                Text::new(
                    format!(
                        "{of_nl}{without} buurten met een cijfer vinden geen gewicht, bijvoorbeeld door een andere code, en tellen niet \
                         mee. Een code die nu een ander gebied aanduidt, wordt niet herkend."
                    ),
                    format!(
                        "{of_en}{without} neighbourhoods with a figure find no weight, such as for another code, and do not take part. A \
                         code that denotes another area by now is not recognised."
                    ),
                ),
            );
        }
    }
    metadata.finish()
}
