//! Words and sentences about exports.

use std::path::Path;

use groeikern_client::v1::{LocalizedText, ObservationOrigin, Source};

use super::{
    Language,
    Language::En,
    Language::Nl,
    Phrase,
    words::{NOTHING, Word, without_prefix},
};
use crate::cli::export::{Received, StandIn};

pub(crate) const FIGURE: Phrase = Phrase::new("gegeven", "figure");
pub(crate) const VALUE: Phrase = Phrase::new("waarde", "value");
pub(crate) const PUBLISHED_POSITION: Phrase = Phrase::new("gepubliceerde positie", "published position");
pub(crate) const INDICATOR: Phrase = Phrase::new("indicator", "indicator");
pub(crate) const REGION: Phrase = Phrase::new("gebied", "region");
pub(crate) const PERIOD: Phrase = Phrase::new("periode", "period");
pub(crate) const NOTHING_TO_EXPORT: Phrase = Phrase::new(
    "deze editie heeft geen cijfers van alles wat tegelijk is gevraagd; laat een keuze weg, of zie welke er zijn met: \
     groeikern coverage",
    "this edition has no figures of all that was asked for at once; leave out a choice, or see which there are by: \
     groeikern coverage",
);
pub(crate) const NO_PUBLISHER: Phrase = Phrase::new(
    "het beschrijvende bestand noemt geen uitgever: een catalogus wil er een, geef --publisher met een URI van de lijsten TOOI of ROR, \
     of met een naam",
    "the record names no publisher: a catalogue wants one, give --publisher with a URI of the lists TOOI or ROR, or with a name",
);
pub(crate) const NO_CONTACT: Phrase = Phrase::new(
    "het beschrijvende bestand noemt geen adres voor vragen: een catalogus wil er een, geef --contact",
    "the record names no address for questions: a catalogue wants one, give --contact",
);

/// What catalogues find a dataset by.
pub(crate) const KEYWORDS: [(&str, &str); 3] = [
    ("gemeenten", "municipalities"),
    ("indicatoren", "indicators"),
    ("leefbaarheid", "liveability"),
];

impl Word for ObservationOrigin {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "OBSERVATION_ORIGIN_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Loaded => Phrase::new("zoals de bron het geeft", "as its source gives it"),
            Self::Aggregated => Phrase::new("opgeteld of gemiddeld", "added up or averaged"),
            Self::Derived => Phrase::new("berekend uit de bron", "calculated from its source"),
        }
    }
}

/// What was written, and where.
pub(crate) fn exported(language: Language, figures: u64, file: Option<&Path>) -> String {
    match (language, file) {
        (Nl, None) => format!("{figures} gegevens"),
        (En, None) => format!("{figures} figures"),
        (Nl, Some(file)) => format!("{figures} gegevens in {}", file.display()),
        (En, Some(file)) => format!("{figures} figures in {}", file.display()),
    }
}

/// That an indicator without values of its own has a stand-in.
pub(crate) fn stands_in(language: Language, stand_in: &StandIn) -> String {
    let StandIn { of, by } = stand_in;
    match language {
        Nl => format!(
            "{of} heeft zelf geen waarden; die van {by} vervangen ze elders: exporteer die met --indicator {by}"
        ),
        En => format!(
            "{of} has no values of its own; those of {by} stand in for it elsewhere: export them by --indicator {by}"
        ),
    }
}

/// Which sources name no licence, so that the whole has none; `avoidable` when values alone are without them.
pub(crate) fn without_licence(language: Language, sources: &[&Source], avoidable: bool) -> String {
    let ids: Vec<&str> = sources.iter().map(|source| source.id.as_str()).collect();
    let ids = ids.join(", ");
    let (said, remedy) = match language {
        Nl => (
            format!("de licentie van het geheel is niet bekend, want die van {ids} is niet bekend"),
            "; --basis computed geeft alleen waarden, met bekende licenties",
        ),
        En => (
            format!("the licence of the whole is not known, because that of {ids} is not"),
            "; --basis computed gives values alone, of which licences are known",
        ),
    };
    said + if avoidable { remedy } else { "" }
}

/// The title of an exported dataset.
pub(crate) fn title(edition: &LocalizedText) -> LocalizedText {
    LocalizedText {
        nl: format!("{}: cijfers per gebied", edition.nl),
        en: format!("{}: figures by region", edition.en),
    }
}

/// What an exported dataset holds.
pub(crate) fn description(received: &Received) -> LocalizedText {
    let lists = &received.lists;
    let of = |language: Language| {
        let (figures, indicators) = (received.figures, lists.indicators.len() as u64);
        (
            language.counted(figures, FIGURE, Phrase::new("gegevens", "figures")),
            language.counted(indicators, INDICATOR, Phrase::new("indicatoren", "indicators")),
        )
    };
    let ((figures, indicators), (figures_en, indicators_en)) = (of(Nl), of(En));
    let edition = lists.edition.summary.clone().unwrap_or_default();
    let (name, id) = (edition.name, edition.id);
    LocalizedText {
        nl: format!(
            "{figures} van {indicators} over gebieden in Nederland, uit groeikern-editie {name} ({id}). Gegevens \
             zonder waarde staan erin met de reden; een ontbrekende waarde is geen nul."
        ),
        en: format!(
            "{figures_en} of {indicators_en} about regions of the Netherlands, from groeikern edition {name} ({id}). \
             Figures without a value are there with the reason; a missing value is not zero."
        ),
    }
}
