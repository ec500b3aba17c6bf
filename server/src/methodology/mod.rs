//! The method in words: what every number means, its formula, where that comes from, and an example to work by hand.
//!
//! The text is data (`data/method/`, a file per chapter, compiled in) and has three readers: GetMethod, `docs/methodology.md`,
//! and the tests, which calculate every example with the functions of [`method`](crate::method) and compare. So the text cannot
//! say one thing and the program do another.

mod constants;
mod markdown;
mod read;

#[cfg(test)]
mod borders;
#[cfg(test)]
mod calculation;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod functions;
#[cfg(test)]
mod inputs;
#[cfg(test)]
mod promises;

use std::{collections::BTreeMap, sync::LazyLock};

use crate::domain::Text;

pub use constants::ConstantValue;
pub use markdown::markdown;

/// The whole method.
#[derive(Debug, Clone, PartialEq)]
pub struct Methodology {
    /// How to read it.
    pub introduction: Text,
    /// In reading order.
    pub chapters: Vec<Chapter>,
}

/// Sections that belong together: one file of `data/method/`.
#[derive(Debug, Clone, PartialEq)]
pub struct Chapter {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// In reading order.
    pub sections: Vec<Section>,
}

/// One formula or rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its id, unique in the whole method.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// What it means, in plain words; an empty line between paragraphs.
    pub meaning: Text,
    /// The formula, a line each.
    pub formula: Text,
    /// What stands for what in the formula.
    pub symbols: Vec<Symbol>,
    /// The thresholds and weights it uses.
    pub constants: Vec<Constant>,
    /// Where it comes from.
    pub source: Text,
    /// The papers it rests on.
    pub references: Vec<Reference>,
    /// What in it is our choice and not the report's.
    pub ours: Text,
    /// Worked by hand.
    pub examples: Vec<Example>,
    /// What it is not, and what happens at its edges.
    pub limits: Text,
}

/// A symbol of a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// As it stands in the formula.
    pub symbol: Text,
    /// What it stands for, with unit and range.
    pub meaning: Text,
}

/// A threshold or weight. Its value is never written in the text: see [`Constant::value`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
}

/// A paper or book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its id.
    pub id: String,
    /// Who wrote it.
    pub authors: String,
    /// When it was published.
    pub year: i32,
    /// What it is called.
    pub title: String,
    /// Where it was published.
    pub published: String,
}

/// An example to work with a calculator.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// What is given.
    pub given: Text,
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// What comes out, and what it means.
    pub result: Text,
    /// The same for a program.
    pub checks: Vec<Check>,
}

/// One step of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub text: Text,
    /// The sums, `1 + 1 = 2`; empty where there is nothing to calculate. The languages differ in the decimal sign only.
    pub calculation: Text,
    /// The same as it was written, with a decimal point.
    pub neutral: String,
}

/// What a function of the method gives for the numbers of an example.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Its name.
    pub function: String,
    /// What it takes, by name; NaN is a missing value.
    pub inputs: BTreeMap<String, Vec<f64>>,
    /// What it gives, rounded to `decimals`; NaN is no result.
    pub results: Vec<f64>,
    /// How many decimals are printed.
    pub decimals: u32,
}

impl Methodology {
    /// The method of this program.
    ///
    /// # Errors
    /// What is wrong with the text: a fault of ours, because our tests read it.
    pub fn built_in() -> Result<&'static Self, &'static str> {
        static BUILT_IN: LazyLock<Result<Methodology, String>> = LazyLock::new(read::built_in);
        BUILT_IN.as_ref().map_err(String::as_str)
    }

    /// Every section with its chapter, in reading order.
    pub fn sections(&self) -> impl Iterator<Item = (&Chapter, &Section)> {
        self.chapters
            .iter()
            .flat_map(|chapter| chapter.sections.iter().map(move |section| (chapter, section)))
    }
}

/// Sums without words in both languages: Dutch has a decimal comma, and so a semicolon between the arguments of a function.
fn in_both_languages(formula: &str) -> Text {
    let characters: Vec<char> = formula.chars().collect();
    let is_digit = |place: Option<usize>| {
        place
            .and_then(|place| characters.get(place))
            .is_some_and(char::is_ascii_digit)
    };
    let dutch = characters
        .iter()
        .enumerate()
        .map(|(place, &character)| match character {
            '.' if is_digit(place.checked_sub(1)) && is_digit(Some(place + 1)) => ',',
            ',' => ';',
            other => other,
        });
    Text::new(dutch.collect::<String>(), formula)
}
