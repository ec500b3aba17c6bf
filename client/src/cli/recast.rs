//! How figures came to the borders of another year: the columns of every row that has one, and what their signs mean.

use groeikern_client::v1::Recast;

use super::{
    commands::BETWEEN_NAMES,
    language::{Language, Phrase, sentences, words::Tone},
    sheet::{Cell, Column},
};

/// The sign of a value of whole municipalities.
const EXACT: &str = "+";
/// The sign of a value of parts of municipalities.
const ESTIMATED: &str = "~";

/// A row whose value may have been put on other borders.
pub(crate) trait OnBorders {
    /// How; nothing where the value is as its source has it.
    fn recast(&self) -> Option<&Recast>;
}

/// A sign in tables; in tsv also the part that moved and the municipalities it is made of.
pub(crate) fn columns<Row: OnBorders>() -> [Column<Row>; 4] {
    [
        Column::table_only(Phrase::new("", ""), |row: &Row, _| {
            row.recast().map_or(Cell::Absent, |recast| Cell::Word {
                stable: String::new(),
                shown: if recast.estimated { ESTIMATED } else { EXACT },
                tone: Tone::Plain,
            })
        }),
        Column::tsv_only("recast", |row: &Row, _| {
            row.recast().map_or(Cell::Absent, |recast| {
                Cell::text(if recast.estimated { "estimated" } else { "exact" })
            })
        }),
        Column::tsv_only("share_moved", |row, _| {
            Cell::number(row.recast().map(|recast| recast.share_moved), 2)
        }),
        Column::tsv_only("recast_from", |row, _| {
            row.recast().map_or(Cell::Absent, |recast| {
                let codes: Vec<&str> = recast.from.iter().map(|from| from.code.as_str()).collect();
                Cell::text(codes.join(BETWEEN_NAMES))
            })
        }),
    ]
}

/// What the signs mean, of those that some row has.
pub(crate) fn legend<'a, Row: OnBorders + 'a>(
    rows: impl Iterator<Item = &'a Row>,
    language: Language,
) -> [String; 2] {
    let estimated: Vec<bool> = rows
        .filter_map(OnBorders::recast)
        .map(|recast| recast.estimated)
        .collect();
    let says = |is_estimated: bool, sentence: &'static str| {
        if estimated.contains(&is_estimated) {
            sentence.to_owned()
        } else {
            String::new()
        }
    };
    [
        says(false, sentences::recast_exactly(language)),
        says(true, sentences::recast_by_estimate(language)),
    ]
}
