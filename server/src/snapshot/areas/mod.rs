//! Districts and neighbourhoods: the figures that tables give of them, beside the rankings of municipalities.
//!
//! They are found by indicator and period. Nothing here is ranked among municipalities, counted with them or found by name.

mod listed;
mod masking;
mod towns;
mod weights;

use crate::domain::{AreaFigure, ImportedUnit, ObservationOrigin};

pub use listed::{AreaTables, ListedArea};
pub use masking::{Measured, NeighbourhoodValues, ScoredAreas, district_of, municipality_of};
pub use towns::MaskedDistricts;
pub(super) use towns::MaskedTowns;
pub use weights::{AreaWeights, Weighting};

use super::Snapshot;

/// Where the codes of districts begin in a list of codes in order: those of neighbourhoods come before them.
const FIRST_DISTRICT: &str = "WK";

/// The districts and neighbourhoods of one table and period.
#[derive(Debug)]
pub(super) struct AreaList {
    pub(super) source: String,
    pub(super) period: String,
    /// The year of the borders, where that is another than the period's own.
    pub(super) borders: Option<String>,
    /// In order.
    pub(super) codes: Vec<String>,
    /// Beside the codes; none when the table has no names.
    pub(super) names: Vec<String>,
}

/// The figures of one indicator for the areas of one list.
#[derive(Debug)]
pub(super) struct ListColumn {
    /// The place of the list.
    pub(super) list: usize,
    pub(super) origin: ObservationOrigin,
    pub(super) figures: Vec<AreaFigure>,
}

/// All that tables say below municipalities.
#[derive(Debug, Default)]
pub(super) struct Areas {
    /// Latest period first.
    pub(super) lists: Vec<AreaList>,
    /// By the place of the indicator; latest period first, and within a period the column that wins first.
    pub(super) columns: Vec<Vec<ListColumn>>,
}

impl Areas {
    /// Adds the figures of every import unit to its counts.
    pub(super) fn count_into(&self, units: &mut [ImportedUnit]) {
        for column in self.columns.iter().flatten() {
            let list = &self.lists[column.list];
            let of_list = |unit: &&mut ImportedUnit| unit.recipe == list.source && unit.period == list.period;
            if let Some(unit) = units.iter_mut().find(of_list) {
                let with = column
                    .figures
                    .iter()
                    .filter(|figure| figure.value().is_some())
                    .count() as u64;
                unit.values += with;
                unit.without_value += column.figures.len() as u64 - with;
            }
        }
    }
}

/// The figures of an indicator in a period, of every district and neighbourhood that tables list with it.
#[derive(Debug, Clone)]
pub struct AreaFigures<'a> {
    /// The period.
    pub period: &'a str,
    /// The year of the borders they are on, where that is another than the period's own.
    pub borders: Option<&'a str>,
    /// The sources, the one that wins first.
    pub sources: Vec<&'a str>,
    /// Whether a formula made them, so that their last bits say nothing.
    pub derived: bool,
    /// By code, in order: neighbourhoods, then districts.
    figures: Vec<(&'a str, AreaFigure)>,
}

impl<'a> AreaFigures<'a> {
    /// The neighbourhoods with their figures, by code.
    #[must_use]
    pub fn neighbourhoods(&self) -> &[(&'a str, AreaFigure)] {
        let districts = self.figures.partition_point(|(code, _)| *code < FIRST_DISTRICT);
        &self.figures[..districts]
    }

    /// The figure that a table itself gives of an area.
    #[must_use]
    pub fn of(&self, code: &str) -> Option<AreaFigure> {
        let place = self
            .figures
            .binary_search_by(|(known, _)| (*known).cmp(code))
            .ok()?;
        Some(self.figures[place].1)
    }
}

impl Snapshot {
    /// The periods of which an indicator has figures of districts or neighbourhoods, latest first.
    #[must_use]
    pub fn area_periods(&self, indicator: usize) -> Vec<&str> {
        let columns = self.areas.columns[indicator].iter();
        let mut periods: Vec<&str> = columns
            .map(|column| self.areas.lists[column.list].period.as_str())
            .collect();
        periods.dedup();
        periods
    }

    /// The figures of an indicator in a period, of districts and neighbourhoods; `None` where it has none.
    #[must_use]
    pub fn area_figures(&self, indicator: usize, period: &str) -> Option<AreaFigures<'_>> {
        let tables = self.area_tables(indicator, period)?;
        let figures = tables.figures().into_iter();
        Some(AreaFigures {
            period: tables.period,
            borders: tables.borders,
            sources: tables.sources.iter().map(|(source, _)| *source).collect(),
            derived: tables.sources.iter().any(|(_, origin)| origin.is_derived()),
            figures: figures.map(|(code, figure, _)| (code, figure)).collect(),
        })
    }

    /// What the latest table that names it calls an area.
    #[must_use]
    pub fn area_name(&self, code: &str) -> Option<&str> {
        self.areas
            .lists
            .iter()
            .filter(|list| !list.names.is_empty())
            .find_map(|list| {
                let place = list
                    .codes
                    .binary_search_by(|known| known.as_str().cmp(code))
                    .ok()?;
                list.names.get(place).map(String::as_str)
            })
    }

    /// Whether any table lists a district or neighbourhood of this municipality.
    #[must_use]
    pub fn has_areas_of(&self, municipality: &str) -> bool {
        let prefix = municipality.replacen("GM", "BU", 1);
        self.areas.lists.iter().any(|list| {
            let place = list.codes.partition_point(|code| code.as_str() < prefix.as_str());
            list.codes
                .get(place)
                .is_some_and(|code| code.starts_with(&prefix))
        })
    }
}
