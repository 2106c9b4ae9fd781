//! The two engines behind one interface. No code outside this file and its modules depends on which one runs.

mod chain_heads;
mod checkpoints;
mod connect;
mod file_version;
mod merged;
mod options;
mod pending;
mod postgres;
mod space;
mod sqlite;
mod transaction;
mod write_state;
mod writing;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use sqlx::migrate::Migrator;
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::sync::{Semaphore, watch};

use self::chain_heads::ChainHeads;
use self::checkpoints::Checkpoints;
pub use self::file_version::FileVersion;
use self::file_version::LogIndex;
pub use self::options::DbOptions;
pub(crate) use self::pending::{ExpectedRows, PendingWrite, later};
use self::space::FileSystemOf;
pub use self::space::FreeSpace;
use self::sqlite::SqliteConnections;
pub use self::transaction::{EngineTx, Tx};
use self::write_state::WriteState;
pub use self::writing::{WritePurpose, WriteTurn};
use super::commit_notifier::{CommitNotifier, WakeSignal};
use super::error::Error;
use super::row_codes::RowKey;
use crate::fair_queue::FairQueue;
use crate::ids::OrganiserId;

/// The schema, embedded.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The database: pools of one engine, and the notifier of commits. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pub(super) pools: EnginePools,
    notifier: CommitNotifier,
    row_key: Arc<RowKey>,
    heads: Arc<ChainHeads>,
    /// Queues of writes by organiser, entered before a connection is taken.
    lanes: FairQueue<OrganiserId>,
    /// The connections to a server that may wait for an organiser which another gateway has locked.
    lock_waits: Arc<Semaphore>,
    headroom: u64,
    free_space: Option<Arc<dyn FreeSpace>>,
    /// Of an embedded file.
    log_index: Option<LogIndex>,
    state: Arc<WriteState>,
}

/// The pools of an engine.
#[derive(Debug, Clone)]
pub(super) enum EnginePools {
    /// An embedded file: many readers that cannot write, one writer.
    Sqlite {
        /// Connections that are opened read-only.
        read: SqliteConnections,
        /// The one connection that writes: writers queue here, not inside SQLite.
        write: SqliteConnections,
    },
    /// A server.
    Postgres(PgPool),
}

/// Runs one expression on the connection of whichever engine the transaction is on: a result with the engine's error. What
/// was collected is sent before.
macro_rules! on {
    ($tx:expr, $connection:ident => $body:expr) => {
        match $tx.ready().await {
            Err(error) => Err(error),
            Ok(()) => {
                let done = match &mut $tx.on {
                    $crate::store::db::EngineTx::Sqlite(transaction) => {
                        let $connection = &mut **transaction;
                        $body
                    }
                    $crate::store::db::EngineTx::Postgres(transaction) => {
                        let $connection = &mut **transaction;
                        $body
                    }
                    $crate::store::db::EngineTx::PostgresAlone(connection) => {
                        let $connection = &mut **connection;
                        $body
                    }
                    $crate::store::db::EngineTx::NotBegun(_) | $crate::store::db::EngineTx::Ended => {
                        Err(sqlx::Error::BeginFailed)
                    }
                };
                done.map_err(|error| $tx.failed(error))
            }
        }
    };
}

/// Every row that a query finds.
macro_rules! rows {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::store::db::on!($tx, c => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(c).await)
    };
}

/// The row that a query finds, if it finds one.
macro_rules! row {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::store::db::on!($tx, c => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_optional(c).await)
    };
}

/// Runs a statement that writes and returns how many rows it affected; the methods of [`AffectedRows`] check the number.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
{
            let done = $crate::store::db::on!($tx, c =>
                sqlx::query($sql)$(.bind($value))*.execute(c).await.map(|done| done.rows_affected()));
            $tx.track_write(done)
        }
    };
}

pub(crate) use {execute, on, row, rows};

/// How many rows a write affected: must be checked.
#[derive(Debug)]
#[must_use]
pub(crate) struct AffectedRows(pub(crate) u64);

impl AffectedRows {
    /// Fails unless exactly one row was affected.
    pub(crate) fn one(self) -> Result<(), Error> {
        if self.0 == 1 { Ok(()) } else { Err(Error::Rows(self.0)) }
    }

    /// Whether one row was affected: `false` where a condition or a duplicate prevented it; fails on more.
    pub(crate) fn at_most_one(self) -> Result<bool, Error> {
        if self.0 <= 1 { Ok(self.0 == 1) } else { Err(Error::Rows(self.0)) }
    }

    /// Fails unless this number of rows was affected.
    pub(crate) fn exactly(self, rows: usize) -> Result<(), Error> {
        if self.0 == rows as u64 { Ok(()) } else { Err(Error::Rows(self.0)) }
    }

    /// Fails when more than this number of rows was affected.
    pub(crate) fn at_most(self, rows: usize) -> Result<(), Error> {
        if self.0 <= rows as u64 { Ok(()) } else { Err(Error::Rows(self.0)) }
    }

    /// Accepts any number of rows.
    pub(crate) const fn any(self) -> u64 {
        self.0
    }
}

impl Db {
    /// Opens the database that `url` names and creates a missing SQLite file. Does not touch the schema.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        Self::connect_with(url, DbOptions::default()).await
    }

    /// As [`Self::connect`], with these options.
    pub async fn connect_with(url: &str, options: DbOptions) -> Result<Self, Error> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Ok(Self::of(connect::postgres(url, options.connections).await?, options, None));
        }
        let file = SqliteConnectOptions::from_str(url).map_err(|_| Error::Url(url.to_owned()))?;
        if !url.starts_with("sqlite:") || url.contains(":memory:") {
            return Err(Error::Url(url.to_owned()));
        }
        Self::sqlite(file, options).await
    }

    async fn sqlite(file: SqliteConnectOptions, options: DbOptions) -> Result<Self, Error> {
        let space: Arc<dyn FreeSpace> = Arc::new(FileSystemOf::file(file.get_filename()));
        let log_index = LogIndex::of(file.get_filename());
        let (pools, checkpoints) = connect::sqlite(file).await?;
        Ok(Self { log_index: Some(log_index), ..Self::of(pools, options, Some((space, checkpoints))) })
    }

    fn of(pools: EnginePools, options: DbOptions, file: Option<(Arc<dyn FreeSpace>, Checkpoints)>) -> Self {
        let (file_system, checkpoints) = file.unzip();
        let state = WriteState { checkpoints, ..WriteState::default() };
        Self {
            pools,
            notifier: CommitNotifier::default(),
            row_key: Arc::default(),
            heads: Arc::default(),
            lanes: FairQueue::new(options.lanes()),
            lock_waits: Arc::new(Semaphore::new(options.lock_waits())),
            headroom: options.headroom_bytes,
            free_space: options.free_space.or(file_system),
            log_index: None,
            state: Arc::new(state),
        }
    }

    /// The file that `url` names; `None` when it names a server.
    pub fn file(url: &str) -> Result<Option<PathBuf>, Error> {
        if !url.starts_with("sqlite:") {
            return Ok(None);
        }
        let options = SqliteConnectOptions::from_str(url).map_err(|_| Error::Url(url.to_owned()))?;
        Ok(Some(options.get_filename().to_owned()))
    }

    /// Opens the SQLite file at `path`, which is created when missing.
    pub async fn open(path: &Path) -> Result<Self, Error> {
        Self::sqlite(SqliteConnectOptions::new().filename(path), DbOptions::default()).await
    }

    /// For one query: a further one may see a later state. Takes fewer calls than a transaction.
    pub async fn read_once(&self) -> Result<Tx, Error> {
        Ok(Tx::new(
            self,
            match &self.pools {
                EnginePools::Sqlite { read, .. } => EngineTx::Sqlite(read.take().await?),
                EnginePools::Postgres(pool) => EngineTx::PostgresAlone(pool.acquire().await?),
            },
        ))
    }

    /// For the one query with which a write is prepared, to be dropped right after it: on the connection that writes, when
    /// nobody uses it. Each commit empties the page caches of the others, so that they read every page again.
    pub async fn read_before_write(&self) -> Result<Tx, Error> {
        let idle = match &self.pools {
            EnginePools::Sqlite { write, .. } => write.take_idle(),
            EnginePools::Postgres(_) => None,
        };
        match idle {
            Some(connection) => Ok(Tx::new(self, EngineTx::Sqlite(connection))),
            None => self.read_once().await,
        }
    }

    /// A read-only transaction over one snapshot of the database.
    pub async fn read(&self) -> Result<Tx, Error> {
        Ok(Tx::new(
            self,
            match &self.pools {
                EnginePools::Sqlite { read, .. } => EngineTx::Sqlite(read.begin("begin").await?),
                EnginePools::Postgres(pool) => {
                    EngineTx::Postgres(postgres::begin(pool, "begin isolation level repeatable read read only").await?)
                }
            },
        ))
    }

    /// Computes and checks the authentication codes of rows with this key from now on.
    pub fn authenticate_rows(&self, key: &[u8; 32]) {
        self.row_key.install(key);
    }

    /// How many rows read so far did not match their authentication code.
    pub fn integrity_alerts(&self) -> u64 {
        self.row_key.alerts()
    }

    /// Notified of each organiser whose feed is added to from now on by transactions of this process.
    pub fn feed_signal(&self) -> WakeSignal {
        self.notifier.subscribe()
    }

    /// Changes with each commit of this process that writes deliveries which are due.
    pub fn deliveries_signal(&self) -> watch::Receiver<()> {
        self.notifier.subscribe_to_deliveries()
    }

    /// Applies the pending migrations.
    pub async fn migrate(&self) -> Result<(), Error> {
        match &self.pools {
            EnginePools::Sqlite { write, .. } => MIGRATIONS.run(&mut *write.take().await?).await?,
            EnginePools::Postgres(pool) => MIGRATIONS.run(pool).await?,
        }
        Ok(())
    }

    /// The migrations that [`Db::migrate`] would apply, by number and name; fails on a database from a newer gateway.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, Error> {
        let applied = self.applied_migrations().await?;
        for (version, checksum, success) in &applied {
            let migration =
                MIGRATIONS.iter().find(|migration| migration.version == *version).ok_or(Error::Newer(*version))?;
            if !success || migration.checksum.as_ref() != checksum.as_slice() {
                return Err(Error::Altered(*version));
            }
        }
        let is_applied = |version| applied.iter().any(|(applied, ..)| *applied == version);
        let pending = MIGRATIONS.iter().filter(|migration| !is_applied(migration.version));
        Ok(pending.map(|migration| format!("{:04} {}", migration.version, migration.description)).collect())
    }

    async fn applied_migrations(&self) -> Result<Vec<(i64, Vec<u8>, bool)>, Error> {
        // Two texts: each engine has its own catalogue. Covered by `a_fresh_database_has_every_migration_pending`.
        let exists = match &self.pools {
            EnginePools::Sqlite { .. } => "select count(*) from sqlite_master where name = '_sqlx_migrations'",
            EnginePools::Postgres(_) => {
                "select count(*) from information_schema.tables \
                 where table_schema = current_schema() and table_name = '_sqlx_migrations'"
            }
        };
        let tx = &mut self.read().await?;
        let (tables,): (i64,) = on!(tx, c => sqlx::query_as(exists).fetch_one(c).await)?;
        if tables == 0 {
            return Ok(Vec::new());
        }
        rows!(tx, (i64, Vec<u8>, bool), "select version, checksum, success from _sqlx_migrations order by version")
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        let tx = &mut self.read().await?;
        row!(tx, (i64,), "select count(*) from data_key where owner = ''").map(|_| ())
    }

    /// The engine's name, for reports.
    pub const fn engine(&self) -> &'static str {
        match &self.pools {
            EnginePools::Sqlite { .. } => "SQLite",
            EnginePools::Postgres(_) => "PostgreSQL",
        }
    }

    /// Whether it is an embedded file.
    pub const fn is_a_file(&self) -> bool {
        matches!(self.pools, EnginePools::Sqlite { .. })
    }

    /// The version of an embedded file, which every commit changes before it is answered: what was read at it or later is still so
    /// while it is the same. `None` on a server, and where it cannot be told.
    pub fn file_version(&self) -> Option<FileVersion> {
        self.log_index.as_ref().and_then(LogIndex::version)
    }

    /// Closes every connection, so that a file can be copied or a database dropped.
    pub async fn close(&self) {
        match &self.pools {
            EnginePools::Sqlite { read, write } => {
                if let Some(checkpoints) = &self.state.checkpoints {
                    checkpoints.close().await;
                }
                read.close().await;
                write.close().await;
            }
            EnginePools::Postgres(pool) => pool.close().await,
        }
    }
}
