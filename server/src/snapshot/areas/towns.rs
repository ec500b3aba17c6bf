//! How many districts of every municipality hide neighbourhoods, indicator by indicator: what the masking trigger looks at. It is
//! found once, when it is first asked for.

use std::{collections::BTreeMap, sync::OnceLock};

use super::{Snapshot, Weighting, district_of, municipality_of};
use crate::domain::{Basis, INHABITANTS};

/// What the neighbourhoods of a municipality hide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MaskedTown {
    /// Its masked districts.
    pub masked: u32,
    /// Its neighbourhoods that take part.
    pub taking_part: u32,
    /// Its neighbourhoods.
    pub neighbourhoods: u32,
}

/// By the part of its code that [`municipality_of`] gives: every municipality with a neighbourhood that takes part.
pub type MaskedDistricts = BTreeMap<String, MaskedTown>;

/// What was found so far, by the place of the indicator.
#[derive(Debug, Default)]
pub(in crate::snapshot) struct MaskedTowns(Vec<OnceLock<Option<MaskedDistricts>>>);

impl MaskedTowns {
    /// Nothing found yet.
    pub(in crate::snapshot) fn of(indicators: usize) -> Self {
        Self(std::iter::repeat_with(OnceLock::new).take(indicators).collect())
    }
}

impl Snapshot {
    /// The masked districts by an indicator's own neighbourhoods in its latest period, by the edition's rules, weighed by
    /// inhabitants. `None` where that period has no such figures, no neighbourhood has a weight, or no side is favourable.
    #[must_use]
    pub fn masked_districts(&self, indicator: usize) -> Option<&MaskedDistricts> {
        self.masked_towns.0[indicator]
            .get_or_init(|| self.find_masked_districts(indicator))
            .as_ref()
    }

    fn find_masked_districts(&self, indicator: usize) -> Option<MaskedDistricts> {
        if self.indicators[indicator].never_counts().is_some() {
            return None;
        }
        let latest = *self.area_periods(indicator).first()?;
        let of_towns = self.ranking(indicator, Some(Basis::Computed), None);
        if of_towns.is_some_and(|table| table.period.as_str() > latest) {
            return None;
        }
        let values = self.neighbourhood_values(indicator, latest)?;
        let (inhabitants, _) = self.indicator(INHABITANTS)?;
        let weights = self.area_weights(Weighting::By(inhabitants), &values.codes, latest)?;
        let found = values.masking(&weights, &self.knowledge.masking_rules).ok()?;
        let mut towns = MaskedDistricts::new();
        for district in &found.districts {
            let town = towns
                .entry(municipality_of(district.code).to_owned())
                .or_default();
            town.masked += u32::from(district.masked);
            town.taking_part += district.neighbourhoods;
        }
        for code in &values.codes {
            if let Some(town) = towns.get_mut(municipality_of(district_of(code))) {
                town.neighbourhoods += 1;
            }
        }
        Some(towns)
    }
}
