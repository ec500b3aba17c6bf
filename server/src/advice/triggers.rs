//! Triggers: what can raise the class of a recommendation beside its need.

use std::collections::HashMap;

use super::{Adviser, MaskingFacts, MaskingFound};
use crate::{
    domain::{
        BreadthRules, LeastClass, MaskingTriggerRules, Recommendation, Theme, Trigger, TriggerCondition,
        wholes_of,
    },
    method::{Class, Figure, LinkedFactor, ThemeSeverity, breadth_class, drop_parts, theme_severity},
};

/// What came of a trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct TriggerOutcome<'a> {
    /// The trigger.
    pub trigger: &'a Trigger,
    /// What came of it.
    pub state: TriggerState,
    /// Of the masking trigger, what it found; `None` when there is nothing to find it in.
    pub masking: Option<MaskingFound<'a>>,
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

impl<'a> Adviser<'a> {
    /// How every theme fares by the breadth rules; without such a rule no theme is said to be unfavourable. A part does not
    /// count beside its total, as in a factor; here only where the total has a figure, because there is no coverage to
    /// keep.
    pub(super) fn theme_severities(
        &self,
        figures: &HashMap<&str, Figure>,
    ) -> Vec<(&'a Theme, ThemeSeverity)> {
        let Some(rules) = self
            .knowledge
            .triggers
            .iter()
            .find_map(|trigger| match trigger.condition {
                TriggerCondition::Breadth(rules) => Some(rules),
                TriggerCondition::Masking(_) => None,
            })
        else {
            return Vec::new();
        };
        let severity_of = |theme: &'a Theme| {
            let counting = self.counting_in_theme(theme, figures).into_iter();
            let counting: Vec<Figure> = counting.map(|(_, figure)| figure).collect();
            theme_severity(&counting, &rules, self.knowledge.need_rules.proxy_weight)
        };
        self.themes
            .iter()
            .map(|theme| (theme, severity_of(theme)))
            .collect()
    }

    /// The figures that a theme's severity is the mean of, by indicator id.
    pub(super) fn counting_in_theme(
        &self,
        theme: &Theme,
        figures: &HashMap<&str, Figure>,
    ) -> Vec<(&'a str, Figure)> {
        let mut counting: Vec<&'a str> = self
            .indicators
            .iter()
            .filter(|indicator| indicator.theme == theme.id && indicator.counts_in_advice())
            .map(|indicator| indicator.id.as_str())
            .filter(|id| {
                figures
                    .get(id)
                    .is_some_and(|figure| !figure.proxy || !self.stands_in_itself(id, figures))
            })
            .collect();
        counting.sort_unstable(); // sums run in id order
        drop_parts(&counting, |part| wholes_of(self.indicators, part))
            .into_iter()
            .filter_map(|id| Some((id, *figures.get(id)?)))
            .collect()
    }

    /// Whether an indicator that may stand in for this one counts by itself: the same values must not count twice.
    fn stands_in_itself(&self, id: &str, figures: &HashMap<&str, Figure>) -> bool {
        self.indicators.iter().any(|indicator| {
            indicator
                .proxy
                .as_ref()
                .is_some_and(|proxy| proxy.indicator == id)
                && indicator.counts_in_advice()
                && figures.contains_key(indicator.id.as_str())
        })
    }

    /// What came of the trigger of a recommendation, if it has one.
    pub(super) fn trigger(
        &self,
        recommendation: &'a Recommendation,
        linked: &[LinkedFactor<'a>],
        themes: &[(&Theme, ThemeSeverity)],
        facts: &MaskingFacts<'a>,
    ) -> Option<TriggerOutcome<'a>> {
        let id = recommendation.trigger.as_deref()?;
        let trigger = self.knowledge.triggers.iter().find(|trigger| trigger.id == id)?;
        let (state, masking) = match trigger.condition {
            TriggerCondition::Masking(rules) => {
                let indicators = linked.iter().flat_map(|factor| &factor.indicators);
                let found = facts.on(&indicators.map(|indicator| indicator.id).collect());
                (masking(found.as_ref(), &rules), found)
            }
            TriggerCondition::Breadth(rules) => (breadth(themes, &rules), None),
        };
        Some(TriggerOutcome {
            trigger,
            state,
            masking,
        })
    }
}

/// Fires when enough of the members with figures of neighbourhoods have a masked district.
fn masking(found: Option<&MaskingFound<'_>>, rules: &MaskingTriggerRules) -> TriggerState {
    found.map_or(TriggerState::NotMeasured, |found| {
        masking_state(found.members_masked, found.members_measured, rules)
    })
}

/// What comes of the masking trigger when so many members with figures of neighbourhoods have a masked district.
#[must_use]
pub(crate) fn masking_state(masked: u32, measured: u32, rules: &MaskingTriggerRules) -> TriggerState {
    if masked == 0 || f64::from(masked) < rules.share_of_members * f64::from(measured) {
        return TriggerState::NotFired;
    }
    TriggerState::Fired(match rules.least_class {
        LeastClass::Weak => Class::Weak,
        LeastClass::Moderate => Class::Moderate,
        LeastClass::Strong => Class::Strong,
    })
}

/// Fires on enough unfavourable themes. Not firing is only known when the themes with too few figures could not make the
/// difference.
fn breadth(themes: &[(&Theme, ThemeSeverity)], rules: &BreadthRules) -> TriggerState {
    let unfavourable = themes.iter().filter(|(_, theme)| theme.unfavourable).count();
    let unknown = themes.iter().filter(|(_, theme)| theme.thin).count();
    match breadth_class(unfavourable, rules) {
        Some(class) => TriggerState::Fired(class),
        None if unfavourable + unknown >= rules.moderate_from => TriggerState::NotMeasured,
        None => TriggerState::NotFired,
    }
}
