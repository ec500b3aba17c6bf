//! One run's conversation with the server.

use std::time::Duration;

use groeikern_client::{Client, ConnectOptions, v1};

use super::{arguments::Options, exit::Failure, language::Language};

/// The longest wait for a connection, where the deadline is longer.
const LONGEST_CONNECTING: Duration = Duration::from_secs(5);

/// The client, the edition that everything in this run is asked of, and what there is to say about names.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) language: Language,
    edition: String,
    remarks: Vec<String>,
}

impl Session {
    /// Connects as the options say; `patience` is the deadline of a call where they leave it open.
    pub(crate) async fn connect(
        options: &Options,
        language: Language,
        patience: Option<Duration>,
    ) -> Result<Self, Failure> {
        let mut connecting = ConnectOptions::new(options.endpoint());
        if let Some(patience) = patience {
            connecting = connecting.deadline(patience);
        }
        if let Some(deadline) = options.deadline {
            connecting = connecting
                .deadline(deadline)
                .connect_timeout(deadline.min(LONGEST_CONNECTING));
        }
        Ok(Self {
            client: Client::connect(connecting).await?,
            language,
            edition: options.edition.clone().unwrap_or_default(),
            remarks: Vec::new(),
        })
    }

    /// The edition to put into a request; empty for the current one.
    pub(crate) fn edition(&self) -> String {
        self.edition.clone()
    }

    /// Asks the rest of the run of this edition.
    pub(crate) fn ask_of(&mut self, edition: &str) {
        edition.clone_into(&mut self.edition);
    }

    /// Asks the rest of the run of the edition that gave this answer: what a name means and what is then asked about it
    /// never come from two editions.
    pub(crate) fn stay_with(&mut self, metadata: Option<&v1::ResponseMetadata>) {
        if let Some(metadata) = metadata.filter(|metadata| !metadata.edition_id.is_empty()) {
            self.edition.clone_from(&metadata.edition_id);
        }
    }

    /// Keeps what a person should know about how their words were read.
    pub(crate) fn remark(&mut self, remark: String) {
        // A name that is looked up twice is read once.
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    pub(crate) fn remarks(&self) -> &[String] {
        &self.remarks
    }
}
