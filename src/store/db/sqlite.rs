//! Connections to the embedded file, and transactions on them.
//!
//! Every call to SQLite costs two switches between threads, more than most statements do. The pool of sqlx calls a
//! connection each time it is returned, and its transactions wait for two answers to a BEGIN or a COMMIT; here a
//! connection is returned without a call, and BEGIN and COMMIT are statements like others.

use std::ops::{Deref, DerefMut};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Object, Pool, PoolError, QueueMode, RecycleResult, Timeouts};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::options::PATIENCE;

/// Connections to the embedded file, opened when they are first needed and kept.
#[derive(Debug, Clone)]
pub struct SqliteConnections(Pool<Opener>);

/// Opens connections.
#[derive(Debug)]
struct Opener(SqliteConnectOptions);

impl Manager for Opener {
    type Type = SqliteConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<SqliteConnection, sqlx::Error> {
        self.0.connect().await
    }

    /// A connection to a file is not lost, and a rollback that is still to come precedes the next statement.
    async fn recycle(&self, _: &mut SqliteConnection, _: &Metrics) -> RecycleResult<sqlx::Error> {
        Ok(())
    }
}

impl SqliteConnections {
    /// At most `most` connections, none of which is opened yet.
    pub(super) fn of(options: SqliteConnectOptions, most: usize) -> Result<Self, sqlx::Error> {
        // The connection that was returned last has the most in its cache.
        let pool = Pool::builder(Opener(options)).max_size(most).queue_mode(QueueMode::Lifo);
        let pool = pool.wait_timeout(Some(PATIENCE)).runtime(Runtime::Tokio1).build();
        pool.map(Self).map_err(|error| sqlx::Error::Configuration(error.into()))
    }

    /// The same, the first of which is opened now.
    pub(super) async fn open(options: SqliteConnectOptions, most: usize) -> Result<Self, sqlx::Error> {
        let connections = Self::of(options, most)?;
        drop(connections.take().await?);
        Ok(connections)
    }

    /// A connection, on which each statement stands for itself.
    ///
    /// # Errors
    /// `PoolTimedOut` when none is returned within [`PATIENCE`].
    pub(in crate::store) async fn take(&self) -> Result<SqliteTx, sqlx::Error> {
        let taken = self.0.get().await.map_err(|error| match error {
            PoolError::Timeout(_) => sqlx::Error::PoolTimedOut,
            PoolError::Backend(error) => error,
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => sqlx::Error::PoolClosed,
        })?;
        Ok(SqliteTx::unopened(taken))
    }

    /// A connection that nobody uses now, without waiting for one.
    pub(super) fn take_idle(&self) -> Option<SqliteTx> {
        let at_once = Timeouts { wait: Some(Duration::ZERO), ..Timeouts::default() };
        let taking = pin!(self.0.timeout_get(&at_once));
        // One that is open is there at the first poll.
        let Poll::Ready(Ok(taken)) = taking.poll(&mut Context::from_waker(Waker::noop())) else { return None };
        Some(SqliteTx::unopened(taken))
    }

    /// A transaction that is begun by this statement.
    pub(super) async fn begin(&self, statement: &'static str) -> Result<SqliteTx, sqlx::Error> {
        let mut tx = self.take().await?;
        tx.opens();
        sqlx::query(statement).execute(&mut *tx).await?;
        Ok(tx)
    }

    /// Closes the connections that are not in use, and lets none be taken any more.
    pub(super) async fn close(&self) {
        let idle = self.0.retain(|_, _| false).removed;
        self.0.close();
        for connection in idle {
            if let Err(error) = connection.close().await {
                tracing::debug!(%error, "a connection to the file was not closed in order");
            }
        }
    }
}

/// A connection to the file, and the transaction that may be open on it: rolled back when this is dropped before
/// [`Self::commit`].
#[derive(Debug)]
pub struct SqliteTx {
    /// `Some` until it is dropped.
    connection: Option<Object<Opener>>,
    open: bool,
    lost: bool,
}

impl SqliteTx {
    /// A connection without a transaction.
    const fn unopened(connection: Object<Opener>) -> Self {
        Self { connection: Some(connection), open: false, lost: false }
    }

    /// To be called before a transaction is begun on the connection.
    pub(super) const fn opens(&mut self) {
        self.open = true;
    }

    /// To be called when the transaction was committed by a statement.
    pub(super) const fn is_committed(&mut self) {
        self.open = false;
    }

    /// Commits; when that fails, the transaction is rolled back.
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        sqlx::query("commit").execute(&mut *self).await?;
        self.is_committed();
        Ok(())
    }

    /// Has another connection opened in the place of this one, whose thread has ended.
    pub(super) const fn abandon(&mut self) {
        self.lost = true;
    }
}

impl Deref for SqliteTx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        self.connection.as_ref().expect("it has its connection until it is dropped")
    }
}

impl DerefMut for SqliteTx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.connection.as_mut().expect("it has its connection until it is dropped")
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        self.lost |= self.open && !begin_rollback(self);
        if self.lost {
            drop(self.connection.take().map(Object::take));
        }
    }
}

/// Gives a rollback to the thread of the connection, which runs it before any later statement; `false` when that thread has
/// ended. The rollback fails where nothing is open: SQLite ends a transaction by itself when the disk is full.
fn begin_rollback(connection: &mut SqliteConnection) -> bool {
    let rollback = pin!(sqlx::query("rollback").execute(connection));
    // The first poll hands it over.
    let begun = rollback.poll(&mut Context::from_waker(Waker::noop()));
    !matches!(begun, Poll::Ready(Err(sqlx::Error::WorkerCrashed)))
}
