//! What is kept in memory for a while under a name that nobody can guess.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::base64url;
use crate::random;

/// The most that is kept; the oldest goes first.
const ROOM: usize = 1000;

struct Item<T> {
    name: String,
    since: Timestamp,
    value: T,
}

/// A store of things that expire.
pub(super) struct ExpiringStore<T> {
    items: Mutex<VecDeque<Item<T>>>,
    good: SignedDuration,
}

impl<T> ExpiringStore<T> {
    /// A store whose things expire after so long.
    pub(super) const fn new(good: SignedDuration) -> Self {
        Self { items: Mutex::new(VecDeque::new()), good }
    }

    /// Keeps something; the name that it is kept under.
    pub(super) fn put(&self, value: T, now: Timestamp) -> String {
        let name = base64url(&random::bytes::<32>());
        let mut items = self.items();
        items.retain(|item| self.is_good(item, now));
        if items.len() == ROOM {
            items.pop_front();
        }
        items.push_back(Item { name: name.clone(), since: now, value });
        name
    }

    /// Gives something away for good, unless its time is over.
    pub(super) fn take(&self, name: &str, now: Timestamp) -> Option<T> {
        let mut items = self.items();
        let at = items.iter().position(|item| item.name == name)?;
        items.remove(at).filter(|item| self.is_good(item, now)).map(|item| item.value)
    }

    /// Shows something, unless its time is over.
    pub(super) fn get(&self, name: &str, now: Timestamp) -> Option<T>
    where
        T: Clone,
    {
        let items = self.items();
        let item = items.iter().find(|item| item.name == name && self.is_good(item, now))?;
        Some(item.value.clone())
    }

    fn is_good(&self, item: &Item<T>, now: Timestamp) -> bool {
        now.duration_since(item.since) < self.good
    }

    fn items(&self) -> MutexGuard<'_, VecDeque<Item<T>>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
