//! CBS region codes.

use std::fmt;

/// A CBS region code: `GM` and four digits, `WK` and six, `BU` and eight.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(String);

/// Text that is not a region code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a CBS region code: write GM and four digits, such as GM0034; ResolveRegion turns names into codes"
)]
pub struct InvalidRegionCode {
    text: String,
}

impl RegionCode {
    /// Reads a code exactly as CBS writes it.
    ///
    /// # Errors
    /// [`InvalidRegionCode`], quoting at most the first 40 characters.
    pub fn parse(text: &str) -> Result<Self, InvalidRegionCode> {
        let digits = match text.get(..2) {
            Some("GM") => 4,
            Some("WK") => 6,
            Some("BU") => 8,
            _ => 0,
        };
        let number = text.get(2..).unwrap_or_default();
        if digits > 0 && number.len() == digits && number.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidRegionCode {
                text: text.chars().take(40).collect(),
            })
        }
    }

    /// Whether it is the code of a municipality.
    #[must_use]
    pub fn is_municipality(&self) -> bool {
        self.0.starts_with("GM")
    }

    /// The code as CBS writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_three_levels_are_read() {
        for code in ["GM0034", "WK003401", "BU00340101"] {
            assert_eq!(
                RegionCode::parse(code).map(|code| code.to_string()).as_deref(),
                Ok(code)
            );
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_way_to_write_it() {
        for text in ["", "G", "gm0034", "GM34", "GM00345", "GM00é", "Almere", "GM-034"] {
            let error = RegionCode::parse(text).expect_err(text);
            assert!(error.to_string().contains("such as GM0034"), "{error}");
        }
    }
}
