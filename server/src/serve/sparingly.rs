//! A warning that a flood must not turn into a flood of its own.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// At most one line in this time.
const EVERY: Duration = Duration::from_secs(10);

/// Counts what happens, and says now and then how often it did.
#[derive(Debug, Default)]
pub(super) struct Sparingly(Mutex<(u64, Option<Instant>)>);

impl Sparingly {
    /// Counts once more; returns how often since the last line when one is due.
    pub(super) fn due(&self) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 += 1;
        if state.1.is_some_and(|last| last.elapsed() < EVERY) {
            return None;
        }
        state.1 = Some(Instant::now());
        Some(std::mem::take(&mut state.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_said_at_once_and_a_flood_once() {
        let sparingly = Sparingly::default();
        assert_eq!(sparingly.due(), Some(1));
        assert!((0..1000).all(|_| sparingly.due().is_none()));
    }
}
