//! The feed: the events of an organiser's data, in the order of their numbers. Webhooks deliver the same events.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;

use super::App;
use super::caller::Caller;
use super::error::InternalError;
use super::error::fault_conversions;
use crate::domain::event::{Event, EventFilter, EventType};
use crate::store;

/// How often a long poll checks for events that another gateway has written.
const LOOK: Duration = Duration::from_millis(700);

/// A query of the feed.
#[derive(Debug, Clone)]
pub struct EventQuery {
    /// Events after this number.
    pub after: u64,
    /// Of these types only; of every type when there are none.
    pub types: Vec<EventType>,
    /// At most so many events.
    pub most: u32,
}

/// A part of the feed.
#[derive(Debug)]
pub struct EventPage {
    /// The events with their numbers, the oldest first.
    pub items: Vec<(u64, Event)>,
    /// The number to continue after: no matching event up to it is missing.
    pub up_to: u64,
    /// Whether there were more when this was read.
    pub more: bool,
}

/// Why nothing is returned.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The number is after the end of the feed: the caller has read events that the gateway does not have, which
    /// happens when it was reset or restored from a backup.
    #[error("the feed ends at {last}, before {after}")]
    AfterEnd {
        /// The number of the last event.
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

/// The matching events within the caller's rights. When there are none yet, waits for the first: until the timeout,
/// until the caller is recalled or its credential ends, or until shutdown.
pub async fn read_feed<E, F>(
    app: &App,
    mut caller: Caller,
    question: &EventQuery,
    waiting: LongPoll<impl Future<Output = ()> + Send, impl Fn() -> F + Send>,
) -> Result<EventPage, E>
where
    E: From<FeedError>,
    F: Future<Output = Result<Caller, E>> + Send,
{
    let LongPoll { wait, recalled, renew } = waiting;
    let until = Instant::now() + wait;
    let (mut feed, mut over) = (app.db.feed_signal(), app.over.subscribe());
    let (mut recalled, mut changes) = (pin!(recalled), app.keys.credential_changes());
    loop {
        let part = read(app, &caller, question).await?;
        if !part.items.is_empty() || Instant::now() >= until {
            return Ok(part);
        }
        let look = until.min(Instant::now() + LOOK);
        let rung = async { while feed.next().await.is_some_and(|organiser| organiser != caller.organiser) {} };
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

async fn read(app: &App, caller: &Caller, question: &EventQuery) -> Result<EventPage, FeedError> {
    let tx = &mut app.db.read().await?;
    let (last, after) = (store::events::last_number(tx, caller.organiser).await?, question.after);
    if after > last {
        return Err(FeedError::AfterEnd { last, after });
    }
    let wanted = EventFilter { types: &question.types, creches: caller.creches.as_deref() };
    let mut items =
        store::events::after_filtered(tx, caller.organiser, after, wanted, question.most.saturating_add(1)).await?;
    let more = items.len() > question.most as usize;
    items.truncate(question.most as usize);
    let up_to = match items.last() {
        Some((number, _)) if more => *number,
        _ => last,
    };
    Ok(EventPage { items, up_to, more })
}
