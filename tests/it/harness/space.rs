//! Disks with little space: simulated, or real.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use passerelle::store::FreeSpace;
use tempfile::TempDir;

/// Free space that a test sets.
#[derive(Debug, Clone)]
pub(crate) struct SimulatedSpace(Arc<AtomicU64>);

impl SimulatedSpace {
    /// So many bytes are free.
    pub(crate) fn of(bytes: u64) -> Self {
        Self(Arc::new(AtomicU64::new(bytes)))
    }

    /// From now on, so many bytes are free.
    pub(crate) fn set(&self, bytes: u64) {
        self.0.store(bytes, Ordering::SeqCst);
    }
}

impl FreeSpace for SimulatedSpace {
    fn available_bytes(&self) -> io::Result<u64> {
        Ok(self.0.load(Ordering::SeqCst))
    }
}

/// A file system of its own in memory, gone when it is dropped.
pub(crate) struct SmallDisk(TempDir);

impl SmallDisk {
    /// One of so many megabytes; `None` where this process may not mount, unless `PASSERELLE_TEST_REQUIRE` has `tmpfs`.
    pub(crate) fn mount(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={megabytes}m,mode=0700");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        if mount.is_ok_and(|done| done.status.success()) {
            return Some(Self(folder));
        }
        let required = std::env::var("PASSERELLE_TEST_REQUIRE").is_ok_and(|required| required.contains("tmpfs"));
        assert!(!required, "a file system in memory is required, and cannot be mounted");
        let message = "SKIPPED: a disk that is really full, because no file system can be mounted\n";
        io::stderr().write_all(message.as_bytes()).expect("standard error can be written");
        None
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Fills it to the last byte but `left`; removed, the file gives the space back.
    pub(crate) fn fill(&self, left: u64) -> PathBuf {
        let ballast = self.path().join("ballast");
        let mut file = std::fs::File::create(&ballast).unwrap();
        let block = [0_u8; 4096];
        loop {
            let free = rustix::fs::statvfs(self.path()).unwrap();
            if free.f_bavail * free.f_frsize <= left || file.write_all(&block).is_err() {
                return ballast;
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}
