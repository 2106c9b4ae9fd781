//! Copies the write-ahead log into the file beside the writes, so that no commit waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::sqlite::SqliteConnections;
use crate::runtime;

/// Commits from one copying to the next.
const COMMITS: u32 = 128;

/// Copies the log after every so many commits, on a connection of its own that is opened for the first of them.
///
/// Where commits come without a pause, pages are always left that were written meanwhile, and the log does not begin anew.
/// Then the connection that writes copies the rest, at the length of the log that is set in `connect.rs`.
#[derive(Debug, Clone)]
pub(super) struct Checkpoints {
    connections: SqliteConnections,
    commits: Arc<AtomicU32>,
    /// Held while the log is copied.
    copying: Arc<Mutex<()>>,
}

impl Checkpoints {
    /// On these connections.
    pub(super) fn on(connections: SqliteConnections) -> Self {
        Self { connections, commits: Arc::default(), copying: Arc::default() }
    }

    /// Counts a commit, and begins to copy when it is the last of so many.
    pub(super) fn count_commit(&self) {
        let is_last = self.commits.fetch_add(1, Ordering::Relaxed) % COMMITS == COMMITS - 1;
        if let Some(Ok(turn)) = is_last.then(|| Arc::clone(&self.copying).try_lock_owned()) {
            drop(runtime::spawn(self.clone().copy(turn)));
        }
    }

    async fn copy(self, _turn: OwnedMutexGuard<()>) {
        let copied = async {
            let mut connection = self.connections.take().await?;
            sqlx::query("pragma wal_checkpoint(passive)").execute(&mut *connection).await
        };
        if let Err(error) = copied.await {
            tracing::debug!(%error, "the log was not copied into the file");
        }
    }

    /// Waits for the copying that runs, and lets none begin any more.
    pub(super) async fn close(&self) {
        let _turn = self.copying.lock().await;
        self.connections.close().await;
    }
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions as _, Connection as _};

    use super::*;
    use crate::store::Db;
    use crate::store::db::execute;

    const PROBE: &str = "insert into write_probe (id, filler) values (1, $1) \
                         on conflict (id) do update set filler = excluded.filler";

    #[tokio::test]
    async fn the_log_is_copied_after_so_many_commits_and_is_gone_when_the_file_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("copied.db");
        let db = Db::open(&file).await.unwrap();
        db.migrate().await.unwrap();
        let length = || std::fs::metadata(&file).unwrap().len();
        let before = length();
        for _ in 0..COMMITS {
            let mut tx = db.write().await.unwrap();
            let written = execute!(tx, PROBE, vec![0_u8; 100_000]).unwrap();
            written.any();
            tx.commit().await.unwrap();
        }
        drop(db.state.checkpoints.as_ref().unwrap().copying.lock().await);
        assert!(length() > before);
        db.close().await;
        assert!(!folder.path().join("copied.db-wal").exists());
    }

    /// Older versions lose commits when one connection copies the log while another begins it anew
    /// (<https://sqlite.org/wal.html>, the WAL-reset bug).
    #[tokio::test]
    async fn sqlite_can_copy_and_begin_the_log_anew_at_once() {
        let mut connection = SqliteConnectOptions::new().in_memory(true).connect().await.unwrap();
        let (version,): (String,) = sqlx::query_as("select sqlite_version()").fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let numbers: Vec<u32> = version.split('.').map(|number| number.parse().unwrap()).collect();
        assert!(numbers >= vec![3, 51, 3], "{version}");
    }
}
