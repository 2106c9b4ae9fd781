//! One world: its directory, and its gateway while it is open.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, MutexGuard};

use super::error::WorldError;
use super::open_world::{OpenWorld, WorldApp};
use super::record::{WorldDirectory, WorldRecord};
use super::shared::SharedParts;
use crate::sandbox::scenarios::Scenarios;

/// A world. While nobody uses it, it takes nothing but this and its directory.
pub(super) struct World {
    pub(super) record: WorldRecord,
    directory: WorldDirectory,
    open: RwLock<Option<Arc<OpenWorld>>>,
    /// Held while the world is opened, closed, reset or deleted.
    turn: Mutex<()>,
    /// Held while a step of the certification is prepared or judged.
    pub(super) certification: Mutex<()>,
    /// When it was used last, in milliseconds of machine time.
    used_at: AtomicI64,
    deleted: AtomicBool,
    /// Rows, as last counted.
    pub(super) rows: AtomicI64,
    /// What goes wrong on demand. It stays while the process runs, also while the world is closed.
    pub(super) scenarios: Scenarios,
}

impl World {
    pub(super) fn new(directory: WorldDirectory, record: WorldRecord) -> Self {
        Self {
            record,
            directory,
            open: RwLock::default(),
            turn: Mutex::default(),
            certification: Mutex::default(),
            used_at: AtomicI64::new(0),
            deleted: AtomicBool::new(false),
            rows: AtomicI64::new(0),
            scenarios: Scenarios::default(),
        }
    }

    pub(super) const fn directory(&self) -> &WorldDirectory {
        &self.directory
    }

    /// The gateway of the world, if it is open.
    pub(super) fn opened(&self) -> Option<Arc<OpenWorld>> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that the world is used now.
    pub(super) fn touch(&self, now: Timestamp) {
        self.used_at.store(now.as_millisecond(), Ordering::Relaxed);
    }

    /// When the world was used last, in milliseconds of machine time.
    pub(super) fn used_at(&self) -> i64 {
        self.used_at.load(Ordering::Relaxed)
    }

    /// Whether nobody has used it for so long.
    pub(super) fn is_idle_for(&self, now: Timestamp, time: SignedDuration) -> bool {
        now.as_millisecond() - self.used_at() >= i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
    }

    /// The gateway of the world, opened where it is not.
    pub(super) async fn open(&self, shared: &SharedParts) -> Result<Arc<OpenWorld>, WorldError> {
        if let Some(open) = self.opened() {
            return Ok(open);
        }
        let turn = self.turn().await?;
        let open = self.open_in_turn(&turn, shared).await?;
        drop(turn);
        Ok(open)
    }

    async fn open_in_turn(&self, _: &MutexGuard<'_, ()>, shared: &SharedParts) -> Result<Arc<OpenWorld>, WorldError> {
        if let Some(open) = self.opened() {
            return Ok(open);
        }
        let app = WorldApp::open(shared, &self.directory, &self.record, self.scenarios.clone()).await?;
        let open = Arc::new(app.serve(shared)?);
        self.slot(Some(Arc::clone(&open)));
        Ok(open)
    }

    /// Closes the world; it is opened again when it is used.
    pub(super) async fn close(&self) {
        let turn = self.turn.lock().await;
        self.close_in_turn(&turn).await;
    }

    async fn close_in_turn(&self, _: &MutexGuard<'_, ()>) {
        if let Some(open) = self.slot(None) {
            open.close().await;
        }
    }

    /// Brings the world back to its beginning, with the keys that it had.
    pub(super) async fn reset(&self) -> Result<(), WorldError> {
        let turn = self.turn().await?;
        self.close_in_turn(&turn).await;
        let database = self.directory.database();
        for end in ["-wal", "-shm"] {
            remove(Path::new(&format!("{}{end}", database.display())))?;
        }
        let fresh = self.directory.path().join("fresh.db");
        std::fs::copy(self.directory.beginning(), &fresh)?;
        std::fs::rename(&fresh, &database)?;
        remove(&self.directory.clock())?;
        remove(&self.directory.agency())?;
        remove(&self.directory.certification())?;
        self.scenarios.forget();
        Ok(())
    }

    /// Closes the world for good and removes its directory.
    pub(super) async fn delete(&self) -> Result<(), WorldError> {
        let turn = self.turn.lock().await;
        if !self.deleted.swap(true, Ordering::SeqCst) {
            self.close_in_turn(&turn).await;
            std::fs::remove_dir_all(self.directory.path())?;
        }
        Ok(())
    }

    /// Waits for the turn to open or change the world.
    async fn turn(&self) -> Result<MutexGuard<'_, ()>, WorldError> {
        let turn = self.turn.lock().await;
        if self.deleted.load(Ordering::SeqCst) { Err(WorldError::Unknown) } else { Ok(turn) }
    }

    fn slot(&self, next: Option<Arc<OpenWorld>>) -> Option<Arc<OpenWorld>> {
        std::mem::replace(&mut *self.open.write().unwrap_or_else(PoisonError::into_inner), next)
    }
}

/// Removes a file that may not be there.
fn remove(file: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
