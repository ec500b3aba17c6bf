//! Advice: the report's recommendations held against the figures of one municipality or group.
//!
//! Pure: knowledge and figures in, evidence out. What counts, and how much, is data of the edition ([`Knowledge`]); the
//! arithmetic is [`crate::method::need`](mod@crate::method::need).

use std::collections::HashMap;

use crate::{
    domain::{Indicator, Knowledge, Mechanism, Recommendation, Theme, wholes_of},
    method::{Class, Figure, LinkedFactor, LinkedIndicator, Need, ThemeSeverity, drop_parts, need, raise},
};

mod coherence;
mod derivation;
mod evidence;
mod graph;
mod masking;
mod triggers;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod laws_of_coherence;
#[cfg(test)]
mod laws_of_graph;
#[cfg(test)]
mod tests;

pub use coherence::{
    ConnectingFactor, SharedEvidence, ThemeOutcomes, UnfavourableTogether, connecting_factors,
};
pub use derivation::{Derivation, Remainder, ThemeDerivation};
pub use evidence::Weighed;
pub use graph::{Bounds, Direction, FoundPaths, MechanismFilter, MechanismGraph, Path};
pub use masking::{MaskedOn, MaskingFacts, MaskingFound};
#[cfg(test)]
pub(crate) use triggers::masking_state;
pub use triggers::{TriggerOutcome, TriggerState};

/// How a factor enters a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorRole {
    /// The recommendation counters it.
    Countered,
    /// The recommendation names it as a signal.
    Signal,
    /// A countered factor leads to it in one mechanism step.
    Downstream,
}

/// All recommendations for one subject.
#[derive(Debug)]
pub struct Advised<'a> {
    /// Strongest first: by class, need, addressee and number. None is left out.
    pub advice: Vec<Advice<'a>>,
    /// How every theme fares, in the order of the report.
    pub themes: Vec<(&'a Theme, ThemeSeverity)>,
}

/// One recommendation held against the figures.
#[derive(Debug)]
pub struct Advice<'a> {
    /// The recommendation.
    pub recommendation: &'a Recommendation,
    /// Need, coverage, and what they are made of.
    pub need: Need<'a>,
    /// The class after triggers.
    pub class: Class,
    /// The role of every linked factor.
    pub roles: HashMap<&'a str, FactorRole>,
    /// The mechanisms that lead from a countered factor to another linked one, countered and signals included.
    pub mechanisms: Vec<&'a Mechanism>,
    /// The neutral indicators of the linked factors, in the order of the need's factors: shown, never counted.
    pub context: Vec<ContextIndicator<'a>>,
    /// The trigger that bears on it.
    pub trigger: Option<TriggerOutcome<'a>>,
}

/// A neutral indicator that belongs to a linked factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContextIndicator<'a> {
    /// Indicator id.
    pub indicator: &'a str,
    /// The factor it is shown with, measured or not.
    pub factor: &'a str,
}

/// What advice rests on.
#[derive(Debug, Clone, Copy)]
pub struct Adviser<'a> {
    /// Factors, mechanisms, recommendations and rules.
    pub knowledge: &'a Knowledge,
    /// Indicators in catalogue order.
    pub indicators: &'a [Indicator],
    /// Themes in the order of the report.
    pub themes: &'a [Theme],
}

impl<'a> Adviser<'a> {
    /// All recommendations for the subject with these figures, by indicator id. Figures of indicators that may not count
    /// are ignored. What the neighbourhoods of the subject hide bears on the masking trigger.
    #[must_use]
    pub fn advise(&self, figures: &HashMap<&str, Figure>, masking: &MaskingFacts<'a>) -> Advised<'a> {
        let themes = self.theme_severities(figures);
        let mut advice: Vec<Advice<'a>> = self
            .knowledge
            .recommendations
            .iter()
            .map(|recommendation| self.advise_on(recommendation, figures, &themes, masking))
            .collect();
        advice.sort_by(|a, b| {
            let need = |advice: &Advice<'_>| advice.need.need.unwrap_or(-1.0);
            b.class
                .cmp(&a.class)
                .then(need(b).total_cmp(&need(a)))
                .then(a.recommendation.addressee.cmp(&b.recommendation.addressee))
                .then(a.recommendation.number.cmp(&b.recommendation.number))
        });
        Advised { advice, themes }
    }

    /// The need of one recommendation alone, without triggers: for figures measured against other units.
    #[must_use]
    pub fn need_of(&self, recommendation: &'a Recommendation, figures: &HashMap<&str, Figure>) -> Need<'a> {
        let roles = self.roles(recommendation);
        need(&self.linked_factors(&roles, figures), &self.knowledge.need_rules)
    }

    fn advise_on(
        &self,
        recommendation: &'a Recommendation,
        figures: &HashMap<&str, Figure>,
        themes: &[(&Theme, ThemeSeverity)],
        masking: &MaskingFacts<'a>,
    ) -> Advice<'a> {
        let roles = self.roles(recommendation);
        let linked = self.linked_factors(&roles, figures);
        let need = need(&linked, &self.knowledge.need_rules);
        let trigger = self.trigger(recommendation, &linked, themes, masking);
        let least = trigger.as_ref().and_then(|outcome| match outcome.state {
            TriggerState::Fired(class) => Some(class),
            TriggerState::NotFired | TriggerState::NotMeasured => None,
        });
        let mechanisms = self
            .knowledge
            .mechanisms
            .iter()
            .filter(|edge| roles.get(edge.from.as_str()) == Some(&FactorRole::Countered))
            .filter(|edge| roles.contains_key(edge.to.as_str()))
            .collect();
        Advice {
            recommendation,
            class: raise(need.class, least),
            context: self.context(&need),
            need,
            mechanisms,
            trigger,
            roles,
        }
    }

    /// The factors linked to a recommendation. One that is countered is nothing else; a signal is not downstream as well.
    fn roles(&self, recommendation: &'a Recommendation) -> HashMap<&'a str, FactorRole> {
        let countered = |id: &str| recommendation.counters.iter().any(|counter| counter == id);
        let downstream = self
            .knowledge
            .mechanisms
            .iter()
            .filter(|edge| countered(&edge.from))
            .map(|edge| (edge.to.as_str(), FactorRole::Downstream));
        let signals = recommendation
            .signals
            .iter()
            .map(|id| (id.as_str(), FactorRole::Signal));
        let counters = recommendation
            .counters
            .iter()
            .map(|id| (id.as_str(), FactorRole::Countered));
        downstream.chain(signals).chain(counters).collect() // later roles replace earlier ones
    }

    fn linked_factors(
        &self,
        roles: &HashMap<&'a str, FactorRole>,
        figures: &HashMap<&str, Figure>,
    ) -> Vec<LinkedFactor<'a>> {
        let rules = &self.knowledge.need_rules;
        let factors = self.knowledge.factors.iter();
        let linked = factors.filter_map(|factor| Some((factor, *roles.get(factor.id.as_str())?)));
        linked
            .map(|(factor, role)| {
                let counting: Vec<&'a str> = factor
                    .indicators
                    .iter()
                    .filter_map(|id| self.indicators.iter().find(|indicator| indicator.id == *id))
                    .filter(|indicator| indicator.counts_in_advice())
                    .map(|indicator| indicator.id.as_str())
                    .collect();
                let indicators = drop_parts(&counting, |part| wholes_of(self.indicators, part))
                    .into_iter()
                    .map(|id| LinkedIndicator {
                        id,
                        figure: figures.get(id).copied(),
                    })
                    .collect();
                let weight = match role {
                    FactorRole::Countered => rules.countered_weight,
                    FactorRole::Signal => rules.signals_weight,
                    FactorRole::Downstream => rules.downstream_weight,
                };
                LinkedFactor {
                    id: factor.id.as_str(),
                    weight,
                    indicators,
                }
            })
            .collect()
    }

    fn context(&self, need: &Need<'a>) -> Vec<ContextIndicator<'a>> {
        let linked = need
            .factors
            .iter()
            .filter_map(|linked| self.knowledge.factor(linked.id));
        linked
            .flat_map(|factor| {
                factor
                    .context_indicators
                    .iter()
                    .map(|indicator| ContextIndicator {
                        indicator,
                        factor: &factor.id,
                    })
            })
            .collect()
    }
}
