//! Since when writes fail. Written by every transaction that writes, read by health.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::checkpoints::Checkpoints;
use crate::store::error::Error;

/// Since when a state has lasted without interruption.
#[derive(Debug, Default)]
pub(super) struct OngoingSince(Mutex<Option<Instant>>);

impl OngoingSince {
    /// The state begins, or continues.
    pub(super) fn begin(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(Instant::now);
    }

    /// The state has ended.
    pub(super) fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// How long the state has lasted; `None` when it does not apply.
    pub(super) fn elapsed(&self) -> Option<Duration> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).map(|since| since.elapsed())
    }
}

/// The recorded state of writes, and what follows them.
#[derive(Debug, Default)]
pub(super) struct WriteState {
    /// Since when the database has refused or lost writes. It ends with a transaction that changed something and was
    /// committed.
    pub(super) failing: OngoingSince,
    /// Since when less space is free than the configured headroom.
    pub(super) short: OngoingSince,
    /// What copies the log of a file after so many commits; none on a server.
    pub(super) checkpoints: Option<Checkpoints>,
}

impl WriteState {
    /// Records the failure of a write where the database was the cause, not the values written.
    pub(super) fn failed(&self, error: sqlx::Error) -> Error {
        let error = Error::from(error);
        if error.is_unavailable() {
            self.failing.begin();
        }
        error
    }

    /// For how long writes have failed or been refused; `None` when they work.
    pub(super) fn failing_for(&self) -> Option<Duration> {
        self.failing.elapsed().max(self.short.elapsed())
    }
}
