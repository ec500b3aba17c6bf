//! Failures in words: what happened, and what to do about it.

use std::time::Duration;

use groeikern_client::v1::ErrorReason;

use super::{Language, Language::En, Language::Nl, Phrase};

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

pub(crate) fn unknown_factor(language: Language, typed: &str) -> String {
    match language {
        Nl => format!("geen factor heet \"{typed}\"; alle factoren: groeikern factors"),
        En => format!("no factor is called \"{typed}\"; for all factors: groeikern factors"),
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

pub(crate) fn unknown_recommendation(language: Language, typed: &str) -> String {
    match language {
        Nl => format!("geen aanbeveling heeft nummer \"{typed}\""),
        En => format!("no recommendation has number \"{typed}\""),
    }
}

/// The row asked about cannot be among those asked for.
pub(crate) fn not_a_member(language: Language, region: &str, group: &str) -> String {
    match language {
        Nl => format!("{region} hoort niet bij {group}; laat --within weg"),
        En => format!("{region} is no member of {group}; leave out --within"),
    }
}

pub(crate) fn bad_tree(language: Language, file: &str, cause: &str) -> String {
    match language {
        Nl => format!("{file} is geen boom van indicatoren: {cause}"),
        En => format!("{file} is no tree of indicators: {cause}"),
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

pub(crate) const NO_FORM: Phrase = Phrase::new(
    "-o kiest de vorm van een antwoord; kies die van een export met --format: csv, ndjson of json-stat",
    "-o chooses the form of an answer; choose that of an export by --format: csv, ndjson or json-stat",
);
pub(crate) const NOT_ONE_MUNICIPALITY: Phrase = Phrase::new(
    "--surroundings is de regio van één gemeente: noem die, of laat --surroundings weg, of noem gemeenten met --around",
    "--surroundings is the region of one municipality: name that, or leave --surroundings out, or name municipalities by --around",
);
pub(crate) const NO_RECORD: Phrase = Phrase::new(
    "--publisher en --contact horen in het beschrijvende bestand, en naar stdout komt er geen: noem een bestand",
    "--publisher and --contact belong in the record, and stdout gets none: name a file",
);
pub(crate) const INTERRUPTED: Phrase = Phrase::new(
    "afgebroken; er is niets geschreven",
    "interrupted; nothing was written",
);

pub(crate) fn unknown_ending(language: Language, ending: &str) -> String {
    let fault = match (language, ending) {
        (Nl, "") => "de naam van het bestand heeft geen uitgang die zegt in welke vorm het komt".to_owned(),
        (En, "") => "the name of the file has no ending that says its form".to_owned(),
        (Nl, ending) => format!("de uitgang .{ending} zegt niet in welke vorm het bestand komt"),
        (En, ending) => format!("the ending .{ending} does not say the form of the file"),
    };
    let remedy = language.say(Phrase::new(
        "geef --format csv, ndjson of json-stat, of laat de naam eindigen op .csv, .ndjson, .jsonl of .json",
        "give --format csv, ndjson or json-stat, or end the name in .csv, .ndjson, .jsonl or .json",
    ));
    format!("{fault}: {remedy}")
}

pub(crate) fn damaged(language: Language, cause: &str) -> String {
    match language {
        Nl => format!("de export is onderweg beschadigd ({cause}); probeer het opnieuw"),
        En => format!("the export was damaged on the way ({cause}); try again"),
    }
}

pub(crate) fn incomplete(language: Language, received: u64, announced: u64) -> String {
    match language {
        Nl => format!("de export brak af na {received} van {announced} gegevens; probeer het opnieuw"),
        En => format!("the export broke off after {received} of {announced} figures; try again"),
    }
}

pub(crate) fn cube_too_large(language: Language, size: Option<[usize; 4]>, most: u64) -> String {
    let cells = size.map(|size| {
        let product: u64 = size.iter().map(|size| *size as u64).product();
        format!(
            "{} x {} x {} x {} = {product}",
            size[0], size[1], size[2], size[3]
        )
    });
    let size = match (language, cells) {
        (Nl, Some(cells)) => {
            format!(
                "een kubus van gegeven, indicator, gebied en periode zou {cells} cellen hebben, meer dan {most}"
            )
        }
        (En, Some(cells)) => {
            format!(
                "a cube of figure, indicator, region and period would have {cells} cells, more than {most}"
            )
        }
        (Nl, None) => format!("een kubus van deze gegevens zou meer dan {most} cellen hebben"),
        (En, None) => format!("a cube of these figures would have more than {most} cells"),
    };
    let remedy = language.say(Phrase::new(
        "beperk hem met --basis computed, --from en --to, --indicator of --region, of kies --format csv",
        "narrow it by --basis computed, --from and --to, --indicator or --region, or choose --format csv",
    ));
    format!("{size}: {remedy}")
}

pub(crate) fn two_in_one_cell(language: Language, indicator: &str, region: &str, period: &str) -> String {
    match language {
        Nl => format!(
            "twee bronnen geven een positie van {indicator} voor {region} in {period}, en een kubus heeft plaats voor één: kies \
             --format csv"
        ),
        En => format!(
            "two sources print a position of {indicator} for {region} in {period}, and a cube has room for one: choose --format csv"
        ),
    }
}

pub(crate) fn unwritable_file(language: Language, file: &str, cause: &str) -> String {
    match language {
        Nl => format!("{file} is niet te schrijven ({cause}); wat er stond, staat er nog"),
        En => format!("{file} cannot be written ({cause}); what was there is still there"),
    }
}

pub(crate) fn no_regular_file(language: Language, file: &str) -> String {
    match language {
        Nl => format!(
            "{file} is geen gewoon bestand en wordt niet vervangen: laat het weg en stuur stdout erheen: groeikern export > {file}"
        ),
        En => format!(
            "{file} is no regular file and is not replaced: leave it out and send stdout there: groeikern export > {file}"
        ),
    }
}

pub(crate) fn no_place_for_record(language: Language, file: &str) -> String {
    match language {
        Nl => format!(
            "{file} is geen gewoon bestand, en daar komt het beschrijvende bestand: haal het weg, of kies een andere naam"
        ),
        En => format!(
            "{file} is no regular file, and the record comes there: remove it, or choose another name"
        ),
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
        ErrorReason::UnknownFactor => Phrase::new("onbekende factor", "unknown factor"),
        ErrorReason::UnknownFinding => Phrase::new("onbekende bevinding", "unknown finding"),
        ErrorReason::UnknownArea => Phrase::new(
            "onbekende provincie of onbekend COROP-gebied",
            "unknown province or COROP area",
        ),
        ErrorReason::UnknownBreakdown => Phrase::new("onbekende verdeling", "unknown breakdown"),
        ErrorReason::TooManyWatches => Phrase::new(
            "te veel volgers van nieuwe edities",
            "too many watch for new editions",
        ),
        ErrorReason::UnknownMethodSection => Phrase::new(
            "onbekende paragraaf van de methode",
            "unknown section of the method",
        ),
        ErrorReason::UnknownEdition => Phrase::new("onbekende editie", "unknown edition"),
        ErrorReason::UnknownUniverse => Phrase::new("onbekende ranglijst", "unknown universe"),
        ErrorReason::NotInUniverse => Phrase::new("staat niet op de ranglijst", "not in the universe"),
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
        ErrorReason::NotRecastable => Phrase::new(
            "niet om te rekenen naar die grenzen",
            "cannot be put on those borders",
        ),
        ErrorReason::Overloaded => Phrase::new("de server is te druk", "the server is busy"),
        ErrorReason::DeadlineExceeded => Phrase::new("de tijd is om", "time ran out"),
        ErrorReason::Internal => Phrase::new("fout in de server", "the server failed"),
        ErrorReason::ImportRefused => Phrase::new(
            "de tabellen of het recept zijn niet te gebruiken",
            "the tables or the recipe cannot be used",
        ),
        ErrorReason::UploadRefused => Phrase::new("het verzenden ging niet goed", "the upload went wrong"),
        ErrorReason::RequestIdReused => Phrase::new(
            "het nummer van dit verzoek is al gebruikt",
            "the request id is taken",
        ),
        ErrorReason::UnknownImport => Phrase::new("onbekende import", "unknown import"),
        ErrorReason::ShelfReadOnly => {
            Phrase::new("de server kan niets bewaren", "the server cannot keep anything")
        }
        ErrorReason::ShelfFull => Phrase::new("de schijf van de server is vol", "the server's disk is full"),
        ErrorReason::PublishConflict => Phrase::new("iemand anders was eerder", "somebody else was first"),
        ErrorReason::Unspecified | ErrorReason::PageTokenInvalid | ErrorReason::PageTokenMismatch => {
            Phrase::new("", "")
        }
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
