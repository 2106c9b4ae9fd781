//! The ends of the audit chains that this process wrote last, so that a collected write needs no query for them. They are
//! only assumed: an entry after an end that has moved is refused by the database, and the end is read again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::audit::{AuditChain, ChainHead};

/// How many ends are in memory; above that all are forgotten, which only costs queries.
const MOST: usize = 10_000;

/// The ends by chain.
#[derive(Debug, Default)]
pub(super) struct ChainHeads(Mutex<HashMap<AuditChain, ChainHead>>);

impl ChainHeads {
    /// The end that was written last.
    pub(super) fn get(&self, chain: AuditChain) -> Option<ChainHead> {
        self.heads().get(&chain).cloned()
    }

    /// Replaces the end of a chain.
    pub(super) fn set(&self, chain: AuditChain, head: ChainHead) {
        let mut heads = self.heads();
        if heads.len() >= MOST {
            heads.clear();
        }
        heads.insert(chain, head);
    }

    /// Forgets the end of a chain.
    pub(super) fn forget(&self, chain: AuditChain) {
        self.heads().remove(&chain);
    }

    fn heads(&self) -> MutexGuard<'_, HashMap<AuditChain, ChainHead>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
