//! How well the gateway can do its work.

use std::time::Duration;

use super::App;

/// A state of health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// All is well.
    Up,
    /// It answers what is asked, but deposits may be refused: a write could not be begun in time, or the last attempt to
    /// write down the use of keys failed.
    Degraded,
    /// It cannot reach its database.
    Down,
}

/// Looks at the database: a read, and a write that touches nothing and must begin within `patience`.
pub async fn look(app: &App, patience: Duration) -> Health {
    if app.db.ping().await.is_err() {
        return Health::Down;
    }
    let writes = app.db.try_write(patience).await.is_ok();
    if writes && !app.keys.is_behind() { Health::Up } else { Health::Degraded }
}
