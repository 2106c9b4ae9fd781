//! Opening the pools of an engine.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::str::FromStr as _;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous as Synchronous,
};

use super::EnginePools;
use super::options::PATIENCE;
use crate::store::error::Error;

/// A pool of `connections` connections to a server.
pub(super) async fn postgres(url: &str, connections: u32) -> Result<EnginePools, Error> {
    // The URL may contain a password: it is not repeated in the error.
    let options = PgConnectOptions::from_str(url).map_err(|_| Error::Url("postgres:…".to_owned()))?;
    let pool = PgPoolOptions::new().max_connections(connections.max(1)).acquire_timeout(PATIENCE);
    Ok(EnginePools::Postgres(pool.connect_with(options.application_name("passerelle")).await?))
}

/// Creates a missing file before SQLite does, readable by its owner only; an error is left for SQLite to report.
fn make_private(file: &Path) {
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
}

/// The readers and the writer of a file.
pub(super) async fn sqlite(options: SqliteConnectOptions) -> Result<EnginePools, Error> {
    make_private(options.get_filename());
    let options = options.foreign_keys(true).busy_timeout(PATIENCE);
    // Deleted content is overwritten, so that data removed for good does not remain in the file.
    let writer = options.clone().create_if_missing(true).pragma("secure_delete", "on");
    let writer = writer.journal_mode(SqliteJournalMode::Wal).synchronous(Synchronous::Full);
    // The writer stays open, so that the write-ahead log which read-only connections need exists. A connection to a file is
    // not lost: testing it before each use would be a wasted round trip.
    let pool = || {
        let options = SqlitePoolOptions::new().acquire_timeout(PATIENCE).idle_timeout(None).max_lifetime(None);
        let options = options.after_release(|connection, _| Box::pin(is_reusable(connection)));
        options.test_before_acquire(false)
    };
    let write = pool().max_connections(1).min_connections(1).connect_with(writer).await?;
    let read = pool().max_connections(8).connect_with(options.read_only(true)).await?;
    Ok(EnginePools::Sqlite { read, write })
}

/// Whether a returned connection may be used again; if not, the pool opens another one in its place.
///
/// When the disk is full or fails, SQLite rolls a transaction back by itself. The ROLLBACK that follows then fails because
/// no transaction is open, and sqlx still counts one as open: it would refuse every later transaction.
async fn is_reusable(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if !connection.is_in_transaction() {
        return Ok(true);
    }
    // The rollback queued by a dropped transaction is run before the ping returns.
    connection.ping().await?;
    let open = connection.is_in_transaction();
    if open {
        tracing::warn!("a transaction could not be rolled back: its connection to the database is made anew");
    }
    Ok(!open)
}
