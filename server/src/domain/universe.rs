//! Which units are ranked against each other.

use super::Text;

/// The indicator whose values are the inhabitants of municipalities.
pub const INHABITANTS: &str = "inhabitants";

/// The ids of universes that need no list: `municipalities_` and a year.
const OF_A_YEAR: &str = "municipalities_";

/// A named set of units, per year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Universe {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Number of units, where it is stated.
    pub size: Option<u32>,
    /// A remark.
    pub note: Option<Text>,
    /// Its units, by year; empty when they are not known.
    pub vintages: Vec<Vintage>,
}

/// The units of a universe in one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vintage {
    /// The year of the figures that it ranks.
    pub year: String,
    /// Its units, by the code of their first municipality.
    pub units: Vec<Unit>,
}

/// What holds one place in a ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Id of a unit that combines municipalities; `None` of a municipality.
    pub id: Option<String>,
    /// CBS codes, ascending; one for a municipality.
    pub members: Vec<String>,
}

impl Universe {
    /// Its units for figures of a period.
    #[must_use]
    pub fn vintage(&self, period: &str) -> Option<&Vintage> {
        self.vintages
            .iter()
            .find(|vintage| vintage.year == year_of(period))
    }
}

/// The year of a period.
#[must_use]
pub fn year_of(period: &str) -> &str {
    period.get(..4).unwrap_or(period)
}

/// The id of the municipalities of a period's year.
#[must_use]
pub fn municipalities_of(period: &str) -> String {
    format!("{OF_A_YEAR}{}", year_of(period))
}

/// The year of which an id names the municipalities.
#[must_use]
pub fn year_of_municipalities(id: &str) -> Option<&str> {
    id.strip_prefix(OF_A_YEAR)
        .filter(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()))
}
