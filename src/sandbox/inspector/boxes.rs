//! The received messages of each box, in memory: a limited number of boxes, with the newest messages of each.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::http::HeaderMap;
use jiff::Timestamp;

/// How many messages a box stores.
const MESSAGES_PER_BOX: usize = 50;
/// How many boxes there are.
const BOXES: usize = 100;

/// A message as it was received.
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
    /// The key that signatures are verified with, once it was given.
    pub(super) key: Option<String>,
    /// The received messages, the newest first.
    pub(super) arrivals: VecDeque<ReceivedMessage>,
}

/// Every box, the last used one at the end.
#[derive(Debug, Default)]
pub(super) struct BoxStore(Mutex<VecDeque<InspectorBox>>);

impl BoxStore {
    /// Stores a message in a box.
    pub(super) fn put(&self, name: &str, arrival: ReceivedMessage) {
        self.with(name, |inspector_box| {
            inspector_box.arrivals.push_front(arrival);
            inspector_box.arrivals.truncate(MESSAGES_PER_BOX);
        });
    }

    /// Sets the key that signatures of a box are verified with.
    pub(super) fn set_verification_key(&self, name: &str, key: &str) {
        self.with(name, |inspector_box| inspector_box.key = Some(key.to_owned()));
    }

    /// The content of a box.
    pub(super) fn get(&self, name: &str) -> InspectorBox {
        self.lock().iter().find(|inspector_box| inspector_box.name == name).cloned().unwrap_or_default()
    }

    /// Changes a box, created when there is none; the least recently used one is removed beyond the limit.
    fn with(&self, name: &str, work: impl FnOnce(&mut InspectorBox)) {
        let mut boxes = self.lock();
        let existing = boxes.iter().position(|existing| existing.name == name).and_then(|index| boxes.remove(index));
        let mut inspector_box =
            existing.unwrap_or_else(|| InspectorBox { name: name.to_owned(), ..InspectorBox::default() });
        work(&mut inspector_box);
        boxes.push_back(inspector_box);
        if boxes.len() > BOXES {
            boxes.pop_front();
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<InspectorBox>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
