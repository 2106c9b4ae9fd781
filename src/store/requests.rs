//! The log of software's calls, numbered without holes for each organiser in the order of the commits: the row with the last
//! number is held while calls are written, so that a reader who saw a number has seen, or can still read, all before it.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::call_reach;
use super::db::{Tx, execute, on, row};
use super::error::Error;
use super::row_insert::{RowInsert, StoredRow};
use super::source::{RowSource, all, optional};
use super::sql_tuples::{ROWS, values};
use super::sql_value::SqlValue;
use crate::domain::calls::{LoggedRequest, OperationName, RequestFilter, RequestPlace};
use crate::ids::{OrganiserId, RequestId};

/// A stored call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// Its number in the log of the organiser.
    pub number: u64,
    /// The call, without its body.
    pub request: LoggedRequest,
    /// Its body; of a call that was looked up alone.
    pub body: Option<SealedBody>,
}

/// A sealed body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedBody {
    /// The masked body, sealed.
    pub sealed: Vec<u8>,
    /// Whether the rest of it is left out.
    pub is_cut: bool,
}

const ADVANCE: &str = "insert into api_request_log (organiser_id, last_number) values";
const RAISE: &str = "on conflict (organiser_id) do update set \
                     last_number = api_request_log.last_number + excluded.last_number returning organiser_id, last_number";
const LAST: &str = "select last_number from api_request_log where organiser_id = $1";
const INSERT: RowInsert = RowInsert {
    into: "insert into api_request (organiser_id, number, id, at, application_id, key_id, creche_id, operation, \
           method, path, status, problem, verdict_id, millis, media, body_bytes, body, body_is_cut) values",
    columns: 18,
    stored: StoredRow::Fails,
};
macro_rules! select {
    ($body:literal, $rest:literal) => {
        concat!(
            "select organiser_id, number, id, at, application_id, key_id, creche_id, operation, method, path, status, \
             problem, verdict_id, millis, media, body_bytes, body_is_cut, ",
            $body,
            " as body from api_request where organiser_id = $1 ",
            $rest
        )
    };
}
const FIND: &str = select!("body", "and id = $2");
const LIST: &str = select!(
    "cast(null as bytea)",
    "and number < $2 and number > $3 and ($4 = 0 or (status >= $4 and status < $4 + 100)) \
     and ($5 = '' or operation = $5) and at >= $6 and at <= $7"
);
// Rows are removed from the first on: their numbers are in the order of their instants, within what gateways differ.
const REMOVE: &str = "delete from api_request where (organiser_id, number) in (select organiser_id, number from \
                      (select organiser_id, number, at from api_request where organiser_id = $1 order by number limit $3) \
                      as earliest where at < $2)";

/// Appends calls of organisers, those of each in their order and with their bodies. The logs of the organisers are held until
/// the transaction ends; they are taken in the order of the organisers, so that two writes do not deadlock.
pub async fn append(
    tx: &mut Tx,
    new: BTreeMap<OrganiserId, Vec<(&LoggedRequest, Option<SealedBody>)>>,
) -> Result<(), Error> {
    let counts: Vec<_> = new.iter().map(|(organiser, calls)| (organiser.to_string(), calls.len())).collect();
    let last = advance(tx, &counts).await?;
    let mut rows = Vec::new();
    for ((organiser, count), calls) in counts.iter().zip(new.into_values()) {
        let last = last.get(organiser).ok_or(Error::Rows(0))?;
        let first = last - i64::try_from(*count).unwrap_or(i64::MAX) + 1;
        rows.extend((first..).zip(calls).map(|(number, (call, body))| values_of(organiser, number, call, body)));
    }
    INSERT.run(tx, rows).await
}

/// Raises the last number of each log by so many: the numbers after it.
async fn advance(tx: &mut Tx, counts: &[(String, usize)]) -> Result<HashMap<String, i64>, Error> {
    let mut last = HashMap::new();
    for chunk in counts.chunks(ROWS) {
        let sql = AssertSqlSafe(format!("{ADVANCE} {} {RAISE}", values(tx, chunk.len(), 2)));
        last.extend(on!(tx, c => {
            let mut query = sqlx::query_as::<_, (String, i64)>(sql);
            for (organiser, count) in chunk {
                query = query.bind(organiser).bind(i64::try_from(*count).unwrap_or(i64::MAX));
            }
            query.fetch_all(c).await
        })?);
    }
    Ok(last)
}

fn values_of(organiser: &str, number: i64, call: &LoggedRequest, body: Option<SealedBody>) -> Vec<SqlValue> {
    let (sealed, is_cut) = body.map(|body| (body.sealed, i64::from(body.is_cut))).unzip();
    vec![
        organiser.into(),
        number.into(),
        call.id.to_string().into(),
        call.at.as_millisecond().into(),
        call.application.to_string().into(),
        call.key.to_string().into(),
        call.creche.map(|id| id.to_string()).into(),
        call.operation.as_deref().into(),
        call.method.as_str().into(),
        call.path.as_str().into(),
        i64::from(call.status).into(),
        call.problem.as_deref().into(),
        call.verdict.map(|id| id.to_string()).into(),
        i64::from(call.millis).into(),
        call.media.as_deref().into(),
        call.body_bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)).into(),
        sealed.into(),
        is_cut.into(),
    ]
}

/// The number of the organiser's last call; 0 before the first.
pub async fn last_number(tx: &mut Tx, organiser: OrganiserId) -> Result<u64, Error> {
    Ok(row!(tx, (i64,), LAST, organiser.to_string())?.map_or(0, |(last,)| last.cast_unsigned()))
}

/// The organiser's call with this id.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, id: RequestId) -> Result<Option<RequestRecord>, Error> {
    optional(row!(tx, RequestRow, FIND, organiser.to_string(), id.to_string())?)
}

/// At most `limit` calls, in the order of `place`.
pub async fn list(
    tx: &mut Tx,
    organiser: OrganiserId,
    filter: &RequestFilter,
    place: RequestPlace,
    limit: u32,
) -> Result<Vec<RequestRecord>, Error> {
    let bounded = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (before, after, order) = match place {
        RequestPlace::Before(before) => (before.map_or(i64::MAX, bounded), 0, "desc"),
        RequestPlace::After(after) => (i64::MAX, bounded(after), "asc"),
    };
    let condition = call_reach::condition(&filter.reach, 9);
    let sql = AssertSqlSafe(format!("{LIST}{condition} order by number {order} limit $8"));
    let status = filter.status.map_or(0, |class| i64::from(class.least()));
    let from = filter.from.map_or(i64::MIN, Timestamp::as_millisecond);
    let until = filter.until.map_or(i64::MAX, Timestamp::as_millisecond);
    let operation = filter.operation.as_ref().map(OperationName::as_str).unwrap_or_default();
    let found = on!(tx, c => {
        let query = sqlx::query_as::<_, RequestRow>(sql).bind(organiser.to_string()).bind(before).bind(after);
        let query = query.bind(status).bind(operation).bind(from).bind(until).bind(i64::from(limit));
        call_reach::values(&filter.reach).into_iter().fold(query, sqlx::query::QueryAs::bind).fetch_all(c).await
    })?;
    all(found)
}

/// Removes at most `most` calls from before this instant; returns how many.
pub async fn remove_before(tx: &mut Tx, organiser: OrganiserId, at: Timestamp, most: i64) -> Result<u64, Error> {
    Ok(execute!(tx, REMOVE, organiser.to_string(), at.as_millisecond(), most)?.any())
}

#[derive(sqlx::FromRow)]
struct RequestRow {
    organiser_id: String,
    number: i64,
    id: String,
    at: i64,
    application_id: String,
    key_id: String,
    creche_id: Option<String>,
    operation: Option<String>,
    method: String,
    path: String,
    status: i64,
    problem: Option<String>,
    verdict_id: Option<String>,
    millis: i64,
    media: Option<String>,
    body_bytes: Option<i64>,
    body: Option<Vec<u8>>,
    body_is_cut: Option<i64>,
}

impl TryFrom<RequestRow> for RequestRecord {
    type Error = Error;

    fn try_from(row: RequestRow) -> Result<Self, Error> {
        let from = RowSource { table: "api_request", id: &row.id };
        let request = LoggedRequest {
            id: from.text("id", &row.id)?,
            organiser: from.text("organiser_id", &row.organiser_id)?,
            at: from.instant("at", row.at)?,
            application: from.text("application_id", &row.application_id)?,
            key: from.text("key_id", &row.key_id)?,
            creche: from.optional("creche_id", row.creche_id.as_deref())?,
            operation: row.operation,
            method: row.method,
            path: row.path,
            status: from.number("status", row.status)?,
            problem: row.problem,
            verdict: from.optional("verdict_id", row.verdict_id.as_deref())?,
            millis: from.number("millis", row.millis)?,
            media: row.media,
            body_bytes: row.body_bytes.map(|bytes| from.number("body_bytes", bytes)).transpose()?,
            body: None,
        };
        let body = row.body.map(|sealed| SealedBody { sealed, is_cut: row.body_is_cut == Some(1) });
        Ok(Self { number: from.number("number", row.number)?, request, body })
    }
}
