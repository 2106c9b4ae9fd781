//! A running gateway: the application behind its HTTP server, its periodic tasks, and their orderly shutdown.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::sandbox_parts::SandboxParts;
use super::webhook_transport::webhook_transport;
use super::{CliError, checkpoint, log_in};
use crate::api;
use crate::app::agency_keys::AgencyKeyUses;
use crate::app::home::HomeSettings;
use crate::app::integrity::{self, AcceptedRows};
use crate::app::keys::KeyCache;
use crate::app::missing_statements::MissingStatementNotifier as Missing;
use crate::app::report_deadlines::ReportDeadlineNotifier;
use crate::app::retention::{PurgeReport, RetentionJob};
use crate::app::sessions::SessionLifetime;
use crate::app::staff::StaffSettings;
use crate::app::webhooks::{Dispatcher, HostRates, SendingLimits};
use crate::app::{App, AppParts, Clocks, agents, communications, deployment, figure_inputs};
use crate::config::{Config, Home};
use crate::console;
use crate::domain::actor::Actor;
use crate::http::metrics::ConnectionFigures;
use crate::http::server::{self, ConnectionSettings};
use crate::http::urls::Urls;
use crate::http::{HttpConfig, metrics};
use crate::ingest::workbook::xls::XlsReader;
use crate::runtime;
use crate::seal::{MasterKey, MasterKeys};
use crate::store::{self, Db, DbOptions};
use crate::vault::Vault;

/// How often the last use of each key is stored, and whether a new day has begun is checked.
const TASK_PERIOD: Duration = Duration::from_secs(30);
/// How often keys that are about to end are looked for.
const NOTICE_PERIOD: Duration = Duration::from_hours(1);
/// How long each step of the shutdown may take once connections are closed: background tasks, the use of keys, the
/// database.
const LAST_STEP: Duration = Duration::from_secs(2);
/// How long after `shutdownSeconds` a process that has still not ended exits.
const GIVE_UP: Duration = Duration::from_secs(10);

/// An application that is ready to be served.
pub(crate) struct OpenedGateway {
    /// The application.
    pub(crate) app: App,
    /// The parts that only a sandbox has.
    sandbox: Option<SandboxParts>,
}

/// Opens the application on a database whose schema is up to date and which belongs to this kind of deployment.
pub(crate) async fn open(config: &Config, masters: MasterKeys, clocks: Clocks) -> Result<OpenedGateway, CliError> {
    if let Some(file) = Db::file(config.database.url.expose())?.filter(|file| !file.exists()) {
        return Err(format!("there is no database at {}: run `passerelle migrate` first", file.display()).into());
    }
    let db = Db::connect_with(config.database.url.expose(), options(config)).await?;
    let pending = db.pending_migrations().await?;
    if !pending.is_empty() {
        return Err(format!("the database lacks {} migration(s): run `passerelle migrate` first", pending.len()).into());
    }
    let vault = Vault::open(&db, masters).await?;
    let sandbox = SandboxParts::new(config, &clocks.shared_machine())?;
    let network = webhook_transport(config)?;
    let webhook_transport = match &sandbox {
        Some(sandbox) => sandbox.wrap_transport(network),
        None => Arc::new(network),
    };
    let app = App::new(AppParts {
        db,
        vault,
        clocks,
        xls: XlsReader::new(std::env::current_exe()?),
        deployment: config.deployment,
        half_day_max_minutes: config.rules.half_day_max_minutes.into(),
        staff: StaffSettings {
            help_desk: config.staff.help_desk.clone(),
            mismatches_per_hour: config.staff.mismatches_per_hour.into(),
            questions_per_hour: config.staff.questions_per_hour.into(),
        },
        home: home_settings(config),
        caps: config.caps,
        failing_writes: Duration::from_secs(config.health.failing_writes_seconds),
        lifetime: SessionLifetime {
            idle: SignedDuration::from_mins(config.sessions.idle_minutes.into()),
            longest: SignedDuration::from_hours(config.sessions.longest_hours.into()),
        },
        sign_within: SignedDuration::from_mins(config.sessions.sign_within_minutes.into()),
        second_agent: config.claims.second_agent,
        keys: KeyCache::new(config.deployment),
        agency_key_uses: AgencyKeyUses::default(),
        webhook_transport,
        sending: SendingLimits {
            host_per_minute: config.webhooks.host_messages_per_minute,
            unverified_host_per_hour: config.webhooks.unverified_host_messages_per_hour.into(),
        },
        figures: crate::app::summaries::FigureCache::default(),
        host_rates: HostRates::new(config.webhooks.host_messages_per_minute),
        over: watch::Sender::new(false),
    });
    // The addresses that an earlier version stored in clear are sealed first: the codes cover the sealed ones.
    deployment::establish(&app).await?;
    authenticate_rows(&app).await?;
    let begun = figure_inputs::begin_histories(&app).await?;
    if begun > 0 {
        tracing::info!(organisers = begun, "the history of what figures depend on has begun");
    }
    let refreshed = agents::refresh_search(&app).await?;
    if refreshed > 0 {
        tracing::info!(organisers = refreshed, "what organisers are found by was made anew");
    }
    Ok(OpenedGateway { app, sandbox })
}

/// The settings of the home page.
fn home_settings(config: &Config) -> HomeSettings {
    let Home { silent_after_days, register_days } = config.home;
    HomeSettings { silent_after_days: silent_after_days.into(), register_days: register_days.into() }
}

/// The options of the database.
fn options(config: &Config) -> DbOptions {
    DbOptions {
        headroom_bytes: config.database.headroom_bytes,
        free_space: None,
        connections: config.database.connections,
        waiting_writes: config.database.waiting_writes_per_organiser,
    }
}

/// Gives the rows of a database from an earlier version their authentication codes, once.
pub(crate) async fn authenticate_rows(app: &App) -> Result<AcceptedRows, CliError> {
    let accepted = integrity::authenticate_once(app.acting_as(&Actor::system("upgrade"))).await?;
    match accepted {
        AcceptedRows::Nothing => {}
        AcceptedRows::Rows(rows) => tracing::info!(rows, "rows were given their authentication codes"),
        AcceptedRows::Refused => tracing::error!(
            "integrity alert: rows have no authentication code although the audit trail says that they had one, or the \
             audit trail is broken; they are refused: run `passerelle doctor --deep`"
        ),
    }
    Ok(accepted)
}

/// The master keys of the configuration.
pub(crate) fn master_keys(config: &Config) -> Result<MasterKeys, CliError> {
    let key = |secret: &crate::config::Secret| MasterKey::parse(secret.expose());
    let current = config.security.master_key.as_ref().ok_or("security.masterKey is missing")?;
    let previous = config.security.previous_master_key.as_ref().map(key).transpose()?;
    Ok(MasterKeys { current: key(current)?, previous })
}

/// A gateway that accepts requests.
pub(crate) struct RunningGateway {
    /// The address that it listens on.
    pub(crate) address: SocketAddr,
    /// The origin of the addresses in its responses.
    pub(crate) base_url: String,
    app: App,
    server: JoinHandle<()>,
    tasks: JoinSet<()>,
}

/// Starts to serve an opened gateway; `stop` ends it.
pub(crate) async fn start(
    OpenedGateway { app, sandbox }: OpenedGateway,
    config: &Config,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<RunningGateway, CliError> {
    let listener =
        server::listen(config.listen).map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let address = listener.local_addr()?;
    let base_url = config.base_url(address);
    let around = HttpConfig::new(config, &base_url);
    let db = app.db.clone();
    around.metrics.count_integrity_alerts(move || db.integrity_alerts());
    if let Some(listen) = config.metrics.listen {
        let figures = TcpListener::bind(listen).await.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
        runtime::spawn(server::serve(
            figures,
            metrics::router(Arc::clone(&around.metrics)),
            ConnectionSettings::new(config, ConnectionFigures::default()),
            std::future::pending(),
        ));
    }
    let pages = console::pages(log_in::from_config(&app, config, sandbox.as_ref(), &base_url)?);
    let pages = match sandbox {
        Some(sandbox) => sandbox.mount(&app, config, &base_url, pages)?,
        None => pages,
    };
    let pages = api::receipts::with_keys(pages);
    let connections = ConnectionSettings::new(config, around.metrics.connections());
    let set_aside = around.metrics.webhook_entries_set_aside();
    let router = crate::http::router(app.clone(), api::routes(), pages, around);
    let (stopping, most) = (app.clone(), connections.shutdown_timeout + GIVE_UP);
    let (busy, done) = watch::channel(());
    let stop = async move {
        stop.await;
        stopping.over.send_replace(true);
        // Background tasks end while the last requests are answered.
        drop(busy);
        exit_after(most);
    };
    let server = runtime::spawn(server::serve(listener, router, connections, stop));
    let mut tasks = spawn_periodic_tasks(&app, RetentionJob::new(config.retention), &done);
    let (notified_app, mut missing) = (app.clone(), Missing::new(config.webhooks.missing_on_day));
    let mut deadlines = ReportDeadlineNotifier::default();
    tasks.spawn(run_periodically(NOTICE_PERIOD, done.clone(), async move || {
        notify_missing(&notified_app, &mut missing).await;
        notify_deadlines(&notified_app, &mut deadlines).await;
    }));
    if let Some(file) = config.audit.checkpoint_file.clone() {
        let (app, period) = (app.clone(), Duration::from_mins(config.audit.checkpoint_minutes.into()));
        tasks.spawn(run_periodically(period, done.clone(), async move || {
            checkpoint::store_checkpoint(&file, &app).await;
        }));
    }
    let dispatcher = Dispatcher::new(app.clone(), Urls::new(&base_url).api("")).with_skipped_counter(set_aside);
    tasks.spawn(dispatcher.run(done));
    tracing::info!(%address, database = app.db.engine(), "the gateway accepts requests");
    Ok(RunningGateway { address, base_url, app, server, tasks })
}

impl RunningGateway {
    /// Waits for the end: requests in progress are finished, and data that is only in memory is stored. Each step has a
    /// time limit.
    pub(crate) async fn finish(mut self) -> Result<(), CliError> {
        self.server.await?;
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(LAST_STEP, ended).await.is_err() {
            tracing::warn!(tasks = self.tasks.len(), "background tasks were still at work at shutdown");
            self.tasks.abort_all();
        }
        if let Ok(written) = timeout(LAST_STEP, store_key_uses(&self.app)).await {
            written?;
        } else {
            tracing::warn!("the last use of keys could not be written down at shutdown");
        }
        if timeout(LAST_STEP, self.app.db.close()).await.is_err() {
            tracing::warn!("the database was still in use at shutdown");
        }
        tracing::info!("the gateway has stopped");
        Ok(())
    }
}

/// Ends the process after `most`, if it is still running: in a thread of its own, which no stuck task can delay. Everything
/// that was answered is on disk.
fn exit_after(most: Duration) {
    std::thread::spawn(move || {
        std::thread::sleep(most);
        tracing::error!(waited_s = most.as_secs(), "the gateway did not come to its end and is given up");
        std::process::exit(1);
    });
}

/// Starts the periodic tasks.
fn spawn_periodic_tasks(app: &App, mut daily: RetentionJob, stopping: &watch::Receiver<()>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let (uses, keys, retention) = (app.clone(), app.clone(), app.clone());
    tasks.spawn(run_periodically(TASK_PERIOD, stopping.clone(), async move || flush(&uses).await));
    tasks.spawn(run_periodically(NOTICE_PERIOD, stopping.clone(), async move || notices(&keys).await));
    let (announcing, mut end) = (app.clone(), stopping.clone());
    tasks.spawn(run_periodically(TASK_PERIOD, stopping.clone(), async move || {
        // An event whose transaction is interrupted is due still.
        tokio::select! {
            () = announce_communications(&announcing) => {}
            _ = end.changed() => {}
        }
    }));
    let mut end = stopping.clone();
    tasks.spawn(run_periodically(TASK_PERIOD, stopping.clone(), async move || {
        // A transaction that is interrupted is rolled back: the next start runs it again.
        tokio::select! {
            () = run_retention(&retention, &mut daily) => {}
            _ = end.changed() => {}
        }
    }));
    tasks
}

/// Runs the work at once and then at intervals, until the gateway stops.
async fn run_periodically(period: Duration, mut stopping: watch::Receiver<()>, mut work: impl AsyncFnMut()) {
    let mut interval = tokio::time::interval(period);
    loop {
        tokio::select! {
            _ = interval.tick() => work().await,
            _ = stopping.changed() => return,
        }
    }
}

/// Stores when the keys of organisers and of the agency were used last.
async fn store_key_uses(app: &App) -> Result<(), store::Error> {
    app.keys.flush_last_use(&app.db).await?;
    app.agency_key_uses.flush(&app.db).await
}

/// Stores how keys were used; what fails is tried again the next time.
async fn flush(app: &App) {
    if let Err(error) = store_key_uses(app).await {
        tracing::warn!(%error, "the use of keys could not be written down; it is tried again");
    }
}

/// Notifies organisers of keys that are about to end.
async fn notices(app: &App) {
    match crate::app::keys::notices(app).await {
        Ok(0) => {}
        Ok(given) => tracing::info!(given, "organisers were told of keys that are about to end"),
        Err(error) => tracing::warn!(%error, "notices of the end of keys could not be given; it is tried again"),
    }
}

/// Notifies organisers of missing statements.
async fn notify_missing(app: &App, missing: &mut Missing) {
    match missing.run_if_due(app).await {
        Ok(0) => {}
        Ok(told) => tracing::info!(told, "organisers were told of missing statements"),
        Err(error) => tracing::warn!(%error, "what is missing could not be told; it is tried again"),
    }
}

/// Notifies organisers of deadlines of reports that near.
async fn notify_deadlines(app: &App, deadlines: &mut ReportDeadlineNotifier) {
    match deadlines.run_if_due(app).await {
        Ok(0) => {}
        Ok(sent) => tracing::info!(sent, "organisers were told of deadlines that near"),
        Err(error) => tracing::warn!(%error, "the deadlines that near could not be told; it is tried again"),
    }
}

/// Writes the events of published communications.
async fn announce_communications(app: &App) {
    match communications::announce_due(app).await {
        Ok(0) => {}
        Ok(announced) => tracing::info!(announced, "organisers were told of communications"),
        Err(error) => tracing::warn!(%error, "communications could not be told to all; it is tried again"),
    }
}

/// Removes data past its retention period, once a day.
async fn run_retention(app: &App, daily: &mut RetentionJob) {
    match daily.run_if_due(app).await {
        Ok(Some(report)) if report != PurgeReport::default() => {
            tracing::info!(removed = %report.total(), sessions = report.sessions, "what was past its period was removed");
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "what is past its period could not be removed; it is tried again"),
    }
}

/// Resolves when the process gets SIGINT or SIGTERM.
pub(crate) async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
