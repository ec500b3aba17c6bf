//! A table of CBS OData v4, as a folder with the answers of the service: tidy rows, one per observation.
//!
//! The folder holds `properties.json`, `dimensions.json`, `measure-codes.json`, a `codes-{Dimension}.json` per dimension and
//! `observations-page-1.json` and so on, each as the service gave it, compressed or not. What puts it there is `crate::fetch`,
//! or a person; nothing here knows a network. With a [`FolderManifest`] beside them, the files must be those that it lists.
//! In the order to read it: the files (`folder`), what they say of the table (`description`), and the observations (`page`).

mod description;
mod folder;
mod manifest;
mod page;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use csv::StringRecord;
use sha2::{Digest, Sha256};

use crate::domain::nearest;

use super::{
    problems::{Problems, excerpt, plain},
    recipe::TableSource,
    table::{NeededColumn, Row, Stored, TableInput},
};
use description::Description;
use folder::Folder;
use page::Observation;

pub use manifest::{FetchedFile, FolderManifest, MANIFEST};

pub(crate) use description::{Properties, is_identifier};
pub(super) use folder::has_observations;
pub(crate) use folder::page_name;
pub(crate) use page::{PageEnd, first_visible, read_page, without_bom};

/// The column with the code of the measure.
pub(super) const MEASURE: &str = "Measure";
/// The column with the figure, or the value attribute that says why there is none.
pub(super) const VALUE: &str = "Value";
/// What follows the identifier of a dimension in the name of the column with the titles of its codes.
const TITLE: &str = "/Title";
/// The value attribute of an observation with a figure.
const HAS_VALUE: &str = "None";
/// Those of observations without one.
const WITHOUT_VALUE: [&str; 3] = ["NotAvailable", "Confidential", "Impossible"];

const NO_FOLDER: &str =
    "is a file: a table over OData is a folder with the answers of the service; name the folder";

/// What a folder gives, in turn.
pub(super) enum Part<'a> {
    /// The observations that follow are in this page: what messages call it, before the number of an observation.
    Page(&'a str),
    /// An observation; its line is its number in the page, counted from 1.
    Row(&'a Row<'a>),
}

/// What folders say of their table as a whole, as far as they say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TableFacts {
    /// The source's version of it.
    pub(super) version: Option<String>,
    /// The day it was fetched, ISO 8601, if the folder has a manifest.
    pub(super) retrieved: Option<String>,
}

/// What folders say of their table, without reading observations. Where there are problems, nothing more can be said of them.
pub(super) fn facts(inputs: &[TableInput], problems: &mut Problems) -> TableFacts {
    let mut of_folder = |input: &TableInput| {
        let Some(path) = input.folder() else {
            problems.in_file(&input.name, NO_FOLDER);
            return None;
        };
        let (mut hasher, mut progress) = (Sha256::new(), |_| {});
        let mut folder = Folder::open(path, &mut hasher, &mut progress, problems)?;
        let version = description::properties(&mut folder, problems)?.version;
        Some(TableFacts {
            version: Some(plain(&version).into_owned()),
            retrieved: folder.manifest.map(|manifest| manifest.retrieved),
        })
    };
    let found: Vec<(&String, TableFacts)> = inputs
        .iter()
        .filter_map(|input| Some((&input.name, of_folder(input)?)))
        .collect();
    let mut found = found.into_iter();
    let Some((first, facts)) = found.next() else {
        return TableFacts::default();
    };
    for (name, other) in found.filter(|(_, other)| *other != facts) {
        let message = format!(
            "is version {} of {}, and {first} version {} of {}: folders of one table are fetched together",
            excerpt(other.version.as_deref().unwrap_or_default()),
            other.retrieved.as_deref().unwrap_or("an unknown day"),
            excerpt(facts.version.as_deref().unwrap_or_default()),
            facts.retrieved.as_deref().unwrap_or("an unknown day"),
        );
        problems.in_file(name, message);
    }
    facts
}

/// Reads a folder to its end, giving every observation to `take`. `source` says which table it must be, and the units of measures. What is hashed are
/// the uncompressed bytes of the properties, dimensions, measures, codes by dimension and pages, in that order.
///
/// What is wrong is reported; whatever was taken of a folder with problems must not be used.
pub(super) fn read(
    input: TableInput,
    needed: &[NeededColumn],
    source: &TableSource,
    hasher: &mut Sha256,
    problems: &mut Problems,
    mut take: impl FnMut(Part<'_>, &mut Problems),
) {
    let name = input.name.clone();
    let Stored::Folder { path, mut progress } = input.into_stored() else {
        return problems.in_file(&name, NO_FOLDER);
    };
    let Some(mut folder) = Folder::open(&path, hasher, &mut progress, problems) else {
        return;
    };
    let Some(table) = Description::read(&mut folder, problems) else {
        return;
    };
    if !table.is_of_source(source, &folder, problems) {
        return; // of another table nothing else is right
    }
    table.check_units(&source.units, &folder.label("measure-codes"), problems);
    let Some(columns) = columns(&table, needed, &folder.label("dimensions"), problems) else {
        return;
    };
    let places: Vec<usize> = (0..columns.len()).collect();
    let mut ids = HashSet::new();
    for page in 1..=folder.pages {
        let label = format!("{} observation", folder.label(&page_name(page)));
        take(Part::Page(&label), problems);
        let mut number = 0;
        let mut record = StringRecord::new();
        let each = |observation: Observation, problems: &mut Problems| {
            number += 1;
            if !ids.insert(observation.id) {
                let message = format!(
                    "the Id {} stands here again: an observation is given once",
                    observation.id
                );
                return problems.at(&label, number, message);
            }
            let row = match table.row(&observation, &columns, &mut record) {
                Ok(is_provisional) => Row::of(&record, &places, number, is_provisional),
                // A list of codes that is another table's would have every observation look for the nearest.
                Err(_) if problems.are_enough() => return problems.at(&label, number, ""),
                Err(fault) => return problems.at(&label, number, table.message(fault)),
            };
            take(Part::Row(&row), problems);
        };
        let end = folder.observations(page, problems, each);
        if page == folder.pages && end.is_some_and(|end| end.next.is_some()) {
            let message = "names a next page (@odata.nextLink) that is not here: fetch the table again";
            problems.in_file(&folder.label(&page_name(page)), message);
        }
    }
    folder.finish(ids.len() as u64, problems);
}

/// Where a cell of a row comes from.
#[derive(Clone, Copy)]
enum Column {
    Measure,
    Value,
    Code(usize),
    Title(usize),
}

/// What each needed column is.
fn columns(
    table: &Description,
    needed: &[NeededColumn],
    file: &str,
    problems: &mut Problems,
) -> Option<Vec<Column>> {
    let place = |name: &str| {
        table
            .dimensions
            .iter()
            .position(|dimension| dimension.identifier == name)
    };
    let column = |name: &str| match name {
        MEASURE => Some(Column::Measure),
        VALUE => Some(Column::Value),
        _ => match name.strip_suffix(TITLE) {
            Some(dimension) => Some(Column::Title(place(dimension)?)),
            None => Some(Column::Code(place(name)?)),
        },
    };
    let known: Vec<String> = [MEASURE.to_owned(), VALUE.to_owned()]
        .into_iter()
        .chain(table.dimensions.iter().flat_map(|dimension| {
            let name = &dimension.identifier;
            [name.clone(), format!("{name}{TITLE}")]
        }))
        .collect();
    let mut columns = Vec::new();
    for needed in needed {
        let Some(found) = column(&needed.name) else {
            let hint = nearest(&needed.name, known.iter().map(String::as_str)).map_or_else(
                || format!("there are {}", known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!(
                "there is no column `{}`, which {} needs; {hint}",
                excerpt(&needed.name),
                needed.needed_by
            );
            problems.in_file(file, message);
            continue;
        };
        columns.push(found);
    }
    (columns.len() == needed.len()).then_some(columns)
}

impl Description {
    /// Fills the record with the cells of an observation; whether its figure is provisional.
    fn row(
        &self,
        observation: &Observation,
        columns: &[Column],
        record: &mut StringRecord,
    ) -> Result<bool, Fault> {
        let measure = observation.measure.trim();
        if !self.measures.contains_key(measure) {
            return Err(Fault::UnknownMeasure(measure.to_owned()));
        }
        let value = value(observation)?;
        let mut codes = Vec::with_capacity(self.dimensions.len());
        let mut provisional = false;
        for (place, dimension) in self.dimensions.iter().enumerate() {
            let name = &dimension.identifier;
            let code = observation.code(place, name)?.trim();
            let Some(known) = dimension.codes.get(code) else {
                return Err(Fault::UnknownCode(place, code.to_owned()));
            };
            provisional |= known.is_provisional;
            codes.push((code, known.title.as_str()));
        }
        if observation.others.len() > codes.len() {
            let is_known = |name: &str| {
                self.dimensions
                    .iter()
                    .any(|dimension| dimension.identifier == name)
            };
            let mut others = observation.others.iter().map(|(name, _)| name.as_str());
            let other = others.find(|name| !is_known(name)).unwrap_or_default();
            return Err(Fault::Other(format!(
                "`{}` is no dimension of the table",
                excerpt(other)
            )));
        }
        record.clear();
        for column in columns {
            record.push_field(match *column {
                Column::Measure => measure,
                Column::Value => value,
                Column::Code(place) => codes[place].0,
                Column::Title(place) => codes[place].1,
            });
        }
        Ok(provisional)
    }

    /// What is wrong and what might have been meant.
    fn message(&self, fault: Fault) -> String {
        match fault {
            Fault::UnknownMeasure(code) => unknown("measure", &code, "measure-codes", self.measures.keys()),
            Fault::UnknownCode(place, code) => {
                let dimension = &self.dimensions[place];
                let file = format!("codes-{}", dimension.identifier);
                unknown(&dimension.identifier, &code, &file, dimension.codes.keys())
            }
            Fault::Other(message) => message,
        }
    }
}

/// What is wrong with an observation.
enum Fault {
    /// This measure is none of the table.
    UnknownMeasure(String),
    /// The dimension at this place has no such code.
    UnknownCode(usize, String),
    Other(String),
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self::Other(message)
    }
}

/// The figure as it is written, or the value attribute of an observation without one.
fn value(observation: &Observation) -> Result<&str, String> {
    let (attribute, written) = (observation.attribute.trim(), observation.value.get());
    if observation.text.is_some() {
        return Err("holds a text, not a figure: tables of texts cannot be imported".to_owned());
    }
    match (attribute, written) {
        (HAS_VALUE, "null") => Err(format!(
            "has no Value, and `{HAS_VALUE}` for the reason: expected {}",
            WITHOUT_VALUE.join(", ")
        )),
        (HAS_VALUE, number) if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => Ok(number),
        (HAS_VALUE, other) => Err(format!("Value: `{}` is not a number", excerpt(other))),
        (reason, "null") if WITHOUT_VALUE.contains(&reason) => Ok(reason),
        (reason, number) if WITHOUT_VALUE.contains(&reason) => Err(format!(
            "has the Value {} and says `{reason}` too: one of the two is wrong",
            excerpt(number)
        )),
        (other, _) => Err(format!(
            "ValueAttribute: `{}` is not known; there are {HAS_VALUE}, {}",
            excerpt(other),
            WITHOUT_VALUE.join(", ")
        )),
    }
}

fn unknown<'a>(what: &str, code: &str, file: &str, known: impl Iterator<Item = &'a String>) -> String {
    let hint = nearest(code, known.map(String::as_str))
        .map_or_else(String::new, |near| format!("; did you mean `{}`?", excerpt(near)));
    format!(
        "{what}: the code `{}` does not stand in {file}.json{hint}",
        excerpt(code)
    )
}
