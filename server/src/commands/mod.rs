//! What the program does beside serving: publish, verify, restore and clear editions, show recipes and the method, look into tables, and fetch them.

mod import;
mod progress;
mod shelf;
mod update;

use std::{path::PathBuf, process::ExitCode};

pub(crate) use import::{import, inspect};
pub(crate) use shelf::{editions, retain, rollback};
pub(crate) use update::update;

use groeikern_server::{
    edition::{
        self, EditionFile,
        shelf::{Manifest, Shelf, ShelfError},
        source::SourceFolder,
    },
    import::{NoLongerListed, PeriodFrom, Recipe},
    methodology::{self, Methodology},
    snapshot::Snapshot,
};

use crate::{
    Failure, INTEGRITY,
    config::{Publish, Recipes, Verify},
    say,
};

/// The folder within the data directory that keeps tables as they were fetched.
const SOURCES: &str = "sources";

/// Builds an edition from a folder and publishes it.
pub(crate) async fn publish(options: Publish) -> Result<ExitCode, Failure> {
    let shelf = Shelf::in_directory(directory(options.data.path())?)?;
    let after = shelf.current_sequence().await?.unwrap_or(0);
    let edition = edition::build(&SourceFolder::read(&options.folder)?.draft()?)?;
    say_published(&publish_checked(&edition, shelf.publish(&edition, after, None)).await?);
    Ok(ExitCode::SUCCESS)
}

/// Publishes an edition once it is known that servers can load it.
async fn publish_checked(
    edition: &EditionFile,
    publication: impl Future<Output = Result<Manifest, ShelfError>>,
) -> Result<Manifest, Failure> {
    Snapshot::check(edition)?;
    Ok(publication.await?)
}

fn say_published(manifest: &Manifest) {
    say(&format!(
        "published {} ({}) as number {}",
        manifest.name,
        manifest.id(),
        manifest.sequence
    ));
}

/// Warns of municipalities that imports list no longer.
fn say_fewer(found: &[NoLongerListed]) {
    for fewer in found {
        say(&format!("warning: {fewer}"));
    }
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
            say("id\tperiod\ttable\tindicators\tproxies\ttitle_nl\ttitle_en\tholds");
            for recipe in Recipe::built_in()? {
                let period = match &recipe.period {
                    PeriodFrom::Fixed(period) => period,
                    PeriodFrom::Column(column) => column,
                };
                let proxies = recipe
                    .indicators
                    .iter()
                    .filter(|indicator| indicator.proxy.is_some());
                say(&format!(
                    "{}\t{period}\t{}\t{}\t{}\t{}\t{}\t{}",
                    recipe.id,
                    recipe.table_id.as_deref().unwrap_or_default(),
                    recipe.indicators.len(),
                    proxies.count(),
                    recipe.title.nl,
                    recipe.title.en,
                    recipe.holds.word()
                ));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the method, with the rules of the built-in edition.
pub(crate) fn method() -> Result<ExitCode, Failure> {
    let edition = edition::built_in::built_in()?;
    let snapshot = Snapshot::open(Manifest::of(&edition, 0, None), &edition.location())?;
    let document = methodology::markdown(Methodology::built_in()?, &snapshot.knowledge);
    say(document.trim_end());
    Ok(ExitCode::SUCCESS)
}

fn directory(path: Option<PathBuf>) -> Result<PathBuf, Failure> {
    path.ok_or_else(|| "no data directory is known: name one with --data-dir".into())
}
