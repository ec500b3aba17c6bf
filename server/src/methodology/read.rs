//! The files of `data/method/` -> the method, checked: both languages everywhere, ids once, references that exist.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{
    Chapter, Check, Constant, Example, Methodology, Reference, Section, Step, Symbol, constants,
    in_both_languages,
};
use crate::domain::Text;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$((concat!("data/method/", $name), include_str!(concat!("../../../data/method/", $name)))),*]
    };
}

/// How to read the method, and the papers it rests on.
const INTRODUCTION: [(&str, &str); 1] = files!["introduction.toml"];

/// The chapters in reading order.
const CHAPTERS: [(&str, &str); 14] = files![
    "positions.toml",
    "groups.toml",
    "grades.toml",
    "figures.toml",
    "composites.toml",
    "sensitivity.toml",
    "trends.toml",
    "reorganisations.toml",
    "changes.toml",
    "editions.toml",
    "masking.toml",
    "flows.toml",
    "advice.toml",
    "exactness.toml",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IntroductionRows {
    introduction_nl: String,
    introduction_en: String,
    #[serde(rename = "reference")]
    references: Vec<ReferenceRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferenceRow {
    id: String,
    authors: String,
    year: i32,
    title: String,
    published: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChapterRows {
    id: String,
    title_nl: String,
    title_en: String,
    #[serde(rename = "section")]
    sections: Vec<SectionRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionRow {
    id: String,
    title_nl: String,
    title_en: String,
    meaning_nl: String,
    meaning_en: String,
    formula: Option<String>,
    formula_nl: Option<String>,
    formula_en: Option<String>,
    source_nl: String,
    source_en: String,
    #[serde(default)]
    references: Vec<String>,
    ours_nl: String,
    ours_en: String,
    limits_nl: String,
    limits_en: String,
    #[serde(rename = "symbol", default)]
    symbols: Vec<SymbolRow>,
    #[serde(rename = "constant", default)]
    constants: Vec<ConstantRow>,
    #[serde(rename = "example")]
    examples: Vec<ExampleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SymbolRow {
    symbol: Option<String>,
    symbol_nl: Option<String>,
    symbol_en: Option<String>,
    nl: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConstantRow {
    id: String,
    nl: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleRow {
    given_nl: String,
    given_en: String,
    #[serde(rename = "step")]
    steps: Vec<StepRow>,
    result_nl: String,
    result_en: String,
    #[serde(rename = "check")]
    checks: Vec<CheckRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepRow {
    nl: String,
    en: String,
    #[serde(default)]
    calculation: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckRow {
    function: String,
    inputs: BTreeMap<String, Numbers>,
    results: Vec<f64>,
    decimals: u32,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Numbers {
    One(f64),
    Several(Vec<f64>),
}

/// The method that is compiled in.
pub(super) fn built_in() -> Result<Methodology, String> {
    read(&INTRODUCTION[0], &CHAPTERS)
}

/// Reads the introduction and the chapters, each with the name of its file.
pub(super) fn read(introduction: &(&str, &str), chapters: &[(&str, &str)]) -> Result<Methodology, String> {
    let rows: IntroductionRows = rows_of(introduction)?;
    let mut texts = Texts::default();
    let introduction = texts.pair("introduction", &rows.introduction_nl, &rows.introduction_en);
    let references: BTreeMap<String, Reference> = rows
        .references
        .into_iter()
        .map(|row| (row.id.clone(), reference(row)))
        .collect();
    let mut found = Vec::new();
    for file in chapters {
        let rows: ChapterRows = rows_of(file)?;
        texts.once(&format!("chapter {}", rows.id));
        let title = texts.pair(&rows.id, &rows.title_nl, &rows.title_en);
        let sections = rows.sections.into_iter();
        found.push(Chapter {
            sections: sections
                .map(|row| section(row, &references, &mut texts))
                .collect(),
            id: rows.id,
            title,
        });
    }
    if texts.wrong.is_empty() {
        Ok(Methodology {
            introduction,
            chapters: found,
        })
    } else {
        Err(texts.wrong.join("; "))
    }
}

fn rows_of<T: for<'a> Deserialize<'a>>((name, text): &(&str, &str)) -> Result<T, String> {
    toml::from_str(text).map_err(|error| format!("{name}: {error}"))
}

fn reference(row: ReferenceRow) -> Reference {
    Reference {
        id: row.id,
        authors: row.authors,
        year: row.year,
        title: row.title,
        published: row.published,
    }
}

fn section(row: SectionRow, known: &BTreeMap<String, Reference>, texts: &mut Texts) -> Section {
    let id = row.id;
    texts.once(&format!("section {id}"));
    if row.examples.is_empty() {
        texts.wrong.push(format!("{id} has no example"));
    }
    let mut references = Vec::new();
    for wanted in row.references {
        match known.get(&wanted) {
            Some(reference) => references.push(reference.clone()),
            None => texts
                .wrong
                .push(format!("{id} refers to `{wanted}`, which is no reference")),
        }
    }
    let symbols = row.symbols.into_iter().map(|row| Symbol {
        meaning: texts.pair(&id, &row.nl, &row.en),
        symbol: texts.notation(
            &id,
            row.symbol.map(|both| Text::new(&both, &both)),
            row.symbol_nl,
            row.symbol_en,
        ),
    });
    let symbols = symbols.collect();
    let mut constant_rows = Vec::new();
    for row in row.constants {
        if !constants::is_known(&row.id) {
            texts.wrong.push(format!(
                "{id} names the constant `{}`, which has no value",
                row.id
            ));
        }
        constant_rows.push(Constant {
            name: texts.pair(&id, &row.nl, &row.en),
            id: row.id,
        });
    }
    let examples = row
        .examples
        .into_iter()
        .map(|row| example(&id, row, texts))
        .collect();
    Section {
        title: texts.pair(&id, &row.title_nl, &row.title_en),
        meaning: texts.pair(&id, &row.meaning_nl, &row.meaning_en),
        formula: texts.notation(
            &id,
            row.formula.map(|both| in_both_languages(both.trim())),
            row.formula_nl,
            row.formula_en,
        ),
        symbols,
        constants: constant_rows,
        source: texts.pair(&id, &row.source_nl, &row.source_en),
        references,
        ours: texts.pair(&id, &row.ours_nl, &row.ours_en),
        examples,
        limits: texts.pair(&id, &row.limits_nl, &row.limits_en),
        id,
    }
}

fn example(id: &str, row: ExampleRow, texts: &mut Texts) -> Example {
    if row.steps.is_empty() || row.checks.is_empty() {
        texts
            .wrong
            .push(format!("an example of {id} has no steps or no checks"));
    }
    let steps = row.steps.into_iter().map(|row| Step {
        text: texts.pair(id, &row.nl, &row.en),
        calculation: in_both_languages(row.calculation.trim()),
        neutral: row.calculation.trim().to_owned(),
    });
    let steps = steps.collect();
    let checks = row.checks.into_iter().map(|row| Check {
        function: row.function,
        inputs: row
            .inputs
            .into_iter()
            .map(|(name, numbers)| {
                let numbers = match numbers {
                    Numbers::One(number) => vec![number],
                    Numbers::Several(numbers) => numbers,
                };
                (name, numbers)
            })
            .collect(),
        results: row.results,
        decimals: row.decimals,
    });
    Example {
        given: texts.pair(id, &row.given_nl, &row.given_en),
        steps,
        result: texts.pair(id, &row.result_nl, &row.result_en),
        checks: checks.collect(),
    }
}

/// What has been read, and what is wrong with it.
#[derive(Default)]
struct Texts {
    seen: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Texts {
    fn once(&mut self, what: &str) {
        if !self.seen.insert(what.to_owned()) {
            self.wrong.push(format!("{what} stands twice"));
        }
    }

    fn pair(&mut self, id: &str, nl: &str, en: &str) -> Text {
        let text = Text::new(paragraphs(nl), paragraphs(en));
        if text.nl.is_empty() || text.en.is_empty() {
            self.wrong
                .push(format!("{id} has a text that is empty in a language"));
        }
        text
    }

    /// A formula or symbol: one for both languages, or one for each where there are words in it.
    fn notation(&mut self, id: &str, both: Option<Text>, nl: Option<String>, en: Option<String>) -> Text {
        match (both, nl, en) {
            (Some(both), None, None) if !both.nl.is_empty() => both,
            (None, Some(nl), Some(en)) if !nl.trim().is_empty() && !en.trim().is_empty() => {
                Text::new(nl.trim(), en.trim())
            }
            _ => {
                let message = "needs a formula or symbol for both languages, or one for each";
                self.wrong.push(format!("{id} {message}"));
                Text::default()
            }
        }
    }
}

/// The text with its paragraphs on a line each and an empty line between them: where a line is broken in the file means
/// nothing.
fn paragraphs(text: &str) -> String {
    let joined = |paragraph: &str| paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let paragraphs = text
        .split("\n\n")
        .map(joined)
        .filter(|paragraph| !paragraph.is_empty());
    paragraphs.collect::<Vec<_>>().join("\n\n")
}
