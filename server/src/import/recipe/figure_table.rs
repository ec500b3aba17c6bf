//! `[table]` of a recipe of figures: where regions and measures stand, and what cells without a figure mean.

use crate::{
    domain::{Level, nearest},
    edition::source::Kind,
};

use super::{
    super::problems::plain,
    format::Word,
    keys::{Keys, Source},
};

/// What rankings are of; the other levels come beside it, never alone under this key.
const ONE_LEVEL: [(&str, Level); 1] = [("municipality", Level::Municipality)];

/// What CBS writes in tables where it has no figure.
const DEFAULT_MISSING: [&str; 2] = ["", "."];

/// The measure and the value of an observation over OData.
const ODATA_COLUMNS: [&str; 2] = ["Measure", "Value"];

/// Where the figures of a table stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureTable {
    /// Where measures stand.
    pub shape: TableShape,
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

pub(super) fn figure_table(source: &Source<'_>, keys: &Keys<'_>, word: Word) -> Option<FigureTable> {
    let shape = shape(source, keys, word);
    let region_column = keys.required("region_column", Kind::Text);
    let region_names = keys.text("region_names", Kind::Text);
    let region_name_column = keys.text("region_name_column", Kind::Text);
    let area_name_column = keys.text("area_name_column", Kind::Text);
    let leave_out_empty = keys.flag("leave_out_empty");
    let [missing, suppressed, not_applicable] = markers(keys, word);
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
    Some(FigureTable {
        shape: shape?,
        region_column: region_column?,
        region_names,
        region_name_column,
        area_name_column,
        levels,
        leave_out_empty,
        missing,
        suppressed,
        not_applicable,
    })
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
        Word::Csv | Word::Xlsx | Word::CodeList => [&DEFAULT_MISSING, &[], &[]],
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
