//! What a command hands over, whatever the form in which it is then written.

use groeikern_client::v1::{Caveat, ResponseMetadata};
use prost::Message;

use super::{
    language::{Phrase, words::Tone},
    sheet::Sheet,
};

/// An answer: the message as it came, the rows made of it, and what a table says around them.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Name of the message within `groeikern.v1`.
    pub(crate) message_name: &'static str,
    /// The message, encoded; JSON is made from it by its descriptor.
    pub(crate) message: Vec<u8>,
    /// The line above the table; empty for none.
    pub(crate) title: String,
    pub(crate) sheet: Sheet,
    /// What follows the table, in tables only.
    pub(crate) below: Vec<Part>,
    pub(crate) footer: Footer,
}

impl Answer {
    /// An answer without title, remarks or footer; `name` is that of the message within `groeikern.v1`.
    pub(crate) fn new<M: Message>(name: &'static str, message: &M, sheet: Sheet) -> Self {
        Self {
            message_name: name,
            message: message.encode_to_vec(),
            title: String::new(),
            sheet,
            below: Vec::new(),
            footer: Footer::default(),
        }
    }

    pub(crate) fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    pub(crate) fn below(mut self, parts: impl IntoIterator<Item = Part>) -> Self {
        self.below.extend(parts);
        self
    }

    pub(crate) fn quoting(mut self, metadata: Option<&ResponseMetadata>) -> Self {
        self.footer.metadata = metadata.cloned();
        self
    }

    /// The units that positions are among; zeros (no ranking) are passed over.
    pub(crate) fn among(mut self, n: impl IntoIterator<Item = u32>) -> Self {
        self.footer.n.extend(n.into_iter().filter(|n| *n > 0));
        self.footer.n.sort_unstable();
        self.footer.n.dedup();
        self
    }

    /// A caveat on one part of the answer, beside those of its metadata.
    pub(crate) fn with_caveat(mut self, caveat: &Caveat, about: &str) -> Self {
        match self
            .footer
            .partial
            .iter_mut()
            .find(|known| known.caveat.text == caveat.text)
        {
            Some(known) => known.about.push(about.to_owned()),
            None => self.footer.partial.push(PartialCaveat {
                caveat: caveat.clone(),
                about: vec![about.to_owned()],
            }),
        }
        self
    }
}

/// What to know before quoting an answer; written to stderr so that the rows stay clean.
#[derive(Debug, Default)]
pub(crate) struct Footer {
    pub(crate) metadata: Option<ResponseMetadata>,
    /// The sizes of the rankings in the answer, ascending.
    pub(crate) n: Vec<u32>,
    pub(crate) partial: Vec<PartialCaveat>,
}

/// A caveat on parts of an answer, such as single recommendations.
#[derive(Debug)]
pub(crate) struct PartialCaveat {
    pub(crate) caveat: Caveat,
    pub(crate) about: Vec<String>,
}

/// A piece of what follows a table.
#[derive(Debug)]
pub(crate) enum Part {
    Heading {
        text: String,
        word: &'static str,
        tone: Tone,
    },
    Sentence(String),
    Sheet(Sheet),
    /// A sheet among facts, set in as they are with air around it, and what to say of rows it leaves out.
    Inset(Sheet, String),
    /// Labels with what there is to say; those with nothing to say are left out.
    Facts(Vec<(Phrase, String)>),
}
