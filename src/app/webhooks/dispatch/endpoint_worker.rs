//! The worker of one endpoint: makes its due deliveries, several concurrently within its rate, until none is left.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::DispatchContext;
use super::attempt_log::AttemptLog;
use super::pace::SendingPace;
use crate::app::error::InternalError;
use crate::app::webhooks::attempt::send_attempt;
use crate::app::webhooks::host_rate::SendingBudget;
use crate::app::webhooks::signed_request::SigningEndpoint;
use crate::app::webhooks::stop::deactivate;
use crate::app::webhooks::{Endpoint, WebhookError};
use crate::domain::webhook::{DeliveryFailure, EndpointState, FAILING_TOO_LONG, Reason};
use crate::ids::EventId;
use crate::store;
use crate::store::webhooks::{DueDeliveries, DueDelivery, LeasedEndpoint, UnreadableDelivery};

/// How many deliveries to an endpoint are in progress at once.
const WIDTH: usize = 32;
/// The same for a failing endpoint.
const FAILING_WIDTH: usize = 2;
/// How long a worker waits after an internal error before it ends and is started anew.
const COOL_DOWN: Duration = Duration::from_secs(5);
/// How long the endpoint's row is cached: an endpoint may be changed, paused, or given another secret.
const FRESH: Duration = Duration::from_secs(1);
/// How many deliveries are read at once.
const BATCH: usize = 256;
/// The same where endpoints share the rate limit of a host, and each waits longer than it sends.
const LIMITED_BATCH: usize = 32;

/// The worker of one endpoint.
pub(super) struct EndpointWorker {
    of: LeasedEndpoint,
    shared: Arc<DispatchContext>,
    attempt_log: AttemptLog,
    signal: Arc<WorkerSignal>,
    queue: VecDeque<DueDelivery>,
    /// The deliveries that are being sent or stored.
    under_way: HashSet<EventId>,
    pace: SendingPace,
    failing: bool,
    /// Whether there may be more deliveries than those in the queue.
    more: bool,
    /// When the cached row expires.
    fresh_until: Instant,
}

/// The dispatcher's handle of a worker.
#[derive(Debug, Default)]
pub(super) struct WorkerSignal {
    feed: Notify,
    over: AtomicBool,
}

impl WorkerSignal {
    /// Signals more due deliveries.
    pub(super) fn wake(&self) {
        self.feed.notify_one();
    }

    /// Stops the worker: its lease is lost, or its endpoint gets no more deliveries.
    pub(super) fn call_back(&self) {
        self.over.store(true, Ordering::Relaxed);
        self.feed.notify_one();
    }
}

/// The result of a delivery.
struct DeliveryEnd {
    event: EventId,
    failure: Option<DeliveryFailure>,
    /// Since when no delivery has succeeded.
    failing_since: Option<Timestamp>,
    /// Whether the endpoint sent `Retry-After`.
    deferred: bool,
}

impl EndpointWorker {
    pub(super) fn new(
        of: LeasedEndpoint,
        shared: Arc<DispatchContext>,
        attempt_log: AttemptLog,
        signal: Arc<WorkerSignal>,
    ) -> Self {
        let (queue, under_way) = (VecDeque::new(), HashSet::new());
        Self {
            of,
            shared,
            attempt_log,
            signal,
            queue,
            under_way,
            pace: SendingPace::new(),
            failing: false,
            more: true,
            fresh_until: Instant::now(),
        }
    }

    /// Delivers until nothing is left, and releases the lease.
    pub(super) async fn serve(mut self) {
        if let Err(error) = self.run().await {
            tracing::warn!(%error, endpoint = %self.of.endpoint, "deliveries stopped; they are taken up again");
            tokio::time::sleep(COOL_DOWN).await;
        }
        if let Err(error) = self.release().await {
            tracing::warn!(%error, "a lease could not be given back; it ends by itself");
        }
    }

    async fn run(&mut self) -> Result<(), WebhookError> {
        let mut sending = JoinSet::new();
        while let Some(addressee) = self.refill().await? {
            self.failing = addressee.endpoint.stored.failing_since.is_some();
            if !self.keep_sending(&Arc::new(addressee), &mut sending).await? {
                break;
            }
        }
        // After a stop, deliveries in progress are awaited, so that their results are stored.
        while let Some(ended) = sending.join_next().await {
            self.ended(&ended.map_err(InternalError::from)??).await?;
        }
        Ok(())
    }

    /// Sends until more is to be read (`true`), or the worker is to end.
    async fn keep_sending(
        &mut self,
        addressee: &Arc<SigningEndpoint>,
        sending: &mut JoinSet<Result<DeliveryEnd, InternalError>>,
    ) -> Result<bool, WebhookError> {
        loop {
            if self.is_stale() && sending.len() < self.width() {
                return Ok(true);
            }
            self.send(addressee, sending);
            let full = sending.len() >= self.width();
            if self.queue.is_empty() && self.more && !full {
                return Ok(true);
            }
            tokio::select! {
                Some(ended) = sending.join_next(), if !sending.is_empty() => {
                    if self.ended(&ended.map_err(InternalError::from)??).await? {
                        return Ok(false);
                    }
                }
                () = tokio::time::sleep_until(self.pace.next_allowed_at()), if !full && !self.queue.is_empty() => {}
                () = self.signal.feed.notified() => {
                    if self.signal.over.load(Ordering::Relaxed) {
                        return Ok(false);
                    }
                    self.more = true;
                }
                () = tokio::time::sleep(self.shared.linger), if sending.is_empty() && self.queue.is_empty() => return Ok(false),
            }
        }
    }

    /// Starts as many deliveries as the concurrency and the rate of the endpoint allow.
    fn send(&mut self, addressee: &Arc<SigningEndpoint>, sending: &mut JoinSet<Result<DeliveryEnd, InternalError>>) {
        let now = Instant::now();
        while sending.len() < self.width() && self.pace.allows_now(now) && !self.queue.is_empty() {
            if let Err(wait) = self.shared.app.host_rates.take(&addressee.budget) {
                return self.pace.wait_until(now + wait);
            }
            let Some(due) = self.queue.pop_front() else { return };
            self.pace.count_one(now, addressee.endpoint.stored.rate);
            self.under_way.insert(due.event.id);
            let (shared, attempt_log) = (Arc::clone(&self.shared), self.attempt_log.clone());
            sending.spawn(deliver(shared, attempt_log, self.of, Arc::clone(addressee), due, self.failing));
        }
    }

    /// Whether a delivery could be sent now and the cached row has expired.
    fn is_stale(&self) -> bool {
        let now = Instant::now();
        !self.queue.is_empty() && self.fresh_until <= now && self.pace.allows_now(now)
    }

    const fn width(&self) -> usize {
        if self.failing { FAILING_WIDTH } else { WIDTH }
    }

    /// Reads the endpoint and its due deliveries; `None` when the endpoint gets no more deliveries.
    async fn refill(&mut self) -> Result<Option<SigningEndpoint>, WebhookError> {
        let (app, LeasedEndpoint { organiser, endpoint }) = (&self.shared.app, self.of);
        let key = app.vault.organiser_key(&app.db, organiser).await?;
        let mut tx = app.db.read().await?;
        let stored = store::webhooks::find(&mut tx, organiser, endpoint).await?;
        let Some(stored) = stored.filter(|stored| stored.state == EndpointState::Active) else { return Ok(None) };
        let endpoint = Endpoint::open(&key, organiser, stored, None)?;
        let addressee = SigningEndpoint::of(app, &mut tx, &key, organiser, endpoint).await?;
        let limited = addressee.budget != SendingBudget::Unlimited;
        let most = self.under_way.len() + if limited { LIMITED_BATCH } else { BATCH };
        let LeasedEndpoint { endpoint, .. } = self.of;
        let due =
            store::webhooks::due_deliveries(&mut tx, organiser, endpoint, app.clocks.machine().now(), most).await?;
        let DueDeliveries { readable: due, unreadable } = due;
        (self.more, self.fresh_until) = (due.len() + unreadable.len() == most, Instant::now() + FRESH);
        self.queue = due.into_iter().filter(|due| !self.under_way.contains(&due.event.id)).collect();
        drop(tx);
        self.set_aside(unreadable).await?;
        Ok(Some(addressee))
    }

    /// Gives up deliveries whose rows cannot be read, so that they block no others.
    async fn set_aside(&self, unreadable: Vec<UnreadableDelivery>) -> Result<(), store::Error> {
        if unreadable.is_empty() {
            return Ok(());
        }
        let mut tx = self.shared.app.db.write().await?;
        for UnreadableDelivery { event, error } in &unreadable {
            tracing::error!(%error, endpoint = %self.of.endpoint, "a delivery cannot be read: it was given up");
            store::webhooks::set_aside(&mut tx, self.of.organiser, self.of.endpoint, event).await?;
        }
        tx.commit().await?;
        self.shared.set_aside.inc_by(unreadable.len() as u64);
        Ok(())
    }

    /// Applies the result of a delivery; returns whether the worker is to end.
    async fn ended(&mut self, ended: &DeliveryEnd) -> Result<bool, WebhookError> {
        self.under_way.remove(&ended.event);
        self.failing = ended.failure.is_some();
        let now = self.shared.app.clocks.machine().now();
        let too_long = ended.failing_since.is_some_and(|since| now.duration_since(since) >= FAILING_TOO_LONG);
        let reason = match ended.failure {
            Some(DeliveryFailure::Gone) => Some(Reason::Gone),
            Some(_) if too_long => Some(Reason::Failing),
            _ => None,
        };
        if let Some(reason) = reason {
            deactivate(&self.shared.app, self.of.organiser, self.of.endpoint, reason).await?;
        }
        Ok(reason.is_some() || ended.deferred)
    }

    async fn release(&self) -> Result<(), store::Error> {
        let mut tx = self.shared.app.db.write().await?;
        store::webhooks::release(&mut tx, self.of, &self.shared.me).await?;
        tx.commit().await
    }
}

/// Makes one attempt and waits until its result is committed.
async fn deliver(
    shared: Arc<DispatchContext>,
    attempt_log: AttemptLog,
    of: LeasedEndpoint,
    addressee: Arc<SigningEndpoint>,
    due: DueDelivery,
    was_failing: bool,
) -> Result<DeliveryEnd, InternalError> {
    let tries = due.tries.saturating_add(1);
    let made = send_attempt(&shared.app, &shared.root, &addressee, (due.number, &due.event), tries).await?;
    let (event, failure) = (due.event.id, made.outcome.attempt.failure);
    let deferred = made.held_until.is_some();
    let failing_since = attempt_log.record(of, made, was_failing).await;
    Ok(DeliveryEnd { event, failure, failing_since, deferred })
}
