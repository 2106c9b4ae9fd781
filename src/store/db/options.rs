//! How the database is opened.

use std::sync::Arc;
use std::time::Duration;

use super::space::FreeSpace;
use crate::fair_queue::LaneLimits;

/// How long a request waits for a connection, for its organiser's turn, or for the single writer, before it is refused as
/// busy.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// How the database is opened.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// Bytes to keep free on the disk of an SQLite file: with fewer free, content is refused, and only writes that remove
    /// content or record an act are accepted. 0 disables the check.
    pub headroom_bytes: u64,
    /// Source of the number of free bytes; `None`: the file system of an SQLite file, no check for a server.
    pub free_space: Option<Arc<dyn FreeSpace>>,
    /// Connections to a PostgreSQL server.
    pub connections: u32,
    /// How many writes of one organiser may be queued; further ones are refused.
    pub waiting_writes: usize,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self { headroom_bytes: 0, free_space: None, connections: 16, waiting_writes: 256 }
    }
}

impl DbOptions {
    /// Half of the connections to a server may wait for an organiser that another gateway has locked.
    pub(super) const fn lock_waits(&self) -> usize {
        self.connections as usize / 2
    }

    /// One write of an organiser at a time: its writes need the same lock anyway.
    pub(super) const fn lanes(&self) -> LaneLimits {
        LaneLimits { at_once: 1, waiting: self.waiting_writes, patience: PATIENCE }
    }
}
