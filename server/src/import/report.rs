//! What an import found, for the operator to judge before anybody ranks with it.

mod json;

use std::{collections::BTreeMap, fmt};

use crate::{
    domain::Level,
    method::{compensated_sum, mean},
};

/// Values further than this many standard deviations from the mean of their indicator and period are named.
const FAR: f64 = 10.0;
/// So many of a kind are shown.
const MOST_SHOWN: usize = 20;

/// What an import found. Every row that was read is counted once among filtered out, unmatched, of other levels, of other
/// measures, duplicates and used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportReport {
    /// The recipe.
    pub recipe: String,
    /// The tables, in order.
    pub files: Vec<String>,
    /// The periods, in order.
    pub periods: Vec<String>,
    /// Rows below the headers.
    pub rows_read: u64,
    /// Rows that did not pass the filters of the recipe.
    pub rows_filtered_out: u64,
    /// Rows of regions of levels that the recipe does not take.
    pub rows_of_other_levels: u64,
    /// Rows of a tidy table with measures that the recipe does not use.
    pub rows_of_other_measures: u64,
    /// Rows that were used.
    pub rows_used: u64,
    /// Rows whose region code is none.
    pub unmatched: Tally,
    /// Rows that say again what was said, by region code.
    pub duplicates: Tally,
    /// Regions and periods without a single figure, which the recipe leaves out.
    pub left_out_empty: u64,
    /// Regions by level.
    pub regions: BTreeMap<Level, usize>,
    /// Indicators of the recipe.
    pub indicators: usize,
    /// Figures.
    pub values: u64,
    /// Figures there might have been, by the reason why there is none.
    pub without_value: BTreeMap<Reason, u64>,
    /// Values that lie suspiciously far from the others.
    pub outliers: Vec<Outlier>,
    /// Indicators without a single value.
    pub indicators_without_data: Vec<String>,
    /// Of a table that holds other things than figures: how many of what, in the order to tell it.
    pub counts: Vec<Count>,
}

/// How many of what a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// What, for programs.
    pub key: &'static str,
    /// What, in words.
    pub words: &'static str,
    /// How many.
    pub count: u64,
}

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The source has no figure.
    Missing,
    /// The source withholds it.
    Suppressed,
    /// It cannot exist.
    NotApplicable,
    /// The table has no row of this measure for a municipality that it has others for.
    NoRow,
    /// An operand of its formula is missing.
    OperandMissing,
    /// An operand of its formula is withheld.
    OperandSuppressed,
    /// An operand of its formula cannot exist.
    OperandNotApplicable,
    /// Its formula divides by zero.
    DivisionByZero,
}

impl Reason {
    fn words(self) -> &'static str {
        match self {
            Self::Missing => "the source has no figure",
            Self::Suppressed => "the source withholds it",
            Self::NotApplicable => "it cannot exist",
            Self::NoRow => "the table has no row of it",
            Self::OperandMissing => "an operand of the formula is missing",
            Self::OperandSuppressed => "an operand of the formula is withheld",
            Self::OperandNotApplicable => "an operand of the formula cannot exist",
            Self::DivisionByZero => "the formula divides by zero",
        }
    }
}

/// A value far from the others of its indicator and period.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlier {
    /// Indicator id.
    pub indicator: String,
    /// Region code.
    pub region: String,
    /// Period.
    pub period: String,
    /// The value.
    pub value: f64,
    /// How many standard deviations it lies from the mean.
    pub deviations: f64,
}

/// How often what was met: the first few different ones by name, the others as a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of it.
    pub total: u64,
    /// By name, in order of the name.
    pub first: BTreeMap<String, u64>,
    /// Met under names that are not among the first.
    pub of_others: u64,
}

impl Tally {
    pub(super) fn count(&mut self, name: &str) {
        self.total += 1;
        if let Some(count) = self.first.get_mut(name) {
            *count += 1;
        } else if self.first.len() < MOST_SHOWN {
            self.first.insert(name.to_owned(), 1);
        } else {
            self.of_others += 1;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<String> = self
            .first
            .iter()
            .map(|(name, count)| {
                let name = if name.is_empty() { "(empty)" } else { name };
                if *count == 1 {
                    name.to_owned()
                } else {
                    format!("{name} x {count}")
                }
            })
            .collect();
        f.write_str(&named.join(", "))?;
        if self.of_others > 0 {
            write!(f, ", others x {}", self.of_others)?;
        }
        Ok(())
    }
}

/// The values of one indicator and period that lie more than ten standard deviations from their mean, with how many. Among
/// fewer than 102 values there can be none.
pub(super) fn far_from_the_others<'a>(values: &[(&'a str, f64)]) -> Vec<(&'a str, f64, f64)> {
    let plain: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
    let Some(mean) = mean(&plain) else {
        return Vec::new();
    };
    // In units of the largest deviation, whose square would not always be a number.
    let largest = plain.iter().map(|value| (value - mean).abs()).fold(0.0, f64::max);
    if largest == 0.0 || !largest.is_finite() {
        return Vec::new();
    }
    let scaled = |value: f64| (value - mean) / largest;
    // Exact: counts of municipalities
    let deviation = (compensated_sum(plain.iter().map(|&value| scaled(value) * scaled(value)))
        / plain.len() as f64)
        .sqrt();
    values
        .iter()
        .map(|&(region, value)| (region, value, (scaled(value) / deviation).abs()))
        .filter(|(_, _, deviations)| *deviations > FAR)
        .collect()
}

impl ImportReport {
    /// What became of the rows, in words.
    pub(super) fn where_rows_went(&self) -> String {
        format!(
            "of {} rows {} do not pass the filters, {} have no region code, {} are of other levels, {} of other measures",
            self.rows_read,
            self.rows_filtered_out,
            self.unmatched.total,
            self.rows_of_other_levels,
            self.rows_of_other_measures
        )
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {}: {}",
            self.recipe,
            self.periods.join(" "),
            self.files.join(", ")
        )?;
        let mut line = |depth: usize, what: &str, count: u64, detail: &str| {
            let label = format!("{}{what}", "  ".repeat(depth));
            let detail = if detail.is_empty() {
                String::new()
            } else {
                format!("  {detail}")
            };
            write!(f, "\n{label:<46}{count:>9}{detail}")
        };
        line(1, "rows read", self.rows_read, "")?;
        for (what, count, detail) in [
            ("left out by the filters", self.rows_filtered_out, String::new()),
            ("of other levels", self.rows_of_other_levels, String::new()),
            ("of other measures", self.rows_of_other_measures, String::new()),
            (
                "without a region code",
                self.unmatched.total,
                self.unmatched.to_string(),
            ),
            (
                "identical to an earlier row",
                self.duplicates.total,
                self.duplicates.to_string(),
            ),
        ] {
            if count > 0 {
                line(2, what, count, &detail)?;
            }
        }
        line(2, "used", self.rows_used, "")?;
        if !self.counts.is_empty() {
            let mut counts = self.counts.iter();
            return counts.try_for_each(|count| line(1, count.words, count.count, ""));
        }
        if self.left_out_empty > 0 {
            line(1, "left out without any figure", self.left_out_empty, "")?;
        }
        for (level, regions) in &self.regions {
            line(1, level.plural(), *regions as u64, "")?;
        }
        line(1, "indicators", self.indicators as u64, "")?;
        line(1, "values", self.values, "")?;
        line(1, "without a value", self.without_value.values().sum(), "")?;
        for (reason, count) in &self.without_value {
            line(2, reason.words(), *count, "")?;
        }
        line(
            1,
            "indicators without data",
            self.indicators_without_data.len() as u64,
            &self.indicators_without_data.join(", "),
        )?;
        line(
            1,
            "values beyond 10 standard deviations",
            self.outliers.len() as u64,
            "",
        )?;
        for Outlier {
            indicator,
            region,
            period,
            value,
            deviations,
        } in self.outliers.iter().take(MOST_SHOWN)
        {
            write!(
                f,
                "\n    {indicator} {region} {period}: {value} ({deviations:.1} sd)"
            )?;
        }
        match self.outliers.len().saturating_sub(MOST_SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n    and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests;
