//! The dispatcher: finds what is due, takes the lease of its endpoint, and has it delivered.
//!
//! An endpoint is served by one gateway at a time, so that its rate holds whatever the number of gateways; each gateway
//! serves many endpoints at once, so that none waits for another. What a killed gateway had under way is due as before,
//! and another gateway takes it over when the lease has run out.

mod ledger;
mod line;
mod pace;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use prometheus_client::metrics::counter::Counter;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};

use self::ledger::AttemptLog;
use self::line::{EndpointWorker, WorkerSignal};
use super::WebhookError;
use crate::app::App;
use crate::chance;
use crate::store;
use crate::store::webhooks::LeasedEndpoint;
use crate::vault;

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
const LINES: usize = 1000;

/// Delivers what is due, for one gateway.
pub struct Dispatcher {
    desk: Arc<DispatchContext>,
    ledger: AttemptLog,
    lines: JoinSet<()>,
    /// Whom each task serves.
    tasks: HashMap<Id, LeasedEndpoint>,
    bells: HashMap<LeasedEndpoint, Arc<WorkerSignal>>,
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
        let me = vault::hex(&chance::bytes::<8>());
        let set_aside = Counter::default();
        let ledger = AttemptLog::open(app.db.clone(), set_aside.clone());
        Self {
            desk: Arc::new(DispatchContext { app, root, me, linger: LINGER, set_aside }),
            ledger,
            lines: JoinSet::new(),
            tasks: HashMap::new(),
            bells: HashMap::new(),
        }
    }

    /// Counts what could not be stored and was set aside in this counter.
    pub fn counting_set_aside(mut self, counter: Counter) -> Self {
        let desk = Arc::get_mut(&mut self.desk).expect("nobody has it yet");
        desk.set_aside = counter.clone();
        self.ledger = AttemptLog::open(desk.app.db.clone(), counter);
        self
    }

    /// Works until `done` is gone or changes, whatever it is doing then, and gives its leases back.
    pub async fn run(mut self, mut done: watch::Receiver<()>) {
        tokio::select! {
            () = self.work() => {}
            _ = done.changed() => {}
        }
        self.end().await;
    }

    async fn work(&mut self) {
        let mut news = self.desk.app.db.news();
        let mut renewal = tokio::time::interval(RENEWAL);
        loop {
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "what is due could not be looked up; it is tried again");
            }
            tokio::time::sleep(REST).await;
            tokio::select! {
                _ = news.next() => {}
                () = tokio::time::sleep(LOOK) => {}
                Some(ended) = self.lines.join_next_with_id(), if !self.lines.is_empty() => self.ended(ended),
                _ = renewal.tick() => self.renew().await,
            }
        }
    }

    /// Delivers what is due now, and what comes due meanwhile, until nothing is.
    pub async fn drain(app: App, root: String) -> Result<(), WebhookError> {
        let Self { desk, ledger, lines, tasks, bells } = Self::new(app, root);
        let desk = Arc::into_inner(desk).expect("nobody has it yet");
        let desk = Arc::new(DispatchContext { linger: Duration::ZERO, ..desk });
        let mut this = Self { desk, ledger, lines, tasks, bells };
        loop {
            this.look().await?;
            match this.lines.join_next_with_id().await {
                Some(ended) => this.ended(ended),
                None => return Ok(()),
            }
        }
    }

    /// Finds the endpoints to which something is due, and sees that each has a line.
    async fn look(&mut self) -> Result<(), WebhookError> {
        let DispatchContext { app, me, .. } = &*self.desk;
        let now = app.clock.now();
        let most = u32::try_from(LINES).unwrap_or(u32::MAX);
        let waiting = store::webhooks::waiting(&mut app.db.read().await?, me, now, most).await?;
        let (served, new): (Vec<LeasedEndpoint>, Vec<LeasedEndpoint>) =
            waiting.into_iter().partition(|of| self.bells.contains_key(of));
        for of in &served {
            self.bells[of].ring();
        }
        let room = LINES.saturating_sub(self.bells.len());
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
            let bell = Arc::new(WorkerSignal::default());
            self.bells.insert(of, Arc::clone(&bell));
            let line = EndpointWorker::new(of, Arc::clone(&self.desk), self.ledger.clone(), bell);
            self.tasks.insert(self.lines.spawn(line.serve()).id(), of);
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
            self.bells.remove(&of);
        }
    }

    /// Holds the leases of every line for longer.
    async fn renew(&self) {
        let DispatchContext { app, me, .. } = &*self.desk;
        let renewed = async {
            let mut tx = app.db.write().await?;
            let mut lost = Vec::new();
            for (of, bell) in &self.bells {
                if !store::webhooks::renew(&mut tx, *of, me, app.clock.now(), app.clock.now() + LEASE).await? {
                    lost.push(bell);
                }
            }
            tx.commit().await?;
            // Somebody else's now; what both had under way is delivered twice, which may be.
            for bell in lost {
                bell.call_back();
            }
            Ok::<_, store::Error>(())
        };
        if !self.bells.is_empty()
            && let Err(error) = renewed.await
        {
            tracing::warn!(%error, "leases could not be renewed; it is tried again");
        }
    }

    /// Leaves what is under way as it was, for the next gateway. Bounded, whatever the database does: what could not be
    /// stored is due as before, and leases that could not be given back end by themselves.
    async fn end(mut self) {
        let settled = tokio::time::timeout(SETTLE, async {
            self.lines.shutdown().await;
            self.ledger.close().await;
            let DispatchContext { app, me, .. } = &*self.desk;
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
