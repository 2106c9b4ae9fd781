//! Stores the results of attempts in one task, which batches them in commits. A batch that fails is stored entry by
//! entry, and an entry that cannot be stored is set aside, so that it blocks no other.

use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::metrics::counter::Counter;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::app::webhooks::attempt::{AttemptResult, store_attempt};
use crate::store::webhooks::LeasedEndpoint;
use crate::store::{self, Db};

/// The largest batch.
const TOGETHER: usize = 256;
/// The delay before a retry while the database is unavailable.
const PATIENCE: Duration = Duration::from_secs(1);
/// The text in place of a response that could not be stored.
const ANSWER_NOT_STORED: &str = "(answer not stored)";

/// An attempt to be stored.
struct AttemptEntry {
    of: LeasedEndpoint,
    made: AttemptResult,
    /// Whether the endpoint was failing before it.
    was_failing: bool,
    /// Gets since when no delivery has succeeded, once the attempt is stored.
    stored: oneshot::Sender<Option<Timestamp>>,
}

/// The sender to the writer task. Cheap to clone.
#[derive(Clone)]
pub(super) struct AttemptLog {
    entries: mpsc::Sender<AttemptEntry>,
    /// One task; aborted when the last clone is dropped.
    writer: std::sync::Arc<tokio::sync::Mutex<JoinSet<()>>>,
}

impl AttemptLog {
    pub(super) fn open(db: Db, set_aside: Counter) -> Self {
        let (entries, coming) = mpsc::channel(TOGETHER);
        let mut writer = JoinSet::new();
        writer.spawn(AttemptWriter { db, set_aside }.run(coming));
        Self { entries, writer: std::sync::Arc::new(tokio::sync::Mutex::new(writer)) }
    }

    /// Stores an attempt; when it is committed, returns since when no delivery has succeeded, where that is so.
    pub(super) async fn record(&self, of: LeasedEndpoint, made: AttemptResult, was_failing: bool) -> Option<Timestamp> {
        let (stored, answer) = oneshot::channel();
        // The writer has ended only at shutdown: the delivery stays due.
        let _ = self.entries.send(AttemptEntry { of, made, was_failing, stored }).await;
        answer.await.ok().flatten()
    }

    /// Waits until every entry is stored; dropping the future stops the writer.
    pub(super) async fn flush(self) {
        let Self { entries, writer } = self;
        drop(entries);
        let mut writer = std::mem::take(&mut *writer.lock().await);
        while writer.join_next().await.is_some() {}
    }
}

/// The writer task.
struct AttemptWriter {
    db: Db,
    set_aside: Counter,
}

impl AttemptWriter {
    async fn run(self, mut coming: mpsc::Receiver<AttemptEntry>) {
        let mut entries = Vec::with_capacity(TOGETHER);
        while coming.recv_many(&mut entries, TOGETHER).await > 0 {
            entries = self.store(entries).await;
            while !entries.is_empty() {
                tokio::time::sleep(PATIENCE).await;
                while entries.len() < TOGETHER
                    && let Ok(entry) = coming.try_recv()
                {
                    entries.push(entry);
                }
                entries = self.store(entries).await;
            }
        }
    }

    /// Stores entries, and returns those to be retried later.
    async fn store(&self, entries: Vec<AttemptEntry>) -> Vec<AttemptEntry> {
        match together(&self.db, &entries).await {
            Ok(told) => {
                for (entry, since) in entries.into_iter().zip(told) {
                    entry.answer(since);
                }
                Vec::new()
            }
            Err(error) if error.is_unavailable() => {
                tracing::warn!(%error, "what became of deliveries could not be kept; it is tried again");
                entries
            }
            Err(error) => {
                tracing::warn!(%error, "what became of deliveries could not be kept together; it is kept one by one");
                self.one_by_one(entries).await
            }
        }
    }

    async fn one_by_one(&self, entries: Vec<AttemptEntry>) -> Vec<AttemptEntry> {
        let mut left = Vec::new();
        for mut entry in entries {
            match self.store_single(&mut entry).await {
                Ok(since) => entry.answer(since),
                Err(error) => {
                    tracing::warn!(%error, "what became of a delivery could not be kept; it is tried again");
                    left.push(entry);
                }
            }
        }
        left
    }

    /// Stores one entry: whole, or else without the response's text, or else as a delivery that was given up.
    async fn store_single(&self, entry: &mut AttemptEntry) -> Result<Option<Timestamp>, store::Error> {
        match together(&self.db, std::slice::from_ref(entry)).await {
            Ok(told) => return Ok(told.first().copied().flatten()),
            Err(error) if error.is_unavailable() => return Err(error),
            Err(error) => self.log_unstored(entry, &error),
        }
        entry.made.outcome.attempt.answer = Some(ANSWER_NOT_STORED.to_owned());
        match together(&self.db, std::slice::from_ref(entry)).await {
            Ok(told) => return Ok(told.first().copied().flatten()),
            Err(error) if error.is_unavailable() => return Err(error),
            Err(error) => tracing::error!(%error, endpoint = %entry.of.endpoint, "the delivery is given up"),
        }
        let mut tx = self.db.write().await?;
        let (organiser, endpoint) = (entry.of.organiser, entry.of.endpoint);
        store::webhooks::set_aside(&mut tx, organiser, endpoint, &entry.made.outcome.event.to_string()).await?;
        tx.commit().await?;
        Ok(None)
    }

    fn log_unstored(&self, entry: &AttemptEntry, error: &store::Error) {
        self.set_aside.inc();
        let (organiser, endpoint) = (entry.of.organiser, entry.of.endpoint);
        tracing::error!(%error, %organiser, %endpoint, event = %entry.made.outcome.event,
            "what became of a delivery cannot be stored; it is set aside");
    }
}

impl AttemptEntry {
    /// Signals that it is stored. At shutdown the receiver may be dropped.
    fn answer(self, since: Option<Timestamp>) {
        let _ = self.stored.send(since);
    }
}

async fn together(db: &Db, entries: &[AttemptEntry]) -> Result<Vec<Option<Timestamp>>, store::Error> {
    let mut tx = db.write().await?;
    let mut told = Vec::with_capacity(entries.len());
    for AttemptEntry { of, made, was_failing, .. } in entries {
        told.push(store_attempt(&mut tx, of.organiser, of.endpoint, made, *was_failing).await?);
    }
    tx.commit().await?;
    Ok(told)
}
