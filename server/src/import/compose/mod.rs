//! A source and import units -> the rows of an edition.
//!
//! It is a function of the set: neither the order of imports nor the machine matters. What units say of the same thing must
//! agree, and where two fill the same figure one must supersede the other; everything that does not hold is named at once.

mod areas;
mod catalogue;
mod figures;
mod flows;
mod groups;
mod regions;
mod units;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use sha2::{Digest, Sha256};

use super::{ImportError, Recipe, check_together};
use crate::edition::{StoredTable, StoredTables, content_hash::hex, source::Draft};

pub use units::{ListedByUnit, PeriodUnit, StoredUnitsError, UnitSet};

/// The rows of the edition that a source and these units make, under this name.
///
/// # Errors
/// [`ImportError`] with everything in which units differ from the source or from each other.
pub fn compose(base: &Draft, units: &UnitSet, name: Option<&str>) -> Result<StoredTables, ImportError> {
    let mut tables = base.stored_tables();
    let recipes = recipes(units);
    check_together(recipes.iter().map(Arc::as_ref))?;
    let (indicators, themes) = (catalogue::indicators(&tables), catalogue::themes(&tables));
    for recipe in &recipes {
        recipe.check_against(&indicators, &themes)?;
    }
    catalogue::add_sources(&mut tables, units)?;
    regions::add_region_records(&mut tables, units)?;
    catalogue::check_regions(&tables, units)?;
    catalogue::add_indicators(&mut tables, &recipes);
    catalogue::add_regions(&mut tables, units);
    figures::add_observations(&mut tables, units)?;
    catalogue::check_composites(&tables, &recipes)?;
    add_units(&mut tables, units);
    areas::add_areas(&mut tables, units)?;
    regions::add_units(&mut tables, units)?;
    flows::add_flows(&mut tables, units)?;
    groups::add_groups(&mut tables, units)?;
    catalogue::entitle(&mut tables, units, name);
    Ok(tables)
}

/// The recipes of the units, each text once: by id, that of the latest period first.
fn recipes(units: &UnitSet) -> Vec<Arc<Recipe>> {
    let mut recipes: Vec<Arc<Recipe>> = Vec::new();
    let mut latest_first: Vec<&PeriodUnit> = units.iter().collect();
    latest_first.sort_by(|one, other| {
        let ids = one.recipe.id.cmp(&other.recipe.id);
        ids.then_with(|| other.period.cmp(&one.period))
    });
    for unit in latest_first {
        if !recipes.iter().any(|known| known.text == unit.recipe.text) {
            recipes.push(Arc::clone(&unit.recipe));
        }
    }
    recipes
}

/// Keeps the units themselves, so that a later import can replace one of them.
fn add_units(tables: &mut StoredTables, units: &UnitSet) {
    let mut texts: BTreeMap<String, &Recipe> = BTreeMap::new();
    let mut of_unit = StoredTable::new(
        "import_unit",
        &[
            "recipe",
            "period",
            "recipe_sha256",
            "file_sha256",
            "source_version",
            "retrieved",
            "borders",
        ],
    );
    let mut of_region = StoredTable::new("unit_region", &["recipe", "period", "region", "name"]);
    for unit in units.iter() {
        let (recipe, period) = (unit.recipe.id.as_str(), unit.period.as_str());
        let recipe_sha256 = hex(&Sha256::digest(&unit.recipe.text));
        of_unit.push([
            ("recipe", recipe.into()),
            ("period", period.into()),
            ("recipe_sha256", recipe_sha256.as_str().into()),
            ("file_sha256", unit.file_sha256.as_str().into()),
            ("source_version", unit.source_version.as_str().into()),
            ("retrieved", unit.retrieved.as_str().into()),
            ("borders", unit.borders().into()),
        ]);
        for region in unit.regions() {
            of_region.push([
                ("recipe", recipe.into()),
                ("period", period.into()),
                ("region", region.code.as_str().into()),
                ("name", region.name.as_deref().into()),
            ]);
        }
        texts.insert(recipe_sha256, &unit.recipe);
    }
    let mut of_recipe = StoredTable::new("recipe", &["sha256", "id", "text"]);
    for (sha256, recipe) in texts {
        of_recipe.push([
            ("sha256", sha256.as_str().into()),
            ("id", recipe.id.as_str().into()),
            ("text", recipe.text.as_str().into()),
        ]);
    }
    tables.add(of_recipe);
    tables.add(of_unit);
    tables.add(of_region);
}
