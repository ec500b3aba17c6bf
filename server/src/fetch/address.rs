//! Who may be asked, and for what.

use std::net::IpAddr;

use reqwest::Url;

use crate::import::odata::is_identifier;

/// The address of a table over CBS OData v4. Nothing outside it is ever asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableAddress {
    /// Without a slash at its end.
    url: Url,
}

/// An address that may not be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{address}` cannot be asked for a table: {what}")]
pub struct AddressError {
    address: String,
    what: String,
}

impl TableAddress {
    /// Reads an address such as `https://datasets.cbs.nl/odata/v1/CBS/83625NED`.
    ///
    /// # Errors
    /// [`AddressError`] when it is none, is not of a table, or what comes from it could be changed on the way: `http` is for the
    /// own machine only.
    pub fn parse(address: &str) -> Result<Self, AddressError> {
        let wrong = |what: &str| AddressError {
            address: address.to_owned(),
            what: what.to_owned(),
        };
        let url = Url::parse(address.trim_end_matches('/')).map_err(|error| wrong(&error.to_string()))?;
        match url.scheme() {
            "https" => {}
            "http" if is_own_machine(&url) => {}
            _ => return Err(wrong("write https://; http:// is for this machine only")),
        }
        if url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return Err(wrong("leave out what is not host and path"));
        }
        // It names a folder too.
        if !is_identifier(table_of(&url)) {
            return Err(wrong("it does not end with the id of a table, such as 83625NED"));
        }
        Ok(Self { url })
    }

    /// The same table at a mirror, whose address takes the place of scheme and host.
    ///
    /// # Errors
    /// As [`TableAddress::parse`].
    pub fn at_mirror(&self, mirror: &str) -> Result<Self, AddressError> {
        Self::parse(&format!("{}{}", mirror.trim_end_matches('/'), self.url.path()))
    }

    /// The id of the table.
    #[must_use]
    pub fn table(&self) -> &str {
        table_of(&self.url)
    }

    /// The address as a text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    pub(super) fn is_own_machine(&self) -> bool {
        is_own_machine(&self.url)
    }

    /// The address of a part of the table, with a filter if there is one.
    pub(super) fn part(&self, name: &str, filter: Option<&str>) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}/{name}", self.url.path()));
        if let Some(filter) = filter {
            // The signs that mean something in a query; the others are escaped below.
            let escaped = filter.replace('%', "%25").replace('&', "%26").replace('+', "%2B");
            url.set_query(Some(&format!("$filter={escaped}")));
        }
        url
    }

    /// The address of the page after this one, as the service names it.
    pub(super) fn next(&self, page: &Url, link: &str) -> Result<Url, String> {
        let shown: String = link.chars().take(200).flat_map(char::escape_debug).collect();
        let next = page
            .join(link)
            .map_err(|error| format!("the address of the next page, `{shown}`, is none: {error}"))?;
        let is_here = next.origin() == self.url.origin()
            && next.username().is_empty()
            && next.password().is_none()
            && next.path() == page.path();
        if is_here {
            return Ok(next);
        }
        Err(format!(
            "the next page is said to be at `{shown}`, and only {} is asked: report it to the service",
            self.url
        ))
    }
}

fn table_of(url: &Url) -> &str {
    url.path_segments()
        .and_then(|mut segments| segments.next_back())
        .unwrap_or_default()
}

fn is_own_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> TableAddress {
        TableAddress::parse("https://example.org/odata/v1/CBS/90001NED/").expect("an address")
    }

    #[test]
    fn only_https_or_the_own_machine_is_asked() {
        assert_eq!(table().table(), "90001NED");
        for address in [
            "http://127.0.0.1:8080/x/T1",
            "http://[::1]/T1",
            "http://localhost/T1",
        ] {
            assert!(TableAddress::parse(address).is_ok(), "{address}");
        }
        for address in [
            "http://example.org/T1",
            "http://127.0.0.1.example.org/T1",
            "file:///etc/T1",
            "https://example.org",
            "https://example.org/T%2F1",
            "https://example.org/..",
            "https://example.org/T1?x",
            "https://me@example.org/T1",
            "T1",
        ] {
            assert!(TableAddress::parse(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_mirror_takes_the_place_of_the_host() {
        let mirror = table().at_mirror("http://127.0.0.1:9/copy/").expect("an address");
        assert_eq!(mirror.as_str(), "http://127.0.0.1:9/copy/odata/v1/CBS/90001NED");
        assert!(table().at_mirror("http://example.org").is_err());
    }

    #[test]
    fn a_filter_is_escaped() {
        let url = table().part("Observations", Some("A eq 'x&y=1+2%#'"));
        assert_eq!(
            url.as_str(),
            "https://example.org/odata/v1/CBS/90001NED/Observations?$filter=A%20eq%20%27x%26y=1%2B2%25%23%27"
        );
    }

    #[test]
    fn the_next_page_is_of_the_same_table() {
        let table = table();
        let page = table.part("Observations", None);
        for link in [
            "?$skip=2",
            "Observations?$skip=2",
            "https://example.org/odata/v1/CBS/90001NED/Observations?$skip=2",
        ] {
            let next = table.next(&page, link).expect("the next page");
            assert_eq!(next.query(), Some("$skip=2"), "{link}");
        }
        for link in [
            "https://elsewhere.org/odata/v1/CBS/90001NED/Observations?$skip=2",
            "http://example.org/odata/v1/CBS/90001NED/Observations?$skip=2",
            "https://example.org:444/odata/v1/CBS/90001NED/Observations?$skip=2",
            "https://me@example.org/odata/v1/CBS/90001NED/Observations?$skip=2",
            "https://example.org/odata/v1/CBS/90002NED/Observations?$skip=2",
            "../90002NED/Observations",
            "//elsewhere.org/x",
            "https://[",
        ] {
            assert!(table.next(&page, link).is_err(), "{link}");
        }
    }
}
