//! The feed: what happened to an organiser's data, in the order of its numbers. It is the truth that webhooks hint at.

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

/// How often somebody who waits looks for what another gateway has written.
const LOOK: Duration = Duration::from_millis(700);

/// What is asked of the feed.
#[derive(Debug, Clone)]
pub struct EventQuery {
    /// What comes after this number.
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
    /// The number up to which nothing that was asked for is missing: go on after it.
    pub up_to: u64,
    /// Whether there was more when this was read.
    pub more: bool,
}

/// Why there is no part of the feed.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// What was asked for comes after the end: the caller knows events that the gateway does not have, which happens when
    /// it was reset or restored from a backup.
    #[error("the feed ends at {last}, before {after}")]
    AfterEnd {
        /// The number of the last event.
        last: u64,
        /// The number after which was asked.
        after: u64,
    },
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(FeedError);

/// How a caller waits when there is nothing yet.
pub struct LongPoll<R, N> {
    /// At most so long.
    pub wait: Duration,
    /// Resolves when the caller is to be answered at once.
    pub recalled: R,
    /// The caller as its credential makes it now, or why it is accepted no longer.
    pub renew: N,
}

/// What the caller may know of what was asked for. When there is nothing yet, waits for it: at most so long, until the
/// caller is recalled or its credential ends, or until the gateway is asked to end.
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
