//! How problems hang together: themes that are unfavourable at once, factors on the paths between them, recommendations that
//! rest on the same figures.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use super::{Advice, Advised, Adviser, Bounds, FoundPaths, MechanismGraph, Path, graph::in_order};
use crate::{
    domain::{Recommendation, Theme},
    method::{Figure, MINIMUM_UNITS, compensated_sum},
};

/// Per theme whether it is unfavourable for one subject; nothing where too few indicators have figures to say.
pub type ThemeOutcomes = Vec<Option<bool>>;

/// How often two themes are unfavourable for the same subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnfavourableTogether {
    /// Subjects of which both themes are known.
    pub subjects: usize,
    /// Those with the first theme unfavourable.
    pub first: usize,
    /// Those with the second.
    pub second: usize,
    /// Those with both.
    pub both: usize,
}

impl UnfavourableTogether {
    /// The counts for the themes at these places; nothing with fewer subjects than a grade needs.
    #[must_use]
    pub fn of(outcomes: &[ThemeOutcomes], first: usize, second: usize) -> Option<Self> {
        let mut counts = Self {
            subjects: 0,
            first: 0,
            second: 0,
            both: 0,
        };
        for subject in outcomes {
            let outcome = |theme: usize| subject.get(theme).copied().flatten();
            if let (Some(first), Some(second)) = (outcome(first), outcome(second)) {
                counts.subjects += 1;
                counts.first += usize::from(first);
                counts.second += usize::from(second);
                counts.both += usize::from(first && second);
            }
        }
        (counts.subjects >= MINIMUM_UNITS).then_some(counts)
    }

    /// How many with both there would be if the one theme had nothing to do with the other.
    #[must_use]
    pub fn expected(&self) -> f64 {
        self.first as f64 * self.second as f64 / self.subjects as f64
    }
}

/// A factor on paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectingFactor<'a> {
    /// Its id.
    pub id: &'a str,
    /// Paths that run through it, strictly between their ends.
    pub through: usize,
    /// Paths that begin with it.
    pub starting: usize,
    /// Paths that end with it.
    pub ending: usize,
}

/// The factors on these paths: those that most run through first, then those on most, then by id.
#[must_use]
pub fn connecting_factors<'a>(paths: &[Path<'a>]) -> Vec<ConnectingFactor<'a>> {
    let mut counts: BTreeMap<&'a str, ConnectingFactor<'a>> = BTreeMap::new();
    for path in paths {
        let along = path.factors();
        let last = along.len().saturating_sub(1);
        for (place, id) in along.into_iter().enumerate() {
            let factor = counts.entry(id).or_insert(ConnectingFactor {
                id,
                through: 0,
                starting: 0,
                ending: 0,
            });
            match place {
                0 => factor.starting += 1,
                place if place == last => factor.ending += 1,
                _ => factor.through += 1,
            }
        }
    }
    let mut found: Vec<ConnectingFactor<'a>> = counts.into_values().collect();
    let ends = |factor: &ConnectingFactor<'_>| factor.starting + factor.ending;
    found.sort_by_key(|factor| Reverse((factor.through, ends(factor)))); // stable: by id where equal
    found
}

/// Two recommendations with evidence in common.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedEvidence<'a> {
    /// The one that comes first in the report.
    pub first: &'a Recommendation,
    /// The other.
    pub second: &'a Recommendation,
    /// Indicators that are evidence for both, by id.
    pub indicators: Vec<&'a str>,
    /// The part of the first one's need that comes from these, 0 to 1.
    pub share_of_first: f64,
    /// The same of the second.
    pub share_of_second: f64,
}

impl<'a> Advised<'a> {
    /// Every two recommendations with evidence in common: largest common part of both needs first, then in the order of the
    /// report.
    #[must_use]
    pub fn shared_evidence(&self) -> Vec<SharedEvidence<'a>> {
        let mut in_order: Vec<&Advice<'a>> = self.advice.iter().collect();
        in_order.sort_by_key(|advice| (advice.recommendation.addressee, advice.recommendation.number));
        let contributions: Vec<BTreeMap<&'a str, f64>> =
            in_order.iter().map(|advice| advice.contributions()).collect();
        let mut shared = Vec::new();
        for (index, first) in in_order.iter().enumerate() {
            for (other, second) in in_order.iter().enumerate().skip(index + 1) {
                let of = |place: usize, id: &str| contributions[place].get(id).copied();
                let both = contributions[index].keys().copied();
                let both: Vec<&str> = both.filter(|id| of(other, id).is_some()).collect();
                let share = |place| {
                    let common = both.iter().filter_map(|id| of(place, id));
                    compensated_sum(common) / compensated_sum(contributions[place].values().copied())
                };
                if !both.is_empty() {
                    shared.push(SharedEvidence {
                        first: first.recommendation,
                        second: second.recommendation,
                        share_of_first: share(index),
                        share_of_second: share(other),
                        indicators: both,
                    });
                }
            }
        }
        let common = |of: &SharedEvidence<'_>| of.share_of_first.min(of.share_of_second);
        shared.sort_by(|a, b| common(b).total_cmp(&common(a))); // stable: in the order of the report where equal
        shared
    }
}

impl<'a> Advice<'a> {
    /// What each indicator that speaks for it adds to its need.
    fn contributions(&self) -> BTreeMap<&'a str, f64> {
        let counted = self.need.factors.iter().flat_map(|factor| &factor.counted);
        counted
            .filter(|counted| counted.severity > 0.0 && counted.share > 0.0)
            .map(|counted| (counted.id, counted.share * counted.severity))
            .collect()
    }
}

impl<'a> Adviser<'a> {
    /// Which themes are unfavourable with these figures, by indicator id, in the order of the report.
    #[must_use]
    pub fn theme_outcomes(&self, figures: &HashMap<&str, Figure>) -> ThemeOutcomes {
        let severities = self.theme_severities(figures).into_iter();
        severities
            .map(|(_, severity)| (!severity.thin).then_some(severity.unfavourable))
            .collect()
    }

    /// The paths from a factor of one theme to a factor of another, either way.
    #[must_use]
    pub fn paths_between(
        &self,
        graph: &MechanismGraph<'a>,
        (one, other): (&Theme, &Theme),
        bounds: Bounds,
    ) -> FoundPaths<'a> {
        let of = |id: &str, theme: &Theme| {
            let factor = self.knowledge.factor(id);
            factor.is_some_and(|factor| factor.theme == theme.id)
        };
        let there = graph.paths(|id| of(id, one), |id| of(id, other), bounds);
        let back = graph.paths(|id| of(id, other), |id| of(id, one), bounds);
        let mut paths: Vec<Path<'a>> = there.paths.into_iter().chain(back.paths).collect();
        in_order(&mut paths);
        FoundPaths {
            paths,
            truncated: there.truncated || back.truncated,
        }
    }
}
