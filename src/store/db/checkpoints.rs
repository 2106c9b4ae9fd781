//! Copies the write-ahead log into the file beside the writes, so that no commit waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::sqlite::SqliteConnections;
use crate::runtime;

/// Commits from one copying to the next.
const COMMITS: u32 = 128;

/// Copies the log after every so many commits, on a connection of its own that is opened for the first of them.
///
/// The connection that writes does the same at a log several times as long (`connect.rs`), which a program reaches that
/// commits without pause: pages that are written meanwhile are then few.
#[derive(Debug, Clone)]
pub(in crate::store) struct Checkpoints {
    connections: SqliteConnections,
    progress: Arc<Progress>,
}

#[derive(Debug, Default)]
struct Progress {
    commits: AtomicU32,
    runs: AtomicBool,
}

impl Checkpoints {
    /// On these connections.
    pub(super) fn on(connections: SqliteConnections) -> Self {
        Self { connections, progress: Arc::default() }
    }

    /// Counts a commit, and begins to copy when it is the last of so many.
    pub(super) fn count_commit(&self) {
        let commits = self.progress.commits.fetch_add(1, Ordering::Relaxed);
        if commits % COMMITS == COMMITS - 1 && !self.progress.runs.swap(true, Ordering::AcqRel) {
            drop(runtime::spawn(self.clone().run()));
        }
    }

    async fn run(self) {
        let copied = async {
            let mut connection = self.connections.take().await?;
            sqlx::query("pragma wal_checkpoint(passive)").execute(&mut *connection).await
        };
        if let Err(error) = copied.await {
            tracing::debug!(%error, "the log was not copied into the file; a later commit does it");
        }
        self.progress.runs.store(false, Ordering::Release);
    }

    /// Waits for the copying that runs, and lets none begin any more.
    pub(super) async fn close(&self) {
        if !self.connections.is_unused() {
            drop(self.connections.take().await);
        }
        self.connections.close().await;
    }
}
