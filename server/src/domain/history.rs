//! What became of municipalities, told for each of them: from the days on which they began and ended, and what moved between them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    BoundaryChange, Direction, Lives, OtherRegion, Region, RegionCode, RegionCorop, RegionEvent,
    RegionEventKind, Succession,
};

/// Fills in what became of every municipality: events, successors and predecessors beside those that are there, and COROP areas where
/// all that a municipality was made of lay in one. `renamed` are the codes that others go on under.
pub fn tell_histories(
    regions: &mut [Region],
    changes: &[BoundaryChange],
    renamed: &BTreeMap<RegionCode, RegionCode>,
) {
    let places: BTreeMap<String, usize> = regions
        .iter()
        .map(|region| region.code.clone())
        .zip(0..)
        .collect();
    let lives = lives(regions, renamed);
    let changes = possible(&lives, &places, changes);
    let was_renamed = |(old, new): &(&RegionCode, &RegionCode)| {
        let end = lives.of(old.as_str()).to;
        end.is_some_and(|day| lives.after(old.as_str(), day) == new.as_str())
    };
    let renamed: BTreeMap<&RegionCode, &RegionCode> = renamed.iter().filter(was_renamed).collect();
    let mut events: Vec<Vec<RegionEvent>> = vec![Vec::new(); regions.len()];
    let mut successions: Vec<(usize, usize, Succession)> = Vec::new();
    for (change, share) in changes.iter().zip(shares(regions, &places, &changes)) {
        let (Some(&from), Some(&to)) = (places.get(change.from.as_str()), places.get(change.to.as_str()))
        else {
            continue;
        };
        let began = regions[to].valid_from.as_deref() == Some(&change.date);
        let ended =
            regions[from].valid_to.as_deref() == Some(&change.date) && !renamed.contains_key(&change.from);
        let event = |kind, other: usize, direction| RegionEvent {
            date: change.date.clone(),
            kind,
            other: Some(other_region(&regions[other], direction)),
            inhabitants: change.inhabitants,
            dwellings: change.dwellings,
            hectares: change.hectares,
            share,
        };
        if from == to {
            events[from].push(event(RegionEventKind::BoundaryChange, from, Direction::Stayed));
            continue;
        }
        let kind = if began {
            RegionEventKind::Founded
        } else {
            RegionEventKind::BoundaryChange
        };
        events[to].push(event(kind, from, Direction::Received));
        let kind = if ended {
            RegionEventKind::Abolished
        } else {
            RegionEventKind::BoundaryChange
        };
        events[from].push(event(kind, to, Direction::Gave));
        if ended {
            successions.push((from, to, succession(&regions[to], change, share)));
        }
    }
    for (old, new) in renamed {
        let (Some(&old), Some(&new)) = (places.get(old.as_str()), places.get(new.as_str())) else {
            continue;
        };
        let Some(date) = regions[old].valid_to.clone() else {
            continue;
        };
        for (place, other, direction) in [(old, new, Direction::Gave), (new, old, Direction::Received)] {
            events[place].push(RegionEvent {
                date: date.clone(),
                kind: RegionEventKind::Renamed,
                other: Some(other_region(&regions[other], direction)),
                inhabitants: None,
                dwellings: None,
                hectares: None,
                share: Some(1.0),
            });
        }
        let succession = Succession {
            code: regions[new].code.clone(),
            name: regions[new].name.clone(),
            date,
            note: None,
            inhabitants: None,
            share: Some(1.0),
        };
        successions.push((old, new, succession));
    }
    add_successions(regions, successions);
    for (region, events) in regions.iter_mut().zip(events) {
        region.history = whole_history(region, events);
    }
    infer_corops(regions, &places);
}

fn other_region(region: &Region, direction: Direction) -> OtherRegion {
    OtherRegion {
        code: region.code.clone(),
        name: region.name.clone(),
        direction,
    }
}

fn succession(to: &Region, change: &BoundaryChange, share: Option<f64>) -> Succession {
    Succession {
        code: to.code.clone(),
        name: to.name.clone(),
        date: change.date.clone(),
        note: None,
        inhabitants: change.inhabitants,
        share,
    }
}

fn lives<'a>(regions: &'a [Region], renamed: &'a BTreeMap<RegionCode, RegionCode>) -> Lives<'a> {
    Lives {
        lifetimes: regions
            .iter()
            .map(|region| (region.code.as_str(), region.lifetime()))
            .collect(),
        renamed: renamed
            .iter()
            .map(|(old, new)| (old.as_str(), new.as_str()))
            .collect(),
    }
}

/// The changes without those that cannot have been: see [`Lives::moved_on`].
fn possible<'a>(
    lives: &Lives<'_>,
    places: &BTreeMap<String, usize>,
    changes: &'a [BoundaryChange],
) -> Vec<&'a BoundaryChange> {
    let is_known = |code: &RegionCode| places.contains_key(code.as_str());
    let was_there = |change: &&BoundaryChange| {
        let moved = lives.moved_on(&change.date, change.from.as_str(), change.to.as_str());
        is_known(&change.from) && is_known(&change.to) && moved.is_some()
    };
    changes.iter().filter(was_there).collect()
}

/// The share that moved of the inhabitants of where it moved from. It is known where all that became of them is told: the municipality
/// ended, or it is said how many stayed.
fn shares(
    regions: &[Region],
    places: &BTreeMap<String, usize>,
    changes: &[&BoundaryChange],
) -> Vec<Option<f64>> {
    let mut groups: BTreeMap<(&str, &RegionCode), Vec<&BoundaryChange>> = BTreeMap::new();
    for &change in changes {
        groups
            .entry((&change.date, &change.from))
            .or_default()
            .push(change);
    }
    let share = |change: &&BoundaryChange| {
        let group = groups.get(&(change.date.as_str(), &change.from))?;
        let from = &regions[*places.get(change.from.as_str())?];
        let ended = from.valid_to.as_deref() == Some(&change.date);
        if ended && group.len() == 1 {
            return Some(1.0);
        }
        if !ended && !group.iter().any(|other| other.to == other.from) {
            return None;
        }
        let total: u64 = group.iter().map(|other| other.inhabitants).sum::<Option<u64>>()?;
        // Exact: a municipality has fewer inhabitants than an f64 has whole numbers.
        (total > 0).then_some(change.inhabitants? as f64 / total as f64)
    };
    changes.iter().map(share).collect()
}

/// Adds successors and predecessors. Where nobody went, nobody succeeded, unless nobody went anywhere.
fn add_successions(regions: &mut [Region], successions: Vec<(usize, usize, Succession)>) {
    let somebody: BTreeSet<usize> = successions
        .iter()
        .filter(|(_, _, step)| step.inhabitants != Some(0))
        .map(|(old, _, _)| *old)
        .collect();
    for (old, new, step) in successions {
        if step.inhabitants == Some(0) && somebody.contains(&old) {
            continue;
        }
        let back = Succession {
            code: regions[old].code.clone(),
            name: regions[old].name.clone(),
            ..step.clone()
        };
        put(&mut regions[old].successors, step);
        put(&mut regions[new].predecessors, back);
    }
    for region in regions {
        let size = |step: &Succession| std::cmp::Reverse(step.inhabitants);
        region.successors.sort_by(|one, other| {
            size(one)
                .cmp(&size(other))
                .then_with(|| one.code.cmp(&other.code))
        });
        region
            .predecessors
            .sort_by(|one, other| (&one.date, &one.code).cmp(&(&other.date, &other.code)));
    }
}

/// Adds a step, or what is known of its size to the same one.
fn put(steps: &mut Vec<Succession>, step: Succession) {
    match steps.iter_mut().find(|known| known.code == step.code) {
        Some(known) => {
            known.inhabitants = known.inhabitants.or(step.inhabitants);
            known.share = known.share.or(step.share);
        }
        None => steps.push(step),
    }
}

/// Events by day, with the beginning and the end also where nothing tells from or to whom.
fn whole_history(region: &Region, mut events: Vec<RegionEvent>) -> Vec<RegionEvent> {
    let alone = |date: &str, kind| RegionEvent {
        date: date.to_owned(),
        kind,
        other: None,
        inhabitants: None,
        dwellings: None,
        hectares: None,
        share: None,
    };
    let tells = |events: &[RegionEvent], date: &str, kind, direction| {
        events.iter().any(|event| {
            let renamed = event.kind == RegionEventKind::Renamed
                && event
                    .other
                    .as_ref()
                    .is_some_and(|other| other.direction == direction);
            event.date == date && (event.kind == kind || renamed)
        })
    };
    // What only a succession tells.
    for step in &region.predecessors {
        let is_told = |event: &RegionEvent| {
            event.date == step.date && event.other.as_ref().is_some_and(|other| other.code == step.code)
        };
        if !events.iter().any(is_told) {
            let kind = match region.valid_from.as_ref() == Some(&step.date) {
                true => RegionEventKind::Founded,
                false => RegionEventKind::BoundaryChange,
            };
            events.push(RegionEvent {
                other: Some(OtherRegion {
                    code: step.code.clone(),
                    name: step.name.clone(),
                    direction: Direction::Received,
                }),
                ..alone(&step.date, kind)
            });
        }
    }
    if let Some(date) = &region.valid_from
        && !tells(&events, date, RegionEventKind::Founded, Direction::Received)
    {
        events.push(alone(date, RegionEventKind::Founded));
    }
    if let Some(date) = &region.valid_to
        && !tells(&events, date, RegionEventKind::Abolished, Direction::Gave)
    {
        let successors = region.successors.iter().map(|step| RegionEvent {
            other: Some(OtherRegion {
                code: step.code.clone(),
                name: step.name.clone(),
                direction: Direction::Gave,
            }),
            ..alone(date, RegionEventKind::Abolished)
        });
        let before = events.len();
        events.extend(successors);
        if events.len() == before {
            events.push(alone(date, RegionEventKind::Abolished));
        }
    }
    let key = |event: &RegionEvent| {
        let other = event.other.as_ref();
        let other = other.map(|other| (other.direction, other.code.clone()));
        (event.date.clone(), event.kind, other)
    };
    events.sort_by_key(key);
    events
}

/// A municipality that no table gives an area lies in that of all it was made of, where that is one.
fn infer_corops(regions: &mut [Region], places: &BTreeMap<String, usize>) {
    let mut by_beginning: Vec<usize> = (0..regions.len()).collect();
    by_beginning.sort_by(|one, other| regions[*one].valid_from.cmp(&regions[*other].valid_from));
    for place in by_beginning {
        let region = &regions[place];
        if region.corop.is_some() || region.valid_from.is_none() {
            continue;
        }
        let made_of = region
            .predecessors
            .iter()
            .filter(|step| Some(&step.date) == region.valid_from.as_ref());
        let areas: Option<BTreeSet<_>> = made_of
            .map(|step| Some(&regions[*places.get(&step.code)?].corop.as_ref()?.area))
            .collect();
        let areas: Vec<_> = areas.into_iter().flatten().collect();
        if let [only] = areas.as_slice() {
            let area = (*only).clone();
            regions[place].corop = Some(RegionCorop {
                area,
                is_inferred: true,
            });
        }
    }
}

#[cfg(test)]
mod tests;
