//! What a class follows from, and what it would be without each figure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Advice, Adviser, MaskingFacts};
use crate::{
    domain::{Recommendation, Theme, TriggerCondition},
    method::{Class, Figure, ThemeSeverity, severity},
};

/// One recommendation for one subject, taken apart.
#[derive(Debug)]
pub struct Derivation<'a> {
    /// The advice.
    pub advice: Advice<'a>,
    /// The themes that its trigger looks at, in the order of the report; none without such a trigger.
    pub themes: Vec<ThemeDerivation<'a>>,
    /// What is left of the advice without each figure that it or its trigger rests on, by indicator id.
    pub without: BTreeMap<&'a str, Remainder>,
}

/// A theme with the figures that its severity is the mean of.
#[derive(Debug)]
pub struct ThemeDerivation<'a> {
    /// The theme.
    pub theme: &'a Theme,
    /// How it fares.
    pub fare: ThemeSeverity,
    /// Its figures, by indicator id.
    pub figures: Vec<ThemeFigure<'a>>,
}

/// One figure of a theme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThemeFigure<'a> {
    /// Indicator id.
    pub indicator: &'a str,
    /// Its severity.
    pub severity: f64,
    /// Its weight among the figures of the theme.
    pub weight: f64,
}

/// What advice would be without one figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remainder {
    /// Need; `None` when nothing else was measured.
    pub need: Option<f64>,
    /// Coverage.
    pub coverage: f64,
    /// The class after triggers.
    pub class: Class,
}

impl<'a> Adviser<'a> {
    /// Takes the advice on one recommendation apart, for the subject with these figures.
    #[must_use]
    pub fn derive(
        &self,
        recommendation: &'a Recommendation,
        figures: &HashMap<&'a str, Figure>,
        masking: &MaskingFacts<'a>,
    ) -> Derivation<'a> {
        let advice = self.advise_on(recommendation, figures, &self.theme_severities(figures), masking);
        let looks_at_themes = advice
            .trigger
            .as_ref()
            .is_some_and(|outcome| matches!(outcome.trigger.condition, TriggerCondition::Breadth(_)));
        let themes = if looks_at_themes {
            self.derive_themes(figures)
        } else {
            Vec::new()
        };
        let counted = advice.need.factors.iter().flat_map(|factor| &factor.counted);
        let of_themes = themes.iter().flat_map(|theme| &theme.figures);
        let rests_on: BTreeSet<&'a str> = counted
            .map(|counted| counted.id)
            .chain(of_themes.map(|figure| figure.indicator))
            .collect();
        let remainder = |id: &'a str| {
            let mut others = figures.clone();
            others.remove(id);
            let left = self.advise_on(
                recommendation,
                &others,
                &self.theme_severities(&others),
                &masking.without(id),
            );
            Remainder {
                need: left.need.need,
                coverage: left.need.coverage,
                class: left.class,
            }
        };
        let without = rests_on.into_iter().map(|id| (id, remainder(id))).collect();
        Derivation {
            advice,
            themes,
            without,
        }
    }

    fn derive_themes(&self, figures: &HashMap<&str, Figure>) -> Vec<ThemeDerivation<'a>> {
        let proxy_weight = self.knowledge.need_rules.proxy_weight;
        let severities = self.theme_severities(figures).into_iter();
        let derived = severities.map(|(theme, fare)| {
            let counting = self.counting_in_theme(theme, figures).into_iter();
            let figures = counting.map(|(indicator, figure)| ThemeFigure {
                indicator,
                severity: severity(figure.place_share),
                weight: if figure.proxy { proxy_weight } else { 1.0 },
            });
            ThemeDerivation {
                theme,
                fare,
                figures: figures.collect(),
            }
        });
        derived.collect()
    }
}
