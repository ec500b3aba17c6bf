//! Bounds on what clients can ask of one server.

use std::time::Duration;

/// Bounds on what clients can ask of one server. The defaults suit one machine behind a balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Requests answered at the same time; more are told to come back.
    pub concurrent_requests: usize,
    /// Connections open at the same time; more are closed at once. The default fits within the 1024 open files that most systems
    /// allow a process.
    pub connections: usize,
    /// Streams of one connection at the same time; HTTP/2 makes the client wait for more.
    pub streams_per_connection: u32,
    /// Streams that watch for new editions at the same time; more are told to come back. They take no place of other requests.
    pub watches: usize,
    /// The longest a request may take, also when its client allows more.
    pub deadline: Duration,
    /// How long a new connection may take to say that it speaks HTTP/2.
    pub silence: Duration,
    /// How long a connection lasts. Then its client is told to make a new one, and what is still under way after another
    /// [`deadline`](Self::deadline) is cut: one that never reads its answers cannot keep them here.
    pub connection_age: Duration,
    /// How long requests may take to finish once the server has been told to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrent_requests: 512,
            connections: 768,
            streams_per_connection: 128,
            watches: 256,
            deadline: Duration::from_secs(30),
            silence: Duration::from_secs(10),
            connection_age: Duration::from_secs(300),
            drain: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// Bounds for the few who change what is served: uploads and builds take minutes, and much memory.
    #[must_use]
    pub fn of_administration() -> Self {
        let deadline = Duration::from_secs(900);
        Self {
            concurrent_requests: 8,
            connections: 32,
            streams_per_connection: 8,
            deadline,
            connection_age: deadline,
            ..Self::default()
        }
    }
}
