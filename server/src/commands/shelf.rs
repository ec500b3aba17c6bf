//! What is on a shelf, which of it is current, and what need not stay.

use std::process::ExitCode;

use groeikern_server::edition::shelf::{Manifest, Retention, RollbackError, Shelf, ShelfError};

use super::{directory, say_published};
use crate::{
    Failure,
    config::{Editions, Retain, Rollback},
    say,
};

/// Lists every publication, the current one first.
pub(crate) async fn editions(options: Editions) -> Result<ExitCode, Failure> {
    let shelf = Shelf::in_existing_directory(directory(options.data.path())?)?;
    let current = shelf.current_sequence().await?;
    say("number\tid\tname\tbytes\tpublished\tstate");
    for manifest in shelf.manifests().await?.iter().rev() {
        let published = shelf.published_at(manifest.sequence).await?;
        let state = state(&shelf, manifest, current).await?;
        say(&format!(
            "{}\t{}\t{}\t{}\t{published}\t{state}",
            manifest.sequence,
            manifest.id(),
            manifest.name,
            manifest.bytes
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// What there is to say of a publication, in a few words.
async fn state(shelf: &Shelf, manifest: &Manifest, current: Option<u64>) -> Result<String, ShelfError> {
    let mut words = Vec::new();
    if current == Some(manifest.sequence) {
        words.push("current".to_owned());
    }
    if let Some(restored) = manifest.restores {
        words.push(format!("restores {restored}"));
    }
    match shelf.locate(manifest).await {
        Ok(_) => {}
        Err(ShelfError::Gone { .. }) => words.push("without its file".to_owned()),
        Err(error) => return Err(error),
    }
    if !manifest.is_of_this_version() {
        words.push("of another version".to_owned());
    }
    Ok(words.join(", "))
}

/// Makes an edition current that was published before.
pub(crate) async fn rollback(options: Rollback) -> Result<ExitCode, Failure> {
    let shelf = Shelf::in_directory(directory(options.data.path())?)?;
    let after = shelf.current_sequence().await?.unwrap_or(0);
    match shelf.republish(&options.edition, after).await {
        Ok(manifest) => say_published(&manifest),
        Err(already @ RollbackError::AlreadyCurrent { .. }) => {
            say(&format!("nothing was published: {already}"));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes editions away that need not stay.
pub(crate) async fn retain(options: Retain) -> Result<ExitCode, Failure> {
    let shelf = Shelf::in_existing_directory(directory(options.data.path())?)?;
    let retention = Retention {
        latest: options.keep,
        also: options.also,
        dry_run: options.dry_run,
    };
    let done = shelf.retain(&retention).await?;
    let removed = if retention.dry_run {
        "would remove"
    } else {
        "removed"
    };
    for manifest in &done.removed {
        let (sequence, name, id) = (manifest.sequence, &manifest.name, manifest.id());
        say(&format!("{removed}\tnumber {sequence}\t{name} ({id})"));
    }
    for file in &done.files {
        say(&format!("{removed}\t{} bytes\t{}", file.bytes, file.path));
    }
    for manifest in &done.kept {
        let (sequence, name, id) = (manifest.sequence, &manifest.name, manifest.id());
        say(&format!("keeps\tnumber {sequence}\t{name} ({id})"));
    }
    Ok(ExitCode::SUCCESS)
}
