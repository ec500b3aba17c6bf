//! Sentences with something filled in.

use groeikern_client::v1::{GapDirection, RegionRef};

use super::{Language, Language::En, Language::Nl, Phrase};

/// How many of a ranking's units are known; empty when all are.
pub(crate) fn known(language: Language, known: u32, n: u32) -> String {
    match language {
        _ if known >= n => String::new(),
        Nl => format!("{known} van {n} gemeenten bekend."),
        En => format!("{known} of {n} municipalities known."),
    }
}

/// Units of the universe that a ranking leaves out; empty for none.
pub(crate) fn not_ranked(language: Language, missing: u32) -> String {
    match (language, missing) {
        (_, 0) => String::new(),
        (Nl, 1) => "1 gemeente heeft geen cijfer en staat niet op de lijst.".to_owned(),
        (En, 1) => "1 municipality has no figure and is not ranked.".to_owned(),
        (Nl, _) => format!("{missing} gemeenten hebben geen cijfer en staan niet op de lijst."),
        (En, _) => format!("{missing} municipalities have no figure and are not ranked."),
    }
}

/// What the sign before a position means.
pub(crate) fn shared_position(language: Language) -> &'static str {
    language.say(Phrase::new(
        "=: meer gemeenten hebben deze positie.",
        "=: other municipalities have the same position.",
    ))
}

/// Municipalities that a list leaves out though they are equal to the last or first on it.
pub(crate) fn share_position(language: Language, position: u32, count: usize) -> String {
    match (language, count) {
        (Nl, 1) => format!("Nog 1 gemeente heeft positie {position}."),
        (En, 1) => format!("1 more municipality has position {position}."),
        (Nl, _) => format!("Nog {count} gemeenten hebben positie {position}."),
        (En, _) => format!("{count} more municipalities have position {position}."),
    }
}

/// At the end of a title.
pub(crate) fn members_of(language: Language, group: &str) -> String {
    match language {
        Nl => format!(" – leden van {group}"),
        En => format!(" – members of {group}"),
    }
}

/// At the end of a title.
pub(crate) fn among_units_of(language: Language, universe: &str) -> String {
    match language {
        Nl => format!(" – onder de eenheden van {universe}"),
        En => format!(" – among the units of {universe}"),
    }
}

/// The end of a title: ` – on the borders of 2022`.
pub(crate) fn on_borders_of(language: Language, year: &str) -> String {
    match language {
        Nl => format!(" – op grenzen van {year}"),
        En => format!(" – on the borders of {year}"),
    }
}

pub(crate) fn recast_exactly(language: Language) -> &'static str {
    language.say(Phrase::new(
        "+: omgerekend, van hele gemeenten bij elkaar of onder een andere naam.",
        "+: recast, from whole municipalities together or under another name.",
    ))
}

pub(crate) fn recast_by_estimate(language: Language) -> &'static str {
    language.say(Phrase::new(
        "~: geschat, uit delen van gemeenten naar het aantal inwoners dat overging.",
        "~: estimated, from parts of municipalities by the inhabitants that moved.",
    ))
}

/// A universe of which only the size is stated.
pub(crate) fn units_not_known(language: Language, size: u32) -> String {
    match (language, size) {
        (Nl, 0) => "De eenheden zijn niet bekend.".to_owned(),
        (En, 0) => "The units are not known.".to_owned(),
        (Nl, _) => format!("Het zijn {size} eenheden; welke dat zijn, is niet bekend."),
        (En, _) => format!("There are {size} units; which they are is not known."),
    }
}

pub(crate) fn published_means(language: Language) -> &'static str {
    language.say(Phrase::new(
        "Gepubliceerde gemiddelden van groepen; geen deel van de ranglijst",
        "Published means of groups; not part of the ranking",
    ))
}

/// Indicators that a table leaves out: named when they are few; empty for none.
pub(crate) fn without_figures(language: Language, names: &[&str]) -> String {
    let named = names.join(", ");
    match (language, names.len()) {
        (_, 0) => String::new(),
        (Nl, 1..=3) => format!("Zonder cijfers: {named}."),
        (En, 1..=3) => format!("Without figures: {named}."),
        (Nl, count) => format!("Zonder cijfers: {count} indicatoren; -o tsv noemt ze."),
        (En, count) => format!("Without figures: {count} indicators; -o tsv lists them."),
    }
}

/// Indicators that a block or theme has and a composite leaves out, each with why: named when they are few; empty for none.
pub(crate) fn not_counted(language: Language, names: &[String]) -> String {
    let named = names.join(", ");
    match (language, names.len()) {
        (_, 0) => String::new(),
        (Nl, 1..=5) => format!("Telt niet mee: {named}."),
        (En, 1..=5) => format!("Not counted: {named}."),
        (Nl, count) => format!("Niet meegeteld: {count} indicatoren; -o json noemt ze met de reden."),
        (En, count) => format!("Not counted: {count} indicators; -o json lists them with the reason."),
    }
}

/// How a run was drawn.
pub(crate) fn drawn(language: Language, draws: u32, noise: f64, seed: u64) -> String {
    let noise = language.number(noise * 100.0, 0);
    match language {
        Nl => format!("{draws} trekkingen, waarin elk gewicht tot {noise}% anders is (--seed {seed})."),
        En => format!("{draws} draws, in which every weight is up to {noise}% different (--seed {seed})."),
    }
}

/// How many positions depend on weights that might as well have been others.
pub(crate) fn fragile(language: Language, fragile: u32, n: u32) -> String {
    match language {
        Nl => format!(
            "Wankel zijn {fragile} van {n} posities: 5% tot 95% beslaat meer dan een tiende van de lijst."
        ),
        En => {
            format!("Fragile are {fragile} of {n} positions: 5% to 95% spans more than a tenth of the list.")
        }
    }
}

/// A composite without a part.
pub(crate) fn without(language: Language, part: &str) -> String {
    match language {
        Nl => format!("zonder {part}"),
        En => format!("without {part}"),
    }
}

/// The title of `coverage`, with the municipality that was asked about.
pub(crate) fn how_complete(language: Language, region: Option<&RegionRef>) -> String {
    let of = |region: &RegionRef| format!("{} ({})", region.name, region.code);
    match (language, region) {
        (Nl, None) => "Hoe volledig de cijfers zijn".to_owned(),
        (En, None) => "How complete the figures are".to_owned(),
        (Nl, Some(region)) => format!("Hoe volledig de cijfers zijn, en die van {}", of(region)),
        (En, Some(region)) => format!("How complete the figures are, and those of {}", of(region)),
    }
}

/// How far the order of an indicator agrees with that of the one it stands in for.
pub(crate) fn rank_agreement(language: Language, agreement: f64, compared: u32) -> String {
    let agreement = language.number(agreement, 2);
    match language {
        Nl => format!(
            "Rangcorrelatie (Spearman) met de gepubliceerde posities: {agreement} over {compared} gemeenten."
        ),
        En => format!(
            "Rank correlation (Spearman) with the published positions: {agreement} over {compared} municipalities."
        ),
    }
}

/// `het gemiddelde van Old towns`.
pub(crate) fn mean_of(language: Language, group: &str) -> String {
    match language {
        Nl => format!("het gemiddelde van {group}"),
        En => format!("the mean of {group}"),
    }
}

/// In the title of a profile.
pub(crate) fn against_mean_of(language: Language, group: &str) -> String {
    match language {
        Nl => format!(" naast het gemiddelde van {group}"),
        En => format!(" against the mean of {group}"),
    }
}

/// The name of a line with what other figures say.
pub(crate) fn also(language: Language, figures: &str) -> String {
    match language {
        Nl => format!("ook {figures}"),
        En => format!("also {figures}"),
    }
}

/// Of a mean of which not every member has a figure, within a note.
pub(crate) fn members_known(language: Language, known: u32, members: u32) -> String {
    match language {
        Nl => format!("{known} van {members} leden bekend"),
        En => format!("{known} of {members} members known"),
    }
}

/// How often a municipality is ahead of a group; empty when nothing judged could be compared.
pub(crate) fn ahead_of_group(language: Language, ahead: usize, behind: usize, compared: usize) -> String {
    let equal = compared - ahead - behind;
    match (language, compared) {
        (_, 0) => String::new(),
        (Nl, _) => {
            let indicators = if compared == 1 {
                "beoordeelde indicator"
            } else {
                "beoordeelde indicatoren"
            };
            format!("Van {compared} {indicators} ervoor op {ahead}, erachter op {behind}, gelijk op {equal}.")
        }
        (En, _) => {
            let indicators = if compared == 1 {
                "judged indicator"
            } else {
                "judged indicators"
            };
            format!("Of {compared} {indicators} ahead on {ahead}, behind on {behind}, equal on {equal}.")
        }
    }
}

pub(crate) fn proxies_not_counted(language: Language) -> &'static str {
    language.say(Phrase::new(
        "Benaderingen tellen daarbij niet mee.",
        "Proxies are not among these.",
    ))
}

/// Figures of a municipality beside which a group has none of the same basis and period; empty for none.
pub(crate) fn without_mean(language: Language, group: &str, names: &[&str]) -> String {
    let named = names.join(", ");
    match (language, names.len()) {
        (_, 0) => String::new(),
        (Nl, 1..=3) => format!("Zonder gemiddelde van {group} op dezelfde basis en periode: {named}."),
        (En, 1..=3) => format!("Without a mean of {group} on the same basis and period: {named}."),
        (Nl, count) => {
            format!("Zonder gemiddelde van {group} op dezelfde basis en periode: {count} indicatoren.")
        }
        (En, count) => {
            format!("Without a mean of {group} on the same basis and period: {count} indicators.")
        }
    }
}

pub(crate) fn where_means_stand(language: Language, groups: &[&str]) -> String {
    let names = all_of(language, groups);
    match (language, groups.len()) {
        (Nl, 1) => format!("Waar het gemiddelde van {names} zou staan"),
        (En, 1) => format!("Where the mean of {names} would stand"),
        (Nl, _) => format!("Waar de gemiddelden van {names} zouden staan"),
        (En, _) => format!("Where the means of {names} would stand"),
    }
}

/// The mean by inhabitants beside the unweighted one, within a note.
pub(crate) fn by_inhabitants(language: Language, mean: f64, decimals: usize, position: u32) -> String {
    let mean = language.number(mean, decimals);
    match language {
        Nl => format!("naar inwoners {mean}, positie {position}"),
        En => format!("by inhabitants {mean}, position {position}"),
    }
}

/// How far a mean is from the national one, within a note; differences are shown with a decimal more than values.
pub(crate) fn against_national(
    language: Language,
    side: GapDirection,
    (difference, national): (f64, f64),
    decimals: usize,
) -> String {
    let (difference, national) = (
        language.number(difference, decimals + 1),
        language.number(national, decimals + 1),
    );
    let word = language.say(match side {
        GapDirection::Unspecified => return String::new(),
        GapDirection::Equal => {
            return match language {
                Nl => format!("gelijk aan het landelijk gemiddelde, {national}"),
                En => format!("equal to the national mean, {national}"),
            };
        }
        GapDirection::Ahead => Phrase::new("gunstiger", "more favourable"),
        GapDirection::Behind => Phrase::new("ongunstiger", "less favourable"),
        GapDirection::Higher => Phrase::new("hoger", "higher"),
        GapDirection::Lower => Phrase::new("lager", "lower"),
    });
    match language {
        Nl => format!("{difference} {word} dan het landelijk gemiddelde, {national}"),
        En => format!("{difference} {word} than the national mean, {national}"),
    }
}

/// `A`, `A and B`, `A, B and C`.
pub(crate) fn all_of(language: Language, names: &[&str]) -> String {
    let and = language.say(Phrase::new("en", "and"));
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} {and} {last}", most.join(", ")),
    }
}

pub(crate) fn recommendations_for(language: Language, subject: &str) -> String {
    match language {
        Nl => format!("Aanbevelingen voor {subject}"),
        En => format!("Recommendations for {subject}"),
    }
}

pub(crate) fn themes_on_average(language: Language) -> &'static str {
    language.say(Phrase::new("Thema's: gemiddelde ernst", "Themes: mean severity"))
}

pub(crate) fn and_more(language: Language, count: usize) -> String {
    match language {
        Nl => format!("en nog {count}"),
        En => format!("and {count} more"),
    }
}

/// Evidence that a table leaves out, with its share of the need.
pub(crate) fn and_more_evidence(language: Language, count: usize, share: f64) -> String {
    let share = language.number(share * 100.0, 0);
    match language {
        Nl => format!("en nog {count}, samen {share}%; -o json noemt ze"),
        En => format!("and {count} more, together {share}%; -o json lists them"),
    }
}

/// The section of the report something rests on; empty for none.
pub(crate) fn section(language: Language, section: &str) -> String {
    match language {
        _ if section.is_empty() => String::new(),
        Nl => format!("paragraaf {section}"),
        En => format!("section {section}"),
    }
}

pub(crate) fn need_among_peers(language: Language, class: &str, need: Option<f64>, group: &str) -> String {
    let need = need
        .map(|need| format!(" ({})", language.number(need, 3)))
        .unwrap_or_default();
    match language {
        Nl => format!("{class}{need}, gemeten binnen {group}"),
        En => format!("{class}{need}, measured within {group}"),
    }
}

pub(crate) fn raises_to(language: Language, class: &str) -> String {
    match language {
        Nl => format!("geeft minstens {class}"),
        En => format!("gives at least {class}"),
    }
}

pub(crate) fn edition(language: Language, name: &str, id: &str) -> String {
    match language {
        Nl => format!("Editie {name} ({id})"),
        En => format!("Edition {name} ({id})"),
    }
}

/// How many units the positions are among; empty without positions.
pub(crate) fn among(language: Language, n: &[u32]) -> String {
    let sizes = n.iter().map(u32::to_string).collect::<Vec<_>>();
    match (language, sizes.join(", ")) {
        (_, sizes) if sizes.is_empty() => String::new(),
        (Nl, sizes) => format!("n = {sizes} gemeenten"),
        (En, sizes) => format!("n = {sizes} municipalities"),
    }
}

/// A name that was not typed as it is.
pub(crate) fn read_as(language: Language, typed: &str, name: &str, id: &str) -> String {
    match language {
        Nl => format!("\"{typed}\" gelezen als {name} ({id})."),
        En => format!("\"{typed}\" read as {name} ({id})."),
    }
}

/// A former municipality that was followed.
pub(crate) fn followed(language: Language, former: &RegionRef, region: &RegionRef) -> String {
    let (from, from_code, to, to_code) = (&former.name, &former.code, &region.name, &region.code);
    match language {
        Nl => format!("{from} ({from_code}) bestaat niet meer; dit is {to} ({to_code})."),
        En => format!("{from} ({from_code}) no longer exists; this is {to} ({to_code})."),
    }
}
