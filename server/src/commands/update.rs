//! The tables of recipes with an address over OData, as their sources have them now, in the next edition.

use std::{error::Error, fmt, path::Path, process::ExitCode};

use groeikern_server::{
    edition::shelf::Shelf,
    fetch::{FetchEvent, FetchLimits, TableAddress, Wanted, current_version, fetch_table},
    import::{HeldVersions, ImportChange, ImportFlags, ImportReport, ImportUnit, NextEdition, Recipe},
};

use super::{
    SOURCES, directory,
    progress::{FetchProgress, Progress},
    publish_checked, say_fewer, say_published,
};
use crate::{Failure, config::Update, say};

/// Fetches what is newer at its source than in the current edition, and publishes the edition that has all of it.
pub(crate) async fn update(options: Update) -> Result<ExitCode, Failure> {
    let data = directory(options.data.path())?;
    let shelf = Shelf::in_directory(data.clone())?;
    let limits = FetchLimits::default();
    let held = HeldVersions::of_current(&shelf).await?;
    let mut failed = Failed::default();
    let mut newer = Vec::new();
    for recipe in recipes(&options.recipes)? {
        match Newer::look(recipe, &options, &held, &limits).await {
            Ok(found) => newer.extend(found),
            Err((recipe, error)) => failed.add(&recipe, &error),
        }
    }
    if options.dry_run {
        newer
            .iter()
            .for_each(|table| say(&format!("would fetch {table}")));
        failed.into_result()?;
        if newer.is_empty() {
            say(ALL_HELD);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut units = Vec::new();
    for table in &newer {
        match table.fetch(&data.join(SOURCES), &limits).await {
            Ok((unit, report)) => {
                say(report.to_string().trim_end());
                units.push((table.recipe.clone(), unit));
            }
            Err(error) => failed.add(&table.recipe, &error),
        }
    }
    failed.into_result()?;
    if newer.is_empty() {
        say(ALL_HELD);
        return Ok(ExitCode::SUCCESS);
    }
    tracing::info!("building the edition");
    let change = ImportChange {
        units,
        // A period that the source no longer has goes with the others.
        without: newer
            .iter()
            .filter(|table| table.is_held())
            .map(|table| table.recipe.id.clone())
            .collect(),
        name: None,
    };
    let next = NextEdition::make(&shelf, change).await?;
    if next.is_current {
        newer.iter().for_each(|table| say(&format!("holds {table}")));
        say("nothing was published: the current edition says all of it already");
        return Ok(ExitCode::SUCCESS);
    }
    let manifest = publish_checked(&next.file, next.publish(&shelf)).await?;
    newer.iter().for_each(|table| say(&format!("holds {table}")));
    say_earlier(&next);
    say_published(&manifest);
    Ok(ExitCode::SUCCESS)
}

/// What became of the earlier imports by the recipes: all were left out before the new ones were put in.
fn say_earlier(next: &NextEdition) {
    let is_held = |recipe: &str, period: &str| {
        let mut held = next.file.origin.import_units.iter();
        held.any(|unit| unit.recipe == recipe && unit.period == period)
    };
    for (recipe, period) in next.replaced.iter().chain(&next.left_out) {
        say(&if is_held(recipe, period) {
            format!("replaced {recipe}, period {period}")
        } else {
            format!(
                "no longer holds {recipe}, period {period}: its source does not give it, or the recipe does not read it"
            )
        });
    }
    say_fewer(&next.no_longer_listed);
}

const ALL_HELD: &str =
    "nothing to do: the current edition holds every table in the version that its source has";

/// The recipes that are named, or all that ship; of those, the ones with an address.
fn recipes(named: &[String]) -> Result<Vec<Recipe>, Failure> {
    if named.is_empty() {
        let mut all = Recipe::built_in()?;
        all.retain(|recipe| recipe.source.odata.is_some());
        return Ok(all);
    }
    named
        .iter()
        .map(|name| {
            let recipe = Recipe::find(name)?;
            if recipe.source.odata.is_some() {
                return Ok(recipe);
            }
            let message = format!(
                "{}: says no address over OData: write it as `odata` in [source], or import its table with `groeikern-server import`",
                recipe.file
            );
            Err(message.into())
        })
        .collect()
}

/// A table that its source has in another version than the edition.
struct Newer {
    recipe: Recipe,
    address: TableAddress,
    /// At the source.
    version: String,
    /// In the edition; none of a table that is new to it.
    held: Vec<String>,
}

impl Newer {
    /// Asks the source; nothing when the edition has its version.
    async fn look(
        recipe: Recipe,
        options: &Update,
        held: &HeldVersions,
        limits: &FetchLimits,
    ) -> Result<Option<Self>, (Recipe, Failure)> {
        let asked = async {
            let address = TableAddress::parse(recipe.source.odata.as_deref().unwrap_or_default())?;
            let address = match &options.base_url {
                Some(mirror) => address.at_mirror(mirror)?,
                None => address,
            };
            let progress = FetchProgress::begin();
            let version = current_version(&address, limits, &|event| progress.tell(event)).await;
            progress.finish();
            Ok::<_, Failure>((address, version?))
        };
        let (address, version) = match asked.await {
            Ok(found) => found,
            Err(error) => return Err((recipe, error)),
        };
        if held.is_all_of(&recipe, &version) {
            tracing::info!(recipe = recipe.id, version, "the current edition holds it");
            return Ok(None);
        }
        Ok(Some(Self {
            held: held
                .of_recipe(&recipe.id)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            recipe,
            address,
            version,
        }))
    }

    fn is_held(&self) -> bool {
        !self.held.is_empty()
    }

    /// Fetches the table into a folder of its own, and reads it before it stands there.
    async fn fetch(
        &self,
        sources: &Path,
        limits: &FetchLimits,
    ) -> Result<(ImportUnit, ImportReport), Failure> {
        let folder = sources.join(&self.recipe.id).join(self.address.table());
        if let Some(parent) = folder.parent() {
            std::fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
        }
        let wanted = Wanted::of_recipe(&self.recipe);
        let fetching = FetchProgress::begin();
        let tell = |event: FetchEvent<'_>| fetching.tell(event);
        let read = |folder: &Path| {
            fetching.finish();
            let files = [folder.to_path_buf()];
            let reading = Progress::through(&files);
            let read = super::import::read(&self.recipe, &files, &ImportFlags::default(), &reading);
            reading.finish();
            read
        };
        let fetched = fetch_table(&self.address, &wanted, &folder, limits, &tell, &read).await;
        fetching.finish();
        let (unit, mut report) = fetched?.read;
        report.files = vec![folder.display().to_string()]; // it was read before it stood there
        Ok((unit, report))
    }
}

impl fmt::Display for Newer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: version {}", self.recipe.id, self.version)?;
        match self.held.as_slice() {
            [] => f.write_str(", which was not imported before"),
            [held] if *held == self.version => f.write_str(", by a recipe that has changed"),
            held => write!(f, " in place of {}", held.join(", ")),
        }
    }
}

/// Tables that could not be asked for, fetched or read.
#[derive(Debug, Default)]
struct Failed(Vec<String>);

impl Failed {
    fn add(&mut self, recipe: &Recipe, error: &Failure) {
        self.0.push(format!("{}: {error}", recipe.id));
    }

    /// Nothing, when nothing failed.
    fn into_result(self) -> Result<(), Failure> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.into())
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|failed| writeln!(f, "{failed}"))?;
        f.write_str("nothing was published; --recipe NAME leaves other tables alone")
    }
}

impl Error for Failed {}
