//! Memory for request bodies, given out as bytes arrive and shared fairly.
//!
//! A body asks for room three times at most, in three pools: for its first 64 KiB, its first MiB, and all of it. What it
//! announces and does not send costs nothing. In each pool an organiser may have a small share and an address half, so that
//! others always get room; bodies without a valid credential have a small pool of their own. Who waits for room in one pool holds room in smaller pools only, and a body with room for all
//! of itself waits for nothing: no two bodies can wait for each other. `docs/adr/0019-bodies-and-connections.md` has the
//! reasons.

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

/// The most of a body that is in the first pool, and in the second.
const STEPS: [usize; 2] = [64 << 10, 1 << 20];
/// The pool of bodies without a valid credential; those of others follow, by their steps.
const ANONYMOUS: usize = 0;
/// The part of all memory that each pool has, in parts of 24.
const PARTS: [usize; 4] = [1, 4, 8, 11];
/// The part of a pool that one organiser may have with all its keys and people: one in so many.
const PER_HOLDER: usize = 16;
/// The part of a pool that one address may have: one in so many.
const PER_ADDRESS: usize = 2;
/// How often it is logged that bodies wait.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// Whose body it is. An address stands for the holder of a share where the request has no valid credential.
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

/// The room that a body asks for.
#[derive(Debug, Clone)]
struct Claim {
    owner: BodyOwner,
    bytes: usize,
}

/// Memory for request bodies.
#[derive(Clone)]
pub(super) struct BodyBudget(Arc<Shared>);

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
    /// So many bytes in all.
    pub(super) fn new(bytes: usize, figures: BodyFigures) -> Self {
        let pools = Mutex::new(PARTS.map(|part| Pool::new(bytes / 24 * part)));
        Self(Arc::new(Shared { pools, figures, log: SampledLog::new(LOG_EVERY) }))
    }

    /// The claims of a body of which at most `whole` bytes will be read.
    pub(super) fn body(&self, origin: Option<&RequestOrigin>, whole: usize) -> BodyClaims {
        BodyClaims { budget: self.clone(), owner: BodyOwner::new(origin), whole, room: None }
    }

    /// Counts a body that was given up.
    pub(super) fn refuse(&self, reason: &'static str) {
        self.0.figures.refuse(reason);
    }

    /// Room in a pool, once there is some.
    async fn reserve(&self, pool: usize, claim: Claim) -> BodyRoom {
        let (granted, mut grant) = oneshot::channel();
        self.lock()[pool].enqueue(claim, granted);
        self.grant(pool);
        if let Ok(room) = grant.try_recv() {
            return room;
        }
        let _waiting = Waiting::new(&self.0.figures.waiting);
        self.say_that_bodies_wait();
        grant.await.expect("the pool keeps its queue")
    }

    /// Gives room in a pool to those whose turn it is.
    fn grant(&self, pool: usize) {
        let granted = self.lock()[pool].grant();
        for (claim, granted) in granted {
            self.0.figures.reserved.inc_by(signed(claim.bytes));
            // When nobody waits any longer, the room comes back and is released.
            drop(granted.send(BodyRoom { budget: self.clone(), pool, claim }));
        }
    }

    fn say_that_bodies_wait(&self) {
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
    /// Whether there is room for the first `received` bytes already.
    pub(super) fn has_room_for(&self, received: usize) -> bool {
        self.room.as_ref().is_some_and(|room| room.claim.bytes >= received)
    }

    /// Waits until there is room for the first `received` bytes.
    pub(super) async fn extend(&mut self, received: usize) {
        let step = STEPS.iter().position(|step| received <= *step).unwrap_or(STEPS.len());
        let (pool, bytes) = match &self.owner.holder {
            Some(_) => (ANONYMOUS + 1 + step, STEPS.get(step).map_or(self.whole, |step| self.whole.min(*step))),
            None => (ANONYMOUS, self.whole),
        };
        let claim = Claim { owner: self.owner.clone(), bytes };
        // What the body had until now is released afterwards.
        self.room = Some(self.budget.reserve(pool, claim).await);
    }

    /// Bytes a second that the body must arrive at while others wait for its room: it would come whole in time.
    pub(super) fn least_rate(&self, duration: Duration) -> usize {
        let Some(room) = &self.room else { return 0 };
        if !self.budget.lock()[room.pool].is_contended() {
            return 0;
        }
        self.whole / usize::try_from(duration.as_secs()).unwrap_or(usize::MAX).max(1)
    }

    /// The room that all of the body takes until it is dropped.
    pub(super) fn into_room(self) -> Option<BodyRoom> {
        self.room
    }
}

/// Memory that a body takes, until it is dropped.
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
