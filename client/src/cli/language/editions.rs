//! What is said of editions and of what they change.

use groeikern_client::v1::{
    ChangeType, EditionChangeKind, EditionComparison, EditionDifference, EditionSummary, PositionRange,
    VerdictChange, WatchEditionsResponse,
};

use super::{
    Language,
    Language::{En, Nl},
    Phrase,
    words::{NOTHING, Word, without_prefix},
};

pub(crate) const MOVE: Phrase = Phrase::new("schuift", "moves");
pub(crate) const OWN_VALUE: Phrase = Phrase::new("eigen waarde", "own value");
pub(crate) const OTHER_VALUES: Phrase = Phrase::new("anderen", "others");
pub(crate) const UNITS: Phrase = Phrase::new("deelnemers", "units");
pub(crate) const WHOLE_CAUSE: Phrase = Phrase::new("geheel door", "all of it by");
pub(crate) const CHANGE: Phrase = Phrase::new("wat", "what");
pub(crate) const TYPE: Phrase = Phrase::new("hoe", "how");
pub(crate) const ABOUT: Phrase = Phrase::new("waarin", "in what");
pub(crate) const WAS: Phrase = Phrase::new("was", "was");
pub(crate) const IS: Phrase = Phrase::new("is", "is");
pub(crate) const NO_VERDICT: Phrase = Phrase::new("geen", "none");
pub(crate) const RANGE: Phrase = Phrase::new("kon al zijn", "could have been");

pub(crate) const BY_DEFINITION: Phrase = Phrase::new("andere definitie", "another definition");
pub(crate) const BY_BASIS: Phrase = Phrase::new("andere soort cijfers", "figures of another kind");
pub(crate) const BY_PRINT: Phrase = Phrase::new("zoals gedrukt", "as printed");

pub(crate) const OF_AREAS: Phrase = Phrase::new("wijken en buurten", "districts and neighbourhoods");

impl Word for ChangeType {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "CHANGE_TYPE_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Added => Phrase::new("nieuw", "added"),
            Self::Removed => Phrase::new("weg", "removed"),
            Self::Changed => Phrase::new("anders", "changed"),
        }
    }
}

impl Word for EditionChangeKind {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "EDITION_CHANGE_KIND_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Indicator => Phrase::new("indicator", "indicator"),
            Self::Region => Phrase::new("gemeente", "municipality"),
            Self::ImportUnit => Phrase::new("import", "import"),
            Self::Figures => Phrase::new("cijfers", "figures"),
            Self::GradeScale => Phrase::new("schaal", "scale"),
            Self::Position => Phrase::new("positie", "position"),
            Self::Value => Phrase::new("waarde", "value"),
        }
    }
}

impl Word for PositionRange {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "POSITION_RANGE_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Rounding => Phrase::new("afronding", "rounding"),
            Self::Weights => Phrase::new("gewichten", "weights"),
        }
    }
}

fn named(edition: Option<&EditionSummary>) -> String {
    edition.map_or_else(String::new, |edition| {
        format!("{} ({})", edition.name, edition.id)
    })
}

pub(crate) fn from_to(
    language: Language,
    base: Option<&EditionSummary>,
    edition: Option<&EditionSummary>,
) -> String {
    let (base, edition) = (named(base), named(edition));
    match language {
        Nl => format!("Van {base} naar {edition}"),
        En => format!("From {base} to {edition}"),
    }
}

/// How much changed, a line for each kind that did.
pub(crate) fn how_much(language: Language, difference: &EditionDifference) -> Vec<String> {
    if difference.same_content {
        let same = Phrase::new("De inhoud is dezelfde.", "The content is the same.");
        return vec![language.say(same).to_owned()];
    }
    let counted = |what: Phrase, [added, removed, changed]: [u32; 3]| {
        if added + removed + changed == 0 {
            return String::new();
        }
        let what = language.say(what);
        match language {
            Nl => format!("{what}: {added} nieuw, {removed} weg, {changed} anders"),
            En => format!("{what}: {added} added, {removed} removed, {changed} changed"),
        }
    };
    let d = difference;
    let mut lines = vec![
        counted(
            Phrase::new("indicatoren", "indicators"),
            [d.indicators_added, d.indicators_removed, d.indicators_changed],
        ),
        counted(
            Phrase::new("gemeenten", "municipalities"),
            [d.regions_added, d.regions_removed, d.regions_changed],
        ),
        counted(
            Phrase::new("imports", "imports"),
            [
                d.import_units_added,
                d.import_units_removed,
                d.import_units_replaced,
            ],
        ),
        counted(
            Phrase::new(
                "cijfers van een indicator en periode",
                "figures of an indicator and period",
            ),
            [d.figures_added, d.figures_removed, 0],
        ),
        match u64::from(d.grade_scales_moved) {
            0 if d.values_changed == 0 => String::new(),
            scales => format!(
                "{}, {}",
                language.counted(
                    d.values_changed,
                    Phrase::new("waarde anders", "value changed"),
                    Phrase::new("waarden anders", "values changed"),
                ),
                language.counted(
                    scales,
                    Phrase::new("schaal verschoven", "scale moved"),
                    Phrase::new("schalen verschoven", "scales moved"),
                )
            ),
        },
        match language {
            Nl => format!(
                "posities: {} vergeleken, {} verschoven, {} met een ander oordeel, {} weg, {} nieuw",
                d.positions_compared,
                d.positions_moved,
                d.verdicts_changed,
                d.positions_lost,
                d.positions_gained
            ),
            En => format!(
                "positions: {} compared, {} moved, {} with another verdict, {} lost, {} gained",
                d.positions_compared,
                d.positions_moved,
                d.verdicts_changed,
                d.positions_lost,
                d.positions_gained
            ),
        },
    ];
    let changed = |is: bool, what: Phrase| {
        if is {
            language.say(what).to_owned()
        } else {
            String::new()
        }
    };
    lines.push(changed(
        d.groups_changed,
        Phrase::new(
            "groepen of hun leden zijn anders",
            "groups or their members differ",
        ),
    ));
    lines.push(changed(
        d.knowledge_changed,
        Phrase::new(
            "mechanismen, bevindingen, aanbevelingen of hun regels zijn anders",
            "mechanisms, findings, recommendations or their rules differ",
        ),
    ));
    lines
}

/// One event in a sentence.
pub(crate) fn event(language: Language, event: &WatchEditionsResponse) -> String {
    let edition = named(event.edition.as_ref());
    let number = |edition: Option<&EditionSummary>| edition.map_or(0, |edition| edition.sequence);
    let (now, before) = (number(event.edition.as_ref()), number(event.previous.as_ref()));
    let (within, compared) = (event.within_range, event.compared);
    let counted = |of: fn(&VerdictChange) -> bool| event.changes.iter().filter(|&change| of(change)).count();
    let lost = counted(|change| change.standing.is_none());
    let gained = counted(|change| change.base_standing.is_none());
    let changed = event.changes.len() - lost - gained;
    let also = |number: usize, words: Phrase| match number {
        0 => String::new(),
        number => format!(", {number} {}", language.say(words)),
    };
    let one_sided = also(lost, Phrase::new("verdwenen", "lost")) + &also(gained, Phrase::new("nieuw", "new"));
    match (language, event.comparison()) {
        (Nl, EditionComparison::Compared) => format!(
            "Editie {now} na {before}: {edition}. Van {compared} {} er {changed} anders{one_sided}; nog {within} binnen hun marge.",
            match (compared, changed) {
                (1, _) => "oordeel is",
                (_, 1) => "oordelen is",
                _ => "oordelen zijn",
            }
        ),
        (En, EditionComparison::Compared) => format!(
            "Edition {now} after {before}: {edition}. Of {compared} {} {changed} {}{one_sided}; {within} more within their range.",
            if compared == 1 { "verdict" } else { "verdicts" },
            if changed == 1 { "differs" } else { "differ" }
        ),
        (Nl, EditionComparison::Same) => format!("Editie {now} is dezelfde als {before}: {edition}."),
        (En, EditionComparison::Same) => format!("Edition {now} is the same as {before}: {edition}."),
        (Nl, EditionComparison::Gone) => format!(
            "Editie {now}: {edition}. Nummer {before} is niet meer op de plank: wat sindsdien veranderde is niet te zeggen."
        ),
        (En, EditionComparison::Gone) => format!(
            "Edition {now}: {edition}. Number {before} is no longer on the shelf: what changed since cannot be told."
        ),
        (Nl, EditionComparison::Unreadable) => format!(
            "Editie {now}: {edition}. Nummer {before} is niet te lezen: wat sindsdien veranderde is niet te zeggen."
        ),
        (En, EditionComparison::Unreadable) => format!(
            "Edition {now}: {edition}. Number {before} cannot be read: what changed since cannot be told."
        ),
        (Nl, _) => format!("Nu is editie {now}: {edition}."),
        (En, _) => format!("Now it is edition {now}: {edition}."),
    }
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::Standing;

    use super::*;

    #[test]
    fn one_verdict_that_differs_is_told_in_the_singular() {
        let in_both = VerdictChange {
            base_standing: Some(Standing::default()),
            standing: Some(Standing::default()),
            ..Default::default()
        };
        let told = |compared, changed| {
            let event = WatchEditionsResponse {
                comparison: EditionComparison::Compared.into(),
                compared,
                changes: vec![in_both.clone(); changed],
                ..Default::default()
            };
            [Nl, En].map(|language| super::event(language, &event))
        };
        for (compared, changed, words) in [
            (
                52,
                1,
                ["Van 52 oordelen is er 1 anders;", "Of 52 verdicts 1 differs;"],
            ),
            (
                52,
                2,
                ["Van 52 oordelen zijn er 2 anders;", "Of 52 verdicts 2 differ;"],
            ),
            (1, 0, ["Van 1 oordeel is er 0 anders;", "Of 1 verdict 0 differ;"]),
        ] {
            for (text, words) in told(compared, changed).iter().zip(words) {
                assert!(text.contains(words), "{text}");
            }
        }
    }

    #[test]
    fn verdicts_that_were_lost_or_gained_are_not_among_those_compared() {
        let one = Some(Standing::default());
        let lost = VerdictChange {
            base_standing: one,
            ..Default::default()
        };
        let gained = VerdictChange {
            standing: one,
            ..Default::default()
        };
        let event = WatchEditionsResponse {
            comparison: EditionComparison::Compared.into(),
            compared: 52,
            changes: vec![lost.clone(), lost, gained],
            ..Default::default()
        };
        let told = super::event(Nl, &event);
        assert!(
            told.contains("Van 52 oordelen zijn er 0 anders, 2 verdwenen, 1 nieuw;"),
            "{told}"
        );
        let told = super::event(En, &event);
        assert!(told.contains("Of 52 verdicts 0 differ, 2 lost, 1 new;"), "{told}");
    }
}
