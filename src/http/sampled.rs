//! Log lines about events that may occur thousands of times a second: one in an interval, with the number left out.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Writes at most one line in an interval.
#[derive(Debug)]
pub(super) struct SampledLog {
    interval: Duration,
    state: Mutex<(Option<Instant>, u64)>,
}

impl SampledLog {
    /// One line in each interval.
    pub(super) const fn new(interval: Duration) -> Self {
        Self { interval, state: Mutex::new((None, 0)) }
    }

    /// Calls `write` if the interval has passed, with the number of lines left out since the last.
    pub(super) fn at_intervals(&self, write: impl FnOnce(u64)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, suppressed) = *state;
        if last.is_some_and(|last| last.elapsed() < self.interval) {
            state.1 += 1;
            return;
        }
        *state = (Some(Instant::now()), 0);
        drop(state);
        write(suppressed);
    }
}
