//! What advice and its derivation are called, and sentences about them.

use groeikern_client::v1::{DerivationKind, FactorRole};

use super::{
    Language,
    Language::{En, Nl},
    Phrase,
    words::{NOTHING, Word, without_prefix},
};

impl Word for DerivationKind {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "DERIVATION_KIND_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Class => Phrase::new("klasse", "class"),
            Self::Need => Phrase::new("noodzaak", "need"),
            Self::Factor => Phrase::new("factor", "factor"),
            Self::Figure => Phrase::new("ernst", "severity"),
            Self::WithoutFigure => Phrase::new("geen cijfer", "no figure"),
            Self::Coverage => Phrase::new("dekking", "coverage"),
            Self::Trigger => Phrase::new("extra signaal", "trigger"),
            Self::Theme => Phrase::new("thema", "theme"),
            Self::Mean => Phrase::new("gemiddelde", "mean"),
            Self::Score => Phrase::new("score", "score"),
            Self::Grade => Phrase::new("cijfer", "grade"),
            Self::Observation => Phrase::new("waarde", "value"),
            Self::MaskedDistricts => Phrase::new("wijken die een buurt verbergen", "masked districts"),
            Self::PublishedPosition => Phrase::new("gepubliceerde positie", "published position"),
        }
    }
}

impl Word for FactorRole {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "FACTOR_ROLE_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Countered => Phrase::new("wordt aangepakt", "worked on"),
            Self::Signal => Phrase::new("signaal", "signal"),
            Self::Downstream => Phrase::new("gevolg", "consequence"),
        }
    }
}

/// Title of an explanation.
pub(crate) fn explained_for(language: Language, subject: &str) -> String {
    match language {
        Nl => format!("Uitleg van een aanbeveling voor {subject}"),
        En => format!("Explanation of a recommendation for {subject}"),
    }
}

/// A value with what it is of: `12,3 (2020, berekend)`.
pub(crate) fn value_of_period(value: &str, period: &str, basis: &str) -> String {
    format!("{value} ({period}, {basis})")
}

/// Recommendations that a filter left out; empty for none.
pub(crate) fn left_out(language: Language, count: u32) -> String {
    match (language, count) {
        (_, 0) => String::new(),
        (Nl, 1) => "1 aanbeveling is weggelaten, omdat er niet naar gevraagd is.".to_owned(),
        (En, 1) => "1 recommendation is left out, because it was not asked for.".to_owned(),
        (Nl, _) => format!("{count} aanbevelingen zijn weggelaten, omdat er niet naar gevraagd is."),
        (En, _) => format!("{count} recommendations are left out, because they were not asked for."),
    }
}

/// The need among the municipalities around.
pub(crate) fn need_around(
    language: Language,
    (class, need): (&str, Option<f64>),
    municipalities: usize,
) -> String {
    let need = need.map_or_else(String::new, |need| format!(" ({})", language.number(need, 3)));
    match (language, municipalities) {
        (Nl, 1) => format!("{class}{need}, gemeten naast de ene genoemde gemeente"),
        (En, 1) => format!("{class}{need}, measured beside the one municipality named"),
        (Nl, _) => format!("{class}{need}, gemeten te midden van {municipalities} genoemde gemeenten"),
        (En, _) => format!("{class}{need}, measured among the {municipalities} municipalities named"),
    }
}

/// That advice stays as it is.
pub(crate) fn advice_stays(language: Language) -> &'static str {
    language.say(Phrase::new(
        "Geen aanbeveling verandert van klasse.",
        "No recommendation changes class.",
    ))
}

/// Recommendations of which only the need moves; empty for none.
pub(crate) fn only_need_moves(language: Language, count: usize) -> String {
    match (language, count) {
        (_, 0) => String::new(),
        (Nl, 1) => "Van 1 aanbeveling verschuift alleen de noodzaak; -o json noemt haar.".to_owned(),
        (En, 1) => "Of 1 recommendation only the need moves; -o json names it.".to_owned(),
        (Nl, _) => format!("Van {count} aanbevelingen verschuift alleen de noodzaak; -o json noemt ze."),
        (En, _) => format!("Of {count} recommendations only the need moves; -o json names them."),
    }
}
