//! API keys: issuing, revoking, authenticating.

mod issue;
mod notices;
mod usage;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq as _;
use tokio::sync::watch;

pub use self::issue::{NewKey, issue, issue_as, issue_with, requested_key, seeded};
pub use self::notices::record_due_notices as notices;
use self::usage::UsageCounters;
pub use self::usage::daily_usage;
use super::App;
use super::caller::{CallOutcome, Caller, Principal, VerifiedKey};
use super::operator::{OperatorContext, OperatorError};
use super::record::Record;
use crate::app::{BusinessClock, Clocks};
use crate::domain::actor::Actor;
use crate::domain::application::{self, ApplicationState, KeyState};
use crate::domain::event::EventType;
use crate::domain::key::{Deployment, KeyId, KeyKind, KeyText};
use crate::ids::{ApplicationId, OrganiserId};
use crate::seal;
pub use crate::store::keys::KeyRecord;
use crate::store::{self, Db, WritePurpose};

/// Why a key is not accepted.
#[derive(Debug)]
pub enum KeyRefusal {
    /// Not the form of a key, or its check digits are wrong.
    Malformed,
    /// No such key.
    Unknown,
    /// It expired then.
    Expired(Timestamp),
    /// It was revoked then.
    Revoked(Timestamp),
    /// Its application is in this state, since then.
    Application(ApplicationState, Timestamp),
    /// A key of this kind does not work in this deployment.
    WrongKind(KeyKind),
    /// The store failed.
    Store(store::Error),
}

impl App {
    /// Authenticates a key.
    pub async fn authenticate(&self, text: &str) -> Result<Caller, KeyRefusal> {
        self.keys.authenticate(&self.db, &self.clocks, text).await
    }
}

/// Every key of an organiser, the oldest first.
pub async fn list(db: &Db, organiser: OrganiserId) -> Result<Vec<KeyRecord>, OperatorError> {
    let tx = &mut db.read().await?;
    store::organisers::find(tx, organiser).await?.ok_or(OperatorError::NoOrganiser(organiser))?;
    Ok(store::keys::list(tx, organiser).await?)
}

/// The key with this public id, of any organiser.
pub async fn find(db: &Db, id: KeyId) -> Result<KeyRecord, OperatorError> {
    store::keys::find(&mut db.read().await?, id).await?.ok_or(OperatorError::NoKey(id))
}

/// Revokes a key of an application; `false` when it was revoked before.
pub async fn revoke(
    app: &App,
    actor: &Actor,
    organiser: OrganiserId,
    application: ApplicationId,
    id: KeyId,
) -> Result<bool, OperatorError> {
    let known = find(&app.db, id).await?;
    if (known.organiser, known.application) != (organiser, application) {
        return Err(OperatorError::NoKey(id));
    }
    app.keys.revoke(app.acting_as(actor), organiser, id).await
}

/// How long a key's row is cached: a revocation at another gateway takes effect here within that time.
const BELIEVED: SignedDuration = SignedDuration::from_secs(3);

/// How long a row that reads the same is not authenticated again.
const AUTHENTICATED: SignedDuration = SignedDuration::from_mins(1);

/// How many rows are cached; above that the cache is cleared, which only costs look-ups.
const REMEMBERED: usize = 10_000;

/// The gateway's cache of keys: rows read lately, and uses not yet stored.
#[derive(Debug)]
pub struct KeyCache {
    deployment: Deployment,
    rows: Mutex<CachedKeys>,
    uses: UsageCounters,
    changed: watch::Sender<()>,
}

/// A row, with the instants at which it was read and at which its authentication code was checked.
#[derive(Debug, Clone)]
struct CachedKey {
    read_at: Timestamp,
    authenticated_at: Timestamp,
    key: KeyRecord,
}

/// Rows by key.
#[derive(Debug, Default)]
struct CachedKeys {
    by_key: HashMap<KeyId, CachedKey>,
    /// Raised with each revocation, so that a row that was being read meanwhile is not cached.
    generation: u64,
}

impl KeyCache {
    /// An empty cache for this kind of deployment.
    pub fn new(deployment: Deployment) -> Self {
        Self { deployment, rows: Mutex::default(), uses: UsageCounters::default(), changed: watch::Sender::new(()) }
    }

    /// Authenticates a key. Without the right secret the result is `Unknown`, whatever the state of the key.
    pub async fn authenticate(&self, db: &Db, clocks: &Clocks, text: &str) -> Result<Caller, KeyRefusal> {
        let shown = KeyText::parse(text).map_err(|_| KeyRefusal::Malformed)?;
        if !self.deployment.admits(shown.kind()) {
            return Err(KeyRefusal::WrongKind(shown.kind()));
        }
        let key = self
            .row(db, clocks.machine().now(), shown.id())
            .await
            .map_err(KeyRefusal::Store)?
            .ok_or(KeyRefusal::Unknown)?;
        if key.kind != shown.kind() || !bool::from(key.secret_hash.ct_eq(&seal::digest(shown.expose()))) {
            return Err(KeyRefusal::Unknown);
        }
        let clock = clocks.business_clock(key.organiser);
        let now = clock.now();
        working(&key, now)?;
        self.uses.count_call(key.organiser, key.id, now);
        Ok(shown_by(key, clock))
    }

    /// The present caller of a key that was authenticated before. It does not count as a use of the key.
    pub async fn renew(&self, db: &Db, clocks: &Clocks, id: KeyId) -> Result<Caller, KeyRefusal> {
        let found = self.row(db, clocks.machine().now(), id).await.map_err(KeyRefusal::Store)?;
        let key = found.ok_or(KeyRefusal::Unknown)?;
        let clock = clocks.business_clock(key.organiser);
        working(&key, clock.now())?;
        Ok(shown_by(key, clock))
    }

    /// Wakes the tasks that rely on an authenticated credential, to check it again: after a revocation, a
    /// change of an application, or the end of a session.
    pub fn credentials_changed(&self) {
        self.changed.send_replace(());
    }

    /// Subscribes to [`Self::credentials_changed`].
    pub fn credential_changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Revokes a key, here at once and at other gateways within seconds; `false` when it was revoked before.
    pub async fn revoke(
        &self,
        act: OperatorContext<'_>,
        organiser: OrganiserId,
        id: KeyId,
    ) -> Result<bool, OperatorError> {
        let mut work = act.begin(organiser, WritePurpose::RecordOnly).await?;
        let at = work.at();
        if !store::keys::revoke(&mut work, organiser, id, at).await? {
            let known = store::keys::find(&mut work, id).await?.filter(|key| key.organiser == organiser);
            return known.map(|_| false).ok_or(OperatorError::NoKey(id));
        }
        work.record(&Record::of(EventType::KeyRevoked).about(id));
        work.commit().await?;
        self.invalidate();
        Ok(true)
    }

    /// Clears the cache: after a revocation, or a change of an application.
    pub fn invalidate(&self) {
        let mut rows = self.rows();
        rows.generation += 1;
        rows.by_key.clear();
        drop(rows);
        self.credentials_changed();
    }

    /// Counts a deposit that was refused for its content.
    pub fn count_refused_deposit(&self, organiser: OrganiserId, id: KeyId, now: Timestamp) {
        self.uses.count_refused_deposit(organiser, id, now);
    }

    /// Stores the uses of each key since the last time; what cannot be stored stays in memory for the next.
    pub async fn flush_last_use(&self, db: &Db) -> Result<(), store::Error> {
        self.uses.flush(db).await
    }

    /// Whether the last attempt to store uses failed.
    pub fn last_flush_failed(&self) -> bool {
        self.uses.last_flush_failed()
    }

    /// The key's row, as it was read at most some seconds ago.
    async fn row(&self, db: &Db, now: Timestamp, id: KeyId) -> Result<Option<KeyRecord>, store::Error> {
        let (generation, known) = {
            let rows = self.rows();
            match rows.by_key.get(&id) {
                Some(cached) if now.duration_since(cached.read_at).abs() < BELIEVED => {
                    return Ok(Some(cached.key.clone()));
                }
                known => (rows.generation, known.cloned()),
            }
        };
        let known = known.filter(|known| now.duration_since(known.authenticated_at).abs() < AUTHENTICATED);
        let unchanged = match known {
            Some(known) => {
                let found = store::keys::find(&mut db.read_once().await?, id).await?;
                found.filter(|key| key.is_unchanged_since(&known.key)).map(|key| (known.authenticated_at, key))
            }
            None => None,
        };
        let found = match unchanged {
            Some(unchanged) => Some(unchanged),
            None => sound_row(db, id).await?.map(|key| (now, key)),
        };
        let mut rows = self.rows();
        if rows.by_key.len() >= REMEMBERED {
            rows.by_key.clear();
        }
        match &found {
            Some((authenticated_at, key)) if rows.generation == generation => {
                let cached = CachedKey { read_at: now, authenticated_at: *authenticated_at, key: key.clone() };
                rows.by_key.insert(id, cached);
            }
            _ => {}
        }
        Ok(found.map(|(_, key)| key))
    }

    fn rows(&self) -> MutexGuard<'_, CachedKeys> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key's row; `None` for one that was not written by the gateway, or was moved to another organiser.
async fn sound_row(db: &Db, id: KeyId) -> Result<Option<KeyRecord>, store::Error> {
    let mut tx = db.read().await?;
    let Some(key) = store::keys::find(&mut tx, id).await? else { return Ok(None) };
    match store::keys::require_sound(&mut tx, &key).await {
        Err(store::Error::Forged { .. }) => Ok(None),
        sound => sound.map(|()| Some(key)),
    }
}

/// Whether the key works now; otherwise why not, the most permanent reason first.
fn working(key: &KeyRecord, now: Timestamp) -> Result<(), KeyRefusal> {
    if let Some(at) = key.revoked_at {
        return Err(KeyRefusal::Revoked(at));
    }
    if let (state, Some(since)) = key.bounds.state(now) {
        return Err(KeyRefusal::Application(state, since));
    }
    key.expires_at.filter(|at| *at <= now).map_or(Ok(()), |at| Err(KeyRefusal::Expired(at)))
}

/// The state of a key.
pub fn key_state(key: &KeyRecord, now: Timestamp) -> KeyState {
    match working(key, now) {
        Err(KeyRefusal::Expired(_) | KeyRefusal::Application(ApplicationState::Ended, _)) => KeyState::Expired,
        Err(KeyRefusal::Application(ApplicationState::Suspended, _)) => KeyState::Suspended,
        Err(_) => KeyState::Revoked,
        Ok(()) => KeyState::Active,
    }
}

/// The caller of a working key: within the present bounds of its application.
fn shown_by(key: KeyRecord, clock: BusinessClock) -> Caller {
    let (end, now) = (key.end(), clock.now());
    let shown = VerifiedKey {
        application: key.application,
        key: key.id,
        kind: key.kind,
        scopes: key.effective_scopes(),
        expires_at: end,
        notice: end
            .filter(|end| application::due_notice(*end, now).is_some())
            .map(|end| application::days_left(end, now)),
        logs_bodies: key.bounds.body_logging(now).is_some(),
    };
    let (scopes, creches) = (shown.scopes, key.bounds.narrow(key.creches));
    let (who, outcome) = (Principal::Application(shown), CallOutcome::default());
    Caller { organiser: key.organiser, creches, scopes, who, clock, outcome }
}
