//! The usage of keys, counted in memory and stored at intervals: never a write for a request. What a killed gateway
//! had counted since the last time is lost; an orderly shutdown stores it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::app::App;
use crate::app::error::InternalError;
use crate::clock;
use crate::domain::key::{DailyUses, KeyId};
use crate::ids::{ApplicationId, OrganiserId};
use crate::store::{self, Db};

/// How many days are returned.
const DAYS: i32 = 30;

/// The uses of keys since they were last stored.
#[derive(Debug, Default)]
pub(super) struct UsageCounters {
    keys: Mutex<BTreeMap<KeyId, KeyUse>>,
    behind: AtomicBool,
}

/// The uses of one key.
#[derive(Debug, Clone)]
struct KeyUse {
    organiser: OrganiserId,
    latest: Timestamp,
    days: BTreeMap<Date, DailyUses>,
}

impl UsageCounters {
    /// Counts a call.
    pub(super) fn count_call(&self, organiser: OrganiserId, key: KeyId, now: Timestamp) {
        self.count(organiser, key, now, DailyUses { calls: 1, refusals: 0 });
    }

    /// Counts a refused deposit of a call that was counted.
    pub(super) fn count_refused_deposit(&self, organiser: OrganiserId, key: KeyId, now: Timestamp) {
        self.count(organiser, key, now, DailyUses { calls: 0, refusals: 1 });
    }

    fn count(&self, organiser: OrganiserId, key: KeyId, now: Timestamp, more: DailyUses) {
        let days = BTreeMap::from([(clock::to_brussels(now).date(), more)]);
        self.add(key, KeyUse { organiser, latest: now, days });
    }

    fn add(&self, key: KeyId, more: KeyUse) {
        let mut keys = self.keys();
        let Some(used) = keys.get_mut(&key) else { return drop(keys.insert(key, more)) };
        used.latest = used.latest.max(more.latest);
        for (day, uses) in more.days {
            let sum = used.days.entry(day).or_default();
            sum.calls += uses.calls;
            sum.refusals += uses.refusals;
        }
    }

    /// Stores the counted uses; what cannot be stored stays in memory for the next time.
    pub(super) async fn flush(&self, db: &Db) -> Result<(), store::Error> {
        let keys = std::mem::take(&mut *self.keys());
        let written = write(db, &keys).await;
        self.behind.store(written.is_err(), Ordering::Relaxed);
        if written.is_err() {
            for (key, used) in keys {
                self.add(key, used);
            }
        }
        written
    }

    /// Whether the last attempt failed.
    pub(super) fn last_flush_failed(&self) -> bool {
        self.behind.load(Ordering::Relaxed)
    }

    fn keys(&self) -> MutexGuard<'_, BTreeMap<KeyId, KeyUse>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In the order of the keys, so that two gateways writing at once do not deadlock.
async fn write(db: &Db, keys: &BTreeMap<KeyId, KeyUse>) -> Result<(), store::Error> {
    if keys.is_empty() {
        return Ok(());
    }
    let mut tx = db.write().await?;
    for (key, KeyUse { organiser, latest, days }) in keys {
        // `false` where another gateway has stored a later use, which stays.
        store::keys::record_use(&mut tx, *organiser, *key, *latest).await?;
        for (day, uses) in days {
            // `false` where the key was removed meanwhile: its figures are not needed.
            store::key_uses::add(&mut tx, *organiser, *key, *day, *uses).await?;
        }
    }
    tx.commit().await
}

/// The uses of an application's keys on each of the last thirty days, today last, as far as they are stored.
pub async fn daily_usage(
    app: &App,
    organiser: OrganiserId,
    id: ApplicationId,
) -> Result<Vec<(Date, DailyUses)>, InternalError> {
    let days: Vec<_> = (0..DAYS)
        .rev()
        .filter_map(|ago| app.clocks.business_clock(organiser).today().checked_sub(ago.days()).ok())
        .collect();
    let since = days.first().copied().unwrap_or(Date::MIN);
    let tx = &mut app.db.read().await?;
    let known: BTreeMap<_, _> = store::key_uses::since(tx, organiser, id, since).await?.into_iter().collect();
    Ok(days.into_iter().map(|day| (day, known.get(&day).copied().unwrap_or_default())).collect())
}
