//! The current edition of a shelf, changed by an import: the next one.

use std::sync::Arc;

use super::{ImportError, ImportUnit, Recipe, StoredUnitsError, UnitSet, compose};
use crate::edition::{
    self, EditionError, EditionFile, OpenEdition,
    shelf::{Manifest, Shelf, ShelfError},
    source::{SourceError, SourceFolder},
};

/// What an import changes.
#[derive(Debug, Default)]
pub struct ImportChange {
    /// What was read, if anything: a recipe and the figures read by it.
    pub unit: Option<(Recipe, ImportUnit)>,
    /// Recipes whose earlier imports are left out.
    pub without: Vec<String>,
    /// The label of the new edition; by default that of the last import, or `national-YEAR`.
    pub name: Option<String>,
}

/// An edition that an import makes of the current one, not yet published.
#[derive(Debug)]
pub struct NextEdition {
    /// The edition.
    pub file: EditionFile,
    /// Whether the current edition already is this one.
    pub is_current: bool,
    /// Recipe and period of earlier imports that were replaced.
    pub replaced: Vec<(String, String)>,
    /// Recipe and period of earlier imports that were left out.
    pub left_out: Vec<(String, String)>,
    /// Recipe and period of all its import units.
    pub units: Vec<(String, String)>,
    /// The number of the publication it was made from.
    after: u64,
}

/// Why there is no next edition. The shelf is as it was.
#[derive(Debug, thiserror::Error)]
pub enum NextEditionError {
    /// The units do not fit the edition or each other.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The units of the current edition cannot be read.
    #[error(transparent)]
    Stored(#[from] StoredUnitsError),
    /// The source of the current edition is none to this server.
    #[error("the source of the current edition cannot be read by this server: {0}")]
    Source(#[from] SourceError),
    /// The current edition cannot be read, or the new one not be built.
    #[error(transparent)]
    Edition(#[from] EditionError),
    /// The shelf cannot be read or written.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// A recipe that was to be left out is not there.
    #[error("nothing was imported by `{recipe}`, so it cannot be left out{}", those_known(.known))]
    NotImported {
        /// The recipe.
        recipe: String,
        /// Those that are.
        known: Vec<String>,
    },
}

fn those_known(recipes: &[String]) -> String {
    if recipes.is_empty() {
        "; the current edition holds no import".to_owned()
    } else {
        format!("; imports are by {}", recipes.join(", "))
    }
}

impl NextEdition {
    /// The edition of the current one's source and import units with this change. Everything is made and checked in memory; the
    /// shelf is only read.
    ///
    /// # Errors
    /// [`NextEditionError`].
    pub async fn make(shelf: &Shelf, change: ImportChange) -> Result<Self, NextEditionError> {
        let sequence = shelf.current_sequence().await?;
        let manifest = match sequence {
            Some(sequence) => Some(shelf.manifest(sequence).await?),
            None => None,
        };
        let current = match &manifest {
            Some(manifest) => open(shelf, manifest).await?,
            None => None,
        };
        let (source, mut units) = match &current {
            Some(current) => (
                SourceFolder::of_edition(&current.connection).map_err(EditionError::from)?,
                UnitSet::of_edition(&current.connection)?,
            ),
            None => (SourceFolder::built_in(), UnitSet::default()),
        };
        drop(current);
        let chosen = change.name.or_else(|| chosen_label(manifest.as_ref(), &units));
        let left_out = leave_out(&mut units, &change.without)?;
        let replaced = change
            .unit
            .map_or_else(Vec::new, |(recipe, unit)| put(&mut units, recipe, unit));
        let name = chosen.or_else(|| automatic_label(&units));
        let file = build(&source, &units, name.as_deref())?;
        Ok(Self {
            is_current: manifest.is_some_and(|manifest| {
                manifest.content_hash == file.content_hash && manifest.name == file.name
            }),
            file,
            replaced,
            left_out,
            units: units
                .iter()
                .map(|unit| (unit.recipe.id.clone(), unit.period.clone()))
                .collect(),
            after: sequence.unwrap_or(0),
        })
    }

    /// Publishes it after the publication it was made from. The shelf publishes whole files only.
    ///
    /// # Errors
    /// [`ShelfError`]; a conflict when somebody else published in between.
    pub async fn publish(&self, shelf: &Shelf) -> Result<Manifest, ShelfError> {
        shelf.publish(&self.file, self.after, None).await
    }
}

/// The current edition; `None` when it is the built-in one of another version, which this server has a later one of.
async fn open(shelf: &Shelf, manifest: &Manifest) -> Result<Option<OpenEdition>, NextEditionError> {
    let location = shelf.locate(manifest).await?;
    match edition::open(&location, &manifest.file_sha256) {
        Ok(edition) => Ok(Some(edition)),
        Err(EditionError::Schema { .. } | EditionError::Method { .. })
            if manifest.built_in_revision.is_some() =>
        {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn leave_out(units: &mut UnitSet, recipes: &[String]) -> Result<Vec<(String, String)>, NextEditionError> {
    let mut left_out = Vec::new();
    for recipe in recipes {
        let periods = units.leave_out(recipe);
        if periods.is_empty() {
            return Err(NextEditionError::NotImported {
                recipe: recipe.clone(),
                known: units.recipe_ids().into_iter().map(str::to_owned).collect(),
            });
        }
        left_out.extend(periods.into_iter().map(|period| (recipe.clone(), period)));
    }
    Ok(left_out)
}

fn put(units: &mut UnitSet, recipe: Recipe, unit: ImportUnit) -> Vec<(String, String)> {
    let recipe = Arc::new(recipe);
    let periods = units.put(&recipe, unit);
    periods
        .into_iter()
        .map(|period| (recipe.id.clone(), period))
        .collect()
}

/// The edition of a source and units.
fn build(
    source: &SourceFolder,
    units: &UnitSet,
    name: Option<&str>,
) -> Result<EditionFile, NextEditionError> {
    let tables = compose(&source.draft()?, units, name)?;
    Ok(edition::build_tables(&tables)?)
}

/// The label of the current edition of these units, if somebody chose it.
fn chosen_label(current: Option<&Manifest>, units: &UnitSet) -> Option<String> {
    let label = current
        .filter(|_| !units.is_empty())
        .map(|manifest| manifest.name.clone());
    label.filter(|label| automatic_label(units).as_ref() != Some(label))
}

/// `national-` and the latest year; nothing without units: then the edition is called as its source is.
fn automatic_label(units: &UnitSet) -> Option<String> {
    units.years().last().map(|year| format!("national-{year}"))
}
