//! Transactions on a server.

use sqlx::postgres::PgPool;
use sqlx::{Postgres, Transaction};

use crate::runtime;

/// Begins a transaction, in a task of its own: sqlx leaves the transaction open on a connection that it gives to the next
/// request when a beginning is abandoned between BEGIN and its answer. Here it goes on and is rolled back.
pub(super) async fn begin(
    pool: &PgPool,
    statement: &'static str,
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let pool = pool.clone();
    let begun = runtime::spawn(async move { pool.begin_with(statement).await });
    begun.await.unwrap_or_else(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        // The runtime is being shut down.
        Err(_) => Err(sqlx::Error::PoolClosed),
    })
}
