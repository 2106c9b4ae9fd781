//! The signed claims of all organisers, as agents look for them.

use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::app::error::InternalError;
use crate::domain::claim::ClaimState;
use crate::domain::period::Quarter;
use crate::domain::search::{PageBounds, SearchWords};
use crate::store;
use crate::store::claims::ClaimFilter;
pub use crate::store::claims::{AssignedTo, ListedClaim};

/// Which claims an agent looks for.
#[derive(Debug, Clone, Copy)]
pub struct WorkListQuery<'a> {
    /// In this state; in any where there is none.
    pub state: Option<ClaimState>,
    /// Of this quarter or one of its months; of any where there is none.
    pub quarter: Option<Quarter>,
    /// Unchanged for at least these days.
    pub days: u16,
    /// Whether they were signed with warnings; either where there is none.
    pub with_warnings: Option<bool>,
    /// Taken up by whom.
    pub assigned_to: AssignedTo<'a>,
    /// Those whose last act is a message of the organiser, alone.
    pub with_message: bool,
    /// Words of the organiser's names and numbers, or of those of its crèches.
    pub words: &'a str,
}

/// A page of the list.
#[derive(Default)]
pub struct WorkList {
    /// The longest unchanged first.
    pub claims: Vec<ListedClaim>,
    /// How many there are on all pages; 0 past the last.
    pub total: u64,
}

/// The claims of all organisers that match. Ages are counted by the agency's clock, since the list belongs to no organiser.
pub async fn work_list(app: &App, query: WorkListQuery<'_>, page: PageBounds) -> Result<WorkList, InternalError> {
    let Some(words) = SearchWords::read(query.words) else { return Ok(WorkList::default()) };
    let unchanged_since = unchanged_since(app, query.days);
    let WorkListQuery { state, quarter, with_warnings, assigned_to, with_message, .. } = query;
    let filter = ClaimFilter { state, quarter, unchanged_since, with_warnings, assigned_to, with_message };
    let claims = store::claims::work_list(&mut app.db.read().await?, &filter, &words, page).await?;
    Ok(WorkList { total: claims.first().map_or(0, |found| found.total), claims })
}

/// The instant since which a claim is unchanged for at least these days.
pub(super) fn unchanged_since(app: &App, days: u16) -> Timestamp {
    let age = SignedDuration::from_hours(24 * i64::from(days));
    if days == 0 { Timestamp::MAX } else { app.clocks.agency_clock().now().checked_sub(age).unwrap_or(Timestamp::MIN) }
}
