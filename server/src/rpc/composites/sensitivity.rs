//! AnalyseSensitivity: how firm the positions by a composite are.

use std::{collections::HashMap, sync::Arc};

use groeikern::v1;

use super::{
    caveats,
    figures::{Composed, Wanted},
    render,
    tree::Sent,
    variants::{self, Variant},
};
use crate::{
    domain::RegionCode,
    method::{
        Levels, PositionCounts, Sensitivity, USUAL_DRAWS, USUAL_SPREAD, UnitSensitivity, WeightNoise, count,
    },
    rpc::{
        Edition, Failure, lookup,
        metadata::Metadata,
        render as pieces,
        request::Violations,
        runs::{Going, Runs},
    },
    snapshot::Snapshot,
};

/// Draws of one request at most.
const MOST_DRAWS: u32 = 10_000;
/// Draws times nodes times units of one request at most: a few seconds of one core.
const MOST_WORK: u64 = 400_000_000;
/// Municipalities that one request may name.
const MOST_REGIONS: usize = 500;

/// What a request asks, in good form.
pub(in crate::rpc) struct Asked<'r> {
    sent: Sent<'r>,
    wanted: Wanted<'r>,
    seed: u64,
    draws: u32,
    noise: f64,
    regions: &'r [String],
    group: &'r str,
}

impl<'r> Asked<'r> {
    /// Reads a request; what is wrong with it joins the other violations.
    pub(in crate::rpc) fn parse(
        request: &'r v1::AnalyseSensitivityRequest,
        violations: &mut Violations,
    ) -> Self {
        let draws = match u32::try_from(request.draws) {
            Ok(0) => USUAL_DRAWS,
            Ok(draws) => draws,
            Err(_) => {
                let draws = request.draws;
                violations.add(
                    "draws",
                    format!("{draws} is negative; leave it 0 for the default of {USUAL_DRAWS}"),
                );
                USUAL_DRAWS
            }
        };
        let noise = request.weight_noise.unwrap_or(USUAL_SPREAD);
        if !(0.0..1.0).contains(&noise) {
            violations.add(
                "weight_noise",
                format!("{noise} is not 0 or more and less than 1"),
            );
        }
        violations.region_codes("region_codes", &request.region_codes, 0, MOST_REGIONS);
        if !request.group_id.is_empty() && !request.region_codes.is_empty() {
            violations.add(
                "group_id",
                "stands beside region_codes: leave one of the two empty",
            );
        }
        Self {
            sent: Sent::parse(request.composite.as_ref(), violations),
            wanted: Wanted {
                basis: violations.basis(request.basis),
                period: violations.period(&request.period),
                universe: violations.universe(&request.universe_id),
                method: violations.grade_method(request.grade_method),
            },
            seed: request.seed,
            draws,
            noise,
            regions: &request.region_codes,
            group: &request.group_id,
        }
    }
}

/// The answer to a request.
pub(in crate::rpc) async fn analyse(
    edition: &Edition,
    asked: &Asked<'_>,
    runs: &Runs,
) -> Result<v1::AnalyseSensitivityResponse, Failure> {
    let group = lookup::optional_group(edition, asked.group)?;
    let composed = Composed::find(edition, asked.sent.resolve(edition)?, asked.wanted)?;
    let ranked = &composed.ranking;
    let draws = draws_within_bounds(asked.draws, composed.tree.nodes.len(), ranked.table.n);
    let grades = Arc::new(composed.grades(composed.method));
    let noise = WeightNoise {
        seed: asked.seed,
        spread: asked.noise,
        levels: Levels::All,
    };
    let sensitivity = Sensitivity::new(composed.composition.composite(), &grades, noise)
        .map_err(|why| Failure::internal(&format!("a composite that was ranked: {why:?}")))?;
    let sensitivity = Arc::new(sensitivity);

    let run = runs.begin().await?;
    let counts = {
        let sensitivity = Arc::clone(&sensitivity);
        let shares = run
            .split(draws, move |range, going| counts(&sensitivity, range, going))
            .await?;
        let mut all = PositionCounts::of_units(ranked.table.n as usize);
        shares.iter().for_each(|share| all.merge(share));
        all
    };
    let kinds = variants::of(&composed);
    let compared = {
        let (kinds, grades) = (kinds.clone(), Arc::clone(&grades));
        let composite = composed.composition.composite().clone();
        let nominal: Vec<Option<f64>> = ranked.scores.iter().map(|root| root.score).collect();
        let steps = count(kinds.len());
        let shares = run.split(steps, move |range, going| {
            let kinds = range.map(|step| &kinds[step as usize]);
            let wanted = kinds.take_while(|_| going.step());
            wanted
                .map(|kind| variants::compare(kind, &composite, (&grades, &nominal)))
                .collect::<Vec<_>>()
        });
        shares.await?.into_iter().flatten().collect::<Result<Vec<_>, _>>()
    };
    drop(run);
    let compared =
        compared.map_err(|unfit| Failure::internal(&format!("grades without place in a mean: {unfit:?}")))?;

    let units = counts.summary(sensitivity.nominal()).unwrap_or_default();
    let unit_regions = sensitivity.units().into_iter().map(|place| ranked.units[place]);
    let by_region: HashMap<usize, &UnitSensitivity> = unit_regions.zip(&units).collect();
    let regions = if asked.regions.is_empty() {
        let members = group.map(|group| composed.units_of(edition, group));
        let listed = ranked.table.rows.iter().map(|row| row.region);
        let listed = listed.filter(|region| members.as_ref().is_none_or(|members| members.contains(region)));
        listed
            .map(|region| ranked_region(edition, &composed, region, by_region.get(&region).copied()))
            .collect()
    } else {
        let codes = asked.regions.iter();
        codes
            .map(|code| region(edition, &composed, code, &by_region))
            .collect()
    };
    let mut metadata = Metadata::of(edition);
    caveats::add(&mut metadata, edition, &composed);
    if draws < asked.draws {
        caveats::fewer_draws(&mut metadata, asked.draws, draws);
    }
    Ok(v1::AnalyseSensitivityResponse {
        metadata: metadata.finish(),
        summary: Some(render::summary(edition, &composed)),
        nodes: render::nodes(edition, &composed),
        left_out: render::left_out(edition, &composed.tree),
        seed: asked.seed,
        draws: counts.draws(),
        weight_noise: asked.noise,
        fragile: count(units.iter().filter(|unit| unit.fragile).count()),
        regions,
        variants: kinds
            .iter()
            .zip(&compared)
            .map(|(kind, shift)| variant(edition, &composed, kind, shift))
            .collect(),
    })
}

/// How many of the draws asked for can be made.
fn draws_within_bounds(asked: u32, nodes: usize, units: u32) -> u32 {
    let per_draw = u64::from(count(nodes)) * u64::from(units);
    let possible = MOST_WORK / per_draw.max(1);
    asked
        .min(MOST_DRAWS)
        .min(u32::try_from(possible).unwrap_or(u32::MAX))
        .max(1)
}

/// What comes of some of the draws.
fn counts(sensitivity: &Sensitivity, range: std::ops::Range<u32>, going: &Going) -> PositionCounts {
    let mut counts = PositionCounts::of_units(sensitivity.nominal().positions.len());
    for draw in range.take_while(|_| going.step()) {
        counts.add(&sensitivity.ranking_of_draw(u64::from(draw)));
    }
    counts
}

fn ranked_region(
    edition: &Snapshot,
    composed: &Composed<'_>,
    place: usize,
    unit: Option<&UnitSensitivity>,
) -> v1::RegionSensitivity {
    let region = pieces::row_ref(edition, &composed.ranking.table, place);
    let Some(unit) = unit else {
        return v1::RegionSensitivity {
            region,
            status: v1::ItemStatus::NoData.into(),
            ..Default::default()
        };
    };
    v1::RegionSensitivity {
        region,
        status: v1::ItemStatus::Ok.into(),
        position: unit.nominal,
        position_p05: unit.lower,
        position_p50: unit.median,
        position_p95: unit.upper,
        share_in_top: unit.share_in_top,
        share_in_bottom: unit.share_in_bottom,
        mean_shift: unit.mean_shift,
        fragile: unit.fragile,
    }
}

/// A municipality that was asked for by its code, ranked or not.
fn region(
    edition: &Snapshot,
    composed: &Composed<'_>,
    code: &str,
    by_region: &HashMap<usize, &UnitSensitivity>,
) -> v1::RegionSensitivity {
    match edition.region(code) {
        Some((place, region)) => {
            let row = composed.unit_of(place).unwrap_or(place);
            let unit = by_region.get(&row).copied();
            let mut found = ranked_region(edition, composed, row, unit);
            if unit.is_none() {
                found.status = pieces::absence_in(&composed.ranking.table, (place, region)).into();
            }
            found
        }
        None => v1::RegionSensitivity {
            region: Some(v1::RegionRef {
                code: code.to_owned(),
                name: String::new(),
            }),
            status: unknown_region(code).into(),
            ..Default::default()
        },
    }
}

/// Why there is nothing of a code that the edition does not know.
pub(super) fn unknown_region(code: &str) -> v1::ItemStatus {
    if RegionCode::parse(code).is_ok_and(|code| code.is_municipality()) {
        v1::ItemStatus::NoData
    } else {
        v1::ItemStatus::Unknown
    }
}

fn variant(
    edition: &Snapshot,
    composed: &Composed<'_>,
    kind: &Variant,
    shift: &crate::method::VariantShift,
) -> v1::CompositeVariant {
    use v1::composite_variant::Variant as Message;
    let moved = shift.positions.iter().enumerate();
    let moved = moved.filter_map(|(place, positions)| Some((place, (*positions)?)));
    let distance = |(before, after): (u32, u32)| before.abs_diff(after);
    // Of several the first: `max_by_key` would take the last.
    let furthest = moved
        .rev()
        .max_by_key(|(_, positions)| distance(*positions))
        .filter(|(_, positions)| distance(*positions) > 0);
    let (before, after) = furthest.map(|(_, positions)| positions).unwrap_or_default();
    v1::CompositeVariant {
        variant: Some(match kind {
            Variant::WithoutNode(node) => Message::WithoutNode(count(*node)),
            Variant::EqualWeights => Message::EqualWeights(true),
            Variant::Mean(mean) => Message::Mean(render::mean(*mean).into()),
            Variant::GradeMethod(method, _) => Message::GradeMethod(pieces::grade_method(*method).into()),
        }),
        compared: shift.compared,
        lost: shift.lost,
        gained: shift.gained,
        mean_shift: shift.mean_shift,
        tau: shift.tau,
        largest_mover: furthest.and_then(|(place, _)| {
            let region = composed.ranking.units[place];
            pieces::row_ref(edition, &composed.ranking.table, region)
        }),
        largest_mover_before: before,
        largest_mover_after: after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_bounded_by_their_number_and_by_the_work_they_make() {
        assert_eq!(draws_within_bounds(1000, 12, 342), 1000);
        assert_eq!(draws_within_bounds(u32::MAX, 12, 342), 10_000);
        assert_eq!(draws_within_bounds(10_000, 230, 342), 5085);
        assert_eq!(draws_within_bounds(1, usize::MAX, u32::MAX), 1, "never none");
        assert_eq!(draws_within_bounds(7, 0, 0), 7);
    }
}
