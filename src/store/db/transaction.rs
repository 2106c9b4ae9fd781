//! A transaction: its statements, its commit, and what is collected for it.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{Postgres, Transaction};

use super::chain_heads::ChainHeads;
use super::merged;
use super::pending::{self, PendingWrite};
use super::sqlite::{SqliteConnections, SqliteTx};
use super::write_state::WriteState;
use super::writing::WriteTurn;
use super::{AffectedRows, Db};
use crate::domain::audit::{AuditChain, ChainHead};
use crate::ids::OrganiserId;
use crate::store::commit_notifier::CommitNotifier;
use crate::store::error::Error;
use crate::store::row_codes::{Owner, RowChange, RowKey};

/// A transaction, rolled back when dropped without [`Tx::commit`].
#[derive(Debug)]
pub struct Tx {
    /// The engine's transaction.
    pub on: EngineTx,
    /// The organisers whose feeds it adds to, notified once it is committed.
    changed_feeds: Vec<OrganiserId>,
    /// Whether it writes deliveries that are due, of which the dispatcher is notified once it is committed.
    has_deliveries: bool,
    notifier: CommitNotifier,
    /// The key of the authentication codes of rows.
    pub(in crate::store) row_key: Arc<RowKey>,
    /// Changes of rows that no audit entry records yet.
    changes: Vec<(Owner, RowChange)>,
    /// Where failed and successful writes are recorded; `None` in a transaction that only reads.
    state: Option<Arc<WriteState>>,
    /// Statements that are not sent yet.
    pending: Vec<PendingWrite>,
    /// The ends of the audit chains, as read under their locks or after the entries that it adds.
    heads: HashMap<AuditChain, ChainHead>,
    /// The ends that this process wrote last.
    last_heads: Arc<ChainHeads>,
    /// Whether it changed any row.
    changed: bool,
    /// The organiser's write turn, dropped after the connection.
    _turn: Option<WriteTurn>,
}

/// A transaction of an engine.
#[derive(Debug)]
pub enum EngineTx {
    /// On the embedded file.
    Sqlite(SqliteTx),
    /// On the server.
    Postgres(Transaction<'static, Postgres>),
    /// A connection to the server without a transaction, for one query.
    PostgresAlone(PoolConnection<Postgres>),
    /// On the embedded file, not begun: it begins with its first query, or writes what was collected in one call.
    NotBegun(SqliteConnections),
    /// Committed.
    Ended,
}

impl Tx {
    /// A transaction of the engine that only reads.
    pub(super) fn new(db: &Db, on: EngineTx) -> Self {
        Self {
            on,
            changed_feeds: Vec::new(),
            has_deliveries: false,
            notifier: db.notifier.clone(),
            row_key: Arc::clone(&db.row_key),
            changes: Vec::new(),
            state: None,
            pending: Vec::new(),
            heads: HashMap::new(),
            last_heads: Arc::clone(&db.heads),
            changed: false,
            _turn: None,
        }
    }

    /// Whether it is on the embedded file.
    pub(in crate::store) const fn is_on_file(&self) -> bool {
        matches!(self.on, EngineTx::Sqlite(_) | EngineTx::NotBegun(_))
    }

    /// The same for a transaction that writes.
    pub(super) fn to_write(db: &Db, on: EngineTx) -> Self {
        let mut tx = Self::new(db, on);
        tx.state = Some(Arc::clone(&db.state));
        tx
    }

    /// The same in an organiser's turn, which lasts as long as the transaction.
    pub(super) fn in_turn(self, turn: WriteTurn) -> Self {
        Self { _turn: Some(turn), ..self }
    }

    /// Commits durably, then notifies the readers of the feeds that it added to. Refused when a row with an authentication
    /// code was changed and no audit entry was recorded since.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.try_commit().await?;
        self.committed();
        Ok(())
    }

    /// What follows a commit: the readers of the feeds that it added to are notified.
    pub(in crate::store) fn committed(self) {
        for (chain, head) in self.heads {
            self.last_heads.set(chain, head);
        }
        self.notifier.notify(&self.changed_feeds);
        if self.has_deliveries {
            self.notifier.notify_of_deliveries();
        }
    }

    /// The commit alone. What was collected is still there when one that has not begun fails.
    pub(in crate::store) async fn try_commit(&mut self) -> Result<(), Error> {
        if let Some((_, change)) = self.changes.first() {
            return Err(Error::Unrecorded(change.row.clone()));
        }
        let committed = match &mut self.on {
            EngineTx::NotBegun(_) if self.pending.is_empty() => Ok(()),
            EngineTx::NotBegun(pool) => {
                pending::commit_alone(pool, &self.pending).await.map(|sent| self.has_deliveries |= sent.has_deliveries)
            }
            _ => self.end().await,
        };
        self.tracked(committed)?;
        if let Some(state) = self.state.as_ref().filter(|_| self.changed || !self.pending.is_empty()) {
            state.failing.end();
            if let Some(checkpoints) = &state.checkpoints {
                checkpoints.count_commit();
            }
        }
        Ok(())
    }

    /// Sends what was collected, and commits the transaction that has begun.
    async fn end(&mut self) -> Result<(), Error> {
        self.ready().await?;
        match std::mem::replace(&mut self.on, EngineTx::Ended) {
            EngineTx::Sqlite(transaction) => transaction.commit().await?,
            EngineTx::Postgres(transaction) => transaction.commit().await?,
            EngineTx::PostgresAlone(_) | EngineTx::NotBegun(_) | EngineTx::Ended => {}
        }
        Ok(())
    }

    /// Begins the transaction, and sends what was collected: a query sees all of it.
    pub(in crate::store) async fn ready(&mut self) -> Result<(), Error> {
        if let EngineTx::NotBegun(pool) = &self.on {
            let begun = pool.begin("begin immediate").await.map_err(Error::from);
            self.on = EngineTx::Sqlite(self.tracked(begun)?);
        }
        if self.pending.is_empty() {
            return Ok(());
        }
        let writes = std::mem::take(&mut self.pending);
        let sent = match &mut self.on {
            EngineTx::Sqlite(transaction) => pending::send_sqlite(transaction, &writes).await,
            EngineTx::Postgres(transaction) => merged::send_postgres(transaction, &writes).await,
            EngineTx::PostgresAlone(_) | EngineTx::NotBegun(_) | EngineTx::Ended => {
                Err(Error::Db(sqlx::Error::BeginFailed))
            }
        };
        self.changed = true;
        self.has_deliveries |= self.tracked(sent)?.has_deliveries;
        Ok(())
    }

    /// Whether a query has begun it: what was collected before is sent, and the end of a chain is locked when it is read.
    pub(in crate::store) const fn has_begun(&self) -> bool {
        !matches!(self.on, EngineTx::NotBegun(_))
    }

    /// How many statements are collected.
    pub(in crate::store) const fn collected(&self) -> usize {
        self.pending.len()
    }

    /// The end of a chain as this transaction knows it or, in one that has not begun, the one written last.
    pub(in crate::store) fn known_head(&self, chain: AuditChain) -> Option<ChainHead> {
        let assumed = || if self.has_begun() { None } else { self.last_heads.get(chain) };
        self.heads.get(&chain).cloned().or_else(assumed)
    }

    /// The end of a chain from now on: as read under its lock, or after an entry of this transaction.
    pub(in crate::store) fn set_head(&mut self, chain: AuditChain, head: ChainHead) {
        self.heads.insert(chain, head);
    }

    /// Forgets the ends of chains, and the statements collected after the first `collected`.
    pub(in crate::store) fn forget_heads(&mut self, collected: usize) {
        self.pending.truncate(collected);
        for (chain, _) in self.heads.drain() {
            self.last_heads.forget(chain);
        }
    }

    /// Collects a statement, which is sent with the next query or with the commit.
    pub(crate) fn write_later(&mut self, write: PendingWrite) {
        self.pending.push(write);
    }

    /// The failure of a query, which may be that of its connection.
    pub(in crate::store) fn failed(&mut self, error: sqlx::Error) -> Error {
        if let (sqlx::Error::WorkerCrashed, EngineTx::Sqlite(tx)) = (&error, &mut self.on) {
            tx.abandon();
        }
        error.into()
    }

    /// Records the failure of a write.
    fn tracked<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        match (result, &self.state) {
            (Err(Error::Db(error)), Some(state)) => Err(state.failed(error)),
            (result, _) => result,
        }
    }

    /// Adds a change of a row to the next audit entry of its owner's chain.
    pub(in crate::store) fn note_change(&mut self, owner: &Owner, change: RowChange) {
        if *owner != Owner::None {
            self.changes.push((owner.clone(), change));
        }
    }

    /// The changes that the next entry of a chain records, a line each; `None` when there are none.
    pub(in crate::store) fn take_changes(&mut self, chain: AuditChain) -> Option<String> {
        let owner = match chain {
            AuditChain::Organiser(id) => Owner::Organiser(id.to_string()),
            AuditChain::Operator => Owner::Operator,
        };
        let taken = self.changes.extract_if(.., |(of, _)| *of == owner).map(|(_, change)| change.line());
        Some(taken.collect::<Vec<_>>().join("\n")).filter(|lines| !lines.is_empty())
    }

    /// Records whether a statement that writes succeeded.
    pub(crate) fn track_write(&mut self, result: Result<u64, Error>) -> Result<AffectedRows, Error> {
        let rows = self.tracked(result)?;
        self.changed |= rows > 0;
        Ok(AffectedRows(rows))
    }

    /// Has the dispatcher notified after the commit: deliveries are due.
    pub(crate) const fn notify_of_deliveries(&mut self) {
        self.has_deliveries = true;
    }

    /// Marks the organiser's feed as changed: its waiting readers are notified after the commit.
    pub(crate) fn notify_after_commit(&mut self, organiser: OrganiserId) {
        if self.changed_feeds.last() != Some(&organiser) {
            self.changed_feeds.push(organiser);
        }
    }
}
