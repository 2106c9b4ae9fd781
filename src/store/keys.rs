//! API keys: everything but the secret.

use jiff::Timestamp;

use super::applications::BoundsRow;
use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::grant_columns::{api_key_creches, api_key_scopes, application_creches, application_scopes};
use super::grants::{self, API_KEY_CRECHE, API_KEY_SCOPE};
use super::integrity::{self, API_KEY, APPLICATION, KeyValue as RowId};
use super::source::{RowSource, all, optional};
use crate::domain::application::ApplicationBounds;
use crate::domain::key::{KeyId, KeyKind, Scopes};
use crate::ids::{ApplicationId, CrecheId, OrganiserId};

/// A key, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its public id.
    pub id: KeyId,
    /// The organiser whose data it gives access to.
    pub organiser: OrganiserId,
    /// The application that it was issued to.
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
    /// When it was last used; written with a delay.
    pub last_used_at: Option<Timestamp>,
    /// The scopes, crèches and end date of its application.
    pub bounds: ApplicationBounds,
}

impl KeyRecord {
    /// Its scopes at present: limited to those of its application.
    pub fn effective_scopes(&self) -> Scopes {
        self.scopes.within(self.bounds.scopes)
    }

    /// Whether nothing but the last use differs from an earlier state.
    pub fn is_unchanged_since(&self, earlier: &Self) -> bool {
        Self { last_used_at: earlier.last_used_at, ..self.clone() } == *earlier
    }

    /// When it stops working: at the latest with its application.
    pub fn end(&self) -> Option<Timestamp> {
        self.bounds.end(self.expires_at)
    }
}

const INSERT: &str = "insert into api_key (id, organiser_id, application_id, kind, secret_hash, all_creches, \
                      created_at, expires_at, revoked_at, last_used_at) \
                      select $1, organiser_id, id, $4, $5, $6, $7, $8, $9, null from application \
                      where organiser_id = $2 and id = $3 on conflict do nothing";

/// The columns of a key, those of its application beside them.
macro_rules! keys {
    ($rest:literal) => {
        concat!(
            "select api_key.id, api_key.organiser_id, api_key.application_id, api_key.kind, api_key.secret_hash, ",
            api_key_scopes!(),
            " as key_scopes, ",
            api_key_creches!(),
            " as key_creches, api_key.created_at, api_key.expires_at, api_key.revoked_at as key_revoked_at, \
             api_key.last_used_at, ",
            application_scopes!(),
            " as scopes, ",
            application_creches!(),
            " as creches, application.suspended_at, application.ends_at, application.revoked_at, \
             application.logs_bodies_until \
             from api_key join application on application.id = api_key.application_id ",
            $rest
        )
    };
}

/// The one query without an organiser: the key determines it.
const FIND: &str = keys!("where api_key.id = $1");
const LIST: &str = keys!("where api_key.organiser_id = $1 order by api_key.created_at, api_key.id");
const OF_APPLICATION: &str =
    keys!("where api_key.organiser_id = $1 and api_key.application_id = $2 order by api_key.created_at, api_key.id");
/// Of every organiser, for the daily notices.
const ENDING: &str = keys!(
    "where api_key.organiser_id = $1 and api_key.revoked_at is null and application.revoked_at is null \
     and (api_key.expires_at > $2 and api_key.expires_at <= $3 or application.ends_at > $2 and application.ends_at <= $3) \
     order by api_key.id"
);
const REVOKE: &str = "update api_key set revoked_at = $3 where organiser_id = $1 and id = $2 and revoked_at is null";
const RECORD_USE: &str = "update api_key set last_used_at = $3 where organiser_id = $1 and id = $2 \
                          and (last_used_at is null or last_used_at < $3)";
/// The keys that ended before an instant.
macro_rules! ended {
    () => {
        concat!("select id from api_key where organiser_id = $1 and (revoked_at < $2 or expires_at < $2) order by id limit $3")
    };
}

/// The rows that belong to them.
macro_rules! of_ended {
    ($table:literal) => {
        concat!("delete from ", $table, " where organiser_id = $1 and key_id in (", ended!(), ")")
    };
}

const REMOVE_DEPENDENT: [&str; 4] =
    [of_ended!("key_use"), of_ended!("key_notice"), of_ended!("api_key_scope"), of_ended!("api_key_creche")];
const REMOVE_ENDED: &str = concat!("delete from api_key where id in (", ended!(), ") returning id, mac");

/// Stores a new key; `false` when the id is taken or the organiser has no such application. Last use and the bounds of the
/// application are not taken from the record.
pub async fn insert(tx: &mut Tx, organiser: OrganiserId, new: &KeyRecord) -> Result<bool, Error> {
    let (id, organiser, application) = (new.id.as_str(), organiser.to_string(), new.application.to_string());
    let (kind, all_creches) = (new.kind.name(), i64::from(new.creches.is_none()));
    let created = new.created_at.as_millisecond();
    let expires = new.expires_at.map(Timestamp::as_millisecond);
    let revoked = new.revoked_at.map(Timestamp::as_millisecond);
    let inserted = execute!(
        tx,
        INSERT,
        id,
        &organiser,
        &application,
        kind,
        &new.secret_hash,
        all_creches,
        created,
        expires,
        revoked,
    )?
    .at_most_one()?;
    if inserted {
        let (row, creches) = ((organiser.as_str(), id), grants::ids(new.creches.as_deref()));
        grants::add(tx, &API_KEY_SCOPE, row, &grants::codes(new.scopes)).await?;
        grants::add(tx, &API_KEY_CRECHE, row, &creches).await?;
        integrity::seal_new(tx, &API_KEY, &[RowId::Text(id)]).await?;
    }
    Ok(inserted)
}

/// The key with this public id, of any organiser.
pub async fn find(tx: &mut Tx, id: KeyId) -> Result<Option<KeyRecord>, Error> {
    optional(row!(tx, KeyRow, FIND, id.as_str())?)
}

/// Fails when the key, or its application, does not match its authentication code: then the key is refused.
pub async fn require_sound(tx: &mut Tx, key: &KeyRecord) -> Result<(), Error> {
    integrity::require(tx, &API_KEY, &[RowId::Text(key.id.as_str())]).await?;
    integrity::require(tx, &APPLICATION, &[RowId::Text(&key.application.to_string())]).await
}

/// Every key of the organiser, the oldest first.
pub async fn list(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<KeyRecord>, Error> {
    all(rows!(tx, KeyRow, LIST, organiser.to_string())?)
}

/// Every key of an application, the oldest first.
pub async fn of_application(tx: &mut Tx, organiser: OrganiserId, id: ApplicationId) -> Result<Vec<KeyRecord>, Error> {
    all(rows!(tx, KeyRow, OF_APPLICATION, organiser.to_string(), id.to_string())?)
}

/// The keys of the organiser that stop working after `from` and by `until`: they or their application.
pub async fn ending(
    tx: &mut Tx,
    organiser: OrganiserId,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<KeyRecord>, Error> {
    all(rows!(tx, KeyRow, ENDING, organiser.to_string(), from.as_millisecond(), until.as_millisecond())?)
}

/// Revokes the key; `false` when the organiser has no such key, or it was revoked before.
pub async fn revoke(tx: &mut Tx, organiser: OrganiserId, id: KeyId, at: Timestamp) -> Result<bool, Error> {
    let row = [RowId::Text(id.as_str())];
    let before = integrity::authenticated_row(tx, &API_KEY, &row).await?;
    let revoked = execute!(tx, REVOKE, organiser.to_string(), id.as_str(), at.as_millisecond())?.at_most_one()?;
    integrity::seal(tx, &API_KEY, &row, before).await?;
    Ok(revoked)
}

/// Records that the key was used at `at`; `false` when a later use is recorded.
pub async fn record_use(tx: &mut Tx, organiser: OrganiserId, id: KeyId, at: Timestamp) -> Result<bool, Error> {
    execute!(tx, RECORD_USE, organiser.to_string(), id.as_str(), at.as_millisecond())?.at_most_one()
}

/// Removes at most `most` keys that were revoked or had expired before this instant; returns how many.
pub async fn remove_ended_before(tx: &mut Tx, organiser: OrganiserId, at: Timestamp, most: i64) -> Result<u64, Error> {
    for dependent in REMOVE_DEPENDENT {
        execute!(tx, dependent, organiser.to_string(), at.as_millisecond(), most)?.any();
    }
    let organiser = organiser.to_string();
    let removed = rows!(tx, (String, Option<Vec<u8>>), REMOVE_ENDED, &organiser, at.as_millisecond(), most)?;
    for (id, mac) in &removed {
        integrity::removed(tx, &API_KEY, &organiser, id, mac.as_deref());
    }
    Ok(removed.len() as u64)
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    organiser_id: String,
    application_id: String,
    kind: String,
    secret_hash: Vec<u8>,
    key_scopes: String,
    key_creches: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
    key_revoked_at: Option<i64>,
    last_used_at: Option<i64>,
    #[sqlx(flatten)]
    bounds: BoundsRow,
}

impl TryFrom<KeyRow> for KeyRecord {
    type Error = Error;

    fn try_from(row: KeyRow) -> Result<Self, Error> {
        let from = RowSource { table: "api_key", id: &row.id };
        let creches = row.key_creches.as_deref().map(serde_json::from_str).transpose();
        Ok(Self {
            id: from.text("id", &row.id)?,
            organiser: from.text("organiser_id", &row.organiser_id)?,
            application: from.text("application_id", &row.application_id)?,
            kind: from.text("kind", &row.kind)?,
            scopes: from.text("scopes", &row.key_scopes)?,
            creches: creches.map_err(|_| from.corrupt("creches"))?,
            created_at: from.instant("created_at", row.created_at)?,
            expires_at: from.maybe_instant("expires_at", row.expires_at)?,
            revoked_at: from.maybe_instant("revoked_at", row.key_revoked_at)?,
            last_used_at: from.maybe_instant("last_used_at", row.last_used_at)?,
            bounds: row.bounds.read(&row.application_id)?,
            secret_hash: row.secret_hash,
        })
    }
}
