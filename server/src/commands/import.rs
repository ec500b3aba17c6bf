//! Tables of sources: looked into, or made part of the next edition.

use std::{
    collections::BTreeMap,
    error::Error,
    fmt,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use groeikern_server::{
    edition::{
        UnitMark,
        shelf::{Manifest, Shelf},
    },
    import::{
        ImportChange, ImportError, ImportFlags, ImportReport, ImportUnit, NextEdition, Recipe, RegionNames,
        TableFolder, TableInput,
    },
};
use serde_json::{Value, json};

use super::{SOURCES, directory, progress::Progress, publish_checked, say_fewer, say_published};
use crate::{
    Failure,
    config::{Import, Inspect, Reading, ReportForm},
    say,
};

/// Reads a table by a recipe and reports what is in it. Nothing is published.
pub(crate) fn inspect(options: &Inspect) -> Result<ExitCode, Failure> {
    let recipe = Recipe::find(&options.recipe)?;
    let read = Tables::of_recipe(recipe, &options.files, &options.reading)?;
    match options.reading.report {
        ReportForm::Text => read.say(),
        ReportForm::Json => say(&read.json().to_string()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads tables by recipe, reports what is in them, and publishes the current edition with them.
pub(crate) async fn import(options: Import) -> Result<ExitCode, Failure> {
    // First whether there is a place for the outcome: reading may take minutes.
    let data = directory(options.data.path())?;
    let shelf = Shelf::in_directory(data.clone())?;
    let read = match (&options.recipe, &options.all) {
        (Some(recipe), _) => Tables::of_recipe(Recipe::find(recipe)?, &options.files, &options.reading)?,
        (None, Some(folder)) => Tables::in_folder(folder, &data.join(SOURCES), &options.reading)?,
        (None, None) => Tables::default(),
    };
    let form = options.reading.report;
    if form == ReportForm::Text {
        read.say();
    }
    let report = read.json();
    if !read.units.is_empty() {
        tracing::info!("building the edition");
    }
    let change = ImportChange {
        units: read.units,
        without: options.without,
        name: options.name,
    };
    let next = NextEdition::make(&shelf, change).await?;
    let manifest = if next.is_current {
        None
    } else {
        Some(publish_checked(&next.file, next.publish(&shelf)).await?)
    };
    match form {
        ReportForm::Text => say_next(&next, manifest.as_ref()),
        ReportForm::Json => say(&with_next(report, &next, manifest.as_ref()).to_string()),
    }
    Ok(ExitCode::SUCCESS)
}

fn say_next(next: &NextEdition, manifest: Option<&Manifest>) {
    let Some(manifest) = manifest else {
        say("nothing was published: the current edition says all of it already");
        return;
    };
    for UnitMark { recipe, period, .. } in &next.file.origin.import_units {
        let unit = (recipe.clone(), period.clone());
        let what = if next.replaced.contains(&unit) {
            ", in place of an earlier import"
        } else {
            ""
        };
        say(&format!("holds {recipe}, period {period}{what}"));
    }
    for (recipe, period) in &next.left_out {
        say(&format!("left out {recipe}, period {period}"));
    }
    say_fewer(&next.no_longer_listed);
    say_published(manifest);
}

fn with_next(mut report: Value, next: &NextEdition, manifest: Option<&Manifest>) -> Value {
    let units = |units: &[(String, String)]| -> Vec<Value> {
        let unit = |(recipe, period): &(String, String)| json!({ "recipe": recipe, "period": period });
        units.iter().map(unit).collect()
    };
    let held: Vec<(String, String)> = next
        .file
        .origin
        .import_units
        .iter()
        .map(|unit| (unit.recipe.clone(), unit.period.clone()))
        .collect();
    report["holds"] = json!(units(&held));
    report["replaced"] = json!(units(&next.replaced));
    report["left_out"] = json!(units(&next.left_out));
    let fewer = next.no_longer_listed.iter().map(|fewer| {
        json!({
            "recipe": fewer.recipe, "period": fewer.period,
            "municipalities_before": fewer.before, "no_longer_listed": fewer.gone,
        })
    });
    report["fewer_municipalities"] = fewer.collect();
    report["published"] = manifest.map_or(
        Value::Null,
        |manifest| json!({ "name": manifest.name, "id": manifest.id(), "sequence": manifest.sequence }),
    );
    report
}

/// What was read.
#[derive(Default)]
struct Tables {
    units: Vec<(Recipe, ImportUnit)>,
    reports: Vec<ImportReport>,
    /// Recipes whose table is not in the folder, with the name it would have.
    not_found: Vec<(String, String)>,
}

impl Tables {
    fn of_recipe(recipe: Recipe, files: &[PathBuf], options: &Reading) -> Result<Self, Failure> {
        let progress = Progress::through(files);
        let names = options
            .region_names
            .as_deref()
            .map(RegionNames::read)
            .transpose()?;
        let flags = ImportFlags {
            retrieved: options.retrieved.clone(),
            source_version: options.source_version.clone(),
            region_names: names.map(Arc::new),
        };
        let read = read(&recipe, files, &flags, &progress);
        progress.finish();
        let (unit, report) = read?;
        Ok(Self {
            units: vec![(recipe, unit)],
            reports: vec![report],
            not_found: Vec::new(),
        })
    }

    /// The tables of all recipes that ship, as far as they are in a folder. Lists of regions are also looked for among the `sources` that were fetched.
    fn in_folder(folder: &Path, sources: &Path, options: &Reading) -> Result<Self, Failure> {
        let found = TableFolder::read(folder)?;
        let fetched = sources.is_dir().then(|| TableFolder::read(sources)).transpose()?;
        let mut tables = Self::default();
        let mut there: Vec<(Recipe, PathBuf)> = Vec::new();
        for recipe in Recipe::built_in()? {
            match (found.table_of(&recipe)?, &recipe.source.file) {
                (Some(path), _) => {
                    let path = path.to_path_buf();
                    there.push((recipe, path));
                }
                (None, Some(file)) => tables.not_found.push((recipe.id.clone(), file.clone())),
                (None, None) => {}
            }
        }
        if there.is_empty() {
            let message = format!(
                "{}: none of the tables that recipes ship for is here; they are called {}",
                folder.display(),
                tables
                    .not_found
                    .iter()
                    .map(|(_, file)| file.as_str())
                    .collect::<Vec<_>>()
                    .join(", ")
            );
            return Err(message.into());
        }
        let files: Vec<PathBuf> = there.iter().map(|(_, path)| path.clone()).collect();
        let progress = Progress::through(&files);
        let mut failed: Vec<ImportError> = Vec::new();
        // Several tables look names up in the same list.
        let mut lists: BTreeMap<&Path, Arc<RegionNames>> = BTreeMap::new();
        for (recipe, path) in there {
            let names = match &options.region_names {
                Some(path) => Some(path.as_path()),
                None => match (found.region_names_of(&recipe)?, &fetched) {
                    (Some(path), _) => Some(path),
                    (None, Some(fetched)) => fetched.region_names_of(&recipe)?,
                    (None, None) => None,
                },
            };
            if let Some(path) = names
                && !lists.contains_key(path)
            {
                lists.insert(path, Arc::new(RegionNames::read(path)?));
            }
            let flags = ImportFlags {
                region_names: names.and_then(|path| lists.get(path)).cloned(),
                ..ImportFlags::default()
            };
            match read(&recipe, &[path], &flags, &progress) {
                Ok((unit, report)) => {
                    tables.reports.push(report);
                    tables.units.push((recipe, unit));
                }
                Err(error) => failed.push(error),
            }
        }
        progress.finish();
        if failed.is_empty() {
            return Ok(tables);
        }
        Err(SomeFailed {
            failed,
            read: tables.units.len(),
        }
        .into())
    }

    fn say(&self) {
        for report in &self.reports {
            say(report.to_string().trim_end());
        }
        for (recipe, file) in &self.not_found {
            say(&format!("not there: {file}, by {recipe}"));
        }
    }

    fn json(&self) -> Value {
        let reports: Vec<Value> = self.reports.iter().map(ImportReport::json).collect();
        let not_found = self.not_found.iter();
        let not_found: Vec<Value> = not_found
            .map(|(recipe, file)| json!({ "recipe": recipe, "file": file }))
            .collect();
        json!({ "imports": reports, "not_found": not_found })
    }
}

/// Some tables of a folder cannot be imported.
#[derive(Debug)]
struct SomeFailed {
    failed: Vec<ImportError>,
    read: usize,
}

impl fmt::Display for SomeFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for error in &self.failed {
            writeln!(f, "{error}")?;
        }
        write!(
            f,
            "{} of {} tables cannot be imported, so nothing was published",
            self.failed.len(),
            self.failed.len() + self.read
        )
    }
}

impl Error for SomeFailed {}

pub(super) fn read(
    recipe: &Recipe,
    files: &[PathBuf],
    flags: &ImportFlags,
    progress: &Progress,
) -> Result<(ImportUnit, ImportReport), ImportError> {
    let inputs = files.iter().map(|file| {
        let (begun, progress) = (progress.clone(), progress.clone());
        begun.begin(file);
        Ok(TableInput::open(file)?.with_progress(move |read| progress.add(read)))
    });
    let inputs = inputs.collect::<Result<Vec<_>, ImportError>>()?;
    ImportUnit::from_inputs(recipe, inputs, flags)
}
