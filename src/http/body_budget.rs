//! Memory for request bodies, reserved as bytes arrive and shared fairly.
//!
//! A body reserves memory at most three times, in three pools: for its first 64 KiB, its first MiB, and all of it. Bytes
//! that are announced and not sent reserve nothing. In each pool an organiser may have a sixteenth and an address half, so
//! that others always get memory; bodies without a valid credential have a small pool of their own. A body that waits in
//! one pool has reserved memory in smaller pools only, and a body with memory for all of itself waits for nothing: no two
//! bodies can wait for each other. `docs/adr/0019-bodies-and-connections.md` has the reasons.

mod pool;

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::oneshot;

use self::pool::Pool;
use super::metrics::BodyFigures;
use super::origin::{RequestOrigin, ShareHolder};
use super::sampled::SampledLog;

/// The largest part of a body, in bytes, in the first pool and in the second.
const STEPS: [usize; 2] = [64 << 10, 1 << 20];
/// The pool of bodies without a valid credential; the other pools follow, by their steps.
const ANONYMOUS: usize = 0;
/// The share of all memory that each pool has, in 24ths.
const PARTS: [usize; 4] = [1, 4, 8, 11];
/// The share of a pool that one organiser may have with all its keys and users: one in this many.
const PER_HOLDER: usize = 16;
/// The share of a pool that one address may have: one in this many.
const PER_ADDRESS: usize = 2;
/// The least interval between log lines about bodies that wait.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// The owner of a body. Without a valid credential the address takes the place of the holder.
#[derive(Debug, Clone, Default)]
struct BodyOwner {
    holder: Option<ShareHolder>,
    address: Option<IpAddr>,
}

impl BodyOwner {
    fn new(origin: Option<&RequestOrigin>) -> Self {
        Self {
            holder: origin.and_then(|origin| origin.caller().map(ShareHolder::from)),
            address: origin.map(RequestOrigin::address),
        }
    }
}

/// The memory that a body reserves in a pool.
#[derive(Debug, Clone)]
struct Claim {
    owner: BodyOwner,
    bytes: usize,
}

/// Memory for request bodies.
#[derive(Clone)]
pub struct BodyBudget(Arc<Shared>);

struct Shared {
    pools: Mutex<[Pool; 4]>,
    figures: BodyFigures,
    log: SampledLog,
}

impl fmt::Debug for BodyBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyBudget")
    }
}

impl BodyBudget {
    /// A budget of `bytes` in all.
    pub(super) fn new(bytes: usize, figures: BodyFigures) -> Self {
        let pools = Mutex::new(PARTS.map(|part| Pool::new(bytes / 24 * part)));
        Self(Arc::new(Shared { pools, figures, log: SampledLog::new(LOG_EVERY) }))
    }

    /// The claims of a body of which at most `whole` bytes will be read.
    pub(super) fn body(&self, origin: Option<&RequestOrigin>, whole: usize) -> BodyClaims {
        BodyClaims { budget: self.clone(), owner: BodyOwner::new(origin), whole, room: None }
    }

    /// Counts a body that was refused.
    pub(super) fn refuse(&self, reason: &'static str) {
        self.0.figures.refuse(reason);
    }

    /// Waits for memory in a pool.
    async fn reserve(&self, pool: usize, claim: Claim) -> BodyRoom {
        let (granted, mut grant) = oneshot::channel();
        self.lock()[pool].enqueue(claim, granted);
        self.grant(pool);
        if let Ok(room) = grant.try_recv() {
            return room;
        }
        let _waiting = Waiting::new(&self.0.figures.waiting);
        self.log_waiting_bodies();
        grant.await.expect("the pool keeps its queue")
    }

    /// Grants memory in a pool to the waiting claims that fit, in their order.
    fn grant(&self, pool: usize) {
        let granted = self.lock()[pool].grant_waiting();
        for (claim, granted) in granted {
            self.0.figures.reserved.inc_by(signed(claim.bytes));
            // When the receiver is gone, the reservation is dropped and released.
            drop(granted.send(BodyRoom { budget: self.clone(), pool, claim }));
        }
    }

    fn log_waiting_bodies(&self) {
        self.0.log.at_intervals(|suppressed| {
            let (waiting, reserved_bytes) = (self.0.figures.waiting.get(), self.0.figures.reserved.get());
            tracing::warn!(waiting, reserved_bytes, suppressed, "request bodies wait for memory");
        });
    }

    fn lock(&self) -> MutexGuard<'_, [Pool; 4]> {
        self.0.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The claims of one body, each larger than the one before.
#[derive(Debug)]
pub(super) struct BodyClaims {
    budget: BodyBudget,
    owner: BodyOwner,
    whole: usize,
    room: Option<BodyRoom>,
}

impl BodyClaims {
    /// Whether memory for the first `received` bytes is reserved.
    pub(super) fn has_room_for(&self, received: usize) -> bool {
        self.room.as_ref().is_some_and(|room| room.claim.bytes >= received)
    }

    /// Waits until memory for the first `received` bytes is reserved.
    pub(super) async fn extend(&mut self, received: usize) {
        let step = STEPS.iter().position(|step| received <= *step).unwrap_or(STEPS.len());
        let (pool, bytes) = match &self.owner.holder {
            Some(_) => (ANONYMOUS + 1 + step, STEPS.get(step).map_or(self.whole, |step| self.whole.min(*step))),
            None => (ANONYMOUS, self.whole),
        };
        let claim = Claim { owner: self.owner.clone(), bytes };
        // The previous reservation is released afterwards.
        self.room = Some(self.budget.reserve(pool, claim).await);
    }

    /// Bytes a second at which the body must arrive while others wait for memory, to be complete in time.
    pub(super) fn least_rate(&self, duration: Duration) -> usize {
        let Some(room) = &self.room else { return 0 };
        if !self.budget.lock()[room.pool].has_waiters() {
            return 0;
        }
        self.whole / usize::try_from(duration.as_secs()).unwrap_or(usize::MAX).max(1)
    }

    /// The reservation for the whole body, released when dropped.
    pub(super) fn into_room(self) -> Option<BodyRoom> {
        self.room
    }
}

/// Memory reserved for a body, released when dropped.
#[derive(Debug)]
pub(super) struct BodyRoom {
    budget: BodyBudget,
    pool: usize,
    claim: Claim,
}

impl Drop for BodyRoom {
    fn drop(&mut self) {
        self.budget.0.figures.reserved.dec_by(signed(self.claim.bytes));
        self.budget.lock()[self.pool].release(&self.claim);
        self.budget.grant(self.pool);
    }
}

/// Counts a body as waiting until it is dropped.
struct Waiting(Gauge);

impl Waiting {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn signed(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
