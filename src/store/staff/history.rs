//! Past states of persons of the register: sealed, a revision for each change.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::{StaffMember, list};
use crate::ids::{OrganiserId, StaffMemberId};
use crate::store::db::Tx;
use crate::store::error::Error;
use crate::store::input_history::{self, InputSubject, NewRevision};
use crate::store::source::RowSource;

/// Records the states of persons from `at` on; their versions are those after the change.
pub(super) async fn record_revisions(
    tx: &mut Tx,
    organiser: OrganiserId,
    members: impl Iterator<Item = (&StaffMember, u64)>,
    at: Timestamp,
) -> Result<(), Error> {
    let revisions = members.map(|(member, revision)| {
        let content = serde_json::to_vec(&STANDARD.encode(&member.sealed))?;
        Ok(NewRevision { id: member.id.to_string(), revision, content })
    });
    let revisions = revisions.collect::<Result<Vec<_>, Error>>()?;
    input_history::record_all(tx, organiser, InputSubject::StaffMember, revisions, at).await
}

/// Records the state of every person of the organiser from `at` on: the first revisions of a history.
pub async fn record_initial(tx: &mut Tx, organiser: OrganiserId, at: Timestamp) -> Result<(), Error> {
    let members = list(tx, organiser).await?;
    record_revisions(tx, organiser, members.iter().map(|member| (member, member.version)), at).await
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
