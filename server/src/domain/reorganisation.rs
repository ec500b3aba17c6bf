//! Municipalities through time: when they existed, where they lie, and what moved between them.

use super::RegionCode;

/// What a table says of a municipality, present or former. Nothing means that the table does not say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionRecord {
    /// CBS code.
    pub code: RegionCode,
    /// Its name.
    pub name: Option<String>,
    /// First day, ISO 8601.
    pub valid_from: Option<String>,
    /// First day it was no longer valid.
    pub valid_to: Option<String>,
    /// The code that it goes on under since that day: it got another name, and with it another code.
    pub renamed_to: Option<RegionCode>,
    /// The province it lies or lay in.
    pub province: Option<&'static Province>,
    /// Its COROP area.
    pub corop: Option<Corop>,
}

/// A province.
#[derive(Debug, PartialEq, Eq)]
pub struct Province {
    /// CBS code: `PV` and two digits.
    pub code: &'static str,
    /// Dutch name.
    pub name: &'static str,
    /// Other names that tables write.
    aliases: &'static [&'static str],
}

/// The provinces: there have been twelve since 1986.
pub static PROVINCES: [Province; 12] = [
    Province::of("PV20", "Groningen", &[]),
    Province::of("PV21", "Fryslân", &["Friesland", "Friesland (NL)"]),
    Province::of("PV22", "Drenthe", &[]),
    Province::of("PV23", "Overijssel", &[]),
    Province::of("PV24", "Flevoland", &[]),
    Province::of("PV25", "Gelderland", &[]),
    Province::of("PV26", "Utrecht", &[]),
    Province::of("PV27", "Noord-Holland", &[]),
    Province::of("PV28", "Zuid-Holland", &[]),
    Province::of("PV29", "Zeeland", &[]),
    Province::of("PV30", "Noord-Brabant", &[]),
    Province::of("PV31", "Limburg", &["Limburg (NL)"]),
];

impl Province {
    const fn of(code: &'static str, name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { code, name, aliases }
    }

    /// The province that a table means: by its code, also as the group of municipalities `GMPV20`, or by its name.
    #[must_use]
    pub fn find(written: &str) -> Option<&'static Self> {
        let code = written.strip_prefix("GM").unwrap_or(written);
        let is_it = |province: &&Self| {
            province.code == code || province.name == written || province.aliases.contains(&written)
        };
        PROVINCES.iter().find(is_it)
    }
}

/// A COROP area: a region of municipalities around a centre, NUTS 3 in Europe.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Corop {
    /// Its code as the table writes it.
    pub code: String,
    /// Dutch name.
    pub name: String,
}

/// What moved from one municipality to another on a day. From a municipality to itself: what stayed, where others joined it. A number
/// that the source does not give is not known, which is not zero.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BoundaryChange {
    /// The first day of the new borders, ISO 8601.
    pub date: String,
    /// Where it belonged before.
    pub from: RegionCode,
    /// Where it belongs since.
    pub to: RegionCode,
    /// Inhabitants of what moved.
    pub inhabitants: Option<u64>,
    /// Dwellings on it.
    pub dwellings: Option<u64>,
    /// Its area in hectares.
    pub hectares: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_province_is_found_by_its_code_its_group_and_its_names() {
        for written in ["PV21", "GMPV21", "Fryslân", "Friesland", "Friesland (NL)"] {
            assert_eq!(
                Province::find(written).map(|found| found.code),
                Some("PV21"),
                "{written}"
            );
        }
        for written in ["", "PV19", "GM", "OVERIG", "friesland"] {
            assert_eq!(Province::find(written), None, "{written}");
        }
    }
}
