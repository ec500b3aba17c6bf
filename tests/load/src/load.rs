//! Two ways of asking: as fast as answers come, and at a rate that was fixed before.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    Failure,
    caller::{Caller, Exchange},
};

/// How long requests took, shortest first.
#[derive(Debug, Default)]
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    fn new(mut latencies: Vec<Duration>) -> Self {
        latencies.sort_unstable();
        Self(latencies)
    }

    /// The latency that this share of the requests, in thousandths, did not exceed.
    pub(crate) fn within(&self, thousandths: usize) -> Duration {
        let rank = (self.0.len() * thousandths).div_ceil(1000);
        let found = self.0.get(rank.saturating_sub(1)).or(self.0.last());
        found.copied().unwrap_or_default()
    }

    /// The longest.
    pub(crate) fn worst(&self) -> Duration {
        self.within(1000)
    }

    /// How many took more than ten times the median.
    pub(crate) fn slow(&self) -> usize {
        let bound = self.within(500) * 10;
        self.0.len() - self.0.partition_point(|latency| *latency <= bound)
    }
}

/// Asks `total` times, with so many requests under way on every connection: the next begins when one is answered.
pub(crate) async fn saturate(
    callers: &[Caller],
    in_flight: u32,
    exchanges: &Arc<[Exchange]>,
    total: usize,
) -> Result<Latencies, Failure> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks: JoinSet<Result<Vec<Duration>, Failure>> = JoinSet::new();
    for caller in callers {
        for _ in 0..in_flight {
            let (mut caller, next, exchanges) = (caller.clone(), Arc::clone(&next), Arc::clone(exchanges));
            tasks.spawn(async move {
                let mut latencies = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= total {
                        return Ok(latencies);
                    }
                    let since = Instant::now();
                    caller.exchange(&exchanges[number % exchanges.len()]).await?;
                    latencies.push(since.elapsed());
                }
            });
        }
    }
    let mut latencies = Vec::with_capacity(total);
    while let Some(ended) = tasks.join_next().await {
        latencies.extend(ended??);
    }
    Ok(Latencies::new(latencies))
}

/// Asks `total` times at a fixed rate, however long answers take. A latency counts from the moment the request was due, so that
/// a server that stalls is not spared the requests that waited for it.
pub(crate) async fn at_rate(
    callers: &[Caller],
    per_second: f64,
    exchanges: &Arc<[Exchange]>,
    total: usize,
) -> Result<Latencies, Failure> {
    let (answered, mut answers) = mpsc::unbounded_channel();
    let runtime = tokio::runtime::Handle::current();
    let (callers, exchanges) = (callers.to_vec(), Arc::clone(exchanges));
    // A thread of its own: timers of the runtime are only good to a millisecond.
    let pacer = thread::spawn(move || {
        // To the nanosecond if the system lets us; else a sleep takes some 50 microseconds longer.
        let _ = nix::sys::prctl::set_timerslack(1);
        let since = Instant::now();
        let interval = 1.0 / per_second;
        let mut due_after = 0.0;
        for number in 0..total {
            let due = since + Duration::from_secs_f64(due_after);
            due_after += interval;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let mut caller = callers[number % callers.len()].clone();
            let (exchanges, answered) = (Arc::clone(&exchanges), answered.clone());
            runtime.spawn(async move {
                let outcome = caller.exchange(&exchanges[number % exchanges.len()]).await;
                let _ = answered.send(outcome.map(|()| due.elapsed()));
            });
        }
    });
    let mut latencies = Vec::with_capacity(total);
    while let Some(outcome) = answers.recv().await {
        latencies.push(outcome?);
    }
    pacer.join().map_err(|_| "the thread that paces requests died")?;
    Ok(Latencies::new(latencies))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_latency_that_was_measured() {
        let milliseconds = |number: u64| Duration::from_millis(number);
        let latencies = Latencies::new((1..=1000).rev().map(milliseconds).collect());
        assert_eq!(latencies.within(500), milliseconds(500));
        assert_eq!(latencies.within(999), milliseconds(999));
        assert_eq!(latencies.worst(), milliseconds(1000));
        assert_eq!(Latencies::default().worst(), Duration::ZERO);
    }

    #[test]
    fn slow_is_more_than_ten_times_the_median() {
        let latencies = Latencies::new([1, 1, 1, 10, 11].map(Duration::from_millis).to_vec());
        assert_eq!(latencies.slow(), 1);
    }
}
