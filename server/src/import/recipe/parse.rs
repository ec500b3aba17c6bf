//! The text of a recipe -> a recipe.

use std::{cell::RefCell, path::Path};

use toml::de::DeTable;

use crate::edition::source::{Kind, fields};

use super::{
    super::{ImportError, problems::Problems},
    Holds, PeriodFrom, Recipe, TableKind, TableSource,
    columns::{boundary_columns, region_columns},
    figure_table::figure_table,
    flow_columns::flow_columns,
    format::{Word, table_format},
    group::group_table,
    indicators::indicators,
    keys::{Keys, Source},
    source::table_source,
};

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
    let publisher = keys.required_shown("publisher");
    let licence = keys.required_shown("licence");
    let attribution = keys.required_both("attribution_nl", "attribution_en");
    let table_id = keys.text("table_id", Kind::Text);
    let retrieved = keys.text("retrieved", Kind::Date);
    let source_version = keys.shown("source_version");
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
    let content = keys.word("holds", &CONTENTS).unwrap_or(Content::Figures);
    let (table, holds) = match keys.table("table") {
        Some(table) => {
            let line = keys.line_of("table");
            let section = Keys::new(source, table, line);
            let word = Word::of(&section);
            let table = table_format(&section, word);
            let figures = match content {
                Content::Figures => figure_table(source, &section, word).map(Holds::Figures),
                Content::Regions | Content::BoundaryChanges | Content::Flows | Content::Group => None,
            };
            section.finish();
            (table, figures)
        }
        None => {
            if !keys.has("table") {
                source.report(0, "section [table] is missing");
            }
            (None, None)
        }
    };
    let kind = table.as_ref().map(|table| &table.kind);
    let table_source = match keys.table("source") {
        Some(section) => table_source(source, section, keys.line_of("source"), kind),
        None => TableSource::default(),
    };
    let section = |key| Some(Keys::new(source, keys.table(key)?, keys.line_of(key)));
    if kind == Some(&TableKind::CodeList) && !matches!(content, Content::Regions) {
        let message = "holds: a list of codes tells of regions: write holds = \"regions\"";
        keys.report("holds", message);
    }
    let (holds, indicators) = match content {
        Content::Figures => {
            let shape = holds.as_ref().and_then(|holds| match holds {
                Holds::Figures(table) => Some(&table.shape),
                Holds::Regions(_) | Holds::BoundaryChanges(_) | Holds::Flows(_) | Holds::Group(_) => None,
            });
            let indicators = indicators(&keys, shape);
            (holds, indicators)
        }
        Content::Regions => {
            no_figures(&keys, kind, "regions");
            let columns = section("regions").and_then(|keys| region_columns(&keys));
            (columns.map(Holds::Regions), Vec::new())
        }
        Content::BoundaryChanges => {
            no_figures(&keys, kind, "boundary_changes");
            let columns = section("boundary_changes").and_then(|keys| boundary_columns(&keys));
            (columns.map(Holds::BoundaryChanges), Vec::new())
        }
        Content::Flows => {
            no_figures(&keys, kind, "flows");
            let columns = section("flows").and_then(|keys| flow_columns(&keys));
            (columns.map(Holds::Flows), Vec::new())
        }
        Content::Group => {
            no_figures(&keys, kind, "group");
            let group = section("group").and_then(|keys| group_table(&keys));
            (group.map(Holds::Group), Vec::new())
        }
    };
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
        source: table_source,
        table: table?,
        holds: holds?,
        indicators,
    })
}

/// What a table may hold.
#[derive(Clone, Copy)]
enum Content {
    Figures,
    Regions,
    BoundaryChanges,
    Flows,
    Group,
}

const CONTENTS: [(&str, Content); 5] = [
    ("figures", Content::Figures),
    ("regions", Content::Regions),
    ("boundary_changes", Content::BoundaryChanges),
    ("flows", Content::Flows),
    ("group", Content::Group),
];

/// What a table without figures cannot have, and the section that it must.
fn no_figures(keys: &Keys<'_>, kind: Option<&TableKind>, section: &str) {
    if !keys.has(section) {
        keys.report(
            section,
            format!("section [{section}] is missing: it names the columns"),
        );
    }
    if kind == Some(&TableKind::OData) {
        let message = "holds: a table over OData holds figures: remove it, or read the table from a file";
        keys.report("holds", message);
    }
    for key in ["period_column", "borders", "supersedes"] {
        keys.knows(&[key]);
        if keys.has(key) {
            keys.report(key, format!("{key}: only a table of figures has it: remove it"));
        }
    }
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
