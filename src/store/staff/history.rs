//! Past states of persons of the register: sealed, a revision for each change.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::{StaffMember, list};
use crate::ids::{OrganiserId, StaffMemberId};
use crate::store::db::Tx;
use crate::store::error::Error;
use crate::store::input_history::{self, InputSubject, NewRevision};
use crate::store::row_codes::RowKey;
use crate::store::source::RowSource;
use crate::store::sql_value::SqlValue;

/// The row of the state of a person from `at` on; `revision` is the version of the person.
pub(super) fn revision_row(
    key: &RowKey,
    organiser: OrganiserId,
    (member, revision): (&StaffMember, u64),
    at: Timestamp,
) -> Result<Vec<SqlValue>, Error> {
    let content = serde_json::to_vec(&STANDARD.encode(&member.sealed))?;
    let new = NewRevision { id: member.id.to_string(), revision, content };
    Ok(new.row(key, organiser, InputSubject::StaffMember, at))
}

/// Records the state of every person of the organiser from `at` on: the first revisions of a history.
pub async fn record_initial(tx: &mut Tx, organiser: OrganiserId, at: Timestamp) -> Result<(), Error> {
    let members = list(tx, organiser).await?;
    let row = |member: &StaffMember| revision_row(&tx.row_key, organiser, (member, member.version), at);
    let rows = members.iter().map(row).collect::<Result<_, _>>()?;
    input_history::insert(tx, rows).await
}

/// Every person that the organiser had at an instant, sealed, the oldest entry first.
pub async fn list_as_of(
    tx: &mut Tx,
    organiser: OrganiserId,
    at: Timestamp,
) -> Result<Vec<(StaffMemberId, Vec<u8>)>, Error> {
    let found = input_history::as_of::<String>(tx, organiser, InputSubject::StaffMember, at).await?;
    let read = |revision: input_history::InputRevision<String>| {
        let from = RowSource { table: "input_revision", id: &revision.id };
        let sealed = STANDARD.decode(revision.content).map_err(|_| from.corrupt("content"))?;
        Ok((from.text("id", &revision.id)?, sealed))
    };
    found.into_iter().map(read).collect()
}
