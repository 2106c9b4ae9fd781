//! Past states of organisers, a revision for each change.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Organiser, find};
use crate::ids::OrganiserId;
use crate::store::db::Tx;
use crate::store::error::Error;
use crate::store::input_history::{self, InputSubject};

/// The content of a revision. Neither the number nor the day of registration changes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OrganiserContent {
    legal_name: String,
}

/// Records the current state of an organiser as a revision from `at` on.
pub async fn record(tx: &mut Tx, organiser: OrganiserId, at: Timestamp) -> Result<(), Error> {
    let Some(Organiser { legal_name, .. }) = find(tx, organiser).await? else { return Ok(()) };
    let subject = (InputSubject::Organiser, organiser.to_string());
    input_history::record(tx, organiser, subject, &OrganiserContent { legal_name }, at).await
}

/// The organiser at an instant; `None` before its first revision.
pub async fn find_as_of(tx: &mut Tx, organiser: OrganiserId, at: Timestamp) -> Result<Option<Organiser>, Error> {
    let found = input_history::as_of::<OrganiserContent>(tx, organiser, InputSubject::Organiser, at).await?;
    let Some(then) = found.into_iter().next() else { return Ok(None) };
    let now = find(tx, organiser).await?;
    Ok(now.map(|now| Organiser { legal_name: then.content.legal_name, ..now }))
}
