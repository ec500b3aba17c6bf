//! Municipalities through time: which were wanted, what happened to them, and whom a text means.

use groeikern::v1;

use super::super::{Failure, lookup, metadata::Metadata, render};
use crate::{
    domain::{
        Direction, PROVINCES, Province, Region, RegionEvent, RegionEventKind, Succession, Text, first_day,
        nearest_several, plain_name, year_of,
    },
    snapshot::{Resolved, ResolvedBy, Snapshot, Unresolved},
};

/// Suggestions at most.
const SUGGESTIONS: usize = 3;

/// The municipalities that a list is to hold.
pub(super) fn wanted<'a>(
    edition: &'a Snapshot,
    request: &v1::ListRegionsRequest,
) -> Result<Vec<&'a Region>, Failure> {
    let group = lookup::optional_group(edition, &request.group_id)?;
    let province = province_asked(&request.province)?;
    let corop = corop_asked(edition, &request.corop)?;
    let borders = day_asked(edition, "borders", &request.borders)?;
    // On older borders a member is there by its former code.
    let members = group.map(|group| match borders {
        Some(day) => edition.places_of(group, &first_day(day)),
        None => edition.present_places_of(group),
    });
    let is_member = |region: &Region| {
        members.as_ref().is_none_or(|members| {
            let mut members = members.iter().map(|&place| &edition.regions[place]);
            members.any(|member| member.code == region.code)
        })
    };
    let exists = |region: &Region| match borders {
        Some(day) => region.existed_on(day),
        None => request.include_former || !region.is_former(),
    };
    let is_wanted = |region: &&Region| {
        exists(region)
            && is_member(region)
            && province.is_none_or(|wanted| region.province == Some(wanted))
            && corop.is_none_or(|wanted| {
                region
                    .corop
                    .as_ref()
                    .is_some_and(|corop| corop.area.code == wanted)
            })
    };
    Ok(edition.regions.iter().filter(is_wanted).collect())
}

/// The day that a field of a request asks about, within the years whose borders the edition knows; none for now.
fn day_asked<'a>(edition: &Snapshot, field: &str, day: &'a str) -> Result<Option<&'a str>, Failure> {
    if day.is_empty() {
        return Ok(None);
    }
    if !edition.lives_are_known {
        return Err(Failure::lives_unknown(&edition.manifest.name));
    }
    if let Some((first, last)) = edition.years_of_borders()
        && !(first..=last).contains(&year_of(day))
    {
        return Err(Failure::day_unknown(
            &edition.manifest.name,
            field,
            day,
            (first, last),
        ));
    }
    Ok(Some(day))
}

fn province_asked(asked: &str) -> Result<Option<&'static Province>, Failure> {
    if asked.is_empty() {
        return Ok(None);
    }
    let plain = plain_name(asked);
    let is_it =
        |province: &&Province| plain_name(province.name) == plain || plain_name(province.code) == plain;
    let found = Province::find(asked).or_else(|| PROVINCES.iter().find(is_it));
    found.map(Some).ok_or_else(|| {
        let names = PROVINCES.iter().map(|province| (province.name, province.code));
        unknown_area(asked, names)
    })
}

/// The code of the COROP area that a request asks for.
fn corop_asked<'a>(edition: &'a Snapshot, asked: &str) -> Result<Option<&'a str>, Failure> {
    if asked.is_empty() {
        return Ok(None);
    }
    let areas = || {
        edition
            .regions
            .iter()
            .filter_map(|region| Some(&region.corop.as_ref()?.area))
    };
    let plain = plain_name(asked);
    let found = areas().find(|area| plain_name(&area.code) == plain || plain_name(&area.name) == plain);
    found.map(|area| Some(area.code.as_str())).ok_or_else(|| {
        unknown_area(
            asked,
            areas().map(|area| (area.name.as_str(), area.code.as_str())),
        )
    })
}

fn unknown_area<'a>(asked: &str, known: impl Iterator<Item = (&'a str, &'a str)>) -> Failure {
    let known: Vec<(&str, &str)> = known.collect();
    let mut near: Vec<String> = Vec::new();
    for name in nearest_several(asked, known.iter().map(|(name, _)| *name), 50 * SUGGESTIONS) {
        let code = known
            .iter()
            .find(|(other, _)| *other == name)
            .map_or("", |(_, code)| code);
        let label = format!("{name} ({code})");
        if near.len() < SUGGESTIONS && !near.contains(&label) {
            near.push(label);
        }
    }
    Failure::unknown(v1::ErrorReason::UnknownArea, asked, &near)
}

pub(super) fn region(region: &Region) -> v1::Region {
    v1::Region {
        code: region.code.clone(),
        name: region.name.clone(),
        level: v1::RegionLevel::Municipality.into(),
        valid_from: region.valid_from.clone().unwrap_or_default(),
        valid_to: region.valid_to.clone().unwrap_or_default(),
        aliases: region.aliases.clone(),
        successors: region.successors.iter().map(succession).collect(),
        predecessors: region.predecessors.iter().map(succession).collect(),
        group_ids: region.groups.clone(),
        listed_periods: region.listed_periods.clone(),
        province: region.province.map(province),
        corop: region.corop.as_ref().map(|corop| v1::CoropArea {
            code: corop.area.code.clone(),
            name: corop.area.name.clone(),
            inferred: corop.is_inferred,
        }),
    }
}

fn province(province: &Province) -> v1::Province {
    v1::Province {
        code: province.code.to_owned(),
        name: province.name.to_owned(),
    }
}

fn succession(step: &Succession) -> v1::Succession {
    v1::Succession {
        region: Some(v1::RegionRef {
            code: step.code.clone(),
            name: step.name.clone(),
        }),
        date: step.date.clone(),
        note: render::optional_text(step.note.as_ref()),
        inhabitants: step.inhabitants,
        share: step.share,
    }
}

pub(super) fn event(event: &RegionEvent) -> v1::RegionEvent {
    let direction = event.other.as_ref().map(|other| match other.direction {
        Direction::Received => v1::MoveDirection::Received,
        Direction::Gave => v1::MoveDirection::Gave,
        Direction::Stayed => v1::MoveDirection::Stayed,
    });
    v1::RegionEvent {
        date: event.date.clone(),
        kind: kind(event.kind).into(),
        other: event.other.as_ref().map(|other| v1::RegionRef {
            code: other.code.clone(),
            name: other.name.clone(),
        }),
        direction: direction.unwrap_or_default().into(),
        inhabitants: event.inhabitants,
        dwellings: event.dwellings,
        hectares: event.hectares,
        share: event.share,
    }
}

fn kind(kind: RegionEventKind) -> v1::RegionEventKind {
    match kind {
        RegionEventKind::Founded => v1::RegionEventKind::Founded,
        RegionEventKind::BoundaryChange => v1::RegionEventKind::BoundaryChange,
        RegionEventKind::Renamed => v1::RegionEventKind::Renamed,
        RegionEventKind::Abolished => v1::RegionEventKind::Abolished,
    }
}

/// Says so when the COROP area of a municipality is inferred.
pub(super) fn metadata(edition: &Snapshot, region: &Region) -> Option<v1::ResponseMetadata> {
    let mut metadata = Metadata::of(edition);
    metadata.quote_all();
    let inferred = region.corop.as_ref().filter(|corop| corop.is_inferred);
    if let Some(corop) = inferred {
        let (name, area) = (&region.name, &corop.area.name);
        metadata.caveat(
            v1::CaveatCode::CoropInferred,
            Text::new(
                format!(
                    "Geen bron noemt het COROP-gebied van {name}: alles waaruit het ontstond lag in {area}."
                ),
                format!("No source says the COROP area of {name}: all that it was made of lay in {area}."),
            ),
        );
    }
    metadata.finish()
}

/// Whom a text means, now or on a day.
pub(super) fn resolve(
    edition: &Snapshot,
    typed: &str,
    at: &str,
) -> Result<v1::ResolveRegionResponse, Failure> {
    let found = match day_asked(edition, "at", at)? {
        Some(day) => edition.resolve_region_on(typed, day),
        None => edition.resolve_region(typed),
    };
    let found = found.map_err(|error| match error {
        Unresolved::Unknown(nearest) => Failure::unknown_region(typed, &nearest),
        Unresolved::Ambiguous(candidates) => Failure::ambiguous_name(typed, &candidates),
        Unresolved::NoData(code) => lookup::no_figures_of(edition, &code),
        Unresolved::NotThen(label) => {
            Failure::not_on_day(&label, &first_day(at), edition.years_of_borders().is_some())
        }
    })?;
    Ok(v1::ResolveRegionResponse {
        metadata: resolved_metadata(edition, typed, at, &found),
        region: Some(region(found.region)),
        r#match: region_match(found.by).into(),
        followed_from: found.followed_from.and_then(render::region_ref),
        steps: found
            .steps
            .iter()
            .map(|(from, step)| resolution_step(from, step))
            .collect(),
        others: found.others.iter().map(|other| candidate(other)).collect(),
    })
}

fn resolution_step(from: &Region, step: &Succession) -> v1::ResolutionStep {
    let is_renaming = |event: &&RegionEvent| {
        event.kind == RegionEventKind::Renamed
            && event.date == step.date
            && event.other.as_ref().is_some_and(|other| other.code == step.code)
    };
    let kind = match from.history.iter().any(|event| is_renaming(&event)) {
        true => v1::RegionEventKind::Renamed,
        false => v1::RegionEventKind::Abolished,
    };
    v1::ResolutionStep {
        from: render::region_ref(from),
        to: Some(v1::RegionRef {
            code: step.code.clone(),
            name: step.name.clone(),
        }),
        date: step.date.clone(),
        kind: kind.into(),
        inhabitants: step.inhabitants,
        share: step.share,
        note: render::optional_text(step.note.as_ref()),
    }
}

fn candidate(region: &Region) -> v1::RegionCandidate {
    v1::RegionCandidate {
        region: render::region_ref(region),
        valid_from: region.valid_from.clone().unwrap_or_default(),
        valid_to: region.valid_to.clone().unwrap_or_default(),
        province: region.province.map(province),
    }
}

fn region_match(by: ResolvedBy) -> v1::RegionMatch {
    match by {
        ResolvedBy::Code => v1::RegionMatch::Code,
        ResolvedBy::Name => v1::RegionMatch::Name,
        ResolvedBy::Alias => v1::RegionMatch::Alias,
        ResolvedBy::FormerCode => v1::RegionMatch::FormerCode,
        ResolvedBy::FormerName => v1::RegionMatch::FormerName,
        ResolvedBy::TypingCorrected => v1::RegionMatch::TypingCorrected,
        ResolvedBy::LaterCode => v1::RegionMatch::LaterCode,
        ResolvedBy::LaterName => v1::RegionMatch::LaterName,
    }
}

/// Says so when what was typed is not what the region is called now, or was not all that it became.
fn resolved_metadata(
    edition: &Snapshot,
    typed: &str,
    at: &str,
    found: &Resolved<'_>,
) -> Option<v1::ResponseMetadata> {
    let mut metadata = Metadata::of(edition);
    metadata.quote_all();
    let (name, code) = (&found.region.name, &found.region.code);
    if let Some(former) = found.followed_from.filter(|_| at.is_empty()) {
        let (old, old_code) = (&former.name, &former.code);
        metadata.caveat(
            v1::CaveatCode::FormerCode,
            Text::new(
                format!("{old} ({old_code}) bestaat niet meer; dit is {name} ({code})."),
                format!("{old} ({old_code}) no longer exists; this is {name} ({code})."),
            ),
        );
    }
    if !at.is_empty() {
        let day = first_day(at);
        metadata.caveat(
            v1::CaveatCode::RegionOfItsDay,
            Text::new(
                format!("{name} ({code}) is de gemeente van {day}."),
                format!("{name} ({code}) is the municipality of {day}."),
            ),
        );
    }
    let forwards = found.steps.iter();
    let forwards = forwards.filter(|(from, step)| from.valid_to.as_ref() == Some(&step.date));
    for (from, step) in forwards {
        if step.share.is_some_and(|share| share < 1.0) {
            let (from, to, others) = (&from.name, &step.name, others_of(from, step));
            metadata.caveat(
                v1::CaveatCode::SplitMunicipality,
                Text::new(
                    format!("{from} is gesplitst: de meeste inwoners kwamen bij {to}, anderen bij {others}."),
                    format!("{from} was split up: most inhabitants came to {to}, others to {others}."),
                ),
            );
        }
    }
    if found.by == ResolvedBy::TypingCorrected {
        let read_as = found.followed_from.unwrap_or(found.region);
        let (name, code) = (&read_as.name, &read_as.code);
        metadata.caveat(
            v1::CaveatCode::NameCorrected,
            Text::new(
                format!("\"{typed}\" is gelezen als {name} ({code})."),
                format!("\"{typed}\" was read as {name} ({code})."),
            ),
        );
    }
    metadata.finish()
}

/// The other municipalities that one became part of.
fn others_of(from: &Region, largest: &Succession) -> String {
    let others = from.successors.iter().filter(|step| step.code != largest.code);
    let names: Vec<&str> = others.map(|step| step.name.as_str()).collect();
    names.join(", ")
}
