//! The codes in which CBS writes areas and periods.

use crate::edition::source::{Kind, fields};

/// A country, province or other area of CBS that is not written as GM, WK or BU: two capitals and two to four digits.
pub(super) fn is_other_area(code: &str) -> bool {
    let Some((letters, digits)) = code.split_at_checked(2) else {
        return false;
    };
    letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && !["GM", "WK", "BU"].contains(&letters)
        && (2..=4).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// An ISO 8601 period, from itself or from a CBS code, and whether its figures are marked as provisional: `2024*`, or `2024**` of
/// figures that were revised and may be again.
pub(super) fn period_of(text: &str) -> Option<(String, bool)> {
    let unmarked = text.strip_suffix("**").or_else(|| text.strip_suffix('*'));
    let is_provisional = unmarked.is_some();
    let text = unmarked.unwrap_or(text).trim_end();
    let iso = match (text.get(..4), text.get(4..6), text.get(6..)) {
        (Some(year), Some("JJ"), Some("00")) => year.to_owned(),
        (Some(year), Some("MM"), Some(month)) => format!("{year}-{month}"),
        _ => text.to_owned(),
    };
    fields::from_text(Kind::Period, &iso)
        .is_ok()
        .then_some((iso, is_provisional))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_iso_or_as_cbs_writes_them() {
        for (text, period) in [
            ("2020", Some("2020")),
            ("2020JJ00", Some("2020")),
            ("2020MM05", Some("2020-05")),
            ("2020-05", Some("2020-05")),
            ("2020-05-31", Some("2020-05-31")),
            ("2024*", Some("2024, provisional")),
            ("2024JJ00 **", Some("2024, provisional")),
            ("2024***", None),
            ("*", None),
            ("2020KW01", None),
            ("2020MM13", None),
            ("20é0JJ00", None),
            ("", None),
        ] {
            let found = period_of(text).map(|(period, is_provisional)| match is_provisional {
                true => format!("{period}, provisional"),
                false => period,
            });
            assert_eq!(found.as_deref(), period, "{text}");
        }
    }

    #[test]
    fn areas_of_other_levels_are_told_from_codes_that_are_none() {
        for code in ["NL01", "PV20", "CR01", "LD01"] {
            assert!(is_other_area(code), "{code}");
        }
        for code in ["", "GM34", "NL", "nl01", "0034", "Almere", "é1234", "PV20a"] {
            assert!(!is_other_area(code), "{code}");
        }
    }
}
