//! Words and sentences of `region`.

use groeikern_client::v1::{MoveDirection, RegionCandidate, RegionEventKind, RegionRef, ResolutionStep};

use super::{
    Language,
    Language::{En, Nl},
    Phrase,
    words::{NOTHING, Word, without_prefix},
};

pub(crate) const COROP: Phrase = Phrase::new("COROP-gebied", "COROP area");
pub(crate) const DAY: Phrase = Phrase::new("datum", "date");
pub(crate) const DWELLINGS: Phrase = Phrase::new("woningen", "dwellings");
pub(crate) const EVENT: Phrase = Phrase::new("gebeurtenis", "event");
pub(crate) const GROUPS: Phrase = Phrase::new("groepen", "groups");
pub(crate) const HECTARES: Phrase = Phrase::new("hectare", "hectares");
pub(crate) const INHABITANTS: Phrase = Phrase::new("inwoners", "inhabitants");
pub(crate) const OTHERS: Phrase = Phrase::new("ook mogelijk", "also possible");
pub(crate) const OTHER: Phrase = Phrase::new("andere gemeente", "other municipality");
pub(crate) const PROVINCE: Phrase = Phrase::new("provincie", "province");
pub(crate) const SHARE_OF_SOURCE: Phrase = Phrase::new("deel", "share");
pub(crate) const SINCE: Phrase = Phrase::new("sinds", "since");
pub(crate) const WAY: Phrase = Phrase::new("", "");

impl Word for RegionEventKind {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "REGION_EVENT_KIND_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Founded => Phrase::new("ontstaan", "founded"),
            Self::BoundaryChange => Phrase::new("grenswijziging", "boundary change"),
            Self::Renamed => Phrase::new("andere naam en code", "other name and code"),
            Self::Abolished => Phrase::new("opgeheven", "abolished"),
        }
    }
}

impl Word for MoveDirection {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "MOVE_DIRECTION_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Received => Phrase::new("van", "from"),
            Self::Gave => Phrase::new("naar", "to"),
            Self::Stayed => Phrase::new("bleef", "stayed"),
        }
    }
}

/// A COROP area that no source says of this municipality.
pub(crate) fn corop(language: Language, name: &str, inferred: bool) -> String {
    match (language, inferred) {
        (_, false) => name.to_owned(),
        (Nl, true) => format!("{name} (afgeleid)"),
        (En, true) => format!("{name} (inferred)"),
    }
}

/// What a municipality became on the way to the one that was meant; or what it was before, when it came later.
pub(crate) fn step(language: Language, step: &ResolutionStep, came_later: bool) -> String {
    let name = |region: &Option<RegionRef>| match region {
        Some(region) => format!("{} ({})", region.name, region.code),
        None => String::new(),
    };
    let (from, to, date) = (name(&step.from), name(&step.to), &step.date);
    let share = step.share.filter(|share| *share < 1.0);
    let part = share.map_or_else(String::new, |share| {
        let share = language.number(share * 100.0, 0);
        match language {
            Nl => format!(", met {share}% van de inwoners"),
            En => format!(", with {share}% of the inhabitants"),
        }
    });
    let arrow = if came_later { '\u{2190}' } else { '\u{2192}' };
    format!("{date}: {from} {arrow} {to}{part}")
}

/// Another municipality that might be meant, with its years.
pub(crate) fn candidate(language: Language, candidate: &RegionCandidate) -> String {
    let region = candidate.region.clone().unwrap_or_default();
    let province = candidate.province.as_ref();
    let mut about: Vec<String> = province.iter().map(|province| province.name.clone()).collect();
    match (
        language,
        candidate.valid_from.as_str(),
        candidate.valid_to.as_str(),
    ) {
        (_, "", "") => {}
        (Nl, from, "") => about.push(format!("sinds {from}")),
        (En, from, "") => about.push(format!("since {from}")),
        (Nl, "", to) => about.push(format!("tot {to}")),
        (En, "", to) => about.push(format!("until {to}")),
        (_, from, to) => about.push(format!("{from}\u{2013}{to}")),
    }
    let mut text = format!("{} ({})", region.name, region.code);
    if !about.is_empty() {
        text = format!("{text}, {}", about.join(", "));
    }
    text
}
