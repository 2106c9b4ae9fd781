//! All worlds of a sandbox, by their ids, and how many of them are open.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::SignedDuration;
use tokio::sync::OnceCell;

use super::error::WorldError;
use super::open_world::OpenWorld;
use super::record::WorldDirectory;
use super::secret::WorldSecret;
use super::shared::SharedParts;
use super::world::World;
use crate::ids::WorldId;
use crate::store;

/// What a directory that is not a world's begins with: one under construction, or the empty database.
pub(super) const HIDDEN: char = '.';
/// After how long without a request a world is closed.
const IDLE: SignedDuration = SignedDuration::from_mins(5);

/// All worlds.
pub(super) struct Registry {
    pub(super) shared: SharedParts,
    worlds: RwLock<HashMap<WorldId, Arc<World>>>,
    /// A database without data, made once.
    pub(super) empty: OnceCell<PathBuf>,
}

impl Registry {
    /// The worlds in the directory. What is left of a construction that was interrupted is removed.
    pub(super) fn read(shared: SharedParts) -> std::io::Result<Self> {
        let mut worlds = HashMap::new();
        let entries = match std::fs::read_dir(&shared.directory) {
            Ok(entries) => entries.collect(),
            // It is made with the first world.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let is_hidden = entry.file_name().to_string_lossy().starts_with(HIDDEN);
            if !entry.file_type()?.is_dir() {
                continue;
            }
            if is_hidden {
                std::fs::remove_dir_all(entry.path())?;
                continue;
            }
            let directory = WorldDirectory::at(entry.path());
            match directory.read_record() {
                Ok(record) => {
                    worlds.insert(record.id, Arc::new(World::new(directory, record)));
                }
                Err(error) => tracing::warn!(%error, "a directory among the worlds is none of them"),
            }
        }
        let registry = Self { shared, worlds: RwLock::new(worlds), empty: OnceCell::new() };
        registry.count_bytes();
        Ok(registry)
    }

    /// The world with this id.
    pub(super) fn find(&self, id: WorldId) -> Option<Arc<World>> {
        self.worlds.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Every world.
    pub(super) fn all(&self) -> Vec<Arc<World>> {
        self.worlds.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The worlds that a secret opens, the oldest first.
    pub(super) fn of_secret(&self, secret: &WorldSecret) -> Vec<Arc<World>> {
        let mut worlds = self.all();
        worlds.retain(|world| secret.has_hash(&world.record.secret_hash));
        worlds.sort_by_key(|world| world.record.id);
        worlds
    }

    /// How many worlds there are.
    pub(super) fn count(&self) -> usize {
        self.worlds.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Adds a world.
    pub(super) fn insert(&self, world: Arc<World>) {
        self.worlds.write().unwrap_or_else(PoisonError::into_inner).insert(world.record.id, world);
    }

    /// Deletes a world.
    pub(super) async fn delete(&self, world: &World) -> Result<(), WorldError> {
        self.worlds.write().unwrap_or_else(PoisonError::into_inner).remove(&world.record.id);
        world.delete().await
    }

    /// The gateway of a world, opened where it is not.
    pub(super) async fn open(&self, world: &World) -> Result<Arc<OpenWorld>, WorldError> {
        world.touch(self.shared.clock.now());
        if let Some(open) = world.opened() {
            return Ok(open);
        }
        self.make_room().await?;
        let open = world.open(&self.shared).await?;
        // What it took before it was closed, or no longer takes after a reset, holds from its first request on.
        self.count_rows(world, &open).await;
        Ok(open)
    }

    /// Closes the world that was used longest ago, while as many are open as may be.
    async fn make_room(&self) -> Result<(), WorldError> {
        let most = self.shared.config.worlds.open_at_once.get();
        loop {
            let open: Vec<_> = self.all().into_iter().filter(|world| world.opened().is_some()).collect();
            if open.len() < most {
                return Ok(());
            }
            let unused = open.iter().filter(|world| !is_in_use(world));
            let oldest = unused.min_by_key(|world| world.used_at()).ok_or(WorldError::TooManyOpen)?;
            oldest.close().await;
        }
    }

    /// Closes worlds that nobody has used for a time and that have nothing to send, deletes those whose time is over, and
    /// counts what the others take.
    pub(super) async fn maintain(&self) {
        let now = self.shared.clock.now();
        for world in self.all() {
            if world.record.expires_at <= now {
                match self.delete(&world).await {
                    Ok(()) => tracing::info!(world = %world.record.id, "a world was deleted: its time was over"),
                    Err(error) => tracing::warn!(%error, "a world could not be deleted; it is tried again"),
                }
            } else if let Some(open) = world.opened() {
                self.count_rows(&world, &open).await;
                let is_waiting = has_deliveries(&open).await;
                drop(open);
                if world.is_idle_for(now, IDLE) && !is_in_use(&world) && !is_waiting {
                    world.close().await;
                }
            }
        }
        self.count_bytes();
    }

    /// Closes every world, when the gateway stops.
    pub(super) async fn close_all(&self) {
        for world in self.all() {
            world.close().await;
        }
    }

    fn count_bytes(&self) {
        let bytes = self.all().iter().map(|world| world.directory().bytes()).sum();
        self.shared.taken.bytes.store(bytes, Ordering::Relaxed);
    }

    async fn count_rows(&self, world: &World, open: &OpenWorld) {
        let counted = async { store::row_count::count_rows(&mut open.app.db.read().await?).await };
        let rows = match counted.await {
            Ok(rows) => rows,
            Err(error) => return tracing::warn!(%error, "the rows of a world could not be counted"),
        };
        world.rows.store(i64::try_from(rows).unwrap_or(i64::MAX), Ordering::Relaxed);
        let in_all: i64 = self.all().iter().map(|world| world.rows.load(Ordering::Relaxed)).sum();
        let caps = &self.shared.config.worlds;
        let is_full = rows >= caps.rows_each || in_all.cast_unsigned() >= caps.rows_in_all;
        open.space.rows_full.store(is_full, Ordering::Relaxed);
    }
}

/// Whether a request to the world is being answered, or its clock is being moved.
fn is_in_use(world: &World) -> bool {
    // One is that of the world itself, one that of this look.
    world.opened().is_some_and(|open| Arc::strong_count(&open) > 2 || open.advances.state().is_running())
}

/// Whether messages wait to be sent again.
async fn has_deliveries(open: &OpenWorld) -> bool {
    let waiting = async { store::webhooks::is_any_waiting(&mut open.app.db.read().await?).await };
    waiting.await.unwrap_or(true)
}
