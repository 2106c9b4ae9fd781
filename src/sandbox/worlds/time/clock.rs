//! The business clock of a world: that of the machine, moved. How far is stored, so that a world goes on where it was.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::clock::{self, Clock};
use crate::sandbox::worlds::record::WorldDirectory;

/// The clock of a world.
pub(in crate::sandbox::worlds) struct WorldClock {
    machine: Arc<dyn Clock>,
    /// How many milliseconds it is ahead of the machine.
    ahead: AtomicI64,
}

/// The clock as it is stored.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StoredClock {
    /// How many milliseconds it is ahead of the machine.
    ahead_millis: i64,
    /// Where it was being moved to, from where; nothing while it is not moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) moving: Option<ClockMove>,
}

/// A move of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox::worlds) struct ClockMove {
    pub(in crate::sandbox::worlds) from: Timestamp,
    pub(in crate::sandbox::worlds) to: Timestamp,
}

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_millis(self.ahead.load(Ordering::SeqCst));
        self.machine.now().saturating_add(ahead).unwrap_or(Timestamp::MAX)
    }
}

impl WorldClock {
    /// A clock that shows `date`, at the time of day that it is.
    fn starting(machine: Arc<dyn Clock>, date: Date) -> Self {
        let now = machine.now();
        let there = clock::at_time_of(now, date);
        Self { ahead: AtomicI64::new(there.as_millisecond() - now.as_millisecond()), machine }
    }

    /// The clock as it is stored in the directory; where none is stored, one that starts at `date`.
    pub(in crate::sandbox::worlds) fn load(
        directory: &WorldDirectory,
        machine: Arc<dyn Clock>,
        date: Date,
    ) -> std::io::Result<Self> {
        if let Some(stored) = StoredClock::read(directory)? {
            return Ok(Self { machine, ahead: AtomicI64::new(stored.ahead_millis) });
        }
        let clock = Self::starting(machine, date);
        clock.store(directory, None)?;
        Ok(clock)
    }

    /// The machine's clock, by which it goes on.
    pub(super) fn machine(&self) -> &dyn Clock {
        &*self.machine
    }

    /// Moves it forward by a duration.
    pub(super) fn advance(&self, by: SignedDuration) {
        self.ahead.fetch_add(i64::try_from(by.as_millis()).unwrap_or_default(), Ordering::SeqCst);
    }

    /// Stores how far it is from the machine's, and where it is being moved to.
    pub(super) fn store(&self, directory: &WorldDirectory, moving: Option<ClockMove>) -> std::io::Result<()> {
        let stored = StoredClock { ahead_millis: self.ahead.load(Ordering::SeqCst), moving };
        directory.write(&directory.clock(), &serde_json::to_vec(&stored)?)
    }
}

impl StoredClock {
    /// The clock as it is stored; `None` where none is.
    pub(super) fn read(directory: &WorldDirectory) -> std::io::Result<Option<Self>> {
        match std::fs::read(directory.clock()) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
