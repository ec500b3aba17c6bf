//! Headings and sentences of mechanisms, findings, cited works and coherence.

use groeikern_client::v1::UnfavourableTogether;

use super::{Language, Language::En, Language::Nl, Phrase};

pub(crate) const AUTHOR: Phrase = Phrase::new("auteur", "author");
pub(crate) const CAUSE: Phrase = Phrase::new("oorzaak", "cause");
pub(crate) const CAUSES: Phrase = Phrase::new("oorzaken", "causes");
pub(crate) const CERTAINTY: Phrase = Phrase::new("zekerheid", "certainty");
pub(crate) const CITES: Phrase = Phrase::new("verwijst naar", "cites");
pub(crate) const CONNECTING_FACTORS: Phrase = Phrase::new(
    "Factoren op de paden tussen deze thema's",
    "Factors on the paths between these themes",
);
pub(crate) const EFFECT: Phrase = Phrase::new("gevolg", "effect");
pub(crate) const EFFECTS: Phrase = Phrase::new("gevolgen", "effects");
pub(crate) const EITHER: Phrase = Phrase::new("eerste", "first");
pub(crate) const ENDING: Phrase = Phrase::new("einde", "end");
pub(crate) const FACTOR: Phrase = Phrase::new("factor", "factor");
pub(crate) const FINDING: Phrase = Phrase::new("bevinding", "finding");
pub(crate) const FINDINGS: Phrase = Phrase::new("Bevindingen", "Findings");
pub(crate) const FROM_YEAR: Phrase = Phrase::new("vanaf", "from");
pub(crate) const IN_COMMON: Phrase = Phrase::new("cijfers samen", "figures in common");
pub(crate) const IN_SHORT: Phrase = Phrase::new("De factor zelf", "The factor itself");
pub(crate) const MEASURED_BY: Phrase = Phrase::new("gemeten aan", "measured by");
pub(crate) const ABOUT: Phrase = Phrase::new("over", "about");
pub(crate) const PAIR: Phrase = Phrase::new("ongunstige thema's", "unfavourable themes");
pub(crate) const PATHS: Phrase = Phrase::new("paden", "paths");
pub(crate) const PHASE: Phrase = Phrase::new("fase", "phase");
pub(crate) const PROGRAMMES: Phrase = Phrase::new("programma's", "programmes");
pub(crate) const RESTS_ON: Phrase = Phrase::new("berust op", "rests on");
pub(crate) const SECOND: Phrase = Phrase::new("tweede", "second");
pub(crate) const SHARED_EVIDENCE: Phrase = Phrase::new(
    "Aanbevelingen die op dezelfde cijfers rusten",
    "Recommendations that rest on the same figures",
);
pub(crate) const SHORTEST_PATHS: Phrase =
    Phrase::new("De kortste paden ertussen", "The shortest paths between them");
pub(crate) const STARTING: Phrase = Phrase::new("begin", "start");
pub(crate) const THROUGH: Phrase = Phrase::new("erdoorheen", "through");
pub(crate) const TITLE: Phrase = Phrase::new("titel", "title");
pub(crate) const TOGETHER: Phrase = Phrase::new("samen ongunstig", "unfavourable together");
pub(crate) const FROM_FAR: Phrase = Phrase::new(
    "Wat ertoe leidt, van dichtbij naar ver",
    "What leads to it, nearest first",
);
pub(crate) const TO_FAR: Phrase = Phrase::new(
    "Waar het toe leidt, van dichtbij naar ver",
    "What it leads to, nearest first",
);
pub(crate) const STEPS_AWAY: Phrase = Phrase::new("stappen", "steps");

/// The title of paths.
pub(crate) fn paths(language: Language, from: &str, to: &str, circles: bool) -> String {
    match (language, from, to) {
        (Nl, "", "") => "Vicieuze cirkels".to_owned(),
        (En, "", "") => "Vicious circles".to_owned(),
        (Nl, from, to) if circles => format!("Vicieuze cirkels door {}", one_of(from, to)),
        (En, from, to) if circles => format!("Vicious circles through {}", one_of(from, to)),
        (Nl, from, "") => format!("Waar {from} toe leidt"),
        (En, from, "") => format!("What {from} leads to"),
        (Nl, "", to) => format!("Wat leidt tot {to}"),
        (En, "", to) => format!("What leads to {to}"),
        (Nl, from, to) => format!("Van {from} naar {to}"),
        (En, from, to) => format!("From {from} to {to}"),
    }
}

fn one_of<'a>(from: &'a str, to: &'a str) -> &'a str {
    if from.is_empty() { to } else { from }
}

/// Said of a path that ends where it began.
pub(crate) fn vicious_circle(language: Language) -> &'static str {
    language.say(Phrase::new("vicieuze cirkel", "vicious circle"))
}

/// How far paths go, and whether there are more.
pub(crate) fn reach(language: Language, count: usize, longest: u32, truncated: bool) -> String {
    let (counted, more) = match (language, truncated) {
        (Nl, false) => (format!("{count} gevonden"), ""),
        (En, false) => (format!("{count} found"), ""),
        (Nl, true) => (
            format!("De eerste {count}"),
            " Er zijn er meer: vraag kortere, of van een factor naar een andere.",
        ),
        (En, true) => (
            format!("The first {count}"),
            " There are more: ask for shorter ones, or from one factor to another.",
        ),
    };
    match language {
        Nl => format!("{counted}, van ten hoogste {longest} stappen.{more}"),
        En => format!("{counted}, of at most {longest} steps.{more}"),
    }
}

/// The certainty of a path.
pub(crate) fn at_least(language: Language, certainty: &str) -> String {
    match language {
        Nl => format!("zwakste stap: {certainty}"),
        En => format!("weakest step: {certainty}"),
    }
}

/// The title of `coherence`.
pub(crate) fn coherence_of(language: Language, subject: &str) -> String {
    match language {
        Nl => format!("Samenhang van de problemen van {subject}"),
        En => format!("How the problems of {subject} hang together"),
    }
}

/// That there is no pair to speak of.
pub(crate) fn fewer_than_two(language: Language) -> &'static str {
    language.say(Phrase::new(
        "Minder dan twee thema's zijn aantoonbaar ongunstig; er is geen samenhang te tonen.",
        "Fewer than two themes are shown to be unfavourable: there is no coherence to show.",
    ))
}

/// How often two themes are unfavourable in the same municipality.
pub(crate) fn together(language: Language, counts: &UnfavourableTogether) -> String {
    let expected = language.number(counts.expected, 1);
    let (both, of) = (counts.both, counts.municipalities);
    match language {
        Nl => format!("{both} van {of}; {expected} bij toeval"),
        En => format!("{both} of {of}; {expected} by chance"),
    }
}

/// That nothing can be said of how often two themes are unfavourable together.
pub(crate) fn too_few_values(language: Language) -> &'static str {
    language.say(Phrase::new(
        "Hoe vaak thema's in het land samen ongunstig zijn, is niet te zeggen: deze editie heeft daarvoor te weinig waarden.",
        "How often themes are unfavourable together in the country cannot be told: this edition has too few values for it.",
    ))
}

/// Rows that a table leaves out.
pub(crate) fn more_rows(language: Language, more: usize) -> String {
    match (language, more) {
        (_, 0) => String::new(),
        (Nl, more) => format!("En nog {more}; -o json noemt ze."),
        (En, more) => format!("And {more} more; -o json lists them."),
    }
}
