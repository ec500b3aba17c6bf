//! Words and sentences about flows and the regions that follow from them.

use groeikern_client::v1::{FlowBalance, FlowKind, FlowTable, RegionRef};

use super::{
    Language,
    Language::{En, Nl},
    Phrase,
    words::{NOTHING, Word, without_prefix},
};

pub(crate) const KIND: Phrase = Phrase::new("stroom", "flow");
pub(crate) const BREAKDOWN_ID: Phrase = Phrase::new("voor --breakdown", "for --breakdown");
pub(crate) const PAIRS: Phrase = Phrase::new("paren", "pairs");
pub(crate) const PERSONS: Phrase = Phrase::new("mensen", "people");
pub(crate) const WITHIN: Phrase = Phrase::new("binnen", "within");
pub(crate) const INCOMING: Phrase = Phrase::new("in", "in");
pub(crate) const OUTGOING: Phrase = Phrase::new("uit", "out");
pub(crate) const NET: Phrase = Phrase::new("saldo", "net");
pub(crate) const SHARE: Phrase = Phrase::new("aandeel", "share");
pub(crate) const CUMULATIVE: Phrase = Phrase::new("samen", "together");
pub(crate) const SHARE_OF_INCOMING: Phrase = Phrase::new("deel van in", "part of in");
pub(crate) const SHARE_OF_OUTGOING: Phrase = Phrase::new("deel van uit", "part of out");
pub(crate) const PARTNERS: Phrase = Phrase::new("partners", "partners");
pub(crate) const CONCENTRATION: Phrase =
    Phrase::new("Herfindahl van bestemmingen", "Herfindahl of destinations");
pub(crate) const DOMINANT: Phrase = Phrase::new("dominant", "dominant");
pub(crate) const BEYOND: Phrase = Phrase::new("buiten aandeel", "beyond share");

impl Word for FlowKind {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "FLOW_KIND_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Commuting => Phrase::new("pendel", "commuting"),
            Self::Migration => Phrase::new("verhuizingen", "migration"),
            Self::Trips => Phrase::new("verplaatsingen", "trips"),
        }
    }
}

/// `commuting, 2016`.
fn of_table(language: Language, table: &FlowTable) -> String {
    format!("{}, {}", language.say(table.kind().shown()), table.period)
}

/// The line above a balance.
pub(crate) fn in_and_out(language: Language, region: &RegionRef, table: &FlowTable) -> String {
    let (name, code, table) = (&region.name, &region.code, of_table(language, table));
    match language {
        Nl => format!("In en uit {name} ({code}): {table}"),
        En => format!("In and out of {name} ({code}): {table}"),
    }
}

/// The line above a region.
pub(crate) fn relevant_region(language: Language, region: &RegionRef, table: &FlowTable) -> String {
    let (name, code, table) = (&region.name, &region.code, of_table(language, table));
    match language {
        Nl => format!("Relevante regio van {name} ({code}): {table}"),
        En => format!("Relevant region of {name} ({code}): {table}"),
    }
}

/// The line above the parts of a balance.
pub(crate) fn largest_partners(language: Language, listed: usize, partners: u32) -> String {
    match language {
        Nl => format!("De grootste {listed} van {partners} partners"),
        En => format!("The largest {listed} of {partners} partners"),
    }
}

/// What stands above those figures.
pub(crate) const IN_ALL: Phrase = Phrase::new("In totaal", "In all");

/// What a table says of a balance under its partners.
pub(crate) fn facts(language: Language, balance: &FlowBalance) -> Vec<(Phrase, String)> {
    let optional = |value: Option<f64>, decimals| {
        value.map_or_else(String::new, |value| language.number(value, decimals))
    };
    vec![
        (INCOMING, language.number(balance.incoming, 0)),
        (OUTGOING, language.number(balance.outgoing, 0)),
        (NET, language.number(balance.net, 0)),
        (WITHIN, optional(balance.within, 0)),
        (PARTNERS, balance.partners.to_string()),
        (CONCENTRATION, optional(balance.herfindahl_of_destinations, 3)),
    ]
}

/// How far a region reaches, and what its gross and net forms hold.
pub(crate) fn reach(
    language: Language,
    (asked, reached): (f64, f64),
    (gross, net): (usize, usize),
    dominant: Option<&RegionRef>,
) -> String {
    let [asked, reached] = [asked, reached].map(|share| language.number(share * 100.0, 1));
    let gross = language.counted(
        gross as u64,
        Phrase::new("gemeente", "municipality"),
        Phrase::new("gemeenten", "municipalities"),
    );
    match (language, dominant) {
        (Nl, Some(dominant)) => format!(
            "Samen {reached}% van alles heen en terug (gevraagd {asked}%). Bruto {gross}; netto {net}, zonder {}.",
            dominant.name
        ),
        (En, Some(dominant)) => format!(
            "Together {reached}% of all to and fro ({asked}% asked). Gross {gross}; net {net}, without {}.",
            dominant.name
        ),
        (Nl, None) => format!(
            "Samen {reached}% van alles heen en terug (gevraagd {asked}%). Er is geen dominante gemeente: bruto en netto zijn gelijk."
        ),
        (En, None) => format!(
            "Together {reached}% of all to and fro ({asked}% asked). There is no dominant municipality: gross and net are the same."
        ),
    }
}

/// What to say where an edition holds no flows.
pub(crate) fn none(language: Language) -> &'static str {
    match language {
        Nl => "Deze editie bevat geen stromen.",
        En => "This edition holds no flows.",
    }
}
