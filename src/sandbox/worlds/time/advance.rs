//! Moving the clock of a world: from one instant at which something falls due to the next, running what is due at each, until
//! the target is reached. It goes on in the background, also after the world was closed and opened again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::Serialize;
use tokio::sync::watch;
use tokio::time::timeout;

use super::clock::{ClockMove, StoredClock, WorldClock};
use super::happened::{Before, Happened};
use crate::app::App;
use crate::app::retention::RemovedCounts;
use crate::cli::CliError;
use crate::cli::gateway::DueWork;
use crate::clock::{Clock as _, brussels_midnight, to_brussels};
use crate::config::Config;
use crate::sandbox::worlds::agency::SimulatedAgency;
use crate::sandbox::worlds::record::WorldDirectory;
use crate::store;

/// How long an answer waits until everything that fell due is done.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// How often it is looked whether the deliveries that are due have been attempted.
const LOOK: Duration = Duration::from_millis(10);

/// How far a move of the clock is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum AdvanceState {
    /// It goes on.
    Running,
    /// The target is reached, and everything that fell due is done.
    Settled,
    /// Something could not be done; the clock shows how far it came.
    Failed,
}

/// A move of the clock, as it is answered.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct AdvanceView {
    from: Timestamp,
    to: Timestamp,
    state: AdvanceState,
    #[serde(flatten)]
    happened: Happened,
}

/// The clock of a world, as it is answered.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::sandbox::worlds) struct ClockState {
    now: Timestamp,
    today: jiff::civil::Date,
    /// The last move since the world was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    advance: Option<AdvanceView>,
}

impl ClockState {
    /// Whether a move goes on.
    pub(in crate::sandbox::worlds) fn is_running(&self) -> bool {
        self.advance.as_ref().is_some_and(|advance| advance.state == AdvanceState::Running)
    }
}

/// The moves of the clock of a world that is open.
pub(in crate::sandbox::worlds) struct Advances {
    app: App,
    clock: Arc<WorldClock>,
    agency: Arc<SimulatedAgency>,
    directory: WorldDirectory,
    config: Config,
    /// The last one.
    last: watch::Sender<Option<AdvanceView>>,
    /// Taken while a move is begun.
    beginning: Mutex<()>,
}

impl Advances {
    pub(in crate::sandbox::worlds) fn new(
        app: App,
        clock: Arc<WorldClock>,
        agency: Arc<SimulatedAgency>,
        directory: WorldDirectory,
        config: Config,
    ) -> Self {
        Self { app, clock, agency, directory, config, last: watch::Sender::new(None), beginning: Mutex::default() }
    }

    /// What the clock shows, and its last move.
    pub(in crate::sandbox::worlds) fn state(&self) -> ClockState {
        ClockState { now: self.clock.now(), today: self.clock.today(), advance: self.last.borrow().clone() }
    }

    /// Begins to move the clock; the future does it. `None` while it is being moved already.
    pub(in crate::sandbox::worlds) fn begin(
        self: &Arc<Self>,
        to: Timestamp,
    ) -> std::io::Result<Option<impl Future<Output = ()> + Send + 'static>> {
        let _one = self.beginning.lock().unwrap_or_else(PoisonError::into_inner);
        if self.state().is_running() {
            return Ok(None);
        }
        let moving = ClockMove { from: self.clock.now(), to };
        self.clock.store(&self.directory, Some(moving))?;
        Ok(Some(self.moved(moving)))
    }

    /// Goes on with a move that was interrupted; `None` where there was none.
    pub(in crate::sandbox::worlds) fn resume(
        self: &Arc<Self>,
    ) -> std::io::Result<Option<impl Future<Output = ()> + Send + 'static>> {
        let moving = StoredClock::read(&self.directory)?.and_then(|stored| stored.moving);
        Ok(moving.map(|moving| self.moved(moving)))
    }

    /// Waits until the last move has come to its end, for a time.
    pub(in crate::sandbox::worlds) async fn settled(&self) -> ClockState {
        let mut last = self.last.subscribe();
        let is_over = |view: &Option<AdvanceView>| !matches!(view, Some(view) if view.state == AdvanceState::Running);
        // Past that time the answer says that it goes on.
        let _ = timeout(ANSWER_WITHIN, last.wait_for(is_over)).await;
        self.state()
    }

    /// The work of a move.
    fn moved(self: &Arc<Self>, moving: ClockMove) -> impl Future<Output = ()> + Send + 'static {
        let ClockMove { from, to } = moving;
        let view = AdvanceView { from, to, state: AdvanceState::Running, happened: Happened::default() };
        self.last.send_replace(Some(view));
        let this = Arc::clone(self);
        async move {
            let done = this.run(moving).await;
            let state = match &done {
                Ok(_) => AdvanceState::Settled,
                Err(_) => AdvanceState::Failed,
            };
            let happened = done.unwrap_or_else(|error| {
                tracing::error!(%error, "the clock of a world could not be moved to its target");
                Happened::default()
            });
            if let Err(error) = this.clock.store(&this.directory, None) {
                tracing::error!(%error, "the clock of a world could not be stored");
            }
            this.last.send_replace(Some(AdvanceView { from, to, state, happened }));
        }
    }

    async fn run(&self, moving: ClockMove) -> Result<Happened, CliError> {
        let before = Before::read(&self.app).await?;
        let (mut due, mut removed) = (DueWork::new(&self.config), RemovedCounts::default());
        loop {
            self.agency.act().await?;
            removed += due.run(&self.app).await?;
            self.deliver().await?;
            let now = self.clock.now();
            if now >= moving.to {
                return before.since(&self.app, removed).await;
            }
            let next = self.next_instant(now).await?.min(moving.to);
            self.move_to(now, next, moving).await?;
        }
    }

    /// The next instant at which something falls due: the beginning of a day, or another attempt of a delivery.
    async fn next_instant(&self, now: Timestamp) -> Result<Timestamp, CliError> {
        let tomorrow = brussels_midnight(to_brussels(now).date().saturating_add(1.day()));
        let due = store::webhooks::next_due(&mut self.app.db.read().await?, now).await?;
        let waits = due.map(|due| due.duration_since(self.clock.machine().now()).max(SignedDuration::ZERO));
        Ok(waits.and_then(|wait| now.checked_add(wait).ok()).map_or(tomorrow, |due| due.min(tomorrow)))
    }

    /// Moves the clock; what waits in machine time comes nearer by as much.
    async fn move_to(&self, now: Timestamp, next: Timestamp, moving: ClockMove) -> Result<(), CliError> {
        let by = next.duration_since(now);
        let mut tx = self.app.db.write().await?;
        store::webhooks::bring_forward(&mut tx, by).await?;
        tx.commit().await?;
        self.clock.advance(by);
        Ok(self.clock.store(&self.directory, Some(moving))?)
    }

    /// Waits until every delivery that is due has been attempted.
    async fn deliver(&self) -> Result<(), CliError> {
        loop {
            let now = self.clock.now();
            let due = store::webhooks::next_due(&mut self.app.db.read().await?, now).await?;
            if due.is_none_or(|due| due > self.clock.machine().now()) {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}
