//! Addresses of endpoints that an earlier version stored in clear, until they are sealed.

use crate::ids::{OrganiserId, WebhookEndpointId};
use crate::store::Error;
use crate::store::db::{Tx, execute, row, rows};
use crate::store::source::RowSource;

const CLEAR: &str = "select organiser_id, id, url from webhook_endpoint where url <> '' order by id";
const REPLACE: &str = "update webhook_endpoint set url = '', sealed_url = $3, url_version = $4, host_hash = $5 \
                       where organiser_id = $1 and id = $2 and url <> ''";
const SEALED: &str = "select count(*) from webhook_endpoint where sealed_url is not null";

/// Every address that is stored in clear, of all organisers.
pub async fn clear_addresses(tx: &mut Tx) -> Result<Vec<(OrganiserId, WebhookEndpointId, String)>, Error> {
    let found: Vec<(String, String, String)> = rows!(tx, (String, String, String), CLEAR)?;
    let address = |(organiser, id, url): (String, String, String)| {
        let from = RowSource { table: "webhook_endpoint", id: &id };
        Ok((from.text("organiser_id", &organiser)?, from.text("id", &id)?, url))
    };
    found.into_iter().map(address).collect()
}

/// Replaces the clear address by a sealed one with its version and the hash of its host.
pub async fn replace_clear_address(
    tx: &mut Tx,
    organiser: OrganiserId,
    id: WebhookEndpointId,
    (sealed, version, host): (&[u8], u32, Option<&str>),
) -> Result<(), Error> {
    let (organiser, id) = (organiser.to_string(), id.to_string());
    execute!(tx, REPLACE, organiser, id, sealed, i64::from(version), host)?.one()
}

/// How many endpoints have a sealed address.
pub async fn count_sealed_addresses(tx: &mut Tx) -> Result<i64, Error> {
    row!(tx, (i64,), SEALED)?.map(|(count,)| count).ok_or(Error::Rows(0))
}
