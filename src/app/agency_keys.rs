//! Keys of the agency's software: issued and revoked by the operator, authenticated at each call.
//!
//! They are few, so that their rows are not cached: a revocation takes effect with the next call at every gateway.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use subtle::ConstantTimeEq as _;

use super::error::{InternalError, fault_conversions};
use super::operator::OperatorContext;
use super::record::Record;
use super::{App, applications};
use crate::clock;
use crate::domain::action::RecordedAction;
use crate::domain::agency_key::{AgencyKeyFault, AgencyKeyKind, AgencyKeyText, AgencyScopes, check_new_key};
use crate::domain::application::{KeyState, days_left, due_notice};
use crate::domain::key::KeyId;
use crate::network::Network;
use crate::random;
use crate::seal;
pub use crate::store::agency_keys::AgencyKeyRecord;
use crate::store::{self, Db};

/// A key to be issued.
#[derive(Debug, Clone)]
pub struct NewAgencyKey {
    /// What the history calls it.
    pub name: String,
    /// What it may do.
    pub scopes: AgencyScopes,
    /// The addresses that it works from: ranges, as [`Network`] reads them.
    pub networks: Vec<String>,
    /// The last day on which it works, in Brussels.
    pub last_day: Date,
}

/// Why a key is not issued or revoked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AgencyKeyError {
    /// What is asked for is wrong.
    #[error(transparent)]
    Invalid(#[from] AgencyKeyFault),
    /// A range of addresses cannot be read.
    #[error("{0} is not an address or a range such as 192.0.2.0/24")]
    Network(String),
    /// Another key has the name, a revoked one too.
    #[error("a key was named {0} before: the history names keys, so choose another name")]
    NameTaken(String),
    /// No key has this public id.
    #[error("there is no key {0} of the agency")]
    Unknown(KeyId),
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(AgencyKeyError);

/// Why a key is not accepted.
#[derive(Debug)]
pub enum AgencyKeyRefusal {
    /// Not the form of a key, or its check digits are wrong.
    Malformed,
    /// No such key.
    Unknown,
    /// It works in the other deployment.
    WrongKind(AgencyKeyKind),
    /// It was revoked then.
    Revoked(Timestamp),
    /// It expired then.
    Expired(Timestamp),
    /// It does not work from the address of the caller.
    Address,
    /// The store failed.
    Store(store::Error),
}

/// The valid key of the agency's software.
#[derive(Debug, Clone)]
pub struct VerifiedAgencyKey {
    /// The key's public id.
    pub key: KeyId,
    /// Its rights.
    pub scopes: AgencyScopes,
    /// When it expires.
    pub expires_at: Timestamp,
    /// In how many days it expires, when that is soon enough for a notice.
    pub notice: Option<i64>,
}

/// The latest use of each key, not yet stored: never a write for a request.
#[derive(Debug, Default)]
pub struct AgencyKeyUses(Mutex<BTreeMap<KeyId, Timestamp>>);

impl AgencyKeyUses {
    fn record(&self, key: KeyId, at: Timestamp) {
        let mut uses = self.uses();
        let latest = uses.entry(key).or_insert(at);
        *latest = at.max(*latest);
    }

    /// Stores the uses; what cannot be stored stays in memory for the next time.
    pub async fn flush(&self, db: &Db) -> Result<(), store::Error> {
        let uses = std::mem::take(&mut *self.uses());
        let written = write(db, &uses).await;
        if written.is_err() {
            for (key, at) in uses {
                self.record(key, at);
            }
        }
        written
    }

    fn uses(&self) -> MutexGuard<'_, BTreeMap<KeyId, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// In the order of the keys, so that two gateways writing at once do not deadlock.
async fn write(db: &Db, uses: &BTreeMap<KeyId, Timestamp>) -> Result<(), store::Error> {
    if uses.is_empty() {
        return Ok(());
    }
    let mut tx = db.write().await?;
    for (key, at) in uses {
        // `false` where another gateway has stored a later use, which stays.
        store::agency_keys::record_use(&mut tx, *key, *at).await?;
    }
    tx.commit().await
}

/// Authenticates a key of the agency that is sent from an address. Without the right secret the result is `Unknown`, whatever
/// the state of the key. Keys belong to no organiser: they end in
/// the business time of the agency.
pub async fn authenticate(app: &App, text: &str, from: IpAddr) -> Result<VerifiedAgencyKey, AgencyKeyRefusal> {
    let shown = AgencyKeyText::parse(text).map_err(|_| AgencyKeyRefusal::Malformed)?;
    if shown.kind() != AgencyKeyKind::of(app.deployment) {
        return Err(AgencyKeyRefusal::WrongKind(shown.kind()));
    }
    let key = find(&app.db, shown.id()).await.map_err(AgencyKeyRefusal::Store)?.ok_or(AgencyKeyRefusal::Unknown)?;
    if key.kind != shown.kind() || !bool::from(key.secret_hash.ct_eq(&seal::digest(shown.expose()))) {
        return Err(AgencyKeyRefusal::Unknown);
    }
    let verified = verified(app, key, from)?;
    app.agency_key_uses.record(verified.key, app.clocks.machine().now());
    Ok(verified)
}

/// Checks a key of an authenticated request again, while that waits. It does not count as a use of the key.
pub async fn renew(app: &App, id: KeyId, from: IpAddr) -> Result<VerifiedAgencyKey, AgencyKeyRefusal> {
    let key = find(&app.db, id).await.map_err(AgencyKeyRefusal::Store)?.ok_or(AgencyKeyRefusal::Unknown)?;
    verified(app, key, from)
}

/// The rights of a key, if it works now and from this address.
fn verified(app: &App, key: AgencyKeyRecord, from: IpAddr) -> Result<VerifiedAgencyKey, AgencyKeyRefusal> {
    let now = app.clocks.agency_clock().now();
    working(&key, now)?;
    if !key.networks.iter().filter_map(|range| range.parse::<Network>().ok()).any(|range| range.contains(from)) {
        return Err(AgencyKeyRefusal::Address);
    }
    let notice = due_notice(key.expires_at, now).map(|_| days_left(key.expires_at, now));
    Ok(VerifiedAgencyKey { key: key.id, scopes: key.scopes, expires_at: key.expires_at, notice })
}

/// The key's row; `None` also for one that was not written by the gateway.
async fn find(db: &Db, id: KeyId) -> Result<Option<AgencyKeyRecord>, store::Error> {
    match store::agency_keys::find(&mut db.read().await?, id).await {
        Err(store::Error::Forged { .. }) => Ok(None),
        found => found,
    }
}

/// Whether the key works now; otherwise why not.
fn working(key: &AgencyKeyRecord, now: Timestamp) -> Result<(), AgencyKeyRefusal> {
    match key.revoked_at {
        Some(at) => Err(AgencyKeyRefusal::Revoked(at)),
        None if key.expires_at <= now => Err(AgencyKeyRefusal::Expired(key.expires_at)),
        None => Ok(()),
    }
}

/// The state of a key.
pub fn key_state(key: &AgencyKeyRecord, now: Timestamp) -> KeyState {
    match working(key, now) {
        Ok(()) => KeyState::Active,
        Err(AgencyKeyRefusal::Expired(_)) => KeyState::Expired,
        Err(_) => KeyState::Revoked,
    }
}

/// Every key, the oldest first.
pub async fn list(db: &Db) -> Result<Vec<AgencyKeyRecord>, AgencyKeyError> {
    Ok(store::agency_keys::list(&mut db.read().await?).await?)
}

/// Issues a key that works in this deployment; returns its text, which is not stored, and its row.
pub async fn issue(
    act: OperatorContext<'_>,
    kind: AgencyKeyKind,
    new: NewAgencyKey,
) -> Result<(AgencyKeyText, AgencyKeyRecord), AgencyKeyError> {
    let text = AgencyKeyText::new(kind, KeyId::from_random(random::bytes()), random::bytes());
    let key = issue_with(act, &text, new).await?;
    Ok((text, key))
}

/// The same with this text.
pub async fn issue_with(
    act: OperatorContext<'_>,
    text: &AgencyKeyText,
    new: NewAgencyKey,
) -> Result<AgencyKeyRecord, AgencyKeyError> {
    let now = act.clocks.agency_clock().now();
    let days = (new.last_day, clock::to_brussels(now).date());
    check_new_key(&new.name, (&new.scopes, new.networks.len()), days)?;
    if let Some(range) = new.networks.iter().find(|range| range.parse::<Network>().is_err()) {
        return Err(AgencyKeyError::Network(range.clone()));
    }
    let key = AgencyKeyRecord {
        id: text.id(),
        name: new.name,
        kind: text.kind(),
        secret_hash: seal::digest(text.expose()).to_vec(),
        scopes: new.scopes,
        networks: new.networks,
        created_at: now,
        expires_at: applications::after(new.last_day),
        revoked_at: None,
        last_used_at: None,
    };
    let mut work = act.begin_for_operator().await?;
    if !store::agency_keys::insert(&mut work, &key).await? {
        return Err(AgencyKeyError::NameTaken(key.name));
    }
    let detail = format!("{} {} {}", key.id, key.kind, key.scopes);
    work.record(&Record::of(RecordedAction::AgencyKeyIssued).about(key.id).detail(detail));
    work.commit().await?;
    Ok(key)
}

/// Revokes a key, at every gateway at once; returns its row, and whether it worked before.
pub async fn revoke(act: OperatorContext<'_>, id: KeyId) -> Result<(AgencyKeyRecord, bool), AgencyKeyError> {
    let mut work = act.begin_for_operator().await?;
    let at = work.at();
    let revoked = store::agency_keys::revoke(&mut work, id, at).await?;
    let key = store::agency_keys::find(&mut work, id).await?.ok_or(AgencyKeyError::Unknown(id))?;
    if revoked {
        work.record(&Record::of(RecordedAction::AgencyKeyRevoked).about(id));
        work.commit().await?;
    }
    Ok((key, revoked))
}
