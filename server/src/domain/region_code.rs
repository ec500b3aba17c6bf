//! CBS region codes.

use std::fmt;

use super::words::words;

/// The levels at which CBS divides the country. A neighbourhood lies in one district, a district in one municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Municipality, `GM`.
    Municipality,
    /// District, `WK`.
    District,
    /// Neighbourhood, `BU`.
    Neighbourhood,
}

impl Level {
    /// The word for several.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Municipality => "municipalities",
            Self::District => "districts",
            Self::Neighbourhood => "neighbourhoods",
        }
    }
}

words!(Level {
    Municipality = "municipality",
    District = "district",
    Neighbourhood = "neighbourhood",
});

/// A CBS region code: `GM` and four digits; `WK`, those, and two digits or capitals; `BU`, those, and two digits. Amsterdam numbers
/// its districts with capitals since 2022: `WK0363AA`, `BU0363AA01`.
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
        let length = match text.get(..2) {
            Some("GM") => 6,
            Some("WK") => 8,
            Some("BU") => 10,
            _ => 0,
        };
        let fits = |(place, byte): (usize, u8)| match place {
            6 | 7 => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            _ => byte.is_ascii_digit(),
        };
        if length > 0 && text.len() == length && text.bytes().enumerate().skip(2).all(fits) {
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
        self.level() == Level::Municipality
    }

    /// What it is the code of.
    #[must_use]
    pub fn level(&self) -> Level {
        match self.0.len() {
            6 => Level::Municipality,
            8 => Level::District,
            _ => Level::Neighbourhood,
        }
    }

    /// The code of the municipality it lies in, or is: CBS builds codes on one another.
    #[must_use]
    pub fn municipality(&self) -> String {
        format!("GM{}", &self.0[2..6])
    }

    /// The code of the district it lies in, or is; `None` of a municipality.
    #[must_use]
    pub fn district(&self) -> Option<String> {
        self.0.get(2..8).map(|number| format!("WK{number}"))
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
        for code in ["GM0034", "WK003401", "BU00340101", "WK0363AA", "BU0363AA01"] {
            assert_eq!(
                RegionCode::parse(code).map(|code| code.to_string()).as_deref(),
                Ok(code)
            );
        }
    }

    #[test]
    fn codes_say_what_they_lie_in() {
        let parents = |code: &str| {
            let code = RegionCode::parse(code).expect("a code");
            (code.level(), code.district(), code.municipality())
        };
        let (district, town) = (Some("WK003401".to_owned()), "GM0034".to_owned());
        assert_eq!(
            parents("BU00340101"),
            (Level::Neighbourhood, district.clone(), town.clone())
        );
        assert_eq!(parents("WK003401"), (Level::District, district, town.clone()));
        assert_eq!(parents("GM0034"), (Level::Municipality, None, town));
    }

    #[test]
    fn anything_else_is_refused_with_the_way_to_write_it() {
        for text in [
            "",
            "G",
            "gm0034",
            "GM34",
            "GM00345",
            "GM00é",
            "Almere",
            "GM-034",
            "GM00AA",
            "WK0363aa",
            "WKAAAA01",
            "BU036301AA",
            "BU0363é01",
        ] {
            let error = RegionCode::parse(text).expect_err(text);
            assert!(error.to_string().contains("such as GM0034"), "{error}");
        }
    }
}
