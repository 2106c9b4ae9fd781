//! The periodic work of a gateway: notices, events that are due, retention, uses of keys, checkpoints, webhooks.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::missing_statements::MissingStatementNotifier;
use crate::app::report_deadlines::ReportDeadlineNotifier;
#[cfg(feature = "sandbox")]
use crate::app::retention::RemovedCounts;
use crate::app::retention::{PurgeReport, RetentionJob};
use crate::app::webhooks::Dispatcher;
use crate::app::{App, InternalError, communications, keys};
#[cfg(feature = "sandbox")]
use crate::cli::CliError;
use crate::cli::checkpoint;
use crate::config::Config;
use crate::http::urls::Urls;
use crate::store;

/// How often the last use of each key is stored, and whether a new day has begun is checked.
const TASK_PERIOD: Duration = Duration::from_secs(30);
/// How often the calls of software are written to their log.
const LOG_PERIOD: Duration = Duration::from_secs(1);
/// How often keys that are about to end are looked for.
const NOTICE_PERIOD: Duration = Duration::from_hours(1);

/// Starts the periodic work and the dispatcher of webhooks; they end when the sender of `done` is dropped.
pub(crate) fn periodic(
    app: &App,
    config: &Config,
    base_url: &str,
    set_aside: Counter,
    done: watch::Receiver<()>,
) -> JoinSet<()> {
    let mut tasks = spawn_tasks(app, RetentionJob::new(config.retention), &done);
    let (notified, mut notices) = (app.clone(), DailyNotices::new(config));
    tasks.spawn(run_periodically(NOTICE_PERIOD, done.clone(), async move || notices.run(&notified).await));
    if let Some(file) = config.audit.checkpoint_file.clone() {
        let (app, period) = (app.clone(), Duration::from_mins(config.audit.checkpoint_minutes.into()));
        tasks.spawn(run_periodically(period, done.clone(), async move || {
            checkpoint::store_checkpoint(&file, &app).await;
        }));
    }
    let dispatcher = Dispatcher::new(app.clone(), Urls::new(base_url).api("")).with_skipped_counter(set_aside);
    tasks.spawn(dispatcher.run(done));
    tasks
}

/// The notices that are looked for once each day.
struct DailyNotices {
    missing: MissingStatementNotifier,
    deadlines: ReportDeadlineNotifier,
}

impl DailyNotices {
    fn new(config: &Config) -> Self {
        let missing = MissingStatementNotifier::new(config.webhooks.missing_on_day);
        Self { missing, deadlines: ReportDeadlineNotifier::default() }
    }

    async fn run(&mut self, app: &App) {
        notify_missing(app, &mut self.missing).await;
        notify_deadlines(app, &mut self.deadlines).await;
    }
}

/// What becomes due as days go by, run when it is asked for: in a world of a sandbox, whose clock is moved.
#[cfg(feature = "sandbox")]
pub(crate) struct DueWork {
    daily: DailyNotices,
    retention: RetentionJob,
}

#[cfg(feature = "sandbox")]
impl DueWork {
    pub(crate) fn new(config: &Config) -> Self {
        Self { daily: DailyNotices::new(config), retention: RetentionJob::new(config.retention) }
    }

    /// Runs what is due now; returns what was removed at the end of its period.
    ///
    /// # Errors
    /// When some of it could not be done.
    pub(crate) async fn run(&mut self, app: &App) -> Result<RemovedCounts, CliError> {
        keys::notices(app).await?;
        self.daily.missing.run_if_due(app).await?;
        self.daily.deadlines.run_if_due(app).await?;
        communications::announce_due(app).await?;
        let report = self.retention.run_if_due(app).await?;
        Ok(report.map(|report| report.total()).unwrap_or_default())
    }
}

/// Starts the work that is the same in every gateway.
fn spawn_tasks(app: &App, mut daily: RetentionJob, stopping: &watch::Receiver<()>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let (uses, ending, retention) = (app.clone(), app.clone(), app.clone());
    tasks.spawn(run_periodically(TASK_PERIOD, stopping.clone(), async move || flush(&uses).await));
    tasks.spawn(run_periodically(NOTICE_PERIOD, stopping.clone(), async move || notices(&ending).await));
    let logged = app.clone();
    let mut is_behind = false;
    tasks.spawn(run_periodically(LOG_PERIOD, stopping.clone(), async move || {
        is_behind = !log_requests(&logged, is_behind).await;
    }));
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

/// Stores what is only in memory: the calls of software, and when the keys of organisers and of the agency were used last.
pub(crate) async fn store_collected(app: &App) -> Result<(), InternalError> {
    app.requests.flush(&app.db, &app.vault).await?;
    Ok(store_key_uses(app).await?)
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

/// Writes the calls of software to their log and returns whether that was possible. Only the first failure of several is
/// reported.
async fn log_requests(app: &App, is_behind: bool) -> bool {
    let written = app.requests.flush(&app.db, &app.vault).await;
    let left_out = app.requests.take_left_out();
    if left_out > 0 {
        tracing::warn!(left_out, "calls of software are missing in the log of requests");
    }
    match written {
        Ok(()) => true,
        Err(error) => {
            if !is_behind {
                tracing::warn!(%error, "the log of requests could not be written; it is tried again");
            }
            false
        }
    }
}

/// Notifies organisers of keys that are about to end.
async fn notices(app: &App) {
    match keys::notices(app).await {
        Ok(0) => {}
        Ok(given) => tracing::info!(given, "organisers were told of keys that are about to end"),
        Err(error) => tracing::warn!(%error, "notices of the end of keys could not be given; it is tried again"),
    }
}

/// Notifies organisers of missing statements.
async fn notify_missing(app: &App, missing: &mut MissingStatementNotifier) {
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
