//! Bounds on what clients can ask of one server.

use std::time::Duration;

/// Bounds on what clients can ask of one server. The defaults suit one machine behind a balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Requests answered at the same time; more are told to come back.
    pub concurrent_requests: usize,
    /// Connections open at the same time; more are closed at once.
    pub connections: usize,
    /// Streams of one connection at the same time; HTTP/2 makes the client wait for more.
    pub streams_per_connection: u32,
    /// The longest a request may take, also when its client allows more.
    pub deadline: Duration,
    /// How long a new connection may stay silent.
    pub silence: Duration,
    /// How long requests may take to finish once the server has been told to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrent_requests: 512,
            connections: 4096,
            streams_per_connection: 256,
            deadline: Duration::from_secs(30),
            silence: Duration::from_secs(10),
            drain: Duration::from_secs(10),
        }
    }
}
