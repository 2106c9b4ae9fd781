//! Verdicts: the outcome of each deposit and dry run. Counts only, never content.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::call_reach;
use super::db::{Tx, execute, later, on, row};
use super::error::Error;
use super::limited_delete::limited_delete;
use super::source::{RowSource, all, optional};
use super::sql_tuples::tuples;
use crate::domain::deposit::{DepositKind, DepositOutcome, DepositSubject, VerdictFilter, VerdictPlace};
use crate::domain::key::KeyId;
use crate::domain::statement::{Channel, StatementKind};
use crate::ids::{ApplicationId, OrganiserId, VerdictId};

/// One verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictRecord {
    /// Its id.
    pub id: VerdictId,
    /// The document that it is on.
    pub subject: DepositSubject,
    /// When.
    pub at: Timestamp,
    /// The application; `None` for a person.
    pub application: Option<ApplicationId>,
    /// The key; `None` for a person.
    pub key: Option<KeyId>,
    /// The channel of the document.
    pub channel: Channel,
    /// How it ended.
    pub outcome: DepositOutcome,
    /// How many errors.
    pub errors: u32,
    /// How many warnings.
    pub warnings: u32,
    /// JSON: rule code to number of findings.
    pub counts: String,
    /// The revision that was made, or that had the same content.
    pub revision: Option<u32>,
}

impl VerdictRecord {
    /// Its place among all.
    pub fn place(&self) -> VerdictPlace {
        VerdictPlace { at: self.at.as_millisecond(), id: self.id }
    }
}

const INSERT: &str = "insert into verdict (organiser_id, id, creche_id, kind, period, at, application_id, key_id, \
                      channel, outcome, errors, warnings, counts, revision) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
macro_rules! of_organiser {
    ($rest:literal) => {
        concat!(
            "select id, creche_id, kind, period, at, application_id, key_id, channel, outcome, errors, warnings, counts, \
             revision from verdict where organiser_id = $1",
            $rest
        )
    };
}
const OF_ORGANISER: &str = of_organiser!("");
const FIND: &str = of_organiser!(" and id = $2");
const LIST: &str = of_organiser!(
    " and (at, id) < ($2, $3) and ($4 = '' or creche_id = $4) and ($5 = '' or application_id = $5) \
     and ($6 = '' or outcome = $6) and ($7 = '' or period = $7) and ($8 = '' or kind = $8) and at >= $9 and at <= $10"
);
const LATEST_FIRST: &str = " order by at desc, id desc limit $11";
const REMOVE: &str = limited_delete!("verdict", "id", "at < $2");

/// Stores a verdict, with the commit or before the next query.
pub fn insert(tx: &mut Tx, organiser: OrganiserId, new: &VerdictRecord) {
    let (organiser, id) = (organiser.to_string(), new.id.to_string());
    let (creche, period) = new.subject.place().map(|(creche, period)| (creche.to_string(), period.to_string())).unzip();
    let application = new.application.map(|id| id.to_string());
    let key = new.key.map(|id| id.to_string());
    let (channel, outcome, at) = (new.channel.code(), new.outcome.code(), new.at.as_millisecond());
    let (errors, warnings, revision) = (i64::from(new.errors), i64::from(new.warnings), new.revision.map(i64::from));
    later!(
        tx,
        Inserted,
        INSERT,
        &organiser,
        &id,
        &creche,
        new.subject.kind_name(),
        &period,
        at,
        &application,
        &key,
        channel,
        outcome,
        errors,
        warnings,
        &new.counts,
        revision,
    );
}

/// The organiser's verdict with this id.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, id: VerdictId) -> Result<Option<VerdictRecord>, Error> {
    optional(row!(tx, VerdictRow, FIND, organiser.to_string(), id.to_string())?)
}

/// The organiser's verdicts with these ids, in any order.
pub async fn find_all(tx: &mut Tx, organiser: OrganiserId, ids: &[VerdictId]) -> Result<Vec<VerdictRecord>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = AssertSqlSafe(format!("{OF_ORGANISER} and id in {}", tuples(1, ids.len(), 2)));
    let found = on!(tx, c => {
        let query = sqlx::query_as::<_, VerdictRow>(sql).bind(organiser.to_string());
        ids.iter().fold(query, |query, id| query.bind(id.to_string())).fetch_all(c).await
    })?;
    all(found)
}

/// Verdicts, the latest first, at most `limit`; `before` is the place of the last one of the preceding page.
pub async fn list(
    tx: &mut Tx,
    organiser: OrganiserId,
    filter: &VerdictFilter,
    before: Option<VerdictPlace>,
    limit: u32,
) -> Result<Vec<VerdictRecord>, Error> {
    let creche = filter.creche.map_or_else(String::new, |id| id.to_string());
    let application = filter.application.map_or_else(String::new, |id| id.to_string());
    let period = filter.period.map_or_else(String::new, |period| period.to_string());
    let (outcome, kind) = (filter.outcome.map_or("", DepositOutcome::code), filter.kind.map_or("", DepositKind::name));
    let (at, id) = before.map_or((i64::MAX, String::new()), |place| (place.at, place.id.to_string()));
    let from = filter.from.map_or(i64::MIN, Timestamp::as_millisecond);
    let until = filter.until.map_or(i64::MAX, Timestamp::as_millisecond);
    let sql = AssertSqlSafe(format!("{LIST}{}{LATEST_FIRST}", call_reach::condition(&filter.reach, 12)));
    let found = on!(tx, c => {
        let query = sqlx::query_as::<_, VerdictRow>(sql).bind(organiser.to_string()).bind(at).bind(id).bind(creche);
        let query = query.bind(application).bind(outcome).bind(period).bind(kind).bind(from).bind(until);
        let query = query.bind(i64::from(limit));
        call_reach::values(&filter.reach).into_iter().fold(query, sqlx::query::QueryAs::bind).fetch_all(c).await
    })?;
    all(found)
}

/// Removes at most `most` verdicts from before this instant; returns how many.
pub async fn remove_before(tx: &mut Tx, organiser: OrganiserId, at: Timestamp, most: i64) -> Result<u64, Error> {
    Ok(execute!(tx, REMOVE, organiser.to_string(), at.as_millisecond(), most)?.any())
}

#[derive(sqlx::FromRow)]
struct VerdictRow {
    id: String,
    creche_id: Option<String>,
    kind: String,
    period: Option<String>,
    at: i64,
    application_id: Option<String>,
    key_id: Option<String>,
    channel: String,
    outcome: String,
    errors: i64,
    warnings: i64,
    counts: String,
    revision: Option<i64>,
}

impl TryFrom<VerdictRow> for VerdictRecord {
    type Error = Error;

    fn try_from(row: VerdictRow) -> Result<Self, Error> {
        let from = RowSource { table: "verdict", id: &row.id };
        Ok(Self {
            id: from.text("id", &row.id)?,
            subject: if row.kind == DepositSubject::StaffRegister.kind_name() {
                DepositSubject::StaffRegister
            } else {
                DepositSubject::Statement {
                    creche: from.text("creche_id", row.creche_id.as_deref().unwrap_or_default())?,
                    kind: StatementKind::from_name(&row.kind).ok_or_else(|| from.corrupt("kind"))?,
                    period: from.text("period", row.period.as_deref().unwrap_or_default())?,
                }
            },
            at: from.instant("at", row.at)?,
            application: from.optional("application_id", row.application_id.as_deref())?,
            key: from.optional("key_id", row.key_id.as_deref())?,
            channel: from.text("channel", &row.channel)?,
            outcome: from.text("outcome", &row.outcome)?,
            errors: from.number("errors", row.errors)?,
            warnings: from.number("warnings", row.warnings)?,
            revision: row.revision.map(|revision| from.number("revision", revision)).transpose()?,
            counts: row.counts,
        })
    }
}
