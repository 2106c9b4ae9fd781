//! The requests to an endpoint: the event, signed, and the handshake.

use jiff::Timestamp;

use super::host_rate::SendingBudget;
use super::sign::{SigningSecret, sign};
use super::{Endpoint, secrets};
use crate::app::App;
use crate::app::error::InternalError;
use crate::app::webhook_transport::OutboundRequest;
use crate::domain::event::{CloudEvent, Event};
use crate::ids::OrganiserId;
use crate::seal::DataKey;
use crate::store::{self, Tx};

/// The `User-Agent`.
const AGENT: &str = concat!("Passerelle/", env!("CARGO_PKG_VERSION"));

/// An endpoint with what sending needs.
pub(super) struct SigningEndpoint {
    pub(super) organiser: OrganiserId,
    pub(super) endpoint: Endpoint,
    pub(super) secrets: Vec<SigningSecret>,
    /// The budget that messages are taken from.
    pub(super) budget: SendingBudget,
}

impl SigningEndpoint {
    pub(super) async fn of(
        app: &App,
        tx: &mut Tx,
        key: &DataKey,
        organiser: OrganiserId,
        endpoint: Endpoint,
    ) -> Result<Self, InternalError> {
        store::webhooks::require_sound(tx, endpoint.stored.id).await?;
        let secrets = secrets::current_secrets(app, tx, key, organiser, endpoint.stored.id).await?;
        let budget = SendingBudget::of(app, &endpoint);
        Ok(Self { organiser, endpoint, secrets, budget })
    }

    /// The request with an event, for an attempt that is made now; `None` when the stored address is no longer valid.
    pub(super) fn signed_request(
        &self,
        root: &str,
        number: u64,
        event: &Event,
        now: Timestamp,
    ) -> Result<Option<OutboundRequest>, InternalError> {
        let Some(url) = self.endpoint.address() else { return Ok(None) };
        let body = serde_json::to_vec(&CloudEvent::new(root, self.organiser, number, event))?;
        let (id, second) = (event.id.to_string(), now.as_second());
        let signature = sign(self.endpoint.stored.signing, &self.secrets, &id, second, &body);
        let mut headers = self.headers();
        headers.extend([
            ("content-type".to_owned(), "application/cloudevents+json; charset=utf-8".to_owned()),
            ("webhook-id".to_owned(), id),
            ("webhook-timestamp".to_owned(), second.to_string()),
            ("webhook-signature".to_owned(), signature),
        ]);
        Ok(Some(OutboundRequest { url, asks: false, headers, body }))
    }

    /// The request for consent to deliveries (CloudEvents, HTTP webhook handshake).
    pub(super) fn consent_request(&self, origin: &str) -> Option<OutboundRequest> {
        let url = self.endpoint.address()?;
        let mut headers = self.headers();
        headers.extend([
            ("webhook-request-origin".to_owned(), origin.to_owned()),
            ("webhook-request-rate".to_owned(), (u64::from(self.endpoint.stored.rate) * 60).to_string()),
        ]);
        Some(OutboundRequest { url, asks: true, headers, body: Vec::new() })
    }

    /// The headers of every request.
    fn headers(&self) -> Vec<(String, String)> {
        let own = self.endpoint.headers.iter().map(|header| (header.name.to_ascii_lowercase(), header.value.clone()));
        std::iter::once(("user-agent".to_owned(), AGENT.to_owned())).chain(own).collect()
    }
}
