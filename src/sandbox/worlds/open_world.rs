//! A world that is open: a whole gateway on its own file.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::agency::SimulatedAgency;
use super::agency_background;
use super::caps::{MessageCounter, WorldSpace, WorldTransport};
use super::record::{WorldDirectory, WorldRecord};
use super::shared::SharedParts;
use super::time::{Advances, WorldClock};
use crate::app::{App, Clocks};
use crate::cli::CliError;
use crate::cli::gateway::{self, Surroundings};
use crate::cli::webhook_transport::may_call_own_machine;
use crate::config::{Config, Secret};
use crate::domain::ssin::AcceptedSsins;
use crate::http::HttpConfig;
use crate::sandbox::inspector::local::LocalInspector;
use crate::sandbox::parts::SandboxParts;
use crate::sandbox::scenarios::Scenarios;
use crate::sandbox::seed::personas_of;
use crate::seal::MasterKeys;
use crate::store::FreeSpace;

/// How long the closing of a world waits for its background work, its requests and its database, each.
const CLOSING_STEP: Duration = Duration::from_secs(2);
/// How often it is looked whether the last request has been answered.
const LOOK: Duration = Duration::from_millis(5);

/// The application of a world, before it is served.
pub(super) struct WorldApp {
    pub(super) app: App,
    pub(super) space: Arc<WorldSpace>,
    pub(super) clock: Arc<WorldClock>,
    agency: Arc<SimulatedAgency>,
    directory: WorldDirectory,
    config: Config,
    base_url: String,
    parts: SandboxParts,
}

/// A world that is open.
pub(super) struct OpenWorld {
    pub(super) app: App,
    pub(super) space: Arc<WorldSpace>,
    pub(super) clock: Arc<WorldClock>,
    pub(super) advances: Arc<Advances>,
    pub(super) agency: Arc<SimulatedAgency>,
    pub(super) router: Router,
    /// Dropped when the world is closed.
    running: Mutex<Option<watch::Sender<()>>>,
    tasks: Mutex<JoinSet<()>>,
}

impl WorldApp {
    /// Opens the application in a directory, with what is set of scenarios.
    pub(super) async fn open(
        shared: &SharedParts,
        directory: &WorldDirectory,
        record: &WorldRecord,
        scenarios: Scenarios,
    ) -> Result<Self, CliError> {
        let config = config_of(&shared.config, directory);
        let machine = Arc::clone(&shared.clock);
        let clock = Arc::new(WorldClock::load(directory, Arc::clone(&machine), record.start_date)?);
        let inspector = LocalInspector::new(Arc::clone(&machine), !may_call_own_machine(&shared.config));
        let parts = SandboxParts::new(inspector, personas_of(record.content().world), scenarios);
        let worlds = &shared.config.worlds;
        let most = (worlds.bytes_each, worlds.bytes_in_all);
        let space = Arc::new(WorldSpace::of(directory, most, Arc::clone(&shared.taken)));
        let transport = WorldTransport {
            network: shared.network.clone(),
            shared: Arc::clone(&shared.sending),
            own: MessageCounter::new(worlds.messages_each),
            clock: Arc::clone(&machine),
        };
        let around = Surroundings {
            clocks: Clocks::with_common_business_time(machine, Arc::clone(&clock) as _),
            webhook_transport: parts.wrap_shared_transport(Arc::new(transport)),
            free_space: Some(Arc::clone(&space) as Arc<dyn FreeSpace>),
            accepted_ssins: AcceptedSsins::Invented,
        };
        let app = gateway::opened(&config, MasterKeys::only(directory.master_key()?), around).await?;
        let agency = SimulatedAgency::load(app.clone(), directory.clone(), &record.content().world)?;
        let base_url = shared.world_url(record.id);
        Ok(Self { app, space, clock, agency, directory: directory.clone(), config, base_url, parts })
    }

    /// Closes it again: everything is in the file afterwards.
    pub(super) async fn close(self) {
        self.app.db.close().await;
    }

    /// Serves it, with its work in the background.
    pub(super) fn serve(self, shared: &SharedParts) -> Result<OpenWorld, CliError> {
        let Self { app, space, clock, agency, directory, config, base_url, parts } = self;
        let around = HttpConfig::new(&config, &base_url);
        let around = match shared.http() {
            Some((metrics, budget)) => HttpConfig { metrics, budget, ..around },
            None => around,
        };
        let set_aside = around.metrics.webhook_entries_set_aside();
        let router = gateway::assembled(&app, &config, &base_url, Some(&parts), around)?;
        let (running, done) = watch::channel(());
        let tasks = Mutex::new(gateway::periodic(&app, &config, &base_url, set_aside, done));
        let advances = Arc::new(Advances::new(app.clone(), Arc::clone(&clock), Arc::clone(&agency), directory, config));
        let interrupted = advances.resume()?;
        let background = agency_background::run(Arc::clone(&agency), Arc::clone(&advances));
        let open = OpenWorld { app, space, clock, advances, agency, router, running: Mutex::new(Some(running)), tasks };
        open.spawn(background);
        if let Some(work) = interrupted {
            open.spawn(work);
        }
        Ok(open)
    }
}

impl OpenWorld {
    /// Runs work in the background, until the world is closed.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stopping =
            self.running.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(watch::Sender::subscribe);
        // A world that is being closed begins nothing.
        let Some(mut stopping) = stopping else { return };
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).spawn(async move {
            tokio::select! {
                () = work => {}
                _ = stopping.changed() => {}
            }
        });
    }

    /// Ends the background work, waits for the requests that are being answered, and closes the database.
    pub(super) async fn close(self: Arc<Self>) {
        self.app.over.send_replace(true);
        drop(self.running.lock().unwrap_or_else(PoisonError::into_inner).take());
        let mut tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        if timeout(CLOSING_STEP, async { while tasks.join_next().await.is_some() {} }).await.is_err() {
            tracing::warn!("the background work of a world was still going on when it was closed");
            tasks.abort_all();
        }
        let answered = async {
            while Arc::strong_count(&self) > 1 {
                tokio::time::sleep(LOOK).await;
            }
        };
        if timeout(CLOSING_STEP, answered).await.is_err() {
            tracing::warn!("requests to a world were still being answered when it was closed");
        }
        if let Err(error) = gateway::store_collected(&self.app).await {
            tracing::warn!(%error, "the last use of the keys and the last calls of a world could not be written down");
        }
        if timeout(CLOSING_STEP, self.app.db.close()).await.is_err() {
            tracing::warn!("the database of a world was still in use when it was closed");
        }
    }
}

/// The configuration of a world: that of the gateway, with its own file and the simulated log-in.
fn config_of(gateway: &Config, directory: &WorldDirectory) -> Config {
    let mut config = gateway.clone();
    config.database.url = Secret::from(format!("sqlite:{}", directory.database().display()));
    config.login = None;
    config.audit.checkpoint_file = None;
    config.metrics.listen = None;
    config.worlds.directory = None;
    config
}
