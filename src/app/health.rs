//! The health of the gateway.

use std::time::Duration;

use super::App;
use crate::random;

/// A state of health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// All is well.
    Up,
    /// It serves requests, but deposits may be refused: a write could not be begun in time, the disk is nearly full,
    /// or the last attempt to store the use of keys failed.
    Degraded,
    /// It cannot reach its database, or writes have failed for longer than is configured.
    Down,
}

/// Checks the database: a read, and a write that must begin within `patience`. That write changes nothing, unless
/// writes have failed: then it needs space, so that the end of the failure is detected without a deposit.
pub async fn check_database(app: &App, patience: Duration) -> Health {
    if app.db.ping().await.is_err() {
        return Health::Down;
    }
    let writes = app.db.try_write(patience, probe_bytes).await.is_ok();
    match app.db.writes_failing_for() {
        Some(failing) if failing >= app.failing_writes => Health::Down,
        None if writes && !app.keys.last_flush_failed() => Health::Up,
        _ => Health::Degraded,
    }
}

/// What is written to find out whether writes work again: 64 kB, so that it needs space.
fn probe_bytes() -> Vec<u8> {
    (0..64).flat_map(|_| random::bytes::<1024>()).collect()
}
