//! API keys: everything about them but their secret.

use jiff::Timestamp;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::source::{Source, all, maybe};
use crate::domain::key::{KeyId, KeyKind, Scopes};
use crate::ids::{ApplicationId, CrecheId, OrganiserId};

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its public id.
    pub id: KeyId,
    /// Whose data it opens.
    pub organiser: OrganiserId,
    /// Which application shows it.
    pub application: ApplicationId,
    /// Its kind.
    pub kind: KeyKind,
    /// Digest of the whole key text.
    pub secret_hash: Vec<u8>,
    /// What it may do.
    pub scopes: Scopes,
    /// The crèches it is limited to; `None` for all of the organiser's.
    pub creches: Option<Vec<CrecheId>>,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, known with a delay.
    pub last_used_at: Option<Timestamp>,
    /// Since when its application is suspended.
    pub suspended_at: Option<Timestamp>,
}

const INSERT: &str = "insert into api_key (id, organiser_id, application_id, kind, secret_hash, scopes, creches, \
                      created_at, expires_at, revoked_at, last_used_at) \
                      select $1, organiser_id, id, $4, $5, $6, $7, $8, $9, $10, null from application \
                      where organiser_id = $2 and id = $3 on conflict do nothing";
/// The one look-up without an organiser: the key is what tells the organiser.
const FIND: &str = "select k.id, k.organiser_id, k.application_id, k.kind, k.secret_hash, k.scopes, k.creches, \
                    k.created_at, k.expires_at, k.revoked_at, k.last_used_at, a.suspended_at \
                    from api_key k join application a on a.id = k.application_id where k.id = $1";
const LIST: &str = "select k.id, k.organiser_id, k.application_id, k.kind, k.secret_hash, k.scopes, k.creches, \
                    k.created_at, k.expires_at, k.revoked_at, k.last_used_at, a.suspended_at \
                    from api_key k join application a on a.id = k.application_id \
                    where k.organiser_id = $1 order by k.created_at, k.id";
const REVOKE: &str = "update api_key set revoked_at = $3 where organiser_id = $1 and id = $2 and revoked_at is null";
const RECORD_USE: &str = "update api_key set last_used_at = $3 where organiser_id = $1 and id = $2 \
                          and (last_used_at is null or last_used_at < $3)";
const REMOVE_ENDED: &str = "delete from api_key where organiser_id = $1 and (revoked_at < $2 or expires_at < $2)";

/// Keeps a new key; `false` when the id is taken or the organiser has no such application. Last use and suspension are
/// not taken from the record.
pub async fn insert(tx: &mut Tx, organiser: OrganiserId, new: &Key) -> Result<bool, Error> {
    let (id, organiser, application) = (new.id.as_str(), organiser.to_string(), new.application.to_string());
    let (kind, scopes) = (new.kind.name(), new.scopes.to_string());
    let creches = new.creches.as_ref().map(|creches| serde_json::json!(creches).to_string());
    let created = new.created_at.as_millisecond();
    let expires = new.expires_at.map(Timestamp::as_millisecond);
    let revoked = new.revoked_at.map(Timestamp::as_millisecond);
    execute!(
        tx,
        INSERT,
        id,
        &organiser,
        &application,
        kind,
        &new.secret_hash,
        &scopes,
        &creches,
        created,
        expires,
        revoked,
    )?
    .at_most_one()
}

/// The key with this public id, whoever's it is.
pub async fn find(tx: &mut Tx, id: KeyId) -> Result<Option<Key>, Error> {
    maybe(row!(tx, KeyRow, FIND, id.as_str())?)
}

/// Every key of the organiser, the oldest first.
pub async fn list(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<Key>, Error> {
    all(rows!(tx, KeyRow, LIST, organiser.to_string())?)
}

/// Revokes the key; `false` when the organiser has no such key, or it was revoked before.
pub async fn revoke(tx: &mut Tx, organiser: OrganiserId, id: KeyId, at: Timestamp) -> Result<bool, Error> {
    execute!(tx, REVOKE, organiser.to_string(), id.as_str(), at.as_millisecond())?.at_most_one()
}

/// Notes that the key was used at `at`; `false` when a later use is already known.
pub async fn record_use(tx: &mut Tx, organiser: OrganiserId, id: KeyId, at: Timestamp) -> Result<bool, Error> {
    execute!(tx, RECORD_USE, organiser.to_string(), id.as_str(), at.as_millisecond())?.at_most_one()
}

/// Removes the keys that were revoked or had expired before this instant, and tells how many.
pub async fn remove_ended_before(tx: &mut Tx, organiser: OrganiserId, at: Timestamp) -> Result<u64, Error> {
    Ok(execute!(tx, REMOVE_ENDED, organiser.to_string(), at.as_millisecond())?.any())
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    organiser_id: String,
    application_id: String,
    kind: String,
    secret_hash: Vec<u8>,
    scopes: String,
    creches: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
    suspended_at: Option<i64>,
}

impl TryFrom<KeyRow> for Key {
    type Error = Error;

    fn try_from(row: KeyRow) -> Result<Self, Error> {
        let from = Source { table: "api_key", id: &row.id };
        let creches = row.creches.as_deref().map(serde_json::from_str).transpose();
        Ok(Self {
            id: from.text("id", &row.id)?,
            organiser: from.text("organiser_id", &row.organiser_id)?,
            application: from.text("application_id", &row.application_id)?,
            kind: from.text("kind", &row.kind)?,
            scopes: from.text("scopes", &row.scopes)?,
            creches: creches.map_err(|_| from.corrupt("creches"))?,
            created_at: from.instant("created_at", row.created_at)?,
            expires_at: from.maybe_instant("expires_at", row.expires_at)?,
            revoked_at: from.maybe_instant("revoked_at", row.revoked_at)?,
            last_used_at: from.maybe_instant("last_used_at", row.last_used_at)?,
            suspended_at: from.maybe_instant("suspended_at", row.suspended_at)?,
            secret_hash: row.secret_hash,
        })
    }
}
