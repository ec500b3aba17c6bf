//! Which versions of their sources the current edition holds.

use sha2::{Digest, Sha256};

use super::{NextEditionError, Recipe, StoredUnitsError};
use crate::edition::{
    self, EditionError, all,
    content_hash::hex,
    shelf::{Shelf, ShelfError},
};

/// What was imported by recipes, without its figures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldVersions {
    units: Vec<Held>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    recipe: String,
    recipe_sha256: String,
    source_version: String,
}

impl HeldVersions {
    /// Those of the current edition; none when there is no edition, or it cannot be read and will have to be made up for.
    ///
    /// # Errors
    /// [`NextEditionError`] when the shelf cannot be read, or another program made the edition.
    pub async fn of_current(shelf: &Shelf) -> Result<Self, NextEditionError> {
        let Some(sequence) = shelf.current_sequence().await? else {
            return Ok(Self::default());
        };
        let manifest = shelf.manifest(sequence).await?;
        let opened = match shelf.locate(&manifest).await {
            Ok(location) => edition::open(&location, &manifest.file_sha256),
            Err(ShelfError::Gone { .. }) => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
        };
        let edition = match opened {
            Ok(edition) => edition,
            Err(EditionError::Corrupt(_)) => return Ok(Self::default()),
            Err(EditionError::Schema { .. } | EditionError::Method { .. })
                if manifest.built_in_revision.is_some() =>
            {
                return Ok(Self::default());
            }
            Err(error) => return Err(error.into()),
        };
        let sql = "SELECT DISTINCT recipe, recipe_sha256, source_version FROM import_unit ORDER BY recipe, source_version";
        let units = all(&edition.connection, sql, |row| {
            Ok(Held {
                recipe: row.get(0)?,
                recipe_sha256: row.get(1)?,
                source_version: row.get(2)?,
            })
        });
        Ok(Self {
            units: units.map_err(StoredUnitsError::from)?,
        })
    }

    /// The versions that were read by a recipe, whatever the recipe said then; more than one when its periods are of several.
    #[must_use]
    pub fn of_recipe(&self, recipe: &str) -> Vec<&str> {
        let held = self.units.iter().filter(|held| held.recipe == recipe);
        let mut versions: Vec<&str> = held.map(|held| held.source_version.as_str()).collect();
        versions.dedup();
        versions
    }

    /// Whether all that was read by a recipe is of this version, and was read by the recipe as it is now.
    #[must_use]
    pub fn is_all_of(&self, recipe: &Recipe, version: &str) -> bool {
        let sha256 = hex(&Sha256::digest(&recipe.text));
        let mut held = self
            .units
            .iter()
            .filter(|held| held.recipe == recipe.id)
            .peekable();
        held.peek().is_some()
            && held.all(|held| held.recipe_sha256 == sha256 && held.source_version == version)
    }
}
