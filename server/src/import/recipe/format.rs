//! `[table]`: what a table is written in, and which of its rows are taken.

use crate::edition::source::Kind;

use super::{
    super::{cell::DecimalSign, problems::plain},
    keys::Keys,
};

/// What may stand between cells.
const DELIMITERS: [(&str, u8); 3] = [(",", b','), (";", b';'), ("\t", b'\t')];

const DECIMAL_SIGNS: [(&str, DecimalSign); 2] = [(".", DecimalSign::Point), (",", DecimalSign::Comma)];

/// What a table is written in, and which of its rows are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFormat {
    /// What it is written in.
    pub kind: TableKind,
    /// The sign between whole and fraction.
    pub decimal: DecimalSign,
    /// Only rows that pass all of these.
    pub filters: Vec<Filter>,
}

/// What a table is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableKind {
    /// Text with a sign between cells, compressed with gzip or not.
    Csv {
        /// Between cells.
        delimiter: u8,
        /// What its bytes mean.
        encoding: Encoding,
        /// How cells are quoted.
        quotes: Quotes,
        /// Where its columns are named.
        header: Header,
    },
    /// A sheet of a workbook.
    Xlsx {
        /// Its name; the only one unless said.
        sheet: Option<String>,
        /// Where its columns are named.
        header: Header,
    },
    /// A folder with the answers of CBS OData v4.
    OData,
    /// The list of regions in such a folder, or that file itself.
    CodeList,
}

/// What the bytes of a text mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8
    Utf8,
    /// Windows-1252, which older programs in western Europe write.
    Windows1252,
}

/// How the cells of a text are quoted. A text whose first line has no quotes twice is read as it stands, whatever is said here: then it is
/// as its source gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quotes {
    /// As RFC 4180 has it.
    Plain,
    /// Every quote stands twice, because the table was saved again as text: `""a"";1`.
    Doubled,
    /// Every line is one quoted cell around the cells that it should hold: `"1;""a"""`.
    Wrapped,
}

/// Where the columns of a table are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Its first line, counted from 1.
    pub line: usize,
    /// How many lines it has; the names of one column are joined by `/`.
    pub lines: usize,
}

impl Header {
    /// The first line alone.
    pub const FIRST_LINE: Self = Self { line: 1, lines: 1 };
}

/// Rows whose cell is one of some texts, not before one in order, or none of some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The column.
    pub column: String,
    /// What its cell may be, without spaces around it; empty: anything.
    pub equals: Vec<String>,
    /// What its cell is or comes after, as text: `2015JJ00`.
    pub at_least: Option<String>,
    /// What its cell is not.
    pub except: Vec<String>,
}

impl Filter {
    /// Whether a cell, trimmed and in normal form C, passes.
    pub(in crate::import) fn passes(&self, cell: &str) -> bool {
        (self.equals.is_empty() || self.equals.iter().any(|text| text == cell))
            && self.at_least.as_deref().is_none_or(|least| cell >= least)
            && !self.except.iter().any(|text| text == cell)
    }
}

/// What only tables in files have.
const OF_FILES: [&str; 7] = [
    "delimiter",
    "encoding",
    "quotes",
    "sheet",
    "header_line",
    "header_lines",
    "decimal",
];

/// The word for a kind of table.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Word {
    Csv,
    Xlsx,
    OData,
    CodeList,
}

impl Word {
    /// That of a section; a table is CSV unless it says otherwise.
    pub(super) fn of(keys: &Keys<'_>) -> Self {
        let words = [
            ("csv", Self::Csv),
            ("xlsx", Self::Xlsx),
            ("odata", Self::OData),
            ("code_list", Self::CodeList),
        ];
        keys.word("format", &words).unwrap_or(Self::Csv)
    }
}

/// The keys of `[table]` that every table has.
pub(super) fn table_format(keys: &Keys<'_>, word: Word) -> Option<TableFormat> {
    let kind = kind(keys, word);
    let decimal = keys.word("decimal", &DECIMAL_SIGNS);
    let filters = keys
        .tables("filter", "table.filter")
        .iter()
        .filter_map(filter)
        .collect();
    Some(TableFormat {
        kind: kind?,
        decimal: decimal.unwrap_or(DecimalSign::Point),
        filters,
    })
}

/// The keys that only one kind of table has; those of the others are reported.
fn kind(keys: &Keys<'_>, word: Word) -> Option<TableKind> {
    let delimiter = keys.word("delimiter", &DELIMITERS);
    let encoding = keys.word(
        "encoding",
        &[("utf-8", Encoding::Utf8), ("windows-1252", Encoding::Windows1252)],
    );
    let quotes = keys.word(
        "quotes",
        &[("doubled", Quotes::Doubled), ("wrapped", Quotes::Wrapped)],
    );
    let sheet = keys.text("sheet", Kind::Text);
    let header = Header {
        line: whole_from_one(keys, "header_line", 1_000),
        lines: whole_from_one(keys, "header_lines", 20),
    };
    let (kind, others): (TableKind, &[&str]) = match word {
        Word::Csv => (
            TableKind::Csv {
                delimiter: delimiter.unwrap_or(b','),
                encoding: encoding.unwrap_or(Encoding::Utf8),
                quotes: quotes.unwrap_or(Quotes::Plain),
                header,
            },
            &["sheet"],
        ),
        Word::Xlsx => (
            TableKind::Xlsx { sheet, header },
            &["delimiter", "encoding", "quotes"],
        ),
        Word::OData => (TableKind::OData, &OF_FILES),
        Word::CodeList => (TableKind::CodeList, &OF_FILES),
    };
    for key in others.iter().filter(|key| keys.has(key)) {
        let what = match word {
            Word::Csv => "a CSV table has none",
            Word::Xlsx => "a workbook has none",
            Word::OData | Word::CodeList => "CBS OData has none",
        };
        keys.report(key, format!("{key}: {what}: remove it"));
    }
    Some(kind)
}

fn whole_from_one(keys: &Keys<'_>, key: &'static str, most: i64) -> usize {
    if !keys.has(key) {
        keys.knows(&[key]);
        return 1;
    }
    let number = keys.whole(key, 1, most);
    number
        .and_then(|number| usize::try_from(number).ok())
        .unwrap_or(1)
}

fn filter(keys: &Keys<'_>) -> Option<Filter> {
    let column = keys.required("column", Kind::Text);
    let equals = keys.texts("equals");
    let at_least = keys.text("at_least", Kind::Text);
    let except = keys.texts("except").unwrap_or_default();
    let says_something = ["equals", "at_least", "except"].iter().any(|key| keys.has(key));
    if equals.as_ref().is_some_and(Vec::is_empty) || !says_something {
        keys.report(
            "equals",
            "`equals` needs at least one text: the cells whose rows are kept; or write `at_least` or `except`",
        );
    }
    keys.finish();
    Some(Filter {
        column: column?,
        equals: equals
            .unwrap_or_default()
            .iter()
            .map(|text| plain(text).into_owned())
            .collect(),
        at_least: at_least.map(|text| plain(&text).into_owned()),
        except: except.iter().map(|text| plain(text).into_owned()).collect(),
    })
}
