//! Long runs of arithmetic, off the threads that serve requests: split over cores, few at once, and at an end when nobody waits
//! for them any more.

use std::{
    num::NonZeroUsize,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::{JoinHandle, spawn_blocking},
};

use super::Failure;

/// Runs at once: each takes all cores, so that more would only make all of them slower.
const AT_ONCE: usize = 2;

/// Where long runs happen.
#[derive(Debug, Clone)]
pub struct Runs {
    places: Arc<Semaphore>,
    threads: NonZeroUsize,
    steps: Arc<AtomicU64>,
}

impl Default for Runs {
    fn default() -> Self {
        Self::on(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }
}

impl Runs {
    /// Runs over so many threads each. It changes how long they take, and nothing else.
    #[must_use]
    pub fn on(threads: NonZeroUsize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            threads,
            steps: Arc::default(),
        }
    }

    /// How many runs are under way, those included that were told to stop and have not yet.
    #[must_use]
    pub fn under_way(&self) -> usize {
        AT_ONCE - self.places.available_permits()
    }

    /// How many steps were made since the start, by all runs together.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    /// Counts steps that take no place: each is short, and is made when its client has room for it.
    pub(super) fn aside(&self) -> Going {
        Going {
            stopped: Arc::default(),
            steps: Arc::clone(&self.steps),
        }
    }

    /// A place for one run, as soon as there is one; the request's deadline goes on meanwhile.
    pub(super) async fn begin(&self) -> Result<Run, Failure> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| Failure::internal("the places for runs are closed"))?;
        Ok(Run {
            place: Arc::new(place),
            threads: self.threads,
            going: self.aside(),
        })
    }
}

/// A run under way. It stops when it is dropped, and its place is free when its threads have.
#[derive(Debug)]
pub(super) struct Run {
    place: Arc<OwnedSemaphorePermit>,
    threads: NonZeroUsize,
    going: Going,
}

/// Whether a run goes on.
#[derive(Debug, Clone)]
pub(super) struct Going {
    stopped: Arc<AtomicBool>,
    steps: Arc<AtomicU64>,
}

impl Going {
    /// Asked before every step: whether somebody still waits for it. Counts the step.
    pub(super) fn step(&self) -> bool {
        let goes_on = !self.stopped.load(Ordering::Relaxed);
        self.steps.fetch_add(u64::from(goes_on), Ordering::Relaxed);
        goes_on
    }
}

impl Run {
    /// Does `work` for all of these steps: each thread gets steps that follow one another. What comes of them is in the order of
    /// the steps.
    pub(super) async fn split<T: Send + 'static>(
        &self,
        steps: u32,
        work: impl Fn(Range<u32>, &Going) -> T + Send + Sync + 'static,
    ) -> Result<Vec<T>, Failure> {
        let work = Arc::new(work);
        let share = |range: Range<u32>| -> JoinHandle<T> {
            let (work, going, place) = (Arc::clone(&work), self.going.clone(), Arc::clone(&self.place));
            spawn_blocking(move || {
                let made = work(range, &going);
                drop(place);
                made
            })
        };
        let shares: Vec<JoinHandle<T>> = shares(steps, self.threads).map(share).collect();
        let mut made = Vec::with_capacity(shares.len());
        for share in shares {
            made.push(
                share
                    .await
                    .map_err(|error| Failure::internal(&error.to_string()))?,
            );
        }
        Ok(made)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.going.stopped.store(true, Ordering::Relaxed);
    }
}

/// So many steps in as many shares as there are threads, none of them empty.
fn shares(steps: u32, threads: NonZeroUsize) -> impl Iterator<Item = Range<u32>> {
    let threads = u32::try_from(threads.get()).unwrap_or(u32::MAX).min(steps.max(1));
    let (share, rest) = (steps / threads, steps % threads);
    let mut start = 0;
    (0..threads).map(move |thread| {
        let end = start + share + u32::from(thread < rest);
        std::mem::replace(&mut start, end)..end
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(threads: usize) -> Runs {
        Runs::on(NonZeroUsize::new(threads).expect("some"))
    }

    #[test]
    fn shares_cover_all_steps_once_in_order() {
        for threads in 1..9 {
            for steps in 0..40 {
                let shared: Vec<Range<u32>> =
                    shares(steps, NonZeroUsize::new(threads).expect("some")).collect();
                let all: Vec<u32> = shared.iter().cloned().flatten().collect();
                assert_eq!(all, (0..steps).collect::<Vec<u32>>());
                let sizes = shared.iter().map(ExactSizeIterator::len);
                assert!(sizes.clone().max().unwrap_or(0) - sizes.min().unwrap_or(0) <= 1);
            }
        }
    }

    #[tokio::test]
    async fn what_was_made_comes_in_the_order_of_the_steps() {
        let run = on(3).begin().await.expect("a place");
        let made = run
            .split(10, |range, _| range.collect::<Vec<u32>>())
            .await
            .expect("made");
        assert_eq!(made.concat(), (0..10).collect::<Vec<u32>>());
    }

    #[tokio::test]
    async fn a_run_that_is_dropped_stops_and_its_place_is_free_when_it_has() {
        let runs = on(2);
        let run = runs.begin().await.expect("a place");
        let mut endless = Box::pin(async move {
            run.split(2, |_, going| while going.step() {})
                .await
                .expect("made");
        });
        while runs.steps() < 2 {
            let turn = tokio::task::yield_now();
            tokio::select! { () = &mut endless => unreachable!("it never ends"), () = turn => {} }
        }
        assert_eq!(runs.under_way(), 1);
        drop(endless);
        while runs.under_way() > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn only_a_few_run_at_once_and_the_others_wait() {
        let runs = on(1);
        let mut kept = Vec::new();
        for _ in 0..AT_ONCE {
            kept.push(runs.begin().await.expect("a place"));
        }
        let mut waiting = Box::pin(runs.begin());
        tokio::select! {
            _ = &mut waiting => unreachable!("there is no place"),
            () = tokio::task::yield_now() => {}
        }
        kept.pop();
        waiting.await.expect("a place");
    }
}
