//! A gateway in operation: the application behind its doors, its daily chores, and an orderly end.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::{Failure, log_in};
use crate::app::keys::Keyring;
use crate::app::missing::Daily as Missing;
use crate::app::retention::{Daily, Swept};
use crate::app::sessions::Lifetime;
use crate::app::staff::Settings;
use crate::app::webhooks::Dispatcher;
use crate::app::{App, Parts};
use crate::clock::Clock;
use crate::config::Config;
use crate::csam;
use crate::domain::key::Deployment;
use crate::http::server::{self, Connections};
use crate::http::urls::Urls;
use crate::http::{Surroundings, api, console, metrics};
use crate::ingest::workbook::xls::XlsReader;
use crate::network::Network;
use crate::outbound::guard::Guard;
use crate::outbound::post::Post;
use crate::receiver;
use crate::store::{Db, DbOptions};
use crate::vault::{MasterKey, MasterKeys, Vault};

/// How often the last use of each key is written down, and looked whether a day has begun.
const CHORES: Duration = Duration::from_secs(30);
/// How often it is looked which keys are about to end.
const NOTICES: Duration = Duration::from_hours(1);

/// Opens the application on a database whose schema is up to date.
pub(super) async fn open(config: &Config, masters: MasterKeys, clock: Arc<dyn Clock>) -> Result<App, Failure> {
    if let Some(file) = Db::file(config.database.url.expose())?.filter(|file| !file.exists()) {
        return Err(format!("there is no database at {}: run `passerelle migrate` first", file.display()).into());
    }
    let db = Db::connect_with(config.database.url.expose(), options(config)).await?;
    let pending = db.pending_migrations().await?;
    if !pending.is_empty() {
        return Err(format!("the database lacks {} migration(s): run `passerelle migrate` first", pending.len()).into());
    }
    let vault = Vault::open(&db, masters).await?;
    Ok(App::new(Parts {
        db,
        vault,
        clock,
        xls: XlsReader::new(std::env::current_exe()?),
        deployment: config.deployment,
        half_day_max_minutes: config.rules.half_day_max_minutes.into(),
        staff: Settings {
            help_desk: config.staff.help_desk.clone(),
            mismatches_per_hour: config.staff.mismatches_per_hour.into(),
            questions_per_hour: config.staff.questions_per_hour.into(),
        },
        caps: config.caps,
        failing_writes: Duration::from_secs(config.health.failing_writes_seconds),
        lifetime: Lifetime {
            idle: SignedDuration::from_mins(config.sessions.idle_minutes.into()),
            longest: SignedDuration::from_hours(config.sessions.longest_hours.into()),
        },
        keys: Keyring::new(config.deployment),
        courier: Arc::new(courier(config)?),
        over: watch::Sender::new(false),
    }))
}

/// How the database is opened.
fn options(config: &Config) -> DbOptions {
    DbOptions {
        headroom_bytes: config.database.headroom_bytes,
        free_space: None,
        connections: config.database.connections,
        waiting_writes: config.database.waiting_writes_per_organiser,
    }
}

/// The way to webhook endpoints; a sandbox also calls its own machine.
fn courier(config: &Config) -> Result<Post, Failure> {
    let mut allowed = config.webhooks.allowed_networks.clone();
    if config.deployment == Deployment::Sandbox {
        allowed.extend(["127.0.0.0/8".parse::<Network>()?, "::1".parse()?]);
    }
    Ok(Post::new(Guard::allowing(allowed))?)
}

/// The master keys of the configuration.
pub(super) fn masters(config: &Config) -> Result<MasterKeys, Failure> {
    let key = |secret: &crate::config::Secret| MasterKey::parse(secret.expose());
    let current = config.security.master_key.as_ref().ok_or("security.masterKey is missing")?;
    let previous = config.security.previous_master_key.as_ref().map(key).transpose()?;
    Ok(MasterKeys { current: key(current)?, previous })
}

/// A gateway that accepts requests.
pub(super) struct Running {
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// The origin in its answers.
    pub(super) base_url: String,
    app: App,
    server: JoinHandle<()>,
    chores: JoinSet<()>,
    /// Dropped, it ends the chores.
    busy: watch::Sender<()>,
}

/// Begins to serve `app`; `stop` ends it.
pub(super) async fn start(
    app: App,
    config: &Config,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<Running, Failure> {
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let address = listener.local_addr()?;
    let base_url = config.base_url(address);
    let around = Surroundings::new(config, &base_url);
    if let Some(listen) = config.metrics.listen {
        let figures = TcpListener::bind(listen).await.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
        tokio::spawn(server::serve(
            figures,
            metrics::router(Arc::clone(&around.metrics)),
            connections(config),
            std::future::pending(),
        ));
    }
    let (log_in, csam) = log_in::of(&app, config, &base_url)?;
    let pages = console::router(log_in);
    let pages = match csam {
        Some(csam) => pages.nest_service("/csam", csam::router(csam)),
        None => pages,
    };
    let pages = match config.deployment {
        Deployment::Sandbox => pages.nest_service(receiver::ROOT, receiver::router(Arc::clone(&app.clock))),
        Deployment::Production => pages,
    };
    let router = crate::http::router(app.clone(), api::routes(), pages, around);
    let waiting = app.clone();
    let stop = async move {
        stop.await;
        waiting.over.send_replace(true);
    };
    let server = tokio::spawn(server::serve(listener, router, connections(config), stop));
    let (busy, done) = watch::channel(());
    let mut chores = chores(&app, Daily::new(config.retention), &done);
    let (late, mut missing) = (app.clone(), Missing::new(config.webhooks.missing_on_day));
    chores.spawn(every(NOTICES, done.clone(), async move || tell_missing(&late, &mut missing).await));
    chores.spawn(Dispatcher::new(app.clone(), Urls::new(&base_url).api("")).run(done));
    tracing::info!(%address, database = app.db.engine(), "the gateway accepts requests");
    Ok(Running { address, base_url, app, server, chores, busy })
}

impl Running {
    /// Waits for the end: requests under way are finished, what is only in memory is written down.
    pub(super) async fn finish(self) -> Result<(), Failure> {
        self.server.await?;
        drop(self.busy);
        self.chores.join_all().await;
        self.app.keys.flush_last_use(&self.app.db).await?;
        self.app.db.close().await;
        tracing::info!("the gateway has stopped");
        Ok(())
    }
}

fn connections(config: &Config) -> Connections {
    Connections {
        most: config.limits.connections,
        head: Duration::from_secs(config.limits.head_seconds),
        farewell: Duration::from_secs(config.shutdown_seconds),
    }
}

/// What is done now and then while the gateway runs.
fn chores(app: &App, mut daily: Daily, done: &watch::Receiver<()>) -> JoinSet<()> {
    let mut chores = JoinSet::new();
    let (uses, keys, all) = (app.clone(), app.clone(), app.clone());
    chores.spawn(every(CHORES, done.clone(), async move || flush(&uses).await));
    chores.spawn(every(NOTICES, done.clone(), async move || notices(&keys).await));
    let mut end = done.clone();
    chores.spawn(every(CHORES, done.clone(), async move || {
        // Whatever transaction the end interrupts never happened: the next start does it.
        tokio::select! {
            () = tidy(&all, &mut daily) => {}
            _ = end.changed() => {}
        }
    }));
    chores
}

/// Does the work at once and then again and again, until it is done with.
async fn every(period: Duration, mut done: watch::Receiver<()>, mut work: impl AsyncFnMut()) {
    let mut bell = tokio::time::interval(period);
    loop {
        tokio::select! {
            _ = bell.tick() => work().await,
            _ = done.changed() => return,
        }
    }
}

/// Writes down how keys were used.
async fn flush(app: &App) {
    if let Err(error) = app.keys.flush_last_use(&app.db).await {
        tracing::warn!(%error, "the use of keys could not be written down; it is tried again");
    }
}

/// Tells organisers which keys are about to end.
async fn notices(app: &App) {
    match crate::app::keys::notices(app).await {
        Ok(0) => {}
        Ok(given) => tracing::info!(given, "organisers were told of keys that are about to end"),
        Err(error) => tracing::warn!(%error, "notices of the end of keys could not be given; it is tried again"),
    }
}

/// Tells organisers which statements are missing.
async fn tell_missing(app: &App, missing: &mut Missing) {
    match missing.keep(app).await {
        Ok(0) => {}
        Ok(told) => tracing::info!(told, "organisers were told of missing statements"),
        Err(error) => tracing::warn!(%error, "what is missing could not be told; it is tried again"),
    }
}

/// Removes what is past its period, once a day.
async fn tidy(app: &App, daily: &mut Daily) {
    match daily.keep(app).await {
        Ok(Some(swept)) if swept != Swept::default() => {
            tracing::info!(removed = %swept.total(), sessions = swept.sessions, "what was past its period was removed");
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "what is past its period could not be removed; it is tried again"),
    }
}

/// Resolves when the process is asked to end (SIGINT, SIGTERM).
pub(super) async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
