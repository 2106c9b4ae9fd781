//! What arrived, box by box, in memory: the newest of each, and no more boxes than anybody watches.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::HeaderMap;
use jiff::Timestamp;

/// How many arrivals a box holds.
const KEPT: usize = 50;
/// How many boxes there are.
const BOXES: usize = 100;

/// A letter as it arrived.
#[derive(Debug, Clone)]
pub(super) struct ReceivedMessage {
    pub(super) at: Timestamp,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// A box.
#[derive(Debug, Clone, Default)]
pub(super) struct InspectorBox {
    name: String,
    /// What signatures are verified with, once it was given.
    pub(super) key: Option<String>,
    /// What arrived, the newest first.
    pub(super) arrivals: VecDeque<ReceivedMessage>,
}

/// Every box, the one that was used last at the end.
#[derive(Debug, Default)]
pub(super) struct BoxStore(Mutex<VecDeque<InspectorBox>>);

impl BoxStore {
    /// Puts a letter into a box.
    pub(super) fn put(&self, name: &str, arrival: ReceivedMessage) {
        self.with(name, |held| {
            held.arrivals.push_front(arrival);
            held.arrivals.truncate(KEPT);
        });
    }

    /// Gives a box what signatures are verified with.
    pub(super) fn set_verification_key(&self, name: &str, key: &str) {
        self.with(name, |held| held.key = Some(key.to_owned()));
    }

    /// What a box holds.
    pub(super) fn get(&self, name: &str) -> InspectorBox {
        self.lock().iter().find(|held| held.name == name).cloned().unwrap_or_default()
    }

    /// Does something with a box, which is made when there is none; the one that was not used for longest makes room.
    fn with(&self, name: &str, work: impl FnOnce(&mut InspectorBox)) {
        let mut boxes = self.lock();
        let known = boxes.iter().position(|held| held.name == name).and_then(|at| boxes.remove(at));
        let mut held = known.unwrap_or_else(|| InspectorBox { name: name.to_owned(), ..InspectorBox::default() });
        work(&mut held);
        boxes.push_back(held);
        if boxes.len() > BOXES {
            boxes.pop_front();
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<InspectorBox>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
