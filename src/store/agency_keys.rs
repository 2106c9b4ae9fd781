//! Keys of the agency's software: everything but the secret. A row is never removed, since the history names it.

use jiff::Timestamp;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, AGENCY_KEY, KeyValue};
use super::source::{RowSource, all, optional};
use crate::domain::agency_key::{AgencyKeyKind, AgencyScopes};
use crate::domain::key::KeyId;

/// A key, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyKeyRecord {
    /// Its public id.
    pub id: KeyId,
    /// What the history calls it.
    pub name: String,
    /// Its kind.
    pub kind: AgencyKeyKind,
    /// Digest of the whole key text.
    pub secret_hash: Vec<u8>,
    /// What it may do.
    pub scopes: AgencyScopes,
    /// The ranges of addresses that it works from, as they were given.
    pub networks: Vec<String>,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used; written with a delay.
    pub last_used_at: Option<Timestamp>,
}

/// The columns of a [`KeyRow`].
macro_rules! keys {
    ($rest:literal) => {
        concat!(
            "select id, name, kind, secret_hash, scopes, networks, created_at, expires_at, revoked_at, last_used_at \
             from agency_key ",
            $rest
        )
    };
}

const INSERT: &str = "insert into agency_key (id, name, kind, secret_hash, scopes, networks, created_at, expires_at) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
const FIND: &str = keys!("where id = $1");
const LIST: &str = keys!("order by created_at, id");
const NAMES: &str = "select id, name from agency_key";
const REVOKE: &str = "update agency_key set revoked_at = $2 where id = $1 and revoked_at is null";
const RECORD_USE: &str =
    "update agency_key set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at < $2)";

/// Stores a new key; `false` when its id or its name is taken.
pub async fn insert(tx: &mut Tx, new: &AgencyKeyRecord) -> Result<bool, Error> {
    let (id, kind, scopes, networks) =
        (new.id.as_str(), new.kind.code(), new.scopes.to_string(), new.networks.join(" "));
    let (created, expires) = (new.created_at.as_millisecond(), new.expires_at.as_millisecond());
    let done = execute!(tx, INSERT, id, &new.name, kind, &new.secret_hash, scopes, networks, created, expires)?;
    let inserted = done.at_most_one()?;
    if inserted {
        integrity::seal_new(tx, &AGENCY_KEY, &[KeyValue::Text(id)]).await?;
    }
    Ok(inserted)
}

/// The key with this public id. Fails when its row does not match its authentication code.
pub async fn find(tx: &mut Tx, id: KeyId) -> Result<Option<AgencyKeyRecord>, Error> {
    integrity::require(tx, &AGENCY_KEY, &[KeyValue::Text(id.as_str())]).await?;
    optional(row!(tx, KeyRow, FIND, id.as_str())?)
}

/// Every key, the oldest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<AgencyKeyRecord>, Error> {
    all(rows!(tx, KeyRow, LIST)?)
}

/// The names of all keys, by their public ids.
pub async fn names(tx: &mut Tx) -> Result<Vec<(String, String)>, Error> {
    rows!(tx, (String, String), NAMES)
}

/// Revokes a key; `false` when there is no such key, or it was revoked before.
pub async fn revoke(tx: &mut Tx, id: KeyId, at: Timestamp) -> Result<bool, Error> {
    let row = [KeyValue::Text(id.as_str())];
    let before = integrity::authenticated_row(tx, &AGENCY_KEY, &row).await?;
    let revoked = execute!(tx, REVOKE, id.as_str(), at.as_millisecond())?.at_most_one()?;
    integrity::seal(tx, &AGENCY_KEY, &row, before).await?;
    Ok(revoked)
}

/// Records that the key was used at `at`; `false` when a later use is recorded.
pub async fn record_use(tx: &mut Tx, id: KeyId, at: Timestamp) -> Result<bool, Error> {
    execute!(tx, RECORD_USE, id.as_str(), at.as_millisecond())?.at_most_one()
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    name: String,
    kind: String,
    secret_hash: Vec<u8>,
    scopes: String,
    networks: String,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
}

impl TryFrom<KeyRow> for AgencyKeyRecord {
    type Error = Error;

    fn try_from(row: KeyRow) -> Result<Self, Error> {
        let from = RowSource { table: "agency_key", id: &row.id };
        Ok(Self {
            id: from.text("id", &row.id)?,
            kind: from.text("kind", &row.kind)?,
            scopes: from.text("scopes", &row.scopes)?,
            networks: row.networks.split_whitespace().map(str::to_owned).collect(),
            created_at: from.instant("created_at", row.created_at)?,
            expires_at: from.instant("expires_at", row.expires_at)?,
            revoked_at: from.maybe_instant("revoked_at", row.revoked_at)?,
            last_used_at: from.maybe_instant("last_used_at", row.last_used_at)?,
            name: row.name,
            secret_hash: row.secret_hash,
        })
    }
}
