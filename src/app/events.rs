//! The feed: the events of an organiser's data, in the order of their numbers. Webhooks deliver the same events.

use std::future::Future;

use super::App;
use super::caller::Caller;
use super::long_poll::{FeedError, LongPoll, PolledFeed, read_when_there};
use crate::domain::event::{Event, EventFilter, EventType};
use crate::ids::OrganiserId;
use crate::store;

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

/// The matching events within the caller's rights; a long poll waits for the first.
pub async fn read_feed<E, R>(
    app: &App,
    caller: Caller,
    question: &EventQuery,
    waiting: LongPoll<impl Future<Output = ()> + Send, impl Fn() -> R + Send>,
) -> Result<EventPage, E>
where
    E: From<FeedError>,
    R: Future<Output = Result<Caller, E>> + Send,
{
    read_when_there(app, question, caller, waiting).await
}

impl PolledFeed for EventQuery {
    type Caller = Caller;
    type Page = EventPage;

    async fn read(&self, app: &App, caller: &Caller) -> Result<EventPage, FeedError> {
        read(app, caller, self).await
    }

    fn is_empty(page: &EventPage) -> bool {
        page.items.is_empty()
    }

    fn is_concerned(caller: &Caller, organiser: OrganiserId) -> bool {
        caller.organiser == organiser
    }
}

async fn read(app: &App, caller: &Caller, question: &EventQuery) -> Result<EventPage, FeedError> {
    // The end is read first: whatever is read later has every event up to it, and needs no transaction with it.
    let last = store::events::last_number(&mut app.db.read_once().await?, caller.organiser).await?;
    let after = question.after;
    if after > last {
        return Err(FeedError::AfterEnd { last, after });
    }
    let wanted = EventFilter { types: &question.types, creches: caller.creches.as_deref() };
    let (tx, most) = (&mut app.db.read_once().await?, question.most.saturating_add(1));
    let mut items = store::events::after_filtered(tx, caller.organiser, after, wanted, most).await?;
    let more = items.len() > question.most as usize;
    items.truncate(question.most as usize);
    let up_to = match items.last() {
        Some((number, _)) if more => *number,
        Some((number, _)) => last.max(*number),
        None => last,
    };
    Ok(EventPage { items, up_to, more })
}
