//! Write transactions: the order in which organisers get them, and what is refused while space is short.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::options::PATIENCE;
use super::{Db, EnginePools, EngineTx, Tx, execute, postgres, row};
use crate::domain::audit::{AuditChain, ChainHead};
use crate::fair_queue::Turn;
use crate::ids::OrganiserId;
use crate::store::error::Error;
use crate::store::source::RowSource;

/// The wait before trying again for an organiser that another gateway has locked: the first, and the longest.
const ASK_AGAIN: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(50));

/// An organiser's turn for its next write transaction; its other writes in this process wait. It lasts until the last clone
/// is dropped.
pub type WriteTurn = Arc<Turn<OrganiserId>>;

/// What a write transaction does to the size of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WritePurpose {
    /// It stores content that was sent: refused while less space is free than the headroom.
    Content,
    /// It removes content, or adds only the record of an act or of a reading: it may use the headroom.
    RecordOnly,
}

impl Db {
    /// A write transaction for the gateway's own work. A write for one organiser uses [`Self::write_for`].
    pub async fn write(&self) -> Result<Tx, Error> {
        let begun = async {
            Ok::<_, sqlx::Error>(match &self.pools {
                EnginePools::Sqlite { write, .. } => EngineTx::Sqlite(write.begin("begin immediate").await?),
                EnginePools::Postgres(pool) => EngineTx::Postgres(postgres::begin(pool, BEGIN).await?),
            })
        };
        match begun.await {
            Ok(on) => Ok(Tx::to_write(self, on)),
            Err(error) => Err(self.state.failed(error)),
        }
    }

    /// A write transaction for an organiser, which is locked until it ends: revisions, event numbers and closures never
    /// race. It waits for the organiser's other writes without a connection; at most one write of each organiser waits for
    /// a connection or for the writer.
    ///
    /// # Errors
    /// `Rows(0)` when there is no such organiser; `Busy` when its other writes are too many or take too long; `NoRoom`
    /// for content while less space is free than the headroom.
    pub async fn write_for(&self, organiser: OrganiserId, purpose: WritePurpose) -> Result<Tx, Error> {
        self.room_for(purpose)?;
        let turn = self.turn(organiser).await?;
        self.write_in(turn, organiser, purpose).await
    }

    /// The organiser's next turn to write: what is read during the turn is not changed by other writes of this process. No
    /// connection is in use while waiting.
    pub async fn turn(&self, organiser: OrganiserId) -> Result<WriteTurn, Error> {
        Ok(Arc::new(self.lanes.turn(organiser, 1).await?))
    }

    /// As [`Self::write_for`], with the organiser's turn already taken.
    pub async fn write_in(&self, turn: WriteTurn, organiser: OrganiserId, purpose: WritePurpose) -> Result<Tx, Error> {
        self.room_for(purpose)?;
        let (began, mut pause) = (Instant::now(), ASK_AGAIN.0);
        loop {
            let mut tx = self.write().await?;
            if self.lock_organiser(&mut tx, organiser).await? {
                return Ok(tx.in_turn(turn));
            }
            // Another gateway has locked the organiser, and enough connections wait: this one is released during the wait.
            drop(tx);
            if began.elapsed() > PATIENCE {
                return Err(Error::Busy);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(ASK_AGAIN.1);
        }
    }

    /// A write of an organiser whose statements are collected, in its turn or in the next one. On a file it begins with its
    /// first query; one without a query is written in one call with its commit. On a server it begins at once.
    ///
    /// # Errors
    /// As [`Self::write_for`], but for an organiser that does not exist.
    pub async fn collect_for(
        &self,
        turn: Option<WriteTurn>,
        organiser: OrganiserId,
        purpose: WritePurpose,
    ) -> Result<Tx, Error> {
        self.room_for(purpose)?;
        let turn = match turn {
            Some(turn) => turn,
            None => self.turn(organiser).await?,
        };
        let EnginePools::Sqlite { write, .. } = &self.pools else {
            return self.write_in(turn, organiser, purpose).await;
        };
        Ok(Tx::to_write(self, EngineTx::NotBegun(write.clone())).in_turn(turn))
    }

    /// How many writes wait for an earlier one of their organiser.
    pub fn waiting_writes(&self) -> usize {
        self.lanes.waiting_in_all()
    }

    /// Fails when a write of this purpose is refused for lack of space.
    fn room_for(&self, purpose: WritePurpose) -> Result<(), Error> {
        let available = self.free_space.as_ref().filter(|_| self.headroom > 0).map(|space| space.available_bytes());
        let short = matches!(available, Some(Ok(available)) if available < self.headroom);
        if !short {
            self.state.short.end();
            return Ok(());
        }
        self.state.short.begin();
        if purpose == WritePurpose::Content { Err(Error::NoRoom) } else { Ok(()) }
    }

    /// For how long writes have failed, or content was refused for want of space; `None` when they work.
    pub fn writes_failing_for(&self) -> Option<Duration> {
        self.state.failing_for()
    }

    /// Tests whether a write is possible, within `patience`: begins a transaction, writes nothing and drops it. After
    /// failed writes it also writes the bytes of `filler`, which must differ each time and not be compressible: bytes that
    /// are stored already would not be written.
    pub async fn try_write(&self, patience: Duration, filler: fn() -> Vec<u8>) -> Result<(), Error> {
        self.room_for(WritePurpose::Content)?;
        let attempt = async {
            let mut tx = self.write().await?;
            if let EngineTx::Postgres(server) = &mut tx.on {
                // The server aborts by itself, so that no connection stays blocked when this times out.
                let most = (patience * 3 / 4).as_millis().to_string();
                let limit = sqlx::query("select set_config('statement_timeout', $1, true)").bind(most);
                limit.execute(&mut **server).await?;
            }
            execute!(tx, "update data_key set owner = owner where owner = ''")?.any();
            if self.state.failing.elapsed().is_some() {
                execute!(tx, PROBE, filler())?.one()?;
                return tx.commit().await;
            }
            Ok(())
        };
        match tokio::time::timeout(patience, attempt).await {
            Ok(done) => done,
            Err(_) => Err(self.state.failed(sqlx::Error::PoolTimedOut)),
        }
    }

    /// Locks the organiser until the transaction ends; `false` when another transaction of the server has it locked and
    /// enough connections wait for such a lock.
    async fn lock_organiser(&self, tx: &mut Tx, organiser: OrganiserId) -> Result<bool, Error> {
        let id = organiser.to_string();
        if let EngineTx::Postgres(_) = tx.on {
            let permit = self.lock_waits.try_acquire().ok();
            let [with_head, alone] = if permit.is_some() { LOCK } else { LOCK_SKIPPING };
            if let Some((number, hash, seal)) = row!(tx, (i64, String, String), with_head, &id)? {
                let number = RowSource { table: "audit_head", id: &id }.number("number", number)?;
                tx.set_head(AuditChain::Organiser(organiser), ChainHead { number, hash, seal });
                return Ok(true);
            }
            if row!(tx, (String,), alone, &id)?.is_some() {
                return Ok(true);
            }
        }
        let exists = row!(tx, (String,), EXISTS, &id)?.is_some();
        if exists { Ok(matches!(tx.on, EngineTx::Sqlite(_))) } else { Err(Error::Rows(0)) }
    }
}

/// What locks an organiser: with the end of its audit chain, and alone where the chain has no entry yet.
macro_rules! locks {
    ($skipping:literal) => {
        [
            concat!(
                "select h.number, h.hash, h.seal from organiser o join audit_head h on h.chain = o.id where o.id = $1 \
                 for no key update",
                $skipping
            ),
            concat!("select id from organiser where id = $1 for no key update", $skipping),
        ]
    };
}

// Several texts: on SQLite there is one writer anyway, and not all connections to a server may wait for locks. Covered by
// `a_gateway_waits_without_a_connection_for_an_organiser_that_another_one_has_locked` and
// `half_of_the_connections_wait_for_organisers_that_another_gateway_has_locked`.
const EXISTS: &str = "select id from organiser where id = $1";
const LOCK_SKIPPING: [&str; 2] = locks!(" skip locked");
const LOCK: [&str; 2] = locks!("");
/// With the longest wait for any lock, in milliseconds: [`PATIENCE`].
const BEGIN: &str = "begin; set local lock_timeout = 10000";
/// Replaces the bytes of the previous test.
const PROBE: &str = "insert into write_probe (id, filler) values (1, $1) \
                     on conflict (id) do update set filler = excluded.filler";
