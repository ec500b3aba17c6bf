//! `method`: the sections of the method, or one of them as a text to read.

use groeikern_client::v1::{
    ErrorReason, GetMethodRequest, GetMethodResponse, MethodConstant, MethodExample, MethodReference,
    MethodSection, MethodSymbol, SearchHit,
};

use crate::cli::{
    answer::{Answer, Part},
    arguments::Method,
    exit::Failure,
    language::{Language, Phrase, headings, words::Tone},
    names::choose,
    session::Session,
    sheet::{Cell, Column, Sheet, Show},
};

fn columns() -> Vec<Column<MethodSection>> {
    vec![
        Column::tsv_only("chapter_id", |section: &MethodSection, _| {
            Cell::text(&section.chapter_id)
        }),
        Column::tsv_only("chapter", |section, language| {
            Cell::localized(section.chapter_title.as_ref(), language)
        }),
        Column::new("section_id", headings::ID, |section: &MethodSection, _| {
            Cell::text(&section.id)
        })
        .unbroken(),
        Column::new("section", headings::SECTION, |section, language| {
            Cell::localized(section.title.as_ref(), language)
        }),
        Column::tsv_only("meaning", |section, language| {
            Cell::localized(section.meaning.as_ref(), language)
        }),
        Column::tsv_only("formula", |section, language| {
            Cell::localized(section.formula.as_ref(), language)
        }),
        Column::tsv_only("limits", |section, language| {
            Cell::localized(section.limits.as_ref(), language)
        }),
        Column::tsv_only("source", |section, language| {
            Cell::localized(section.source.as_ref(), language)
        }),
        Column::tsv_only("ours", |section, language| {
            Cell::localized(section.ours.as_ref(), language)
        }),
    ]
}

const SYMBOLS: [Column<MethodSymbol>; 2] = [
    Column::new("symbol", headings::SYMBOL, |symbol: &MethodSymbol, language| {
        Cell::localized(symbol.symbol.as_ref(), language)
    })
    .unbroken(),
    Column::new("meaning", headings::MEANING, |symbol, language| {
        Cell::localized(symbol.meaning.as_ref(), language)
    }),
];

const CONSTANTS: [Column<MethodConstant>; 3] = [
    Column::new("constant", headings::CONSTANT, |constant, language| {
        Cell::localized(constant.name.as_ref(), language)
    }),
    Column::new("value", headings::VALUE, |constant, language| {
        Cell::text(language.exact(constant.value))
    }),
    Column::new("of", headings::WHOSE, |constant, language| {
        Cell::text(language.say(if constant.of_edition {
            Phrase::new("de editie", "the edition")
        } else {
            Phrase::new("de methode", "the method")
        }))
    }),
];

pub(super) async fn ask(session: &mut Session, arguments: &Method) -> Result<Answer, Failure> {
    let typed = arguments.section.join(" ");
    let request = |section_ids| GetMethodRequest {
        edition: session.edition(),
        section_ids,
    };
    if typed.is_empty() {
        let response = session.client.get_method(request(Vec::new())).await?;
        return Ok(list(&response, session.language));
    }
    let by_id = session.client.get_method(request(vec![typed.clone()])).await;
    let response = match by_id {
        Err(unknown) if unknown.reason() == Some(ErrorReason::UnknownMethodSection) => {
            let whole = session.client.get_method(request(Vec::new())).await?;
            called(whole, &typed).ok_or(unknown)?
        }
        answered => answered?,
    };
    Ok(one(&response, session.language))
}

/// The method with only the section of this title, in either language; nothing when that leaves a doubt.
fn called(mut whole: GetMethodResponse, typed: &str) -> Option<GetMethodResponse> {
    let as_hit = |section: &MethodSection| SearchHit {
        id: section.id.clone(),
        name: section.title.clone(),
        ..Default::default()
    };
    let hits: Vec<SearchHit> = whole.sections.iter().map(as_hit).collect();
    let found = choose(typed, &hits)?;
    whole.sections.retain(|section| section.id == found.id);
    Some(whole)
}

fn list(response: &GetMethodResponse, language: Language) -> Answer {
    let chapter = |section: &MethodSection| vec![language.of(section.chapter_title.as_ref()).to_uppercase()];
    let sheet = Sheet::of(&response.sections, &columns(), language).titled(&response.sections, chapter);
    let version = &response.method_version;
    let title = match language {
        Language::Nl => format!("De methode, versie {version}"),
        Language::En => format!("The method, version {version}"),
    };
    let how_to_read_on = language.say(Phrase::new(
        "Lees verder met: groeikern method PARAGRAAF",
        "Read on with: groeikern method SECTION",
    ));
    Answer::new("GetMethodResponse", response, sheet)
        .titled(title)
        .below([Part::sentences([
            format!("{}\n", language.of(response.introduction.as_ref())),
            how_to_read_on.to_owned(),
        ])])
        .quoting(response.metadata.as_ref())
}

/// One section as a text.
fn one(response: &GetMethodResponse, language: Language) -> Answer {
    let columns: Vec<Column<MethodSection>> = columns()
        .into_iter()
        .map(|column| column.shown(Show::TsvOnly))
        .collect();
    let sheet = Sheet::of(&response.sections, &columns, language);
    let answer = Answer::new("GetMethodResponse", response, sheet).quoting(response.metadata.as_ref());
    match response.sections.first() {
        Some(section) => answer
            .titled(format!(
                "{} ({})",
                language.of(section.title.as_ref()),
                section.id
            ))
            .below(text(section, language)),
        None => answer,
    }
}

fn text(section: &MethodSection, language: Language) -> Vec<Part> {
    let say = |text| language.of(text).to_owned();
    let mut parts = vec![
        Part::Sentence(format!("{}\n", say(section.meaning.as_ref()))),
        Part::Facts(vec![(headings::FORMULA, say(section.formula.as_ref()))]),
    ];
    if !section.symbols.is_empty() {
        parts.push(Part::Inset(
            Sheet::of(&section.symbols, &SYMBOLS, language),
            String::new(),
        ));
    }
    if !section.constants.is_empty() {
        parts.push(Part::Inset(
            Sheet::of(&section.constants, &CONSTANTS, language),
            String::new(),
        ));
    }
    for example in &section.examples {
        parts.push(Part::Heading {
            text: language.say(headings::EXAMPLE).to_uppercase(),
            word: "",
            tone: Tone::Plain,
        });
        parts.push(Part::Facts(vec![
            (headings::GIVEN, say(example.given.as_ref())),
            (headings::STEPS, steps(example, language)),
            (headings::RESULT, say(example.result.as_ref())),
        ]));
    }
    let sources = std::iter::once(say(section.source.as_ref())).chain(section.references.iter().map(cited));
    let closing = [
        (headings::LIMITS, say(section.limits.as_ref())),
        (headings::SOURCE, sources.collect::<Vec<_>>().join("\n")),
        (headings::OURS, say(section.ours.as_ref())),
    ];
    for (heading, said) in closing {
        parts.push(Part::Sentence(format!(
            "{}\n{said}",
            language.say(heading).to_uppercase()
        )));
    }
    parts
}

/// The steps by number, each with its sums on lines of their own.
fn steps(example: &MethodExample, language: Language) -> String {
    let numbered = example.steps.iter().enumerate().map(|(place, step)| {
        let text = format!("{}. {}", place + 1, language.of(step.text.as_ref()));
        let sums = language.of(step.calculation.as_ref());
        if sums.is_empty() {
            text
        } else {
            format!("{text}\n{sums}")
        }
    });
    numbered.collect::<Vec<_>>().join("\n")
}

fn cited(reference: &MethodReference) -> String {
    let (authors, year) = (&reference.authors, reference.year);
    format!(
        "{authors} ({year}). {}. {}.",
        reference.title, reference.published
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use groeikern_client::v1::LocalizedText;

    fn response() -> GetMethodResponse {
        let section = |id: &str, nl: &str, en: &str| MethodSection {
            id: id.to_owned(),
            title: Some(LocalizedText {
                nl: nl.to_owned(),
                en: en.to_owned(),
            }),
            ..Default::default()
        };
        GetMethodResponse {
            sections: vec![
                section("position", "Positie", "Position"),
                section(
                    "position_of_a_mean",
                    "Positie van een gemiddelde",
                    "Position of a mean",
                ),
                section("need", "Noodzaak", "Need"),
            ],
            ..Default::default()
        }
    }

    #[test]
    fn a_section_is_found_by_its_title_in_either_language_and_never_guessed() {
        let ids = |typed: &str| {
            called(response(), typed)
                .map(|found| found.sections.iter().map(|s| s.id.clone()).collect::<Vec<_>>())
        };
        assert_eq!(ids("noodzaak"), Some(vec!["need".to_owned()]));
        assert_eq!(
            ids("Position of a mean"),
            Some(vec!["position_of_a_mean".to_owned()])
        );
        assert_eq!(ids("pos"), None);
        assert_eq!(ids("nothing"), None);
    }
}
