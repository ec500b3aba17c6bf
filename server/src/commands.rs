//! What the program does beside serving: publish and verify editions, show recipes, and look into tables.

use std::{fs, io, path::PathBuf, process::ExitCode, time::Duration};

use groeikern_server::{
    edition::{self, shelf::Shelf, source::SourceFolder},
    import::{ImportFlags, ImportUnit, Recipe, TableInput},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    Failure, INTEGRITY,
    config::{Inspect, Publish, Recipes, Verify},
    say,
};

/// Builds an edition from a folder and publishes it.
pub(crate) async fn publish(options: Publish) -> Result<ExitCode, Failure> {
    let shelf = Shelf::in_directory(directory(options.data.path())?)?;
    let after = shelf.current_sequence().await?.unwrap_or(0);
    let edition = edition::build(&SourceFolder::read(&options.folder)?.draft()?)?;
    let manifest = shelf.publish(&edition, after, None).await?;
    say(&format!(
        "published {} ({}) as number {}",
        manifest.name,
        manifest.id(),
        manifest.sequence
    ));
    Ok(ExitCode::SUCCESS)
}

/// Checks every publication, a line for each.
pub(crate) async fn verify(options: Verify) -> Result<ExitCode, Failure> {
    let shelf = Shelf::in_existing_directory(directory(options.data.path())?)?;
    let mut damaged = 0;
    let sequences = shelf.all_sequences().await?;
    for sequence in &sequences {
        match checked(&shelf, *sequence).await {
            Ok(label) => say(&format!("{sequence}\twhole\t{label}")),
            Err(error) => {
                damaged += 1;
                say(&format!("{sequence}\tDAMAGED\t{error}"));
            }
        }
    }
    if damaged > 0 {
        tracing::error!(
            damaged,
            of = sequences.len(),
            "the shelf has damaged editions; restore them or publish them again"
        );
        return Ok(ExitCode::from(INTEGRITY));
    }
    Ok(ExitCode::SUCCESS)
}

/// The label of a publication that is whole, or what is wrong with it.
async fn checked(shelf: &Shelf, sequence: u64) -> Result<String, String> {
    let manifest = shelf
        .manifest(sequence)
        .await
        .map_err(|error| error.to_string())?;
    let label = format!("{} ({})", manifest.name, manifest.id());
    let whole = match shelf.locate(&manifest).await {
        Ok(location) => edition::verify(&location, &manifest.file_sha256, &manifest.content_hash)
            .map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match whole {
        Ok(()) => Ok(label),
        Err(error) => Err(format!("{label}: {error}")),
    }
}

/// Lists the recipes that ship, or shows one.
pub(crate) fn recipes(options: &Recipes) -> Result<ExitCode, Failure> {
    match &options.recipe {
        Some(name) => say(Recipe::find(name)?.text.trim_end()),
        None => {
            say("id\tindicators\ttitle_nl\ttitle_en");
            for recipe in Recipe::built_in()? {
                let (id, title) = (&recipe.id, &recipe.title);
                say(&format!(
                    "{id}\t{}\t{}\t{}",
                    recipe.indicators.len(),
                    title.nl,
                    title.en
                ));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a table by a recipe and reports what is in it. Nothing is published.
pub(crate) fn inspect(options: &Inspect) -> Result<ExitCode, Failure> {
    let recipe = Recipe::find(&options.recipe)?;
    let sizes = options.files.iter().map(|file| Ok(fs::metadata(file)?.len()));
    let bytes = sizes.sum::<io::Result<u64>>().unwrap_or(0); // a file that is not there is named when it is opened
    let progress = progress_of(bytes);
    let inputs = options.files.iter().map(|file| {
        let progress = progress.clone();
        Ok(TableInput::open(file)?.with_progress(move |read| progress.inc(read as u64)))
    });
    let inputs = inputs.collect::<Result<Vec<_>, Failure>>()?;
    let flags = ImportFlags {
        retrieved: options.retrieved.clone(),
        source_version: options.source_version.clone(),
    };
    let read = ImportUnit::from_inputs(&recipe, inputs, &flags);
    progress.finish_and_clear();
    let (_, report) = read?;
    say(report.to_string().trim_end());
    Ok(ExitCode::SUCCESS)
}

/// A bar over bytes on a terminal; nothing elsewhere.
fn progress_of(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {eta} left") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn directory(path: Option<PathBuf>) -> Result<PathBuf, Failure> {
    path.ok_or_else(|| "no data directory is known: name one with --data-dir".into())
}
