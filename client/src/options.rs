//! Where to connect, and how patient and insistent to be.

use std::time::Duration;

/// The longest deadline a call can have.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How a [`Client`](crate::Client) connects and calls.
///
/// ```
/// use std::time::Duration;
/// use groeikern_client::{ConnectOptions, RetryBudget};
///
/// let options = ConnectOptions::new("http://10.0.0.1:50051")
///     .endpoint("http://10.0.0.2:50051")
///     .deadline(Duration::from_secs(3))
///     .retry_budget(RetryBudget::none());
/// ```
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    pub(crate) endpoints: Vec<String>,
    pub(crate) deadline: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) retry_budget: RetryBudget,
}

impl ConnectOptions {
    /// Connects to `endpoint`, written as `http://host:port`, or as `unix:/path` for a Unix socket.
    #[must_use]
    pub fn new(endpoint: impl Into<String>) -> Self {
        Self {
            endpoints: vec![endpoint.into()],
            deadline: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            retry_budget: RetryBudget::default(),
        }
    }

    /// Adds an endpoint that serves the same editions. Calls take turns over the endpoints; one that cannot be reached
    /// is passed over for a second, longer each time it fails again, up to half a minute.
    #[must_use]
    pub fn endpoint(mut self, another: impl Into<String>) -> Self {
        self.endpoints.push(another.into());
        self
    }

    /// The time one call may take, all retries and waits included; also sent to the server as `grpc-timeout`. Default
    /// 10 s, at most a day.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline.min(DAY);
        self
    }

    /// The time to set up one connection. Default 5 s, at most a day.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout.min(DAY);
        self
    }

    /// How often to try again.
    #[must_use]
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }
}

/// Bounds retries per call and over time, so that clients do not multiply the load of a server in trouble.
///
/// A client and its clones share one account of retries. It starts with `reserve` retries and never holds more (but
/// has room for one), every call adds `ratio` of a retry and every retry takes one. While it is empty, calls are tried
/// once. Turning to another endpoint because one cannot be reached is free: no server sees that call twice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryBudget {
    /// Tries per call, the first included; 0 counts as 1.
    pub attempts_per_call: u32,
    /// Retries allowed per call over time.
    pub ratio: f64,
    /// Retries allowed at once, before calls have earned any.
    pub reserve: u32,
}

impl RetryBudget {
    /// Tries every call once.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            attempts_per_call: 1,
            ratio: 0.0,
            reserve: 0,
        }
    }
}

impl Default for RetryBudget {
    /// Three tries per call, one retry per ten calls over time, ten at once.
    fn default() -> Self {
        Self {
            attempts_per_call: 3,
            ratio: 0.1,
            reserve: 10,
        }
    }
}
