//! `bibliography`: the works that the report cites, and what for.

use groeikern_client::v1::{Citation, CitedWork, ListCitationsRequest, ListCitationsResponse};

use super::BETWEEN_NAMES;
use crate::cli::{
    answer::Answer,
    arguments::Bibliography,
    exit::Failure,
    language::{Language, headings, knowledge},
    pages::{LARGEST_PAGE, whole},
    session::Session,
    sheet::{Cell, Column, Sheet},
};

const COLUMNS: [Column<CitedWork>; 8] = [
    Column::tsv_only("citation_id", |row: &CitedWork, _| {
        of(row, |work| Cell::text(&work.id))
    }),
    Column::new("author", knowledge::AUTHOR, |row, _| {
        of(row, |work| Cell::text(&work.author))
    }),
    Column::new("year", headings::YEAR, |row, _| {
        of(row, |work| Cell::text(work.year.to_string()))
    }),
    Column::new("title", knowledge::TITLE, |row, _| {
        of(row, |work| Cell::text(&work.title))
    }),
    Column::tsv_only("publisher", |row, _| of(row, |work| Cell::text(&work.publisher))),
    Column::new("sections", headings::SECTION, |row, _| {
        of(row, |work| Cell::text(work.sections.join(BETWEEN_NAMES)))
    }),
    Column::tsv_only("mechanisms", |row, _| {
        let mechanisms = row.mechanisms.iter();
        let ends = mechanisms.map(|ends| format!("{}->{}", ends.cause_id, ends.effect_id));
        Cell::text(ends.collect::<Vec<_>>().join(BETWEEN_NAMES))
    }),
    Column::tsv_only("finding_ids", |row, _| {
        Cell::text(row.finding_ids.join(BETWEEN_NAMES))
    }),
];

fn of(row: &CitedWork, part: fn(&Citation) -> Cell) -> Cell {
    row.citation.as_ref().map_or(Cell::Absent, part)
}

pub(super) async fn ask(session: &mut Session, arguments: &Bibliography) -> Result<Answer, Failure> {
    let request = ListCitationsRequest {
        section: arguments.section.clone(),
        factor_id: session.optional_factor(&arguments.factor).await?,
        finding_id: arguments.finding.clone(),
        page_size: LARGEST_PAGE,
        edition: session.edition(),
        ..Default::default()
    };
    let response = whole(session.client.list_citations_pages(request)).await?;
    Ok(answer(&response, session.language))
}

fn answer(response: &ListCitationsResponse, language: Language) -> Answer {
    let sheet = Sheet::of(&response.works, &COLUMNS, language).noted(&response.works, cited_for);
    Answer::new("ListCitationsResponse", response, sheet).quoting(response.metadata.as_ref())
}

/// What a work is cited for, by ids.
fn cited_for(row: &CitedWork) -> Vec<String> {
    let mechanisms = row.mechanisms.iter();
    let mechanisms = mechanisms.map(|ends| format!("{} → {}", ends.cause_id, ends.effect_id));
    let all: Vec<String> = mechanisms.chain(row.finding_ids.iter().cloned()).collect();
    vec![all.join(BETWEEN_NAMES)]
}
