//! Words and sentences about neighbourhoods and what districts hide.

use groeikern_client::v1::{MaskedIndicator, MaskingFigures, MaskingSummary, NeighbourhoodState};

use super::{
    Language, Phrase,
    words::{NOTHING, Tone, Word, without_prefix},
};

pub(crate) const NEIGHBOURHOOD: Phrase = Phrase::new("buurt", "neighbourhood");
pub(crate) const DISTRICT: Phrase = Phrase::new("wijk", "district");
pub(crate) const DISTRICT_MEAN: Phrase = Phrase::new("in de wijk", "in district");
pub(crate) const WEIGHT: Phrase = Phrase::new("gewicht", "weight");
pub(crate) const PROBLEM_SHARE: Phrase = Phrase::new("van de wijk", "of district");
pub(crate) const HIDDEN: Phrase = Phrase::new("verborgen", "hidden");
pub(crate) const STATE: Phrase = Phrase::new("buurt is", "it is");

/// Whether the figure of a district hides its problem neighbourhoods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hides {
    Not,
    Masked,
    /// Strictly, whether masked or not.
    Strictly,
}

impl Word for Hides {
    fn stable(self) -> String {
        match self {
            Self::Not => "not_masked",
            Self::Masked => "masked",
            Self::Strictly => "strictly_masked",
        }
        .to_owned()
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Not => NOTHING,
            Self::Masked => Phrase::new("ja", "yes"),
            Self::Strictly => Phrase::new("ja, streng", "yes, strictly"),
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Not => Tone::Plain,
            Self::Masked => Tone::Bad,
            Self::Strictly => Tone::VeryBad,
        }
    }
}

impl Word for NeighbourhoodState {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "NEIGHBOURHOOD_STATE_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Problem => Phrase::new("bij de slechtste", "among the worst"),
            Self::TooSmall => Phrase::new("te klein", "too small"),
            Self::Better => Phrase::new("beter", "better"),
            Self::WithoutValue => Phrase::new("zonder cijfer", "without a figure"),
            Self::WithoutWeight => Phrase::new("zonder gewicht", "without a weight"),
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Problem => Tone::Bad,
            Self::WithoutValue | Self::WithoutWeight => Tone::Faint,
            _ => Tone::Plain,
        }
    }
}

/// The line above the rows.
pub(crate) fn title(language: Language, indicator: &str, place: &str, period: &str) -> String {
    match language {
        Language::Nl if place.is_empty() => {
            format!("Verborgen achter het cijfer van de wijk: {indicator}, {period}")
        }
        Language::Nl => format!("Verborgen achter het cijfer van de wijk in {place}: {indicator}, {period}"),
        Language::En if place.is_empty() => {
            format!("Hidden behind the figure of the district: {indicator}, {period}")
        }
        Language::En => format!("Hidden behind the figure of the district in {place}: {indicator}, {period}"),
    }
}

/// The bar that makes a problem neighbourhood, and the mean of the country.
pub(crate) fn threshold(language: Language, summary: &MaskingSummary) -> String {
    let decimals = usize::try_from(summary.decimals.min(9)).unwrap_or_default();
    let number = |value: f64| language.number(value, decimals);
    let (bar, mean) = (number(summary.threshold), number(summary.national_mean));
    let part = percent(language, summary.worst_share);
    let least = language.exact(summary.minimum_weight);
    match language {
        Language::Nl => format!(
            "De slechtste {part} van het land begint bij {bar}; het land heeft gemiddeld {mean}. Een buurt onder gewicht {least} telt niet."
        ),
        Language::En => format!(
            "The worst {part} of the country begins at {bar}; the mean of the country is {mean}. A neighbourhood under weight {least} does \
             not count."
        ),
    }
}

/// What was found in the country or a municipality.
pub(crate) fn found(language: Language, place: &str, found: &MaskingFigures) -> Vec<String> {
    let (problems, masked, strictly) = (
        found.problem_neighbourhoods,
        found.masked_districts,
        found.strictly_masked_districts,
    );
    let weight = language.number(found.problem_weight, 0);
    let (small, districts) = (found.too_small_neighbourhoods, found.districts);
    let missed = found.miss_rate.map(|rate| percent(language, rate));
    let mut said = vec![match language {
        Language::Nl => format!(
            "{place}: {problems} probleembuurten met gewicht {weight}, en {small} te kleine; {masked} van {districts} wijken gemaskeerd, \
             {strictly} streng."
        ),
        Language::En => format!(
            "{place}: {problems} problem neighbourhoods with weight {weight}, and {small} too small; {masked} of {districts} districts \
             masked, {strictly} strictly."
        ),
    }];
    if let Some(missed) = missed {
        said.push(match language {
            Language::Nl => {
                format!("Wie naar wijken kijkt, mist {missed} van het gewicht in probleembuurten.")
            }
            Language::En => {
                format!("Who looks at districts misses {missed} of the weight in problem neighbourhoods.")
            }
        });
    }
    if let (Some(share), Some(alike)) = (found.between_share, found.intraclass_correlation) {
        let (share, alike) = (percent(language, share), language.number(alike, 2));
        said.push(match language {
            Language::Nl => format!("Van de spreiding ligt {share} tussen wijken; buurten van één wijk lijken {alike} op elkaar (ICC)."),
            Language::En => format!("Of the spread {share} lies between districts; neighbourhoods of a district are alike by {alike} (ICC)."),
        });
    }
    let without = found.neighbourhoods - found.with_value;
    if without + found.without_weight > 0 {
        let (suppressed, unweighed, all) = (found.suppressed, found.without_weight, found.neighbourhoods);
        said.push(match language {
            Language::Nl => format!(
                "Van {all} buurten zijn er {without} zonder cijfer ({suppressed} afgeschermd) en {unweighed} zonder gewicht: die doen niet mee."
            ),
            Language::En => format!(
                "Of {all} neighbourhoods {without} have no figure ({suppressed} withheld) and {unweighed} no weight: they do not take part."
            ),
        });
    }
    said
}

/// Where an answer is about all municipalities.
pub(crate) fn country(language: Language) -> &'static str {
    language.say(Phrase::new("Nederland", "Netherlands"))
}

/// What the masking trigger found on one indicator.
pub(crate) fn masked_on(language: Language, of: &MaskedIndicator) -> String {
    let name = of
        .indicator
        .as_ref()
        .and_then(|indicator| indicator.name.as_ref());
    let (name, number) = (language.of(name), of.masked_districts);
    match language {
        Language::Nl => format!("{name}: {number} wijken gemaskeerd"),
        Language::En => format!("{name}: {number} districts masked"),
    }
}

fn percent(language: Language, share: f64) -> String {
    format!("{}%", language.number(100.0 * share, 0))
}
