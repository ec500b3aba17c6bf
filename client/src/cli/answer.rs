//! What a command hands over, whatever the form in which it is then written.

use groeikern_client::v1::{Caveat, ResponseMetadata};
use prost::Message;

use super::{
    language::{Phrase, words::Tone},
    sheet::Sheet,
};

/// An answer: the messages as they came, the rows made of them, and what a table says around them.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What JSON holds: one message as it is, several as an object by their keys.
    pub(crate) messages: Vec<Keyed>,
    /// The line above the table; empty for none.
    pub(crate) title: String,
    pub(crate) sheet: Sheet,
    /// What follows the table, in tables only.
    pub(crate) below: Vec<Part>,
    pub(crate) footer: Footer,
}

impl Answer {
    /// An answer of one message, without title, remarks or footer; `name` is that of the message within `groeikern.v1`.
    pub(crate) fn new<M: Message>(name: &'static str, message: &M, sheet: Sheet) -> Self {
        Self::of([Keyed::new("", name, message)], sheet)
    }

    /// An answer of several messages.
    pub(crate) fn of(messages: impl IntoIterator<Item = Keyed>, sheet: Sheet) -> Self {
        Self {
            messages: messages.into_iter().collect(),
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

    /// Caveats of another response in the same answer, where its metadata does not say the same.
    pub(crate) fn also_quoting(mut self, metadata: Option<&ResponseMetadata>) -> Self {
        if let (Some(known), Some(other)) = (&mut self.footer.metadata, metadata) {
            for caveat in &other.caveats {
                if known.caveats.iter().all(|said| said.text != caveat.text) {
                    known.caveats.push(caveat.clone());
                }
            }
        }
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

/// A message under its name in JSON.
#[derive(Debug)]
pub(crate) struct Keyed {
    pub(crate) key: &'static str,
    /// Name of the message within `groeikern.v1`.
    pub(crate) name: &'static str,
    /// The message, encoded; JSON is made from it by its descriptor.
    pub(crate) message: Vec<u8>,
}

impl Keyed {
    pub(crate) fn new<M: Message>(key: &'static str, name: &'static str, message: &M) -> Self {
        Self {
            key,
            name,
            message: message.encode_to_vec(),
        }
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

impl Part {
    /// Sentences on a line each; those that are empty have nothing to say.
    pub(crate) fn sentences(sentences: impl IntoIterator<Item = String>) -> Self {
        let said = sentences.into_iter().filter(|sentence| !sentence.is_empty());
        Self::Sentence(said.collect::<Vec<_>>().join("\n"))
    }
}
