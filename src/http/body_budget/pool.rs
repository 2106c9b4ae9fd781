//! One pool of memory: its reservations, and the claims that wait.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::net::IpAddr;

use tokio::sync::oneshot;

use super::{BodyRoom, Claim, PER_ADDRESS, PER_HOLDER, ShareHolder};

/// A claim, and the channel for its reservation.
type Waiter = (Claim, oneshot::Sender<BodyRoom>);

/// One pool of memory.
#[derive(Debug)]
pub(super) struct Pool {
    bytes: usize,
    used: usize,
    holders: HashMap<ShareHolder, usize>,
    addresses: HashMap<IpAddr, usize>,
    waiting: VecDeque<Waiter>,
}

/// Why a claim has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BudgetError {
    /// Its owner has used its share; claims of others may pass it.
    Share,
    /// The pool is used up.
    Room,
}

impl Pool {
    /// An empty pool of `bytes`.
    pub(super) fn new(bytes: usize) -> Self {
        let (holders, addresses) = (HashMap::new(), HashMap::new());
        Self { bytes, used: 0, holders, addresses, waiting: VecDeque::new() }
    }

    /// Whether any claim waits.
    pub(super) fn has_waiters(&self) -> bool {
        self.waiting.iter().any(|(_, granted)| !granted.is_closed())
    }

    /// Puts a claim at the end of the queue.
    pub(super) fn enqueue(&mut self, claim: Claim, granted: oneshot::Sender<BodyRoom>) {
        self.waiting.push_back((claim, granted));
    }

    /// Takes the claims that fit now out of the queue, in their order.
    pub(super) fn grant_waiting(&mut self) -> Vec<Waiter> {
        self.waiting.retain(|(_, granted)| !granted.is_closed());
        let (mut granted, mut next) = (Vec::new(), 0);
        while let Some((claim, _)) = self.waiting.get(next) {
            match self.shortage(claim) {
                None => {
                    let Some(waiter) = self.waiting.remove(next) else { break };
                    self.add(&waiter.0);
                    granted.push(waiter);
                }
                Some(BudgetError::Share) => next += 1,
                Some(BudgetError::Room) => break,
            }
        }
        granted
    }

    /// Releases the memory of a claim.
    pub(super) fn release(&mut self, claim: &Claim) {
        self.used -= claim.bytes;
        subtract(&mut self.holders, claim.owner.holder.as_ref(), claim.bytes);
        subtract(&mut self.addresses, claim.owner.address.as_ref(), claim.bytes);
    }

    fn add(&mut self, claim: &Claim) {
        self.used += claim.bytes;
        add(&mut self.holders, claim.owner.holder.as_ref(), claim.bytes);
        add(&mut self.addresses, claim.owner.address.as_ref(), claim.bytes);
    }

    /// Why the claim has to wait. The first body of an owner always gets its share, and of a pool its memory, whatever its
    /// size.
    fn shortage(&self, claim: &Claim) -> Option<BudgetError> {
        let exceeds = |used: usize, most: usize| used > 0 && used + claim.bytes > most;
        let by_holder = claim.owner.holder.as_ref().and_then(|holder| self.holders.get(holder));
        let by_address = claim.owner.address.as_ref().and_then(|address| self.addresses.get(address));
        // Without a valid credential only the sender's address is known.
        let per_address = if claim.owner.holder.is_some() { PER_ADDRESS } else { PER_HOLDER };
        if by_holder.is_some_and(|used| exceeds(*used, self.bytes / PER_HOLDER))
            || by_address.is_some_and(|used| exceeds(*used, self.bytes / per_address))
        {
            return Some(BudgetError::Share);
        }
        exceeds(self.used, self.bytes).then_some(BudgetError::Room)
    }
}

fn add<K: Clone + Eq + Hash>(shares: &mut HashMap<K, usize>, key: Option<&K>, bytes: usize) {
    if let Some(key) = key {
        *shares.entry(key.clone()).or_default() += bytes;
    }
}

fn subtract<K: Eq + Hash>(shares: &mut HashMap<K, usize>, key: Option<&K>, bytes: usize) {
    let Some(used) = key.and_then(|key| shares.get_mut(key)) else { return };
    *used = used.saturating_sub(bytes);
    if *used == 0
        && let Some(key) = key
    {
        shares.remove(key);
    }
}
