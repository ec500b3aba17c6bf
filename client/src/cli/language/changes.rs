//! Words of changes: imports and publications.

use groeikern_client::v1::ImportState;

use super::{
    Language,
    Language::{En, Nl},
    Phrase,
    words::{NOTHING, Tone, Word, without_prefix},
};

pub(crate) const ACCEPTED: Phrase = Phrase::new("ontvangen", "accepted");
pub(crate) const IMPORTS: Phrase = Phrase::new("imports", "imports");
pub(crate) const LEFT_OUT: Phrase = Phrase::new("weggelaten", "left out");
pub(crate) const PUBLISHED: Phrase = Phrase::new("gepubliceerd", "published");
pub(crate) const REPLACED: Phrase = Phrase::new("vervangen", "replaced");
pub(crate) const ROWS: Phrase = Phrase::new("rijen", "rows");
pub(crate) const STATE: Phrase = Phrase::new("stand", "state");
pub(crate) const VALUES: Phrase = Phrase::new("waarden", "values");
pub(crate) const ALREADY_SO: Phrase = Phrase::new(
    "Er is niets gepubliceerd: de huidige editie zegt dit alles al.",
    "Nothing was published: the current edition says all of it already.",
);
pub(crate) const ONLY_CHECKED: Phrase = Phrase::new(
    "Alles is in orde; er is niets gepubliceerd.",
    "All is well; nothing was published.",
);

impl Word for ImportState {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "IMPORT_STATE_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Pending => Phrase::new("wacht", "pending"),
            Self::Published => Phrase::new("gepubliceerd", "published"),
            Self::SetAside => Phrase::new("terzijde", "set aside"),
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Unspecified | Self::Pending => Tone::Plain,
            Self::Published | Self::SetAside => Tone::Faint,
        }
    }
}

/// How to ask for the same again.
pub(crate) fn request_id(language: Language, id: &str) -> String {
    match language {
        Nl => format!("nummer van dit verzoek: {id} (met --request-id vraagt u hetzelfde nog eens)"),
        En => format!("request id {id} (--request-id asks for the same again)"),
    }
}

/// No server listens at a socket.
pub(crate) fn no_socket(language: Language, socket: &str, cause: &str) -> String {
    match language {
        Nl => format!(
            "geen server neemt wijzigingen aan op {socket} ({cause})\nnoem de plek met --socket; de server noemt hem in zijn \
             logboek (\"taking changes\"), en alleen zijn eigen gebruiker en root mogen erbij"
        ),
        En => format!(
            "no server takes changes at {socket} ({cause})\nname the place with --socket; the server's log tells it (\"taking \
             changes\"), and only its own user and root may open it"
        ),
    }
}

/// An import that a server keeps though it could not be published.
pub(crate) fn kept(language: Language, id: &str) -> String {
    match language {
        Nl => format!(
            "de import is bewaard als {id} en wacht: publiceer hem met groeikern admin publish {id}, of leg hem terzijde met \
             groeikern admin publish --set-aside {id}"
        ),
        En => format!(
            "the import is kept as {id} and waits: publish it with groeikern admin publish {id}, or set it aside with groeikern \
             admin publish --set-aside {id}"
        ),
    }
}

pub(crate) fn empty(language: Language, file: &str) -> String {
    match language {
        Nl => format!("{file} is leeg: er is niets te importeren"),
        En => format!("{file} is empty: there is nothing to import"),
    }
}

pub(crate) fn unreadable(language: Language, file: &str, cause: &str) -> String {
    match language {
        Nl => format!("{file} is niet te lezen: {cause}"),
        En => format!("{file} cannot be read: {cause}"),
    }
}
