//! Making a world: a copy of an empty database, filled with invented data.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan as _};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use super::content::Shape;
use super::error::WorldError;
use super::open_world::WorldApp;
use super::record::{WorldDirectory, WorldRecord};
use super::registry::{HIDDEN, Registry};
use super::secret::WorldSecret;
use super::world::World;
use crate::app::App;
use crate::app::agency_keys::{self, NewAgencyKey};
use crate::cli::CliError;
use crate::domain::actor::Actor;
use crate::domain::agency_key::{AgencyKeyKind, AgencyScope};
use crate::ids::WorldId;
use crate::random;
use crate::sandbox::scenarios::Scenarios;
use crate::sandbox::seed::{self, KeySet};
use crate::sandbox::seeded_communications;
use crate::store::Db;

/// What a world is to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct WorldWish {
    pub(super) shape: Shape,
    /// What its content is repeatable by.
    pub(super) seed: u32,
    /// The day on which it begins.
    pub(super) start_date: Date,
}

/// How many days the key of the agency's software works.
const AGENCY_KEY_DAYS: i64 = 365;

/// Makes worlds, one after the other.
#[derive(Default)]
pub(super) struct Builder {
    turn: Mutex<()>,
}

impl Builder {
    /// Makes a world that this secret opens.
    pub(super) async fn create(
        &self,
        registry: &Arc<Registry>,
        secret: &WorldSecret,
        wish: WorldWish,
    ) -> Result<Arc<World>, WorldError> {
        let _turn = self.turn.lock().await;
        let shared = &registry.shared;
        let worlds = &shared.config.worlds;
        if registry.count() >= worlds.most || shared.taken.bytes.load(Ordering::Relaxed) >= worlds.bytes_in_all {
            return Err(WorldError::NoRoom);
        }
        let id = WorldId::new(&*shared.clock);
        let created_at = shared.clock.now();
        let lasting = SignedDuration::from_hours(24 * i64::from(worlds.days));
        let record = WorldRecord {
            id,
            secret_hash: secret.hash(),
            shape: wish.shape,
            seed: wish.seed,
            start_date: wish.start_date,
            created_at,
            expires_at: created_at.saturating_add(lasting).unwrap_or(created_at),
            agency_key: None,
        };
        std::fs::create_dir_all(&shared.directory)?;
        let building = shared.directory.join(format!("{HIDDEN}{id}"));
        let placed = shared.directory.join(id.to_string());
        let built = build_apart(Arc::clone(registry), WorldDirectory::create(building.clone())?, record).await;
        let record =
            match built.and_then(|record| std::fs::rename(&building, &placed).map(|()| record).map_err(Into::into)) {
                Ok(record) => record,
                Err(error) => {
                    std::fs::remove_dir_all(&building)?;
                    return Err(error);
                }
            };
        let world = Arc::new(World::new(WorldDirectory::at(placed), record));
        shared.taken.bytes.fetch_add(world.directory().bytes(), Ordering::Relaxed);
        registry.insert(Arc::clone(&world));
        tracing::info!(world = %id, shape = wish.shape.code(), "a world was made");
        Ok(world)
    }
}

/// Fills the directory of a world, in a thread apart: files are copied, and the work is bound to one thread.
async fn build_apart(
    registry: Arc<Registry>,
    directory: WorldDirectory,
    record: WorldRecord,
) -> Result<WorldRecord, WorldError> {
    let runtime = Handle::current();
    let built = tokio::task::spawn_blocking(move || runtime.block_on(build(&registry, &directory, record)));
    built.await.map_err(CliError::from)?
}

/// Fills the directory of a world.
async fn build(
    registry: &Registry,
    directory: &WorldDirectory,
    mut record: WorldRecord,
) -> Result<WorldRecord, WorldError> {
    let shared = &registry.shared;
    let empty = registry.empty.get_or_try_init(|| empty_database(&shared.directory)).await?;
    std::fs::copy(empty, directory.database())?;
    directory.make_master_key()?;
    let world = WorldApp::open(shared, directory, &record, Scenarios::default()).await?;
    record.agency_key = Some(fill(&world.app, &record).await?);
    world.close().await;
    std::fs::copy(directory.database(), directory.beginning())?;
    directory.write_record(&record)?;
    Ok(record)
}

/// A database with this version's schema and without data.
async fn empty_database(directory: &Path) -> Result<PathBuf, CliError> {
    let path = directory.join(format!("{HIDDEN}empty.db"));
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
    let db = Db::connect(&format!("sqlite:{}", path.display())).await?;
    db.migrate().await?;
    db.close().await;
    Ok(path)
}

/// Fills an empty database with what the world begins with; returns the key of the agency's software.
async fn fill(app: &App, record: &WorldRecord) -> Result<String, CliError> {
    let world = record.content().world;
    seed::seed_world(app, &world, KeySet::EachScope).await?;
    seed::add_agents(app, &world).await?;
    if record.shape != Shape::Unsubsidised {
        seed::record_payments_of(app, &world).await?;
    }
    seeded_communications::publish(app).await?;
    let new = NewAgencyKey {
        name: "world".to_owned(),
        scopes: AgencyScope::ALL.iter().copied().collect(),
        networks: vec!["0.0.0.0/0".to_owned(), "::/0".to_owned()],
        last_day: app.clocks.agency_clock().today().saturating_add(AGENCY_KEY_DAYS.days()),
    };
    let actor = Actor::system("sandbox");
    let (text, _) = agency_keys::issue(app.acting_as(&actor), AgencyKeyKind::Sandbox, new).await?;
    Ok(text.expose().to_owned())
}

/// A seed for who asks for none.
pub(super) fn any_seed() -> u32 {
    u32::from_le_bytes(random::bytes())
}
