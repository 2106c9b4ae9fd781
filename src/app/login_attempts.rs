//! Log-in attempts: each is finished once, on one gateway.

use jiff::{SignedDuration, Timestamp};

use super::App;
use super::error::InternalError;
use crate::store;

/// Marks the attempt with this id as finished; `false` when it was before. `lifetime` is how long an attempt may take:
/// attempts finished longer ago have expired and are deleted.
pub async fn finish(app: &App, id: &str, lifetime: SignedDuration) -> Result<bool, InternalError> {
    // Looked up first, so that a replayed attempt costs no write.
    if store::login_attempts::is_used(&mut app.db.read().await?, id).await? {
        return Ok(false);
    }
    let now = app.clocks.machine().now();
    let mut tx = app.db.write().await?;
    store::login_attempts::forget(&mut tx, now.checked_sub(lifetime).unwrap_or(Timestamp::MIN)).await?;
    let first = store::login_attempts::insert(&mut tx, id, now).await?;
    tx.commit().await?;
    Ok(first)
}
