//! Which refusals are logged. A flood of requests without a credential, or beyond an allowance, must not fill the disk: a
//! limited number of lines a second is written for each status, and one more with the number left out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;

use crate::runtime;

/// The window in which lines are counted.
const WINDOW: Duration = Duration::from_secs(1);

/// Counts the lines of refusals.
#[derive(Debug)]
pub(super) struct LogSampler {
    per_window: u32,
    windows: Mutex<HashMap<StatusCode, Window>>,
}

/// The lines of one status since an instant.
#[derive(Debug)]
struct Window {
    since: Instant,
    written: u32,
    left_out: u64,
}

/// The decision about a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SampleDecision {
    Written,
    /// The first line left out of its window: the caller must schedule the end of the window.
    FirstLeftOut,
    LeftOut,
}

impl LogSampler {
    pub(super) fn new(per_window: u32) -> Self {
        Self { per_window, windows: Mutex::default() }
    }

    /// Whether the line of a refusal with this status is written now. The number left out is logged when the window ends.
    pub(super) fn admits(self: &Arc<Self>, status: StatusCode) -> bool {
        match self.sample(status, Instant::now()) {
            SampleDecision::Written => true,
            SampleDecision::LeftOut => false,
            SampleDecision::FirstLeftOut => {
                let sampler = Arc::clone(self);
                runtime::spawn(async move {
                    tokio::time::sleep(WINDOW).await;
                    sampler.end_window(status);
                });
                false
            }
        }
    }

    fn sample(&self, status: StatusCode, now: Instant) -> SampleDecision {
        let mut windows = self.lock();
        let fresh = Window { since: now, written: 0, left_out: 0 };
        let window = windows.entry(status).or_insert(fresh);
        // A window with lines left out stays until their number was logged.
        if window.left_out == 0 && now.duration_since(window.since) >= WINDOW {
            (window.since, window.written) = (now, 0);
        }
        if window.left_out == 0 && window.written < self.per_window {
            window.written += 1;
            return SampleDecision::Written;
        }
        window.left_out += 1;
        if window.left_out == 1 { SampleDecision::FirstLeftOut } else { SampleDecision::LeftOut }
    }

    /// Ends the window of a status and logs how many lines were left out of it.
    fn end_window(&self, status: StatusCode) {
        let window = self.lock().remove(&status);
        if let Some(Window { written, left_out, .. }) = window {
            let status = status.as_u16();
            tracing::warn!(status, written, left_out, "lines of refused requests were left out");
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<StatusCode, Window>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSED: StatusCode = StatusCode::UNAUTHORIZED;

    #[test]
    fn lines_beyond_the_rate_are_left_out_until_the_window_is_closed() {
        let (sampler, start) = (LogSampler::new(2), Instant::now());
        let decisions: Vec<_> = (0..5).map(|_| sampler.sample(REFUSED, start)).collect();
        let expected = [
            SampleDecision::Written,
            SampleDecision::Written,
            SampleDecision::FirstLeftOut,
            SampleDecision::LeftOut,
            SampleDecision::LeftOut,
        ];
        assert_eq!(decisions, expected);
        assert_eq!(
            sampler.sample(StatusCode::TOO_MANY_REQUESTS, start),
            SampleDecision::Written,
            "each status for itself"
        );
        assert_eq!(sampler.sample(REFUSED, start + WINDOW), SampleDecision::LeftOut, "their number is not yet written");
        sampler.end_window(REFUSED);
        assert_eq!(sampler.sample(REFUSED, start + WINDOW), SampleDecision::Written);
    }

    #[test]
    fn lines_within_the_rate_are_all_written() {
        let (sampler, start) = (LogSampler::new(1), Instant::now());
        for second in 0..5 {
            assert_eq!(sampler.sample(REFUSED, start + WINDOW * second), SampleDecision::Written);
        }
    }
}
