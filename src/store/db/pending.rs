//! Statements that are sent to the database together: they are collected by a transaction and written with its commit, or
//! before its next query. On SQLite each call to the database costs two switches between threads, more than most
//! statements cost themselves.

use std::fmt::Write as _;

use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments as _, AssertSqlSafe, Either, Executor as _, Postgres};

use super::sqlite::SqliteConnections;
use crate::store::error::Error;

/// A value of a statement.
#[derive(Debug, Clone)]
pub(crate) enum SqlValue {
    /// Text.
    Text(Option<String>),
    /// A number.
    Number(Option<i64>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

macro_rules! sql_value {
    ($($from:ty => $variant:ident($value:ident) $some:expr;)+) => {
        $(impl From<$from> for SqlValue {
            fn from($value: $from) -> Self {
                Self::$variant($some)
            }
        })+
    };
}
sql_value! {
    &str => Text(text) Some(text.to_owned());
    &String => Text(text) Some(text.clone());
    String => Text(text) Some(text);
    &Option<String> => Text(text) text.clone();
    Option<String> => Text(text) text;
    i64 => Number(number) Some(number);
    Option<i64> => Number(number) number;
    &[u8] => Bytes(bytes) Some(bytes.to_vec());
    &Option<Vec<u8>> => Bytes(bytes) bytes.clone();
    Option<Vec<u8>> => Bytes(bytes) bytes;
}

/// How many rows a statement has to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExpectedRows {
    /// Any number.
    Any,
    /// Any number of deliveries, of which the dispatcher is notified after the commit.
    Deliveries,
    /// One; another number is an error.
    One,
    /// One; with another number, what was read before has changed.
    OneUnlessChanged,
    /// One; with another number, the audit chain has another end.
    OneUnlessMoved,
}

impl ExpectedRows {
    const fn check(self, rows: u64) -> Result<(), Error> {
        match self {
            Self::Any | Self::Deliveries => Ok(()),
            Self::One | Self::OneUnlessChanged | Self::OneUnlessMoved if rows == 1 => Ok(()),
            Self::One => Err(Error::Rows(rows)),
            Self::OneUnlessChanged => Err(Error::Changed),
            Self::OneUnlessMoved => Err(Error::HeadMoved),
        }
    }
}

/// A statement with its values that is not sent yet.
#[derive(Debug, Clone)]
pub(crate) struct PendingWrite {
    pub(crate) sql: &'static str,
    pub(crate) values: Vec<SqlValue>,
    pub(crate) rows: ExpectedRows,
}

/// Collects a statement of a transaction.
macro_rules! later {
    ($tx:expr, $rows:ident, $sql:expr $(, $value:expr)* $(,)?) => {
        $tx.write_later($crate::store::db::PendingWrite {
            sql: $sql,
            values: vec![$($value.into()),*],
            rows: $crate::store::db::ExpectedRows::$rows,
        })
    };
}
pub(crate) use later;

/// The statements as one text, whose placeholders are numbered through, and all their values.
fn joined(first: &str, writes: &[PendingWrite]) -> Result<(String, SqliteArguments), sqlx::Error> {
    let mut text = String::with_capacity(first.len() + writes.iter().map(|write| write.sql.len() + 16).sum::<usize>());
    let (mut arguments, mut before) = (SqliteArguments::default(), 0);
    text.push_str(first);
    for write in writes {
        renumber(&mut text, write.sql, before);
        text.push(';');
        before += write.values.len();
        for value in write.values.clone() {
            let added = match value {
                SqlValue::Text(text) => arguments.add(text),
                SqlValue::Number(number) => arguments.add(number),
                SqlValue::Bytes(bytes) => arguments.add(bytes),
            };
            added.map_err(sqlx::Error::Encode)?;
        }
    }
    Ok((text, arguments))
}

/// Appends a statement with `by` added to the numbers of its placeholders.
fn renumber(text: &mut String, sql: &str, by: usize) {
    let mut parts = sql.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        let number = number.parse::<usize>().unwrap_or_default() + by;
        write!(text, "${number}{rest}").expect("writing to a string");
    }
}

/// What statements have written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SentWrites {
    /// Whether there are deliveries among it.
    pub(super) has_deliveries: bool,
}

impl SentWrites {
    /// Counts the rows that one statement wrote.
    fn add(&mut self, expected: ExpectedRows, rows: u64) -> Result<(), Error> {
        self.has_deliveries |= expected == ExpectedRows::Deliveries && rows > 0;
        expected.check(rows)
    }
}

/// Sends the statements in one call, and checks how many rows each wrote.
async fn send(
    connection: &mut SqliteConnection,
    text: String,
    arguments: SqliteArguments,
    rows: &[ExpectedRows],
) -> Result<SentWrites, Error> {
    let mut results = connection.fetch_many(sqlx::query_with(AssertSqlSafe(text), arguments));
    let (mut expected, mut sent) = (rows.iter(), SentWrites::default());
    while let Some(result) = std::future::poll_fn(|context| results.as_mut().poll_next(context)).await {
        if let Either::Left(done) = result? {
            sent.add(*expected.next().unwrap_or(&ExpectedRows::Any), done.rows_affected())?;
        }
    }
    Ok(sent)
}

/// Sends the statements within a transaction that has begun.
pub(super) async fn send_sqlite(
    connection: &mut SqliteConnection,
    writes: &[PendingWrite],
) -> Result<SentWrites, Error> {
    let (text, arguments) = joined("", writes)?;
    let rows: Vec<_> = writes.iter().map(|write| write.rows).collect();
    send(connection, text, arguments, &rows).await
}

/// The same on a server, one by one.
pub(super) async fn send_postgres(
    connection: &mut sqlx::PgConnection,
    writes: &[PendingWrite],
) -> Result<SentWrites, Error> {
    let mut sent = SentWrites::default();
    for write in writes {
        let query = write.values.iter().cloned().fold(sqlx::query::<Postgres>(write.sql), |query, value| match value {
            SqlValue::Text(text) => query.bind(text),
            SqlValue::Number(number) => query.bind(number),
            SqlValue::Bytes(bytes) => query.bind(bytes),
        });
        sent.add(write.rows, query.execute(&mut *connection).await?.rows_affected())?;
    }
    Ok(sent)
}

/// Sends the statements as a transaction of their own: its beginning with them in one call, and the commit when each has
/// written the rows that it had to.
pub(super) async fn commit_alone(
    connections: &SqliteConnections,
    writes: &[PendingWrite],
) -> Result<SentWrites, Error> {
    let (text, arguments) = joined("begin immediate;", writes)?;
    let rows: Vec<_> = std::iter::once(ExpectedRows::Any).chain(writes.iter().map(|write| write.rows)).collect();
    let mut tx = connections.take().await?;
    tx.opens();
    let sent = send(&mut tx, text, arguments, &rows).await?;
    tx.commit().await?;
    Ok(sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through() {
        let write = |sql, values: usize| PendingWrite {
            sql,
            values: vec![SqlValue::Number(None); values],
            rows: ExpectedRows::Any,
        };
        let writes =
            [write("insert into a values ($1, $2)", 2), write("update b set c = $2 where d = $1 and e = $12", 12)];
        let (text, _) = joined("begin;", &writes).unwrap();
        assert_eq!(text, "begin;insert into a values ($1, $2);update b set c = $4 where d = $3 and e = $14;");
    }
}
