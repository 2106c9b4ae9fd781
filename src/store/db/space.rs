//! How many bytes the database can still grow by.

use std::io;
use std::path::{Path, PathBuf};

/// Returns how many bytes can still be written where the database is.
pub trait FreeSpace: std::fmt::Debug + Send + Sync {
    /// The bytes that are free for this process.
    ///
    /// # Errors
    /// When the file system returns an error.
    fn available_bytes(&self) -> io::Result<u64>;
}

/// The file system of a file. A query is one system call.
#[derive(Debug)]
pub(super) struct FileSystemOf(PathBuf);

impl FileSystemOf {
    /// The file system of the folder that contains `file`.
    pub(super) fn file(file: &Path) -> Self {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        Self(folder.unwrap_or(Path::new(".")).to_owned())
    }
}

impl FreeSpace for FileSystemOf {
    fn available_bytes(&self) -> io::Result<u64> {
        let stats = rustix::fs::statvfs(&self.0)?;
        Ok(stats.f_bavail.saturating_mul(stats.f_frsize))
    }
}
