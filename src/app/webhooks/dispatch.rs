//! The dispatcher: finds what is due, takes the lease of its endpoint, and has it delivered.
//!
//! An endpoint is served by one gateway at a time, so that its rate holds whatever the number of gateways; each gateway
//! serves many endpoints at once, so that none waits for another. What a killed gateway had under way is due as before,
//! and another gateway takes it over when the lease has run out.

mod attempt_log;
mod endpoint_worker;
mod pace;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use prometheus_client::metrics::counter::Counter;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};

use self::attempt_log::AttemptLog;
use self::endpoint_worker::{EndpointWorker, WorkerSignal};
use super::WebhookError;
use crate::app::App;
use crate::random;
use crate::seal;
use crate::store;
use crate::store::webhooks::LeasedEndpoint;

/// How long a lease lasts.
const LEASE: SignedDuration = SignedDuration::from_secs(6);
/// How often leases are renewed.
const RENEWAL: Duration = Duration::from_secs(2);
/// How often it is looked for work that nobody rang for: retries, and what other gateways have written.
const LOOK: Duration = Duration::from_millis(400);
/// How long the dispatcher rests between two looks at least.
const REST: Duration = Duration::from_millis(5);
/// How long the end may take to store what became of deliveries and to give leases back.
const SETTLE: Duration = Duration::from_secs(3);
/// How many endpoints one gateway serves at once.
const MAX_WORKERS: usize = 1000;

/// Delivers what is due, for one gateway.
pub struct Dispatcher {
    shared: Arc<DispatchContext>,
    attempt_log: AttemptLog,
    workers: JoinSet<()>,
    /// Whom each task serves.
    tasks: HashMap<Id, LeasedEndpoint>,
    signals: HashMap<LeasedEndpoint, Arc<WorkerSignal>>,
}

/// What every line needs.
struct DispatchContext {
    app: App,
    /// Where the API begins, for the addresses in what is told.
    root: String,
    /// The name under which this gateway holds leases.
    me: String,
    /// How long a line without work keeps its lease.
    linger: Duration,
    /// How many entries could not be stored or read, and were set aside.
    set_aside: Counter,
}

/// How long that usually is.
const LINGER: Duration = Duration::from_secs(2);

impl Dispatcher {
    /// For a gateway whose API begins at `root`.
    pub fn new(app: App, root: String) -> Self {
        let me = seal::hex(&random::bytes::<8>());
        let set_aside = Counter::default();
        let attempt_log = AttemptLog::open(app.db.clone(), set_aside.clone());
        Self {
            shared: Arc::new(DispatchContext { app, root, me, linger: LINGER, set_aside }),
            attempt_log,
            workers: JoinSet::new(),
            tasks: HashMap::new(),
            signals: HashMap::new(),
        }
    }

    /// Counts what could not be stored and was set aside in this counter.
    pub fn with_skipped_counter(mut self, counter: Counter) -> Self {
        let shared = Arc::get_mut(&mut self.shared).expect("nobody has it yet");
        shared.set_aside = counter.clone();
        self.attempt_log = AttemptLog::open(shared.app.db.clone(), counter);
        self
    }

    /// Works until `done` is gone or changes, whatever it is doing then, and gives its leases back.
    pub async fn run(mut self, mut done: watch::Receiver<()>) {
        tokio::select! {
            () = self.dispatch() => {}
            _ = done.changed() => {}
        }
        self.end().await;
    }

    async fn dispatch(&mut self) {
        let mut feed = self.shared.app.db.feed_signal();
        let mut renewal = tokio::time::interval(RENEWAL);
        loop {
            if let Err(error) = self.find_due_endpoints().await {
                tracing::warn!(%error, "what is due could not be looked up; it is tried again");
            }
            tokio::time::sleep(REST).await;
            tokio::select! {
                _ = feed.next() => {}
                () = tokio::time::sleep(LOOK) => {}
                Some(ended) = self.workers.join_next_with_id(), if !self.workers.is_empty() => self.ended(ended),
                _ = renewal.tick() => self.renew().await,
            }
        }
    }

    /// Delivers what is due now, and what comes due meanwhile, until nothing is.
    pub async fn deliver_all_due(app: App, root: String) -> Result<(), WebhookError> {
        let Self { shared, attempt_log, workers, tasks, signals } = Self::new(app, root);
        let shared = Arc::into_inner(shared).expect("nobody has it yet");
        let shared = Arc::new(DispatchContext { linger: Duration::ZERO, ..shared });
        let mut this = Self { shared, attempt_log, workers, tasks, signals };
        loop {
            this.find_due_endpoints().await?;
            match this.workers.join_next_with_id().await {
                Some(ended) => this.ended(ended),
                None => return Ok(()),
            }
        }
    }

    /// Finds the endpoints to which something is due, and sees that each has a line.
    async fn find_due_endpoints(&mut self) -> Result<(), WebhookError> {
        let DispatchContext { app, me, .. } = &*self.shared;
        let now = app.clocks.machine().now();
        let most = u32::try_from(MAX_WORKERS).unwrap_or(u32::MAX);
        let waiting = store::webhooks::endpoints_with_due(&mut app.db.read().await?, me, now, most).await?;
        let (served, new): (Vec<LeasedEndpoint>, Vec<LeasedEndpoint>) =
            waiting.into_iter().partition(|of| self.signals.contains_key(of));
        for of in &served {
            self.signals[of].wake();
        }
        let room = MAX_WORKERS.saturating_sub(self.signals.len());
        if new.is_empty() || room == 0 {
            return Ok(());
        }
        let mut tx = app.db.write().await?;
        let mut taken = Vec::new();
        for of in new.into_iter().take(room) {
            if store::webhooks::lease(&mut tx, of, me, now, now + LEASE).await? {
                taken.push(of);
            }
        }
        tx.commit().await?;
        for of in taken {
            let signal = Arc::new(WorkerSignal::default());
            self.signals.insert(of, Arc::clone(&signal));
            let worker = EndpointWorker::new(of, Arc::clone(&self.shared), self.attempt_log.clone(), signal);
            self.tasks.insert(self.workers.spawn(worker.serve()).id(), of);
        }
        Ok(())
    }

    /// A line has nothing left to do, or failed: what is left is found again.
    fn ended(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => {
                tracing::error!(%error, "a line of deliveries ended badly");
                error.id()
            }
        };
        if let Some(of) = self.tasks.remove(&id) {
            self.signals.remove(&of);
        }
    }

    /// Holds the leases of every line for longer.
    async fn renew(&self) {
        let DispatchContext { app, me, .. } = &*self.shared;
        let renewed = async {
            let mut tx = app.db.write().await?;
            let mut lost = Vec::new();
            for (of, signal) in &self.signals {
                if !store::webhooks::renew(
                    &mut tx,
                    *of,
                    me,
                    app.clocks.machine().now(),
                    app.clocks.machine().now() + LEASE,
                )
                .await?
                {
                    lost.push(signal);
                }
            }
            tx.commit().await?;
            // Somebody else's now; what both had under way is delivered twice, which may be.
            for signal in lost {
                signal.call_back();
            }
            Ok::<_, store::Error>(())
        };
        if !self.signals.is_empty()
            && let Err(error) = renewed.await
        {
            tracing::warn!(%error, "leases could not be renewed; it is tried again");
        }
    }

    /// Leaves what is under way as it was, for the next gateway. Bounded, whatever the database does: what could not be
    /// stored is due as before, and leases that could not be given back end by themselves.
    async fn end(mut self) {
        let settled = tokio::time::timeout(SETTLE, async {
            self.workers.shutdown().await;
            self.attempt_log.flush().await;
            let DispatchContext { app, me, .. } = &*self.shared;
            let mut tx = app.db.write().await?;
            store::webhooks::end_leases(&mut tx, me).await?;
            tx.commit().await
        });
        match settled.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "leases could not be given back; they end by themselves"),
            Err(_) => tracing::warn!("the database did not answer at the end; deliveries under way are made again"),
        }
    }
}
