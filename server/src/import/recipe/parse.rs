//! The text of a recipe -> a recipe.

use std::{cell::RefCell, path::Path};

use toml::de::DeTable;

use crate::{
    domain::{Level, nearest},
    edition::source::{Kind, fields},
};

use super::{
    super::{
        ImportError,
        cell::DecimalSign,
        problems::{Problems, plain},
    },
    Filter, PeriodFrom, Recipe, TableFormat, TableShape,
    indicators::indicators,
    keys::{Keys, Source},
};

/// What may stand between cells.
const DELIMITERS: [(&str, u8); 3] = [(",", b','), (";", b';'), ("\t", b'\t')];

const DECIMAL_SIGNS: [(&str, DecimalSign); 2] = [(".", DecimalSign::Point), (",", DecimalSign::Comma)];

/// What rankings are of; the other levels come beside it, never alone under this key.
const ONE_LEVEL: [(&str, Level); 1] = [("municipality", Level::Municipality)];

/// What CBS writes where it has no figure.
const DEFAULT_MISSING: [&str; 2] = ["", "."];

pub(super) fn parse(file: &str, text: &str) -> Result<Recipe, ImportError> {
    let source = Source {
        file,
        text,
        problems: RefCell::default(),
    };
    let recipe = match DeTable::parse(text) {
        Ok(root) => recipe(&source, root.get_ref()),
        Err(error) => {
            let line = error.span().map_or(0, |span| source.line(span.start));
            source.report(line, error.message());
            None
        }
    };
    let mut found = source.problems.into_inner();
    found.sort();
    found.dedup();
    if let Some(recipe) = recipe.filter(|_| found.is_empty()) {
        return Ok(recipe);
    }
    let mut problems = Problems::all();
    found
        .into_iter()
        .for_each(|problem| problems.at(&problem.file, problem.line, problem.message));
    Err(problems.refusal(format!("recipe {file}")))
}

fn recipe(source: &Source<'_>, root: &DeTable<'_>) -> Option<Recipe> {
    let keys = Keys::new(source, root, 1);
    let id = keys.required("id", Kind::Id);
    if let (Some(id), Some(stem)) = (&id, Path::new(source.file).file_stem())
        && *id != stem.to_string_lossy()
    {
        keys.report(
            "id",
            format!(
                "id: is `{id}`, but the file is called {}: make the two equal",
                source.file
            ),
        );
    }
    let title = keys.required_both("title_nl", "title_en");
    let publisher = keys.required("publisher", Kind::Text);
    let licence = keys.required("licence", Kind::Text);
    let attribution = keys.required_both("attribution_nl", "attribution_en");
    let table_id = keys.text("table_id", Kind::Text);
    let retrieved = keys.text("retrieved", Kind::Date);
    let source_version = keys.text("source_version", Kind::Text);
    let period = one_of(
        &keys,
        ("period", keys.text("period", Kind::Period).map(PeriodFrom::Fixed)),
        (
            "period_column",
            keys.text("period_column", Kind::Text).map(PeriodFrom::Column),
        ),
    );
    let borders = borders(&keys);
    let supersedes = supersedes(&keys, id.as_deref());
    let table = match keys.table("table") {
        Some(table) => {
            let line = keys.line_of("table");
            table_format(source, &Keys::new(source, table, line))
        }
        None => {
            if !keys.has("table") {
                source.report(0, "section [table] is missing");
            }
            None
        }
    };
    let indicators = indicators(&keys, table.as_ref().map(|table| &table.shape));
    keys.finish();
    Some(Recipe {
        file: source.file.to_owned(),
        text: source.text.to_owned(),
        id: id?,
        title: title?,
        publisher: publisher?,
        licence: licence?,
        attribution: attribution?,
        table_id,
        retrieved,
        source_version,
        period: period?,
        borders,
        supersedes,
        table: table?,
        indicators,
    })
}

/// Exactly one of two keys.
fn one_of<T>(
    keys: &Keys<'_>,
    (first, one): (&str, Option<T>),
    (second, other): (&str, Option<T>),
) -> Option<T> {
    match (keys.has(first), keys.has(second)) {
        (true, true) => keys.report(
            second,
            format!("`{first}` stands here as well as `{second}`: remove one of the two"),
        ),
        (false, false) => keys.report(first, format!("key `{first}` is missing; or write `{second}`")),
        _ => {}
    }
    one.or(other)
}

/// A year; the municipalities of a table are those of one.
fn borders(keys: &Keys<'_>) -> Option<String> {
    let year = keys.text("borders", Kind::Period)?;
    if year.len() == 4 {
        return Some(year);
    }
    keys.report(
        "borders",
        format!("borders: `{year}` is not a year, such as \"2020\""),
    );
    None
}

fn supersedes(keys: &Keys<'_>, id: Option<&str>) -> Vec<String> {
    let others = keys.texts("supersedes").unwrap_or_default();
    for other in &others {
        if fields::from_text(Kind::Id, other).is_err() {
            let message = format!(
                "supersedes: `{other}` is not the id of a recipe: use lower case letters, digits and underscores"
            );
            keys.report("supersedes", message);
        }
        if Some(other.as_str()) == id {
            keys.report(
                "supersedes",
                format!(
                    "supersedes: `{other}` is this recipe: a newer import replaces an older one by itself"
                ),
            );
        }
    }
    others
}

fn table_format(source: &Source<'_>, keys: &Keys<'_>) -> Option<TableFormat> {
    #[derive(Clone, Copy, PartialEq)]
    enum Shape {
        Wide,
        Tidy,
    }
    if !keys.has("shape") {
        source.report(
            keys.line,
            "key `shape` is missing: write \"wide\" for a column per measure, \"tidy\" for a row per measure",
        );
    }
    let shape = keys.word("shape", &[("wide", Shape::Wide), ("tidy", Shape::Tidy)]);
    let delimiter = keys.word("delimiter", &DELIMITERS);
    let decimal = keys.word("decimal", &DECIMAL_SIGNS);
    let region_column = keys.required("region_column", Kind::Text);
    let region_name_column = keys.text("region_name_column", Kind::Text);
    let area_name_column = keys.text("area_name_column", Kind::Text);
    let measure_column = keys.text("measure_column", Kind::Text);
    let value_column = keys.text("value_column", Kind::Text);
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
    let markers = |key| {
        keys.texts(key).map(|texts| {
            texts
                .iter()
                .map(|text| plain(text).into_owned())
                .collect::<Vec<_>>()
        })
    };
    let missing = markers("missing").unwrap_or_else(|| DEFAULT_MISSING.map(str::to_owned).to_vec());
    let suppressed = markers("suppressed").unwrap_or_default();
    let not_applicable = markers("not_applicable").unwrap_or_default();
    for (key, texts, earlier) in [
        ("suppressed", &suppressed, vec![("missing", &missing)]),
        (
            "not_applicable",
            &not_applicable,
            vec![("missing", &missing), ("suppressed", &suppressed)],
        ),
    ] {
        for (other, known) in earlier {
            for text in texts.iter().filter(|text| known.contains(text)) {
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
    keys.finish();
    let shape = match shape? {
        Shape::Wide => TableShape::Wide,
        Shape::Tidy => TableShape::Tidy {
            measure_column: measure_column?,
            value_column: value_column?,
        },
    };
    Some(TableFormat {
        shape,
        delimiter: delimiter.unwrap_or(b','),
        decimal: decimal.unwrap_or(DecimalSign::Point),
        region_column: region_column?,
        region_name_column,
        area_name_column,
        levels,
        missing,
        suppressed,
        not_applicable,
        filters,
    })
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
    if equals.as_ref().is_none_or(Vec::is_empty) && (equals.is_some() || !keys.has("equals")) {
        keys.report(
            "equals",
            "`equals` needs at least one text: the cells whose rows are kept",
        );
    }
    keys.finish();
    Some(Filter {
        column: column?,
        equals: equals?.iter().map(|text| plain(text).into_owned()).collect(),
    })
}
