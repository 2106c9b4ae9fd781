//! Statements that are sent to the database together: they are collected by a transaction and written with its commit, or
//! before its next query. On SQLite each call to the database costs two switches between threads, more than most
//! statements cost themselves.

use std::borrow::Cow;
use std::fmt::Write as _;

use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments as _, AssertSqlSafe, Either, Executor as _};

use super::sqlite::SqliteConnections;
use crate::store::error::Error;
use crate::store::sql_value::SqlValue;

/// How many rows a statement has to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExpectedRows {
    /// Any number.
    Any,
    /// Any number of deliveries, of which the dispatcher is notified after the commit.
    Deliveries,
    /// One; another number is an error.
    One,
    /// So many; another number is an error.
    Exactly(u64),
    /// One, by an insert that has a row to write and so writes it or fails: no further statement has to look.
    Inserted,
    /// One; with another number, what was read before has changed.
    OneUnlessChanged,
    /// One; with another number, the audit chain has another end.
    OneUnlessMoved,
}

impl ExpectedRows {
    /// The number without which the transaction ends, although the statement itself did not fail.
    const fn required(self) -> Option<u64> {
        match self {
            Self::One | Self::OneUnlessChanged | Self::OneUnlessMoved => Some(1),
            Self::Exactly(rows) => Some(rows),
            Self::Any | Self::Deliveries | Self::Inserted => None,
        }
    }

    const fn check(self, rows: u64) -> Result<(), Error> {
        match self {
            Self::Any | Self::Deliveries => Ok(()),
            Self::Exactly(expected) if rows == expected => Ok(()),
            Self::Exactly(_) => Err(Error::Rows(rows)),
            _ if rows == 1 => Ok(()),
            Self::One | Self::Inserted => Err(Error::Rows(rows)),
            Self::OneUnlessChanged => Err(Error::Changed),
            Self::OneUnlessMoved => Err(Error::HeadMoved),
        }
    }
}

/// A statement with its values that is not sent yet.
#[derive(Debug, Clone)]
pub(crate) struct PendingWrite {
    pub(crate) sql: Cow<'static, str>,
    pub(crate) values: Vec<SqlValue>,
    pub(crate) rows: ExpectedRows,
}

/// Collects a statement of a transaction.
macro_rules! later {
    ($tx:expr, $rows:ident, $sql:expr $(, $value:expr)* $(,)?) => {
        $tx.write_later($crate::store::db::PendingWrite {
            sql: $sql.into(),
            values: vec![$($value.into()),*],
            rows: $crate::store::db::ExpectedRows::$rows,
        })
    };
}
pub(crate) use later;

/// Fails unless the statement before it has written so many rows: the condition has an overflow then, and what follows is not
/// run.
fn require(rows: u64) -> String {
    format!("select 1 where abs(iif(changes() = {rows}, 0, -9223372036854775807 - 1)) > 0")
}

/// Statements in one text, whose placeholders are numbered through, with all their values.
#[derive(Default)]
struct Script {
    text: String,
    arguments: SqliteArguments,
    values: usize,
    /// How many rows each statement has to write.
    rows: Vec<ExpectedRows>,
}

impl Script {
    /// Adds a statement without values.
    fn add(&mut self, sql: &str) {
        self.text.push_str(sql);
        self.text.push(';');
        self.rows.push(ExpectedRows::Any);
    }

    /// Adds a statement with its values.
    fn add_write(&mut self, write: &PendingWrite) -> Result<(), sqlx::Error> {
        renumber(&mut self.text, &write.sql, self.values);
        self.text.push(';');
        self.rows.push(write.rows);
        self.values += write.values.len();
        for value in write.values.clone() {
            let added = match value {
                SqlValue::Text(text) => self.arguments.add(text),
                SqlValue::Number(number) => self.arguments.add(number),
                SqlValue::Bytes(bytes) => self.arguments.add(bytes),
            };
            added.map_err(sqlx::Error::Encode)?;
        }
        Ok(())
    }
}

/// Appends a statement with `by` added to the numbers of its placeholders.
pub(super) fn renumber(text: &mut String, sql: &str, by: usize) {
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
    pub(super) fn add(&mut self, expected: ExpectedRows, rows: u64) -> Result<(), Error> {
        self.has_deliveries |= expected == ExpectedRows::Deliveries && rows > 0;
        expected.check(rows)
    }
}

/// The most statements of a text that is kept prepared.
const KEPT_STATEMENTS: usize = 64;

/// Sends the statements in one call, and checks how many rows each wrote.
async fn send(connection: &mut SqliteConnection, script: Script) -> Result<SentWrites, Error> {
    let Script { text, arguments, rows, .. } = script;
    // A long text is not sent again: its statements are not kept prepared.
    let query = sqlx::query_with(AssertSqlSafe(text), arguments).persistent(rows.len() <= KEPT_STATEMENTS);
    let mut results = connection.fetch_many(query);
    let (mut expected, mut sent) = (rows.into_iter(), SentWrites::default());
    while let Some(result) = std::future::poll_fn(|context| results.as_mut().poll_next(context)).await {
        if let Either::Left(done) = result? {
            sent.add(expected.next().unwrap_or(ExpectedRows::Any), done.rows_affected())?;
        }
    }
    Ok(sent)
}

/// Sends the statements within a transaction that has begun.
pub(super) async fn send_sqlite(
    connection: &mut SqliteConnection,
    writes: &[PendingWrite],
) -> Result<SentWrites, Error> {
    let mut script = Script::default();
    writes.iter().try_for_each(|write| script.add_write(write))?;
    send(connection, script).await
}

/// Sends the statements as a transaction of their own, from its beginning to its commit in one call. It ends before the commit
/// when a statement has not written the rows that it had to.
pub(super) async fn commit_alone(
    connections: &SqliteConnections,
    writes: &[PendingWrite],
) -> Result<SentWrites, Error> {
    let script = whole_transaction(writes)?;
    let mut tx = connections.take().await?;
    tx.opens();
    let sent = send(&mut tx, script).await?;
    tx.is_committed();
    Ok(sent)
}

fn whole_transaction(writes: &[PendingWrite]) -> Result<Script, sqlx::Error> {
    let mut script = Script::default();
    script.add("begin immediate");
    for write in writes {
        script.add_write(write)?;
        if let Some(rows) = write.rows.required() {
            script.add(&require(rows));
        }
    }
    script.add("commit");
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::SqliteConnectOptions;

    #[test]
    fn placeholders_are_numbered_through() {
        let write = |sql, values: usize| PendingWrite {
            sql: Cow::Borrowed(sql),
            values: vec![SqlValue::Number(None); values],
            rows: ExpectedRows::Any,
        };
        let writes =
            [write("insert into a values ($1, $2)", 2), write("update b set c = $2 where d = $1 and e = $12", 12)];
        let script = whole_transaction(&writes).unwrap();
        let statements = "insert into a values ($1, $2);update b set c = $4 where d = $3 and e = $14;";
        assert_eq!(script.text, format!("begin immediate;{statements}commit;"));
    }

    const fn write(sql: &'static str, rows: ExpectedRows) -> PendingWrite {
        PendingWrite { sql: Cow::Borrowed(sql), values: Vec::new(), rows }
    }

    #[tokio::test]
    async fn a_statement_that_does_not_write_its_row_ends_the_transaction_before_its_commit() {
        let folder = tempfile::tempdir().unwrap();
        let file = SqliteConnectOptions::new().filename(folder.path().join("file.db")).create_if_missing(true);
        let connections = SqliteConnections::open(file, 1).await.unwrap();
        let create = write("create table thing (name text not null)", ExpectedRows::Any);
        commit_alone(&connections, &[create]).await.unwrap();
        let insert = write("insert into thing (name) values ('a')", ExpectedRows::One);
        let nothing = write("update thing set name = 'b' where name = 'c'", ExpectedRows::OneUnlessChanged);
        let refused = commit_alone(&connections, &[insert.clone(), nothing, insert.clone()]).await;
        assert!(matches!(refused, Err(Error::Changed)), "{refused:?}");
        let count = async || {
            let mut tx = connections.take().await.unwrap();
            sqlx::query_scalar::<_, i64>("select count(*) from thing").fetch_one(&mut *tx).await.unwrap()
        };
        assert_eq!(count().await, 0);
        commit_alone(&connections, &[insert.clone(), insert]).await.unwrap();
        assert_eq!(count().await, 2);
    }
}
