//! `factors`: what is at work, and what leads to one factor and comes of it.

use groeikern_client::v1::{
    Factor, FactorAtDistance, GetFactorRequest, GetFactorResponse, IndicatorRef, ListFactorsRequest,
    ListFactorsResponse, Mechanism,
};

use super::{BETWEEN_NAMES, findings};
use crate::cli::{
    answer::{Answer, Part},
    arguments::Factors,
    exit::Failure,
    language::{Language, Phrase, headings, knowledge, words::Tone},
    pages::{LARGEST_PAGE, whole},
    session::Session,
    sheet::{Cell, Column, Sheet},
    statements::{factor, factor_id, grounds},
    themes::Themes,
};

const COLUMNS: [Column<Factor>; 10] = [
    Column::new("factor_id", headings::ID, |factor: &Factor, _| {
        Cell::text(&factor.id)
    })
    .unbroken(),
    Column::new("factor", knowledge::FACTOR, |factor, language| {
        Cell::localized(factor.name.as_ref(), language)
    }),
    Column::tsv_only("theme_id", |factor, _| Cell::text(&factor.theme_id)),
    Column::new("causes", knowledge::CAUSES, |factor, _| {
        Cell::Integer(factor.causes.into())
    }),
    Column::new("effects", knowledge::EFFECTS, |factor, _| {
        Cell::Integer(factor.effects.into())
    }),
    Column::new("indicators", headings::INDICATORS, |factor, _| {
        Cell::Integer(u64::try_from(factor.indicators.len()).unwrap_or_default())
    }),
    Column::tsv_only("indicator_ids", |factor, _| ids(&factor.indicators)),
    Column::tsv_only("context_indicator_ids", |factor, _| {
        ids(&factor.context_indicators)
    }),
    Column::tsv_only("programmes", |factor, language| {
        Cell::text(programmes(factor, language))
    }),
    Column::tsv_only("caveat", |factor, language| {
        Cell::localized(factor.caveat.as_ref(), language)
    }),
];

/// A factor some steps away, in one direction.
struct Reached {
    factor_id: String,
    direction: &'static str,
    other: FactorAtDistance,
}

const REACHED: [Column<Reached>; 5] = [
    Column::tsv_only("factor_id", |row: &Reached, _| Cell::text(&row.factor_id)),
    Column::tsv_only("direction", |row, _| Cell::text(row.direction)),
    Column::new("steps", knowledge::STEPS_AWAY, |row, _| {
        Cell::Integer(row.other.steps.into())
    }),
    Column::new("other_factor_id", headings::ID, |row: &Reached, _| {
        Cell::text(factor_id(row.other.factor.as_ref()))
    })
    .unbroken(),
    Column::new("other_factor", knowledge::FACTOR, |row, language| {
        Cell::text(factor(row.other.factor.as_ref(), language))
    }),
];

fn ids(indicators: &[IndicatorRef]) -> Cell {
    let ids: Vec<&str> = indicators.iter().map(|indicator| indicator.id.as_str()).collect();
    Cell::text(ids.join(BETWEEN_NAMES))
}

fn names(indicators: &[IndicatorRef], language: Language) -> String {
    let names = indicators
        .iter()
        .map(|indicator| language.of(indicator.name.as_ref()));
    names.collect::<Vec<_>>().join(BETWEEN_NAMES)
}

fn programmes(factor: &Factor, language: Language) -> String {
    let names = factor
        .programmes
        .iter()
        .map(|programme| language.of(programme.name.as_ref()));
    names.collect::<Vec<_>>().join(BETWEEN_NAMES)
}

pub(super) async fn ask(session: &mut Session, arguments: &Factors) -> Result<Answer, Failure> {
    if !arguments.factor.is_empty() {
        let factor_id = session.factor(&arguments.factor.join(" ")).await?;
        let request = GetFactorRequest {
            edition: session.edition(),
            factor_id,
        };
        let response = session.client.get_factor(request).await?;
        return Ok(one(&response, session.language));
    }
    let themes = session.themes().await?;
    let theme_id = match &arguments.theme {
        None => String::new(),
        Some(typed) => session.theme(typed, &themes).await?,
    };
    let request = ListFactorsRequest {
        edition: session.edition(),
        theme_id,
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let response = whole(session.client.list_factors_pages(request)).await?;
    Ok(list(&response, &themes, session.language))
}

fn list(response: &ListFactorsResponse, themes: &Themes, language: Language) -> Answer {
    let titles = |factor: &Factor| themes.place(&factor.theme_id, "").titles(language);
    let sheet = Sheet::of(&response.factors, &COLUMNS, language).titled(&response.factors, titles);
    let read_on = language.say(Phrase::new(
        "Lees verder met: groeikern factors FACTOR",
        "Read on with: groeikern factors FACTOR",
    ));
    Answer::new("ListFactorsResponse", response, sheet)
        .below([Part::sentences([read_on.to_owned()])])
        .quoting(response.metadata.as_ref())
}

fn one(response: &GetFactorResponse, language: Language) -> Answer {
    let factor = response.factor.clone().unwrap_or_default();
    let reached = |direction: &'static str, others: &[FactorAtDistance]| -> Vec<Reached> {
        let others = others.iter().cloned();
        others
            .map(|other| Reached {
                factor_id: factor.id.clone(),
                direction,
                other,
            })
            .collect()
    };
    let rows: Vec<Reached> = reached("cause", &response.upstream)
        .into_iter()
        .chain(reached("effect", &response.downstream))
        .collect();
    let direction = |row: &Reached| {
        let heading = if row.direction == "cause" {
            knowledge::FROM_FAR
        } else {
            knowledge::TO_FAR
        };
        vec![language.say(heading).to_owned()]
    };
    let facts = vec![
        (knowledge::MEASURED_BY, names(&factor.indicators, language)),
        (headings::CONTEXT, names(&factor.context_indicators, language)),
        (knowledge::PROGRAMMES, programmes(&factor, language)),
        (knowledge::CAUSES, arrows(&response.causes, language)),
        (knowledge::EFFECTS, arrows(&response.effects, language)),
        (
            headings::REMARKS,
            [&factor.caveat, &factor.note]
                .map(|text| language.of(text.as_ref()).to_owned())
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join("\n"),
        ),
    ];
    let mut below = vec![
        Part::Heading {
            text: language.say(knowledge::IN_SHORT).to_owned(),
            word: "",
            tone: Tone::Plain,
        },
        Part::Facts(facts),
    ];
    if !response.findings.is_empty() {
        below.push(Part::Heading {
            text: language.say(knowledge::FINDINGS).to_owned(),
            word: "",
            tone: Tone::Plain,
        });
        below.push(Part::Sheet(findings::sheet(&response.findings, language)));
    }
    Answer::new(
        "GetFactorResponse",
        response,
        Sheet::of(&rows, &REACHED, language).titled(&rows, direction),
    )
    .titled(format!("{} ({})", language.of(factor.name.as_ref()), factor.id))
    .below(below)
    .quoting(response.metadata.as_ref())
}

/// Mechanisms on a line each: `A → B (section 2.2; interviews; stated)`.
fn arrows(mechanisms: &[Mechanism], language: Language) -> String {
    let lines = mechanisms.iter().map(|step| {
        let (cause, effect) = (
            factor(step.cause.as_ref(), language),
            factor(step.effect.as_ref(), language),
        );
        format!("{cause} → {effect} ({})", grounds(step, language))
    });
    lines.collect::<Vec<_>>().join("\n")
}
