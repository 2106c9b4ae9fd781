//! The log of software's calls, numbered without holes for each organiser in the order of the commits: the row with the last
//! number is held while calls are written, so that a reader who saw a number has seen, or can still read, all before it.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::call_reach;
use super::db::{Tx, execute, on, row};
use super::error::Error;
use super::source::{RowSource, all, optional};
use super::sql_tuples::{ROWS, values};
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

const ADVANCE: &str = "insert into api_request_log (organiser_id, last_number) values ($1, $2) \
                       on conflict (organiser_id) do update set last_number = api_request_log.last_number + $2 \
                       returning last_number";
const LAST: &str = "select last_number from api_request_log where organiser_id = $1";
const INSERT: &str = "insert into api_request (organiser_id, number, id, at, application_id, key_id, creche_id, operation, \
                      method, path, status, problem, verdict_id, millis, media, body_bytes, body, body_is_cut) values";
/// How many columns that is.
const COLUMNS: usize = 18;
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

/// Appends calls of one organiser in their order, each with its body. The organiser's log is held until the transaction ends.
pub async fn append(
    tx: &mut Tx,
    organiser: OrganiserId,
    new: &[(&LoggedRequest, Option<SealedBody>)],
) -> Result<(), Error> {
    let owner = organiser.to_string();
    let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
    let (last,) = row!(tx, (i64,), ADVANCE, &owner, count)?.ok_or(Error::Rows(0))?;
    let mut number = last - count;
    for chunk in new.chunks(ROWS) {
        let sql = AssertSqlSafe(format!("{INSERT} {}", values(tx, chunk.len(), COLUMNS)));
        let done = on!(tx, c => {
            let mut query = sqlx::query(sql);
            for (request, body) in chunk {
                number += 1;
                query = query.bind(&owner).bind(number).bind(request.id.to_string()).bind(request.at.as_millisecond());
                query = query.bind(request.application.to_string()).bind(request.key.to_string());
                query = query.bind(request.creche.map(|id| id.to_string())).bind(request.operation.as_deref());
                query = query.bind(&request.method).bind(&request.path).bind(i64::from(request.status));
                query = query.bind(request.problem.as_deref()).bind(request.verdict.map(|id| id.to_string()));
                query = query.bind(i64::from(request.millis)).bind(request.media.as_deref());
                query = query.bind(request.body_bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)));
                query = query.bind(body.as_ref().map(|body| body.sealed.as_slice()));
                query = query.bind(body.as_ref().map(|body| i64::from(body.is_cut)));
            }
            query.execute(c).await.map(|done| done.rows_affected())
        });
        tx.track_write(done)?.exactly(chunk.len())?;
    }
    Ok(())
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
