//! Words and numbers of plain sentences.

use crate::{
    domain::Text,
    method::{Band, Class},
    rpc::recommendations::figures::Found,
};

/// Names in a sentence.
const MOST_NAMES: usize = 5;

pub(super) fn outcome(class: Class) -> Text {
    match class {
        Class::Strong => Text::new(
            "De uitkomst is ‘sterk’: de cijfers wijzen er duidelijk op.",
            "The outcome is “strong”: the figures clearly point to it.",
        ),
        Class::Moderate => Text::new(
            "De uitkomst is ‘matig’: de cijfers wijzen erop, maar niet heel duidelijk.",
            "The outcome is “moderate”: the figures point to it, though not very clearly.",
        ),
        Class::Weak => Text::new(
            "De uitkomst is ‘zwak’: de cijfers wijzen er maar weinig op.",
            "The outcome is “weak”: the figures hardly point to it.",
        ),
        Class::NotIndicated => Text::new(
            "De uitkomst is ‘niet aangewezen’: de cijfers wijzen er niet op.",
            "The outcome is “not indicated”: the figures do not point to it.",
        ),
        Class::InsufficientData => Text::new(
            "De uitkomst is ‘te weinig gegevens’: er is niets uit op te maken.",
            "The outcome is “insufficient data”: nothing can be concluded.",
        ),
    }
}

pub(super) fn class_in_words(class: Class) -> (&'static str, &'static str) {
    match class {
        Class::Strong => ("sterk", "strong"),
        Class::Moderate => ("matig", "moderate"),
        Class::Weak => ("zwak", "weak"),
        Class::NotIndicated => ("niet aangewezen", "not indicated"),
        Class::InsufficientData => ("te weinig gegevens", "insufficient data"),
    }
}

/// `Helmond staat op plaats 337 van 337`, and with how many others.
pub(super) fn stands(name: &str, found: &Found<'_>) -> (String, String) {
    let (position, n) = (found.standing.position, found.table.n);
    let (nl, en) = match found.standing.ties.saturating_sub(1) {
        0 => (String::new(), String::new()),
        1 => (", samen met 1 andere".to_owned(), ", with 1 other".to_owned()),
        others => (
            format!(", samen met {others} andere"),
            format!(", with {others} others"),
        ),
    };
    let indicator = &found.indicator.name;
    (
        format!(
            "{name} staat op plaats {position} van {n}{nl} bij ‘{}’.",
            indicator.nl
        ),
        format!("{name} is at place {position} of {n}{en} on “{}”.", indicator.en),
    )
}

pub(super) fn verdict(band: Band) -> (&'static str, &'static str) {
    match band {
        Band::Best => ("Dat is zeer gunstig.", "That is very favourable."),
        Band::Good => ("Dat is gunstig.", "That is favourable."),
        Band::Middle => ("Dat is in het midden.", "That is in the middle."),
        Band::Poor => ("Dat is ongunstig.", "That is unfavourable."),
        Band::Worst => ("Dat is zeer ongunstig.", "That is very unfavourable."),
    }
}

pub(super) fn two_decimals(number: f64) -> Text {
    decimals(number, 2)
}

/// A number with as many decimals, from two on, as it takes to see on which side of these thresholds it is.
pub(super) fn beside(number: f64, thresholds: &[f64]) -> Text {
    let same_sides = |digits: &usize| {
        let rounded: f64 = format!("{number:.digits$}").parse().unwrap_or(number);
        let mut thresholds = thresholds.iter();
        thresholds.all(|threshold| (rounded >= *threshold) == (number >= *threshold))
    };
    decimals(number, (2..6).find(same_sides).unwrap_or(6))
}

fn decimals(number: f64, digits: usize) -> Text {
    let en = format!("{number:.digits$}");
    Text::new(en.replace('.', ","), en)
}

/// Names in a row, those beyond a few counted; nothing for none.
pub(super) fn listed(names: &[Text]) -> Option<(String, String)> {
    let shown = &names[..names.len().min(MOST_NAMES)];
    let row = |pick: fn(&Text) -> &str| shown.iter().map(pick).collect::<Vec<_>>().join("; ");
    let (nl, en) = (row(|name| &name.nl), row(|name| &name.en));
    match names.len() - shown.len() {
        _ if names.is_empty() => None,
        0 => Some((nl, en)),
        more => Some((format!("{nl}; en nog {more}"), format!("{en}; and {more} more"))),
    }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn a_need_is_not_rounded_into_another_class() {
        let classes = [0.25, 0.4, 0.6];
        let shown = [0.597, 0.6, 0.603, 0.399_96, 0.1].map(|need| beside(need, &classes).nl);
        assert_eq!(shown, ["0,597", "0,60", "0,60", "0,39996", "0,10"]);
    }
}
