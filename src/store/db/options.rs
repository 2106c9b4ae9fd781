//! How the database is opened.

use std::sync::Arc;
use std::time::Duration;

use super::space::FreeSpace;
use crate::fair_queue::LaneLimits;

/// How long a request waits for a connection, for its organiser, or for the single writer, before it is told to come back.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// How the database is opened.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// Bytes that stay free where an SQLite file is: below it content is refused, and only what removes content or
    /// records that something was done is still written. 0 keeps none.
    pub headroom_bytes: u64,
    /// Tells how many bytes are free; `None` asks the file system of an SQLite file, and nobody about a server.
    pub free_space: Option<Arc<dyn FreeSpace>>,
    /// Connections to a PostgreSQL server.
    pub connections: u32,
    /// How many writes of one organiser wait for those before them; further ones are refused.
    pub waiting_writes: usize,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self { headroom_bytes: 0, free_space: None, connections: 16, waiting_writes: 256 }
    }
}

impl DbOptions {
    /// One write of an organiser at a time: what it changes is guarded by one lock anyway.
    pub(super) const fn lanes(&self) -> LaneLimits {
        LaneLimits { at_once: 1, waiting: self.waiting_writes, patience: PATIENCE }
    }
}
