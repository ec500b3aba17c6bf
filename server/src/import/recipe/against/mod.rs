//! A recipe held against the indicators of the edition it adds to.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

use crate::domain::{Indicator, IndicatorKind, Text, Theme, nearest};

use super::{
    super::{ImportError, problems::Problems},
    Recipe, RecipeIndicator,
};

impl Recipe {
    /// Checks what depends on the edition that the recipe adds to: what it says of indicators that exist must not differ,
    /// what it says of new ones must be complete, and what it refers to must be there.
    ///
    /// # Errors
    /// [`ImportError`] with every problem: file, line, key and what to do.
    pub fn check_against(&self, indicators: &[Indicator], themes: &[Theme]) -> Result<(), ImportError> {
        let base: BTreeMap<&str, &Indicator> = indicators
            .iter()
            .map(|known| (known.id.as_str(), known))
            .collect();
        let mut check = Check {
            recipe: self,
            base,
            themes,
            shipped: OnceCell::new(),
            problems: Problems::all(),
        };
        self.indicators
            .iter()
            .for_each(|indicator| check.indicator(indicator));
        check.problems.refuse(format!("recipe {}", self.file))
    }
}

/// Checks that recipes which fill the same indicator say the same of it, so that it does not matter which is read first.
///
/// # Errors
/// [`ImportError`] with every key that differs, and where.
pub fn check_together<'a>(recipes: impl IntoIterator<Item = &'a Recipe>) -> Result<(), ImportError> {
    let mut first: BTreeMap<&str, (&Recipe, &RecipeIndicator)> = BTreeMap::new();
    let mut problems = Problems::all();
    for recipe in recipes {
        for indicator in &recipe.indicators {
            let Some((other_recipe, other)) = first.get(indicator.id.as_str()) else {
                first.insert(&indicator.id, (recipe, indicator));
                continue;
            };
            for key in differing(indicator, other) {
                let message = format!(
                    "{key}: differs from what {}:{} says of `{}`: make the two equal",
                    other_recipe.file, other.line, indicator.id
                );
                problems.at(&recipe.file, indicator.line, message);
            }
        }
    }
    problems.refuse("the set of recipes")
}

/// The keys that say something else of the same indicator. Where its values come from is each recipe's own.
fn differing(one: &RecipeIndicator, other: &RecipeIndicator) -> Vec<&'static str> {
    [
        ("name_nl/name_en", one.name != other.name),
        ("theme", one.theme != other.theme),
        ("block", one.block != other.block),
        ("kind", one.kind != other.kind),
        ("kind_basis", one.kind_basis != other.kind_basis),
        ("section", one.section != other.section),
        ("polarity", one.polarity != other.polarity),
        (
            "polarity_reason_nl/polarity_reason_en",
            one.polarity_reason != other.polarity_reason,
        ),
        ("unit_nl/unit_en", one.unit != other.unit),
        ("decimals", one.decimals != other.decimals),
        ("denominator", one.denominator != other.denominator),
        ("aggregation", one.aggregation != other.aggregation),
        ("parts", one.parts != other.parts),
        (
            "children, weights",
            one.figure.children() != other.figure.children(),
        ),
        (
            "proxy_for, proxy_reason_nl/proxy_reason_en",
            one.proxy != other.proxy,
        ),
    ]
    .into_iter()
    .filter_map(|(key, differs)| differs.then_some(key))
    .collect()
}

struct Check<'a> {
    recipe: &'a Recipe,
    base: BTreeMap<&'a str, &'a Indicator>,
    themes: &'a [Theme],
    /// The indicators of recipes that ship, once they are needed.
    shipped: OnceCell<BTreeSet<String>>,
    problems: Problems,
}

impl Check<'_> {
    fn indicator(&mut self, indicator: &RecipeIndicator) {
        match self.base.get(indicator.id.as_str()).copied() {
            Some(known) => self.agrees_with(indicator, known),
            None => self.is_complete(indicator),
        }
        let is_judged = self.is_judged(&indicator.id);
        if let Some(denominator) = &indicator.denominator {
            self.denominator(indicator, denominator);
        }
        self.parts(indicator);
        self.children(indicator);
        if let Some(proxy) = &indicator.proxy {
            match self.base.get(proxy.indicator.as_str()) {
                Some(known) if is_judged.is_some_and(|judged| judged != known.is_judged()) => {
                    let message = format!(
                        "proxy_for: one of `{}` and `{}` is neutral, the other judged: they cannot stand in for each other",
                        indicator.id, proxy.indicator
                    );
                    self.report(indicator, message);
                }
                Some(_) => {}
                None => self.unknown(indicator, "proxy_for", &proxy.indicator, false),
            }
        }
    }

    /// What weighs an indicator exists, or comes with a recipe that ships: tables seldom hold the numbers beside the shares.
    fn denominator(&mut self, indicator: &RecipeIndicator, id: &str) {
        let shipped = || {
            let recipes = Recipe::built_in().unwrap_or_default().into_iter();
            let indicators = recipes.flat_map(|recipe| recipe.indicators);
            indicators.map(|other| other.id).collect::<BTreeSet<String>>()
        };
        if !self.is_here(id) && !self.shipped.get_or_init(shipped).contains(id) {
            self.unknown(indicator, "denominator", id, true);
        }
    }

    /// Parts exist, and have no other total.
    fn parts(&mut self, indicator: &RecipeIndicator) {
        for part in &indicator.parts {
            self.exists(indicator, "parts", part);
            let totals = self
                .base
                .values()
                .filter(|known| known.parts.contains(part))
                .map(|known| &known.id);
            let here = self
                .recipe
                .indicators
                .iter()
                .filter(|other| other.parts.contains(part));
            let other = totals
                .chain(here.map(|other| &other.id))
                .find(|total| **total != indicator.id)
                .cloned();
            if let Some(total) = other {
                let message =
                    format!("parts: `{part}` is already part of `{total}`: it cannot count in both");
                self.report(indicator, message);
            }
        }
    }

    /// A composite is computed from what it is said to be made of, or takes figures from tables: one of the two.
    fn children(&mut self, indicator: &RecipeIndicator) {
        let known = self.base.get(indicator.id.as_str()).copied();
        let of_edition = known.map_or(&[][..], |known| &known.children);
        let Some((children, weights)) = indicator.figure.children() else {
            if !of_edition.is_empty() {
                let message = format!(
                    "`{}` is computed from its children in the edition: give other figures an id of their own",
                    indicator.id
                );
                self.report(indicator, message);
            }
            return;
        };
        for child in children {
            self.exists(indicator, "children", child);
        }
        if known.is_some_and(|known| known.kind != IndicatorKind::Composite) {
            let message = format!(
                "children: `{}` is no composite in the edition: remove them, or give another concept its own id",
                indicator.id
            );
            self.report(indicator, message);
        }
        let weights = weights.iter().copied().chain(std::iter::repeat(1.0));
        let same = of_edition.len() == children.len()
            && of_edition
                .iter()
                .zip(children.iter().zip(weights))
                .all(|(own, (child, weight))| own.indicator == *child && own.weight == weight);
        if !of_edition.is_empty() && !same {
            let message = format!(
                "children, weights: differ from what the edition says of `{}`: leave it out there, or give another concept its \
                 own id",
                indicator.id
            );
            self.report(indicator, message);
        }
    }

    fn agrees_with(&mut self, indicator: &RecipeIndicator, known: &Indicator) {
        fn differs<T: PartialEq>(given: Option<&T>, known: &T) -> bool {
            given.is_some_and(|given| given != known)
        }
        let differing = [
            ("name_nl/name_en", differs(indicator.name.as_ref(), &known.name)),
            ("theme", differs(indicator.theme.as_ref(), &known.theme)),
            (
                "block",
                indicator.block.is_some() && indicator.block != known.block,
            ),
            ("kind", differs(indicator.kind.as_ref(), &known.kind)),
            (
                "kind_basis",
                differs(indicator.kind_basis.as_ref(), &known.kind_basis),
            ),
            ("section", differs(indicator.section.as_ref(), &known.section)),
            (
                "polarity",
                known.polarity.is_some()
                    && indicator.polarity.is_some()
                    && indicator.polarity != known.polarity,
            ),
            (
                "unit_nl/unit_en",
                known
                    .unit
                    .as_ref()
                    .is_some_and(|unit: &Text| *unit != indicator.unit),
            ),
            (
                "parts",
                !indicator.parts.is_empty() && indicator.parts != known.parts,
            ),
            (
                "denominator",
                known.denominator.is_some()
                    && indicator.denominator.is_some()
                    && indicator.denominator != known.denominator,
            ),
            (
                "aggregation",
                known.aggregation.is_some()
                    && indicator.aggregation.is_some()
                    && indicator.aggregation != known.aggregation,
            ),
        ];
        for (key, _) in differing.into_iter().filter(|(_, differs)| *differs) {
            let message = format!(
                "{key}: differs from what the edition says of `{}`: leave it out there, or give another concept its own id",
                indicator.id
            );
            self.report(indicator, message);
        }
        let is_computed = indicator.figure.children().is_some();
        let complete = is_computed || indicator.polarity.is_some() && indicator.polarity_reason.is_some();
        if known.is_judged() && !complete {
            let message = format!(
                "`{}` is judged: `polarity`, `polarity_reason_nl` and `polarity_reason_en` say which side is favourable, and why",
                indicator.id
            );
            self.report(indicator, message);
        }
        if !known.is_judged() && (indicator.polarity.is_some() || indicator.polarity_reason.is_some()) {
            let message = format!(
                "polarity: `{}` is neutral in the edition, no side of it is favourable: remove it",
                indicator.id
            );
            self.report(indicator, message);
        }
    }

    fn is_complete(&mut self, indicator: &RecipeIndicator) {
        let missing: Vec<&str> = [
            ("name_nl", indicator.name.is_none()),
            ("name_en", indicator.name.is_none()),
            ("theme", indicator.theme.is_none()),
            ("kind", indicator.kind.is_none()),
            ("kind_basis", indicator.kind_basis.is_none()),
        ]
        .into_iter()
        .filter_map(|(key, missing)| missing.then_some(key))
        .collect();
        if !missing.is_empty() {
            let hint = nearest(&indicator.id, self.base.keys().copied())
                .map_or_else(String::new, |near| format!(", or did you mean `{near}`?"));
            let message = format!("`{}` is new: it needs {}{hint}", indicator.id, missing.join(", "));
            self.report(indicator, message);
        }
        let Some(theme_id) = &indicator.theme else { return };
        let Some(theme) = self.themes.iter().find(|theme| theme.id == *theme_id) else {
            let ids = self.themes.iter().map(|theme| theme.id.as_str());
            let hint = hint(theme_id, ids);
            self.report(
                indicator,
                format!("theme: no theme is called `{theme_id}`; {hint}"),
            );
            return;
        };
        if let Some(block) = &indicator.block
            && !theme.blocks.iter().any(|known| known.id == *block)
        {
            let hint = hint(block, theme.blocks.iter().map(|known| known.id.as_str()));
            self.report(
                indicator,
                format!("block: theme `{theme_id}` has no block `{block}`; {hint}"),
            );
        }
    }

    /// Whether an indicator of this recipe or the edition has a favourable side, if that is known.
    fn is_judged(&self, id: &str) -> Option<bool> {
        if let Some(known) = self.base.get(id) {
            return Some(known.is_judged());
        }
        let kind = self.recipe.indicators.iter().find(|other| other.id == id)?.kind?;
        Some(kind != IndicatorKind::Neutral)
    }

    fn exists(&mut self, indicator: &RecipeIndicator, key: &str, id: &str) {
        if !self.is_here(id) {
            self.unknown(indicator, key, id, true);
        }
    }

    /// Whether this recipe or the edition has an indicator.
    fn is_here(&self, id: &str) -> bool {
        let own = self.recipe.indicators.iter().any(|other| other.id == id);
        own || self.base.contains_key(id)
    }

    fn unknown(&mut self, indicator: &RecipeIndicator, key: &str, id: &str, also_here: bool) {
        let here = self
            .recipe
            .indicators
            .iter()
            .filter(|_| also_here)
            .map(|other| other.id.as_str());
        let where_ = if also_here {
            "this recipe or the edition"
        } else {
            "the edition"
        };
        let hint = nearest(id, here.chain(self.base.keys().copied()))
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        self.report(
            indicator,
            format!("{key}: no indicator of {where_} is called `{id}`{hint}"),
        );
    }

    fn report(&mut self, indicator: &RecipeIndicator, message: String) {
        self.problems.at(&self.recipe.file, indicator.line, message);
    }
}

fn hint<'a>(typed: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    nearest(typed, known.clone()).map_or_else(
        || format!("there are {}", known.collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    )
}

#[cfg(test)]
mod tests;
