//! What the source files hold: every file, key, type and reference, said once.
//!
//! Reading, checking and storing all follow this description, and `schema.sql` has a table for every section and every
//! list (`{table}_{key}`).

mod catalogue;
mod figures;
mod knowledge;

/// One kind of row in one file.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) file: &'static str,
    /// Where the rows stand in the file.
    pub(super) shape: Shape,
    /// The table they go to.
    pub(super) table: &'static str,
    /// The fields that make a row unique. More than one are joined by `->` into the row's `id` when it owns lists.
    pub(super) key: &'static [&'static str],
    pub(super) fields: &'static [Field],
    /// Keys with several values; each goes to the table `{table}_{key}`.
    pub(super) lists: &'static [Field],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The keys at the top of a TOML file: exactly one row.
    Root,
    /// `[name]`: exactly one row.
    Table(&'static str),
    /// `[[name]]`: any number of rows, in an order that people are shown: it is stored, and part of the content.
    Array(&'static str),
    /// `[[name]]`: any number of rows whose order means nothing: stored by key.
    Set(&'static str),
    /// A CSV file with these fields as its header. The order of its rows means nothing.
    Csv,
}

impl Shape {
    /// Whether rows keep their place in the file as `ordinal`.
    pub(super) fn keeps_order(self) -> bool {
        match self {
            Self::Root | Self::Table(_) | Self::Array(_) => true,
            Self::Set(_) | Self::Csv => false,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Lower case letters, digits and underscores, starting with a letter.
    Id,
    /// The key of a row of this table.
    Reference(&'static str),
    /// Text for people or programs, not empty.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A CBS region code.
    RegionCode,
    /// A date, YYYY-MM-DD.
    Date,
    /// A year or a CBS-style period in ISO 8601.
    Period,
    /// A whole number within these bounds.
    Whole(i64, i64),
    /// A finite number.
    Real,
    /// true or false, false when absent.
    Flag,
    /// Several texts in one CSV cell, separated by semicolons.
    Texts,
}

const fn must(key: &'static str, kind: Kind) -> Field {
    Field {
        key,
        kind,
        required: true,
    }
}

const fn may(key: &'static str, kind: Kind) -> Field {
    Field {
        key,
        kind,
        required: false,
    }
}

use Kind::{Text, Word};

const NAME_NL: Field = must("name_nl", Text);
const NAME_EN: Field = must("name_en", Text);
const NOTE_NL: Field = may("note_nl", Text);
const NOTE_EN: Field = may("note_en", Text);
const SECTION: Field = must("section", Text);
const BASIS: Kind = Word(&["quantitative", "literature", "interviews", "authors", "not_given"]);

const CITATIONS: Field = may("citations", Kind::Reference("citation"));

/// Files that an edition can do without.
pub(super) const OPTIONAL_FILES: [&str; 4] = [
    "bibliography.toml",
    "observations.csv",
    "region_names.csv",
    "universe_units.csv",
];

/// Every section, those that are referred to before those that refer.
pub(super) fn sections() -> impl Iterator<Item = &'static Section> {
    [catalogue::SECTIONS, figures::SECTIONS, knowledge::SECTIONS]
        .into_iter()
        .flatten()
}
