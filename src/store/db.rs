//! The two engines behind one face. Only this file knows which one runs.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous as Synchronous,
};
use sqlx::{Postgres, Sqlite, Transaction};

use super::audit::Chain;
use super::error::Error;
use super::integrity::{Owner, RowChange, RowKey};
use super::news::{Bell, News};
use crate::ids::OrganiserId;

/// The schema, embedded.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long a request waits for a connection, or for the single writer, before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// The database: pools of one engine, and the bell that rings when something has happened. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pub(super) pools: Pools,
    bell: Bell,
    row_key: Arc<RowKey>,
}

/// The pools of an engine.
#[derive(Debug, Clone)]
pub(super) enum Pools {
    /// An embedded file: many readers that cannot write, one writer.
    Sqlite {
        /// Connections that are opened read-only.
        read: SqlitePool,
        /// The one connection that writes: writers queue here, not inside SQLite.
        write: SqlitePool,
    },
    /// A server.
    Postgres(PgPool),
}

/// A transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    /// What it runs on.
    pub on: On,
    /// Whose feed it adds to, told once it is committed.
    news: Vec<OrganiserId>,
    bell: Bell,
    /// With what the codes of rows are computed and checked.
    pub(super) row_key: Arc<RowKey>,
    /// Changes of rows that no audit entry has yet.
    changes: Vec<(Owner, RowChange)>,
}

/// A transaction of an engine.
#[derive(Debug)]
pub enum On {
    /// On the embedded file.
    Sqlite(Transaction<'static, Sqlite>),
    /// On the server.
    Postgres(Transaction<'static, Postgres>),
}

/// Runs one expression on the connection of whichever engine the transaction is on.
macro_rules! on {
    ($tx:expr, $connection:ident => $body:expr) => {
        match &mut $tx.on {
            $crate::store::db::On::Sqlite(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
            $crate::store::db::On::Postgres(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
        }
    };
}

/// Every row that a query finds.
macro_rules! rows {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::store::db::on!($tx, c => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(c).await)
            .map_err($crate::store::Error::from)
    };
}

/// The row that a query finds, if it finds one.
macro_rules! row {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::store::db::on!($tx, c => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_optional(c).await)
            .map_err($crate::store::Error::from)
    };
}

/// Writes, and tells how many rows were touched; [`Written`] says what that must be.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::store::db::on!($tx, c => sqlx::query($sql)$(.bind($value))*.execute(c).await
            .map(|done| $crate::store::db::Written(done.rows_affected())))
            .map_err($crate::store::Error::from)
    };
}

pub(crate) use {execute, on, row, rows};

/// How many rows a write touched: never to be ignored.
#[derive(Debug)]
#[must_use]
pub(crate) struct Written(pub(crate) u64);

impl Written {
    /// Exactly one row, as it must be.
    pub(crate) fn one(self) -> Result<(), Error> {
        if self.0 == 1 { Ok(()) } else { Err(Error::Rows(self.0)) }
    }

    /// Whether the one row was touched: `false` where a guard or a duplicate kept it out.
    pub(crate) fn at_most_one(self) -> Result<bool, Error> {
        if self.0 <= 1 { Ok(self.0 == 1) } else { Err(Error::Rows(self.0)) }
    }

    /// Any number of rows is right.
    pub(crate) const fn any(self) -> u64 {
        self.0
    }
}

impl Db {
    /// Opens the database that `url` names; a missing SQLite file is made. The schema is left alone.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return postgres(url).await;
        }
        let options = SqliteConnectOptions::from_str(url).map_err(|_| Error::Url(url.to_owned()))?;
        if !url.starts_with("sqlite:") || url.contains(":memory:") {
            return Err(Error::Url(url.to_owned()));
        }
        sqlite(options).await
    }

    /// The file that `url` names; `None` when it names a server.
    pub fn file(url: &str) -> Result<Option<PathBuf>, Error> {
        if !url.starts_with("sqlite:") {
            return Ok(None);
        }
        let options = SqliteConnectOptions::from_str(url).map_err(|_| Error::Url(url.to_owned()))?;
        Ok(Some(options.get_filename().to_owned()))
    }

    /// Opens the SQLite file at `path`, which is made when missing.
    pub async fn open(path: &Path) -> Result<Self, Error> {
        sqlite(SqliteConnectOptions::new().filename(path)).await
    }

    /// A transaction that sees one moment of the database and that the database itself keeps from writing.
    pub async fn read(&self) -> Result<Tx, Error> {
        Ok(self.begun(match &self.pools {
            Pools::Sqlite { read, .. } => On::Sqlite(read.begin().await?),
            Pools::Postgres(pool) => {
                On::Postgres(pool.begin_with("begin isolation level repeatable read read only").await?)
            }
        }))
    }

    /// A transaction that writes. Take the organiser's lock first (`store::organisers::lock`).
    pub async fn write(&self) -> Result<Tx, Error> {
        Ok(self.begun(match &self.pools {
            Pools::Sqlite { write, .. } => On::Sqlite(write.begin_with("begin immediate").await?),
            Pools::Postgres(pool) => On::Postgres(pool.begin().await?),
        }))
    }

    fn begun(&self, on: On) -> Tx {
        let (bell, row_key) = (self.bell.clone(), Arc::clone(&self.row_key));
        Tx { on, news: Vec::new(), bell, row_key, changes: Vec::new() }
    }

    /// Computes and checks the authentication codes of rows with this key from now on.
    pub fn authenticate_rows(&self, key: &[u8; 32]) {
        self.row_key.install(key);
    }

    /// How many rows were found that do not match their authentication code.
    pub fn integrity_alerts(&self) -> u64 {
        self.row_key.alerts()
    }

    /// Hears whose feed is added to from now on, by transactions of this process.
    pub fn news(&self) -> News {
        self.bell.listen()
    }

    /// Applies what is missing of the schema.
    pub async fn migrate(&self) -> Result<(), Error> {
        match &self.pools {
            Pools::Sqlite { write, .. } => MIGRATIONS.run(write).await?,
            Pools::Postgres(pool) => MIGRATIONS.run(pool).await?,
        }
        Ok(())
    }

    /// The migrations that [`Db::migrate`] would apply, by number and name; fails on a database from a newer gateway.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, Error> {
        let applied = self.applied_migrations().await?;
        for (version, checksum, success) in &applied {
            let known = MIGRATIONS.iter().find(|known| known.version == *version).ok_or(Error::Newer(*version))?;
            if !success || known.checksum.as_ref() != checksum.as_slice() {
                return Err(Error::Altered(*version));
            }
        }
        let is_applied = |version| applied.iter().any(|(applied, ..)| *applied == version);
        let pending = MIGRATIONS.iter().filter(|known| !is_applied(known.version));
        Ok(pending.map(|known| format!("{:04} {}", known.version, known.description)).collect())
    }

    async fn applied_migrations(&self) -> Result<Vec<(i64, Vec<u8>, bool)>, Error> {
        // Two texts: each engine has its own catalogue. Covered by `a_fresh_database_has_every_migration_pending`.
        let exists = match &self.pools {
            Pools::Sqlite { .. } => "select count(*) from sqlite_master where name = '_sqlx_migrations'",
            Pools::Postgres(_) => {
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

    /// Whether a write could be made: begins one that touches nothing and lets it go, all within `patience`.
    pub async fn try_write(&self, patience: Duration) -> Result<(), Error> {
        let attempt = async {
            let mut tx = self.write().await?;
            if let On::Postgres(server) = &mut tx.on {
                // The server gives up by itself, so that no connection is left waiting when we do.
                let most = (patience * 3 / 4).as_millis().to_string();
                let limit = sqlx::query("select set_config('statement_timeout', $1, true)").bind(most);
                limit.execute(&mut **server).await?;
            }
            execute!(&mut tx, "update data_key set owner = owner where owner = ''").map(Written::any)
        };
        tokio::time::timeout(patience, attempt).await.unwrap_or(Err(Error::Db(sqlx::Error::PoolTimedOut))).map(|_| ())
    }

    /// The engine's name, for reports.
    pub const fn engine(&self) -> &'static str {
        match &self.pools {
            Pools::Sqlite { .. } => "SQLite",
            Pools::Postgres(_) => "PostgreSQL",
        }
    }

    /// Whether it is an embedded file.
    pub const fn is_a_file(&self) -> bool {
        matches!(self.pools, Pools::Sqlite { .. })
    }

    /// Closes every connection, so that a file may be copied or a database dropped.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes it so, durably, and rings the bell if it added to a feed. Refused when a row was changed that has an
    /// authentication code and no audit entry was recorded since.
    pub async fn commit(self) -> Result<(), Error> {
        if let Some((_, change)) = self.changes.first() {
            return Err(Error::Unrecorded(change.row.clone()));
        }
        match self.on {
            On::Sqlite(transaction) => transaction.commit().await?,
            On::Postgres(transaction) => transaction.commit().await?,
        }
        self.bell.ring(&self.news);
        Ok(())
    }

    /// Notes a change of a row for the next audit entry of its owner's chain.
    pub(super) fn note_change(&mut self, owner: &Owner, change: RowChange) {
        if *owner != Owner::Nobody {
            self.changes.push((owner.clone(), change));
        }
    }

    /// The changes that the next entry of a chain records, a line each; `None` when there are none.
    pub(super) fn take_changes(&mut self, chain: Chain) -> Option<String> {
        let owner = match chain {
            Chain::Organiser(id) => Owner::Organiser(id.to_string()),
            Chain::Operator => Owner::Operator,
        };
        let taken = self.changes.extract_if(.., |(of, _)| *of == owner).map(|(_, change)| change.line());
        Some(taken.collect::<Vec<_>>().join("\n")).filter(|lines| !lines.is_empty())
    }

    /// Notes that there is something to do or to read for an organiser once this is committed: the bell will ring.
    pub(crate) fn rings(&mut self, organiser: OrganiserId) {
        if self.news.last() != Some(&organiser) {
            self.news.push(organiser);
        }
    }
}

async fn postgres(url: &str) -> Result<Db, Error> {
    // The URL may hold a password: it is not repeated in the error.
    let options = PgConnectOptions::from_str(url).map_err(|_| Error::Url("postgres:…".to_owned()))?;
    let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(PATIENCE);
    let pool = pool.connect_with(options.application_name("passerelle")).await?;
    Ok(Db { pools: Pools::Postgres(pool), bell: Bell::default(), row_key: Arc::default() })
}

/// Makes a missing file before SQLite does, for its owner alone; what stands in the way of it, SQLite will say.
fn make_private(file: &Path) {
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
}

async fn sqlite(options: SqliteConnectOptions) -> Result<Db, Error> {
    make_private(options.get_filename());
    let options = options.foreign_keys(true).busy_timeout(PATIENCE);
    // What is deleted is overwritten, so that what was removed for good does not stay in the file.
    let writer = options.clone().create_if_missing(true).pragma("secure_delete", "on");
    let writer = writer.journal_mode(SqliteJournalMode::Wal).synchronous(Synchronous::Full);
    // The writer stays open: while it does, the write-ahead log that read-only connections need is there.
    // A file does not hang up: asking first whether it is still there is a round trip for nothing.
    let pool = || {
        let options = SqlitePoolOptions::new().acquire_timeout(PATIENCE).idle_timeout(None).max_lifetime(None);
        options.test_before_acquire(false)
    };
    let write = pool().max_connections(1).min_connections(1).connect_with(writer).await?;
    let read = pool().max_connections(8).connect_with(options.read_only(true)).await?;
    Ok(Db { pools: Pools::Sqlite { read, write }, bell: Bell::default(), row_key: Arc::default() })
}
