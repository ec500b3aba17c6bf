//! Advice: the report's recommendations held against the figures of one municipality or group.
//!
//! Pure: knowledge and figures in, evidence out. What counts, and how much, is data of the edition ([`Knowledge`]); the
//! arithmetic is [`crate::method::need`](mod@crate::method::need).

use std::{cmp::Reverse, collections::HashMap};

use crate::{
    domain::{Indicator, Knowledge, Mechanism, Recommendation, Theme, Trigger, TriggerCondition},
    method::{
        Class, Figure, LinkedFactor, LinkedIndicator, Need, ThemeSeverity, breadth_class, drop_parts, need,
        raise, theme_severity,
    },
};

#[cfg(test)]
mod tests;

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
    /// The mechanisms that lead from a countered factor to a downstream one.
    pub mechanisms: Vec<&'a Mechanism>,
    /// The trigger that bears on it.
    pub trigger: Option<TriggerOutcome<'a>>,
}

/// What came of a trigger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TriggerOutcome<'a> {
    /// The trigger.
    pub trigger: &'a Trigger,
    /// What came of it.
    pub state: TriggerState,
}

/// Whether a trigger's condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggerState {
    /// It does, and gives at least this class.
    Fired(Class),
    /// It does not.
    NotFired,
    /// The edition lacks the figures it needs.
    NotMeasured,
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
    /// are ignored.
    #[must_use]
    pub fn advise(&self, figures: &HashMap<&str, Figure>) -> Advised<'a> {
        let themes = self.theme_severities(figures);
        let mut advice: Vec<Advice<'a>> = self
            .knowledge
            .recommendations
            .iter()
            .map(|recommendation| self.advise_on(recommendation, figures, &themes))
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
    ) -> Advice<'a> {
        let roles = self.roles(recommendation);
        let need = need(&self.linked_factors(&roles, figures), &self.knowledge.need_rules);
        let trigger = self.trigger(recommendation, themes);
        let least = trigger.and_then(|outcome| match outcome.state {
            TriggerState::Fired(class) => Some(class),
            TriggerState::NotFired | TriggerState::NotMeasured => None,
        });
        let mechanisms = self
            .knowledge
            .mechanisms
            .iter()
            .filter(|edge| roles.get(edge.from.as_str()) == Some(&FactorRole::Countered))
            .filter(|edge| roles.get(edge.to.as_str()) == Some(&FactorRole::Downstream))
            .collect();
        Advice {
            recommendation,
            class: raise(need.class, least),
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
                let indicators = drop_parts(&counting, |part| self.whole_of(part))
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

    fn whole_of(&self, part: &str) -> Option<&'a str> {
        let whole = self
            .indicators
            .iter()
            .find(|indicator| indicator.parts.iter().any(|id| id == part))?;
        Some(whole.id.as_str())
    }

    /// How every theme fares by the breadth rules; without such a rule no theme is said to be unfavourable.
    fn theme_severities(&self, figures: &HashMap<&str, Figure>) -> Vec<(&'a Theme, ThemeSeverity)> {
        let Some(rules) = self
            .knowledge
            .triggers
            .iter()
            .find_map(|trigger| match trigger.condition {
                TriggerCondition::Breadth(rules) => Some(rules),
                TriggerCondition::Masking => None,
            })
        else {
            return Vec::new();
        };
        self.themes
            .iter()
            .map(|theme| {
                let mut counting: Vec<(&str, Figure)> = self
                    .indicators
                    .iter()
                    .filter(|indicator| indicator.theme == theme.id && indicator.counts_in_advice())
                    .filter_map(|indicator| {
                        Some((indicator.id.as_str(), *figures.get(indicator.id.as_str())?))
                    })
                    .collect();
                counting.sort_by_key(|(id, _)| *id); // sums run in id order
                let figures: Vec<Figure> = counting.into_iter().map(|(_, figure)| figure).collect();
                (
                    theme,
                    theme_severity(&figures, &rules, self.knowledge.need_rules.proxy_weight),
                )
            })
            .collect()
    }

    fn trigger(
        &self,
        recommendation: &'a Recommendation,
        themes: &[(&Theme, ThemeSeverity)],
    ) -> Option<TriggerOutcome<'a>> {
        let id = recommendation.trigger.as_deref()?;
        let trigger = self.knowledge.triggers.iter().find(|trigger| trigger.id == id)?;
        let state = match trigger.condition {
            // No edition of this schema holds neighbourhood figures.
            TriggerCondition::Masking => TriggerState::NotMeasured,
            TriggerCondition::Breadth(_) if themes.iter().all(|(_, theme)| theme.thin) => {
                TriggerState::NotMeasured
            }
            TriggerCondition::Breadth(rules) => {
                let unfavourable = themes.iter().filter(|(_, theme)| theme.unfavourable).count();
                breadth_class(unfavourable, &rules).map_or(TriggerState::NotFired, TriggerState::Fired)
            }
        };
        Some(TriggerOutcome { trigger, state })
    }
}

impl Advice<'_> {
    /// Figures that speak for it: indicator id, factor id, share of need, severity; largest part of the need first.
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
    #[must_use]
    pub fn measured(&self) -> Vec<&crate::method::FactorNeed<'_>> {
        let mut factors: Vec<_> = self
            .need
            .factors
            .iter()
            .filter(|factor| factor.score.is_some())
            .collect();
        factors.sort_by_key(|factor| Reverse(factor.weight.to_bits()));
        factors
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
