//! Words and sentences of `similar` and `simulate`.

use groeikern_client::v1::{RegionRef, UnreachableReason, UnusedReason};

use super::{
    Language,
    Language::En,
    Language::Nl,
    Phrase, sentences,
    words::{NOTHING, Tone, Word, without_prefix},
};

impl Word for UnusedReason {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "UNUSED_REASON_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::NoFigures => Phrase::new("geen cijfers", "no figures"),
            Self::PublishedOnly => Phrase::new("alleen gepubliceerde posities", "published positions only"),
            Self::RegionWithoutFigure => Phrase::new(
                "deze gemeente heeft geen cijfer",
                "this municipality has no figure",
            ),
            Self::NoVariation => Phrase::new("overal gelijk", "the same everywhere"),
            Self::NoWeight => Phrase::new("gewicht 0", "weight 0"),
            Self::SameFigures => Phrase::new(
                "dezelfde cijfers als een andere",
                "the same figures as another one",
            ),
            Self::PartOfTotal => Phrase::new("deel van een totaal", "part of a total"),
            Self::Composite => Phrase::new("samengesteld uit andere", "computed from others"),
            Self::OriginCategory => Phrase::new("herkomstindeling", "origin category"),
        }
    }
}

impl Word for UnreachableReason {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "UNREACHABLE_REASON_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::NoSuchPosition => Phrase::new("zo\u{2019}n positie is er niet", "no such position"),
            Self::NoGrades => Phrase::new("geen rapportcijfers hier", "no grades here"),
            Self::NoVariation => Phrase::new("overal gelijk: altijd 6,5", "the same everywhere: always 6.5"),
            Self::NoMean => Phrase::new("de groep heeft geen gemiddelde", "the group has no mean"),
            Self::NotAMember => Phrase::new("geen lid van de groep", "no member of the group"),
            Self::BeyondOneMember => Phrase::new("niet door een lid alleen", "not by one member alone"),
            Self::BeyondNumbers => Phrase::new("geen mogelijk getal", "no possible number"),
        }
    }

    fn tone(self) -> Tone {
        Tone::Faint
    }
}

/// The title of `similar`.
pub(crate) fn most_like(language: Language, region: &RegionRef) -> String {
    let (name, code) = (&region.name, &region.code);
    match language {
        Nl => format!("Lijkt het meest op {name} ({code})"),
        En => format!("Most like {name} ({code})"),
    }
}

/// By how many indicators, and with how many others.
pub(crate) fn compared_by(language: Language, indicators: usize, municipalities: u32) -> String {
    let indicators = language.counted(
        indicators as u64,
        Phrase::new("indicator", "indicator"),
        Phrase::new("indicatoren", "indicators"),
    );
    let municipalities = language.counted(
        municipalities.into(),
        Phrase::new("gemeente", "municipality"),
        Phrase::new("gemeenten", "municipalities"),
    );
    match language {
        Nl => format!("Vergeleken op {indicators} met {municipalities}."),
        En => format!("Compared by {indicators} with {municipalities}."),
    }
}

/// Municipalities that lack too many figures; empty for none.
pub(crate) fn not_comparable(language: Language, count: u32) -> String {
    match (language, count) {
        (_, 0) => String::new(),
        (Nl, 1) => "1 gemeente deelt minder dan twee derde van het gewicht en is niet vergeleken.".to_owned(),
        (En, 1) => "1 municipality shares less than two thirds of the weight and is not compared.".to_owned(),
        (Nl, _) => {
            format!("{count} gemeenten delen minder dan twee derde van het gewicht en zijn niet vergeleken.")
        }
        (En, _) => {
            format!("{count} municipalities share less than two thirds of the weight and are not compared.")
        }
    }
}

/// Indicators that were not compared by, named when they are few.
pub(crate) fn left_out(language: Language, why: &str, names: &[&str]) -> String {
    let named = names.join(", ");
    match (language, names.len()) {
        (Nl, 0..=3) => format!("Niet gebruikt, {why}: {named}."),
        (En, 0..=3) => format!("Left out, {why}: {named}."),
        (Nl, count) => format!("Niet gebruikt, {why}: {count} indicatoren; -o json noemt ze."),
        (En, count) => format!("Left out, {why}: {count} indicators; -o json lists them."),
    }
}

/// The title of `simulate`.
pub(crate) fn what_if(language: Language, region: &RegionRef) -> String {
    let (name, code) = (&region.name, &region.code);
    match language {
        Nl => format!("Wat als in {name} ({code})"),
        En => format!("What if in {name} ({code})"),
    }
}

/// Municipalities that change sides, some of them by name; empty for none.
pub(crate) fn passing(language: Language, passes: bool, count: u32, named: &[&str]) -> String {
    let more = usize::try_from(count)
        .unwrap_or(usize::MAX)
        .saturating_sub(named.len());
    let mut names = named.join(", ");
    if more > 0 {
        names = format!("{names} {}", sentences::and_more(language, more));
    }
    match (language, passes) {
        _ if count == 0 => String::new(),
        (Nl, true) => format!("niet langer beter ({count}): {names}"),
        (En, true) => format!("no longer better ({count}): {names}"),
        (Nl, false) => format!("nu wel beter ({count}): {names}"),
        (En, false) => format!("now better ({count}): {names}"),
    }
}

/// Where a mean grade went on a scale that stays; two decimals hide what is too small to matter.
pub(crate) fn mean_grade_moves(language: Language, before: f64, after: f64) -> String {
    let [before, after] = [before, after].map(|grade| language.number(grade, 2));
    match language {
        _ if before == after => String::new(),
        Nl => format!("gemiddelde van alle rapportcijfers: {before} wordt {after}"),
        En => format!("mean of all grades: {before} becomes {after}"),
    }
}

/// What is wanted of a place.
pub(crate) fn wanted_position(language: Language, position: u32) -> String {
    match language {
        Nl => format!("voor positie {position}"),
        En => format!("for position {position}"),
    }
}

/// What is wanted of a grade.
pub(crate) fn wanted_grade(language: Language, grade: f64) -> String {
    let grade = language.number(grade, 1);
    match language {
        Nl => format!("voor rapportcijfer {grade}"),
        En => format!("for grade {grade}"),
    }
}

/// What is wanted: the mean of a group.
pub(crate) fn wanted_mean(language: Language, group: &str) -> String {
    match language {
        Nl => format!("voor {}", sentences::mean_of(language, group)),
        En => format!("for {}", sentences::mean_of(language, group)),
    }
}

/// What is wanted of the mean of a group.
pub(crate) fn wanted_mean_position(language: Language, group: &str, position: u32) -> String {
    match language {
        Nl => format!(
            "voor positie {position} van {}",
            sentences::mean_of(language, group)
        ),
        En => format!(
            "for position {position} of {}",
            sentences::mean_of(language, group)
        ),
    }
}

/// Values up to one, from one on, between two, or any.
pub(crate) fn values_within(language: Language, from: Option<&str>, to: Option<&str>) -> String {
    match (language, from, to) {
        (Nl, None, None) => "elke waarde".to_owned(),
        (En, None, None) => "any value".to_owned(),
        (_, Some(from), Some(to)) if from == to => from.to_owned(),
        (Nl, Some(from), Some(to)) => format!("{from} tot en met {to}"),
        (En, Some(from), Some(to)) => format!("{from} up to {to}"),
        (Nl, Some(from), None) => format!("minstens {from}"),
        (En, Some(from), None) => format!("at least {from}"),
        (Nl, None, Some(to)) => format!("hoogstens {to}"),
        (En, None, Some(to)) => format!("at most {to}"),
    }
}

/// A position that is better than the wanted one.
pub(crate) fn gives_position(language: Language, position: u32) -> String {
    match language {
        Nl => format!("geeft positie {position}: anderen zijn gelijk"),
        En => format!("gives position {position}: others tie"),
    }
}

/// The best that one member can do for a mean.
pub(crate) fn best_position(language: Language, position: u32) -> String {
    match language {
        Nl => format!("verder dan positie {position} komt het gemiddelde zo niet"),
        En => format!("position {position} is the best the mean can come to this way"),
    }
}

/// What is wanted is had.
pub(crate) fn already(language: Language) -> &'static str {
    language.say(Phrase::new("dat is nu al zo", "it is so already"))
}
