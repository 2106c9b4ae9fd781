//! How much room the database has left to grow.

use std::io;
use std::path::{Path, PathBuf};

/// Tells how many bytes can still be written where the database is.
pub trait FreeSpace: std::fmt::Debug + Send + Sync {
    /// The bytes that are free for this process.
    ///
    /// # Errors
    /// When the file system does not say.
    fn available_bytes(&self) -> io::Result<u64>;
}

/// The file system that a file is on. Asking it is one system call.
#[derive(Debug)]
pub(super) struct FileSystemOf(PathBuf);

impl FileSystemOf {
    /// Of the folder that holds `file`.
    pub(super) fn file(file: &Path) -> Self {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        Self(folder.unwrap_or(Path::new(".")).to_owned())
    }
}

impl FreeSpace for FileSystemOf {
    fn available_bytes(&self) -> io::Result<u64> {
        let found = rustix::fs::statvfs(&self.0)?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }
}
