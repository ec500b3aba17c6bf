//! The observations of a table, page by page, each once.

use std::{collections::HashSet, io::Read};

use reqwest::Url;
use serde::Deserialize;

use crate::import::{
    FetchedFile,
    odata::{PageEnd, first_visible, page_name, read_page},
};

use super::{
    answer::not_json,
    client::TAKE_LESS,
    error::FetchError,
    folder::{Page, State},
    table::{Fetch, FetchEvent},
};

/// Why the next page cannot be asked for.
pub(super) const GOES_ROUND: &str =
    "the service names a page as the next that it gave already: it is not well; run it again later";

/// An observation, as far as it matters here.
#[derive(Deserialize)]
struct Numbered {
    #[serde(rename = "Id")]
    id: u64,
}

/// The observations that came so far.
#[derive(Default)]
struct Met {
    ids: HashSet<u64>,
    addresses: HashSet<String>,
}

impl Fetch<'_> {
    /// The pages of all filters, those that are there already not fetched again, and how many observations they have.
    pub(super) async fn pages(
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
                    "it has more than {} pages: {TAKE_LESS}",
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
            self.check_observations(observations)?;
            (self.tell)(FetchEvent::Page {
                table: self.address.table(),
                page: state.pages.len(),
                observations,
                of: count,
            });
            if count.is_some_and(|count| observations > count) {
                break; // nothing that follows makes it right
            }
        }
        let files = state.pages.into_iter().map(|page| page.file).collect();
        Ok((files, met.ids.len() as u64))
    }

    /// There are no more observations than can be remembered.
    pub(super) fn check_observations(&self, observations: u64) -> Result<(), FetchError> {
        let most = self.limits.observations;
        if observations <= most {
            return Ok(());
        }
        Err(self.refused(format!("it has more than {most} observations: {TAKE_LESS}")))
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
            let most = self.limits.page_observations;
            meet(bytes.as_slice(), most, met).map_err(|unfit| unfit.refusal(&url, first_visible(&bytes)))?;
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
        self.asker.get(url, self.limits.page_bytes, &mut file).await?;
        let written = file.written()?;
        let most = self.limits.page_observations;
        let end = meet(written, most, met).map_err(|unfit| unfit.refusal(url, file.begins_with))?;
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

/// Reads a page of at most so many observations, and remembers them.
fn meet(page: impl Read, most: usize, met: &mut Met) -> Result<PageEnd, Unfit> {
    let mut twice = None;
    let end = read_page(page, most, |observation: Numbered| {
        if !met.ids.insert(observation.id) {
            twice = twice.or(Some(observation.id));
        }
    });
    match (end.map_err(Unfit::Json)?, twice) {
        (end, None) => Ok(end),
        (_, Some(id)) => Err(Unfit::Twice(id)),
    }
}
