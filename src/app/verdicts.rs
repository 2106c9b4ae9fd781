//! The verdicts on deposits, of applications and users.

use std::collections::BTreeMap;

use super::App;
use super::error::InternalError;
use crate::domain::calls::CallReach;
use crate::domain::deposit::{VerdictFilter, VerdictPlace};
use crate::ids::{OrganiserId, VerdictId};
use crate::store;
pub use crate::store::verdicts::VerdictRecord;

/// How many are read at a time.
const BATCH: u32 = 200;
/// How many are filtered for one page.
const MOST: usize = 5_000;

/// Some verdicts, the latest first.
pub struct VerdictPage {
    /// The verdicts.
    pub items: Vec<VerdictRecord>,
    /// The place of the last verdict that was filtered, where there may be more.
    pub next: Option<VerdictPlace>,
}

/// A page of verdicts that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct VerdictQuery<'a> {
    /// Which verdicts.
    pub filter: &'a VerdictFilter,
    /// Those before this place.
    pub before: Option<VerdictPlace>,
    /// At most so many.
    pub most: usize,
}

/// The next verdicts that match the query and `wanted`. `next` is set where there may be more.
pub async fn list(
    app: &App,
    organiser: OrganiserId,
    query: VerdictQuery<'_>,
    wanted: impl Fn(&VerdictRecord) -> bool,
) -> Result<VerdictPage, InternalError> {
    let tx = &mut app.db.read().await?;
    let (mut items, mut seen, mut last) = (Vec::new(), 0, query.before);
    while seen < MOST {
        let batch = store::verdicts::list(tx, organiser, query.filter, last, BATCH).await?;
        if batch.is_empty() {
            return Ok(VerdictPage { items, next: None });
        }
        for verdict in batch {
            seen += 1;
            if items.len() == query.most {
                return Ok(VerdictPage { items, next: last });
            }
            last = Some(verdict.place());
            items.extend(Some(verdict).filter(&wanted));
        }
    }
    Ok(VerdictPage { items, next: last })
}

/// The organiser's verdict with this id, where it is one that the caller may see.
pub async fn find(
    app: &App,
    organiser: OrganiserId,
    reach: &CallReach,
    id: VerdictId,
) -> Result<Option<VerdictRecord>, InternalError> {
    let found = store::verdicts::find(&mut app.db.read_once().await?, organiser, id).await?;
    let creche = |verdict: &VerdictRecord| verdict.subject.place().map(|(creche, _)| creche);
    Ok(found.filter(|verdict| reach.includes(verdict.application, verdict.key, creche(verdict))))
}

/// How many findings of each rule a deposit had, by the rule's code.
///
/// # Errors
/// Where the stored counts are not JSON.
pub fn findings(verdict: &VerdictRecord) -> Result<BTreeMap<String, u64>, InternalError> {
    Ok(serde_json::from_str(&verdict.counts).map_err(store::Error::from)?)
}
