//! What speaks for and against an advice, figure by figure.

use super::{Advice, FactorRole};
use crate::method::FactorNeed;

impl Advice<'_> {
    /// Figures that speak for it: severity above 0; largest contribution (share x severity) first.
    #[must_use]
    pub fn evidence(&self) -> Vec<Weighed<'_>> {
        let mut found: Vec<Weighed<'_>> = self.weighed().filter(|weighed| weighed.severity > 0.0).collect();
        found.sort_by(|a, b| {
            (b.share * b.severity)
                .total_cmp(&(a.share * a.severity))
                .then(a.indicator.cmp(b.indicator))
        });
        found
    }

    /// Figures that speak against it: those in the better half; most favourable first.
    #[must_use]
    pub fn counter_evidence(&self) -> Vec<Weighed<'_>> {
        let mut found: Vec<Weighed<'_>> = self.weighed().filter(|weighed| weighed.severity <= 0.0).collect();
        found.sort_by(|a, b| {
            a.place_share
                .total_cmp(&b.place_share)
                .then(a.indicator.cmp(b.indicator))
        });
        found
    }

    fn weighed(&self) -> impl Iterator<Item = Weighed<'_>> {
        self.need.factors.iter().flat_map(|factor| {
            factor.counted.iter().map(|counted| Weighed {
                indicator: counted.id,
                factor: factor.id,
                place_share: counted.place_share,
                severity: counted.severity,
                share: counted.share,
            })
        })
    }

    /// Linked factors that nothing measures, by id.
    #[must_use]
    pub fn unmeasured(&self) -> &[&str] {
        &self.need.unmeasured
    }

    /// Measured factors with a score, heaviest first.
    pub fn measured(&self) -> impl Iterator<Item = &FactorNeed<'_>> {
        self.need.factors.iter().filter(|factor| factor.score.is_some())
    }

    /// Whether the need says nothing of what the recommendation counters: no countered factor has a score, so that it
    /// rests on signals and downstream factors alone.
    #[must_use]
    pub fn counters_nothing_measured(&self) -> bool {
        let is_countered = |id: &str| self.roles.get(id) == Some(&FactorRole::Countered);
        self.need.need.is_some() && !self.measured().any(|factor| is_countered(factor.id))
    }
}

/// One figure with its part in a need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighed<'a> {
    /// Indicator id.
    pub indicator: &'a str,
    /// The factor it counts for.
    pub factor: &'a str,
    /// Its place share.
    pub place_share: f64,
    /// Its severity.
    pub severity: f64,
    /// Its part of the need.
    pub share: f64,
}
