//! What units add below municipalities: districts and neighbourhoods with their figures.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{ImportError, problems::Problems},
    PeriodUnit, UnitSet,
    figures::Precedence,
};
use crate::{
    domain::{Area, AreaColumn},
    edition::{StoredTable, StoredTables, area_text::write_figures},
};

/// A unit with its areas and one column of their figures.
type OfUnit<'a> = (&'a PeriodUnit, &'a [Area], &'a AreaColumn);

/// Adds the areas of all units, and their figures with the precedence of their recipes.
pub(super) fn add_areas(tables: &mut StoredTables, units: &UnitSet) -> Result<(), ImportError> {
    let mut of_areas = StoredTable::new("unit_areas", &["recipe", "period", "codes", "names"]);
    let mut of_figures = StoredTable::new(
        "area_figures",
        &["indicator", "period", "recipe", "precedence", "origin", "figures"],
    );
    let with_areas = || {
        let areas = units.iter().filter_map(|unit| Some((unit, unit.areas()?)));
        areas.filter(|(_, table)| !table.areas.is_empty())
    };
    for (unit, table) in with_areas() {
        let list = |texts: Vec<&str>| serde_json::Value::from(texts).to_string();
        let areas = &table.areas;
        let names: Option<Vec<&str>> = areas.iter().map(|area| area.name.as_deref()).collect();
        of_areas.push([
            ("recipe", unit.recipe.id.as_str().into()),
            ("period", unit.period.as_str().into()),
            (
                "codes",
                list(areas.iter().map(|area| area.code.as_str()).collect())
                    .as_str()
                    .into(),
            ),
            ("names", names.map(list).as_deref().into()),
        ]);
    }
    let mut filled: BTreeMap<(&str, &str), Vec<OfUnit<'_>>> = BTreeMap::new();
    for (unit, table) in with_areas() {
        for column in &table.columns {
            let key = (column.indicator.as_str(), unit.period.as_str());
            filled.entry(key).or_default().push((unit, &table.areas, column));
        }
    }
    let order = Precedence::of(units);
    let mut problems = Problems::all();
    for ((indicator, period), columns) in filled {
        for &(unit, areas, column) in &columns {
            let recipe = unit.recipe.id.as_str();
            let others = columns.iter().filter(|(other, ..)| other.recipe.id != recipe);
            let mut precedence = 0;
            for (other, other_areas, _) in others {
                let other_recipe = other.recipe.id.as_str();
                if order.wins(other_recipe, recipe) {
                    precedence += 1;
                } else if !order.wins(recipe, other_recipe) && recipe < other_recipe {
                    let shared = shared(areas, other_areas);
                    if let Some(area) = shared {
                        let message = format!(
                            "`{recipe}` and `{other_recipe}` both fill `{indicator}` of {area} in {period}: let the recipe that is \
                             to win name the other in `supersedes`, or leave one out"
                        );
                        problems.in_file("import units", message);
                    }
                }
            }
            of_figures.push([
                ("indicator", indicator.into()),
                ("period", period.into()),
                ("recipe", recipe.into()),
                ("precedence", crate::edition::source::Value::Integer(precedence)),
                ("origin", column.origin.word().into()),
                ("figures", write_figures(&column.figures).as_str().into()),
            ]);
        }
    }
    tables.add(of_areas);
    tables.add(of_figures);
    problems.refuse("the set of recipes")
}

/// An area that two lists have in common, the first by code.
fn shared<'a>(one: &'a [Area], other: &[Area]) -> Option<&'a str> {
    let known: BTreeSet<&str> = other.iter().map(|area| area.code.as_str()).collect();
    let codes = one.iter().map(|area| area.code.as_str());
    codes.into_iter().find(|code| known.contains(code))
}

#[cfg(test)]
mod tests;
