//! Pairs of editions that were compared, kept: pages of one difference and all who watch ask for the same.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use lru::LruCache;
use tokio::sync::OnceCell;

use crate::{
    rpc::{
        Edition, Failure,
        runs::{Going, Runs},
    },
    snapshot::{Difference, Verdicts},
};

/// How many pairs are kept: each may be large.
const PAIRS: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// What came of comparing the last pairs.
#[derive(Debug)]
pub(in crate::rpc) struct Comparisons {
    differences: Kept<Difference>,
    verdicts: Kept<Verdicts>,
}

/// By the ids of base and edition.
#[derive(Debug)]
struct Kept<T>(Mutex<LruCache<(String, String), Shared<T>>>);

/// What is made once, by the first who asks for it.
type Shared<T> = Arc<OnceCell<Arc<T>>>;

impl Default for Comparisons {
    fn default() -> Self {
        Self {
            differences: Kept(Mutex::new(LruCache::new(PAIRS))),
            verdicts: Kept(Mutex::new(LruCache::new(PAIRS))),
        }
    }
}

impl Comparisons {
    /// What differs between two editions.
    pub(super) async fn difference(
        &self,
        pair: (&Arc<Edition>, &Arc<Edition>),
        runs: &Runs,
    ) -> Result<Arc<Difference>, Failure> {
        let compare = |base: &Edition, now: &Edition, _: &Going| Difference::between(base, now);
        self.differences.get(pair, runs, compare).await
    }

    /// Which verdicts changed between two editions.
    pub(super) async fn verdicts(
        &self,
        pair: (&Arc<Edition>, &Arc<Edition>),
        runs: &Runs,
    ) -> Result<Arc<Verdicts>, Failure> {
        let compare =
            |base: &Edition, now: &Edition, going: &Going| Verdicts::between(base, now, || going.step());
        self.verdicts.get(pair, runs, compare).await
    }
}

impl<T: Send + Sync + 'static> Kept<T> {
    /// What is kept of a pair, or comes of comparing it: once, however many wait for it.
    async fn get(
        &self,
        (base, now): (&Arc<Edition>, &Arc<Edition>),
        runs: &Runs,
        compare: impl Fn(&Edition, &Edition, &Going) -> T + Send + Sync + 'static,
    ) -> Result<Arc<T>, Failure> {
        let key = (base.id().to_owned(), now.id().to_owned());
        let cell = {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(kept.get_or_insert(key, Arc::default))
        };
        let made = cell.get_or_try_init(|| async {
            let (base, now) = (Arc::clone(base), Arc::clone(now));
            let run = runs.begin().await?;
            let made = run
                .split(1, move |_, going| Arc::new(compare(&base, &now, going)))
                .await?;
            let made = made.into_iter().next();
            made.ok_or_else(|| Failure::internal("a comparison without result"))
        });
        Ok(Arc::clone(made.await?))
    }
}
