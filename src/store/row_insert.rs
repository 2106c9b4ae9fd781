//! Inserting rows of one table, few or many. While many are inserted, other writes to an SQLite file wait.

use std::borrow::Cow;

use sqlx::AssertSqlSafe;

use super::db::{ExpectedRows, PendingWrite, Tx, on};
use super::error::Error;
use super::sql_tuples::{ROWS, tuples, values};
use super::sql_value::{SqlValue, bind_all};

/// The most rows that are collected.
const FEW: usize = 4;

/// The statement that inserts rows of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowInsert {
    /// Its text up to `values`.
    pub(super) into: &'static str,
    /// How many columns it writes.
    pub(super) columns: usize,
    /// What it does with a row whose key is stored already.
    pub(super) stored: StoredRow,
}

/// What is done with a row whose key is stored already.
#[derive(Debug, Clone, Copy)]
pub(super) enum StoredRow {
    /// It is an error.
    Fails,
    /// The stored row is left unchanged.
    Stays,
    /// The stored row is changed by this clause; it is an error when the clause changes none.
    Changes(&'static str),
}

impl RowInsert {
    /// Inserts the rows, each the values of its columns. Few are collected for the next query or the commit; many are written
    /// at once, in statements of [`ROWS`] rows. Fails with `Rows` when another number of rows is written.
    pub(super) async fn run(self, tx: &mut Tx, rows: Vec<Vec<SqlValue>>) -> Result<(), Error> {
        if rows.len() <= FEW {
            if !rows.is_empty() {
                tx.write_later(self.collected(rows));
            }
            return Ok(());
        }
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            self.write(tx, rows.by_ref().take(ROWS).collect()).await?;
        }
        Ok(())
    }

    fn collected(self, rows: Vec<Vec<SqlValue>>) -> PendingWrite {
        let expected = match self.stored {
            StoredRow::Stays => ExpectedRows::Any,
            StoredRow::Fails | StoredRow::Changes(_) => ExpectedRows::Exactly(rows.len() as u64),
        };
        let sql = Cow::Owned(self.text(&tuples(rows.len(), self.columns, 1)));
        PendingWrite { sql, values: rows.into_iter().flatten().collect(), rows: expected }
    }

    async fn write(self, tx: &mut Tx, rows: Vec<Vec<SqlValue>>) -> Result<(), Error> {
        let (count, sql) = (rows.len(), AssertSqlSafe(self.text(&values(tx, rows.len(), self.columns))));
        let result = on!(tx, c => {
            let query = bind_all!(sqlx::query(sql), rows.into_iter().flatten());
            query.execute(c).await.map(|result| result.rows_affected())
        });
        let written = tx.track_write(result)?;
        if matches!(self.stored, StoredRow::Stays) { written.at_most(count) } else { written.exactly(count) }
    }

    fn text(self, tuples: &str) -> String {
        let rest = match self.stored {
            StoredRow::Fails => "",
            StoredRow::Stays => "on conflict do nothing",
            StoredRow::Changes(clause) => clause,
        };
        format!("{} {tuples} {rest}", self.into)
    }
}
