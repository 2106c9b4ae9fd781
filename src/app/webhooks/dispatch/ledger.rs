//! What became of attempts is kept by one writer: what ends at about the same time shares a commit.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::app::webhooks::attempt::{Made, keep};
use crate::store::webhooks::Leased;
use crate::store::{self, Db};

/// The most that share a commit.
const TOGETHER: usize = 256;
/// How long the ledger waits before it tries again to write.
const PATIENCE: Duration = Duration::from_secs(1);

/// An attempt to be kept.
struct Entry {
    of: Leased,
    made: Made,
    /// Whether nothing succeeded before it.
    was_failing: bool,
    /// Told since when nothing succeeds, once it is kept.
    kept: oneshot::Sender<Option<Timestamp>>,
}

/// The way to the writer. Cheap to clone.
#[derive(Clone)]
pub(super) struct Ledger {
    entries: mpsc::Sender<Entry>,
    writer: std::sync::Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>,
}

impl Ledger {
    pub(super) fn open(db: Db) -> Self {
        let (entries, coming) = mpsc::channel(TOGETHER);
        let writer = tokio::spawn(write(db, coming));
        Self { entries, writer: std::sync::Arc::new(tokio::sync::Mutex::new(Some(writer))) }
    }

    /// Keeps an attempt; when it is on disk, tells since when nothing succeeds, where that is so.
    pub(super) async fn keep(&self, of: Leased, made: Made, was_failing: bool) -> Option<Timestamp> {
        let (kept, answer) = oneshot::channel();
        // A writer that is gone is at the end of the gateway: the delivery is due as before.
        let _ = self.entries.send(Entry { of, made, was_failing, kept }).await;
        answer.await.ok().flatten()
    }

    /// Waits until everything is kept.
    pub(super) async fn close(self) {
        let Self { entries, writer } = self;
        drop(entries);
        if let Some(writer) = writer.lock().await.take() {
            let _ = writer.await;
        }
    }
}

async fn write(db: Db, mut coming: mpsc::Receiver<Entry>) {
    let mut entries = Vec::with_capacity(TOGETHER);
    while coming.recv_many(&mut entries, TOGETHER).await > 0 {
        loop {
            match together(&db, &entries).await {
                Ok(told) => {
                    for (entry, since) in entries.drain(..).zip(told) {
                        // Nobody waits for it any more at the end of the gateway.
                        let _ = entry.kept.send(since);
                    }
                    break;
                }
                Err(error) => tracing::warn!(%error, "what became of deliveries could not be kept; it is tried again"),
            }
            tokio::time::sleep(PATIENCE).await;
        }
    }
}

async fn together(db: &Db, entries: &[Entry]) -> Result<Vec<Option<Timestamp>>, store::Error> {
    let mut tx = db.write().await?;
    let mut told = Vec::with_capacity(entries.len());
    for Entry { of, made, was_failing, .. } in entries {
        told.push(keep(&mut tx, of.organiser, of.endpoint, made, *was_failing).await?);
    }
    tx.commit().await?;
    Ok(told)
}
