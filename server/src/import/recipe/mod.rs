//! Recipes: how one table of a source becomes figures of indicators, or another part of an edition.
//!
//! A recipe is a TOML file; `data/recipes/` ships some, and an operator may write others. Reading one reports everything that
//! is wrong with it at once. What depends on the edition it is used with - whether an indicator exists there already - is
//! checked by [`Recipe::check_against`].

mod against;
mod built_in;
mod columns;
mod figure_table;
mod flow_columns;
mod format;
mod group;
mod indicators;
mod keys;
mod parse;
mod source;

#[cfg(test)]
mod documented;
#[cfg(test)]
mod tests;

pub use against::check_together;
pub use columns::{BoundaryColumns, DateCells, DateFormat, RegionColumns};
pub use figure_table::{FigureTable, TableShape};
pub use flow_columns::{BreakdownColumn, FlowColumns};
pub use format::{Encoding, Filter, Header, Quotes, TableFormat, TableKind};
pub use group::GroupTable;
pub use source::TableSource;

use std::{fs, path::Path};

use crate::{
    domain::{Aggregation, IndicatorKind, KindBasis, Polarity, Text, nearest},
    edition::source::Problem,
};

use super::{Formula, ImportError, cell::CellReader};

/// How one table becomes part of an edition.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// What messages call its file.
    pub file: String,
    /// The file as it was read.
    pub text: String,
    /// Id; with the period it is the key of what is imported by it.
    pub id: String,
    /// Title of the table.
    pub title: Text,
    /// Who publishes it.
    pub publisher: String,
    /// The licence of its figures.
    pub licence: String,
    /// The line to quote it with.
    pub attribution: Text,
    /// The source's own id of the table.
    pub table_id: Option<String>,
    /// The day it was fetched, ISO 8601; a flag may say it instead.
    pub retrieved: Option<String>,
    /// The source's version of it; a flag may say it instead.
    pub source_version: Option<String>,
    /// Where its periods stand.
    pub period: PeriodFrom,
    /// The year of whose municipalities its figures are; those of each period when it does not say.
    pub borders: Option<String>,
    /// The recipes that it wins from where both fill the same key.
    pub supersedes: Vec<String>,
    /// Where the table comes from.
    pub source: TableSource,
    /// What the table is written in.
    pub table: TableFormat,
    /// What it holds, and where that stands.
    pub holds: Holds,
    /// What is taken from it; none of a table that holds other things than figures.
    pub indicators: Vec<RecipeIndicator>,
}

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// Figures of indicators.
    Figures(FigureTable),
    /// Municipalities: when they existed, where they lie.
    Regions(RegionColumns),
    /// What moved between municipalities.
    BoundaryChanges(BoundaryColumns),
    /// People from one municipality to another.
    Flows(FlowColumns),
    /// Who belongs to a group of municipalities.
    Group(GroupTable),
}

impl Holds {
    /// The word that recipes and lists use.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Figures(_) => "figures",
            Self::Regions(_) => "regions",
            Self::BoundaryChanges(_) => "boundary_changes",
            Self::Flows(_) => "flows",
            Self::Group(_) => "group",
        }
    }
}

/// Where the period of a row stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeriodFrom {
    /// All rows are of this period, ISO 8601.
    Fixed(String),
    /// In this column: CBS codes such as 2020JJ00, or ISO 8601.
    Column(String),
}

/// One indicator of a recipe. What is `None` here comes from the edition's own indicator of this id.
#[derive(Debug, Clone, PartialEq)]
pub struct RecipeIndicator {
    /// The line it begins on.
    pub line: usize,
    /// Id.
    pub id: String,
    /// Name.
    pub name: Option<Text>,
    /// Theme id.
    pub theme: Option<String>,
    /// Block id.
    pub block: Option<String>,
    /// What may be concluded from it.
    pub kind: Option<IndicatorKind>,
    /// What the kind rests on.
    pub kind_basis: Option<KindBasis>,
    /// Section of the report.
    pub section: Option<String>,
    /// Which direction is favourable; never of a neutral one.
    pub polarity: Option<Polarity>,
    /// Why.
    pub polarity_reason: Option<Text>,
    /// Unit of its values.
    pub unit: Text,
    /// Decimals to show.
    pub decimals: u32,
    /// The indicator whose values weigh this one.
    pub denominator: Option<String>,
    /// How values of several municipalities become that of one unit.
    pub aggregation: Option<Aggregation>,
    /// More cells that mean that the source has no figure.
    pub missing: Vec<String>,
    /// The indicators that it is the total of: they never count together.
    pub parts: Vec<String>,
    /// The indicator that it stands in for.
    pub proxy: Option<Proxy>,
    /// Where its values come from.
    pub figure: Figure,
}

/// The indicator of a report that another one is close to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Its id.
    pub indicator: String,
    /// Why one may stand in for the other.
    pub reason: Text,
}

/// Where the values of an indicator come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// A column of a wide table, a measure of a tidy one: loaded values.
    Measure(String),
    /// A formula over some of them: derived values.
    Formula {
        /// The formula.
        formula: Formula,
        /// The columns or measures of its operands, in the order of [`Formula::names`].
        measures: Vec<String>,
    },
    /// Of a composite: other indicators, whatever table fills those. The table of the recipe gives it nothing.
    Children {
        /// Their ids.
        children: Vec<String>,
        /// A weight for each; none when they are equal.
        weights: Vec<f64>,
    },
}

impl Figure {
    /// The columns or measures it needs.
    #[must_use]
    pub fn measures(&self) -> &[String] {
        match self {
            Self::Measure(measure) => std::slice::from_ref(measure),
            Self::Formula { measures, .. } => measures,
            Self::Children { .. } => &[],
        }
    }

    /// Of a composite that is computed: its children and their weights.
    #[must_use]
    pub fn children(&self) -> Option<(&[String], &[f64])> {
        match self {
            Self::Children { children, weights } => Some((children, weights)),
            Self::Measure(_) | Self::Formula { .. } => None,
        }
    }
}

impl Recipe {
    /// Reads the text of a recipe; `file` is what messages call it.
    ///
    /// # Errors
    /// [`ImportError`] with every problem: file, line, key and what to do.
    pub fn parse(file: &str, text: &str) -> Result<Self, ImportError> {
        parse::parse(file, text)
    }

    /// Reads the text of a recipe that was in no file; messages call it after its id, as its file would be called.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse).
    pub fn of_text(text: &str) -> Result<Self, ImportError> {
        #[derive(serde::Deserialize)]
        struct Named {
            id: String,
        }
        let id = toml::from_str(text).map_or_else(|_| "recipe".to_owned(), |named: Named| named.id);
        Self::parse(&format!("{id}.toml"), text)
    }

    /// Reads a recipe from a file. The file is called after the recipe: `{id}.toml`.
    ///
    /// # Errors
    /// [`ImportError`], also when the file cannot be read.
    pub fn read(path: &Path) -> Result<Self, ImportError> {
        let file = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&file, &text),
            Err(error) => Err(refusal(
                format!("recipe {file}"),
                &file,
                format!("cannot be read: {error}"),
            )),
        }
    }

    /// The recipes that are compiled in, by id.
    ///
    /// # Errors
    /// [`ImportError`]: a fault of ours, because they are checked by our tests.
    pub fn built_in() -> Result<Vec<Self>, ImportError> {
        built_in::FILES
            .iter()
            .map(|(file, text)| Self::parse(file, text))
            .collect()
    }

    /// The recipe that an operator means: the id of one that is compiled in, or a file.
    ///
    /// # Errors
    /// [`ImportError`] with the nearest id for an unknown one.
    pub fn find(name_or_file: &str) -> Result<Self, ImportError> {
        if let Some(found) = Self::built_in_of(name_or_file) {
            return found;
        }
        let path = Path::new(name_or_file);
        let is_file =
            path.extension().is_some_and(|extension| extension == "toml") || path.components().count() > 1;
        if is_file || path.is_file() {
            return Self::read(path);
        }
        let message = format!(
            "no recipe that ships is called this (a file is written with its .toml); {}",
            near_to(name_or_file)
        );
        Err(refusal(
            "the choice of a recipe".to_owned(),
            name_or_file,
            message,
        ))
    }

    /// The recipe of this id that is compiled in.
    ///
    /// # Errors
    /// [`ImportError`] with the nearest id for an unknown one.
    pub fn shipped(id: &str) -> Result<Self, ImportError> {
        Self::built_in_of(id).unwrap_or_else(|| {
            let message = format!("no recipe that ships is called this; {}", near_to(id));
            Err(refusal("the choice of a recipe".to_owned(), id, message))
        })
    }

    fn built_in_of(id: &str) -> Option<Result<Self, ImportError>> {
        built_in::FILES
            .iter()
            .find(|(file, _)| file.trim_end_matches(".toml") == id)
            .map(|(file, text)| Self::parse(file, text))
    }

    /// Where its figures stand; nothing of a table that holds other things.
    #[must_use]
    pub fn figure_table(&self) -> Option<&FigureTable> {
        match &self.holds {
            Holds::Figures(table) => Some(table),
            Holds::Regions(_) | Holds::BoundaryChanges(_) | Holds::Flows(_) | Holds::Group(_) => None,
        }
    }

    /// How to read the cells of an indicator.
    pub(super) fn cells_of(&self, table: &FigureTable, indicator: &RecipeIndicator) -> CellReader {
        let markers = |texts: &[String]| texts.iter().cloned().collect();
        let mut missing: Vec<String> = table.missing.clone();
        missing.extend(indicator.missing.iter().cloned());
        CellReader {
            decimal: self.table.decimal,
            missing: markers(&missing),
            suppressed: markers(&table.suppressed),
            not_applicable: markers(&table.not_applicable),
        }
    }
}

/// The id nearest to one that is not known, or all of them.
fn near_to(id: &str) -> String {
    let ids = || {
        built_in::FILES
            .iter()
            .map(|(file, _)| file.trim_end_matches(".toml"))
    };
    nearest(id, ids()).map_or_else(
        || format!("there are {}", ids().collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    )
}

fn refusal(subject: String, file: &str, message: String) -> ImportError {
    ImportError {
        subject,
        problems: vec![Problem::in_file(file, message)],
        more: 0,
    }
}
