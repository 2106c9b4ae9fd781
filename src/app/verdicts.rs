//! The verdicts on deposits, of applications and users.

use super::App;
use super::error::InternalError;
use crate::domain::deposit::VerdictFilter;
use crate::ids::{OrganiserId, VerdictId};
use crate::store;
pub use crate::store::verdicts::VerdictRecord;

/// How many verdicts a page shows.
const PAGE: usize = 25;
/// How many are read at a time.
const BATCH: u32 = 200;
/// How many are filtered for one page.
const MOST: usize = 5_000;

/// Some verdicts, the latest first.
pub struct VerdictPage {
    /// The verdicts.
    pub items: Vec<VerdictRecord>,
    /// The last verdict that was filtered, where there may be more.
    pub next: Option<VerdictId>,
}

/// The next verdicts after `before` that match the filter and `wanted`. `next` is set where there may be more.
pub async fn list(
    app: &App,
    organiser: OrganiserId,
    filter: &VerdictFilter,
    before: Option<VerdictId>,
    wanted: impl Fn(&VerdictRecord) -> bool,
) -> Result<VerdictPage, InternalError> {
    let tx = &mut app.db.read().await?;
    let mut last = match before {
        Some(id) => store::verdicts::find(tx, organiser, id).await?,
        None => None,
    };
    let (mut items, mut seen) = (Vec::new(), 0);
    while seen < MOST {
        let batch = store::verdicts::list(tx, organiser, filter, last.as_ref(), BATCH).await?;
        if batch.is_empty() {
            return Ok(VerdictPage { items, next: None });
        }
        for verdict in batch {
            seen += 1;
            if items.len() == PAGE {
                return Ok(VerdictPage { items, next: last.map(|last| last.id) });
            }
            last = Some(verdict.clone());
            items.extend(Some(verdict).filter(&wanted));
        }
    }
    Ok(VerdictPage { items, next: last.map(|last| last.id) })
}
