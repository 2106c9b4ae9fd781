//! Opening the pools of an engine.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::str::FromStr as _;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous as Synchronous};

use super::EnginePools;
use super::checkpoints::Checkpoints;
use super::options::PATIENCE;
use super::sqlite::SqliteConnections;
use crate::store::error::Error;

/// Connections that read a file at the same time.
const READERS: usize = 8;
/// The most memory for pages of a connection, in KiB with a minus: the inner pages of a file with years of statements. Memory
/// is taken as pages are read. Not more: a commit that has split a page looks through all of them.
const CACHE: &str = "-4096";
/// How many rows of a query may wait to be taken: as long as there is room, SQLite's thread goes on to the next row; without, the
/// two threads wait for each other row by row.
const ROWS_WAITING: usize = 1024;
/// The pages in the log from which on a commit copies what is not copied yet ([`Checkpoints`]) into the file.
const CHECKPOINT: &str = "8000";

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

/// The readers and the writer of a file, and what copies its log.
pub(super) async fn sqlite(options: SqliteConnectOptions) -> Result<(EnginePools, Checkpoints), Error> {
    make_private(options.get_filename());
    let options = options.foreign_keys(true).busy_timeout(PATIENCE).pragma("cache_size", CACHE);
    let options = options.row_buffer_size(ROWS_WAITING);
    // Deleted content is overwritten, so that data removed for good does not remain in the file.
    let writer = options.clone().create_if_missing(true).pragma("secure_delete", "on");
    let writer = writer.journal_mode(SqliteJournalMode::Wal).synchronous(Synchronous::Full);
    let writer = writer.pragma("wal_autocheckpoint", CHECKPOINT);
    // The writer stays open, so that the write-ahead log which read-only connections need exists.
    let write = SqliteConnections::open(writer.clone(), 1).await?;
    let checkpoints = Checkpoints::on(SqliteConnections::of(writer.create_if_missing(false), 1)?);
    let read = SqliteConnections::open(options.read_only(true), READERS).await?;
    Ok((EnginePools::Sqlite { read, write }, checkpoints))
}
