//! Words typed -> what in the catalogue fits them.

use super::Snapshot;
use crate::domain::{Text, plain_name, typing_distance};

/// The kinds of things in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CatalogueKind {
    /// An indicator.
    Indicator,
    /// A municipality that exists.
    Region,
    /// A group.
    Group,
    /// A theme.
    Theme,
    /// A recommendation.
    Recommendation,
}

/// Something that fits.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit<'a> {
    /// What it is.
    pub kind: CatalogueKind,
    /// Its id or code.
    pub id: &'a str,
    /// Its name.
    pub name: Text,
    /// How well it fits, 0 to 1.
    pub score: f64,
}

/// Everything that fits, best first, then by kind and id.
pub(super) fn search<'a>(snapshot: &'a Snapshot, query: &str) -> Vec<SearchHit<'a>> {
    let plain = plain_name(query);
    if plain.is_empty() {
        return Vec::new();
    }
    let mut hits = Vec::new();
    let mut consider = |kind, id: &'a str, name: Text, others: &[&str]| {
        let names = [id, &name.nl, &name.en];
        let best = names
            .iter()
            .chain(others)
            .map(|name| score(&plain, name))
            .fold(0.0, f64::max);
        if best > 0.0 {
            hits.push(SearchHit {
                kind,
                id,
                name,
                score: best,
            });
        }
    };
    for indicator in &snapshot.indicators {
        consider(
            CatalogueKind::Indicator,
            &indicator.id,
            indicator.name.clone(),
            &[],
        );
    }
    for region in snapshot.regions.iter().filter(|region| !region.is_former()) {
        let aliases: Vec<&str> = region.aliases.iter().map(String::as_str).collect();
        consider(
            CatalogueKind::Region,
            &region.code,
            Text::new(&region.name, &region.name),
            &aliases,
        );
    }
    for group in &snapshot.groups {
        consider(CatalogueKind::Group, &group.id, group.name.clone(), &[]);
    }
    for theme in &snapshot.themes {
        consider(CatalogueKind::Theme, &theme.id, theme.name.clone(), &[]);
    }
    for recommendation in &snapshot.knowledge.recommendations {
        consider(
            CatalogueKind::Recommendation,
            &recommendation.id,
            recommendation.title.clone(),
            &[],
        );
    }
    hits.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.kind.cmp(&b.kind))
            .then(a.id.cmp(b.id))
    });
    hits
}

/// 1 for the whole name, 0.9 for its beginning, 0.7 when every word begins one of its words, 0.4 for typing errors.
fn score(plain_query: &str, name: &str) -> f64 {
    let name = plain_name(name);
    let begins_a_word = |word: &str| name.split(' ').any(|of_name| of_name.starts_with(word));
    if name == plain_query {
        1.0
    } else if name.starts_with(plain_query) {
        0.9
    } else if plain_query.split(' ').all(begins_a_word) {
        0.7
    } else if typing_distance(plain_query, &name).is_some()
        || plain_query.split(' ').all(|word| {
            begins_a_word(word)
                || name
                    .split(' ')
                    .any(|other| typing_distance(word, other).is_some())
        })
    {
        0.4
    } else {
        0.0
    }
}
