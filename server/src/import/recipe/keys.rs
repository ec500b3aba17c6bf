//! The keys of a TOML table, each asked for once, with the problems of all of them.

use std::cell::RefCell;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    domain::{Text, nearest},
    edition::source::{Kind, Problem, Value, fields},
};

use super::super::{names::problem_of_text, problems::plain};

/// A file that is being read.
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) problems: RefCell<Vec<Problem>>,
}

impl Source<'_> {
    pub(super) fn line(&self, offset: usize) -> usize {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        1 + before.iter().filter(|&&byte| byte == b'\n').count()
    }

    pub(super) fn report(&self, line: usize, message: impl Into<String>) {
        self.problems
            .borrow_mut()
            .push(Problem::at(self.file, line, message));
    }
}

/// One table of it. Whoever reads it asks for every key that may stand there, whether or not it fits the others; what was
/// never asked for is not known.
pub(super) struct Keys<'a> {
    source: &'a Source<'a>,
    table: &'a DeTable<'a>,
    pub(super) line: usize,
    asked: RefCell<Vec<&'static str>>,
}

type Entry<'a> = Spanned<DeValue<'a>>;

impl<'a> Keys<'a> {
    pub(super) fn new(source: &'a Source<'a>, table: &'a DeTable<'a>, line: usize) -> Self {
        Self {
            source,
            table,
            line,
            asked: RefCell::default(),
        }
    }

    fn entry(&self, key: &'static str) -> Option<&'a Entry<'a>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    /// The line of a key; that of the table when it is absent.
    pub(super) fn line_of(&self, key: &str) -> usize {
        self.table
            .get(key)
            .map_or(self.line, |entry| self.source.line(entry.span().start))
    }

    /// Reports a problem on the line of a key.
    pub(super) fn report(&self, key: &str, message: impl Into<String>) {
        self.source.report(self.line_of(key), message);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn missing(&self, key: &str) {
        self.source.report(self.line, format!("key `{key}` is missing"));
    }

    /// A text of some kind, if the key is there.
    pub(super) fn text(&self, key: &'static str, kind: Kind) -> Option<String> {
        let entry = self.entry(key)?;
        let read = match entry.get_ref() {
            DeValue::String(text) => fields::from_text(kind, text),
            other => Err(format!(
                "is a {}, expected {}",
                other.type_str(),
                fields::expected(kind)
            )),
        };
        match read {
            Ok(value) => Some(value.to_string()),
            Err(message) => {
                self.report(key, format!("{key}: {message}"));
                None
            }
        }
    }

    pub(super) fn required(&self, key: &'static str, kind: Kind) -> Option<String> {
        if !self.has(key) {
            self.missing(key);
        }
        self.text(key, kind)
    }

    /// A text that people will see on one line, if the key is there.
    pub(super) fn shown(&self, key: &'static str) -> Option<String> {
        let text = self.text(key, Kind::Text)?;
        if let Some(problem) = problem_of_text(&text) {
            self.report(key, format!("{key}: {problem}"));
            return None;
        }
        Some(text)
    }

    pub(super) fn required_shown(&self, key: &'static str) -> Option<String> {
        if !self.has(key) {
            self.missing(key);
        }
        self.shown(key)
    }

    /// One of some words, as what it means.
    pub(super) fn word<T: Copy>(&self, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let entry = self.entry(key)?;
        let found = entry.get_ref().as_str();
        let meant = words
            .iter()
            .find(|(word, _)| found == Some(*word))
            .map(|(_, meaning)| *meaning);
        if meant.is_none() {
            let written = found.map_or_else(
                || format!("a {}", entry.get_ref().type_str()),
                |text| format!("{text:?}"),
            );
            let list: Vec<String> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
            self.report(
                key,
                format!("{key}: is {written}, expected {}", list.join(" or ")),
            );
        }
        meant
    }

    /// Yes or no; no when it is absent.
    pub(super) fn flag(&self, key: &'static str) -> bool {
        let Some(entry) = self.entry(key) else {
            return false;
        };
        let DeValue::Boolean(flag) = entry.get_ref() else {
            self.report(
                key,
                format!(
                    "{key}: is a {}, expected true or false",
                    entry.get_ref().type_str()
                ),
            );
            return false;
        };
        *flag
    }

    /// A text in both languages: none of it, or all.
    pub(super) fn both(&self, nl: &'static str, en: &'static str) -> Option<Text> {
        let (dutch, english) = (self.shown(nl), self.shown(en));
        for (given, absent) in [(nl, en), (en, nl)] {
            if self.has(given) && !self.has(absent) {
                self.report(
                    given,
                    format!("`{absent}` is missing: texts are given in Dutch and in English"),
                );
            }
        }
        Some(Text::new(dutch?, english?))
    }

    pub(super) fn required_both(&self, nl: &'static str, en: &'static str) -> Option<Text> {
        if !self.has(nl) && !self.has(en) {
            self.missing(nl);
            self.missing(en);
        }
        self.both(nl, en)
    }

    /// A required whole number.
    pub(super) fn whole(&self, key: &'static str, least: i64, most: i64) -> Option<i64> {
        let Some(entry) = self.entry(key) else {
            self.missing(key);
            return None;
        };
        let read = match entry.get_ref() {
            DeValue::Integer(number) => number
                .as_str()
                .parse()
                .map_err(|_| format!("`{}` is not a whole number", number.as_str()))
                .and_then(|number| fields::from_integer(Kind::Whole(least, most), number)),
            other => Err(format!("is a {}, expected a whole number", other.type_str())),
        };
        match read {
            Ok(Value::Integer(number)) => Some(number),
            Ok(_) => None,
            Err(message) => {
                self.report(key, format!("{key}: {message}"));
                None
            }
        }
    }

    /// A list of texts, without spaces around them; they may be empty.
    pub(super) fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        let entry = self.entry(key)?;
        let Some(items) = entry.get_ref().as_array() else {
            self.report(
                key,
                format!(
                    "{key}: is a {}, expected a list of texts such as [\"\", \".\"]",
                    entry.get_ref().type_str()
                ),
            );
            return None;
        };
        let mut texts: Vec<String> = Vec::new();
        for item in items.iter() {
            let line = self.source.line(item.span().start);
            match item.get_ref().as_str().map(|text| text.trim().to_owned()) {
                Some(text) if texts.contains(&text) => {
                    self.source.report(
                        line,
                        format!("{key}: {text:?} stands twice (spaces around it do not count)"),
                    );
                }
                Some(text) => texts.push(text),
                None => self.source.report(
                    line,
                    format!(
                        "{key}: holds a {}, expected texts in quotes",
                        item.get_ref().type_str()
                    ),
                ),
            }
        }
        Some(texts)
    }

    /// A list of numbers, with or without decimals.
    pub(super) fn numbers(&self, key: &'static str) -> Option<Vec<f64>> {
        let entry = self.entry(key)?;
        let items = entry.get_ref().as_array().map(|items| items.iter());
        let numbers = items.map(|items| {
            let number = |item: &Entry<'_>| {
                let written = match item.get_ref() {
                    DeValue::Integer(number) => number.as_str().to_owned(),
                    DeValue::Float(number) => number.as_str().to_owned(),
                    _ => return None,
                };
                fields::from_text(Kind::Real, &written.replace('_', "")).ok()
            };
            let real = |value| match value {
                Value::Real(number) => Some(number),
                _ => None,
            };
            items
                .map(|item| number(item).and_then(real))
                .collect::<Option<Vec<f64>>>()
        });
        let numbers = numbers.flatten();
        if numbers.is_none() {
            self.report(key, format!("{key}: expected a list of numbers such as [1, 2.5]"));
        }
        numbers
    }

    /// Keys that may stand here, though nobody needs them.
    pub(super) fn knows(&self, keys: &[&'static str]) {
        self.asked.borrow_mut().extend(keys);
    }

    /// `[key]`, or a table in braces.
    pub(super) fn table(&self, key: &'static str) -> Option<&'a DeTable<'a>> {
        let entry = self.entry(key)?;
        let table = entry.get_ref().as_table();
        if table.is_none() {
            self.report(
                key,
                format!("{key}: is a {}, expected a table", entry.get_ref().type_str()),
            );
        }
        table
    }

    /// `[[key]]`, any number of times.
    pub(super) fn tables(&self, key: &'static str, written: &str) -> Vec<Keys<'a>> {
        let Some(entry) = self.entry(key) else {
            return Vec::new();
        };
        let tables: Option<Vec<Keys<'a>>> = entry.get_ref().as_array().and_then(|items| {
            let keys = |item: &'a Entry<'a>| {
                Some(Keys::new(
                    self.source,
                    item.get_ref().as_table()?,
                    self.source.line(item.span().start),
                ))
            };
            items.iter().map(keys).collect()
        });
        tables.unwrap_or_else(|| {
            self.report(
                key,
                format!("`{key}` must be written as [[{written}]], once per row"),
            );
            Vec::new()
        })
    }

    /// Texts by name, in braces.
    pub(super) fn texts_by_name(&self, key: &'static str) -> Option<Vec<(String, String)>> {
        let table = self.table(key)?;
        let mut texts = Vec::new();
        for (name, value) in table {
            let line = self.source.line(value.span().start);
            match value.get_ref().as_str().map(str::trim) {
                Some(text) if !text.is_empty() => {
                    texts.push((name.get_ref().to_string(), plain(text).into_owned()));
                }
                _ => self.source.report(
                    line,
                    format!(
                        "{key}.{}: expected the name of a column in quotes",
                        name.get_ref()
                    ),
                ),
            }
        }
        Some(texts)
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            let hint = nearest(name, asked.iter().copied()).map_or_else(
                || format!("keys are {}", asked.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.source.report(
                self.source.line(key.span().start),
                format!("key `{name}` is not known; {hint}"),
            );
        }
    }
}
