//! The import units of an edition: one per recipe and period.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rusqlite::{Connection, Row, types::Type};

use super::super::{
    ImportError, ImportUnit, Recipe, UnitContent, UnitFigures, UnitMember, UnitRegion, UnitRow,
};
use crate::{
    domain::{Area, AreaColumn, AreaTable, ObservationOrigin, ObservationStatus, RegionCode, year_of},
    edition::{
        EditionError, all,
        area_text::read_figures,
        flow_tables::read_flow_tables,
        region_rows::{boundary_change, region_record},
    },
};

/// Municipalities by the recipe and period of the unit that lists them.
pub type ListedByUnit = BTreeMap<(String, String), BTreeSet<RegionCode>>;

/// What was imported by one recipe of one period.
#[derive(Debug, Clone)]
pub struct PeriodUnit {
    /// The recipe.
    pub recipe: Arc<Recipe>,
    /// The period.
    pub period: String,
    /// SHA-256 over the uncompressed bytes of the tables they were read from, which may hold other periods too.
    pub file_sha256: String,
    /// The source's version of the tables.
    pub source_version: String,
    /// The day they were fetched, ISO 8601.
    pub retrieved: String,
    /// What the tables hold of this period.
    pub content: UnitContent,
}

impl PeriodUnit {
    /// The year of whose municipalities the figures are, where that is another than that of the period.
    #[must_use]
    pub fn borders(&self) -> Option<&str> {
        let borders = self.recipe.borders.as_deref();
        borders.filter(|borders| *borders != year_of(&self.period))
    }

    /// The municipalities that tables of figures list in this period, by code.
    #[must_use]
    pub fn regions(&self) -> &[UnitRegion] {
        self.content.figures().map_or(&[], |figures| &figures.regions)
    }

    /// Of tables of figures: a row for every indicator and listed municipality, in that order.
    #[must_use]
    pub fn rows(&self) -> &[UnitRow] {
        self.content.figures().map_or(&[], |figures| &figures.rows)
    }

    /// The districts and neighbourhoods that tables of figures list, with their figures.
    #[must_use]
    pub fn areas(&self) -> Option<&AreaTable> {
        self.content.figures()?.areas.get(&self.period)
    }
}

/// The import units of an edition. What becomes of them does not depend on the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct UnitSet {
    /// By recipe and period.
    units: BTreeMap<(String, String), PeriodUnit>,
}

/// Why the units of an edition could not be read.
#[derive(Debug, thiserror::Error)]
pub enum StoredUnitsError {
    /// The edition could not be read.
    #[error(transparent)]
    Edition(#[from] EditionError),
    /// A recipe in it is none to this program.
    #[error(
        "a recipe in the current edition cannot be read by this server: {0}; import with the server that made the edition"
    )]
    Recipe(#[from] ImportError),
}

impl From<rusqlite::Error> for StoredUnitsError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Edition(error.into())
    }
}

impl UnitSet {
    /// The units of an open edition.
    ///
    /// # Errors
    /// [`StoredUnitsError`].
    pub fn of_edition(edition: &Connection) -> Result<Self, StoredUnitsError> {
        let mut recipes: BTreeMap<String, Arc<Recipe>> = BTreeMap::new();
        for (sha256, id, text) in all(edition, "SELECT sha256, id, text FROM recipe", |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
            ))
        })? {
            recipes.insert(sha256, Arc::new(Recipe::parse(&format!("{id}.toml"), &text)?));
        }
        let sql = "SELECT period, recipe_sha256, file_sha256, source_version, retrieved FROM import_unit";
        let units = all(edition, sql, |row| {
            let recipe = recipes.get(row.get_ref(1)?.as_str()?).cloned().ok_or_else(|| {
                rusqlite::Error::InvalidColumnType(1, "recipe_sha256".to_owned(), Type::Text)
            })?;
            let period: String = row.get(0)?;
            Ok(PeriodUnit {
                content: UnitContent::nothing(&recipe.holds, &period),
                recipe,
                period,
                file_sha256: row.get(2)?,
                source_version: row.get(3)?,
                retrieved: row.get(4)?,
            })
        })?;
        let mut set = Self::default();
        for unit in units {
            set.units
                .insert((unit.recipe.id.clone(), unit.period.clone()), unit);
        }
        set.read_regions(edition)?;
        set.read_rows(edition)?;
        set.read_areas(edition)?;
        set.read_region_records(edition)?;
        set.read_boundary_changes(edition)?;
        set.read_members(edition)?;
        for (key, flows) in read_flow_tables(edition)? {
            if let Some(unit) = set.units.get_mut(&key) {
                unit.content = UnitContent::Flows(flows);
            }
        }
        Ok(set)
    }

    /// The figures of a unit that holds them.
    fn figures_of(&mut self, key: &(String, String)) -> Option<&mut UnitFigures> {
        match &mut self.units.get_mut(key)?.content {
            UnitContent::Figures(figures) => Some(figures),
            _ => None,
        }
    }

    fn read_region_records(&mut self, edition: &Connection) -> rusqlite::Result<()> {
        let sql = "SELECT * FROM region_record ORDER BY recipe, period, region";
        for (key, record) in all(edition, sql, |row| Ok((key_of(row)?, region_record(row)?)))? {
            if let Some(UnitContent::Regions(regions)) =
                self.units.get_mut(&key).map(|unit| &mut unit.content)
            {
                regions.push(record);
            }
        }
        Ok(())
    }

    fn read_boundary_changes(&mut self, edition: &Connection) -> rusqlite::Result<()> {
        let sql = "SELECT * FROM boundary_change ORDER BY recipe, period, date, from_region, to_region";
        for (key, change) in all(edition, sql, |row| Ok((key_of(row)?, boundary_change(row)?)))? {
            if let Some(UnitContent::BoundaryChanges(changes)) =
                self.units.get_mut(&key).map(|unit| &mut unit.content)
            {
                changes.push(change);
            }
        }
        Ok(())
    }

    fn read_members(&mut self, edition: &Connection) -> rusqlite::Result<()> {
        let sql = "SELECT recipe, period, region, valid_from, valid_to FROM unit_group_member ORDER BY recipe, period, region";
        for (key, member) in all(edition, sql, |row| {
            let member = UnitMember {
                code: code(row.get_ref(2)?.as_str()?)?,
                valid_from: row.get(3)?,
                valid_to: row.get(4)?,
            };
            Ok(((row.get(0)?, row.get(1)?), member))
        })? {
            if let Some(UnitContent::Group(members)) = self.units.get_mut(&key).map(|unit| &mut unit.content)
            {
                members.push(member);
            }
        }
        Ok(())
    }

    fn read_areas(&mut self, edition: &Connection) -> rusqlite::Result<()> {
        for (key, areas) in all(
            edition,
            "SELECT recipe, period, codes, names FROM unit_areas",
            |row| {
                let codes: Vec<String> = json_list(row.get_ref(2)?.as_str()?)?;
                let names: Vec<String> = match row.get_ref(3)?.as_str_or_null()? {
                    Some(text) => json_list(text)?,
                    None => Vec::new(),
                };
                let mut names = names.into_iter();
                let areas = codes.iter().map(|text| {
                    Ok(Area {
                        code: code(text)?,
                        name: names.next(),
                    })
                });
                Ok((
                    (row.get(0)?, row.get(1)?),
                    areas.collect::<rusqlite::Result<_>>()?,
                ))
            },
        )? {
            if let Some(figures) = self.figures_of(&key) {
                figures.areas.entry(key.1).or_default().areas = areas;
            }
        }
        let sql = "SELECT recipe, period, indicator, origin, figures FROM area_figures ORDER BY indicator";
        for (key, column) in all(edition, sql, |row| {
            let figures = read_figures(row.get_ref(4)?.as_str()?);
            let column = AreaColumn {
                indicator: row.get(2)?,
                origin: ObservationOrigin::of_word(row.get_ref(3)?.as_str()?)
                    .ok_or_else(|| unknown("origin"))?,
                figures: figures.ok_or_else(|| unknown("figures"))?,
            };
            Ok(((row.get(0)?, row.get(1)?), column))
        })? {
            if let Some(figures) = self.figures_of(&key) {
                figures.areas.entry(key.1).or_default().columns.push(column);
            }
        }
        Ok(())
    }

    fn read_regions(&mut self, edition: &Connection) -> rusqlite::Result<()> {
        let sql = "SELECT recipe, period, region, name FROM unit_region ORDER BY recipe, period, region";
        for (key, region) in all(edition, sql, |row| {
            let region = UnitRegion {
                code: code(row.get_ref(2)?.as_str()?)?,
                name: row.get(3)?,
            };
            Ok(((row.get(0)?, row.get(1)?), region))
        })? {
            if let Some(figures) = self.figures_of(&key) {
                figures.regions.push(region);
            }
        }
        Ok(())
    }

    /// All units at once: looked for one by one, each would be a walk through all figures.
    fn read_rows(&mut self, edition: &Connection) -> rusqlite::Result<()> {
        let sql = "SELECT source, period, indicator, region, value, status, origin FROM observation
                   WHERE source IN (SELECT recipe FROM import_unit) ORDER BY indicator, period, region";
        let mut statement = edition.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key = (row.get(0)?, row.get(1)?);
            if let Some(figures) = self.figures_of(&key) {
                figures.rows.push(unit_row(row)?);
            }
        }
        Ok(())
    }

    /// Adds what was imported, in place of what was imported before by the same recipe of the same periods. Gives the periods
    /// that were replaced.
    pub fn put(&mut self, recipe: &Arc<Recipe>, unit: ImportUnit) -> Vec<String> {
        let contents = by_period(unit.content, unit.periods);
        let mut replaced = Vec::new();
        for (period, content) in contents {
            let of_period = PeriodUnit {
                recipe: Arc::clone(recipe),
                period: period.clone(),
                file_sha256: unit.file_sha256.clone(),
                source_version: unit.source_version.clone(),
                retrieved: unit.retrieved.clone(),
                content,
            };
            let key = (recipe.id.clone(), period.clone());
            if self.units.insert(key, of_period).is_some() {
                replaced.push(period);
            }
        }
        replaced
    }

    /// Leaves out everything that was imported by a recipe. Gives its periods.
    pub fn leave_out(&mut self, recipe: &str) -> Vec<String> {
        let of_recipe = |key: &&(String, String)| key.0 == recipe;
        let keys: Vec<(String, String)> = self.units.keys().filter(of_recipe).cloned().collect();
        keys.iter().for_each(|key| {
            self.units.remove(key);
        });
        keys.into_iter().map(|(_, period)| period).collect()
    }

    /// All of them, by recipe and period.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &PeriodUnit> {
        self.units.values()
    }

    /// The municipalities that tables of figures and flows list, of those of these recipes and periods that are there.
    #[must_use]
    pub fn listed(&self, of: &[(String, String)]) -> ListedByUnit {
        let listed = |unit: &PeriodUnit| {
            let codes = unit.content.listed().into_iter();
            codes.map(|(code, _)| code.clone()).collect()
        };
        let there = of.iter().filter_map(|key| Some((key, self.units.get(key)?)));
        there.map(|(key, unit)| (key.clone(), listed(unit))).collect()
    }

    /// The ids of the recipes, each once.
    #[must_use]
    pub fn recipe_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.units.keys().map(|(recipe, _)| recipe.as_str()).collect();
        ids.dedup();
        ids
    }

    /// The years of the figures, in order.
    #[must_use]
    pub fn years(&self) -> Vec<&str> {
        let year = |unit: &'_ PeriodUnit| unit.period.len().min(4);
        let with_figures = self.iter().filter(|unit| unit.content.figures().is_some());
        let mut years: Vec<&str> = with_figures.map(|unit| &unit.period[..year(unit)]).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// Whether nothing was imported.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }
}

/// What was read of several periods, each on its own.
fn by_period(content: UnitContent, periods: Vec<String>) -> Vec<(String, UnitContent)> {
    let figures = match content {
        UnitContent::Figures(figures) => figures,
        other => {
            return periods
                .into_iter()
                .map(|period| (period, other.clone()))
                .collect();
        }
    };
    let mut names: BTreeMap<RegionCode, Option<String>> = BTreeMap::new();
    names.extend(
        figures
            .regions
            .into_iter()
            .map(|region| (region.code, region.name)),
    );
    let mut rows: BTreeMap<String, Vec<UnitRow>> = BTreeMap::new();
    for row in figures.rows {
        rows.entry(row.period.clone()).or_default().push(row);
    }
    let mut areas = figures.areas;
    let of_period = |period: String| {
        let rows = rows.remove(&period).unwrap_or_default();
        let mut codes: Vec<&RegionCode> = rows.iter().map(|row| &row.region).collect();
        codes.sort_unstable();
        codes.dedup();
        let regions = codes.into_iter().map(|code| UnitRegion {
            code: code.clone(),
            name: names.get(code).cloned().flatten(),
        });
        let figures = UnitFigures {
            periods: vec![period.clone()],
            regions: regions.collect(),
            rows,
            areas: areas.remove_entry(&period).into_iter().collect(),
        };
        (period, UnitContent::Figures(figures))
    };
    periods.into_iter().map(of_period).collect()
}

/// Recipe and period of a row.
fn key_of(row: &Row<'_>) -> rusqlite::Result<(String, String)> {
    Ok((row.get("recipe")?, row.get("period")?))
}

fn unit_row(row: &Row<'_>) -> rusqlite::Result<UnitRow> {
    let status = ObservationStatus::of_word(row.get_ref(5)?.as_str()?).ok_or_else(|| unknown("status"))?;
    let origin = ObservationOrigin::of_word(row.get_ref(6)?.as_str()?).ok_or_else(|| unknown("origin"))?;
    Ok(UnitRow {
        indicator: row.get(2)?,
        region: code(row.get_ref(3)?.as_str()?)?,
        period: row.get(1)?,
        value: row.get(4)?,
        status,
        origin,
    })
}

fn unknown(column: &str) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(0, column.to_owned(), Type::Text)
}

fn json_list(text: &str) -> rusqlite::Result<Vec<String>> {
    serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error.into()))
}

fn code(text: &str) -> rusqlite::Result<RegionCode> {
    RegionCode::parse(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error.into()))
}
