//! What people type -> a region.

use std::collections::HashMap;

use crate::domain::{Region, nearest_several, plain_name, typing_distance};

/// Names and aliases in their plain form.
#[derive(Debug)]
pub(super) struct NameIndex {
    by_plain_name: HashMap<String, Vec<(usize, NameKind)>>,
    /// The same without what sets apart municipalities of one name, such as `(NH.)`.
    by_short_name: HashMap<String, Vec<usize>>,
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
}

/// A region found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resolved<'a> {
    /// The region; it exists.
    pub region: &'a Region,
    /// How it was found.
    pub by: ResolvedBy,
    /// The former municipality that was followed to it.
    pub followed_from: Option<&'a Region>,
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
}

impl NameIndex {
    pub(super) fn of(regions: &[Region]) -> Self {
        let mut by_plain_name: HashMap<String, Vec<(usize, NameKind)>> = HashMap::new();
        let mut by_short_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, region) in regions.iter().enumerate() {
            let own = std::iter::once((&region.name, NameKind::Name));
            for (name, kind) in own.chain(region.aliases.iter().map(|alias| (alias, NameKind::Alias))) {
                by_plain_name
                    .entry(plain_name(name))
                    .or_default()
                    .push((place, kind));
            }
            if let Some(short) = without_qualifier(&region.name) {
                by_short_name.entry(plain_name(short)).or_default().push(place);
            }
        }
        for called in by_plain_name.values_mut() {
            // A name of its own goes before what people call another; a municipality that exists before one that does not.
            let preference = |(place, kind): &(usize, NameKind)| (*kind, regions[*place].is_former());
            let best = called.iter().map(preference).min();
            called.retain(|found| Some(preference(found)) == best);
        }
        Self {
            by_plain_name,
            by_short_name,
        }
    }

    pub(super) fn resolve<'a>(
        &self,
        regions: &'a [Region],
        codes: &HashMap<String, usize>,
        typed: &str,
    ) -> Result<Resolved<'a>, Unresolved> {
        if let Some(code) = as_code(typed) {
            let Some(&place) = codes.get(&code) else {
                return Err(Unresolved::NoData(code));
            };
            return follow(regions, codes, place, ResolvedBy::Code);
        }
        let plain = plain_name(typed);
        let bare = bare_name(&plain);
        let written_out = written_out(bare);
        let unqualified = without_qualifier(typed).map(plain_name);
        let mut forms = [plain.as_str(), bare, written_out.as_str()]
            .into_iter()
            .chain(unqualified.as_deref());
        if let Some(called) = forms.find_map(|form| self.by_plain_name.get(form)) {
            let &[(place, kind)] = called.as_slice() else {
                return Err(ambiguous(regions, called.iter().map(|(place, _)| *place)));
            };
            let by = if kind == NameKind::Name {
                ResolvedBy::Name
            } else {
                ResolvedBy::Alias
            };
            return follow(regions, codes, place, by);
        }
        match self.by_short_name.get(bare).map(Vec::as_slice) {
            Some(&[only]) => follow(regions, codes, only, ResolvedBy::Alias),
            Some(several) => Err(ambiguous(regions, several.iter().copied())),
            None => self.correct_typing(regions, codes, &written_out),
        }
    }

    fn correct_typing<'a>(
        &self,
        regions: &'a [Region],
        codes: &HashMap<String, usize>,
        typed: &str,
    ) -> Result<Resolved<'a>, Unresolved> {
        let mut near: Vec<(usize, usize)> = self
            .by_plain_name
            .iter()
            .filter_map(|(name, called)| Some((typing_distance(typed, name)?, called)))
            .flat_map(|(distance, called)| called.iter().map(move |(place, _)| (distance, *place)))
            .collect();
        near.sort_unstable();
        let Some(&(least, place)) = near.first() else {
            let names = regions
                .iter()
                .flat_map(|region| region.aliases.iter().chain([&region.name]));
            let mut found: Vec<String> = Vec::new();
            for name in nearest_several(typed, names.map(String::as_str), 5) {
                for (place, _) in self.by_plain_name.get(&plain_name(name)).into_iter().flatten() {
                    let label = label(&regions[*place]);
                    if !found.contains(&label) {
                        found.push(label);
                    }
                }
            }
            return Err(Unresolved::Unknown(found));
        };
        let mut best: Vec<usize> = near
            .iter()
            .take_while(|(distance, _)| *distance == least)
            .map(|(_, place)| *place)
            .collect();
        best.dedup();
        if best.len() > 1 {
            return Err(ambiguous(regions, best));
        }
        follow(regions, codes, place, ResolvedBy::TypingCorrected)
    }
}

/// Follows a former municipality to the one that exists now.
fn follow<'a>(
    regions: &'a [Region],
    codes: &HashMap<String, usize>,
    place: usize,
    by: ResolvedBy,
) -> Result<Resolved<'a>, Unresolved> {
    let start = &regions[place];
    let mut region = start;
    // A chain of successions is never longer than the list of regions.
    for _ in 0..regions.len() {
        if !region.is_former() {
            let by = match by {
                by if std::ptr::eq(region, start) => by,
                ResolvedBy::Code => ResolvedBy::FormerCode,
                ResolvedBy::TypingCorrected => ResolvedBy::TypingCorrected,
                _ => ResolvedBy::FormerName,
            };
            let followed_from = (!std::ptr::eq(region, start)).then_some(start);
            return Ok(Resolved {
                region,
                by,
                followed_from,
            });
        }
        match region.successors.as_slice() {
            [only] => match codes.get(&only.code) {
                Some(&next) => region = &regions[next],
                None => break,
            },
            [] => break,
            several => {
                let label = |successor: &crate::domain::Succession| {
                    format!("{} ({})", successor.name, successor.code)
                };
                return Err(Unresolved::Ambiguous(several.iter().map(label).collect()));
            }
        }
    }
    Err(Unresolved::NoData(start.code.clone()))
}

fn ambiguous(regions: &[Region], places: impl IntoIterator<Item = usize>) -> Unresolved {
    Unresolved::Ambiguous(places.into_iter().map(|place| label(&regions[place])).collect())
}

fn label(region: &Region) -> String {
    format!("{} ({})", region.name, region.code)
}

/// A municipality code in any way people write it: `GM0502`, `gm 502`, `GM-0502`, `0502`, `502`.
fn as_code(typed: &str) -> Option<String> {
    let plain = plain_name(typed).replace(' ', "");
    let digits = plain.strip_prefix("gm").unwrap_or(&plain);
    let is_number = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("GM{digits:0>4}"))
}

/// What people put around a name: `gemeente Helmond`, `Helmond (gemeente)`.
fn bare_name(plain: &str) -> &str {
    const BEFORE: [&str; 3] = ["gemeente ", "gem ", "municipality of "];
    const AFTER: [&str; 2] = [" gemeente", " municipality"];
    let bare = BEFORE
        .iter()
        .find_map(|word| plain.strip_prefix(word))
        .unwrap_or(plain);
    AFTER
        .iter()
        .find_map(|word| bare.strip_suffix(word))
        .unwrap_or(bare)
}

/// A name without what CBS adds to set apart places of one name: `Bergen (NH.)` is Bergen.
fn without_qualifier(name: &str) -> Option<&str> {
    let (bare, qualifier) = name.trim().strip_suffix(')')?.rsplit_once('(')?;
    let short = qualifier.chars().filter(|c| c.is_alphabetic()).count() <= 3;
    (short && !bare.trim().is_empty()).then(|| bare.trim())
}

/// A plain name with what people abbreviate in it: `capelle ad ijssel` is Capelle aan den IJssel.
fn written_out(plain: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut rest = plain.split(' ').peekable();
    while let Some(word) = rest.next() {
        match word {
            "ad" => words.extend(["aan", "den"]),
            "a" if rest.next_if_eq(&"d").is_some() => words.extend(["aan", "den"]),
            word => words.push(word),
        }
    }
    words.join(" ")
}
