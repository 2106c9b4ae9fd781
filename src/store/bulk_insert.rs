//! Inserting rows of one table, few or many. While many are inserted, other writes to an SQLite file wait.

use std::borrow::Cow;

use sqlx::AssertSqlSafe;

use super::db::{ExpectedRows, PendingWrite, Tx, on};
use super::error::Error;
use super::sql_tuples::{ROWS, tuples, values};
use super::sql_value::{SqlValue, bind_all};

/// The most rows that are collected, each with a statement of its own.
const FEW: usize = 4;

/// What inserts rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct BulkInsert {
    /// The statement up to `values`.
    pub(super) into: &'static str,
    /// How many columns it writes.
    pub(super) columns: usize,
    /// Whether a row that is stored already is left unchanged, in place of an error.
    pub(super) skips_stored: bool,
}

impl BulkInsert {
    /// Inserts the rows, each the values of its columns. Few are collected for the next query or the commit; many are written
    /// at once, in statements of [`ROWS`] rows.
    pub(super) async fn run(self, tx: &mut Tx, rows: Vec<Vec<SqlValue>>) -> Result<(), Error> {
        if rows.len() <= FEW {
            let sql = self.text(&tuples(1, self.columns, 1));
            let expected = if self.skips_stored { ExpectedRows::Any } else { ExpectedRows::Inserted };
            for values in rows {
                tx.write_later(PendingWrite { sql: Cow::Owned(sql.clone()), values, rows: expected });
            }
            return Ok(());
        }
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            self.write(tx, rows.by_ref().take(ROWS).collect()).await?;
        }
        Ok(())
    }

    async fn write(self, tx: &mut Tx, rows: Vec<Vec<SqlValue>>) -> Result<(), Error> {
        let (count, sql) = (rows.len(), AssertSqlSafe(self.text(&values(tx, rows.len(), self.columns))));
        let result = on!(tx, c => {
            let query = bind_all!(sqlx::query(sql), rows.into_iter().flatten());
            query.execute(c).await.map(|result| result.rows_affected())
        });
        let written = tx.track_write(result)?;
        if self.skips_stored { written.at_most(count) } else { written.exactly(count) }
    }

    fn text(self, tuples: &str) -> String {
        let rest = if self.skips_stored { " on conflict do nothing" } else { "" };
        format!("{} {tuples}{rest}", self.into)
    }
}
