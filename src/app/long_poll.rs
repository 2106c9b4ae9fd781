//! Long polls: a reader of a feed waits for what comes next, as long as its credential is accepted.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;

use super::App;
use super::error::{InternalError, fault_conversions};
use crate::ids::OrganiserId;

/// How often a long poll checks for what another gateway has written, and for a credential that ended.
const LOOK: Duration = Duration::from_millis(700);

/// Why nothing is returned.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The number is after the end of the feed: the caller has read what the gateway does not have, which happens when it was
    /// reset or restored from a backup.
    #[error("the feed ends at {last}, before {after}")]
    AfterEnd {
        /// The last number.
        last: u64,
        /// The number in the query.
        after: u64,
    },
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(FeedError);

/// How a long poll waits.
pub struct LongPoll<R, N> {
    /// The longest wait.
    pub wait: Duration,
    /// Resolves when the response must be sent at once.
    pub recalled: R,
    /// Authenticates the caller again, or returns why the credential is no longer accepted.
    pub renew: N,
}

/// A feed as one query reads it.
pub(super) trait PolledFeed: Sync {
    /// Whose rights decide what is read.
    type Caller: Send + Sync;
    /// A part of the feed.
    type Page: Send;

    /// What there is now for the caller.
    fn read(&self, app: &App, caller: &Self::Caller) -> impl Future<Output = Result<Self::Page, FeedError>> + Send;

    /// Whether a part has no entry.
    fn is_empty(page: &Self::Page) -> bool;

    /// Whether what is written for an organiser may be for the caller.
    fn is_concerned(caller: &Self::Caller, organiser: OrganiserId) -> bool;
}

/// What there is for the caller. When there is nothing yet, waits for the first entry: until the timeout, until the caller is
/// recalled or its credential ends, or until shutdown.
pub(super) async fn read_when_there<F: PolledFeed, E, R>(
    app: &App,
    feed: &F,
    mut caller: F::Caller,
    waiting: LongPoll<impl Future<Output = ()> + Send, impl Fn() -> R + Send>,
) -> Result<F::Page, E>
where
    E: From<FeedError>,
    R: Future<Output = Result<F::Caller, E>> + Send,
{
    let LongPoll { wait, recalled, renew } = waiting;
    let until = Instant::now() + wait;
    let (mut written, mut over) = (app.db.feed_signal(), app.over.subscribe());
    let (mut recalled, mut changes) = (pin!(recalled), app.keys.credential_changes());
    loop {
        let part = feed.read(app, &caller).await?;
        if !F::is_empty(&part) || Instant::now() >= until {
            return Ok(part);
        }
        let look = until.min(Instant::now() + LOOK);
        let is_other = |organiser: OrganiserId| !F::is_concerned(&caller, organiser);
        let rung = async { while written.next().await.is_some_and(is_other) {} };
        tokio::select! {
            () = rung => {}
            () = tokio::time::sleep_until(look) => {}
            _ = changes.changed() => {}
            () = &mut recalled => return Ok(part),
            _ = over.wait_for(|over| *over) => return Ok(part),
        }
        caller = renew().await?;
    }
}
