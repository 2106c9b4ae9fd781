//! The agency's feed: what was done to the claims of all organisers, and what was paid, in the order of the commits.
//!
//! It names claims and payments and nothing of their content, as the feed of an organiser does, so that reading it is not
//! recorded.

use std::future::Future;

use super::App;
use super::agents::AgencyCaller;
use super::long_poll::{FeedError, LongPoll, PolledFeed, read_when_there};
use crate::domain::agency_key::AgencyScope;
use crate::ids::OrganiserId;
use crate::store;
pub use crate::store::agency_changes::AgencyChange;
use crate::store::agency_changes::AgencyChangeFilter;

/// A part of the feed.
#[derive(Debug)]
pub struct ChangePage {
    /// The entries with their numbers, the oldest first.
    pub items: Vec<(u64, AgencyChange)>,
    /// The number to continue after: nothing up to it is missing that the caller may read.
    pub up_to: u64,
    /// Whether there were more when this was read.
    pub more: bool,
}

/// A query of the feed.
#[derive(Debug, Clone, Copy)]
pub struct ChangeQuery {
    /// Entries after this number.
    pub after: u64,
    /// At most so many.
    pub most: u32,
}

/// The entries that the caller may read: software with the scope of claims alone reads nothing of payments, and the other way
/// round. A long poll waits for the first.
///
/// # Errors
/// `AfterEnd` where the number is beyond the end of the feed, and those of the renewal.
pub async fn read_feed<E, R>(
    app: &App,
    caller: AgencyCaller,
    query: ChangeQuery,
    waiting: LongPoll<impl Future<Output = ()> + Send, impl Fn() -> R + Send>,
) -> Result<ChangePage, E>
where
    E: From<FeedError>,
    R: Future<Output = Result<AgencyCaller, E>> + Send,
{
    read_when_there(app, &query, caller, waiting).await
}

impl PolledFeed for ChangeQuery {
    type Caller = AgencyCaller;
    type Page = ChangePage;

    async fn read(&self, app: &App, caller: &AgencyCaller) -> Result<ChangePage, FeedError> {
        read(app, caller, *self).await
    }

    fn is_empty(page: &ChangePage) -> bool {
        page.items.is_empty()
    }

    /// It is the feed of all organisers.
    fn is_concerned(_: &AgencyCaller, _: OrganiserId) -> bool {
        true
    }
}

async fn read(
    app: &App,
    caller: &AgencyCaller,
    ChangeQuery { after, most }: ChangeQuery,
) -> Result<ChangePage, FeedError> {
    let tx = &mut app.db.read().await?;
    let last = store::agency_changes::last_number(tx).await?;
    if after > last {
        return Err(FeedError::AfterEnd { last, after });
    }
    let wanted = AgencyChangeFilter {
        claims: caller.may(AgencyScope::ClaimsRead),
        payments: caller.may(AgencyScope::PaymentsRead),
    };
    let mut items = store::agency_changes::after(tx, after, wanted, most.saturating_add(1)).await?;
    let more = items.len() > most as usize;
    items.truncate(most as usize);
    let latest = items.last().map_or(after, |(number, _)| *number);
    let up_to = if more { latest } else { latest.max(last) };
    Ok(ChangePage { items, up_to, more })
}
