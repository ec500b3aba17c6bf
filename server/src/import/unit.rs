//! Recipe, tables and flags -> an import unit.

mod content;
mod rows;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use sha2::{Digest, Sha256};

use crate::{
    domain::{Area, AreaColumn, AreaFigure, AreaTable, RegionCode},
    edition::{
        content_hash::hex,
        source::{Kind, fields},
    },
};

use super::{
    Holds, ImportError, ImportReport, Recipe, RegionNames, TableInput, TableKind,
    boundary_changes::read_boundary_changes,
    flows::read_flows,
    gather::Gathered,
    groups::read_group,
    names::problem_of_text,
    odata::{self, TableFacts},
    problems::{Problems, plain},
    regions::read_regions,
    table,
};
pub use content::{UnitContent, UnitFigures, UnitMember, UnitRegion, UnitRow};
use rows::{complete, rows};

/// What an operator says beside a recipe; it wins from what the recipe says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportFlags {
    /// The day the tables were fetched, YYYY-MM-DD.
    pub retrieved: Option<String>,
    /// The source's version of them.
    pub source_version: Option<String>,
    /// The codes of regions that they write by name.
    pub region_names: Option<Arc<RegionNames>>,
}

/// What one import read. It is a function of recipe, tables and flags: no clock, no machine, no order of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportUnit {
    /// The recipe; with the periods and `file_sha256` the key of the unit.
    pub recipe_id: String,
    /// Its text.
    pub recipe_text: String,
    /// The periods of its rows, in order.
    pub periods: Vec<String>,
    /// SHA-256 over the uncompressed bytes of all tables, one after the other as they were given: `zcat FILE... | sha256sum`.
    pub file_sha256: String,
    /// The source's version of the tables.
    pub source_version: String,
    /// The day they were fetched, ISO 8601.
    pub retrieved: String,
    /// What the tables hold.
    pub content: UnitContent,
}

impl ImportUnit {
    /// Reads tables from files, compressed with gzip or not, or from folders with the answers of OData.
    ///
    /// # Errors
    /// [`ImportError`] with the first 20 problems: file, line, column, what was found and what was expected.
    pub fn read(
        recipe: &Recipe,
        files: &[impl AsRef<Path>],
        flags: &ImportFlags,
    ) -> Result<(Self, ImportReport), ImportError> {
        let inputs = files
            .iter()
            .map(|file| TableInput::open(file.as_ref()))
            .collect::<Result<_, _>>()?;
        Self::from_inputs(recipe, inputs, flags)
    }

    /// Reads tables from anywhere.
    ///
    /// # Errors
    /// As [`ImportUnit::read`].
    pub fn from_inputs(
        recipe: &Recipe,
        inputs: Vec<TableInput>,
        flags: &ImportFlags,
    ) -> Result<(Self, ImportReport), ImportError> {
        let subject = format!("the import by {}", recipe.file);
        let mut problems = Problems::first_of_many();
        let facts = match recipe.table.kind {
            TableKind::OData => odata::facts(&inputs, &mut problems),
            TableKind::Csv { .. } | TableKind::Xlsx { .. } | TableKind::CodeList => TableFacts::default(),
        };
        if !problems.is_empty() {
            return Err(problems.refusal(subject)); // what a folder cannot say is not missing in the recipe
        }
        let retrieved = retrieved(recipe, flags, facts.retrieved, &mut problems);
        let source_version = source_version(recipe, flags, facts.version, &mut problems);
        let region_names = region_names(recipe, flags, &mut problems);
        if inputs.is_empty() {
            problems.in_file(&recipe.file, "no table is given: name the files that it reads");
        }
        if !problems.is_empty() {
            return Err(problems.refusal(subject)); // before minutes of reading
        }
        let mut hasher = Sha256::new();
        let (content, mut report) = match &recipe.holds {
            Holds::Figures(table) => {
                let gathered = Gathered::nothing(recipe, table, region_names);
                read_figures(recipe, gathered, inputs, &mut hasher, &mut problems)
            }
            Holds::Regions(columns) => {
                let (regions, report) = read_regions(recipe, columns, inputs, &mut hasher, &mut problems);
                (UnitContent::Regions(regions), report)
            }
            Holds::BoundaryChanges(columns) => {
                let (changes, report) =
                    read_boundary_changes(recipe, columns, inputs, &mut hasher, &mut problems);
                (UnitContent::BoundaryChanges(changes), report)
            }
            Holds::Flows(columns) => {
                let (flows, report) = read_flows(recipe, columns, inputs, &mut hasher, &mut problems);
                (UnitContent::Flows(flows), report)
            }
            Holds::Group(group) => {
                let (members, report) = read_group(recipe, group, inputs, &mut hasher, &mut problems);
                (UnitContent::Group(members), report)
            }
        };
        problems.refuse(subject)?;
        let periods = content.periods(recipe);
        report.recipe.clone_from(&recipe.id);
        report.periods.clone_from(&periods);
        let unit = Self {
            recipe_id: recipe.id.clone(),
            recipe_text: recipe.text.clone(),
            periods,
            file_sha256: hex(&hasher.finalize()),
            source_version,
            retrieved,
            content,
        };
        Ok((unit, report))
    }

    /// A row for every indicator, listed municipality and period, in that order; none when it holds other things than figures.
    #[must_use]
    pub fn rows(&self) -> &[UnitRow] {
        self.content.figures().map_or(&[], |figures| &figures.rows)
    }

    /// The municipalities that tables of figures list, by code.
    #[must_use]
    pub fn regions(&self) -> &[UnitRegion] {
        self.content.figures().map_or(&[], |figures| &figures.regions)
    }
}

/// Reads the figures of tables.
fn read_figures(
    recipe: &Recipe,
    mut gathered: Gathered<'_>,
    inputs: Vec<TableInput>,
    hasher: &mut Sha256,
    problems: &mut Problems,
) -> (UnitContent, ImportReport) {
    let needed = gathered.needed();
    let files: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
    for input in inputs {
        if recipe.table.kind == TableKind::OData {
            let take = |part: odata::Part<'_>, problems: &mut Problems| match part {
                odata::Part::Page(file) => gathered.begin(file),
                odata::Part::Row(row) => gathered.take(row, problems),
            };
            odata::read(input, &needed, &recipe.source, hasher, problems, take);
        } else {
            gathered.begin(&input.name);
            let take = |row: &table::Row<'_>, problems: &mut Problems| gathered.take(row, problems);
            table::read(input, &recipe.table, &needed, hasher, problems, take);
        }
    }
    gathered.leave_out_empty();
    gathered.finish(problems);
    let rows = rows(recipe, &gathered, problems);
    let mut report = std::mem::take(&mut gathered.report);
    let levels = gathered.regions.keys().map(RegionCode::level);
    complete(&mut report, recipe, &rows, files, levels);
    let (rows, of_areas): (Vec<UnitRow>, Vec<UnitRow>) = rows
        .into_iter()
        .map(|(row, _)| row)
        .partition(|row| row.region.is_municipality());
    let (regions, areas): (BTreeMap<_, _>, BTreeMap<_, _>) = gathered
        .regions
        .into_iter()
        .map(|(code, (_, name, _))| (code, name))
        .partition(|(code, _)| code.is_municipality());
    let mut periods: Vec<String> = gathered.cells.into_keys().map(|(_, period)| period).collect();
    periods.sort_unstable();
    periods.dedup();
    let figures = UnitFigures {
        periods,
        regions: regions
            .into_iter()
            .map(|(code, name)| UnitRegion { code, name })
            .collect(),
        rows,
        areas: area_tables(of_areas, &areas),
    };
    (UnitContent::Figures(figures), report)
}

/// Rows of districts and neighbourhoods, sorted by indicator, region and period, as columns per period.
fn area_tables(
    rows: Vec<UnitRow>,
    names: &BTreeMap<RegionCode, Option<String>>,
) -> BTreeMap<String, AreaTable> {
    let mut tables: BTreeMap<String, AreaTable> = BTreeMap::new();
    let first = rows.first().map(|row| row.indicator.clone());
    for row in rows {
        let table = tables.entry(row.period).or_default();
        if table
            .columns
            .last()
            .is_none_or(|column| column.indicator != row.indicator)
        {
            table.columns.push(AreaColumn {
                indicator: row.indicator.clone(),
                origin: row.origin,
                figures: Vec::new(),
            });
        }
        if let Some(column) = table.columns.last_mut() {
            column.figures.push(AreaFigure::of(row.value, row.status));
        }
        // Every indicator has a row of every area: those of the first list them all.
        if first.as_ref() == Some(&row.indicator) {
            table.areas.push(Area {
                name: names.get(&row.region).cloned().flatten(),
                code: row.region,
            });
        }
    }
    tables
}

/// The day by the flag, else by the source, else by the recipe.
fn retrieved(
    recipe: &Recipe,
    flags: &ImportFlags,
    by_source: Option<String>,
    problems: &mut Problems,
) -> String {
    if let Some(flag) = &flags.retrieved {
        if let Err(message) = fields::from_text(Kind::Date, flag) {
            problems.in_file("--retrieved", message);
        }
        return flag.clone();
    }
    by_source.or_else(|| recipe.retrieved.clone()).unwrap_or_else(|| {
        let message =
            "key `retrieved` is missing: write the day the table was fetched, or give --retrieved YYYY-MM-DD";
        problems.in_file(&recipe.file, message);
        String::new()
    })
}

/// The version by the flag, else by the source, else by the recipe.
fn source_version(
    recipe: &Recipe,
    flags: &ImportFlags,
    by_source: Option<String>,
    problems: &mut Problems,
) -> String {
    if let Some(flag) = &flags.source_version {
        if flag.trim().is_empty() {
            problems.in_file("--source-version", "is empty");
        } else if let Some(problem) = problem_of_text(flag) {
            problems.in_file("--source-version", problem);
        }
        return plain(flag).into_owned();
    }
    by_source.or_else(|| recipe.source_version.clone()).unwrap_or_else(|| {
        let message = "key `source_version` is missing: write the source's version of the table, or give --source-version TEXT";
        problems.in_file(&recipe.file, message);
        String::new()
    })
}

/// The list of regions, when the recipe needs one.
fn region_names<'f>(
    recipe: &Recipe,
    flags: &'f ImportFlags,
    problems: &mut Problems,
) -> Option<&'f RegionNames> {
    let table = recipe.figure_table()?.region_names.as_ref()?;
    if flags.region_names.is_none() {
        let message = format!(
            "regions are written by name, and codes are looked up in the list of table {table}: give --region-names with the \
             folder of that table over OData, or its codes-RegioS.json (`groeikern-server update` fetches it into the data \
             directory, where `import --all` finds it)"
        );
        problems.in_file(&recipe.file, message);
    }
    flags.region_names.as_deref()
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod naming;
#[cfg(test)]
mod tests;
