//! A fair queue: each key has a lane of its own with a few turns at once, and lanes do not wait for each other.
//!
//! Where a shared resource (a writer, a pool of connections, the processors) is itself first come, first served, a lane in
//! front of it makes that a round robin over the keys: at most the few turns of each key wait for the resource, whatever
//! the number of its requests, and requests of other keys wait behind at most those.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many turns a key has, and how many of its requests may wait for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneLimits {
    /// Turns that a key may have at once.
    pub at_once: u32,
    /// Requests of a key that wait for a turn; further ones are refused.
    pub waiting: usize,
    /// How long a request waits.
    pub patience: Duration,
}

/// Why a request got no turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTurn {
    /// Too many requests of the key wait.
    #[error("too many requests of one organiser wait already")]
    LaneFull,
    /// The wait for a turn took too long.
    #[error("the requests of the same organiser before this one took too long")]
    TimedOut,
}

/// Lanes by key. Cheap to clone: clones share their lanes.
pub struct FairQueue<K> {
    lanes: Arc<Mutex<HashMap<K, Lane>>>,
    limits: LaneLimits,
}

/// The lane of a key, removed when it has no requests.
struct Lane {
    turns: Arc<Semaphore>,
    /// Requests that have a turn or wait for one.
    requests: usize,
    /// Those of them that have one.
    running: usize,
}

/// The turn of one request, released when dropped.
pub struct Turn<K: Eq + Hash + Copy> {
    // Dropped in this order: the turn is released before the lane may be removed.
    _permit: OwnedSemaphorePermit,
    _place: LanePosition<K>,
}

/// The place of a request in its lane.
struct LanePosition<K: Eq + Hash + Copy> {
    lanes: Arc<Mutex<HashMap<K, Lane>>>,
    key: K,
    has_turn: bool,
}

impl<K: Eq + Hash + Copy> FairQueue<K> {
    /// A queue without requests.
    pub fn new(limits: LaneLimits) -> Self {
        Self { lanes: Arc::default(), limits }
    }

    /// Waits for a turn of the key that counts as `weight` turns.
    ///
    /// # Errors
    /// When too many wait already, or it takes too long.
    pub async fn turn(&self, key: K, weight: u32) -> Result<Turn<K>, NoTurn> {
        let (mut place, turns) = self.enter(key)?;
        let weight = weight.clamp(1, self.limits.at_once.max(1));
        let permit = tokio::time::timeout(self.limits.patience, turns.acquire_many_owned(weight));
        let permit = permit.await.map_err(|_| NoTurn::TimedOut)?.map_err(|_| NoTurn::TimedOut)?;
        place.start();
        Ok(Turn { _permit: permit, _place: place })
    }

    /// How many requests of the key wait for a turn.
    pub fn waiting(&self, key: K) -> usize {
        let lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.get(&key).map_or(0, |lane| lane.requests - lane.running)
    }

    /// How many requests wait for a turn, in all lanes.
    pub fn waiting_in_all(&self) -> usize {
        let lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.values().map(|lane| lane.requests - lane.running).sum()
    }

    fn enter(&self, key: K) -> Result<(LanePosition<K>, Arc<Semaphore>), NoTurn> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let at_once = self.limits.at_once.max(1);
        let lane = lanes.entry(key).or_insert_with(|| Lane {
            turns: Arc::new(Semaphore::new(at_once as usize)),
            requests: 0,
            running: 0,
        });
        if lane.requests >= self.limits.waiting.saturating_add(at_once as usize) {
            return Err(NoTurn::LaneFull);
        }
        lane.requests += 1;
        let turns = Arc::clone(&lane.turns);
        Ok((LanePosition { lanes: Arc::clone(&self.lanes), key, has_turn: false }, turns))
    }
}

impl<K> Clone for FairQueue<K> {
    fn clone(&self) -> Self {
        Self { lanes: Arc::clone(&self.lanes), limits: self.limits }
    }
}

impl<K> fmt::Debug for FairQueue<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FairQueue").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl<K: Eq + Hash + Copy> fmt::Debug for Turn<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Turn")
    }
}

impl<K: Eq + Hash + Copy> LanePosition<K> {
    fn start(&mut self) {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get_mut(&self.key) {
            lane.running += 1;
            self.has_turn = true;
        }
    }
}

impl<K: Eq + Hash + Copy> Drop for LanePosition<K> {
    fn drop(&mut self) {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(lane) = lanes.get_mut(&self.key) else { return };
        lane.requests -= 1;
        lane.running -= usize::from(self.has_turn);
        if lane.requests == 0 {
            lanes.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: LaneLimits = LaneLimits { at_once: 1, waiting: 2, patience: Duration::from_mins(1) };

    /// Polls the futures until the lane of `key` has so many waiting.
    async fn until_waiting(queue: &FairQueue<u8>, key: u8, many: usize) {
        while queue.waiting(key) < many {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_full_lane_refuses_and_leaves_other_lanes_alone() {
        let queue = FairQueue::new(LIMITS);
        let first = queue.turn(1, 1).await.expect("nobody is there");
        let waiting: Vec<_> = (0..2)
            .map(|_| {
                let queue = queue.clone();
                crate::runtime::spawn(async move { queue.turn(1, 1).await.map(drop) })
            })
            .collect();
        until_waiting(&queue, 1, 2).await;
        assert_eq!(queue.turn(1, 1).await.err(), Some(NoTurn::LaneFull));
        assert!(queue.turn(2, 1).await.is_ok(), "another key has its own lane");
        assert_eq!((queue.waiting(1), queue.waiting(2), queue.waiting_in_all()), (2, 0, 2));
        drop(first);
        for task in waiting {
            assert_eq!(task.await.expect("it ends"), Ok(()));
        }
        assert!(queue.lanes.lock().expect("nobody panicked").is_empty(), "empty lanes are gone");
    }

    #[tokio::test]
    async fn a_cancelled_request_leaves_its_lane() {
        let queue = FairQueue::new(LIMITS);
        let first = queue.turn(1, 1).await.expect("nobody is there");
        let other = queue.clone();
        let waiting = crate::runtime::spawn(async move { other.turn(1, 1).await.map(drop) });
        until_waiting(&queue, 1, 1).await;
        waiting.abort();
        assert!(waiting.await.is_err());
        assert_eq!(queue.waiting(1), 0);
        drop(first);
        assert!(queue.turn(1, 1).await.is_ok());
    }

    #[tokio::test]
    async fn a_request_that_waits_too_long_is_refused() {
        let queue = FairQueue::new(LaneLimits { patience: Duration::ZERO, ..LIMITS });
        let _first = queue.turn(1, 1).await.expect("nobody is there");
        assert_eq!(queue.turn(1, 1).await.err(), Some(NoTurn::TimedOut));
    }

    #[tokio::test]
    async fn weight_is_bounded_by_the_turns_of_a_lane() {
        let queue = FairQueue::new(LaneLimits { at_once: 4, ..LIMITS });
        let all = queue.turn(1, 8).await.expect("more than there is means all");
        let other = queue.clone();
        let next = crate::runtime::spawn(async move { other.turn(1, 1).await.map(drop) });
        until_waiting(&queue, 1, 1).await;
        drop(all);
        assert_eq!(next.await.expect("it ends"), Ok(()));
    }
}
