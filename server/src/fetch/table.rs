//! A table, page by page, until all of it is there and is of one version.

use std::{
    collections::{BTreeMap, HashSet},
    io::Read,
    path::Path,
    time::Duration,
};

use reqwest::Url;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::import::{
    FetchedFile, FolderManifest,
    odata::{PageEnd, Properties, is_identifier, page_name, read_page},
};

use super::{
    address::TableAddress,
    client::{Asker, day_of, shown},
    error::FetchError,
    filter::{CodeList, Wanted, expressions},
    folder::{Filling, Page, State},
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
pub struct Fetched {
    /// What the folder holds.
    pub manifest: FolderManifest,
    /// Whether it stood there already.
    pub stood: bool,
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
    Ok(about(&mut asker, address).await?.properties.version)
}

/// Fetches what is wanted of a table into a folder, whose manifest says what it is. What an earlier run fetched of the same
/// version is not fetched again. Runs of two processes into one folder do not meet.
///
/// # Errors
/// [`FetchError`]; the folder is as it was.
pub async fn fetch_table(
    address: &TableAddress,
    wanted: &Wanted,
    folder: &Path,
    limits: &FetchLimits,
    tell: &(dyn Fn(FetchEvent<'_>) + Sync),
) -> Result<Fetched, FetchError> {
    let fetching = async {
        for attempt in 0..2 {
            let filling = Filling::begin(folder)?;
            let fetch = Fetch {
                asker: Asker::new(address, limits, tell)?,
                address,
                limits,
                tell,
                filling: &filling,
            };
            match fetch.whole(wanted).await {
                Ok(Some((manifest, stood))) => {
                    if stood {
                        filling.clear()?;
                    } else {
                        filling.put_in_place(&manifest)?;
                    }
                    return Ok(Fetched { manifest, stood });
                }
                Ok(None) => {
                    filling.clear()?;
                    if attempt == 0 {
                        tell(FetchEvent::Anew {
                            table: address.table(),
                        });
                    }
                }
                Err(error) => {
                    if !error.leaves_pages_good() {
                        filling.clear()?;
                    }
                    return Err(error);
                }
            }
        }
        Err(FetchError::Changing {
            url: address.as_str().to_owned(),
        })
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

async fn about(asker: &mut Asker<'_>, address: &TableAddress) -> Result<About, FetchError> {
    let url = address.part("Properties", None);
    let mut bytes = Vec::new();
    let headers = asker.get(&url, &mut bytes).await?;
    let properties: Properties = read_whole(&url, &bytes)?;
    if !properties.identifier.eq_ignore_ascii_case(address.table()) {
        let message = format!(
            "the answer is about the table `{}`",
            shown(&properties.identifier)
        );
        return Err(FetchError::refused(url, message));
    }
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
struct Fetch<'a> {
    asker: Asker<'a>,
    address: &'a TableAddress,
    limits: &'a FetchLimits,
    tell: &'a (dyn Fn(FetchEvent<'_>) + Sync),
    filling: &'a Filling,
}

/// An observation, as far as it matters here.
#[derive(Deserialize)]
struct Numbered {
    #[serde(rename = "Id")]
    id: u64,
}

#[derive(Deserialize)]
struct Identified {
    #[serde(rename = "Identifier")]
    identifier: String,
}

/// The observations that came so far.
#[derive(Default)]
struct Met {
    ids: HashSet<u64>,
    addresses: HashSet<String>,
}

impl Fetch<'_> {
    /// All of it, and whether it stood there already; nothing when the table changed on the way.
    async fn whole(mut self, wanted: &Wanted) -> Result<Option<(FolderManifest, bool)>, FetchError> {
        let before = about(&mut self.asker, self.address).await?;
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
        if let Some(standing) = self
            .filling
            .standing()
            .filter(|standing| is_same(standing, &manifest))
        {
            return Ok(Some((standing, true)));
        }
        let count = self.count(&before.properties, &filters).await?;
        let (pages, observations) = self.pages(state, count).await?;
        let after = about(&mut self.asker, self.address).await?;
        let facts = |about: &About| {
            (
                about.properties.version.clone(),
                about.properties.observations_modified.clone(),
            )
        };
        if facts(&after) != facts(&before) {
            return Ok(None);
        }
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

    fn refused(&self, what: String) -> FetchError {
        FetchError::refused(self.address.as_str(), what)
    }

    /// Measures and dimensions with their codes, kept as files; the codes by the column that they stand in.
    async fn codes(
        &mut self,
        files: &mut Vec<FetchedFile>,
    ) -> Result<BTreeMap<String, CodeList>, FetchError> {
        let mut codes = BTreeMap::new();
        let (dimensions, file) = self.list("Dimensions", "dimensions.json").await?;
        files.push(file);
        let (measures, file) = self.list("MeasureCodes", "measure-codes.json").await?;
        files.push(file);
        codes.insert("Measure".to_owned(), code_list(measures));
        for dimension in dimensions {
            if !is_identifier(&dimension) {
                let message = format!(
                    "`{}` cannot be a dimension: expected letters, digits and underscores",
                    shown(&dimension)
                );
                return Err(self.refused(message));
            }
            let name = format!("codes-{dimension}.json");
            let (found, file) = self.list(&format!("{dimension}Codes"), &name).await?;
            files.push(file);
            codes.insert(dimension, code_list(found));
        }
        Ok(codes)
    }

    /// The identifiers of a list, kept as one file also when it comes in pages.
    async fn list(&mut self, part: &str, name: &str) -> Result<(Vec<String>, FetchedFile), FetchError> {
        let mut url = self.address.part(part, None);
        let mut addresses = HashSet::new();
        let mut elements: Vec<Box<RawValue>> = Vec::new();
        let mut bytes = Vec::new();
        loop {
            if !addresses.insert(url.to_string()) {
                return Err(FetchError::refused(url, GOES_ROUND));
            }
            self.asker.get(&url, &mut bytes).await?;
            let read = read_page(bytes.as_slice(), |element| elements.push(element));
            let end = read.map_err(|error| not_json(&url, first_visible(&bytes), &error))?;
            match end.next {
                Some(link) => {
                    url = self
                        .address
                        .next(&url, &link)
                        .map_err(|what| FetchError::refused(&url, what))?
                }
                None if addresses.len() == 1 => break,
                None => {
                    let list = BTreeMap::from([("value", &elements)]);
                    bytes = serde_json::to_vec(&list).map_err(|error| self.refused(error.to_string()))?;
                    break;
                }
            }
        }
        let identifiers = elements.iter().map(|element| {
            let element: Identified = read_whole(&url, element.get().as_bytes())?;
            Ok(element.identifier)
        });
        let identifiers = identifiers.collect::<Result<_, FetchError>>()?;
        Ok((identifiers, self.filling.keep(name, &bytes)?))
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
            match self.asker.get(&url, &mut bytes).await {
                Ok(_) => {}
                // It counts no filtered ones; of a whole table the properties say how many there are.
                Err(FetchError::Status { .. }) if filter.is_some() => return Ok(None),
                Err(FetchError::Status { .. }) => return Ok(properties.observation_count),
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

    /// The pages of all filters, those that are there already not fetched again.
    async fn pages(
        &mut self,
        fresh: State,
        count: Option<u64>,
    ) -> Result<(Vec<FetchedFile>, u64), FetchError> {
        let mut met = Met::default();
        let mut state = self.resumed(fresh, &mut met)?;
        let first = self.address.part("Observations", None);
        loop {
            let (filter, url) = match state.pages.last() {
                None => (0, None),
                Some(Page {
                    filter,
                    next: Some(next),
                    ..
                }) => {
                    let next = self.address.next(&first, next);
                    (*filter, Some(next.map_err(|what| self.refused(what))?))
                }
                Some(last) => (last.filter + 1, None),
            };
            let Some(expression) = state.filters.get(filter) else {
                break;
            };
            let url = url.unwrap_or_else(|| self.address.part("Observations", expression.as_deref()));
            if state.pages.len() == self.limits.pages {
                return Err(self.refused(format!(
                    "it has more than {} pages: take a smaller part of it by [[table.filter]]",
                    self.limits.pages
                )));
            }
            let (file, next) = self.page(&url, state.pages.len() + 1, &mut met).await?;
            state.pages.push(Page {
                file,
                filter,
                next: next.map(String::from),
            });
            self.filling.keep_state(&state)?;
            let observations = met.ids.len() as u64;
            (self.tell)(FetchEvent::Page {
                table: self.address.table(),
                page: state.pages.len(),
                observations,
                of: count,
            });
            if let Some(count) = count.filter(|count| observations > *count) {
                return Err(self.refused(format!("{observations} observations arrived, and the service counts only {count}: it is not well; run it again later")));
            }
        }
        let files = state.pages.into_iter().map(|page| page.file).collect();
        Ok((files, met.ids.len() as u64))
    }

    /// Where an earlier run ended, if its pages are of the same table and are as they were.
    fn resumed(&self, fresh: State, met: &mut Met) -> Result<State, FetchError> {
        let Some(mut state) = self
            .filling
            .state()
            .filter(|state| state.is_of_the_same_table_as(&fresh))
        else {
            return Ok(fresh);
        };
        let mut whole = 0;
        for page in &state.pages {
            let Some(bytes) = self.filling.kept(&page.file) else {
                break;
            };
            let url = self.address.part("Observations", None);
            meet(bytes.as_slice(), met).map_err(|unfit| unfit.refusal(&url, first_visible(&bytes)))?;
            met.addresses.extend(page.next.clone());
            whole += 1;
        }
        state.pages.truncate(whole);
        // The page that comes next is not met yet.
        if let Some(next) = state.pages.last().and_then(|page| page.next.as_ref()) {
            met.addresses.remove(next);
        }
        Ok(state)
    }

    /// One page, and the address of the next.
    async fn page(
        &mut self,
        url: &Url,
        number: usize,
        met: &mut Met,
    ) -> Result<(FetchedFile, Option<Url>), FetchError> {
        if !met.addresses.insert(url.to_string()) {
            return Err(FetchError::refused(url, GOES_ROUND));
        }
        let mut file = self.filling.new_file(&format!("{}.json", page_name(number)))?;
        self.asker.get(url, &mut file).await?;
        let written = file.written()?;
        let end = meet(written, met).map_err(|unfit| unfit.refusal(url, file.begins_with))?;
        let next = match end.next {
            Some(link) => Some(
                self.address
                    .next(url, &link)
                    .map_err(|what| FetchError::refused(url, what))?,
            ),
            None => None,
        };
        Ok((self.filling.finish(file)?, next))
    }
}

const GOES_ROUND: &str =
    "the service names a page as the next that it gave already: it is not well; run it again later";

/// Whether a folder holds what would be fetched.
fn is_same(standing: &FolderManifest, wanted: &FolderManifest) -> bool {
    standing.source == wanted.source
        && standing.version == wanted.version
        && standing.observations_modified == wanted.observations_modified
        && standing.filters == wanted.filters
}

fn code_list(written: Vec<String>) -> CodeList {
    written
        .into_iter()
        .map(|code| (code.trim().to_owned(), code))
        .collect()
}

/// Why a page cannot be one of the table.
enum Unfit {
    Json(serde_json::Error),
    /// An observation with this Id came before.
    Twice(u64),
}

impl Unfit {
    fn refusal(self, url: &Url, begins_with: Option<u8>) -> FetchError {
        match self {
            Self::Json(error) => not_json(url, begins_with, &error),
            Self::Twice(id) => {
                let message = format!(
                    "the observation {id} arrived before: the service gave a page twice; run it again later"
                );
                FetchError::refused(url, message)
            }
        }
    }
}

/// Reads a page and remembers the observations on it.
fn meet(page: impl Read, met: &mut Met) -> Result<PageEnd, Unfit> {
    let mut twice = None;
    let end = read_page(page, |observation: Numbered| {
        if !met.ids.insert(observation.id) {
            twice = twice.or(Some(observation.id));
        }
    });
    match (end.map_err(Unfit::Json)?, twice) {
        (end, None) => Ok(end),
        (_, Some(id)) => Err(Unfit::Twice(id)),
    }
}

fn read_whole<T: DeserializeOwned>(url: &Url, bytes: &[u8]) -> Result<T, FetchError> {
    serde_json::from_slice(bytes).map_err(|error| not_json(url, first_visible(bytes), &error))
}

fn not_json(url: &Url, begins_with: Option<u8>, error: &serde_json::Error) -> FetchError {
    let what = if begins_with == Some(b'<') {
        "the service answered with HTML or XML, not JSON: it may be under repair, or a proxy stands between"
            .to_owned()
    } else {
        format!(
            "the answer is not the JSON that was expected ({}): run it again later",
            shown(&error.to_string())
        )
    };
    FetchError::refused(url, what)
}

fn first_visible(bytes: &[u8]) -> Option<u8> {
    bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}
