//! What people type -> a region.

use std::collections::HashMap;

use crate::domain::{
    NameForms, Region, Succession, municipality_code, name_without_qualifier, nearest_several, plain_name,
    typing_distance,
};

/// Names and aliases in their plain form.
#[derive(Debug)]
pub(super) struct NameIndex {
    by_plain_name: HashMap<String, Vec<(usize, NameKind)>>,
    /// The same without what sets apart municipalities of one name, such as `(NH.)`.
    by_short_name: HashMap<String, Vec<(usize, NameKind)>>,
}

/// The first is what a text rather means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NameKind {
    Name,
    Alias,
}

/// How a region was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolvedBy {
    /// By code.
    Code,
    /// By name.
    Name,
    /// By another name people use.
    Alias,
    /// By the code of a former municipality.
    FormerCode,
    /// By the name of a former municipality.
    FormerName,
    /// By the only name within a small typing error.
    TypingCorrected,
    /// By the code of a municipality that came after the day asked for.
    LaterCode,
    /// By the name of one.
    LaterName,
}

/// A region found.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved<'a> {
    /// The region; it exists, or existed on the day asked for.
    pub region: &'a Region,
    /// How it was found.
    pub by: ResolvedBy,
    /// The municipality that was meant and followed to it.
    pub followed_from: Option<&'a Region>,
    /// The way from that one, step by step: from where, and where to.
    pub steps: Vec<(&'a Region, &'a Succession)>,
    /// Others that it might be: what smaller parts of a municipality on the way became, and others that were once called so.
    pub others: Vec<&'a Region>,
}

/// No region, or more than one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// Nothing is called so; the nearest names, each with its code.
    Unknown(Vec<String>),
    /// Several fit equally well; each with its code.
    Ambiguous(Vec<String>),
    /// A well-formed municipality code that the edition does not know.
    NoData(String),
    /// A municipality that did not exist on the day asked for, and what was there instead is not known.
    NotThen(String),
}

/// What to resolve with: the regions, their places, and the day.
#[derive(Clone, Copy)]
pub(super) struct Among<'a> {
    pub(super) regions: &'a [Region],
    pub(super) codes: &'a HashMap<String, usize>,
    /// The day on which the region is to exist; now when there is none.
    pub(super) on: Option<&'a str>,
}

impl NameIndex {
    pub(super) fn of(regions: &[Region]) -> Self {
        let mut by_plain_name: HashMap<String, Vec<(usize, NameKind)>> = HashMap::new();
        let mut by_short_name: HashMap<String, Vec<(usize, NameKind)>> = HashMap::new();
        for (place, region) in regions.iter().enumerate() {
            let own = std::iter::once((&region.name, NameKind::Name));
            for (name, kind) in own.chain(region.aliases.iter().map(|alias| (alias, NameKind::Alias))) {
                by_plain_name
                    .entry(plain_name(name))
                    .or_default()
                    .push((place, kind));
            }
            if let Some(short) = name_without_qualifier(&region.name) {
                let called = by_short_name.entry(plain_name(short)).or_default();
                called.push((place, NameKind::Alias));
            }
        }
        Self {
            by_plain_name,
            by_short_name,
        }
    }

    pub(super) fn resolve<'a>(&self, among: Among<'a>, typed: &str) -> Result<Resolved<'a>, Unresolved> {
        if let Some(code) = municipality_code(typed) {
            let Some(&place) = among.codes.get(&code) else {
                return Err(Unresolved::NoData(code));
            };
            return among.follow(place, ResolvedBy::Code);
        }
        let forms = NameForms::of(typed);
        let by_name = forms.iter().find_map(|form| self.by_plain_name.get(form));
        let short = self.by_short_name.get(&forms.bare);
        let Some(called) = by_name.or(short) else {
            return self.correct_typing(among, &forms.written_out);
        };
        let mut found = among.called(called)?;
        let places = short.into_iter().flatten().map(|(place, _)| *place);
        let start = found.followed_from.unwrap_or(found.region);
        let others = places.map(|place| &among.regions[place]);
        found.add_others(others.filter(|other| !std::ptr::eq(*other, start)));
        Ok(found)
    }

    fn correct_typing<'a>(&self, among: Among<'a>, typed: &str) -> Result<Resolved<'a>, Unresolved> {
        let mut near: Vec<(usize, bool, usize)> = self
            .by_plain_name
            .iter()
            .filter_map(|(name, called)| Some((typing_distance(typed, name)?, called)))
            .flat_map(|(distance, called)| {
                let best = among.best(called).into_iter();
                best.map(move |(place, _)| (distance, !among.exists(place), place))
            })
            .collect();
        near.sort_unstable();
        let Some(&(least, is_absent, place)) = near.first() else {
            let names = among
                .regions
                .iter()
                .flat_map(|region| region.aliases.iter().chain([&region.name]));
            let mut found: Vec<String> = Vec::new();
            for name in nearest_several(typed, names.map(String::as_str), 5) {
                let called = self.by_plain_name.get(&plain_name(name));
                for (place, _) in called.map_or_else(Vec::new, |called| among.best(called)) {
                    let label = among.label(place);
                    if !found.contains(&label) {
                        found.push(label);
                    }
                }
            }
            return Err(Unresolved::Unknown(found));
        };
        let equally =
            |(distance, absent, _): &&(usize, bool, usize)| (*distance, *absent) == (least, is_absent);
        let mut best: Vec<usize> = near
            .iter()
            .take_while(equally)
            .map(|(.., place)| *place)
            .collect();
        best.dedup();
        if best.len() > 1 {
            return Err(among.ambiguous(best));
        }
        among.follow(place, ResolvedBy::TypingCorrected)
    }
}

impl<'a> Among<'a> {
    /// Whether a region exists, or existed on the day asked for.
    fn exists(self, place: usize) -> bool {
        let region = &self.regions[place];
        match self.on {
            Some(day) => region.existed_on(day),
            None => !region.is_former(),
        }
    }

    /// A name of its own goes before what people call another; a municipality that exists before one that does not.
    fn best(self, called: &[(usize, NameKind)]) -> Vec<(usize, NameKind)> {
        let preference = |(place, kind): &(usize, NameKind)| (*kind, !self.exists(*place));
        let best = called.iter().map(preference).min();
        let mut called = called.to_vec();
        called.retain(|found| Some(preference(found)) == best);
        called
    }

    /// The one that several are called like, if one is before the others.
    fn called(self, called: &[(usize, NameKind)]) -> Result<Resolved<'a>, Unresolved> {
        let best = self.best(called);
        let &[(place, kind)] = best.as_slice() else {
            return Err(self.ambiguous(best.into_iter().map(|(place, _)| place)));
        };
        let by = match kind {
            NameKind::Name => ResolvedBy::Name,
            NameKind::Alias => ResolvedBy::Alias,
        };
        let mut found = self.follow(place, by)?;
        let others = called
            .iter()
            .filter(|(other, same)| *other != place && *same == kind);
        let others: Vec<&Region> = others.map(|(other, _)| &self.regions[*other]).collect();
        found.add_others(others);
        Ok(found)
    }

    /// Follows a municipality to the one that exists: to what most of its inhabitants came to, or came from.
    fn follow(self, place: usize, by: ResolvedBy) -> Result<Resolved<'a>, Unresolved> {
        let start = &self.regions[place];
        let mut found = Resolved {
            region: start,
            by,
            followed_from: None,
            steps: Vec::new(),
            others: Vec::new(),
        };
        // A chain is never longer than the list of regions.
        for _ in 0..self.regions.len() {
            let region = found.region;
            let is_over = match self.on {
                Some(day) => region.ended_by(day),
                None => region.is_former(),
            };
            let is_later = self.on.is_some() && !is_over && !region.existed_on(self.on.unwrap_or_default());
            if !is_over && !is_later {
                let is_start = std::ptr::eq(region, start);
                found.followed_from = (!is_start).then_some(start);
                let went_back = found
                    .steps
                    .first()
                    .is_some_and(|(from, step)| from.valid_from.as_ref() == Some(&step.date));
                found.by = match found.by {
                    by if is_start => by,
                    ResolvedBy::TypingCorrected => ResolvedBy::TypingCorrected,
                    ResolvedBy::Code if went_back => ResolvedBy::LaterCode,
                    ResolvedBy::Code => ResolvedBy::FormerCode,
                    _ if went_back => ResolvedBy::LaterName,
                    _ => ResolvedBy::FormerName,
                };
                return Ok(found);
            }
            let steps: Vec<&Succession> = if is_over {
                region.successors.iter().collect()
            } else {
                let began = |step: &&Succession| Some(&step.date) == region.valid_from.as_ref();
                region.predecessors.iter().filter(began).collect()
            };
            let (largest, others) = match steps.as_slice() {
                [] => break,
                [only] => (*only, Vec::new()),
                several => match Succession::largest(several.iter().copied()) {
                    Some(largest) => (
                        largest,
                        several.iter().filter(|step| step.code != largest.code).collect(),
                    ),
                    // Nobody knows how many went where.
                    None => {
                        let places = several.iter().filter_map(|step| self.codes.get(&step.code));
                        return Err(self.ambiguous(places.copied()));
                    }
                },
            };
            let Some(&next) = self.codes.get(&largest.code) else {
                break;
            };
            let others = others.into_iter().filter_map(|step| self.codes.get(&step.code));
            found.add_others(others.map(|&place| &self.regions[place]));
            found.steps.push((region, largest));
            found.region = &self.regions[next];
        }
        Err(match self.on {
            Some(_) => Unresolved::NotThen(self.label(place)),
            None => Unresolved::NoData(start.code.clone()),
        })
    }

    fn ambiguous(self, places: impl IntoIterator<Item = usize>) -> Unresolved {
        Unresolved::Ambiguous(places.into_iter().map(|place| self.label_apart(place)).collect())
    }

    /// Name and code.
    fn label(self, place: usize) -> String {
        let region = &self.regions[place];
        format!("{} ({})", region.name, region.code)
    }

    /// The same with where it lies, and until when it was there: what sets apart those of one name.
    fn label_apart(self, place: usize) -> String {
        let region = &self.regions[place];
        let mut label = self.label(place);
        if let Some(province) = region.province {
            label = format!("{label} in {}", province.name);
        }
        if let Some(end) = &region.valid_to {
            label = format!("{label} until {end}");
        }
        label
    }
}

impl<'a> Resolved<'a> {
    fn add_others(&mut self, others: impl IntoIterator<Item = &'a Region>) {
        for other in others {
            let is_it = |known: &&Region| std::ptr::eq(*known, other);
            if !is_it(&self.region) && !self.others.iter().any(is_it) {
                self.others.push(other);
            }
        }
    }
}

#[cfg(test)]
mod tests;
