//! Districts and neighbourhoods: what tables list below municipalities, and their figures as columns.

use super::{ObservationOrigin, ObservationStatus, RegionCode};

/// A district or neighbourhood as a table lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// CBS code.
    pub code: RegionCode,
    /// Its name, if the table has names.
    pub name: Option<String>,
}

/// A figure of a district or neighbourhood, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AreaFigure {
    /// Finite, never negative zero.
    Value(f64),
    /// The same of a value that the source may still change.
    Provisional(f64),
    /// The source has no figure.
    Missing,
    /// The source withholds it.
    Suppressed,
    /// It cannot exist.
    NotApplicable,
}

impl AreaFigure {
    /// The value, if there is one.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Value(value) | Self::Provisional(value) => Some(value),
            Self::Missing | Self::Suppressed | Self::NotApplicable => None,
        }
    }

    /// The state of it.
    #[must_use]
    pub fn status(self) -> ObservationStatus {
        match self {
            Self::Value(_) => ObservationStatus::Final,
            Self::Provisional(_) => ObservationStatus::Provisional,
            Self::Missing => ObservationStatus::Missing,
            Self::Suppressed => ObservationStatus::Suppressed,
            Self::NotApplicable => ObservationStatus::NotApplicable,
        }
    }

    /// The figure of a value, or of the state that says why there is none.
    #[must_use]
    pub fn of(value: Option<f64>, status: ObservationStatus) -> Self {
        match (value, status) {
            (Some(value), ObservationStatus::Provisional) => Self::Provisional(value),
            (Some(value), _) => Self::Value(value),
            (None, ObservationStatus::Suppressed) => Self::Suppressed,
            (None, ObservationStatus::NotApplicable) => Self::NotApplicable,
            (None, _) => Self::Missing,
        }
    }
}

/// The figures of one indicator for all areas of a list, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaColumn {
    /// Indicator id.
    pub indicator: String,
    /// Loaded from a column of the table, or derived by a formula.
    pub origin: ObservationOrigin,
    /// One per area.
    pub figures: Vec<AreaFigure>,
}

/// The districts and neighbourhoods of one table and period.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AreaTable {
    /// By code.
    pub areas: Vec<Area>,
    /// By indicator id; each has a figure for every area.
    pub columns: Vec<AreaColumn>,
}

impl AreaTable {
    /// Figures with a value, and without one.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        let figures = self.columns.iter().flat_map(|column| &column.figures);
        figures.fold((0, 0), |(with, without), figure| match figure {
            figure if figure.value().is_some() => (with + 1, without),
            _ => (with, without + 1),
        })
    }
}
