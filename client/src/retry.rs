//! One call: its tries, the waits between them, and what bounds both.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep, timeout_at};
use tonic::{Code, Response, Status, transport::Channel};

use crate::{
    endpoints::{Endpoint, Endpoints},
    error::{Error, Origin, cause, origin},
    options::{ConnectOptions, RetryBudget},
};

/// The longest wait before the first retry; doubles with every further one.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// The longest wait before any retry that the server did not ask to put off.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// Server and client keep the same deadline by different clocks: an answer that the time is up and that comes this
/// close to our own deadline is about our deadline, not about a limit of the server.
const CLOCK_SLACK: Duration = Duration::from_millis(20);

/// What all calls of a client and its clones share.
#[derive(Debug)]
pub(crate) struct Shared {
    endpoints: Endpoints,
    deadline: Duration,
    budget: RetryBudget,
    account: Account,
}

impl Shared {
    pub(crate) fn new(endpoints: Endpoints, options: &ConnectOptions) -> Self {
        Self {
            endpoints,
            deadline: options.deadline,
            budget: options.retry_budget,
            account: Account::new(options.retry_budget),
        }
    }
}

impl Shared {
    /// When a call that begins now has to be at its end.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.deadline
    }

    /// The error of an answer that did not come to its end in time.
    pub(crate) fn out_of_time(&self) -> Error {
        Error::DeadlineExceeded {
            deadline: self.deadline,
            last: None,
        }
    }

    /// The error of an answer that broke off after it had begun.
    pub(crate) fn broken_off(&self, status: &Status) -> Error {
        match origin(status) {
            Origin::OwnTimer => self.out_of_time(),
            Origin::NotConnected | Origin::ConnectionBroken => Error::ConnectionLost {
                endpoint: self.endpoints.names(),
                cause: cause(status),
            },
            Origin::Server => Error::Answer(Box::new(status.into())),
        }
    }
}

/// Sends a request until there is an answer, an error that is final, or no time or budget left. `send` gets the
/// connection to use and the time that is left.
pub(crate) async fn call<Answer, Sent>(
    shared: &Shared,
    send: impl Fn(Channel, Duration) -> Sent,
) -> Result<Answer, Error>
where
    Sent: Future<Output = Result<Response<Answer>, Status>>,
{
    let mut call = Call::begin(shared);
    loop {
        let endpoint = call.endpoint();
        let sent = send(endpoint.channel(), call.time_left());
        let error = match timeout_at(call.deadline, sent).await {
            Ok(Ok(answer)) => {
                endpoint.answered();
                return Ok(answer.into_inner());
            }
            Ok(Err(status)) => call.failure(endpoint, &status),
            Err(_) => call.out_of_time(),
        };
        call.prepare_retry(error).await?;
    }
}

/// The course of one call.
struct Call<'a> {
    shared: &'a Shared,
    deadline: Instant,
    /// Tries so far, without those that only found out that an endpoint cannot be reached while another could.
    tries: u32,
    /// Tries per endpoint.
    tried: Vec<u32>,
    /// The endpoint of the present try.
    current: usize,
    /// What the try before this one ran into.
    last: Option<Box<Error>>,
}

impl<'a> Call<'a> {
    fn begin(shared: &'a Shared) -> Self {
        shared.account.earn();
        let mut tried = vec![0; shared.endpoints.len()];
        let current = shared.endpoints.pick(&tried);
        tried[current] = 1;
        Self {
            shared,
            deadline: Instant::now() + shared.deadline,
            tries: 1,
            tried,
            current,
            last: None,
        }
    }

    fn endpoint(&self) -> &'a Endpoint {
        self.shared.endpoints.get(self.current)
    }

    fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    fn out_of_time(&mut self) -> Error {
        Error::DeadlineExceeded {
            deadline: self.shared.deadline,
            last: self.last.take(),
        }
    }

    /// The error a status stands for; keeps account of endpoints that fail.
    fn failure(&mut self, endpoint: &Endpoint, status: &Status) -> Error {
        match origin(status) {
            Origin::OwnTimer => self.out_of_time(),
            Origin::NotConnected => {
                endpoint.failed();
                Error::Unreachable {
                    endpoint: self.shared.endpoints.names(),
                    cause: cause(status),
                }
            }
            Origin::ConnectionBroken => {
                endpoint.failed();
                Error::ConnectionLost {
                    endpoint: endpoint.name().to_owned(),
                    cause: cause(status),
                }
            }
            Origin::Server => {
                endpoint.answered();
                let time_is_up = matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled);
                if time_is_up && self.time_left() < CLOCK_SLACK {
                    return self.out_of_time();
                }
                Error::Answer(Box::new(status.into()))
            }
        }
    }

    /// Waits until the next try may be made, or gives the error back: it is final, or there is no budget or no time
    /// for another try.
    async fn prepare_retry(&mut self, error: Error) -> Result<(), Error> {
        let Some(asked_for) = retry_delay(&error) else {
            return Err(error);
        };
        let next = self.shared.endpoints.pick(&self.tried);
        // Nothing was sent: asking an endpoint that this call has not tried is not a retry.
        let first_there = matches!(error, Error::Unreachable { .. }) && self.tried[next] == 0;
        if !first_there {
            let wait = asked_for.saturating_add(backoff(self.tries - 1));
            if self.tries >= self.shared.budget.attempts_per_call
                || wait >= self.time_left()
                || !self.shared.account.spend()
            {
                return Err(error);
            }
            tracing::debug!(%error, ?wait, "trying again");
            sleep(wait).await;
            self.tries += 1;
        }
        self.tried[next] += 1;
        self.current = next;
        self.last = Some(Box::new(error));
        Ok(())
    }
}

/// How long a server asks to wait before a retry, zero when it does not say; nothing when the error is final.
pub(crate) fn retry_delay(error: &Error) -> Option<Duration> {
    match error {
        Error::Unreachable { .. } | Error::ConnectionLost { .. } => Some(Duration::ZERO),
        Error::Answer(answer) => match answer.code {
            Code::Unavailable => Some(answer.retry_after.unwrap_or_default()),
            Code::ResourceExhausted => answer.retry_after,
            _ => None,
        },
        _ => None,
    }
}

/// Full jitter: anything between no wait and the longest for this retry, so that calls that failed together do not
/// come back together. Also added to a delay the server asks for, which is the same for all.
fn backoff(retries_before: u32) -> Duration {
    let longest = FIRST_WAIT
        .saturating_mul(2_u32.saturating_pow(retries_before))
        .min(LONGEST_WAIT);
    // A fresh RandomState has fresh keys: hashing nothing with them gives a random number without a further crate.
    let random = u32::try_from(RandomState::new().build_hasher().finish() >> 32).unwrap_or(u32::MAX);
    longest.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// The retries a client may still make, see [`RetryBudget`].
#[derive(Debug)]
struct Account {
    balance: Mutex<f64>,
    ratio: f64,
    most: f64,
}

impl Account {
    fn new(budget: RetryBudget) -> Self {
        Self {
            balance: Mutex::new(f64::from(budget.reserve)),
            ratio: budget.ratio.max(0.0), // also makes zero of NaN
            most: f64::from(budget.reserve.max(1)),
        }
    }

    /// A call begins.
    fn earn(&self) {
        let mut balance = self.balance.lock().unwrap_or_else(PoisonError::into_inner);
        *balance = (*balance + self.ratio).min(self.most);
    }

    /// Takes a retry, if there is one.
    fn spend(&self) -> bool {
        let mut balance = self.balance.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = *balance >= 1.0;
        if enough {
            *balance -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_random_and_bounded() {
        for (retries_before, longest) in [(0, 50), (1, 100), (4, 800), (5, 1000), (u32::MAX, 1000)] {
            let waits: Vec<Duration> = (0..100).map(|_| backoff(retries_before)).collect();
            assert!(waits.iter().all(|wait| *wait <= Duration::from_millis(longest)));
            assert!(waits.iter().any(|wait| *wait != waits[0]));
        }
    }

    #[test]
    fn retries_are_earned_and_the_account_has_a_top() {
        let account = Account::new(RetryBudget {
            attempts_per_call: 3,
            ratio: 0.25,
            reserve: 2,
        });
        account.earn();
        assert_eq!([(); 3].map(|()| account.spend()), [true, true, false]);
        for _ in 0..4 {
            account.earn();
        }
        assert_eq!([(); 2].map(|()| account.spend()), [true, false]);
    }
}
