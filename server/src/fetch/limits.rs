//! How much a service may give, and how long it may take.

use std::time::Duration;

/// Beyond these a table is not fetched.
#[derive(Debug, Clone)]
pub struct FetchLimits {
    /// The longest that one request may take, its answer included.
    pub request: Duration,
    /// The longest that a table may take, waiting included.
    pub total: Duration,
    /// The largest answer, uncompressed, in bytes. The import reads no larger file.
    pub response_bytes: u64,
    /// The most that is taken of a table, uncompressed, in bytes.
    pub total_bytes: u64,
    /// The most pages of a table.
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
            response_bytes: 256 << 20,
            total_bytes: 4 << 30,
            pages: 1_000,
            attempts: 5,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(60),
            filter_nodes: 100,
        }
    }
}
