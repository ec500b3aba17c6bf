//! What was found -> the messages about it, piece by piece.

use std::collections::BTreeMap;

use groeikern::v1;

use super::masking::Asked;
use crate::{
    domain::{AreaFigure, DECIMALS_OF_COMPOSITES, unit_of_composites},
    method::{self, Masking, NeighbourhoodState, count},
    rpc::{Edition, render},
    snapshot::{AreaWeights, NeighbourhoodValues, Weighting, district_of, municipality_of},
};

/// What was asked, and all that was found.
pub(super) struct Found<'f> {
    pub(super) edition: &'f Edition,
    pub(super) asked: &'f Asked,
    pub(super) values: &'f NeighbourhoodValues<'f>,
    /// Of a composite, the leaves with figures.
    pub(super) leaves: &'f [usize],
    pub(super) weights: &'f AreaWeights<'f>,
    pub(super) masking: &'f Masking<'f>,
}

impl Found<'_> {
    /// An oriented value in the unit of the figures.
    fn value(&self, oriented: f64) -> f64 {
        self.values.polarity.orient(oriented) + 0.0 // negative zero is zero
    }

    pub(super) fn summary(&self) -> v1::MaskingSummary {
        let edition = self.edition;
        let reference = |place: usize| render::indicator_ref(&edition.indicators[place]);
        let indicator = self.asked.indicator.map(|place| &edition.indicators[place]);
        let own = indicator.filter(|indicator| indicator.children.is_empty());
        let unit = match own {
            Some(indicator) => indicator.unit.clone(),
            None => Some(unit_of_composites()),
        };
        let country = self.figures(None);
        v1::MaskingSummary {
            indicator: self.asked.indicator.and_then(reference),
            leaves: self.leaves.iter().filter_map(|&leaf| reference(leaf)).collect(),
            period: self.values.period.to_owned(),
            borders: self.values.borders.unwrap_or_default().to_owned(),
            polarity: match own {
                Some(indicator) => render::polarity(indicator),
                None => v1::Polarity::HigherIsFavourable,
            }
            .into(),
            unit: unit.as_ref().and_then(render::text),
            decimals: own.map_or(DECIMALS_OF_COMPOSITES, |indicator| indicator.decimals),
            weights: Some(self.weighed_by(&country)),
            worst_share: self.asked.rules.worst_share,
            masked_below: self.asked.rules.masked_below,
            minimum_weight: self.asked.rules.minimum_weight,
            threshold: self.value(self.masking.threshold),
            national_mean: self.value(self.masking.mean),
            country: Some(country),
            municipality: self
                .asked
                .region
                .as_ref()
                .map(|region| self.figures(Some(municipality_of(&region.as_str()[2..])))),
        }
    }

    /// What neighbourhoods with a value are weighed by.
    fn weighed_by(&self, country: &v1::MaskingFigures) -> v1::MaskingWeights {
        let indicator = match self.asked.weighting {
            None | Some(Weighting::Equal) => None,
            Some(Weighting::By(place)) => render::indicator_ref(&self.edition.indicators[place]),
        };
        let mut periods: BTreeMap<&str, u32> = BTreeMap::new();
        let mut weighing_nothing = 0;
        for ((figure, weight), period) in self
            .values
            .figures
            .iter()
            .zip(&self.weights.weights)
            .zip(&self.weights.periods)
        {
            if figure.value().is_none() {
                continue;
            }
            if let Some(period) = period {
                *periods.entry(period).or_default() += 1;
            }
            weighing_nothing += u32::from(*weight == Some(0.0));
        }
        let periods = periods
            .into_iter()
            .map(|(period, neighbourhoods)| v1::WeightPeriod {
                period: period.to_owned(),
                neighbourhoods,
            });
        v1::MaskingWeights {
            indicator,
            periods: periods.collect(),
            without_weight: country.without_weight - weighing_nothing,
            weighing_nothing,
        }
    }

    /// The numbers of the country, or of the municipality with this part of its code.
    fn figures(&self, town: Option<&str>) -> v1::MaskingFigures {
        let of_town = |code: &str| town.is_none_or(|town| code.starts_with(town));
        let all = self
            .values
            .codes
            .iter()
            .zip(&self.values.figures)
            .zip(&self.masking.states);
        let own: Vec<(AreaFigure, NeighbourhoodState)> = all
            .filter(|((code, _), _)| of_town(&code[2..]))
            .map(|((_, figure), state)| (*figure, *state))
            .collect();
        let number = |fits: &dyn Fn(AreaFigure, NeighbourhoodState) -> bool| {
            count(own.iter().filter(|(figure, state)| fits(*figure, *state)).count())
        };
        let found = self.masking.summary(of_town);
        v1::MaskingFigures {
            region: town.map(|town| self.municipality(town)),
            neighbourhoods: count(own.len()),
            with_value: number(&|figure, _| figure.value().is_some()),
            suppressed: number(&|figure, _| figure == AreaFigure::Suppressed),
            missing: number(&|figure, _| matches!(figure, AreaFigure::Missing | AreaFigure::NotApplicable)),
            without_weight: number(&|_, state| state == NeighbourhoodState::WithoutWeight),
            taking_part: found.neighbourhoods,
            districts: found.districts,
            weight: found.weight,
            mean: found.mean.map(|mean| self.value(mean)),
            problem_neighbourhoods: found.problems,
            problem_weight: found.problem_weight,
            too_small_neighbourhoods: found.too_small,
            too_small_weight: found.too_small_weight,
            masked_districts: found.masked,
            strictly_masked_districts: found.strictly_masked,
            miss_rate: found.miss_rate,
            false_alarm_rate: found.false_alarm,
            variance: found.variance.map(|variance| v1::VarianceSplit {
                total: variance.total,
                between: variance.between,
                within: variance.within,
            }),
            between_share: found.between_share,
            intraclass_correlation: found.intraclass_correlation,
        }
    }

    /// A municipality by this part of its code.
    fn municipality(&self, town: &str) -> v1::RegionRef {
        let code = format!("GM{town}");
        let region = self.edition.region(&code);
        region
            .and_then(|(_, region)| render::region_ref(region))
            .unwrap_or(v1::RegionRef {
                code,
                name: String::new(),
            })
    }

    fn area(&self, code: String) -> v1::RegionRef {
        v1::RegionRef {
            name: self.edition.area_name(&code).unwrap_or_default().to_owned(),
            code,
        }
    }

    /// The districts that are wanted, each by the places of its neighbourhoods.
    pub(super) fn wanted(&self) -> impl Iterator<Item = v1::DistrictMasking> {
        let town = self
            .asked
            .region
            .as_ref()
            .map(|region| municipality_of(&region.as_str()[2..]));
        let codes = &self.values.codes;
        let mut next = 0;
        let districts = std::iter::from_fn(move || {
            let start = next;
            let district = district_of(codes.get(start)?);
            next = start
                + codes[start..]
                    .iter()
                    .take_while(|code| district_of(code) == district)
                    .count();
            Some((district, start..next))
        });
        let of_town = move |(district, _): &(&str, _)| town.is_none_or(|town| district.starts_with(town));
        districts.filter(of_town).filter_map(|(district, places)| {
            let found = &self.masking.districts;
            let found = found.binary_search_by_key(&district, |known| known.code).ok();
            let found = found.map(|place| &self.masking.districts[place]);
            let hides = found.is_some_and(|found| found.masked || found.strictly_masked);
            (hides || !self.asked.masked_only).then(|| self.district(district, found, places))
        })
    }

    fn district(
        &self,
        district: &str,
        found: Option<&method::District<'_>>,
        places: std::ops::Range<usize>,
    ) -> v1::DistrictMasking {
        v1::DistrictMasking {
            district: Some(self.area(format!("WK{district}"))),
            municipality: Some(self.municipality(municipality_of(district))),
            mean: found.map(|found| self.value(found.mean)),
            published_value: self.values.published(district),
            taking_part: found.map_or(0, |found| found.neighbourhoods),
            weight: found.map_or(0.0, |found| found.weight),
            problem_neighbourhoods: found.map_or(0, |found| found.problems),
            problem_weight: found.map_or(0.0, |found| found.problem_weight),
            problem_share: found.map_or(0.0, method::District::problem_share),
            masked: found.is_some_and(|found| found.masked),
            strictly_masked: found.is_some_and(|found| found.strictly_masked),
            neighbourhoods: places.map(|place| self.neighbourhood(place)).collect(),
        }
    }

    fn neighbourhood(&self, place: usize) -> v1::NeighbourhoodFigure {
        let figure = self.values.figures[place];
        let state = match self.masking.states[place] {
            NeighbourhoodState::Problem => v1::NeighbourhoodState::Problem,
            NeighbourhoodState::TooSmall => v1::NeighbourhoodState::TooSmall,
            NeighbourhoodState::Above => v1::NeighbourhoodState::Better,
            NeighbourhoodState::WithoutValue => v1::NeighbourhoodState::WithoutValue,
            NeighbourhoodState::WithoutWeight => v1::NeighbourhoodState::WithoutWeight,
        };
        v1::NeighbourhoodFigure {
            neighbourhood: Some(self.area(self.values.codes[place].to_owned())),
            value: figure.value(),
            observation_status: render::observation_status(Some(figure.status())).into(),
            weight: self.weights.weights[place],
            state: state.into(),
        }
    }
}
