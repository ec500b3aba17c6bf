//! The lists of a table: its measures, its dimensions and the codes of each.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::import::{
    FetchedFile,
    odata::{first_visible, is_identifier, read_page},
};

use super::{
    answer::not_json, client::shown, error::FetchError, filter::CodeList, pages::GOES_ROUND, table::Fetch,
};

#[derive(Deserialize)]
struct Identified {
    #[serde(rename = "Identifier")]
    identifier: String,
}

impl Fetch<'_> {
    /// Measures and dimensions with their codes, kept as files; the codes by the column that they stand in.
    pub(super) async fn codes(
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
        let mut identifiers = Vec::new();
        let mut bytes = Vec::new();
        let mut joined = JoinedList::default();
        loop {
            if !addresses.insert(url.to_string()) {
                return Err(FetchError::refused(url, GOES_ROUND));
            }
            let too_many = |most: usize, what: &str| {
                let message = format!(
                    "this list has more than {most} {what}: the service is not well; run it again later"
                );
                FetchError::refused(&url, message)
            };
            if addresses.len() > self.limits.pages {
                return Err(too_many(self.limits.pages, "pages"));
            }
            let left = self.limits.list_bytes.saturating_sub(joined.bytes.len() as u64);
            self.asker.get(&url, left, &mut bytes).await?;
            let most = self.limits.list_elements;
            let unfit = |error| not_json(&url, first_visible(&bytes), &error);
            let take = |element: Identified| identifiers.push(element.identifier);
            let end = read_page(bytes.as_slice(), most, take).map_err(unfit)?;
            if identifiers.len() > most {
                return Err(too_many(most, "elements"));
            }
            if end.next.is_some() || addresses.len() > 1 {
                joined.add(&bytes).map_err(unfit)?;
            }
            let Some(link) = end.next else { break };
            url = self
                .address
                .next(&url, &link)
                .map_err(|what| FetchError::refused(&url, what))?;
        }
        let whole = joined.whole().unwrap_or(bytes);
        Ok((identifiers, self.filling.keep(name, &whole)?))
    }
}

/// A list that comes in pages, as one.
#[derive(Default)]
struct JoinedList {
    /// Without its end.
    bytes: Vec<u8>,
}

impl JoinedList {
    fn add(&mut self, page: &[u8]) -> serde_json::Result<()> {
        let take = |element: Box<RawValue>| {
            let before: &[u8] = if self.bytes.is_empty() {
                b"{\"value\":["
            } else {
                b","
            };
            self.bytes.extend_from_slice(before);
            self.bytes.extend_from_slice(element.get().as_bytes());
        };
        read_page(page, usize::MAX, take).map(|_| ()) // they were counted
    }

    /// Nothing when no page was added that has an element.
    fn whole(mut self) -> Option<Vec<u8>> {
        if self.bytes.is_empty() {
            return None;
        }
        self.bytes.extend_from_slice(b"]}");
        Some(self.bytes)
    }
}

fn code_list(written: Vec<String>) -> CodeList {
    written
        .into_iter()
        .map(|code| (code.trim().to_owned(), code))
        .collect()
}
