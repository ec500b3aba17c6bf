//! `coherence`: how the problems of a municipality or group hang together.

use groeikern_client::v1::{
    AnalyseCoherenceRequest, AnalyseCoherenceResponse, ConnectingFactor, ListRecommendationsRequest,
    Recommendation, RegionSelection, SharedEvidence, ThemePair, UnfavourableTogether,
    analyse_coherence_request::Subject, analyse_coherence_response::Subject as Analysed,
};

use super::{mechanisms, recommend};
use crate::cli::{
    answer::{Answer, Part},
    arguments::Coherence,
    exit::Failure,
    language::{Language, Phrase, headings, knowledge, sentences, words::Tone},
    names::ForWhom,
    pages::{LARGEST_PAGE, whole},
    session::Session,
    sheet::{Cell, Column, Sheet},
    statements::factor,
};

/// Factors and pairs of recommendations that a table lists at most.
const MOST_ROWS: usize = 10;
/// Paths between two themes that a table tells at most.
const MOST_PATHS: usize = 2;

/// Two unfavourable themes with the names of both, and whom the analysis is of.
struct Row {
    subject_id: String,
    names: [String; 2],
    pair: ThemePair,
}

const COLUMNS: [Column<Row>; 11] = [
    Column::tsv_only("subject_id", |row: &Row, _| Cell::text(&row.subject_id)),
    Column::tsv_only("first_theme_id", |row, _| Cell::text(&row.pair.first_theme_id)),
    Column::tsv_only("second_theme_id", |row, _| Cell::text(&row.pair.second_theme_id)),
    Column::table_only(knowledge::PAIR, |row, _| Cell::text(row.names.join(" – "))),
    Column::new("paths", knowledge::PATHS, |row, _| {
        Cell::Integer(row.pair.path_count.into())
    }),
    Column::table_only(knowledge::TOGETHER, |row, language| {
        let together = row.pair.together.as_ref();
        together.map_or(Cell::Absent, |counts| {
            Cell::text(knowledge::together(language, counts))
        })
    }),
    Column::tsv_only("municipalities", |row, _| counted(row, |of| of.municipalities)),
    Column::tsv_only("first_unfavourable", |row, _| counted(row, |of| of.first)),
    Column::tsv_only("second_unfavourable", |row, _| counted(row, |of| of.second)),
    Column::tsv_only("both_unfavourable", |row, _| counted(row, |of| of.both)),
    Column::tsv_only("both_expected", |row, _| {
        Cell::number(row.pair.together.as_ref().map(|of| of.expected), 1)
    }),
];

fn counted(row: &Row, part: fn(&UnfavourableTogether) -> u32) -> Cell {
    let together = row.pair.together.as_ref();
    together.map_or(Cell::Absent, |of| Cell::Integer(part(of).into()))
}

const FACTORS: [Column<ConnectingFactor>; 4] = [
    Column::new("factor", knowledge::FACTOR, |of: &ConnectingFactor, language| {
        Cell::text(factor(of.factor.as_ref(), language))
    }),
    Column::new("through", knowledge::THROUGH, |of, _| {
        Cell::Integer(of.through.into())
    }),
    Column::new("starting", knowledge::STARTING, |of, _| {
        Cell::Integer(of.starting.into())
    }),
    Column::new("ending", knowledge::ENDING, |of, _| {
        Cell::Integer(of.ending.into())
    }),
];

/// Two recommendations by number and title.
struct Shared {
    titles: [String; 2],
    evidence: SharedEvidence,
}

const SHARED: [Column<Shared>; 5] = [
    Column::new("first", headings::RECOMMENDATION, |of: &Shared, _| {
        Cell::text(&of.titles[0])
    }),
    Column::new("second", headings::RECOMMENDATION, |of, _| {
        Cell::text(&of.titles[1])
    }),
    Column::new("indicators", knowledge::IN_COMMON, |of, _| {
        Cell::Integer(u64::try_from(of.evidence.indicators.len()).unwrap_or_default())
    }),
    Column::new("share_of_first", knowledge::EITHER, |of, _| {
        Cell::Share(of.evidence.share_of_first_need)
    }),
    Column::new("share_of_second", knowledge::SECOND, |of, _| {
        Cell::Share(of.evidence.share_of_second_need)
    }),
];

pub(super) async fn ask(session: &mut Session, arguments: &Coherence) -> Result<Answer, Failure> {
    let subject = match session.for_whom(&arguments.for_whom).await? {
        ForWhom::Region(code) => Subject::RegionCode(code),
        ForWhom::Group(id) => Subject::GroupId(id),
        ForWhom::Regions(region_codes) => Subject::Regions(RegionSelection { region_codes }),
    };
    let request = AnalyseCoherenceRequest {
        edition: session.edition(),
        subject: Some(subject),
        basis: arguments.figures.basis().into(),
        longest: arguments.longest.into(),
    };
    let response = session.client.analyse_coherence(request).await?;
    session.stay_with(response.metadata.as_ref());
    let request = ListRecommendationsRequest {
        edition: session.edition(),
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let all = whole(session.client.list_recommendations_pages(request)).await?;
    Ok(answer(&response, &all.recommendations, session.language))
}

fn answer(
    response: &AnalyseCoherenceResponse,
    recommendations: &[Recommendation],
    language: Language,
) -> Answer {
    let (subject_id, subject) = subject(response, language);
    let rows: Vec<Row> = response
        .pairs
        .iter()
        .map(|pair| Row {
            subject_id: subject_id.clone(),
            names: names(response, pair, language),
            pair: pair.clone(),
        })
        .collect();
    Answer::new(
        "AnalyseCoherenceResponse",
        response,
        Sheet::of(&rows, &COLUMNS, language),
    )
    .titled(knowledge::coherence_of(language, &subject))
    .below(below(response, recommendations, &rows, language))
    .quoting(response.metadata.as_ref())
}

fn subject(response: &AnalyseCoherenceResponse, language: Language) -> (String, String) {
    match &response.subject {
        Some(Analysed::Region(region)) => recommend::of_region(region),
        Some(Analysed::Group(group)) => recommend::of_group(group, language),
        Some(Analysed::Regions(set)) => recommend::of_regions(set, language),
        None => Default::default(),
    }
}

fn names(response: &AnalyseCoherenceResponse, pair: &ThemePair, language: Language) -> [String; 2] {
    [&pair.first_theme_id, &pair.second_theme_id].map(|id| {
        let theme = response.themes.iter().find(|theme| theme.theme_id == *id);
        language
            .of(theme.and_then(|theme| theme.name.as_ref()))
            .to_owned()
    })
}

fn below(
    response: &AnalyseCoherenceResponse,
    recommendations: &[Recommendation],
    rows: &[Row],
    language: Language,
) -> Vec<Part> {
    let heading = |text: Phrase| Part::Heading {
        text: language.say(text).to_owned(),
        word: "",
        tone: Tone::Plain,
    };
    let mut parts = Vec::new();
    if rows.is_empty() {
        parts.push(Part::sentences([knowledge::fewer_than_two(language).to_owned()]));
    } else if rows.iter().all(|row| row.pair.together.is_none()) {
        parts.push(Part::sentences([knowledge::too_few_values(language).to_owned()]));
    }
    parts.push(Part::Heading {
        text: sentences::themes_on_average(language).to_owned(),
        word: "",
        tone: Tone::Plain,
    });
    parts.push(Part::Sheet(recommend::themes(&response.themes, language)));
    for row in rows.iter().filter(|row| !row.pair.paths.is_empty()) {
        parts.push(Part::Heading {
            text: row.names.join(" – "),
            word: language.say(knowledge::SHORTEST_PATHS),
            tone: Tone::Plain,
        });
        let shown = &row.pair.paths[..row.pair.paths.len().min(MOST_PATHS)];
        parts.push(Part::Sheet(mechanisms::steps(shown, language)));
    }
    let few = |count: usize| knowledge::more_rows(language, count.saturating_sub(MOST_ROWS));
    if !response.factors.is_empty() {
        let shown = &response.factors[..response.factors.len().min(MOST_ROWS)];
        parts.push(heading(knowledge::CONNECTING_FACTORS));
        parts.push(Part::Sheet(Sheet::of(shown, &FACTORS, language)));
        parts.push(Part::sentences([few(response.factors.len())]));
    }
    if !response.shared_evidence.is_empty() {
        let title = |id: &str| {
            let found = recommendations.iter().find(|of| of.id == id);
            found.map_or_else(|| id.to_owned(), |of| titled(of, language))
        };
        let shown = response.shared_evidence.iter().take(MOST_ROWS);
        let shown = shown.map(|evidence| Shared {
            titles: [
                &evidence.first_recommendation_id,
                &evidence.second_recommendation_id,
            ]
            .map(|id| title(id)),
            evidence: evidence.clone(),
        });
        let shown: Vec<Shared> = shown.collect();
        parts.push(heading(knowledge::SHARED_EVIDENCE));
        parts.push(Part::Sheet(Sheet::of(&shown, &SHARED, language)));
        parts.push(Part::sentences([few(response.shared_evidence.len())]));
    }
    parts
}

/// `8.2.6 Give young people places`.
fn titled(recommendation: &Recommendation, language: Language) -> String {
    let Recommendation { section, number, .. } = recommendation;
    format!(
        "{section}.{number} {}",
        language.of(recommendation.title.as_ref())
    )
}
