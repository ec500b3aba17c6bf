//! The current edition of a shelf, changed by an import: the next one.

use std::{fmt, sync::Arc};

use super::{ImportError, ImportUnit, ListedByUnit, Recipe, StoredUnitsError, UnitSet, compose};
use crate::edition::{
    self, EditionError, EditionFile, EditionOrigin, UnitMark,
    shelf::{Manifest, RequestMark, Shelf, ShelfError},
    source::{SourceError, SourceFolder},
};

/// What an import changes.
#[derive(Debug, Default)]
pub struct ImportChange {
    /// What was read: recipes, each with the figures read by it.
    pub units: Vec<(Recipe, ImportUnit)>,
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
    /// Municipalities that imports list no longer: the tables may have been cut off.
    pub no_longer_listed: Vec<NoLongerListed>,
    /// The number of the publication it was made from.
    after: u64,
}

/// What an import listed before, and what came in its place does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoLongerListed {
    /// Id of the recipe.
    pub recipe: String,
    /// The period.
    pub period: String,
    /// Municipalities that the earlier import listed.
    pub before: usize,
    /// The codes of those among them that are gone, in order.
    pub gone: Vec<String>,
}

/// Codes that a message names; all are in the report for machines.
const NAMED: usize = 10;

impl fmt::Display for NoLongerListed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            recipe,
            period,
            before,
            gone,
        } = self;
        let named = gone.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>();
        write!(
            f,
            "{recipe}, period {period}, no longer lists {} of the {before} municipalities of the earlier import: {}",
            gone.len(),
            named.join(", "),
        )?;
        if gone.len() > NAMED {
            write!(f, " and {} more", gone.len() - NAMED)?;
        }
        f.write_str("; if its table was cut off, go back with groeikern-server rollback and import it whole")
    }
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
    #[error(
        "the source of the current edition cannot be read by this server: {0}; publish its folder again, mended"
    )]
    Source(#[from] SourceError),
    /// The current edition cannot be read, or the new one not be built.
    #[error(transparent)]
    Edition(#[from] EditionError),
    /// The shelf cannot be read or written.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// The current edition is damaged, and the next one would lack what it held.
    #[error(
        "{cause}; the next edition would lack what it held: {lost}. Restore the file from a backup, or import first what is \
         listed - or leave it out with --without RECIPE"
    )]
    WouldLose {
        /// What is wrong with the current edition.
        cause: EditionError,
        /// Recipe and period of the imports that would be lost.
        lost: String,
    },
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
        let upon = match &manifest {
            Some(manifest) => Upon::latest(shelf, manifest).await?,
            None => Upon::nothing(),
        };
        let (source, mut units) = (upon.source, upon.units);
        let read: Vec<(String, String)> = change.units.iter().flat_map(periods_of).collect();
        let listed_before = units.listed(&read);
        let chosen = change.name.or_else(|| chosen_label(manifest.as_ref(), &units));
        let left_out = leave_out(&mut units, &change.without, upon.lost.as_ref())?;
        let replaced = change.units.into_iter();
        let replaced = replaced
            .flat_map(|(recipe, unit)| put(&mut units, recipe, unit))
            .collect();
        let name = chosen.or_else(|| automatic_label(&units));
        let file = build(&source, &units, name.as_deref())?;
        let was_lost = upon.lost.is_some();
        if let Some(lost) = upon.lost {
            lost.require_made_up_for(&file, &read, &change.without)?;
        }
        Ok(Self {
            is_current: !was_lost
                && manifest.is_some_and(|manifest| {
                    manifest.content_hash == file.content_hash && manifest.name == file.name
                }),
            file,
            no_longer_listed: no_longer_listed(&listed_before, &units.listed(&read)),
            replaced,
            left_out,
            after: sequence.unwrap_or(0),
        })
    }

    /// The number of the publication it was made from; 0 for none.
    #[must_use]
    pub fn after(&self) -> u64 {
        self.after
    }

    /// The same as [`publish`](Self::publish), for a request that has an id.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub async fn publish_for(&self, shelf: &Shelf, request: RequestMark) -> Result<Manifest, ShelfError> {
        shelf.publish_for(&self.file, self.after, request).await
    }

    /// Publishes it after the publication it was made from. The shelf publishes whole files only.
    ///
    /// # Errors
    /// [`ShelfError`]; a conflict when somebody else published in between.
    pub async fn publish(&self, shelf: &Shelf) -> Result<Manifest, ShelfError> {
        shelf.publish(&self.file, self.after, None).await
    }
}

/// What units list no longer that are in both.
fn no_longer_listed(before: &ListedByUnit, now: &ListedByUnit) -> Vec<NoLongerListed> {
    let in_both = before
        .iter()
        .filter_map(|(unit, listed)| Some((unit, listed, now.get(unit)?)));
    let gone = in_both.map(|((recipe, period), before, now)| NoLongerListed {
        recipe: recipe.clone(),
        period: period.clone(),
        before: before.len(),
        gone: before
            .difference(now)
            .map(|code| code.as_str().to_owned())
            .collect(),
    });
    gone.filter(|found| !found.gone.is_empty()).collect()
}

/// What the next edition is made upon.
struct Upon {
    source: SourceFolder,
    units: UnitSet,
    /// The current edition, when its file is damaged and an earlier one takes its place.
    lost: Option<Lost>,
}

/// A current edition that cannot be read.
struct Lost {
    origin: EditionOrigin,
    cause: EditionError,
}

impl Upon {
    /// The compiled-in source, without any import.
    fn nothing() -> Self {
        Self {
            source: SourceFolder::built_in(),
            units: UnitSet::default(),
            lost: None,
        }
    }

    /// The current edition; when its file is damaged, the latest whole one that was made from the same source.
    async fn latest(shelf: &Shelf, current: &Manifest) -> Result<Self, NextEditionError> {
        let cause = match Self::read(shelf, current).await {
            Ok(upon) => return Ok(upon),
            Err(NextEditionError::Edition(cause @ EditionError::Corrupt(_))) => cause,
            Err(NextEditionError::Shelf(ShelfError::Gone { id })) => {
                EditionError::Corrupt(format!("the file of {id} is no longer on the shelf"))
            }
            Err(error) => return Err(error),
        };
        // Without a word of what it was made from, nobody can say what an import upon another edition would lose.
        let Some(origin) = current.origin.clone() else {
            return Err(cause.into());
        };
        tracing::warn!(%cause, edition = current.id(), "the current edition is passed over");
        let mut upon = origin.source_sha256.is_none().then(Self::nothing);
        for manifest in shelf.manifests().await?.into_iter().rev() {
            let same_source = manifest
                .origin
                .as_ref()
                .is_some_and(|o| o.source_sha256 == origin.source_sha256);
            if same_source
                && manifest.sequence != current.sequence
                && let Ok(earlier) = Self::read(shelf, &manifest).await
            {
                upon = Some(earlier);
                break;
            }
        }
        match upon {
            Some(upon) => Ok(Self {
                lost: Some(Lost { origin, cause }),
                ..upon
            }),
            None => Err(cause.into()),
        }
    }

    async fn read(shelf: &Shelf, manifest: &Manifest) -> Result<Self, NextEditionError> {
        let location = shelf.locate(manifest).await?;
        match edition::open(&location, &manifest.file_sha256) {
            Ok(edition) => Ok(Self {
                source: SourceFolder::of_edition(&edition.connection).map_err(EditionError::from)?,
                units: UnitSet::of_edition(&edition.connection)?,
                lost: None,
            }),
            // The built-in one of another version: this server has one of its own.
            Err(EditionError::Schema { .. } | EditionError::Method { .. })
                if manifest.built_in_revision.is_some() =>
            {
                Ok(Self::nothing())
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Lost {
    /// Nothing that the damaged edition held is missing, except what this import replaces or leaves out on purpose.
    fn require_made_up_for(
        self,
        next: &EditionFile,
        read: &[(String, String)],
        without: &[String],
    ) -> Result<(), NextEditionError> {
        let is_replaced = |unit: &UnitMark| {
            read.iter()
                .any(|(recipe, period)| *recipe == unit.recipe && *period == unit.period)
        };
        let lost = self.origin.units_lost_in(&next.origin).into_iter();
        let lost: Vec<String> = lost
            .filter(|unit| !is_replaced(unit) && !without.contains(&unit.recipe))
            .map(|unit| format!("{} {}", unit.recipe, unit.period))
            .collect();
        if lost.is_empty() {
            return Ok(());
        }
        Err(NextEditionError::WouldLose {
            cause: self.cause,
            lost: lost.join(", "),
        })
    }
}

fn leave_out(
    units: &mut UnitSet,
    recipes: &[String],
    lost: Option<&Lost>,
) -> Result<Vec<(String, String)>, NextEditionError> {
    let mut left_out = Vec::new();
    for recipe in recipes {
        let periods = units.leave_out(recipe);
        let was_lost = |lost: &Lost| lost.origin.import_units.iter().any(|unit| unit.recipe == *recipe);
        if periods.is_empty() && !lost.is_some_and(was_lost) {
            return Err(NextEditionError::NotImported {
                recipe: recipe.clone(),
                known: units.recipe_ids().into_iter().map(str::to_owned).collect(),
            });
        }
        left_out.extend(periods.into_iter().map(|period| (recipe.clone(), period)));
    }
    Ok(left_out)
}

/// Recipe and periods of what was read.
fn periods_of((recipe, unit): &(Recipe, ImportUnit)) -> Vec<(String, String)> {
    let periods = unit.periods.iter();
    periods
        .map(|period| (recipe.id.clone(), period.clone()))
        .collect()
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
