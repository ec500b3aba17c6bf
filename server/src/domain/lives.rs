//! Between which days municipalities exist, and under which code one goes on that got another name.

use std::collections::BTreeMap;

/// The days between which a municipality exists under a code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lifetime<'a> {
    /// Its first day; `None` for longer than anybody wrote down.
    pub from: Option<&'a str>,
    /// The first day without it; `None` while it exists.
    pub to: Option<&'a str>,
}

impl Lifetime<'_> {
    /// Whether it exists on a day.
    #[must_use]
    pub fn contains(&self, day: &str) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| to > day)
    }

    /// Whether it exists on the day before.
    #[must_use]
    pub fn contains_eve_of(&self, day: &str) -> bool {
        self.from.is_none_or(|from| from < day) && self.to.is_none_or(|to| to >= day)
    }
}

/// The lives of all municipalities, by code.
#[derive(Debug, Clone, Default)]
pub struct Lives<'a> {
    /// When each existed.
    pub lifetimes: BTreeMap<&'a str, Lifetime<'a>>,
    /// The code that one goes on under after its last day: it got another name.
    pub renamed: BTreeMap<&'a str, &'a str>,
}

impl<'a> Lives<'a> {
    /// When a municipality existed; of one that is not known, always.
    #[must_use]
    pub fn of(&self, code: &str) -> Lifetime<'a> {
        self.lifetimes.get(code).copied().unwrap_or_default()
    }

    /// The code under which one goes on after a day.
    #[must_use]
    pub fn after(&self, code: &'a str, day: &str) -> &'a str {
        let new = self.renamed.get(code).copied();
        new.filter(|new| self.before(new, day) == code).unwrap_or(code)
    }

    /// The code that one had before a day. What does not exist on that day is nobody's new name, and neither is what several are
    /// said to be called since.
    #[must_use]
    pub fn before(&self, code: &'a str, day: &str) -> &'a str {
        if !self.of(code).contains(day) {
            return code;
        }
        let mut olds = self
            .renamed
            .iter()
            .filter(|(old, new)| **new == code && self.of(old).to == Some(day));
        match (olds.next(), olds.next()) {
            (Some((old, _)), None) => old,
            _ => code,
        }
    }

    /// By the code before a day and the code after it, those between which something is said to have moved on that day. A new name
    /// counts from the day itself, whichever of the two is written. Nothing moved from a municipality that did not exist on the eve of
    /// the day, or to one that does not exist on the day itself.
    #[must_use]
    pub fn moved_on(&self, day: &str, from: &'a str, to: &'a str) -> Option<(&'a str, &'a str)> {
        let (from, to) = (self.before(from, day), self.after(to, day));
        (self.of(from).contains_eve_of(day) && self.of(to).contains(day)).then_some((from, to))
    }
}
