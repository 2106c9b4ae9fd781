//! Addresses of endpoints: sealed at rest, because they may contain tokens. Endpoints of one host are found by a keyed
//! hash of the host.

use url::Url;

use super::{Endpoint, EndpointRecord};
use crate::app::App;
use crate::app::error::InternalError;
use crate::ids::{OrganiserId, WebhookEndpointId};
use crate::seal::{Compressed, DataKey, IndexKey, SealContext};
use crate::store::{self, Tx};

/// The version of an endpoint's first address.
pub(super) const FIRST_VERSION: u32 = 1;

/// An address as it is stored.
#[derive(Debug)]
pub struct SealedAddress {
    /// The address, sealed for its endpoint and version.
    pub sealed: Vec<u8>,
    /// Raised with each new address.
    pub version: u32,
    /// The keyed hash of the host; `None` for the operator's own.
    pub host_hash: Option<String>,
}

impl SealedAddress {
    /// Seals `url` as an endpoint's address with this version.
    pub fn new(
        app: &App,
        key: &DataKey,
        (organiser, id): (OrganiserId, WebhookEndpointId),
        version: u32,
        url: &str,
    ) -> Self {
        let sealed = key.seal(&place(organiser, id, version), Compressed::new(url.as_bytes()));
        let stranger = Url::parse(url).ok().filter(|url| !app.webhook_transport.is_trusted(url));
        let host_hash = stranger.map(|url| host_hash(app.vault.index_key(), &url));
        Self { sealed, version, host_hash }
    }

    /// Sets it in an endpoint's row. The consent of another address does not apply to this one.
    pub(super) fn put_into(self, row: &mut EndpointRecord) {
        let Self { sealed, version, host_hash } = self;
        (row.sealed_url, row.url_version, row.host_hash, row.allowed_rate) = (sealed, version, host_hash, None);
    }
}

/// The address of an endpoint.
pub(super) fn open(key: &DataKey, organiser: OrganiserId, row: &EndpointRecord) -> Result<String, InternalError> {
    let url = key.open(&place(organiser, row.id, row.url_version), &row.sealed_url)?;
    String::from_utf8(url).map_err(|_| {
        let corrupt = store::Error::Corrupt { table: "webhook_endpoint", column: "sealed_url", id: row.id.to_string() };
        corrupt.into()
    })
}

/// The keyed hash of an address's host, whatever its port and path.
pub(super) fn host_hash(index: &IndexKey, url: &Url) -> String {
    index.hash("webhook host", &[url.host_str().unwrap_or_default().trim_end_matches('.').as_bytes()])
}

/// The keyed hash of a whole address without its query: consent is given by the path, not by the query.
pub(super) fn target_hash(index: &IndexKey, url: &Url) -> String {
    let mut target = url.clone();
    target.set_query(None);
    index.hash("webhook target", &[target.as_str().as_bytes()])
}

/// Seals every address that an earlier version stored unsealed; returns how many there were.
pub(crate) async fn seal_clear_addresses(app: &App, tx: &mut Tx) -> Result<usize, InternalError> {
    let clear = store::webhooks::clear_addresses(tx).await?;
    for (organiser, id, url) in &clear {
        let key = app.vault.organiser_key_in_tx(tx, *organiser).await?;
        let address = SealedAddress::new(app, &key, (*organiser, *id), FIRST_VERSION, url);
        let stored = (&*address.sealed, address.version, address.host_hash.as_deref());
        store::webhooks::replace_clear_address(tx, *organiser, *id, stored).await?;
    }
    Ok(clear.len())
}

impl Endpoint {
    /// The address; `None` when the stored text is no longer valid as one.
    pub(super) fn address(&self) -> Option<Url> {
        Url::parse(&self.url).ok()
    }
}

fn place(organiser: OrganiserId, id: WebhookEndpointId, version: u32) -> SealContext {
    SealContext::of("webhook address", &[&organiser.to_string(), &id.to_string(), &version.to_string()])
}
