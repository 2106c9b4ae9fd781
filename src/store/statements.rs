//! Statements of every kind: their current state, and all their revisions.

mod as_of;
mod codes;
mod deposited;
mod freeze;
mod origin;
mod with_creche;

use jiff::Timestamp;

pub use self::as_of::list_as_of;
use self::codes::{StatementColumns, revision_message};
pub use self::codes::{broken_chains, take_revision_macs};
pub use self::deposited::{DepositedFilter, list_deposited};
use self::freeze::freeze;
pub use self::origin::{authors, corrections, deposited_by_applications, set_author};
pub use self::with_creche::{CrecheStatement, find_with_creche, find_with_document};
use super::db::{Tx, execute, later, row, rows};
use super::error::Error;
use super::integrity::{self, STATEMENT};
use super::limited_delete::limited_delete;
use super::source::RowSource;
use crate::domain::claim::{CorrectionReason, Freeze};
use crate::domain::key::KeyId;
use crate::domain::period::Month;
use crate::domain::statement::{Channel, StatementFilter, StatementKey, StatementKind, StatementStatus};
use crate::ids::{ApplicationId, CrecheId, OrganiserId};

/// A revision without its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRevision {
    /// The crèche.
    pub creche: CrecheId,
    /// The month.
    pub month: Month,
    /// 1, 2, 3 … without holes.
    pub revision: u32,
    /// Keyed hash of the content.
    pub fingerprint: String,
    /// JSON of the totals.
    pub totals: String,
    /// How many lines it has.
    pub lines: u32,
    /// JSON of the warnings it was accepted with.
    pub warnings: String,
    /// Whether there are any.
    pub has_warnings: bool,
    /// The channel of its deposit.
    pub channel: Channel,
    /// The application that deposited it; `None` when a person did.
    pub application: Option<ApplicationId>,
    /// The key that deposited it; `None` when a person did.
    pub key: Option<KeyId>,
    /// When.
    pub deposited_at: Timestamp,
}

/// The current state of a statement: its status and its current revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentStatement {
    /// Its status.
    pub status: StatementStatus,
    /// When status or revision last changed.
    pub updated_at: Timestamp,
    /// The current revision.
    pub revision: StoredRevision,
    /// The authentication code of the row.
    pub mac: Option<Vec<u8>>,
}

/// The columns of a [`RevisionRow`].
macro_rules! revision_columns {
    () => {
        "r.creche_id, r.month, r.revision, r.fingerprint, r.totals, r.lines, r.warnings, r.has_warnings, r.channel, \
         r.application_id, r.key_id, r.deposited_at, r.mac"
    };
}
use revision_columns;

/// The columns of a statement with its current revision.
macro_rules! current {
    ($where:literal) => {
        concat!(
            "select ",
            revision_columns!(),
            ", s.status, s.updated_at, s.mac as statement_mac, ",
            freeze!("s", "creche_id", "s.kind", "s.month"),
            " as frozen from statement s join revision r on r.organiser_id = s.organiser_id and r.creche_id = s.creche_id \
             and r.kind = s.kind and r.month = s.month and r.revision = s.revision where s.organiser_id = $1 and ",
            $where
        )
    };
}

/// The columns of a revision.
macro_rules! revisions {
    ($where:literal) => {
        concat!(
            "select ",
            revision_columns!(),
            " from revision r where r.organiser_id = $1 and r.creche_id = $2 and r.kind = $3 and r.month = $4",
            $where
        )
    };
}

const FIND: &str = current!("s.creche_id = $2 and s.kind = $3 and s.month = $4");
const LATEST: &str = current!("s.creche_id = $2 and s.kind = $3 and s.month <= $4 order by s.month desc limit 1");
const OF_CRECHE: &str = current!(
    "s.kind = $2 and s.month >= $3 and s.month <= $4 and s.creche_id = $5 \
     order by s.month"
);
const OF_ORGANISER: &str = current!("s.kind = $2 and s.month >= $3 and s.month <= $4 order by s.creche_id, s.month");
const REVISIONS: &str = revisions!(" order by revision");
const REVISION: &str = revisions!(" and revision = $5");
const DOCUMENT: &str = "select document from revision \
                        where organiser_id = $1 and creche_id = $2 and kind = $3 and month = $4 and revision = $5";
const ADVANCE: &str = concat!(
    "insert into statement (organiser_id, creche_id, kind, month, revision, status, updated_at, revision_mac, mac) \
     select c.organiser_id, c.id, $3, $4, $5, 'deposited', $6, $7, $8 from creche c \
     where c.organiser_id = $1 and c.id = $2 and ",
    freeze!("c", "id", "$3", "$4"),
    " = $9 on conflict (organiser_id, creche_id, kind, month) do update \
     set revision = excluded.revision, updated_at = excluded.updated_at, \
     revision_mac = excluded.revision_mac, mac = excluded.mac, former_mac = statement.mac \
     where statement.revision = excluded.revision - 1"
);
const INSERT: &str = "insert into revision (organiser_id, creche_id, kind, month, revision, fingerprint, totals, lines, \
                      warnings, has_warnings, channel, application_id, key_id, deposited_at, document, mac) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
const EVERY_REVISION: &str = "select creche_id, kind, month, revision from revision where organiser_id = $1 \
                              order by creche_id, kind, month, revision";
/// What deletes rows of the organiser's `$3` first statements before a month.
macro_rules! remove_before {
    ($table:literal) => {
        limited_delete!(
            $table,
            "organiser_id, creche_id, kind, month",
            of "statement",
            "month < $2 order by kind, month, creche_id"
        )
    };
}
const REMOVE_AUTHORS: &str = remove_before!("revision_author");
const REMOVE_CORRECTIONS: &str = remove_before!("revision_correction");
const REMOVE_REVISIONS: &str = remove_before!("revision");
const REMOVE: &str = concat!(remove_before!("statement"), " returning creche_id, kind, month, mac");

/// The current state of the statement; `None` when it was never deposited.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, key: StatementKey) -> Result<Option<CurrentStatement>, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let found = row!(tx, CurrentRow, FIND, &organiser, creche, key.kind.name(), month)?;
    found.map(|row| row.checked(tx, &organiser, key.kind)).transpose()
}

/// The latest deposited statement of the same crèche and kind in or before the month of `key`.
pub async fn latest(tx: &mut Tx, organiser: OrganiserId, key: StatementKey) -> Result<Option<CurrentStatement>, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let found = row!(tx, CurrentRow, LATEST, &organiser, creche, key.kind.name(), month)?;
    found.map(|row| row.checked(tx, &organiser, key.kind)).transpose()
}

/// The first and the last month of a filter, as text that the database compares.
fn month_bounds(filter: StatementFilter) -> (String, String) {
    let from = filter.from.map_or_else(String::new, |month| month.to_string());
    (from, filter.to.map_or_else(|| "9999-12".to_owned(), |month| month.to_string()))
}

/// The current states of the statements that match the filter, ordered by crèche and month, in one query.
pub async fn list(
    tx: &mut Tx,
    organiser: OrganiserId,
    filter: StatementFilter,
) -> Result<Vec<CurrentStatement>, Error> {
    let (organiser, (from, to)) = (organiser.to_string(), month_bounds(filter));
    let found = match filter.creche {
        Some(creche) => {
            rows!(tx, CurrentRow, OF_CRECHE, &organiser, filter.kind.name(), from, to, creche.to_string())
        }
        None => rows!(tx, CurrentRow, OF_ORGANISER, &organiser, filter.kind.name(), from, to),
    }?;
    found.into_iter().map(|row| row.checked(tx, &organiser, filter.kind)).collect()
}

/// Every revision of the statement, the first first.
pub async fn revisions(tx: &mut Tx, organiser: OrganiserId, key: StatementKey) -> Result<Vec<StoredRevision>, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let found = rows!(tx, RevisionRow, REVISIONS, &organiser, creche, key.kind.name(), month)?;
    found.into_iter().map(|row| row.checked(tx, &organiser, key.kind)).collect()
}

/// One revision of the statement.
pub async fn revision(
    tx: &mut Tx,
    organiser: OrganiserId,
    key: StatementKey,
    revision: u32,
) -> Result<Option<StoredRevision>, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let revision = i64::from(revision);
    let found = row!(tx, RevisionRow, REVISION, &organiser, creche, key.kind.name(), month, revision)?;
    found.map(|row| row.checked(tx, &organiser, key.kind)).transpose()
}

/// The keys of all revisions of an organiser.
pub async fn every_revision(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<(StatementKey, u32)>, Error> {
    type Row = (String, String, String, i64);
    let found = rows!(tx, Row, EVERY_REVISION, organiser.to_string())?;
    let read = |(creche, kind, month, revision): Row| {
        let source = RowSource { table: "revision", id: &month };
        let kind = StatementKind::from_name(&kind).ok_or_else(|| source.corrupt("kind"))?;
        let revision = source.number("revision", revision)?;
        Ok((
            StatementKey { creche: source.text("creche_id", &creche)?, kind, month: source.text("month", &month)? },
            revision,
        ))
    };
    found.into_iter().map(read).collect()
}

/// The sealed document of one revision.
pub async fn document(
    tx: &mut Tx,
    organiser: OrganiserId,
    key: StatementKey,
    revision: u32,
) -> Result<Option<Vec<u8>>, Error> {
    let (organiser, creche, month) = (organiser.to_string(), key.creche.to_string(), key.month.to_string());
    let found = row!(tx, (Vec<u8>,), DOCUMENT, organiser, creche, key.kind.name(), month, i64::from(revision))?;
    Ok(found.map(|(document,)| document))
}

/// Writes a revision with its sealed document and makes it the current one, with the commit or before the next query: that
/// fails with `Changed`, and nothing is written, when `before` is not the current state, the organiser has no such crèche, or
/// it is frozen otherwise than `correction` says; without one it is not frozen.
pub fn insert(
    tx: &mut Tx,
    organiser: OrganiserId,
    kind: StatementKind,
    (new, before): (&StoredRevision, Option<&CurrentStatement>),
    document: &[u8],
    correction: Option<(CorrectionReason, Freeze)>,
) {
    let (organiser, creche, month) = (organiser.to_string(), new.creche.to_string(), new.month.to_string());
    let (revision, at) = (i64::from(new.revision), new.deposited_at.as_millisecond());
    let application = new.application.map(|id| id.to_string());
    let key = new.key.map(|id| id.to_string());
    let (lines, has_warnings, channel) = (i64::from(new.lines), i64::from(new.has_warnings), new.channel.code());
    let revision_mac = tx.row_key.mac(&revision_message(&organiser, kind, new));
    let pointer = StatementColumns {
        creche: &creche,
        month: &month,
        revision,
        status: StatementStatus::Deposited,
        updated_at: at,
    };
    let mac = tx.row_key.mac(&pointer.message(&organiser, kind, revision_mac.as_deref()));
    let name = kind.name();
    let frozen = correction.map_or(0, |(_, freeze)| freeze::number_of(freeze));
    later!(tx, OneUnlessChanged, ADVANCE, &organiser, &creche, name, &month, revision, at, &revision_mac, &mac, frozen);
    let id = format!("{creche}/{name}/{month}");
    let former = before.and_then(|before| before.mac.as_deref());
    integrity::replaced(tx, &STATEMENT, (&organiser, &id), former, mac.as_deref());
    later!(
        tx,
        Inserted,
        INSERT,
        &organiser,
        &creche,
        name,
        &month,
        revision,
        &new.fingerprint,
        &new.totals,
        lines,
        &new.warnings,
        has_warnings,
        channel,
        &application,
        &key,
        at,
        document,
        &revision_mac,
    );
    if let Some((reason, _)) = correction {
        origin::set_correction(tx, (&organiser, &creche, name, &month), revision, reason);
    }
}

/// Removes at most `most` statements of any kind of the months before this one, with all their revisions; returns how
/// many statements and how many revisions.
pub async fn remove_before(tx: &mut Tx, organiser: OrganiserId, month: Month, most: i64) -> Result<(u64, u64), Error> {
    let (organiser, month) = (organiser.to_string(), month.to_string());
    execute!(tx, REMOVE_AUTHORS, &organiser, &month, most)?.any();
    execute!(tx, REMOVE_CORRECTIONS, &organiser, &month, most)?.any();
    let revisions = execute!(tx, REMOVE_REVISIONS, &organiser, &month, most)?.any();
    let removed = rows!(tx, (String, String, String, Option<Vec<u8>>), REMOVE, &organiser, &month, most)?;
    for (creche, kind, month, mac) in &removed {
        integrity::removed(tx, &STATEMENT, &organiser, &format!("{creche}/{kind}/{month}"), mac.as_deref());
    }
    Ok((removed.len() as u64, revisions))
}

#[derive(sqlx::FromRow)]
struct RevisionRow {
    creche_id: String,
    month: String,
    revision: i64,
    fingerprint: String,
    totals: String,
    lines: i64,
    warnings: String,
    has_warnings: i64,
    channel: String,
    application_id: Option<String>,
    key_id: Option<String>,
    deposited_at: i64,
    mac: Option<Vec<u8>>,
}

impl TryFrom<RevisionRow> for StoredRevision {
    type Error = Error;

    fn try_from(row: RevisionRow) -> Result<Self, Error> {
        let id = format!("{} {} {}", row.creche_id, row.month, row.revision);
        let from = RowSource { table: "revision", id: &id };
        Ok(Self {
            creche: from.text("creche_id", &row.creche_id)?,
            month: from.text("month", &row.month)?,
            revision: from.number("revision", row.revision)?,
            lines: from.number("lines", row.lines)?,
            has_warnings: row.has_warnings == 1,
            channel: from.text("channel", &row.channel)?,
            application: from.optional("application_id", row.application_id.as_deref())?,
            key: from.optional("key_id", row.key_id.as_deref())?,
            deposited_at: from.instant("deposited_at", row.deposited_at)?,
            fingerprint: row.fingerprint,
            totals: row.totals,
            warnings: row.warnings,
        })
    }
}

#[derive(sqlx::FromRow)]
struct CurrentRow {
    #[sqlx(flatten)]
    revision: RevisionRow,
    status: String,
    updated_at: i64,
    statement_mac: Option<Vec<u8>>,
    frozen: i64,
}

impl TryFrom<CurrentRow> for CurrentStatement {
    type Error = Error;

    fn try_from(row: CurrentRow) -> Result<Self, Error> {
        let id = format!("{} {}", row.revision.creche_id, row.revision.month);
        let from = RowSource { table: "statement", id: &id };
        let stored = StatementStatus::from_code(&row.status).ok_or_else(|| from.corrupt("status"))?;
        let status = if row.frozen > 0 { StatementStatus::Locked } else { stored };
        let updated_at = from.instant("updated_at", row.updated_at)?;
        Ok(Self { status, updated_at, revision: row.revision.try_into()?, mac: row.statement_mac })
    }
}
