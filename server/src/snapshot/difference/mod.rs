//! What differs between two editions: definitions, municipalities, imports, figures, scales, and where everybody stands.
//!
//! Only what both editions hold in memory is compared, by ids and codes: places in the one say nothing of the other. Figures of
//! an indicator and period that only one of the editions has are one change, however many they are.

mod catalogue;
mod figures;
mod positions;
mod ranges;

pub use positions::{MoveCause, PositionMove};
pub use ranges::{ChangedVerdict, OneVerdict, RangeBasis, Verdicts};

use super::{RankingTable, Snapshot};
use crate::{
    domain::{ImportedUnit, ObservationStatus},
    method::RobustScale,
};

/// How one edition differs from another in one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeType {
    /// The base does not have it.
    Added,
    /// Only the base has it.
    Removed,
    /// Both have it, and it differs.
    Changed,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// In the definition of an indicator.
    Indicator(DefinitionChange),
    /// Of a municipality.
    Region(DefinitionChange),
    /// In what was imported: the unit of the base, and that of now.
    ImportUnit(Box<(Option<ImportedUnit>, Option<ImportedUnit>)>),
    /// All figures of an indicator and period.
    Figures(FiguresChange),
    /// Of a scale.
    GradeScale(Box<ScaleChange>),
    /// Of a position.
    Position(Box<PositionMove>),
    /// Of a single figure.
    Value(ValueChange),
}

/// A change of what an id or a code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionChange {
    /// The id or code.
    pub id: String,
    /// How it changed.
    pub change: ChangeType,
    /// Names of the fields that differ.
    pub fields: Vec<&'static str>,
}

/// All figures of an indicator and period, of which one of the editions has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiguresChange {
    /// Id of the indicator.
    pub indicator: String,
    /// The period.
    pub period: String,
    /// Whether they were added or removed.
    pub change: ChangeType,
    /// They are of districts and neighbourhoods.
    pub areas: bool,
    /// Figures with a value.
    pub values: u32,
    /// Figures without one.
    pub without_value: u32,
}

/// A scale of grades that moved.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaleChange {
    /// Id of the indicator.
    pub indicator: String,
    /// The period.
    pub period: String,
    /// Number of values and scale before.
    pub base: (u32, RobustScale),
    /// Number of values and scale now.
    pub now: (u32, RobustScale),
}

/// A single figure that differs. Its names are in the texts of the [`Difference`]: there may be very many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueChange {
    indicator: u32,
    period: u32,
    code: u32,
    /// The figure before; `None` when there was none.
    pub base: Option<StatedFigure>,
    /// The figure now; `None` when there is none.
    pub now: Option<StatedFigure>,
}

/// A value, or why there is none.
#[derive(Debug, Clone, Copy)]
pub struct StatedFigure {
    /// The value.
    pub value: Option<f64>,
    /// Its state.
    pub status: ObservationStatus,
}

impl PartialEq for StatedFigure {
    fn eq(&self, other: &Self) -> bool {
        // Bit for bit, as editions are told apart.
        self.value.map(f64::to_bits) == other.value.map(f64::to_bits) && self.status == other.status
    }
}

/// How much changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DifferenceCounts {
    /// Indicators added, removed and changed.
    pub indicators: Counted,
    /// Municipalities added, removed and changed.
    pub regions: Counted,
    /// Import units added, removed and replaced.
    pub import_units: Counted,
    /// Indicators and periods whose figures were added or removed.
    pub figures: Counted,
    /// Single figures that differ.
    pub values: u64,
    /// Scales that moved.
    pub grade_scales: u32,
    /// Positions that both editions have.
    pub positions_compared: u32,
    /// Those that differ.
    pub positions_moved: u32,
    /// Those whose verdict differs.
    pub verdicts_changed: u32,
    /// Positions that only the base has.
    pub positions_lost: u32,
    /// Positions that only the later edition has.
    pub positions_gained: u32,
}

/// How many of a kind changed how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Only the later edition has them.
    pub added: u32,
    /// Only the base has them.
    pub removed: u32,
    /// Both have them, and they differ.
    pub changed: u32,
}

impl Counted {
    fn add(&mut self, change: ChangeType) {
        match change {
            ChangeType::Added => self.added += 1,
            ChangeType::Removed => self.removed += 1,
            ChangeType::Changed => self.changed += 1,
        }
    }
}

/// What differs between two editions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// How much.
    pub counts: DifferenceCounts,
    /// Every change: by kind in the order of [`Change`], then by indicator in the order of the catalogue, period, and code.
    pub changes: Vec<Change>,
    /// Whether groups or their members differ.
    pub groups_changed: bool,
    /// Whether mechanisms, findings, recommendations or their rules differ.
    pub knowledge_changed: bool,
    texts: Texts,
}

/// Names that many changes share.
#[derive(Debug, Clone, Default, PartialEq)]
struct Texts(Vec<String>);

impl Texts {
    /// The number of a text, the one kept last if that is the same.
    fn keep(&mut self, text: &str) -> u32 {
        if self.0.last().is_none_or(|last| last != text) {
            self.0.push(text.to_owned());
        }
        u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX)
    }
}

impl Difference {
    /// What differs between a base and the edition that is looked at.
    #[must_use]
    pub fn between(base: &Snapshot, now: &Snapshot) -> Self {
        let mut difference = Self {
            groups_changed: base.groups != now.groups,
            knowledge_changed: base.knowledge != now.knowledge,
            ..Self::default()
        };
        difference.indicators(base, now);
        difference.regions(base, now);
        difference.import_units(base, now);
        difference.figures(base, now);
        difference.grade_scales(base, now);
        difference.positions(base, now);
        difference.values(base, now);
        difference
    }

    /// The indicator, code and period of a single figure.
    #[must_use]
    pub fn names_of(&self, change: &ValueChange) -> (&str, &str, &str) {
        let text = |number: u32| self.texts.0.get(number as usize).map_or("", String::as_str);
        (text(change.indicator), text(change.code), text(change.period))
    }
}

/// Indicators that both editions have, by their places in the base and now, in the order of the later catalogue.
fn indicators_in_both<'a>(
    base: &'a Snapshot,
    now: &'a Snapshot,
) -> impl Iterator<Item = (usize, usize)> + use<'a> {
    let indicators = now.indicators.iter().enumerate();
    indicators.filter_map(|(place, indicator)| Some((base.indicator(&indicator.id)?.0, place)))
}

/// The rankings that answer when nothing is chosen, of the base and of now, with the places of their indicator: those of
/// indicators that both editions rank.
fn rankings_in_both<'a>(
    base: &'a Snapshot,
    now: &'a Snapshot,
) -> impl Iterator<Item = ((usize, usize), (&'a RankingTable, &'a RankingTable))> + use<'a> {
    indicators_in_both(base, now).filter_map(|(old, new)| {
        let tables = (base.ranking(old, None, None)?, now.ranking(new, None, None)?);
        Some(((old, new), tables))
    })
}
