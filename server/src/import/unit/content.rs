//! What an import unit holds.

use std::collections::BTreeMap;

use crate::domain::{
    AreaTable, BoundaryChange, FlowTable, ObservationOrigin, ObservationStatus, RegionCode, RegionRecord,
};

use super::super::{Holds, PeriodFrom, Recipe};

/// What the tables of one import hold: one kind of thing, by the recipe.
#[derive(Debug, Clone, PartialEq)]
pub enum UnitContent {
    /// Figures of indicators.
    Figures(UnitFigures),
    /// Municipalities, by code.
    Regions(Vec<RegionRecord>),
    /// What moved between municipalities, by day, where from and where to.
    BoundaryChanges(Vec<BoundaryChange>),
    /// People from one municipality to another.
    Flows(FlowTable),
    /// The members of a group, by code.
    Group(Vec<UnitMember>),
}

impl UnitContent {
    /// What a recipe's table may hold, before any of it is read.
    pub(in crate::import) fn nothing(holds: &Holds, period: &str) -> Self {
        match holds {
            Holds::Figures(_) => Self::Figures(UnitFigures {
                periods: vec![period.to_owned()],
                ..UnitFigures::default()
            }),
            Holds::Regions(_) => Self::Regions(Vec::new()),
            Holds::BoundaryChanges(_) => Self::BoundaryChanges(Vec::new()),
            Holds::Flows(columns) => Self::Flows(columns.nothing()),
            Holds::Group(_) => Self::Group(Vec::new()),
        }
    }

    /// The figures, of a table that holds them.
    #[must_use]
    pub fn figures(&self) -> Option<&UnitFigures> {
        match self {
            Self::Figures(figures) => Some(figures),
            Self::Regions(_) | Self::BoundaryChanges(_) | Self::Flows(_) | Self::Group(_) => None,
        }
    }

    /// The flows, of a table that holds them.
    #[must_use]
    pub fn flows(&self) -> Option<&FlowTable> {
        match self {
            Self::Flows(flows) => Some(flows),
            Self::Figures(_) | Self::Regions(_) | Self::BoundaryChanges(_) | Self::Group(_) => None,
        }
    }

    /// The municipalities that tables of figures or flows list, each with its name if they have names.
    pub(in crate::import) fn listed(&self) -> Vec<(&RegionCode, Option<&str>)> {
        match self {
            Self::Figures(figures) => {
                let regions = figures.regions.iter();
                regions
                    .map(|region| (&region.code, region.name.as_deref()))
                    .collect()
            }
            Self::Flows(flows) => {
                let regions = flows.municipalities.iter();
                regions
                    .map(|region| (&region.code, region.name.as_deref()))
                    .collect()
            }
            Self::Regions(_) | Self::BoundaryChanges(_) | Self::Group(_) => Vec::new(),
        }
    }

    /// The periods that it is of: those of figures, else the one that the recipe names.
    pub(super) fn periods(&self, recipe: &Recipe) -> Vec<String> {
        match (self, &recipe.period) {
            (Self::Figures(figures), _) => figures.periods.clone(),
            (_, PeriodFrom::Fixed(period)) => vec![period.clone()],
            (_, PeriodFrom::Column(_)) => Vec::new(), // refused when the recipe is read
        }
    }
}

/// Figures of indicators.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UnitFigures {
    /// The periods of the figures, in order.
    pub periods: Vec<String>,
    /// The municipalities that the tables list, by code.
    pub regions: Vec<UnitRegion>,
    /// A row for every indicator, listed municipality and period, in that order.
    pub rows: Vec<UnitRow>,
    /// Districts and neighbourhoods by period, where the recipe takes them.
    pub areas: BTreeMap<String, AreaTable>,
}

/// A municipality as a table lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRegion {
    /// CBS code.
    pub code: RegionCode,
    /// Its name in the latest of the periods, if the tables have names.
    pub name: Option<String>,
}

/// A municipality of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitMember {
    /// CBS code.
    pub code: RegionCode,
    /// First day of membership, ISO 8601; nothing for always.
    pub valid_from: Option<String>,
    /// Last day of membership; nothing for open.
    pub valid_to: Option<String>,
}

/// One figure, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitRow {
    /// Indicator id.
    pub indicator: String,
    /// CBS code.
    pub region: RegionCode,
    /// Period, ISO 8601.
    pub period: String,
    /// Finite, never negative zero.
    pub value: Option<f64>,
    /// Its state.
    pub status: ObservationStatus,
    /// Loaded from a column, or derived by a formula.
    pub origin: ObservationOrigin,
}
