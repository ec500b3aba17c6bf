//! Everything that is wrong with an import, as much of it as a person can use.

use std::{borrow::Cow, fmt};

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::edition::source::Problem;

/// So many problems are shown; a table with a wrong delimiter has one on every line.
const MOST_SHOWN: usize = 20;

/// A recipe or tables that cannot become an import unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// What could not be read: a recipe, or tables by a recipe.
    pub subject: String,
    /// What is wrong, by file and line: all of a recipe, the first 20 of tables.
    pub problems: Vec<Problem>,
    /// How many more there are.
    pub more: usize,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len() + self.more;
        if let ([only], 1) = (self.problems.as_slice(), count) {
            return only.fmt(f);
        }
        write!(f, "{} has {count} problems", self.subject)?;
        self.problems
            .iter()
            .try_for_each(|problem| write!(f, "\n  {problem}"))?;
        match self.more {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

impl std::error::Error for ImportError {}

/// Problems as they are found.
#[derive(Debug)]
pub(super) struct Problems {
    first: Vec<Problem>,
    most: usize,
    more: usize,
}

impl Problems {
    /// For tables: keeps the first 20 and counts the others.
    pub(super) fn first_of_many() -> Self {
        Self {
            first: Vec::new(),
            most: MOST_SHOWN,
            more: 0,
        }
    }

    /// For recipes, which people write by hand: keeps all.
    pub(super) fn all() -> Self {
        Self {
            first: Vec::new(),
            most: usize::MAX,
            more: 0,
        }
    }

    pub(super) fn at(&mut self, file: &str, line: usize, message: impl Into<String>) {
        if self.first.len() < self.most {
            let message: String = message.into();
            self.first
                .push(Problem::at(&visible(file), line, visible(&message)));
        } else {
            self.more += 1;
        }
    }

    pub(super) fn in_file(&mut self, file: &str, message: impl Into<String>) {
        self.at(file, 0, message);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// Whether what is reported from now on is only counted.
    pub(super) fn are_enough(&self) -> bool {
        self.first.len() >= self.most
    }

    /// An error, unless there is nothing wrong.
    pub(super) fn refuse(self, subject: impl Into<String>) -> Result<(), ImportError> {
        if self.is_empty() {
            return Ok(());
        }
        Err(self.refusal(subject))
    }

    /// An error with what was found.
    pub(super) fn refusal(self, subject: impl Into<String>) -> ImportError {
        ImportError {
            subject: subject.into(),
            problems: self.first,
            more: self.more,
        }
    }
}

/// The beginning of a text from outside, as a terminal can show it.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).flat_map(escaped).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// A text without anything that a terminal would obey: messages of libraries and names of files may hold it.
fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        Cow::Owned(text.chars().flat_map(escaped).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn escaped(c: char) -> Box<dyn Iterator<Item = char>> {
    // Quotes and backslashes stand as they are.
    if matches!(c, '"' | '\'' | '\\') {
        Box::new(std::iter::once(c))
    } else {
        Box::new(c.escape_debug())
    }
}

/// A text of a table or a recipe without spaces around it, in Unicode normal form C: what is compared with each other.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    if is_nfc(trimmed) {
        Cow::Borrowed(trimmed)
    } else {
        Cow::Owned(trimmed.nfc().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_hold_nothing_that_a_terminal_would_obey() {
        let mut problems = Problems::all();
        problems.at("t\u{1b}[2J.csv", 3, "close tag `</\0sheet>` is \"odd\"");
        let error = problems.refusal("a table");
        assert_eq!(
            error.to_string(),
            "t\\u{1b}[2J.csv:3: close tag `</\\0sheet>` is \"odd\""
        );
    }
}
