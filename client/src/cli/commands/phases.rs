//! `phases`: the history that the report tells.

use groeikern_client::v1::{ListPhasesRequest, Phase};

use crate::cli::{
    answer::Answer,
    exit::Failure,
    language::{headings, knowledge},
    session::Session,
    sheet::{Cell, Column, Sheet},
};

const COLUMNS: [Column<Phase>; 5] = [
    Column::tsv_only("phase_id", |phase: &Phase, _| Cell::text(&phase.id)),
    Column::new("from_year", knowledge::FROM_YEAR, |phase, _| {
        Cell::text(phase.from_year.to_string())
    }),
    Column::new("to_year", headings::UNTIL, |phase, _| {
        phase
            .to_year
            .map_or(Cell::Absent, |year| Cell::text(year.to_string()))
    }),
    Column::new("phase", knowledge::PHASE, |phase, language| {
        Cell::localized(phase.name.as_ref(), language)
    }),
    Column::new("section", headings::SECTION, |phase, _| {
        Cell::text(&phase.section)
    }),
];

pub(super) async fn ask(session: &mut Session) -> Result<Answer, Failure> {
    let request = ListPhasesRequest {
        edition: session.edition(),
    };
    let response = session.client.list_phases(request).await?;
    let sheet = Sheet::of(&response.phases, &COLUMNS, session.language);
    Ok(Answer::new("ListPhasesResponse", &response, sheet).quoting(response.metadata.as_ref()))
}
