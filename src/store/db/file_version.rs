//! The version of the embedded file, read without SQLite: the header of the index of its write-ahead log, which every commit of
//! any process changes before it is answered (<https://www.sqlite.org/walformat.html>, the WAL-index header).
//!
//! A call to SQLite costs two switches between threads; this is one read of a file that is in memory.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The size of the header, in bytes. Two copies of it stand one after the other.
const HEADER: usize = 48;
/// The format of the header that is known.
const FORMAT: u32 = 3_007_000;
/// Where the header says that it is complete.
const IS_COMPLETE: usize = 12;

/// A version of the file: the same as long as nothing was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileVersion([u8; HEADER]);

/// Reads the version of a file. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct LogIndex(Arc<IndexFile>);

#[derive(Debug)]
struct IndexFile {
    path: PathBuf,
    /// Opened at the first reading.
    file: OnceLock<File>,
}

impl LogIndex {
    /// The index of the write-ahead log of this database.
    pub(super) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-shm");
        Self(Arc::new(IndexFile { path: path.into(), file: OnceLock::new() }))
    }

    /// The present version; `None` where it cannot be read, or is being changed.
    pub(super) fn version(&self) -> Option<FileVersion> {
        if self.0.file.get().is_none() {
            // Another thread may have opened it meanwhile.
            let _ = self.0.file.set(File::open(&self.0.path).ok()?);
        }
        let file = self.0.file.get()?;
        let mut copies = [0; 2 * HEADER];
        file.read_exact_at(&mut copies, 0).ok()?;
        let (first, second) = copies.split_first_chunk::<HEADER>()?;
        let (format, _) = first.split_first_chunk::<4>()?;
        let is_valid = u32::from_ne_bytes(*format) == FORMAT && first[IS_COMPLETE] == 1;
        // SQLite writes the second copy first: equal ones are of one commit.
        (is_valid && first == second).then_some(FileVersion(*first))
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Executor as _;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
    use sqlx::{ConnectOptions as _, Connection as _};

    use super::*;

    async fn opened(file: &Path) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
        options.journal_mode(SqliteJournalMode::Wal).connect().await.unwrap()
    }

    #[tokio::test]
    async fn every_commit_of_any_connection_changes_the_version_and_nothing_else_does() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("data.db");
        let index = LogIndex::of(&file);
        assert_eq!(index.version(), None);
        let mut connections = [opened(&file).await, opened(&file).await];
        connections[0].execute("create table a (b integer)").await.unwrap();
        let mut last = index.version().unwrap();
        for round in 0..20 {
            let connection = &mut connections[round % 2];
            connection.execute("begin immediate; insert into a values (1)").await.unwrap();
            assert_eq!(index.version(), Some(last));
            connection.execute(if round == 7 { "rollback" } else { "commit" }).await.unwrap();
            assert_eq!(index.version() == Some(last), round == 7, "{round}");
            last = index.version().unwrap();
            connections[1 - round % 2].execute("select count(*) from a").await.unwrap();
            assert_eq!(index.version(), Some(last));
            if round == 11 {
                connections[0].execute("pragma wal_checkpoint(truncate)").await.unwrap();
                connections[0].execute("insert into a values (2)").await.unwrap();
                assert_ne!(index.version(), Some(last));
                last = index.version().unwrap();
            }
        }
        let [first, second] = connections;
        first.close().await.unwrap();
        second.close().await.unwrap();
    }
}
