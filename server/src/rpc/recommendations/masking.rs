//! What the neighbourhoods of a subject hide -> facts for advice, and what a trigger found in them -> messages.

use std::collections::BTreeMap;

use groeikern::v1;

use crate::{
    advice::{MaskedOn, MaskingFacts, MaskingFound},
    domain::{Indicator, TriggerCondition},
    rpc::render,
    snapshot::Snapshot,
};

/// The facts of some municipalities, each a member by the codes that figures may be under, the present one first.
pub(super) fn facts<'a>(edition: &'a Snapshot, members: &[Vec<&str>]) -> MaskingFacts<'a> {
    let mut facts = MaskingFacts::default();
    let of_trigger = edition.knowledge.triggers.iter();
    let measured_from = of_trigger.fold(1.0, |other, trigger| match trigger.condition {
        TriggerCondition::Masking(rules) => rules.measured_from,
        TriggerCondition::Breadth(_) => other,
    });
    for (place, indicator) in edition.indicators.iter().enumerate() {
        if !indicator.counts_in_advice() {
            continue;
        }
        let stands_in = |(_, other): &(usize, &Indicator)| {
            other
                .proxy
                .as_ref()
                .is_some_and(|proxy| proxy.indicator == indicator.id)
        };
        let others = edition
            .indicators
            .iter()
            .enumerate()
            .filter(stands_in)
            .map(|(place, _)| place);
        let measured = std::iter::once(place).chain(others).find_map(|place| {
            let towns = edition.masked_districts(place)?;
            Some((edition.indicators[place].id.as_str(), towns))
        });
        let Some((measured, towns)) = measured else {
            continue;
        };
        let of = |(member, codes): (usize, &Vec<&str>)| {
            let town = codes.iter().find_map(|code| towns.get(code.get(2..)?))?;
            let seen = f64::from(town.taking_part) >= measured_from * f64::from(town.neighbourhoods);
            // What few neighbourhoods do not show may be hidden by the others.
            (town.masked > 0 || seen).then_some((member, town.masked))
        };
        let members: BTreeMap<usize, u32> = members.iter().enumerate().filter_map(of).collect();
        facts
            .indicators
            .insert(&indicator.id, MaskedOn { measured, members });
    }
    facts
}

/// What the masking trigger found.
pub(super) fn found(edition: &Snapshot, found: &MaskingFound<'_>) -> v1::MaskingEvidence {
    let reference = |id: &str| {
        edition
            .indicator(id)
            .and_then(|(_, indicator)| render::indicator_ref(indicator))
    };
    let indicators = found
        .indicators
        .iter()
        .map(|(id, measured, masked)| v1::MaskedIndicator {
            indicator: reference(id),
            measured: reference(measured).filter(|_| id != measured),
            masked_districts: *masked,
        });
    v1::MaskingEvidence {
        indicators: indicators.collect(),
        members_measured: found.members_measured,
        members_masked: found.members_masked,
    }
}
