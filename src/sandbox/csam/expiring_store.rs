//! An in-memory store of values that expire, under names that cannot be guessed.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::base64url;
use crate::random;

/// The most values that are stored; the oldest is removed first.
const CAPACITY: usize = 1000;

struct Item<T> {
    name: String,
    since: Timestamp,
    value: T,
}

/// A store of values that expire.
pub(super) struct ExpiringStore<T> {
    items: Mutex<VecDeque<Item<T>>>,
    good: SignedDuration,
}

impl<T> ExpiringStore<T> {
    /// A store whose values expire after `good`.
    pub(super) const fn new(good: SignedDuration) -> Self {
        Self { items: Mutex::new(VecDeque::new()), good }
    }

    /// Stores a value; returns its name.
    pub(super) fn put(&self, value: T, now: Timestamp) -> String {
        let name = base64url(&random::bytes::<32>());
        let mut items = self.items();
        items.retain(|item| self.is_good(item, now));
        if items.len() == CAPACITY {
            items.pop_front();
        }
        items.push_back(Item { name: name.clone(), since: now, value });
        name
    }

    /// Removes and returns a value, unless it has expired.
    pub(super) fn take(&self, name: &str, now: Timestamp) -> Option<T> {
        let mut items = self.items();
        let at = items.iter().position(|item| item.name == name)?;
        items.remove(at).filter(|item| self.is_good(item, now)).map(|item| item.value)
    }

    /// Returns a value, unless it has expired.
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
