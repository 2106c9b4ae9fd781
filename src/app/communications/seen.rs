//! Which communications are new to a user. One instant for each user is stored: the publication of the latest communication
//! that there was at the last look.

use jiff::Timestamp;

use super::CommunicationRecord;
use crate::app::App;
use crate::app::error::InternalError;
use crate::app::sessions::ActingUser;
use crate::store::{self, WritePurpose};

/// Stores that the user looks at the communications now; returns up to which publication the user had seen them before.
/// Something is written only when one was published since; a failure to write it does not keep the page from being read.
pub async fn look(app: &App, acting: &ActingUser) -> Result<Timestamp, InternalError> {
    let mut tx = app.db.read().await?;
    let before = seen_until(&mut tx, acting).await?;
    let latest = store::communications::latest_publication(&mut tx, acting.organiser).await?;
    drop(tx);
    if let Some(latest) = latest.filter(|latest| *latest > before)
        && let Err(error) = see(app, acting, latest).await
    {
        tracing::warn!(%error, "it could not be stored which communications a user has seen");
    }
    Ok(before)
}

async fn see(app: &App, acting: &ActingUser, until: Timestamp) -> Result<(), store::Error> {
    let mut tx = app.db.write_for(acting.organiser, WritePurpose::RecordOnly).await?;
    store::users::see_communications(&mut tx, acting.organiser, acting.user, until).await?;
    tx.commit().await
}

/// The latest communication that is new to the user, and how many are; `None` when none is. One that is withdrawn is not new.
pub async fn latest_unseen(
    app: &App,
    acting: &ActingUser,
) -> Result<Option<(CommunicationRecord, u64)>, InternalError> {
    let mut tx = app.db.read().await?;
    let seen = seen_until(&mut tx, acting).await?;
    Ok(store::communications::latest_since(&mut tx, acting.organiser, seen).await?)
}

async fn seen_until(tx: &mut store::Tx, acting: &ActingUser) -> Result<Timestamp, store::Error> {
    let seen = store::users::communications_seen(tx, acting.organiser, acting.user).await?;
    Ok(seen.unwrap_or(Timestamp::UNIX_EPOCH))
}
