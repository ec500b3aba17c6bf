//! How much a service may give, and how long it may take.

use std::time::Duration;

/// Beyond these a table is not fetched.
#[derive(Debug, Clone)]
pub struct FetchLimits {
    /// The longest that one request may take, its answer included.
    pub request: Duration,
    /// The longest that a table may take, waiting included.
    pub total: Duration,
    /// The largest page of observations, uncompressed, in bytes. The import reads no larger file.
    pub page_bytes: u64,
    /// The most observations on a page. A page of CBS has 100,000.
    pub page_observations: usize,
    /// The largest list of measures, dimensions or codes, uncompressed, in bytes, with all its pages.
    pub list_bytes: u64,
    /// The most elements of such a list. The largest of CBS, the postal codes, has some 500,000.
    pub list_elements: usize,
    /// The largest properties of a table, uncompressed, in bytes.
    pub properties_bytes: u64,
    /// The largest count of observations, in bytes.
    pub count_bytes: u64,
    /// The most that is taken of a table, uncompressed, in bytes.
    pub total_bytes: u64,
    /// The most observations of a table: the Id of each is remembered.
    pub observations: u64,
    /// The most pages of the observations, and of a list.
    pub pages: usize,
    /// How often a request is made before it is given up.
    pub attempts: u32,
    /// The longest wait before the second attempt; it doubles with every further one.
    pub first_wait: Duration,
    /// The longest wait of all, also when the service asks for more.
    pub longest_wait: Duration,
    /// The most nodes of a filter expression.
    pub filter_nodes: usize,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(120),
            total: Duration::from_secs(3_600),
            page_bytes: 256 << 20,
            page_observations: 1_000_000,
            list_bytes: 64 << 20,
            list_elements: 1_000_000,
            properties_bytes: 4 << 20,
            count_bytes: 1 << 10,
            total_bytes: 4 << 30,
            observations: 50_000_000,
            pages: 1_000,
            attempts: 5,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(60),
            filter_nodes: 100,
        }
    }
}
