//! What was gathered of a table -> its rows, each with the reason when it has no value.

use std::collections::BTreeMap;

use crate::domain::{Aggregation, Level, ObservationOrigin, ObservationStatus};

use super::{
    super::{
        Absence, Cell, Figure, ImportReport, Outcome, Outlier, Reason, Recipe, RecipeIndicator,
        gather::{Found, Gathered},
        problems::Problems,
        report::far_from_the_others,
    },
    UnitRow,
};

pub(super) type RowWithReason = (UnitRow, Option<Reason>);

/// A row for every indicator, region and period, sorted so, each with the reason why it has no value.
pub(super) fn rows(recipe: &Recipe, gathered: &Gathered<'_>, problems: &mut Problems) -> Vec<RowWithReason> {
    let mut first_slot = 0;
    let mut by_id: Vec<(&RecipeIndicator, usize)> = Vec::new();
    for indicator in &recipe.indicators {
        if indicator.figure.children().is_none() {
            by_id.push((indicator, first_slot));
        }
        first_slot += indicator.figure.measures().len();
    }
    by_id.sort_by(|(one, _), (other, _)| one.id.cmp(&other.id));
    let mut rows = Vec::with_capacity(by_id.len() * gathered.cells.len());
    for (indicator, first) in by_id {
        for ((region, period), slots) in &gathered.cells {
            let found = slots
                .get(first..first + indicator.figure.measures().len())
                .unwrap_or_default();
            let (cell, reason) = match outcome(indicator, found) {
                Ok(outcome) => outcome,
                Err(message) => {
                    let place = found.iter().flatten().next().map(|found| found.place);
                    let what = match indicator.figure {
                        Figure::Formula { .. } => "formula of ",
                        Figure::Measure(_) | Figure::Children { .. } => "",
                    };
                    let message = format!("{what}`{}` for {region} in {period}: {message}", indicator.id);
                    problems.at(
                        place.map_or(&recipe.file, |place| gathered.file(place)),
                        place.map_or(0, |place| place.line),
                        message,
                    );
                    continue;
                }
            };
            let is_provisional = found.iter().flatten().any(|found| found.is_provisional);
            let (value, status) = match cell {
                Cell::Value(value) if is_provisional => (Some(value), ObservationStatus::Provisional),
                Cell::Value(value) => (Some(value), ObservationStatus::Final),
                Cell::Absent(absence) => (None, absence.status()),
            };
            let origin = match indicator.figure {
                Figure::Measure(_) => ObservationOrigin::Loaded,
                Figure::Formula { .. } | Figure::Children { .. } => ObservationOrigin::Derived,
            };
            let row = UnitRow {
                indicator: indicator.id.clone(),
                region: region.clone(),
                period: period.clone(),
                value,
                status,
                origin,
            };
            rows.push((row, reason));
        }
    }
    rows
}

/// What an indicator is by what was found for its measures, with the reason when it is no value.
fn outcome(indicator: &RecipeIndicator, found: &[Option<Found>]) -> Result<(Cell, Option<Reason>), String> {
    let no_row = found.iter().any(Option::is_none);
    let cells: Vec<Cell> = found
        .iter()
        .map(|found| found.map_or(Cell::Absent(Absence::Missing), |found| found.cell))
        .collect();
    let absent = |absence, reason| Ok((Cell::Absent(absence), Some(reason)));
    match &indicator.figure {
        Figure::Measure(_) => match cells.first().copied() {
            Some(Cell::Absent(Absence::Missing)) if no_row => absent(Absence::Missing, Reason::NoRow),
            Some(Cell::Absent(Absence::Missing)) | None => absent(Absence::Missing, Reason::Missing),
            Some(Cell::Absent(Absence::Suppressed)) => absent(Absence::Suppressed, Reason::Suppressed),
            Some(Cell::Absent(Absence::NotApplicable)) => {
                absent(Absence::NotApplicable, Reason::NotApplicable)
            }
            Some(Cell::Value(value)) if value.fract() != 0.0 && counts_things(indicator) => Err(format!(
                "{value} is no number of things: is `decimal` in the recipe right, or a sign of thousands in the table?"
            )),
            Some(value) => Ok((value, None)),
        },
        // Has no rows here, see `rows`.
        Figure::Children { .. } => absent(Absence::Missing, Reason::NoRow),
        Figure::Formula { formula, .. } => match formula.evaluate(&cells) {
            Outcome::Value(value) => Ok((Cell::Value(value), None)),
            Outcome::DivisionByZero => absent(Absence::Missing, Reason::DivisionByZero),
            Outcome::Absent(Absence::Missing) => absent(Absence::Missing, Reason::OperandMissing),
            Outcome::Absent(Absence::Suppressed) => absent(Absence::Suppressed, Reason::OperandSuppressed),
            Outcome::Absent(Absence::NotApplicable) => {
                absent(Absence::NotApplicable, Reason::OperandNotApplicable)
            }
            Outcome::TooLarge => {
                let operands: Vec<String> = formula
                    .names()
                    .iter()
                    .zip(&cells)
                    .map(|(name, cell)| format!("{name} = {cell}"))
                    .collect();
                Err(format!(
                    "the result is beyond what a number can hold ({}): correct the figures or the formula",
                    operands.join(", ")
                ))
            }
        },
    }
}

/// Whether its values are numbers of things, which have no fractions.
fn counts_things(indicator: &RecipeIndicator) -> bool {
    indicator.decimals == 0 && indicator.aggregation == Some(Aggregation::Sum)
}

/// What values are compared within: level, indicator and period.
type Compared<'a> = (Level, &'a str, &'a str);

/// Adds what only the finished rows can tell.
pub(super) fn complete(
    report: &mut ImportReport,
    recipe: &Recipe,
    rows: &[RowWithReason],
    files: Vec<String>,
    levels: impl Iterator<Item = Level>,
) {
    report.files = files;
    for level in levels {
        *report.regions.entry(level).or_default() += 1;
    }
    report.indicators = recipe.indicators.len();
    let mut values: BTreeMap<Compared<'_>, Vec<(&str, f64)>> = BTreeMap::new();
    for (row, reason) in rows {
        if let Some(reason) = reason {
            *report.without_value.entry(*reason).or_default() += 1;
        }
        if let Some(value) = row.value {
            report.values += 1;
            values
                .entry((row.region.level(), &row.indicator, &row.period))
                .or_default()
                .push((row.region.as_str(), value));
        }
    }
    let has_values = |id: &str| values.keys().any(|(_, indicator, _)| *indicator == id);
    // A composite has no values of a table, so it lacks none.
    let from_table = recipe
        .indicators
        .iter()
        .filter(|of| of.figure.children().is_none());
    let without = from_table.filter(|indicator| !has_values(&indicator.id));
    report.indicators_without_data = without.map(|indicator| indicator.id.clone()).collect();
    report.indicators_without_data.sort_unstable();
    for ((_, indicator, period), values) in &values {
        report.outliers.extend(
            far_from_the_others(values)
                .into_iter()
                .map(|(region, value, deviations)| Outlier {
                    indicator: (*indicator).to_owned(),
                    region: region.to_owned(),
                    period: (*period).to_owned(),
                    value,
                    deviations,
                }),
        );
    }
}
