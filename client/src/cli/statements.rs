//! How statements of the report are told: factors, mechanisms with what they rest on, paths, cited works.

use groeikern_client::v1::{Citation, FactorRef, Mechanism, MechanismPath, StatementBasis};

use super::{
    commands::BETWEEN_NAMES,
    language::{Language, sentences, words::Word},
    sheet::Cell,
};

/// Between the factors along a path.
const ARROW: &str = " → ";

/// The name of a factor.
pub(crate) fn factor(factor: Option<&FactorRef>, language: Language) -> &str {
    language.of(factor.and_then(|factor| factor.name.as_ref()))
}

/// The id of a factor.
pub(crate) fn factor_id(factor: Option<&FactorRef>) -> &str {
    factor.map_or("", |factor| factor.id.as_str())
}

/// The factors along a path: `A → B → C`.
pub(crate) fn along(path: &MechanismPath, language: Language) -> String {
    let first = path
        .steps
        .first()
        .map(|step| factor(step.cause.as_ref(), language));
    let effects = path
        .steps
        .iter()
        .map(|step| factor(step.effect.as_ref(), language));
    first.into_iter().chain(effects).collect::<Vec<_>>().join(ARROW)
}

/// What a mechanism rests on: `section 5.2; literature, interviews; stated; WRR 2020`.
pub(crate) fn grounds(step: &Mechanism, language: Language) -> String {
    let parts = [
        sentences::section(language, &step.section),
        rests_on(step.basis(), language),
        language.say(step.certainty().shown()).to_owned(),
        cited(&step.citations),
    ];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(BETWEEN_NAMES)
}

/// What a statement rests on, in words.
pub(crate) fn rests_on(basis: impl Iterator<Item = StatementBasis>, language: Language) -> String {
    let words: Vec<&str> = basis.map(|basis| language.say(basis.shown())).collect();
    words.join(", ")
}

/// The same for scripts.
pub(crate) fn stable_basis(basis: impl Iterator<Item = StatementBasis>) -> Cell {
    let words: Vec<String> = basis.map(Word::stable).collect();
    Cell::text(words.join(BETWEEN_NAMES))
}

/// Works as a text refers to them: `WRR 2020; Buitelaar et al. 2016`.
pub(crate) fn cited(citations: &[Citation]) -> String {
    let works = citations
        .iter()
        .map(|work| format!("{} {}", work.author, work.year));
    works.collect::<Vec<_>>().join(BETWEEN_NAMES)
}

/// The ids of works.
pub(crate) fn citation_ids(citations: &[Citation]) -> Cell {
    let ids: Vec<&str> = citations.iter().map(|work| work.id.as_str()).collect();
    Cell::text(ids.join(BETWEEN_NAMES))
}
