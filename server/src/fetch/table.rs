//! A table, page by page, until all of it is there and is of one version.

use std::{path::Path, time::Duration};

use crate::import::{FolderManifest, ImportError, odata::Properties, plain};

use super::{
    address::TableAddress,
    answer::read_whole,
    client::{Asker, day_of, shown},
    error::FetchError,
    filter::{Wanted, expressions},
    folder::{Filling, State},
    limits::FetchLimits,
};

/// What happens on the way, for those who wait.
#[derive(Debug, Clone, Copy)]
pub enum FetchEvent<'a> {
    /// A page arrived.
    Page {
        /// Id of the table.
        table: &'a str,
        /// Its number, counted from 1.
        page: usize,
        /// Observations so far.
        observations: u64,
        /// All there are, where the service counts them.
        of: Option<u64>,
    },
    /// A request failed and will be made again.
    Again {
        /// What was asked.
        url: &'a str,
        /// What came of it.
        cause: &'a str,
        /// How long is waited first.
        wait: Duration,
    },
    /// The table changed while it was fetched, and is fetched from the beginning once more.
    Anew {
        /// Id of the table.
        table: &'a str,
    },
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched<T> {
    /// What the folder holds.
    pub manifest: FolderManifest,
    /// Whether it stood there already.
    pub stood: bool,
    /// What was read in it.
    pub read: T,
}

/// The source's version of a table, now.
///
/// # Errors
/// [`FetchError`].
pub async fn current_version(
    address: &TableAddress,
    limits: &FetchLimits,
    tell: &(dyn Fn(FetchEvent<'_>) + Sync),
) -> Result<String, FetchError> {
    let mut asker = Asker::new(address, limits, tell)?;
    Ok(plain(&about(&mut asker, address, limits).await?.properties.version).into_owned())
}

/// Fetches what is wanted of a table into a folder, whose manifest says what it is. What an earlier run fetched of the same
/// version is not fetched again. Runs of two processes into one folder do not meet.
///
/// A folder takes the place of the one that stands only after `read` could read it, and one that stands and cannot be read is
/// fetched anew, once.
///
/// # Errors
/// [`FetchError`]; the folder is as it was.
pub async fn fetch_table<T>(
    address: &TableAddress,
    wanted: &Wanted,
    folder: &Path,
    limits: &FetchLimits,
    tell: &(dyn Fn(FetchEvent<'_>) + Sync),
    read: &(dyn Fn(&Path) -> Result<T, ImportError> + Sync),
) -> Result<Fetched<T>, FetchError> {
    let fetching = async {
        let (mut has_changed, mut may_stand) = (false, true);
        loop {
            let filling = Filling::begin(folder)?;
            let fetch = Fetch {
                asker: Asker::new(address, limits, tell)?,
                address,
                limits,
                tell,
                filling: &filling,
                may_stand,
            };
            match fetch.whole(wanted).await {
                Ok(Some((manifest, true))) => {
                    filling.clear()?;
                    match read(filling.folder()) {
                        Ok(read) => {
                            return Ok(Fetched {
                                manifest,
                                stood: true,
                                read,
                            });
                        }
                        Err(error) => tracing::warn!(
                            folder = %folder.display(), %error, "what stands there cannot be imported: fetching it anew"
                        ),
                    }
                    may_stand = false;
                }
                Ok(Some((manifest, false))) => match read(filling.complete(&manifest)?) {
                    Ok(read) => {
                        filling.put_in_place()?;
                        return Ok(Fetched {
                            manifest,
                            stood: false,
                            read,
                        });
                    }
                    Err(cause) => {
                        filling.clear()?;
                        return Err(FetchError::Unreadable {
                            folder: folder.to_path_buf(),
                            cause,
                        });
                    }
                },
                Ok(None) => {
                    filling.clear()?;
                    if has_changed {
                        return Err(FetchError::Changing {
                            url: address.as_str().to_owned(),
                        });
                    }
                    has_changed = true;
                    tell(FetchEvent::Anew {
                        table: address.table(),
                    });
                }
                Err(error) => {
                    if !error.leaves_pages_good() {
                        filling.clear()?;
                    }
                    return Err(error);
                }
            }
        }
    };
    let too_long = |_| FetchError::TooLong {
        url: address.as_str().to_owned(),
        limit: limits.total,
    };
    tokio::time::timeout(limits.total, fetching)
        .await
        .map_err(too_long)?
}

/// The properties of a table, as they arrived.
struct About {
    properties: Properties,
    bytes: Vec<u8>,
    /// The day by the clock of the service.
    day: String,
}

async fn about(
    asker: &mut Asker<'_>,
    address: &TableAddress,
    limits: &FetchLimits,
) -> Result<About, FetchError> {
    let url = address.part("Properties", None);
    let mut bytes = Vec::new();
    let headers = asker.get(&url, limits.properties_bytes, &mut bytes).await?;
    let properties: Properties = read_whole(&url, &bytes)?;
    if !properties.identifier.eq_ignore_ascii_case(address.table()) {
        let message = format!(
            "the answer is about the table `{}`",
            shown(&properties.identifier)
        );
        return Err(FetchError::refused(url, message));
    }
    properties
        .check()
        .map_err(|message| FetchError::refused(&url, message))?;
    let day = day_of(&headers).ok_or_else(|| {
        FetchError::refused(
            &url,
            "the answer has no date (Date header): the day of retrieval is that of the service",
        )
    })?;
    Ok(About {
        properties,
        bytes,
        day,
    })
}

/// One attempt at a table.
pub(super) struct Fetch<'a> {
    pub(super) asker: Asker<'a>,
    pub(super) address: &'a TableAddress,
    pub(super) limits: &'a FetchLimits,
    pub(super) tell: &'a (dyn Fn(FetchEvent<'_>) + Sync),
    pub(super) filling: &'a Filling,
    /// Whether the folder that stands may be what is wanted.
    may_stand: bool,
}

impl Fetch<'_> {
    /// All of it, and whether it stood there already; nothing when the table changed on the way.
    async fn whole(mut self, wanted: &Wanted) -> Result<Option<(FolderManifest, bool)>, FetchError> {
        let before = about(&mut self.asker, self.address, self.limits).await?;
        let mut files = vec![self.filling.keep("properties.json", &before.bytes)?];
        let codes = self.codes(&mut files).await?;
        let filters = expressions(wanted, &codes, self.limits.filter_nodes)
            .map_err(|what| FetchError::refused(self.address.as_str(), what))?;
        let state = State {
            source: self.address.as_str().to_owned(),
            version: before.properties.version.clone(),
            observations_modified: before
                .properties
                .observations_modified
                .clone()
                .unwrap_or_default(),
            filters: filters.clone(),
            pages: Vec::new(),
        };
        let manifest = FolderManifest {
            source: state.source.clone(),
            version: state.version.clone(),
            observations_modified: state.observations_modified.clone(),
            retrieved: before.day.clone(),
            filters: filters.iter().flatten().cloned().collect(),
            observations: 0,
            files: Vec::new(),
        };
        if self.may_stand
            && let Some(standing) = self.filling.standing()
            && is_same(&standing, &manifest)
        {
            return Ok(Some((standing, true)));
        }
        let count = self.count(&before.properties, &filters).await?;
        self.check_observations(count.unwrap_or(0))?;
        let fetched = self.pages(state, count).await;
        let fetched = match fetched {
            Err(error) if error.leaves_pages_good() => return Err(error),
            other => other,
        };
        // What looks like a lie may be a table that changed on the way.
        let after = about(&mut self.asker, self.address, self.limits).await?;
        let facts = |about: &About| {
            (
                about.properties.version.clone(),
                about.properties.observations_modified.clone(),
            )
        };
        if facts(&after) != facts(&before) {
            return Ok(None);
        }
        let (pages, observations) = fetched?;
        if let Some(count) = count.filter(|count| *count != observations) {
            return Err(self.refused(format!(
                "{observations} observations arrived, and the service counts {count}: it is not well; run it again later"
            )));
        }
        files.extend(pages);
        let manifest = FolderManifest {
            observations,
            files,
            ..manifest
        };
        Ok(Some((manifest, false)))
    }

    pub(super) fn refused(&self, what: String) -> FetchError {
        FetchError::refused(self.address.as_str(), what)
    }

    /// How many observations the service counts itself, if it counts what is asked for.
    async fn count(
        &mut self,
        properties: &Properties,
        filters: &[Option<String>],
    ) -> Result<Option<u64>, FetchError> {
        let mut total: u64 = 0;
        for filter in filters {
            let url = self.address.part("Observations/$count", filter.as_deref());
            let mut bytes = Vec::new();
            match self.asker.get(&url, self.limits.count_bytes, &mut bytes).await {
                Ok(_) => {}
                // It counts no filtered ones; of a whole table the properties say how many there are.
                Err(FetchError::Status { .. }) => {
                    let count = properties.observation_count.filter(|_| filter.is_none());
                    if count.is_none() {
                        tracing::warn!(
                            table = self.address.table(),
                            "could not count the observations; completeness rests on the pages alone"
                        );
                    }
                    return Ok(count);
                }
                Err(error) => return Err(error),
            }
            let text = String::from_utf8_lossy(&bytes);
            let number = text.trim_start_matches('\u{feff}').trim();
            let count: u64 = number.parse().map_err(|_| {
                FetchError::refused(&url, format!("expected a number, found `{}`", shown(number)))
            })?;
            total = total.saturating_add(count);
        }
        Ok(Some(total))
    }
}

/// Whether a folder holds what would be fetched.
fn is_same(standing: &FolderManifest, wanted: &FolderManifest) -> bool {
    standing.source == wanted.source
        && standing.version == wanted.version
        && standing.observations_modified == wanted.observations_modified
        && standing.filters == wanted.filters
}
