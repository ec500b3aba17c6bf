//! The arithmetic of a recommendation's need. Rules are data: nothing here is a constant of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::{place::severity, sum::compensated_sum};
use crate::domain::{BreadthRules, NeedRules};

/// The figure of one subject on one indicator, as far as need is concerned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Place share, 0 to 1.
    pub place_share: f64,
    /// Whether it is that of a declared proxy.
    pub proxy: bool,
}

/// A judged indicator linked to a factor. Neutral, unverified and origin indicators are not passed at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkedIndicator<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its figure for the subject, if there is one.
    pub figure: Option<Figure>,
}

/// A factor linked to a recommendation, with its judged indicators after [`drop_parts`].
#[derive(Debug, Clone, PartialEq)]
pub struct LinkedFactor<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its weight by role.
    pub weight: f64,
    /// Its indicators; empty for a factor that nothing measures.
    pub indicators: Vec<LinkedIndicator<'a>>,
}

/// How strongly figures point to a recommendation, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Coverage is below the minimum.
    InsufficientData,
    /// Need is below the least of weak.
    NotIndicated,
    /// At least the threshold of weak.
    Weak,
    /// At least the threshold of moderate.
    Moderate,
    /// At least the threshold of strong.
    Strong,
}

/// The need of one recommendation for one subject, with where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Need<'a> {
    /// Weighted mean of the factor scores, 0 to 1; `None` when nothing was measured.
    pub need: Option<f64>,
    /// Weight of linked indicators with figures over that of all, 0 to 1.
    pub coverage: f64,
    /// The class of need and coverage.
    pub class: Class,
    /// Every factor once, heaviest first, then by id.
    pub factors: Vec<FactorNeed<'a>>,
    /// Factors without any judged indicator, by id: nothing measures them.
    pub unmeasured: Vec<&'a str>,
    /// Linked indicators without a figure, by id.
    pub without_figure: Vec<&'a str>,
}

/// What one factor contributes.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorNeed<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its weight.
    pub weight: f64,
    /// Mean severity of the indicators counted for it; `None` when there are none: it is unmeasured, its indicators have no
    /// figure, or they count for a heavier factor.
    pub score: Option<f64>,
    /// The indicators counted for it, by id.
    pub counted: Vec<Counted<'a>>,
    /// The indicators that would count for it and have no figure, by id.
    pub without_figure: Vec<&'a str>,
}

/// One figure that counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted<'a> {
    /// Indicator id.
    pub id: &'a str,
    /// Its place share.
    pub place_share: f64,
    /// Its severity.
    pub severity: f64,
    /// Its weight among the figures of its factor: less than 1 where a proxy stands in.
    pub weight: f64,
    /// Its part of need: shares add up to 1, and need is the sum of share times severity.
    pub share: f64,
}

/// The indicators without those whose total or composite is also among them; `wholes_of` names the wholes of a part.
#[must_use]
pub fn drop_parts<'a, W>(indicators: &[&'a str], wholes_of: impl Fn(&str) -> W) -> Vec<&'a str>
where
    W: IntoIterator<Item = &'a str>,
{
    let has_whole = |indicator: &str| {
        // A catalogue whose wholes run in a circle must not hang us, nor drop all members of the circle.
        let mut wholes: Vec<&'a str> = wholes_of(indicator).into_iter().collect();
        let mut next = 0;
        while let Some(&whole) = wholes.get(next) {
            for above in wholes_of(whole) {
                if !wholes.contains(&above) {
                    wholes.push(above);
                }
            }
            next += 1;
        }
        !wholes.contains(&indicator) && wholes.iter().any(|whole| indicators.contains(whole))
    };
    indicators
        .iter()
        .copied()
        .filter(|indicator| !has_whole(indicator))
        .collect()
}

/// The need of a recommendation linked to these factors. The order in which they are given does not matter; a factor given
/// twice (countered, and downstream of another) has the larger weight and the indicators of both.
#[must_use]
pub fn need<'a>(factors: &[LinkedFactor<'a>], rules: &NeedRules) -> Need<'a> {
    let mut by_id: BTreeMap<&'a str, LinkedFactor<'a>> = BTreeMap::new();
    for factor in factors {
        by_id
            .entry(factor.id)
            .and_modify(|known| {
                known.weight = known.weight.max(factor.weight);
                known.indicators.extend(&factor.indicators);
            })
            .or_insert_with(|| factor.clone());
    }
    let mut heaviest_first: Vec<LinkedFactor<'a>> = by_id.into_values().collect();
    heaviest_first.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.id.cmp(b.id)));

    // An indicator of several factors counts for the first of them only.
    let mut home: BTreeMap<&'a str, (usize, Option<Figure>)> = BTreeMap::new();
    for (index, factor) in heaviest_first.iter().enumerate() {
        for indicator in &factor.indicators {
            home.entry(indicator.id).or_insert((index, indicator.figure));
        }
    }

    let figure_weight = |figure: &Figure| if figure.proxy { rules.proxy_weight } else { 1.0 };
    let factor_weight = |index: usize| heaviest_first[index].weight;
    let measured = compensated_sum(
        home.values()
            .filter_map(|(index, figure)| figure.map(|f| factor_weight(*index) * figure_weight(&f))),
    );
    let linked = compensated_sum(
        home.values()
            .map(|(index, figure)| factor_weight(*index) * figure.as_ref().map_or(1.0, figure_weight)),
    );
    let coverage = if linked > 0.0 { measured / linked } else { 0.0 };

    let mut scored: Vec<FactorNeed<'a>> = heaviest_first
        .iter()
        .enumerate()
        .map(|(index, factor)| {
            let own = home.iter().filter(|(_, (at, _))| *at == index);
            let linked = own.map(|(id, (_, figure))| (*id, *figure));
            score_factor(factor, &linked.collect::<Vec<_>>(), figure_weight)
        })
        .collect();
    let weight = compensated_sum(
        scored
            .iter()
            .filter(|factor| factor.score.is_some())
            .map(|factor| factor.weight),
    );
    let need = (weight > 0.0).then(|| {
        compensated_sum(
            scored
                .iter()
                .filter_map(|factor| factor.score.map(|score| score * factor.weight)),
        ) / weight
    });
    for factor in &mut scored {
        for counted in &mut factor.counted {
            counted.share *= if weight > 0.0 { factor.weight / weight } else { 0.0 };
        }
    }
    Need {
        need,
        coverage,
        class: classify(need, coverage, rules),
        factors: scored,
        unmeasured: heaviest_first
            .iter()
            .filter(|factor| factor.indicators.is_empty())
            .map(|factor| factor.id)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        without_figure: home
            .iter()
            .filter(|(_, (_, figure))| figure.is_none())
            .map(|(id, _)| *id)
            .collect(),
    }
}

/// The mean severity of a factor's own figures; shares are those within the factor.
fn score_factor<'a>(
    factor: &LinkedFactor<'a>,
    linked: &[(&'a str, Option<Figure>)],
    figure_weight: impl Fn(&Figure) -> f64,
) -> FactorNeed<'a> {
    let figures = || linked.iter().filter_map(|(id, figure)| Some((*id, (*figure)?)));
    let weight = compensated_sum(figures().map(|(_, figure)| figure_weight(&figure)));
    let counted: Vec<Counted<'a>> = figures()
        .filter(|_| weight > 0.0)
        .map(|(id, figure)| Counted {
            id,
            place_share: figure.place_share,
            severity: severity(figure.place_share),
            weight: figure_weight(&figure),
            share: figure_weight(&figure) / weight,
        })
        .collect();
    let score = (!counted.is_empty()).then(|| compensated_sum(counted.iter().map(|c| c.share * c.severity)));
    let without = linked.iter().filter(|(_, figure)| figure.is_none());
    FactorNeed {
        id: factor.id,
        weight: factor.weight,
        score,
        counted,
        without_figure: without.map(|(id, _)| *id).collect(),
    }
}

/// The need that random positions give: the mean of a severity over all place shares.
pub const NEED_OF_RANDOM_POSITIONS: f64 = 0.25;

/// Rounding must not decide a class: a need or coverage this little below a threshold has reached it.
const ROUNDING: f64 = 1e-12;

fn classify(need: Option<f64>, coverage: f64, rules: &NeedRules) -> Class {
    let Some(need) = need.filter(|_| coverage >= rules.minimum_coverage - ROUNDING) else {
        return Class::InsufficientData;
    };
    match need + ROUNDING {
        need if need >= rules.strong => Class::Strong,
        need if need >= rules.moderate => Class::Moderate,
        need if need >= rules.weak => Class::Weak,
        _ => Class::NotIndicated,
    }
}

/// How one theme fares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThemeSeverity {
    /// Mean severity of its judged indicators with figures, proxies at their lesser weight; `None` without any.
    pub severity: Option<f64>,
    /// How many indicators that is.
    pub indicators: usize,
    /// Too few to count: shown only.
    pub thin: bool,
    /// The mean reaches the threshold, on enough indicators.
    pub unfavourable: bool,
}

/// How a theme with these figures fares.
#[must_use]
pub fn theme_severity(figures: &[Figure], rules: &BreadthRules, proxy_weight: f64) -> ThemeSeverity {
    let weight_of = |figure: &Figure| if figure.proxy { proxy_weight } else { 1.0 };
    let weight = compensated_sum(figures.iter().map(weight_of));
    let total = compensated_sum(
        figures
            .iter()
            .map(|figure| weight_of(figure) * severity(figure.place_share)),
    );
    let mean = (weight > 0.0).then(|| total / weight);
    let thin = figures.len() < rules.minimum_indicators;
    let unfavourable = !thin && mean.is_some_and(|mean| mean + ROUNDING >= rules.theme_severity);
    ThemeSeverity {
        severity: mean,
        indicators: figures.len(),
        thin,
        unfavourable,
    }
}

/// The least class that this number of unfavourable themes gives, if any.
#[must_use]
pub fn breadth_class(unfavourable_themes: usize, rules: &BreadthRules) -> Option<Class> {
    if unfavourable_themes >= rules.strong_from {
        Some(Class::Strong)
    } else if unfavourable_themes >= rules.moderate_from {
        Some(Class::Moderate)
    } else {
        None
    }
}

/// The class after a trigger: it can raise a class or resolve missing data, never lower.
#[must_use]
pub fn raise(class: Class, least: Option<Class>) -> Class {
    least.map_or(class, |least| class.max(least))
}
