//! What the changes make of the advice.

use groeikern_client::v1::{RecommendationChange, SimulateChangeResponse};

use crate::cli::{
    answer::Part,
    language::{
        Language,
        advice::{advice_stays, only_need_moves},
        headings,
        words::Tone,
    },
    sheet::{Cell, Column, Sheet},
};

/// Decimals of needs: as many as it takes to see on which side of a class they are.
const DECIMALS: u32 = 3;

const COLUMNS: [Column<RecommendationChange>; 5] = [
    Column::table_only(headings::RECOMMENDATION, |change, language| {
        Cell::localized(change.title.as_ref(), language)
    }),
    Column::table_only(headings::IS_NOW, |change, language| {
        Cell::word(change.old_class(), language)
    }),
    Column::table_only(headings::BECOMES, |change, language| {
        Cell::word(change.new_class(), language)
    }),
    Column::table_only(headings::NEED, |change, _| {
        Cell::number(change.old_need, DECIMALS)
    }),
    Column::table_only(headings::NEED_BECOMES, |change, _| {
        Cell::number(change.new_need, DECIMALS)
    }),
];

/// Recommendations that change class in a table, the others counted; nothing where no value was changed.
pub(super) fn parts(response: &SimulateChangeResponse, language: Language) -> Vec<Part> {
    if response.changes.is_empty() || response.recommendation_changes.is_empty() {
        return Vec::new();
    }
    let changes = response.recommendation_changes.iter();
    let (of_class, of_need): (Vec<_>, Vec<_>) = changes
        .cloned()
        .partition(|change| change.old_class != change.new_class);
    let mut parts = vec![Part::Heading {
        text: language.say(headings::RECOMMENDATIONS).to_owned(),
        word: "",
        tone: Tone::Plain,
    }];
    if of_class.is_empty() {
        parts.push(Part::Sentence(advice_stays(language).to_owned()));
    } else {
        parts.push(Part::Sheet(Sheet::of(&of_class, &COLUMNS, language)));
    }
    parts.push(Part::Sentence(only_need_moves(language, of_need.len())));
    parts
}
