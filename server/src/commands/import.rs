//! Tables of sources: looked into, or made part of the next edition.

use std::{path::PathBuf, process::ExitCode};

use groeikern_server::{
    edition::{UnitMark, shelf::Shelf},
    import::{ImportChange, ImportFlags, ImportReport, ImportUnit, NextEdition, Recipe, TableInput},
};

use super::{directory, progress::Progress, publish_checked};
use crate::{
    Failure,
    config::{Import, Inspect, Reading},
    say,
};

/// Reads a table by a recipe and reports what is in it. Nothing is published.
pub(crate) fn inspect(options: &Inspect) -> Result<ExitCode, Failure> {
    let recipe = Recipe::find(&options.recipe)?;
    let (_, report) = read(&recipe, &options.files, &options.reading)?;
    say(report.to_string().trim_end());
    Ok(ExitCode::SUCCESS)
}

/// Reads a table by a recipe, reports what is in it, and publishes the current edition with it.
pub(crate) async fn import(options: Import) -> Result<ExitCode, Failure> {
    // First whether there is a place for the outcome: reading may take minutes.
    let shelf = Shelf::in_directory(directory(options.data.path())?)?;
    let unit = match &options.recipe {
        Some(recipe) => {
            let recipe = Recipe::find(recipe)?;
            let (unit, report) = read(&recipe, &options.files, &options.reading)?;
            say(report.to_string().trim_end());
            Some((recipe, unit))
        }
        None => None,
    };
    if unit.is_some() {
        tracing::info!("building the edition");
    }
    let change = ImportChange {
        unit,
        without: options.without,
        name: options.name,
    };
    let next = NextEdition::make(&shelf, change).await?;
    if next.is_current {
        say("nothing was published: the current edition says all of it already");
        return Ok(ExitCode::SUCCESS);
    }
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
    publish_checked(&next.file, next.publish(&shelf)).await
}

fn read(
    recipe: &Recipe,
    files: &[PathBuf],
    options: &Reading,
) -> Result<(ImportUnit, ImportReport), Failure> {
    let progress = Progress::through(files);
    let inputs = files.iter().map(|file| {
        let (begun, progress) = (progress.clone(), progress.clone());
        begun.begin(file);
        Ok(TableInput::open(file)?.with_progress(move |read| progress.add(read)))
    });
    let inputs = inputs.collect::<Result<Vec<_>, Failure>>()?;
    let flags = ImportFlags {
        retrieved: options.retrieved.clone(),
        source_version: options.source_version.clone(),
    };
    let read = ImportUnit::from_inputs(recipe, inputs, &flags);
    progress.finish();
    Ok(read?)
}
