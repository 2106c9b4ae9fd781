//! Where revisions come from besides their channel: which user deposited one, and why one corrects a signed month.

use std::collections::HashMap;

use crate::domain::claim::CorrectionReason;
use crate::domain::period::Month;
use crate::domain::statement::{StatementKey, StatementKind};
use crate::ids::{ApplicationId, CrecheId, OrganiserId, UserId};
use crate::store::db::{Tx, later, rows};
use crate::store::error::Error;
use crate::store::source::RowSource;

const CORRECT: &str = "insert into revision_correction (organiser_id, creche_id, kind, month, revision, reason) \
                       values ($1, $2, $3, $4, $5, $6)";
const CORRECTIONS: &str = "select revision, reason from revision_correction \
                           where organiser_id = $1 and creche_id = $2 and kind = $3 and month = $4";
const SIGN: &str = "insert into revision_author (organiser_id, creche_id, kind, month, revision, user_id) \
                    values ($1, $2, $3, $4, $5, $6)";
const AUTHORS: &str = "select revision, user_id from revision_author \
                       where organiser_id = $1 and creche_id = $2 and kind = $3 and month = $4";

/// The months of a kind that applications deposited, crèche by crèche.
const DEPOSITED: &str = "select distinct application_id, creche_id, month from revision where organiser_id = $1 \
                         and kind = $2 and month >= $3 and month <= $4 and application_id is not null \
                         order by application_id, creche_id, month";

/// Which application deposited statements of a kind for which crèche and month, from one month to another.
pub async fn deposited_by_applications(
    tx: &mut Tx,
    organiser: OrganiserId,
    kind: StatementKind,
    (from, to): (Month, Month),
) -> Result<Vec<(ApplicationId, CrecheId, Month)>, Error> {
    let (organiser, from, to) = (organiser.to_string(), from.to_string(), to.to_string());
    let found = rows!(tx, (String, String, String), DEPOSITED, organiser, kind.name(), from, to)?;
    let read = |(application, creche, month): (String, String, String)| {
        let from = RowSource { table: "revision", id: &month };
        let application = from.text("application_id", &application)?;
        Ok((application, from.text("creche_id", &creche)?, from.text("month", &month)?))
    };
    found.into_iter().map(read).collect()
}

/// Records why a revision was deposited after its month was signed, with the commit or before the next query.
pub(super) fn set_correction(
    tx: &mut Tx,
    (organiser, creche, kind, month): (&str, &str, &str, &str),
    revision: i64,
    reason: CorrectionReason,
) {
    later!(tx, Inserted, CORRECT, organiser, creche, kind, month, revision, reason.code());
}

/// Why revisions of the statement were deposited after its month was signed, by revision.
pub async fn corrections(
    tx: &mut Tx,
    organiser: OrganiserId,
    key: StatementKey,
) -> Result<HashMap<u32, CorrectionReason>, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let found = rows!(tx, (i64, String), CORRECTIONS, organiser, creche, key.kind.name(), month)?;
    let correction = |(revision, reason): (i64, String)| {
        let from = RowSource { table: "revision_correction", id: &reason };
        Ok((from.number("revision", revision)?, from.text("reason", &reason)?))
    };
    found.into_iter().map(correction).collect()
}

/// Records which user deposited a revision, with the commit or before the next query.
pub fn set_author(tx: &mut Tx, organiser: OrganiserId, key: StatementKey, revision: u32, person: UserId) {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let (revision, person) = (i64::from(revision), person.to_string());
    later!(tx, Inserted, SIGN, organiser, creche, key.kind.name(), month, revision, person);
}

/// The users who deposited revisions of the statement, by revision.
pub async fn authors(tx: &mut Tx, organiser: OrganiserId, key: StatementKey) -> Result<HashMap<u32, UserId>, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let found: Vec<(i64, String)> = rows!(tx, (i64, String), AUTHORS, organiser, creche, key.kind.name(), month)?;
    let author = |(revision, person): (i64, String)| {
        let from = RowSource { table: "revision_author", id: &person };
        Ok((from.number("revision", revision)?, from.text("user_id", &person)?))
    };
    found.into_iter().map(author).collect()
}
