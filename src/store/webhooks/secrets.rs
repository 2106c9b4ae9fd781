//! The secrets that deliveries are signed with.

use jiff::Timestamp;

use crate::ids::{OrganiserId, WebhookEndpointId, WebhookSecretId};
use crate::store::Error;
use crate::store::db::{Tx, execute, rows};
use crate::store::source::{RowSource, all};

/// A secret of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRecord {
    /// Its id.
    pub id: WebhookSecretId,
    /// The secret itself, sealed.
    pub sealed: Vec<u8>,
    /// The public key that belongs to it, where there is one.
    pub public_key: Option<String>,
    /// Since when deliveries are signed with it.
    pub created_at: Timestamp,
    /// Until when; `None` for the current one.
    pub ends_at: Option<Timestamp>,
}

const INSERT: &str = "insert into webhook_secret (organiser_id, endpoint_id, id, sealed, public_key, created_at) \
                      values ($1, $2, $3, $4, $5, $6)";
const END: &str = "update webhook_secret set ends_at = $3 \
                   where organiser_id = $1 and endpoint_id = $2 and (ends_at is null or ends_at > $3)";
const LIST: &str = "select id, sealed, public_key, created_at, ends_at from webhook_secret \
                    where organiser_id = $1 and endpoint_id = $2 and (ends_at is null or ends_at > $3) \
                    order by case when ends_at is null then 0 else 1 end, id desc";

/// Stores a new secret.
pub async fn insert_secret(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    new: &SecretRecord,
) -> Result<(), Error> {
    let (organiser, endpoint, id) = (organiser.to_string(), endpoint.to_string(), new.id.to_string());
    let at = new.created_at.as_millisecond();
    execute!(tx, INSERT, organiser, endpoint, id, &new.sealed, &new.public_key, at)?.one()
}

/// Ends every secret of an endpoint at that instant, unless it ends earlier.
pub async fn expire_secrets(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    at: Timestamp,
) -> Result<(), Error> {
    execute!(tx, END, organiser.to_string(), endpoint.to_string(), at.as_millisecond())?.any();
    Ok(())
}

/// The secrets that deliveries are signed with now, the current one first.
pub async fn active_secrets(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    now: Timestamp,
) -> Result<Vec<SecretRecord>, Error> {
    all(rows!(tx, SecretRow, LIST, organiser.to_string(), endpoint.to_string(), now.as_millisecond())?)
}

#[derive(sqlx::FromRow)]
struct SecretRow {
    id: String,
    sealed: Vec<u8>,
    public_key: Option<String>,
    created_at: i64,
    ends_at: Option<i64>,
}

impl TryFrom<SecretRow> for SecretRecord {
    type Error = Error;

    fn try_from(row: SecretRow) -> Result<Self, Error> {
        let from = RowSource { table: "webhook_secret", id: &row.id };
        Ok(Self {
            id: from.text("id", &row.id)?,
            created_at: from.instant("created_at", row.created_at)?,
            ends_at: from.maybe_instant("ends_at", row.ends_at)?,
            sealed: row.sealed,
            public_key: row.public_key,
        })
    }
}
