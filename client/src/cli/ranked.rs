//! The columns of every row that stands in a ranking: the same names wherever they occur.

use groeikern_client::v1::{ItemStatus, RankingSummary, Standing};

use super::{
    language::headings,
    sheet::{Cell, Column, Show},
};

/// A row that stands, or could stand, in a ranking.
pub(crate) trait Ranked {
    /// What it shares with the other rows of that ranking.
    fn ranking(&self) -> &RankingSummary;
    /// Where it stands; nothing without a figure.
    fn standing(&self) -> Option<&Standing>;
    /// Whether there is a figure.
    fn status(&self) -> ItemStatus;
}

/// Position, verdict and grade.
pub(crate) fn standing<Row: Ranked>() -> [Column<Row>; 7] {
    [
        Column::new("position", headings::POSITION, |row, _| {
            Cell::position(row.standing(), row.ranking().n)
        }),
        Column::tsv_only("n", |row, _| Cell::count(row.ranking().n)),
        Column::tsv_only("ties", |row, _| Cell::ties(row.standing())),
        Column::tsv_only("place_share", |row, _| Cell::place_share(row.standing())),
        Column::new("verdict", headings::VERDICT, |row, language| {
            Cell::verdict(row.standing(), row.status(), language)
        }),
        Column::new("grade", headings::GRADE, |row, _| Cell::grade(row.standing())),
        Column::tsv_only("grade_method", |row, language| {
            Cell::word(row.ranking().grade_method(), language)
        }),
    ]
}

/// Which figures they are. A table shows basis and period only where they differ.
pub(crate) fn origin<Row: Ranked>() -> [Column<Row>; 5] {
    [
        Column::new("basis", headings::BASIS, |row: &Row, language| {
            Cell::word(row.ranking().basis(), language)
        })
        .shown(Show::Varied),
        Column::new("period", headings::PERIOD, |row: &Row, _| {
            Cell::text(&row.ranking().period)
        })
        .shown(Show::Varied),
        Column::tsv_only("known", |row, _| Cell::count(row.ranking().known)),
        Column::tsv_only("source_id", |row, _| Cell::text(&row.ranking().source_id)),
        Column::tsv_only("figure", |row, _| Cell::text(&row.ranking().figure)),
    ]
}

/// Whether the municipality of a printed column was inferred, marked in a table where only some are; the footer says what
/// it means.
pub(crate) fn column_inferred<Row: Ranked>() -> Column<Row> {
    Column::new("column_inferred", headings::INFERRED, |row: &Row, _| {
        Cell::flag(row.ranking().column_inferred)
    })
    .shown(Show::Varied)
}
