//! The dispatcher: finds due deliveries, takes the lease of their endpoint, and starts its worker.
//!
//! An endpoint is served by one gateway at a time, so that its rate holds whatever the number of gateways; each gateway
//! serves many endpoints concurrently, so that none waits for another. The unfinished deliveries of a killed gateway
//! stay due, and another gateway takes them over when the lease has expired.

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
/// How often due deliveries without a notification are looked for: retries, and those that other gateways have written.
const LOOK: Duration = Duration::from_millis(400);
/// The shortest time between two such queries.
const REST: Duration = Duration::from_millis(5);
/// How long the shutdown may take to store the results of deliveries and to release leases.
const SETTLE: Duration = Duration::from_secs(3);
/// How many endpoints one gateway serves concurrently.
const MAX_WORKERS: usize = 1000;

/// Delivers what is due, for one gateway.
pub struct Dispatcher {
    shared: Arc<DispatchContext>,
    attempt_log: AttemptLog,
    workers: JoinSet<()>,
    /// The endpoint of each task.
    tasks: HashMap<Id, LeasedEndpoint>,
    signals: HashMap<LeasedEndpoint, Arc<WorkerSignal>>,
}

/// What every worker needs.
struct DispatchContext {
    app: App,
    /// The root of the API, for the addresses in events.
    root: String,
    /// This gateway's name in leases.
    me: String,
    /// How long a worker without work keeps its lease.
    linger: Duration,
    /// How many entries could not be stored or read, and were set aside.
    set_aside: Counter,
}

/// The default of that time.
const LINGER: Duration = Duration::from_secs(2);

impl Dispatcher {
    /// A dispatcher for a gateway whose API begins at `root`.
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

    /// Sets the counter of entries that could not be stored and were set aside.
    pub fn with_skipped_counter(mut self, counter: Counter) -> Self {
        let shared = Arc::get_mut(&mut self.shared).expect("nobody has it yet");
        shared.set_aside = counter.clone();
        self.attempt_log = AttemptLog::open(shared.app.db.clone(), counter);
        self
    }

    /// Runs until `done` changes or its sender is dropped, then releases the leases.
    pub async fn run(mut self, mut done: watch::Receiver<()>) {
        tokio::select! {
            () = self.dispatch() => {}
            _ = done.changed() => {}
        }
        self.end().await;
    }

    async fn dispatch(&mut self) {
        let mut deliveries = self.shared.app.db.deliveries_signal();
        let mut renewal = tokio::time::interval(RENEWAL);
        loop {
            if let Err(error) = self.find_due_endpoints().await {
                tracing::warn!(%error, "what is due could not be looked up; it is tried again");
            }
            tokio::time::sleep(REST).await;
            tokio::select! {
                _ = deliveries.changed() => {}
                () = tokio::time::sleep(LOOK) => {}
                Some(ended) = self.workers.join_next_with_id(), if !self.workers.is_empty() => self.ended(ended),
                _ = renewal.tick() => self.renew().await,
            }
        }
    }

    /// Delivers what is due, and what becomes due meanwhile, until nothing is.
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

    /// Finds the endpoints with due deliveries, and starts the missing workers.
    async fn find_due_endpoints(&mut self) -> Result<(), WebhookError> {
        let DispatchContext { app, me, .. } = &*self.shared;
        let now = app.clocks.machine().now();
        let most = u32::try_from(MAX_WORKERS).unwrap_or(u32::MAX);
        let instants = (now, app.clocks.agency_clock().now());
        let waiting = store::webhooks::endpoints_with_due(&mut app.db.read_once().await?, me, instants, most).await?;
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

    /// A worker has ended or failed: remaining deliveries are found by the next query.
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

    /// Renews the leases of every worker.
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
            // Another gateway has the lease; deliveries in progress at both are made twice, which is allowed.
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

    /// Leaves unfinished deliveries due, for the next gateway. Bounded in time, whatever the database does: results
    /// that could not be stored stay due, and leases that could not be released expire.
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
