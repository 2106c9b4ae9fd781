//! The revisions of a register: when, by whom and through which channel each was made.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::RegisterRecord;
use crate::domain::statement::Channel;
use crate::ids::{ApplicationId, OrganiserId, StaffMemberId, UserId};
use crate::store::db::{Tx, later, row, rows};
use crate::store::error::Error;
use crate::store::source::{RowSource, all, optional};

/// A revision of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegisterRevision {
    /// Its number, from 1.
    pub revision: u64,
    /// When it was made: later than every earlier one of the organiser.
    pub recorded_at: Timestamp,
    /// Its channel; `None` where persons were removed at the end of their retention period.
    pub channel: Option<Channel>,
    /// The application that made it.
    pub application: Option<ApplicationId>,
    /// The user who made it.
    pub user: Option<UserId>,
    /// How many persons were entered, changed or removed.
    pub persons: u64,
}

/// Who makes a revision, and by which channel; nobody where retention does.
#[derive(Debug, Clone, Copy, Default)]
pub struct RevisionAuthor {
    /// The channel.
    pub channel: Option<Channel>,
    /// The application.
    pub application: Option<ApplicationId>,
    /// The user.
    pub user: Option<UserId>,
}

const INSERT: &str = "insert into staff_revision \
                      (organiser_id, revision, recorded_at, channel, application_id, user_id, persons) \
                      values ($1, $2, $3, $4, $5, $6, $7)";
const ADVANCE: &str = "insert into staff_register (organiser_id, revision, changed_at) values ($1, $2, $3) \
                       on conflict (organiser_id) do update set revision = excluded.revision, \
                       changed_at = excluded.changed_at where staff_register.revision = excluded.revision - 1";
const LIST: &str = "select revision, recorded_at, channel, application_id, user_id, persons from staff_revision \
                    where organiser_id = $1 and revision < $2 order by revision desc limit $3";
const OF_PERSONS: &str = "select i.id, r.revision, r.recorded_at, r.channel, r.application_id, r.user_id, r.persons \
                          from input_revision i join staff_revision r \
                          on r.organiser_id = i.organiser_id and r.recorded_at = i.recorded_at \
                          where i.organiser_id = $1 and i.subject = 'staffMember' and i.revision = (\
                            select max(l.revision) from input_revision l where l.organiser_id = i.organiser_id \
                            and l.subject = i.subject and l.id = i.id and l.recorded_at <= $2)";
const FIND: &str = "select revision, recorded_at, channel, application_id, user_id, persons from staff_revision \
                    where organiser_id = $1 and revision = $2";

/// Collects the register's next revision after `last`, made at `now` and later than `last`, with how many persons it writes or
/// removes: the register after it. It fails with `Changed` when `last` is no longer the last one.
pub fn insert_revision(
    tx: &mut Tx,
    organiser: OrganiserId,
    last: RegisterRecord,
    by: RevisionAuthor,
    (now, persons): (Timestamp, usize),
) -> RegisterRecord {
    // Even when the clock was set back.
    let changed_at = now.max(last.changed_at + SignedDuration::from_millis(1));
    let next = RegisterRecord { revision: last.revision + 1, changed_at };
    let (id, at) = (organiser.to_string(), changed_at.as_millisecond());
    let revision = i64::try_from(next.revision).unwrap_or(i64::MAX);
    let (application, user) = (by.application.map(|id| id.to_string()), by.user.map(|id| id.to_string()));
    let (channel, persons) = (by.channel.map(Channel::code), i64::try_from(persons).unwrap_or(i64::MAX));
    later!(tx, OneUnlessChanged, ADVANCE, &id, revision, at);
    later!(tx, Inserted, INSERT, &id, revision, at, channel, application, user, persons);
    next
}

/// At most `limit` revisions before number `before`, the latest first.
pub async fn revisions(
    tx: &mut Tx,
    organiser: OrganiserId,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<RegisterRevision>, Error> {
    let before = before.and_then(|number| i64::try_from(number).ok()).unwrap_or(i64::MAX);
    all(rows!(tx, RevisionRow, LIST, organiser.to_string(), before, i64::from(limit))?)
}

/// One revision; `None` when there is none with this number.
pub async fn revision(tx: &mut Tx, organiser: OrganiserId, number: u64) -> Result<Option<RegisterRevision>, Error> {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    optional(row!(tx, RevisionRow, FIND, organiser.to_string(), number)?)
}

/// The revision of the register that wrote each person as it was at `at`; none for a person whom an earlier version of the
/// gateway entered.
pub async fn revisions_of_persons(
    tx: &mut Tx,
    organiser: OrganiserId,
    at: Timestamp,
) -> Result<HashMap<StaffMemberId, RegisterRevision>, Error> {
    let found = rows!(tx, PersonRevisionRow, OF_PERSONS, organiser.to_string(), at.as_millisecond())?;
    let read = |PersonRevisionRow { id, revision }: PersonRevisionRow| {
        let member = RowSource { table: "input_revision", id: &id }.text("id", &id)?;
        Ok((member, revision.try_into()?))
    };
    found.into_iter().map(read).collect()
}

#[derive(sqlx::FromRow)]
struct PersonRevisionRow {
    id: String,
    #[sqlx(flatten)]
    revision: RevisionRow,
}

#[derive(sqlx::FromRow)]
struct RevisionRow {
    revision: i64,
    recorded_at: i64,
    channel: Option<String>,
    application_id: Option<String>,
    user_id: Option<String>,
    persons: i64,
}

impl TryFrom<RevisionRow> for RegisterRevision {
    type Error = Error;

    fn try_from(row: RevisionRow) -> Result<Self, Error> {
        let id = row.revision.to_string();
        let from = RowSource { table: "staff_revision", id: &id };
        Ok(Self {
            revision: from.number("revision", row.revision)?,
            recorded_at: from.instant("recorded_at", row.recorded_at)?,
            channel: from.optional("channel", row.channel.as_deref())?,
            application: from.optional("application_id", row.application_id.as_deref())?,
            user: from.optional("user_id", row.user_id.as_deref())?,
            persons: from.number("persons", row.persons)?,
        })
    }
}
