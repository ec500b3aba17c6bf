//! `[regions]` and `[boundary_changes]`: the columns of tables that hold no figures.

use crate::edition::source::Kind;

use super::{super::problems::plain, keys::Keys};

/// Where a table says what municipalities there are and were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionColumns {
    /// Their codes.
    pub code: String,
    /// Their names.
    pub name: Option<String>,
    /// The first day.
    pub valid_from: Option<String>,
    /// The first day they were no longer.
    pub valid_to: Option<String>,
    /// The code that a municipality goes on under after it got another name.
    pub renamed_to: Option<String>,
    /// How days are written.
    pub dates: DateCells,
    /// The province: its code, its group of municipalities, or its name.
    pub province: Option<String>,
    /// Code and name of the COROP area.
    pub corop: Option<(String, String)>,
    /// What stands before the code of a COROP area where the table leaves it out.
    pub corop_prefix: String,
}

/// Where a table says what moved between municipalities. A row is of one of the two, and says whether it received or gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundaryColumns {
    /// The municipality whose row it is.
    pub region: String,
    /// The other one.
    pub other: String,
    /// The first day of the new borders.
    pub date: String,
    /// How days are written.
    pub dates: DateCells,
    /// Whether it received or gave.
    pub direction: String,
    /// Cells that mean that it received.
    pub received: Vec<String>,
    /// Cells that mean that it gave.
    pub gave: Vec<String>,
    /// Inhabitants moved.
    pub inhabitants: Option<String>,
    /// Dwellings moved.
    pub dwellings: Option<String>,
    /// Hectares moved.
    pub hectares: Option<String>,
}

/// How a table writes days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateCells {
    /// The order of year, month and day.
    pub format: DateFormat,
    /// Cells that mean that the day is not known, or that there is none.
    pub unknown: Vec<String>,
}

/// The order of year, month and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFormat {
    /// ISO 8601.
    YearMonthDay,
    /// As people write it in the Netherlands: 31-12-2026.
    DayMonthYear,
}

pub(super) fn region_columns(keys: &Keys<'_>) -> Option<RegionColumns> {
    let code = keys.required("code_column", Kind::Text);
    let name = keys.text("name_column", Kind::Text);
    let valid_from = keys.text("valid_from_column", Kind::Text);
    let valid_to = keys.text("valid_to_column", Kind::Text);
    let renamed_to = keys.text("renamed_to_column", Kind::Text);
    let dates = dates(keys);
    let province = keys.text("province_column", Kind::Text);
    let (corop, corop_name) = (
        keys.text("corop_column", Kind::Text),
        keys.text("corop_name_column", Kind::Text),
    );
    for (one, other) in [
        ("corop_column", "corop_name_column"),
        ("corop_name_column", "corop_column"),
    ] {
        if keys.has(one) && !keys.has(other) {
            keys.report(
                one,
                format!("`{other}` is missing: an area has a code and a name"),
            );
        }
    }
    let corop_prefix = keys.shown("corop_prefix");
    if keys.has("corop_prefix") && !keys.has("corop_column") {
        keys.report(
            "corop_prefix",
            "corop_prefix: there is no `corop_column`: remove it",
        );
    }
    if keys.has("renamed_to_column") && !keys.has("valid_to_column") {
        let message = "renamed_to_column: `valid_to_column` is missing: a code that another takes the place of has an end";
        keys.report("renamed_to_column", message);
    }
    keys.finish();
    Some(RegionColumns {
        code: code?,
        name,
        valid_from,
        valid_to,
        renamed_to,
        dates,
        province,
        corop: corop.zip(corop_name),
        corop_prefix: corop_prefix.unwrap_or_default(),
    })
}

pub(super) fn boundary_columns(keys: &Keys<'_>) -> Option<BoundaryColumns> {
    let region = keys.required("region_column", Kind::Text);
    let other = keys.required("other_region_column", Kind::Text);
    let date = keys.required("date_column", Kind::Text);
    let dates = dates(keys);
    let direction = keys.required("direction_column", Kind::Text);
    let (received, gave) = (words(keys, "received"), words(keys, "gave"));
    if let Some(both) = received.iter().find(|word| gave.contains(word)) {
        let message = format!("gave: {both:?} already means `received`: a cell can mean one thing only");
        keys.report("gave", message);
    }
    let inhabitants = keys.text("inhabitants_column", Kind::Text);
    let dwellings = keys.text("dwellings_column", Kind::Text);
    let hectares = keys.text("hectares_column", Kind::Text);
    keys.finish();
    Some(BoundaryColumns {
        region: region?,
        other: other?,
        date: date?,
        dates,
        direction: direction?,
        received,
        gave,
        inhabitants,
        dwellings,
        hectares,
    })
}

pub(super) fn dates(keys: &Keys<'_>) -> DateCells {
    let formats = [
        ("yyyy-mm-dd", DateFormat::YearMonthDay),
        ("dd-mm-yyyy", DateFormat::DayMonthYear),
    ];
    let format = keys.word("date_format", &formats);
    let unknown = keys.texts("unknown_dates").unwrap_or_else(|| vec![String::new()]);
    DateCells {
        format: format.unwrap_or(DateFormat::YearMonthDay),
        unknown: plain_texts(&unknown),
    }
}

/// A list of texts with at least one.
fn words(keys: &Keys<'_>, key: &'static str) -> Vec<String> {
    let words = keys.texts(key).unwrap_or_default();
    if words.is_empty() {
        keys.report(
            key,
            format!("`{key}` needs at least one text: the cells of `direction_column` that mean it"),
        );
    }
    plain_texts(&words)
}

fn plain_texts(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| plain(text).into_owned()).collect()
}
