//! API keys: issuing, revoking, and finding out who calls.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::{App, audit};
use crate::chance;
use crate::clock::Clock;
use crate::domain::key::{Deployment, KeyId, KeyKind, KeyText, Scopes};
use crate::ids::{ApplicationId, CrecheId, OrganiserId};
use crate::store::audit::{Actor, Chain, Entry};
use crate::store::keys::Key;
use crate::store::{self, Db};
use crate::vault::{self, Vault};

/// The application behind a valid key.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whose data it reaches.
    pub organiser: OrganiserId,
    /// The registered software.
    pub application: ApplicationId,
    /// The key's public id.
    pub key: KeyId,
    /// What the key may do with the truth.
    pub kind: KeyKind,
    /// Its rights.
    pub scopes: Scopes,
    /// The crèches it is limited to; none means all.
    pub creches: Option<Vec<CrecheId>>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

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

/// What an administrative act needs: where, when, and who answers for it.
#[derive(Clone, Copy)]
pub struct Act<'a> {
    /// The database.
    pub db: &'a Db,
    /// The vault, for the audit trail.
    pub vault: &'a Vault,
    /// The present.
    pub clock: &'a dyn Clock,
    /// Who acts.
    pub actor: &'a Actor,
}

impl App {
    /// Who shows this key.
    pub async fn authenticate(&self, text: &str) -> Result<Caller, KeyRefusal> {
        self.keys.authenticate(&self.db, self.clock.now(), text).await
    }

    /// An administrative act that `actor` answers for.
    pub fn act<'a>(&'a self, actor: &'a Actor) -> Act<'a> {
        Act { db: &self.db, vault: &self.vault, clock: &*self.clock, actor }
    }
}

/// What a key shall be able to do, for whom and how long.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Whose data it opens.
    pub organiser: OrganiserId,
    /// The application that gets it.
    pub application: ApplicationId,
    /// Its kind.
    pub kind: KeyKind,
    /// What it may do.
    pub scopes: Scopes,
    /// The crèches it is limited to; `None` for all.
    pub creches: Option<Vec<CrecheId>>,
    /// When it stops working; `None` for never.
    pub expires_at: Option<Timestamp>,
}

/// Issues a key and gives its text, which can never be had again; `None` when the organiser has no such application.
pub async fn issue(act: Act<'_>, new: &NewKey) -> Result<Option<KeyText>, store::Error> {
    let key = KeyText::new(new.kind, KeyId::from_random(chance::bytes()), chance::bytes());
    Ok(issue_with(act, new, &key).await?.then_some(key))
}

/// Issues a key with a text that is already known; `false` when it is issued already, or the organiser has no such
/// application.
pub async fn issue_with(act: Act<'_>, new: &NewKey, text: &KeyText) -> Result<bool, store::Error> {
    let at = act.clock.now();
    let key = Key {
        id: text.id(),
        organiser: new.organiser,
        application: new.application,
        kind: text.kind(),
        secret_hash: vault::digest(text.expose()).to_vec(),
        scopes: new.scopes,
        creches: new.creches.clone(),
        created_at: at,
        expires_at: new.expires_at,
        revoked_at: None,
        last_used_at: None,
        suspended_at: None,
    };
    let mut tx = act.db.write().await?;
    store::organisers::lock(&mut tx, new.organiser).await?;
    if !store::keys::insert(&mut tx, new.organiser, &key).await? {
        return Ok(false);
    }
    let entry = Entry::new(act.actor, "key.issue", at).detail(format!("{} {} {}", key.id, key.kind, key.scopes));
    audit::record(&mut tx, act.vault.index(), Chain::Organiser(new.organiser), entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// The key that this database and a name make: the same at every start, and nobody else can compute it. For the
/// invented world of a sandbox only.
pub fn seeded(vault: &Vault, kind: KeyKind, name: &str) -> KeyText {
    let part = |purpose| vault.index().derive(purpose, &[name.as_bytes()]);
    let id = *part("seeded key id").first_chunk().expect("more bytes than an id has");
    KeyText::new(kind, KeyId::from_random(id), part("seeded key secret"))
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
        Self { deployment, rows: Mutex::default(), uses: Mutex::default() }
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
        Ok(Caller {
            organiser: key.organiser,
            application: key.application,
            key: key.id,
            kind: key.kind,
            scopes: key.scopes,
            creches: key.creches,
            expires_at: key.expires_at,
        })
    }

    /// Revokes a key, here at once and at other gateways within seconds; `false` when the organiser has no such key or
    /// it was revoked before.
    pub async fn revoke(&self, act: Act<'_>, organiser: OrganiserId, id: KeyId) -> Result<bool, store::Error> {
        let at = act.clock.now();
        let mut tx = act.db.write().await?;
        store::organisers::lock(&mut tx, organiser).await?;
        if !store::keys::revoke(&mut tx, organiser, id, at).await? {
            return Ok(false);
        }
        let entry = Entry::new(act.actor, "key.revoke", at).detail(id.as_str());
        audit::record(&mut tx, act.vault.index(), Chain::Organiser(organiser), entry).await?;
        tx.commit().await?;
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
        if written.is_err() {
            let mut later = self.uses();
            for (id, used) in uses {
                later.entry(id).or_insert(used);
            }
        }
        written
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
