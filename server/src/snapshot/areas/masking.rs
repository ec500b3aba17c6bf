//! What masking is made of: the values of all neighbourhoods of the country, of an indicator or of a composite of indicators.

use super::{AreaFigures, AreaWeights, Snapshot};
use crate::{
    domain::{AreaFigure, MaskingRules, Polarity},
    method::{
        Composite, MINIMUM_UNITS, Masking, Neighbourhood, NoMasking, RobustScale, UnfitScore, detect_masking,
    },
    snapshot::Composition,
};

/// What was measured of neighbourhoods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// The indicator at this place.
    Indicator(usize),
    /// A composite: the mean of the grades that its leaves have among all neighbourhoods.
    Composite,
}

/// The values of all neighbourhoods of the country in a period, by code.
#[derive(Debug, Clone)]
pub struct NeighbourhoodValues<'a> {
    /// What they are values of.
    pub measured: Measured,
    /// Their period.
    pub period: &'a str,
    /// The year of the borders they are on, where that is another than the period's own.
    pub borders: Option<&'a str>,
    /// Where they come from, each once.
    pub sources: Vec<&'a str>,
    /// Which direction is favourable.
    pub polarity: Polarity,
    /// The codes, in order.
    pub codes: Vec<&'a str>,
    /// Beside them; of a composite the score of the mean of grades, 3 to 10.
    pub figures: Vec<AreaFigure>,
    /// Of an indicator, what its tables say of districts themselves.
    published: Option<AreaFigures<'a>>,
}

/// A composite over neighbourhoods, with what each of its leaves was taken from.
#[derive(Debug, Clone)]
pub struct ScoredAreas<'a> {
    /// The scores.
    pub values: NeighbourhoodValues<'a>,
    /// The leaves that have figures in the period, by their place among the indicators.
    pub leaves: Vec<usize>,
}

/// The part of the code of a neighbourhood that names its district: the code of that without `WK`.
#[must_use]
pub fn district_of(neighbourhood: &str) -> &str {
    neighbourhood.get(2..8).unwrap_or(neighbourhood)
}

/// The part of such a code that names its municipality: the code of that without `GM`.
#[must_use]
pub fn municipality_of(code: &str) -> &str {
    code.get(..4).unwrap_or(code)
}

impl Snapshot {
    /// The values that an indicator with a favourable side has for neighbourhoods in a period.
    #[must_use]
    pub fn neighbourhood_values(&self, indicator: usize, period: &str) -> Option<NeighbourhoodValues<'_>> {
        let polarity = self.indicators[indicator].polarity?;
        let found = self.area_figures(indicator, period)?;
        let (codes, figures): (Vec<&str>, Vec<AreaFigure>) = found.neighbourhoods().iter().copied().unzip();
        (!codes.is_empty()).then(|| NeighbourhoodValues {
            measured: Measured::Indicator(indicator),
            period: found.period,
            borders: found.borders,
            sources: found.sources.clone(),
            polarity,
            codes,
            figures,
            published: Some(found),
        })
    }

    /// The composition of a composite of the edition.
    ///
    /// # Errors
    /// What is wrong with its tree: a fault of ours, editions with wrong ones are refused.
    pub fn composition_of(&self, composite: usize) -> Result<Composition, String> {
        Composition::of_indicator(&self.indicators, &self.indicator_index, composite)
            .map_err(|wrong| format!("children of `{}`: {wrong:?}", self.indicators[composite].id))
    }

    /// The scores that a composite gives neighbourhoods in the latest period that covers it, or in the one asked for. Every leaf
    /// is graded among all neighbourhoods that have a value of it, each as one unit; all leaves are of one period and on the
    /// same borders.
    ///
    /// # Errors
    /// [`UnfitScore`]: a fault of ours, grades are from 3 to 10.
    pub fn scored_areas(
        &self,
        composition: &Composition,
        asked: Option<&str>,
    ) -> Result<Option<ScoredAreas<'_>>, UnfitScore> {
        let mut periods: Vec<&str> = composition
            .leaves()
            .iter()
            .flat_map(|&leaf| self.area_periods(leaf))
            .collect();
        periods.sort_unstable_by(|one, other| other.cmp(one));
        periods.dedup();
        for period in periods
            .into_iter()
            .filter(|period| asked.is_none_or(|asked| asked == *period))
        {
            let values = |&leaf: &usize| self.neighbourhood_values(leaf, period);
            let leaves: Vec<Option<NeighbourhoodValues<'_>>> =
                composition.leaves().iter().map(values).collect();
            let borders = leaves.iter().flatten().next().and_then(|leaf| leaf.borders);
            let leaves: Vec<Option<NeighbourhoodValues<'_>>> = leaves
                .into_iter()
                .map(|leaf| leaf.filter(|leaf| leaf.borders == borders))
                .collect();
            if let Some(values) = score(composition.composite(), &leaves)? {
                let present = composition.leaves().iter().zip(&leaves);
                let present = present.filter_map(|(leaf, values)| values.as_ref().map(|_| *leaf));
                return Ok(Some(ScoredAreas {
                    leaves: present.collect(),
                    values,
                }));
            }
        }
        Ok(None)
    }
}

/// The scores by these leaves; `None` when they give nobody one.
fn score<'a>(
    composite: &Composite,
    leaves: &[Option<NeighbourhoodValues<'a>>],
) -> Result<Option<NeighbourhoodValues<'a>>, UnfitScore> {
    let graded: Vec<Option<Graded<'_, 'a>>> = leaves
        .iter()
        .map(|leaf| leaf.as_ref().and_then(Graded::of))
        .collect();
    let Some(first) = graded.iter().flatten().next().map(|graded| graded.values) else {
        return Ok(None);
    };
    let mut codes: Vec<&'a str> = graded
        .iter()
        .flatten()
        .flat_map(|graded| &graded.values.codes)
        .copied()
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let mut figures = Vec::with_capacity(codes.len());
    for (place, code) in codes.iter().enumerate() {
        let grades: Vec<Option<f64>> = graded.iter().map(|graded| graded.as_ref()?.grade(code)).collect();
        let nodes = composite
            .evaluate(&grades)
            .map_err(|unfit| UnfitScore { unit: place, ..unfit })?;
        let score = nodes.first().and_then(|root| root.score);
        figures.push(score.map_or(AreaFigure::Missing, AreaFigure::Value));
    }
    if figures.iter().all(|figure| figure.value().is_none()) {
        return Ok(None);
    }
    let mut sources: Vec<&str> = graded
        .iter()
        .flatten()
        .flat_map(|graded| &graded.values.sources)
        .copied()
        .collect();
    sources.sort_unstable();
    sources.dedup();
    Ok(Some(NeighbourhoodValues {
        measured: Measured::Composite,
        period: first.period,
        borders: first.borders,
        sources,
        polarity: Polarity::HigherIsFavourable,
        codes,
        figures,
        published: None,
    }))
}

/// A leaf with its scale over all neighbourhoods.
struct Graded<'v, 'a> {
    values: &'v NeighbourhoodValues<'a>,
    scale: RobustScale,
}

impl<'v, 'a> Graded<'v, 'a> {
    /// `None` with fewer neighbourhoods than a grade needs.
    fn of(values: &'v NeighbourhoodValues<'a>) -> Option<Self> {
        let oriented: Vec<f64> = values.oriented().into_iter().flatten().collect();
        let scale = RobustScale::fit(&oriented).ok()?;
        debug_assert!(oriented.len() >= MINIMUM_UNITS, "a scale needs as many");
        Some(Self { values, scale })
    }

    fn grade(&self, code: &str) -> Option<f64> {
        let place = self.values.codes.binary_search(&code).ok()?;
        let value = self.values.figures[place].value()?;
        Some(self.scale.grade(self.values.polarity.orient(value)))
    }
}

impl<'a> NeighbourhoodValues<'a> {
    /// Polarity times value, beside the codes.
    #[must_use]
    pub fn oriented(&self) -> Vec<Option<f64>> {
        let oriented = |figure: &AreaFigure| figure.value().map(|value| self.polarity.orient(value));
        self.figures.iter().map(oriented).collect()
    }

    /// What a table itself says of a district, by the part of its code that [`district_of`] gives.
    #[must_use]
    pub fn published(&self, district: &str) -> Option<f64> {
        self.published.as_ref()?.of(&format!("WK{district}"))?.value()
    }

    /// What is masked, with these weights. Districts are those of [`district_of`].
    ///
    /// # Errors
    /// [`NoMasking`].
    pub fn masking(&self, weights: &AreaWeights<'_>, rules: &MaskingRules) -> Result<Masking<'a>, NoMasking> {
        let neighbourhoods: Vec<Neighbourhood<'a>> = self
            .codes
            .iter()
            .zip(self.oriented())
            .zip(&weights.weights)
            .map(|((&code, oriented), &weight)| Neighbourhood {
                code,
                district: district_of(code),
                oriented,
                weight,
            })
            .collect();
        detect_masking(&neighbourhoods, rules)
    }
}
