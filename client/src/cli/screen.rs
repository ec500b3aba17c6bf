//! Where an answer goes: rows to stdout, what to know about them to stderr.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

use super::{
    answer::Answer,
    arguments::{ColorChoice, Options, Output},
    exit::Failure,
    footer, json,
    language::Language,
    markdown,
    table::{self, Style},
    tsv,
};

/// The form, language and colours of everything that is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) language: Language,
    output: Output,
    colour: bool,
}

impl Screen {
    /// As the options say; what they leave open follows the terminal and the environment.
    pub(crate) fn of(options: &Options) -> Self {
        let terminal = io::stdout().is_terminal();
        let variable = |name: &str| env::var(name).ok();
        Self {
            language: options.lang.unwrap_or_else(|| Language::of_locale(variable)),
            output: options
                .output
                .unwrap_or(if terminal { Output::Table } else { Output::Tsv }),
            colour: match options.color {
                ColorChoice::Always => true,
                ColorChoice::Never => false,
                ColorChoice::Auto => terminal && variable("NO_COLOR").is_none_or(|value| value.is_empty()),
            },
        }
    }

    /// Remarks on how names were read, the answer, its footer. JSON and Markdown hold the footer themselves, and JSON the
    /// remarks as well.
    pub(crate) fn show(&self, answer: &Answer, remarks: &[String]) -> Result<(), Failure> {
        let text = match self.output {
            Output::Table => table::write(
                answer,
                Style {
                    language: self.language,
                    colour: self.colour,
                },
            ),
            Output::Markdown => markdown::write(answer, self.language),
            Output::Tsv => tsv::write(&answer.sheet),
            Output::Json => json::write(&answer.messages).map_err(Failure::Unwritable)?,
        };
        if self.output != Output::Json {
            remarks.iter().for_each(|remark| beside(&format!("{remark}\n")));
        }
        written(&text)?;
        if matches!(self.output, Output::Table | Output::Tsv) {
            let footer = footer::write(&answer.footer, self.language);
            let gap = if self.output == Output::Table && !footer.is_empty() {
                "\n"
            } else {
                ""
            };
            beside(&format!("{gap}{footer}"));
        }
        Ok(())
    }

    /// One answer of several that follow each other as they come: tab separated rows under one header, JSON a line for each.
    pub(crate) fn show_next(
        &self,
        answer: &Answer,
        remarks: &[String],
        is_first: bool,
    ) -> Result<(), Failure> {
        match self.output {
            Output::Tsv => {
                remarks.iter().for_each(|remark| beside(&format!("{remark}\n")));
                beside(&format!("{}\n", answer.title));
                let text = tsv::write(&answer.sheet);
                let rows = text.split_once('\n').map_or("", |(_, rows)| rows);
                written(if is_first { &text } else { rows })
            }
            Output::Json => written(&json::line(&answer.messages).map_err(Failure::Unwritable)?),
            // An event without changes is a sentence, not a table of nothing.
            Output::Table | Output::Markdown if answer.sheet.lines.is_empty() => {
                remarks.iter().for_each(|remark| beside(&format!("{remark}\n")));
                written(&format!("{}\n", answer.title))
            }
            Output::Table | Output::Markdown => self.show(answer, remarks),
        }
    }
}

fn written(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(Failure::Output)
}

/// Writes to stderr. Nothing can be said about it when that fails, so nothing is.
pub(crate) fn beside(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
