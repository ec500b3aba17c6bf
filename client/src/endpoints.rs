//! The servers a client may ask, whose turn it is, and which of them could not be reached lately.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, timeout},
};
use tonic::transport::{Channel, Endpoint as Dialer};

use crate::{
    error::{Error, root_cause},
    options::ConnectOptions,
};

/// The first time an endpoint is passed over after it could not be reached; doubles with every further failure.
const FIRST_REST: Duration = Duration::from_secs(1);
/// Doublings at most: 32 s.
const MOST_DOUBLINGS: u32 = 5;

/// A call that has been silent this long asks the server for a sign of life, so that a peer that vanished without a
/// word is found within the default deadline.
const SILENCE: Duration = Duration::from_secs(4);
/// The time to give that sign.
const SIGN_OF_LIFE: Duration = Duration::from_secs(3);

/// How an endpoint begins that is a Unix socket; its path follows.
const UNIX: &str = "unix:";

/// One server.
#[derive(Debug)]
pub(crate) struct Endpoint {
    /// As the caller wrote it.
    name: String,
    dialer: Dialer,
    channel: Channel,
    rest: Mutex<Rest>,
}

/// How long an endpoint that cannot be reached is passed over.
#[derive(Debug, Default)]
struct Rest {
    failures: u32,
    until: Option<Instant>,
}

impl Endpoint {
    fn new(name: String, connect_timeout: Duration) -> Result<Self, Error> {
        let dialer = dialer(&name)
            .map_err(|cause| Error::InvalidEndpoint {
                endpoint: name.clone(),
                cause,
            })?
            .connect_timeout(connect_timeout)
            .http2_keep_alive_interval(SILENCE)
            .keep_alive_timeout(SIGN_OF_LIFE);
        Ok(Self {
            name,
            channel: dialer.connect_lazy(),
            dialer,
            rest: Mutex::default(),
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// Ends a rest: the endpoint answered.
    pub(crate) fn answered(&self) {
        *self.rest() = Rest::default();
    }

    /// Begins or lengthens a rest: the endpoint could not be reached, or broke off.
    pub(crate) fn failed(&self) {
        let mut rest = self.rest();
        if rest.until.is_some_and(|until| Instant::now() < until) {
            // One outage, of which every call under way tells.
            return;
        }
        let length = FIRST_REST * 2_u32.pow(rest.failures.min(MOST_DOUBLINGS));
        rest.failures = rest.failures.saturating_add(1);
        rest.until = Some(Instant::now() + length);
    }

    fn rests(&self) -> bool {
        self.rest().until.is_some_and(|until| Instant::now() < until)
    }

    fn rest(&self) -> std::sync::MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads an endpoint as the caller wrote it, or says what is wrong with it.
fn dialer(name: &str) -> Result<Dialer, String> {
    let dialer = Dialer::from_shared(name.to_owned()).map_err(|error| root_cause(&error))?;
    if !name.starts_with(UNIX) {
        let uri = dialer.uri();
        match uri.scheme_str() {
            Some("http") => {}
            // tonic without TLS would speak plaintext to it.
            Some("https") => return Err("this client does not speak TLS".into()),
            _ => return Err("it has no scheme".into()),
        }
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err("it goes on after the port".into());
        }
    }
    dialer
        .user_agent(concat!("groeikern-client/", env!("CARGO_PKG_VERSION")))
        .map_err(|error| root_cause(&error))
}

/// All servers of a client.
#[derive(Debug)]
pub(crate) struct Endpoints {
    list: Vec<Endpoint>,
    /// Counts turns; the endpoint to begin with is this number modulo their count.
    turn: AtomicUsize,
}

impl Endpoints {
    /// Reads the endpoints without connecting to any. A call that has to connect first waits at most half its deadline for
    /// that, so that it learns of an endpoint that swallows everything, and has time left for another.
    pub(crate) fn new(options: &ConnectOptions) -> Result<Self, Error> {
        let list = options
            .endpoints
            .iter()
            .map(|name| Endpoint::new(name.clone(), options.connect_timeout.min(options.deadline / 2)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            list,
            turn: AtomicUsize::new(0),
        })
    }

    /// Connects to all at once and is content with the first that succeeds; the others connect when their turn comes.
    pub(crate) async fn connect(&mut self, patience: Duration) -> Result<(), Error> {
        let mut attempts = JoinSet::new();
        for (index, endpoint) in self.list.iter().enumerate() {
            let dialer = endpoint.dialer.clone();
            // The dialer's own timeout does not cover looking up the host's name.
            attempts.spawn(async move { (index, timeout(patience, dialer.connect()).await) });
        }
        let mut cause = String::new();
        while let Some(attempt) = attempts.join_next().await {
            let Ok((index, outcome)) = attempt else { continue };
            match outcome {
                Ok(Ok(channel)) => {
                    self.list[index].channel = channel;
                    self.turn = AtomicUsize::new(index);
                    return Ok(());
                }
                Ok(Err(error)) => cause = root_cause(&error),
                Err(_) => cause = format!("no connection within {patience:?}"),
            }
            self.list[index].failed();
        }
        Err(Error::Unreachable {
            endpoint: self.names(),
            cause,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn get(&self, index: usize) -> &Endpoint {
        &self.list[index]
    }

    /// The names of all, for messages.
    pub(crate) fn names(&self) -> String {
        let names: Vec<&str> = self.list.iter().map(Endpoint::name).collect();
        names.join(", ")
    }

    /// The endpoint to ask next, given how often this call has tried each: one that does not rest before one that
    /// does, then the least tried, then whose turn it is.
    pub(crate) fn pick(&self, tried: &[u32]) -> usize {
        let count = self.list.len();
        let first = self.turn.fetch_add(1, Ordering::Relaxed) % count;
        (0..count)
            .map(|step| (first + step) % count)
            .min_by_key(|&index| (self.list[index].rests(), tried[index]))
            .unwrap_or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_that_cannot_work_is_refused_with_the_reason() {
        for (name, cause) in [
            ("127.0.0.1:50051", "scheme"),
            ("https://example.nl:443", "TLS"),
            ("http://example.nl:50051/api", "after the port"),
            ("http://", ""),
            ("", ""),
        ] {
            let refused = dialer(name).unwrap_err();
            assert!(refused.contains(cause), "{name:?}: {refused}");
        }
        dialer("http://[::1]:50051").unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_fail_together_are_one_outage() {
        let options = ConnectOptions::new("http://a:1");
        let endpoints = Endpoints::new(&options).unwrap();
        let endpoint = endpoints.get(0);
        (0..6).for_each(|_| endpoint.failed());
        tokio::time::advance(FIRST_REST).await;
        assert!(!endpoint.rests());
        endpoint.failed();
        tokio::time::advance(FIRST_REST).await;
        assert!(endpoint.rests(), "the next outage rests longer");
    }

    #[tokio::test]
    async fn turns_pass_over_an_endpoint_that_rests() {
        let options = ConnectOptions::new("http://a:1")
            .endpoint("http://b:1")
            .endpoint("http://c:1");
        let endpoints = Endpoints::new(&options).unwrap();
        let three_turns = |tried: &[u32; 3]| {
            let mut turns = [0; 3].map(|_: u32| endpoints.pick(tried));
            turns.sort_unstable();
            turns
        };
        assert_eq!(three_turns(&[0; 3]), [0, 1, 2]);
        endpoints.get(1).failed();
        assert!(!three_turns(&[0; 3]).contains(&1));
        assert_eq!(three_turns(&[1, 0, 0]), [2, 2, 2]);
        endpoints.get(1).answered();
        assert_eq!(three_turns(&[1, 0, 1]), [1, 1, 1]);
    }
}
