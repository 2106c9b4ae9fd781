//! The agency's feed: what was done to the claims of all organisers, in the order of the commits.
//!
//! It names claims and nothing of their content, as the feed of an organiser does, so that reading it is not recorded.

use super::App;
use super::events::FeedError;
use crate::store;
pub use crate::store::claim_changes::ClaimChange;

/// A part of the feed.
#[derive(Debug)]
pub struct ChangePage {
    /// The entries with their numbers, the oldest first.
    pub items: Vec<(u64, ClaimChange)>,
    /// The number to continue after: nothing up to it is missing.
    pub up_to: u64,
    /// Whether there were more when this was read.
    pub more: bool,
}

/// At most `most` entries after a number.
///
/// # Errors
/// `AfterEnd` where the number is beyond the end of the feed.
pub async fn read(app: &App, after: u64, most: u32) -> Result<ChangePage, FeedError> {
    let tx = &mut app.db.read().await?;
    let last = store::claim_changes::last_number(tx).await?;
    if after > last {
        return Err(FeedError::AfterEnd { last, after });
    }
    let mut items = store::claim_changes::after(tx, after, most.saturating_add(1)).await?;
    let more = items.len() > most as usize;
    items.truncate(most as usize);
    Ok(ChangePage { up_to: items.last().map_or(after, |(number, _)| *number), items, more })
}
