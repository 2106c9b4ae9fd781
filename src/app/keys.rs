//! API keys: issuing, revoking, and finding out who calls.

mod issue;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

pub use self::issue::{NewKey, issue, issue_with, seeded};
use super::App;
use super::act::{Act, Refusal};
use super::caller::{Caller, Shown, Who};
use crate::domain::key::{Deployment, KeyId, KeyKind, KeyText};
use crate::ids::OrganiserId;
use crate::store::keys::Key;
use crate::store::{self, Db};
use crate::vault;

/// Why a key is not accepted.
#[derive(Debug)]
pub enum KeyRefusal {
    /// Not the form of a key, or its check digits are wrong.
    Malformed,
    /// No such key.
    Unknown,
    /// It stopped working then.
    Expired(Timestamp),
    /// It was taken back then, or its application was suspended then.
    Revoked(Timestamp),
    /// A key of this kind does not work in this deployment.
    WrongKind(KeyKind),
    /// The store failed.
    Store(store::Error),
}

impl App {
    /// Who shows this key.
    pub async fn authenticate(&self, text: &str) -> Result<Caller, KeyRefusal> {
        self.keys.authenticate(&self.db, self.clock.now(), text).await
    }
}

/// Every key of an organiser, the oldest first.
pub async fn list(db: &Db, organiser: OrganiserId) -> Result<Vec<Key>, Refusal> {
    let tx = &mut db.read().await?;
    store::organisers::find(tx, organiser).await?.ok_or(Refusal::NoOrganiser(organiser))?;
    Ok(store::keys::list(tx, organiser).await?)
}

/// The key with this public id, whoever's it is.
pub async fn find(db: &Db, id: KeyId) -> Result<Key, Refusal> {
    store::keys::find(&mut db.read().await?, id).await?.ok_or(Refusal::NoKey(id))
}

/// How long a key's row is believed before it is read again: what another gateway revoked still works here that long.
const BELIEVED: SignedDuration = SignedDuration::from_secs(3);

/// How many rows are remembered; then all are forgotten, which only costs look-ups.
const REMEMBERED: usize = 10_000;

/// The gateway's memory of keys: rows read lately, and uses not yet written down.
#[derive(Debug)]
pub struct Keyring {
    deployment: Deployment,
    rows: Mutex<Rows>,
    uses: Mutex<BTreeMap<KeyId, (OrganiserId, Timestamp)>>,
    behind: AtomicBool,
}

/// Rows by key, with the instant at which they were read.
#[derive(Debug, Default)]
struct Rows {
    by_key: HashMap<KeyId, (Timestamp, Key)>,
    /// Raised with each revocation, so that a row that was being read meanwhile is not remembered.
    generation: u64,
}

impl Keyring {
    /// An empty memory for this kind of deployment.
    pub fn new(deployment: Deployment) -> Self {
        Self { deployment, rows: Mutex::default(), uses: Mutex::default(), behind: AtomicBool::new(false) }
    }

    /// Who shows this key. Only whoever has the secret learns more than that it is unknown.
    pub async fn authenticate(&self, db: &Db, now: Timestamp, text: &str) -> Result<Caller, KeyRefusal> {
        let shown = KeyText::parse(text).map_err(|_| KeyRefusal::Malformed)?;
        if !self.deployment.admits(shown.kind()) {
            return Err(KeyRefusal::WrongKind(shown.kind()));
        }
        let key = self.row(db, now, shown.id()).await.map_err(KeyRefusal::Store)?.ok_or(KeyRefusal::Unknown)?;
        if key.kind != shown.kind() || !vault::same(&key.secret_hash, &vault::digest(shown.expose())) {
            return Err(KeyRefusal::Unknown);
        }
        if let Some(at) = key.revoked_at.or(key.suspended_at) {
            return Err(KeyRefusal::Revoked(at));
        }
        if let Some(at) = key.expires_at.filter(|at| *at <= now) {
            return Err(KeyRefusal::Expired(at));
        }
        self.note_use(&key, now);
        let shown = Shown {
            application: key.application,
            key: key.id,
            kind: key.kind,
            scopes: key.scopes,
            expires_at: key.expires_at,
        };
        Ok(Caller { organiser: key.organiser, creches: key.creches, who: Who::Application(shown) })
    }

    /// Revokes a key, here at once and at other gateways within seconds; `false` when it was revoked before.
    pub async fn revoke(&self, act: Act<'_>, organiser: OrganiserId, id: KeyId) -> Result<bool, Refusal> {
        let mut tx = act.begin(organiser).await?;
        if !store::keys::revoke(&mut tx, organiser, id, act.clock.now()).await? {
            let known = store::keys::find(&mut tx, id).await?.filter(|key| key.organiser == organiser);
            return known.map(|_| false).ok_or(Refusal::NoKey(id));
        }
        act.finish(tx, organiser, act.entry("key.revoked").detail(id.as_str())).await?;
        self.forget();
        Ok(true)
    }

    /// Believes no row any longer: after a revocation or a suspension.
    pub fn forget(&self) {
        let mut rows = self.rows();
        rows.generation += 1;
        rows.by_key.clear();
    }

    /// Writes down the latest use of each key since the last time; what cannot be written is kept for the next.
    pub async fn flush_last_use(&self, db: &Db) -> Result<(), store::Error> {
        let uses = std::mem::take(&mut *self.uses());
        let written = write_uses(db, &uses).await;
        self.behind.store(written.is_err(), Ordering::Relaxed);
        if written.is_err() {
            let mut later = self.uses();
            for (id, used) in uses {
                later.entry(id).or_insert(used);
            }
        }
        written
    }

    /// Whether the last attempt to write down uses failed.
    pub fn is_behind(&self) -> bool {
        self.behind.load(Ordering::Relaxed)
    }

    /// The key's row, as it was read at most some seconds ago.
    async fn row(&self, db: &Db, now: Timestamp, id: KeyId) -> Result<Option<Key>, store::Error> {
        let generation = {
            let rows = self.rows();
            match rows.by_key.get(&id) {
                Some((read_at, key)) if now.duration_since(*read_at).abs() < BELIEVED => return Ok(Some(key.clone())),
                _ => rows.generation,
            }
        };
        let found = store::keys::find(&mut db.read().await?, id).await?;
        let mut rows = self.rows();
        if rows.by_key.len() >= REMEMBERED {
            rows.by_key.clear();
        }
        match &found {
            Some(key) if rows.generation == generation => drop(rows.by_key.insert(id, (now, key.clone()))),
            _ => {}
        }
        Ok(found)
    }

    fn note_use(&self, key: &Key, now: Timestamp) {
        let mut uses = self.uses();
        let (_, latest) = uses.entry(key.id).or_insert((key.organiser, now));
        *latest = now.max(*latest);
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn uses(&self) -> MutexGuard<'_, BTreeMap<KeyId, (OrganiserId, Timestamp)>> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In the order of the keys, so that two gateways writing at once never wait for each other crosswise.
async fn write_uses(db: &Db, uses: &BTreeMap<KeyId, (OrganiserId, Timestamp)>) -> Result<(), store::Error> {
    if uses.is_empty() {
        return Ok(());
    }
    let mut tx = db.write().await?;
    for (id, (organiser, at)) in uses {
        // `false` where another gateway knows a later use: that one stands.
        store::keys::record_use(&mut tx, *organiser, *id, *at).await?;
    }
    tx.commit().await
}
