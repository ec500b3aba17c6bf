//! `mechanisms`: which factor makes which more likely, and how that joins into paths and vicious circles.

use groeikern_client::v1::{
    FindMechanismPathsRequest, FindMechanismPathsResponse, ListMechanismsRequest, ListMechanismsResponse,
    Mechanism, MechanismPath,
};

use crate::cli::{
    answer::{Answer, Part},
    arguments::Mechanisms,
    exit::Failure,
    language::{Language, headings, knowledge, words::Word},
    pages::{LARGEST_PAGE, whole},
    session::Session,
    sheet::{Cell, Column, Sheet, Show},
    statements::{along, citation_ids, cited, factor, factor_id, rests_on, stable_basis},
};

/// A mechanism, alone or as a step of a path.
struct Row {
    step: Mechanism,
    /// The path it is a step of, its number, and its place on it.
    of: Option<(MechanismPath, usize, usize)>,
}

/// The columns of mechanisms, and of steps: where a path stands above them, their causes are the effects before them.
fn columns(cause: Show) -> [Column<Row>; 15] {
    [
        Column::tsv_only("path", |row: &Row, _| number(row, |(_, path, _)| *path)),
        Column::tsv_only("step", |row, _| number(row, |(_, _, step)| *step)),
        Column::tsv_only("steps", |row, _| number(row, |(path, _, _)| path.steps.len())),
        Column::tsv_only("circle", |row, _| match &row.of {
            Some((path, ..)) => Cell::flag(path.circle),
            None => Cell::Absent,
        }),
        Column::tsv_only("weakest_certainty", |row, language| match &row.of {
            Some((path, ..)) => Cell::word(path.weakest_certainty(), language),
            None => Cell::Absent,
        }),
        Column::tsv_only("cause_id", |row, _| {
            Cell::text(factor_id(row.step.cause.as_ref()))
        }),
        Column::new("cause", knowledge::CAUSE, |row: &Row, language| {
            Cell::text(factor(row.step.cause.as_ref(), language))
        })
        .shown(cause),
        Column::tsv_only("effect_id", |row, _| {
            Cell::text(factor_id(row.step.effect.as_ref()))
        }),
        Column::new("effect", knowledge::EFFECT, |row, language| {
            Cell::text(factor(row.step.effect.as_ref(), language))
        }),
        Column::new("section", headings::SECTION, |row, _| {
            Cell::text(&row.step.section)
        }),
        Column::tsv_only("basis", |row, _| stable_basis(row.step.basis())),
        Column::table_only(knowledge::RESTS_ON, |row, language| {
            Cell::text(rests_on(row.step.basis(), language))
        }),
        Column::new("certainty", knowledge::CERTAINTY, |row, language| {
            Cell::word(row.step.certainty(), language)
        }),
        Column::tsv_only("citation_ids", |row, _| citation_ids(&row.step.citations)),
        Column::new("cites", knowledge::CITES, |row, _| {
            Cell::text(cited(&row.step.citations))
        }),
    ]
}

fn number(row: &Row, part: fn(&(MechanismPath, usize, usize)) -> usize) -> Cell {
    let number = row
        .of
        .as_ref()
        .map(|of| u64::try_from(part(of)).unwrap_or(u64::MAX));
    number.map_or(Cell::Absent, Cell::Integer)
}

pub(super) async fn ask(session: &mut Session, arguments: &Mechanisms) -> Result<Answer, Failure> {
    if arguments.walks() {
        return walk(session, arguments).await;
    }
    let request = ListMechanismsRequest {
        factor_id: session.optional_factor(&arguments.factor).await?,
        side: arguments.side().into(),
        basis: arguments.of.basis(),
        certainty: arguments.certainty(),
        section: arguments.section.clone(),
        page_size: LARGEST_PAGE,
        edition: session.edition(),
        ..Default::default()
    };
    let response = whole(session.client.list_mechanisms_pages(request)).await?;
    Ok(list(&response, session.language))
}

async fn walk(session: &mut Session, arguments: &Mechanisms) -> Result<Answer, Failure> {
    let request = FindMechanismPathsRequest {
        from_factor_id: session.optional_factor(&arguments.from).await?,
        to_factor_id: session.optional_factor(&arguments.to).await?,
        longest: arguments.longest(),
        circles_only: arguments.circles,
        basis: arguments.of.basis(),
        certainty: arguments.certainty(),
        edition: session.edition(),
    };
    let response = session.client.find_mechanism_paths(request.clone()).await?;
    Ok(paths(&request, &response, session.language))
}

fn list(response: &ListMechanismsResponse, language: Language) -> Answer {
    let rows: Vec<Row> = response
        .mechanisms
        .iter()
        .map(|step| Row {
            step: step.clone(),
            of: None,
        })
        .collect();
    let sheet = Sheet::of(&rows, &columns(Show::Filled), language).noted(&rows, |row| note(row, language));
    Answer::new("ListMechanismsResponse", response, sheet).quoting(response.metadata.as_ref())
}

fn note(row: &Row, language: Language) -> Vec<String> {
    vec![language.of(row.step.note.as_ref()).to_owned()]
}

/// The steps of paths, each path above its own: `1. A → B → C`.
pub(super) fn steps(paths: &[MechanismPath], language: Language) -> Sheet {
    let numbered = paths.iter().zip(1..);
    let steps = numbered.flat_map(|(path, number)| {
        let steps = path.steps.iter().zip(1..);
        steps.map(move |(step, place)| Row {
            step: step.clone(),
            of: Some((path.clone(), number, place)),
        })
    });
    let rows: Vec<Row> = steps.collect();
    let title = |row: &Row| match &row.of {
        Some((path, number, _)) => {
            let along = along(path, language);
            vec![format!("{number}. {along}{}", remarks(path, language))]
        }
        None => Vec::new(),
    };
    Sheet::of(&rows, &columns(Show::TsvOnly), language)
        .titled(&rows, title)
        .noted(&rows, |row| note(row, language))
}

fn paths(
    request: &FindMechanismPathsRequest,
    response: &FindMechanismPathsResponse,
    language: Language,
) -> Answer {
    let sheet = steps(&response.paths, language);
    let (from, to) = (&request.from_factor_id, &request.to_factor_id);
    let circles = request.circles_only || from == to;
    let reach = knowledge::reach(
        language,
        response.paths.len(),
        response.longest,
        response.truncated,
    );
    Answer::new("FindMechanismPathsResponse", response, sheet)
        .titled(knowledge::paths(
            language,
            &called(from, response, language),
            &called(to, response, language),
            circles,
        ))
        .below([Part::sentences([reach])])
        .quoting(response.metadata.as_ref())
}

/// A factor as the paths name it; by its id where none does.
fn called(id: &str, response: &FindMechanismPathsResponse, language: Language) -> String {
    let steps = response.paths.iter().flat_map(|path| &path.steps);
    let mut factors = steps.flat_map(|step| [&step.cause, &step.effect]);
    let found = factors.find(|of| !id.is_empty() && factor_id(of.as_ref()) == id);
    found.map_or_else(
        || id.to_owned(),
        |of| format!("\"{}\"", factor(of.as_ref(), language)),
    )
}

/// `(vicious circle; weakest step: presumed)`.
fn remarks(path: &MechanismPath, language: Language) -> String {
    let weakest = language.say(path.weakest_certainty().shown());
    let certainty = knowledge::at_least(language, weakest);
    if path.circle {
        format!(" ({}; {certainty})", knowledge::vicious_circle(language))
    } else {
        format!(" ({certainty})")
    }
}
