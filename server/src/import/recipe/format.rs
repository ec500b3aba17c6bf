//! `[table]`: what a table looks like.

use crate::{
    domain::{Level, nearest},
    edition::source::Kind,
};

use super::{
    super::{cell::DecimalSign, problems::plain},
    keys::{Keys, Source},
};

/// What may stand between cells.
const DELIMITERS: [(&str, u8); 3] = [(",", b','), (";", b';'), ("\t", b'\t')];

const DECIMAL_SIGNS: [(&str, DecimalSign); 2] = [(".", DecimalSign::Point), (",", DecimalSign::Comma)];

/// What rankings are of; the other levels come beside it, never alone under this key.
const ONE_LEVEL: [(&str, Level); 1] = [("municipality", Level::Municipality)];

/// What CBS writes in tables where it has no figure.
const DEFAULT_MISSING: [&str; 2] = ["", "."];

/// The measure and the value of an observation over OData.
const ODATA_COLUMNS: [&str; 2] = ["Measure", "Value"];

/// What a table looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFormat {
    /// What it is written in.
    pub kind: TableKind,
    /// Where measures stand.
    pub shape: TableShape,
    /// The sign between whole and fraction.
    pub decimal: DecimalSign,
    /// The column with region codes, or names.
    pub region_column: String,
    /// Where regions are written by name: the list of municipalities in which the names have their codes.
    pub region_names: Option<String>,
    /// The column with the names of municipalities.
    pub region_name_column: Option<String>,
    /// The column with the names of districts and neighbourhoods.
    pub area_name_column: Option<String>,
    /// The levels whose rows are taken, each once.
    pub levels: Vec<Level>,
    /// Whether a region and period without a single figure are left out.
    pub leave_out_empty: bool,
    /// Cells that mean that the source has no figure.
    pub missing: Vec<String>,
    /// Cells that mean that the source withholds it.
    pub suppressed: Vec<String>,
    /// Cells that mean that it cannot exist.
    pub not_applicable: Vec<String>,
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

/// Where measures stand in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableShape {
    /// A column per measure.
    Wide,
    /// A row per measure.
    Tidy {
        /// The column that names it.
        measure_column: String,
        /// The column with its value.
        value_column: String,
    },
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

#[derive(Clone, Copy, PartialEq)]
enum Word {
    Csv,
    Xlsx,
    OData,
}

pub(super) fn table_format(source: &Source<'_>, keys: &Keys<'_>) -> Option<TableFormat> {
    let words = [("csv", Word::Csv), ("xlsx", Word::Xlsx), ("odata", Word::OData)];
    let word = keys.word("format", &words).unwrap_or(Word::Csv);
    let kind = kind(keys, word);
    let shape = shape(source, keys, word);
    let decimal = keys.word("decimal", &DECIMAL_SIGNS);
    let region_column = keys.required("region_column", Kind::Text);
    let region_names = keys.text("region_names", Kind::Text);
    let region_name_column = keys.text("region_name_column", Kind::Text);
    let area_name_column = keys.text("area_name_column", Kind::Text);
    let leave_out_empty = keys.flag("leave_out_empty");
    let [missing, suppressed, not_applicable] = markers(keys, word);
    let filters = keys
        .tables("filter", "table.filter")
        .iter()
        .filter_map(filter)
        .collect();
    let levels = levels(keys);
    if keys.has("area_name_column") && levels.iter().all(|level| *level == Level::Municipality) {
        let message = "area_name_column: districts and neighbourhoods have names, and `levels` has neither";
        keys.report("area_name_column", message);
    }
    if keys.has("region_names") {
        if keys.has("region_name_column") {
            let message = "region_name_column: `region_column` holds the names already: remove it";
            keys.report("region_name_column", message);
        }
        if levels.iter().any(|level| *level != Level::Municipality) {
            let message = "levels: only municipalities can be read by name; names of districts and neighbourhoods occur again";
            keys.report("levels", message);
        }
    }
    keys.finish();
    Some(TableFormat {
        kind: kind?,
        shape: shape?,
        decimal: decimal.unwrap_or(DecimalSign::Point),
        region_column: region_column?,
        region_names,
        region_name_column,
        area_name_column,
        levels,
        leave_out_empty,
        missing,
        suppressed,
        not_applicable,
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
        Word::OData => (
            TableKind::OData,
            &[
                "delimiter",
                "encoding",
                "quotes",
                "sheet",
                "header_line",
                "header_lines",
                "decimal",
            ],
        ),
    };
    for key in others.iter().filter(|key| keys.has(key)) {
        let what = match word {
            Word::Csv => "a CSV table has none",
            Word::Xlsx => "a workbook has none",
            Word::OData => "CBS OData has none",
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

fn shape(source: &Source<'_>, keys: &Keys<'_>, word: Word) -> Option<TableShape> {
    #[derive(Clone, Copy, PartialEq)]
    enum Shape {
        Wide,
        Tidy,
    }
    let shape = keys.word("shape", &[("wide", Shape::Wide), ("tidy", Shape::Tidy)]);
    let measure_column = keys.text("measure_column", Kind::Text);
    let value_column = keys.text("value_column", Kind::Text);
    if word == Word::OData {
        for key in ["shape", "measure_column", "value_column"] {
            if keys.has(key) {
                keys.report(key, format!("{key}: follows from the format: remove it"));
            }
        }
        let [measure_column, value_column] = ODATA_COLUMNS.map(str::to_owned);
        return Some(TableShape::Tidy {
            measure_column,
            value_column,
        });
    }
    if !keys.has("shape") {
        source.report(
            keys.line,
            "key `shape` is missing: write \"wide\" for a column per measure, \"tidy\" for a row per measure",
        );
    }
    for key in ["measure_column", "value_column"] {
        match shape {
            Some(Shape::Wide) if keys.has(key) => keys.report(
                key,
                format!("{key}: only a tidy table has it; a wide one has a column per measure"),
            ),
            Some(Shape::Tidy) if !keys.has(key) => {
                keys.report(key, format!("key `{key}` is missing: a tidy table has it"))
            }
            _ => {}
        }
    }
    Some(match shape? {
        Shape::Wide => TableShape::Wide,
        Shape::Tidy => TableShape::Tidy {
            measure_column: measure_column?,
            value_column: value_column?,
        },
    })
}

/// Cells that stand for no figure: missing, suppressed, not applicable. No text is two of them.
fn markers(keys: &Keys<'_>, word: Word) -> [Vec<String>; 3] {
    let defaults: [&[&str]; 3] = match word {
        Word::Csv | Word::Xlsx => [&DEFAULT_MISSING, &[], &[]],
        // The value attributes of an observation.
        Word::OData => [&["NotAvailable"], &["Confidential"], &["Impossible"]],
    };
    let names = ["missing", "suppressed", "not_applicable"];
    let read = |key: &'static str, default: &[&str]| -> Vec<String> {
        match keys.texts(key) {
            Some(texts) => texts.iter().map(|text| plain(text).into_owned()).collect(),
            None => default.iter().map(|text| (*text).to_owned()).collect(),
        }
    };
    let [one, two, three] = names;
    let found = [
        read(one, defaults[0]),
        read(two, defaults[1]),
        read(three, defaults[2]),
    ];
    for (later, texts) in found.iter().enumerate() {
        for (earlier, known) in found.iter().enumerate().take(later) {
            for text in texts.iter().filter(|text| known.contains(text)) {
                let (key, other) = (names[later], names[earlier]);
                let default = if keys.has(other) { "" } else { " by default" };
                keys.report(
                    key,
                    format!(
                        "{key}: {text:?} already means `{other}`{default}: a cell can mean one thing only"
                    ),
                );
            }
        }
    }
    found
}

/// The levels to take: one as `level`, several as `levels`; municipalities unless said.
fn levels(keys: &Keys<'_>) -> Vec<Level> {
    let one = keys.word("level", &ONE_LEVEL);
    let Some(words) = keys.texts("levels") else {
        return vec![one.unwrap_or(Level::Municipality)];
    };
    if keys.has("level") {
        keys.report(
            "levels",
            "`level` stands here as well as `levels`: remove one of the two",
        );
    }
    if words.is_empty() {
        keys.report(
            "levels",
            "levels: needs at least one, such as [\"municipality\", \"neighbourhood\"]",
        );
    }
    let mut levels = Vec::new();
    for word in &words {
        match Level::of_word(word) {
            Some(level) => levels.push(level),
            None => {
                let known = Level::WORDS.iter().map(|(word, _)| *word);
                let hint = nearest(word, known.clone()).map_or_else(
                    || format!("there are {}", known.collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                keys.report("levels", format!("levels: `{word}` is no level; {hint}"));
            }
        }
    }
    levels
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
