//! `editions show`: one edition with its sources, imports and counts.

use groeikern_client::v1::{Edition, GetEditionRequest, GetEditionResponse, ImportUnit, Source};

use crate::cli::{
    answer::{Answer, Part},
    arguments::Show,
    exit::Failure,
    language::{Language, Phrase, headings},
    session::Session,
    sheet::{Cell, Column, Sheet},
};

const IMPORTS: [Column<ImportUnit>; 6] = [
    Column::new("recipe_id", headings::RECIPE, |unit: &ImportUnit, _| {
        Cell::text(&unit.recipe_id)
    })
    .unbroken(),
    Column::new("period", headings::PERIOD, |unit, _| Cell::text(&unit.period)),
    Column::new("source_version", headings::VERSION, |unit, _| {
        Cell::text(&unit.source_version)
    }),
    Column::new("retrieved", headings::RETRIEVED, |unit, _| {
        Cell::text(&unit.retrieved)
    }),
    Column::new("values", headings::FIGURES, |unit, _| Cell::Integer(unit.values)),
    Column::new("without_value", headings::MISSING, |unit, _| {
        Cell::Integer(unit.without_value)
    }),
];

const SOURCES: [Column<Source>; 3] = [
    Column::new("source_id", headings::SOURCE, |source: &Source, _| {
        Cell::text(&source.id)
    })
    .unbroken(),
    Column::new("title", headings::TITLE, |source, language| {
        Cell::localized(source.title.as_ref(), language)
    }),
    Column::new("year", headings::YEAR, |source, _| Cell::text(&source.year)),
];

pub(super) async fn ask(session: &mut Session, arguments: &Show) -> Result<Answer, Failure> {
    let edition = arguments.id.clone().unwrap_or_else(|| session.edition());
    let response = session.client.get_edition(GetEditionRequest { edition }).await?;
    Ok(answer(&response, session.language))
}

fn answer(response: &GetEditionResponse, language: Language) -> Answer {
    let edition = response.edition.clone().unwrap_or_default();
    let summary = edition.summary.clone().unwrap_or_default();
    // An edition without imports has sources all the same.
    let sheet = if edition.import_units.is_empty() {
        Sheet::of(&edition.sources, &SOURCES, language)
    } else {
        Sheet::of(&edition.import_units, &IMPORTS, language)
    };
    let title = language.of(edition.title.as_ref());
    Answer::new("GetEditionResponse", response, sheet)
        .titled(format!("{title}: {} ({})", summary.name, summary.id))
        .below([Part::Facts(facts(&edition, language))])
}

fn facts(edition: &Edition, language: Language) -> Vec<(Phrase, String)> {
    let summary = edition.summary.clone().unwrap_or_default();
    let counts = edition.counts.unwrap_or_default();
    let number = match summary.restores {
        Some(restored) => format!("{} (= {restored})", summary.sequence),
        None => summary.sequence.to_string(),
    };
    let current = Phrase::new("ja", "yes");
    vec![
        (headings::NUMBER, number),
        (
            headings::CURRENT,
            if summary.current {
                language.say(current).to_owned()
            } else {
                String::new()
            },
        ),
        (headings::METHOD, summary.method_version),
        (headings::BYTES, summary.size_bytes.to_string()),
        (headings::INDICATORS, counts.indicators.to_string()),
        (headings::MUNICIPALITIES, counts.regions.to_string()),
        (headings::FIGURES, counts.observations.to_string()),
        (
            Phrase::new("gedrukte posities", "printed positions"),
            counts.published_positions.to_string(),
        ),
        (
            Phrase::new("mechanismen", "mechanisms"),
            counts.mechanisms.to_string(),
        ),
        (
            Phrase::new("aanbevelingen", "recommendations"),
            counts.recommendations.to_string(),
        ),
    ]
}
