//! One cell of a table: a number, or why there is none.

use std::{collections::BTreeSet, fmt};

use crate::domain::ObservationStatus;

use super::problems::excerpt;

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// A finite number, never negative zero.
    Value(f64),
    /// No number, and why.
    Absent(Absence),
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Absent(Absence::Missing) => f.write_str("missing"),
            Self::Absent(Absence::Suppressed) => f.write_str("suppressed"),
            Self::Absent(Absence::NotApplicable) => f.write_str("not applicable"),
        }
    }
}

/// Why there is no number, from the reason that says least to the one that says most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Absence {
    /// The source has no figure.
    Missing,
    /// The source withholds it.
    Suppressed,
    /// It cannot exist.
    NotApplicable,
}

impl Absence {
    /// The status of an observation without a value for this reason.
    #[must_use]
    pub fn status(self) -> ObservationStatus {
        match self {
            Self::Missing => ObservationStatus::Missing,
            Self::Suppressed => ObservationStatus::Suppressed,
            Self::NotApplicable => ObservationStatus::NotApplicable,
        }
    }
}

/// The sign between whole and fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalSign {
    /// `0.5`
    Point,
    /// `0,5`
    Comma,
}

impl DecimalSign {
    /// A number as a cell with this sign, shortest that reads back the same.
    pub(super) fn written(self, number: f64) -> String {
        number.to_string().replace('.', &self.sign().to_string())
    }

    fn sign(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

/// How to read the cells of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CellReader {
    pub(super) decimal: DecimalSign,
    pub(super) missing: BTreeSet<String>,
    pub(super) suppressed: BTreeSet<String>,
    pub(super) not_applicable: BTreeSet<String>,
}

impl CellReader {
    /// Reads a trimmed cell.
    ///
    /// # Errors
    /// What was found and what was expected.
    pub(super) fn read(&self, text: &str) -> Result<Cell, String> {
        for (markers, absence) in [
            (&self.missing, Absence::Missing),
            (&self.suppressed, Absence::Suppressed),
            (&self.not_applicable, Absence::NotApplicable),
        ] {
            if markers.contains(text) {
                return Ok(Cell::Absent(absence));
            }
        }
        let expected = || {
            let markers: Vec<String> = [&self.missing, &self.suppressed, &self.not_applicable]
                .into_iter()
                .flatten()
                .map(|marker| format!("\"{marker}\""))
                .collect();
            let example = format!("such as 12{}5", self.decimal.sign());
            if markers.is_empty() {
                format!("expected a number {example}; the recipe names no marker for missing figures")
            } else {
                format!(
                    "expected a number {example}, or {} for no figure",
                    markers.join(", ")
                )
            }
        };
        if text.is_empty() {
            return Err(format!("is empty, {}", expected()));
        }
        match number(text, self.decimal) {
            Some(value) if value.is_finite() => Ok(Cell::Value(value + 0.0)), // negative zero is zero
            Some(_) => Err(format!("`{}` is beyond what a number can hold", excerpt(text))),
            None => Err(format!("`{}` is not a number, {}", excerpt(text), expected())),
        }
    }
}

/// Sign, digits, fraction, exponent, and nothing else: no `nan`, no `inf`, no separators between thousands.
fn number(text: &str, decimal: DecimalSign) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)),
        ),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once(decimal.sign()) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // `.5` is written by some programs, `5.` by none that means it.
    let well_formed = (are_digits(whole) || (whole.is_empty() && fraction.is_some()))
        && fraction.is_none_or(are_digits)
        && exponent.is_none_or(are_digits);
    well_formed.then(|| text.replace(decimal.sign(), ".").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(decimal: DecimalSign) -> CellReader {
        let markers = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        CellReader {
            decimal,
            missing: markers(&["", "."]),
            suppressed: markers(&["x"]),
            not_applicable: markers(&["-99997"]),
        }
    }

    #[test]
    fn numbers_are_read_with_the_sign_of_the_recipe() {
        let point = reader(DecimalSign::Point);
        for (text, value) in [
            ("12", 12.0),
            ("-0.5", -0.5),
            ("+3", 3.0),
            (".5", 0.5),
            ("1e+05", 100_000.0),
            ("007", 7.0),
        ] {
            assert_eq!(point.read(text), Ok(Cell::Value(value)), "{text}");
        }
        assert_eq!(reader(DecimalSign::Comma).read("12,5"), Ok(Cell::Value(12.5)));
    }

    #[test]
    fn markers_win_over_numbers_and_say_why_there_is_none() {
        let point = reader(DecimalSign::Point);
        for (text, absence) in [
            ("", Absence::Missing),
            (".", Absence::Missing),
            ("x", Absence::Suppressed),
            ("-99997", Absence::NotApplicable),
        ] {
            assert_eq!(point.read(text), Ok(Cell::Absent(absence)), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_refused() {
        let point = reader(DecimalSign::Point);
        for text in [
            "NaN",
            "inf",
            "-inf",
            "infinity",
            "1e999",
            "1,5",
            "1.234,5",
            "1.234.567",
            "1 234",
            "0x10",
            "5.",
            "--1",
            "1e",
            "e5",
            "-",
            "+",
            "12a",
            "½",
            "١٢",
            "1_000",
        ] {
            assert!(point.read(text).is_err(), "{text}");
        }
        assert!(reader(DecimalSign::Comma).read("1.5").is_err());
    }

    #[test]
    fn negative_zero_is_zero() {
        for text in ["-0", "-0.0", "-0e5"] {
            let Ok(Cell::Value(value)) = reader(DecimalSign::Point).read(text) else {
                panic!("{text}")
            };
            assert!(value == 0.0 && value.is_sign_positive(), "{text}");
        }
    }

    #[test]
    fn a_refusal_says_what_was_expected() {
        let error = reader(DecimalSign::Comma)
            .read("n.v.t.\u{1b}")
            .expect_err("no number");
        assert_eq!(
            error,
            "`n.v.t.\\u{1b}` is not a number, expected a number such as 12,5, or \"\", \".\", \"x\", \"-99997\" for no figure"
        );
    }
}
