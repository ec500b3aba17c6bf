//! Sentences with something filled in.

use std::time::Duration;

use groeikern_client::v1::{ErrorReason, RegionRef};

use super::{Language, Language::En, Language::Nl, Phrase};

/// How many of a ranking's units are known; empty when all are.
pub(crate) fn known(language: Language, known: u32, n: u32) -> String {
    match language {
        _ if known >= n => String::new(),
        Nl => format!("{known} van {n} gemeenten bekend."),
        En => format!("{known} of {n} municipalities known."),
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

/// `het gemiddelde van Old towns`.
pub(crate) fn mean_of(language: Language, group: &str) -> String {
    match language {
        Nl => format!("het gemiddelde van {group}"),
        En => format!("the mean of {group}"),
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
        .map(|need| format!(" ({})", language.number(need, 2)))
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

pub(crate) fn error(language: Language, text: &str) -> String {
    match language {
        Nl => format!("fout: {text}"),
        En => format!("error: {text}"),
    }
}

pub(crate) fn did_you_mean(language: Language, nearest: &[String]) -> String {
    let (or, lead) = match language {
        Nl => ("of", "bedoelde u"),
        En => ("or", "did you mean"),
    };
    match nearest {
        [] => String::new(),
        [only] => format!("{lead} {only}?"),
        [most @ .., last] => format!("{lead} {} {or} {last}?", most.join(", ")),
    }
}

/// What an error is about, and the server's own words on it, which are English.
pub(crate) fn in_the_servers_words(language: Language, about: &str, message: &str) -> String {
    match language {
        Nl => format!("{about}\nde server zegt: {message}"),
        En => format!("{about}: {message}"),
    }
}

pub(crate) fn unknown_group(language: Language, typed: &str) -> String {
    match language {
        Nl => format!("geen groep heet \"{typed}\"; alle groepen: groeikern groups"),
        En => format!("no group is called \"{typed}\"; for all groups: groeikern groups"),
    }
}

pub(crate) fn unknown_indicator(language: Language, typed: &str) -> String {
    match language {
        Nl => format!("geen indicator heet \"{typed}\"; alle indicatoren: groeikern indicators"),
        En => format!("no indicator is called \"{typed}\"; for all indicators: groeikern indicators"),
    }
}

pub(crate) fn unknown_region(language: Language, typed: &str) -> String {
    match language {
        Nl => format!("geen gemeente heet \"{typed}\"; alle gemeenten: groeikern regions"),
        En => format!("no municipality is called \"{typed}\"; for all municipalities: groeikern regions"),
    }
}

pub(crate) fn unknown_theme(language: Language, typed: &str) -> String {
    match language {
        Nl => format!("geen thema heet \"{typed}\""),
        En => format!("no theme is called \"{typed}\""),
    }
}

pub(crate) fn no_figures(language: Language, about: &str) -> String {
    match language {
        Nl => format!("deze editie heeft hiervoor geen cijfers: {about}"),
        En => format!("this edition has no figures for this: {about}"),
    }
}

pub(crate) fn invalid_endpoint(language: Language, endpoint: &str, cause: &str) -> String {
    match language {
        Nl => format!(
            "het adres {endpoint} is niet te gebruiken ({cause}); schrijf host:poort of http://host:poort"
        ),
        En => format!("the address {endpoint} cannot be used ({cause}); write host:port or http://host:port"),
    }
}

pub(crate) fn unreachable(language: Language, endpoint: &str, cause: &str) -> String {
    match language {
        Nl => format!(
            "geen server bereikbaar op {endpoint} ({cause})\nstart de server met: groeikern-server, of noem een ander adres met --endpoint"
        ),
        En => format!(
            "no server can be reached at {endpoint} ({cause})\nstart the server with: groeikern-server, or give another address with --endpoint"
        ),
    }
}

pub(crate) fn connection_lost(language: Language, endpoint: &str, cause: &str) -> String {
    match language {
        Nl => format!("de verbinding met {endpoint} brak af ({cause}); probeer het opnieuw"),
        En => format!("the connection to {endpoint} broke off ({cause}); try again"),
    }
}

pub(crate) fn too_slow(language: Language, deadline: Duration) -> String {
    let deadline = if deadline < Duration::from_secs(1) {
        format!("{} ms", language.number(deadline.as_secs_f64() * 1000.0, 3))
    } else {
        format!("{} s", language.number(deadline.as_secs_f64(), 1))
    };
    match language {
        Nl => format!("geen antwoord binnen {deadline}; geef meer tijd met --deadline"),
        En => format!("no answer within {deadline}; allow more time with --deadline"),
    }
}

pub(crate) fn try_again(language: Language, after: Option<Duration>) -> String {
    let seconds = after
        .filter(|after| !after.is_zero())
        .map(|after| language.number(after.as_secs_f64(), 1));
    match (language, seconds) {
        (Nl, Some(seconds)) => format!("probeer het over {seconds} s opnieuw"),
        (En, Some(seconds)) => format!("try again in {seconds} s"),
        (Nl, None) => "probeer het later opnieuw".to_owned(),
        (En, None) => "try again later".to_owned(),
    }
}

pub(crate) fn report_it(language: Language, request_id: &str) -> String {
    match language {
        Nl => format!("meld het aan de beheerder van de server, met verzoek {request_id}"),
        En => format!("report it to the server's operator, with request id {request_id}"),
    }
}

pub(crate) fn unwritable(language: Language, cause: &str) -> String {
    match language {
        Nl => format!("het antwoord is niet weg te schrijven: {cause}"),
        En => format!("the answer cannot be written: {cause}"),
    }
}

/// What an error of the server is about, before its own words; empty where those say it all.
pub(crate) fn reason(reason: ErrorReason) -> Phrase {
    match reason {
        ErrorReason::InvalidRequest => Phrase::new("de vraag klopt niet", "the request is wrong"),
        ErrorReason::BatchTooLarge => Phrase::new("te veel in één vraag", "too much in one request"),
        ErrorReason::UnknownRegion => Phrase::new("onbekende gemeente", "unknown municipality"),
        ErrorReason::UnknownIndicator => Phrase::new("onbekende indicator", "unknown indicator"),
        ErrorReason::UnknownGroup => Phrase::new("onbekende groep", "unknown group"),
        ErrorReason::UnknownTheme => Phrase::new("onbekend thema", "unknown theme"),
        ErrorReason::UnknownRpc => Phrase::new(
            "de server kent deze vraag niet",
            "the server does not know this question",
        ),
        ErrorReason::UnknownBlock => Phrase::new("onbekend blok", "unknown block"),
        ErrorReason::UnknownRecommendation => Phrase::new("onbekende aanbeveling", "unknown recommendation"),
        ErrorReason::UnknownEdition => Phrase::new("onbekende editie", "unknown edition"),
        ErrorReason::AmbiguousName => Phrase::new("meer dan één past", "more than one fits"),
        ErrorReason::NoData => Phrase::new("geen cijfers", "no data"),
        ErrorReason::RetiredRegion => Phrase::new("opgeheven gemeente", "former municipality"),
        ErrorReason::EditionLoading => Phrase::new("de editie wordt geladen", "the edition is being loaded"),
        ErrorReason::EditionGone => Phrase::new("de editie is weg", "the edition is gone"),
        ErrorReason::EditionCorrupt => Phrase::new("de editie is beschadigd", "the edition is damaged"),
        ErrorReason::EditionSchema => Phrase::new(
            "de editie is van een ander schema",
            "the edition is of another schema",
        ),
        ErrorReason::Overloaded => Phrase::new("de server is te druk", "the server is busy"),
        ErrorReason::DeadlineExceeded => Phrase::new("de tijd is om", "time ran out"),
        ErrorReason::Internal => Phrase::new("fout in de server", "the server failed"),
        ErrorReason::Unspecified
        | ErrorReason::PageTokenInvalid
        | ErrorReason::PageTokenMismatch
        | ErrorReason::PublishConflict => Phrase::new("", ""),
    }
}

pub(crate) const SEE_EDITIONS: Phrase = Phrase::new(
    "alle edities: groeikern editions",
    "for all editions: groeikern editions",
);
pub(crate) const DENIED: Phrase = Phrase::new(
    "geen toegang; vraag de beheerder van de server",
    "access denied; ask the server's operator",
);
pub(crate) const OPERATOR_MUST_REBUILD: Phrase = Phrase::new(
    "de beheerder van de server moet de editie herstellen of opnieuw bouwen",
    "the server's operator has to restore or rebuild the edition",
);
pub(crate) const OLDER_SERVER: Phrase = Phrase::new(
    "de server kent deze vraag niet; is hij ouder?",
    "the server does not know this question; is it older?",
);
