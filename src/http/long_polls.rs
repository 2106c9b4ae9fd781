//! The requests that wait for events. A caller and an address may have a few of them at a time, and all together use a part
//! of the connections, so that others are not displaced. One too many has the oldest answered at once.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::address::ClientAddress;
use super::counted_caller::CountedCaller;

/// How many requests may wait at the same time.
#[derive(Debug, Clone, Copy)]
pub struct PollCaps {
    /// Of one key, user or agent.
    pub per_caller: usize,
    /// From one address.
    pub per_address: usize,
    /// At this gateway.
    pub in_all: usize,
}

/// The holder of waiting requests: a caller, an address, or all together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum PollHolder {
    Caller(CountedCaller),
    Address(IpAddr),
    All,
}

/// The waiting requests of one gateway.
#[derive(Debug)]
pub(crate) struct PollRegistry {
    caps: PollCaps,
    waiting: Mutex<WaitingPolls>,
}

#[derive(Debug, Default)]
struct WaitingPolls {
    next: u64,
    recalls: HashMap<u64, Arc<Notify>>,
    /// The numbers of the polls of each holder; the lowest is the oldest.
    by_holder: HashMap<PollHolder, BTreeSet<u64>>,
}

impl WaitingPolls {
    /// Answers the oldest polls of `holder` until at most `most` are left.
    fn recall_beyond(&self, holder: &PollHolder, most: usize) {
        let Some(numbers) = self.by_holder.get(holder) else { return };
        let oldest = numbers.iter().take(numbers.len().saturating_sub(most));
        for recall in oldest.filter_map(|number| self.recalls.get(number)) {
            recall.notify_one();
        }
    }
}

impl PollRegistry {
    pub(crate) fn new(caps: PollCaps) -> Self {
        Self { caps, waiting: Mutex::default() }
    }

    /// How many may wait.
    pub(crate) const fn caps(&self) -> PollCaps {
        self.caps
    }

    /// Registers a waiting request of `caller` from `address`, until the value is dropped.
    pub(crate) fn enter(self: &Arc<Self>, caller: CountedCaller, address: ClientAddress) -> WaitingPoll {
        let holders = [PollHolder::Caller(caller), PollHolder::Address(address.client_network()), PollHolder::All];
        let recall = Arc::new(Notify::new());
        let mut waiting = self.lock();
        let number = waiting.next;
        waiting.next += 1;
        waiting.recalls.insert(number, Arc::clone(&recall));
        let caps = [self.caps.per_caller, self.caps.per_address, self.caps.in_all];
        for (holder, most) in holders.iter().zip(caps) {
            waiting.by_holder.entry(holder.clone()).or_default().insert(number);
            waiting.recall_beyond(holder, most);
        }
        drop(waiting);
        WaitingPoll { registry: Arc::clone(self), number, holders, recall }
    }

    fn lock(&self) -> MutexGuard<'_, WaitingPolls> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A waiting request.
#[derive(Debug)]
pub(crate) struct WaitingPoll {
    registry: Arc<PollRegistry>,
    number: u64,
    holders: [PollHolder; 3],
    recall: Arc<Notify>,
}

impl WaitingPoll {
    /// Resolves when the request is to be answered at once, because newer ones wait.
    pub(crate) async fn recalled(&self) {
        self.recall.notified().await;
    }
}

impl Drop for WaitingPoll {
    fn drop(&mut self) {
        let mut waiting = self.registry.lock();
        waiting.recalls.remove(&self.number);
        for holder in &self.holders {
            if let Some(numbers) = waiting.by_holder.get_mut(holder) {
                numbers.remove(&self.number);
                if numbers.is_empty() {
                    waiting.by_holder.remove(holder);
                }
            }
        }
    }
}
