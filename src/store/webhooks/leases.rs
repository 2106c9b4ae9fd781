//! Which gateway delivers to which endpoint. A lease has an end and is renewed while there is work; the leases of a gateway
//! that is killed expire, and another gateway takes over.
//!
//! All endpoints of one host are served by one gateway, so that the rate limit of a host applies across gateways. Two
//! gateways may begin with two endpoints of a host in the same moment; at the next renewal one of them loses its lease.

use jiff::Timestamp;

use crate::ids::{OrganiserId, WebhookEndpointId};
use crate::store::Error;
use crate::store::db::{Tx, execute, rows};
use crate::store::source::RowSource;

/// An endpoint with due deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeasedEndpoint {
    /// The organiser that it belongs to.
    pub organiser: OrganiserId,
    /// The endpoint.
    pub endpoint: WebhookEndpointId,
}

const WAITING: &str = "select e.organiser_id, e.id from webhook_endpoint e where e.state = 'active' \
                       and (e.held_until is null or e.held_until <= $1) \
                       and (e.leased_by is null or e.leased_by = $2 or e.leased_until <= $1) \
                       and not exists (select 1 from webhook_endpoint o where o.host_hash = e.host_hash \
                       and o.leased_by <> $2 and o.leased_until > $1) \
                       and exists (select 1 from delivery d where d.endpoint_id = e.id and d.due_at <= $1) \
                       and (e.application_id is null or exists (select 1 from application a \
                       where a.id = e.application_id and a.revoked_at is null and a.suspended_at is null \
                       and (a.ends_at is null or a.ends_at > $4))) \
                       order by e.leased_until, e.id limit $3";
const LEASE: &str = "update webhook_endpoint set leased_by = $3, leased_until = $4 \
                     where organiser_id = $1 and id = $2 and state = 'active' \
                     and (leased_by is null or leased_by = $3 or leased_until <= $5)";
const RENEW: &str = "update webhook_endpoint set leased_until = $4 \
                     where organiser_id = $1 and id = $2 and leased_by = $3 and state = 'active' \
                     and not exists (select 1 from webhook_endpoint o where o.host_hash = webhook_endpoint.host_hash \
                     and o.leased_by < $3 and o.leased_until > $5)";
const RELEASE: &str = "update webhook_endpoint set leased_by = null, leased_until = null \
                       where organiser_id = $1 and id = $2 and leased_by = $3";
const END: &str = "update webhook_endpoint set leased_by = null, leased_until = null where leased_by = $1";

/// At most `most` endpoints of all organisers with due deliveries, which no other gateway serves, and whose application, if
/// any, is active. Deliveries are due and leases end in machine time, applications in business time.
pub async fn endpoints_with_due(
    tx: &mut Tx,
    me: &str,
    (now, business_now): (Timestamp, Timestamp),
    most: u32,
) -> Result<Vec<LeasedEndpoint>, Error> {
    let (now, business_now) = (now.as_millisecond(), business_now.as_millisecond());
    let found: Vec<(String, String)> = rows!(tx, (String, String), WAITING, now, me, i64::from(most), business_now)?;
    Ok(found.iter().filter_map(|(organiser, endpoint)| leased(organiser, endpoint)).collect())
}

/// The endpoint with these ids; unreadable ids are logged, and do not prevent others from being served.
fn leased(organiser: &str, endpoint: &str) -> Option<LeasedEndpoint> {
    let from = RowSource { table: "webhook_endpoint", id: endpoint };
    let read = || {
        Ok(LeasedEndpoint { organiser: from.text("organiser_id", organiser)?, endpoint: from.text("id", endpoint)? })
    };
    read().inspect_err(|error: &Error| tracing::error!(%error, "a webhook endpoint cannot be served")).ok()
}

/// Takes the lease of an endpoint for this gateway; `false` when another one has it, or the endpoint is not active any
/// more.
pub async fn lease(tx: &mut Tx, of: LeasedEndpoint, me: &str, now: Timestamp, until: Timestamp) -> Result<bool, Error> {
    let (organiser, endpoint) = (of.organiser.to_string(), of.endpoint.to_string());
    execute!(tx, LEASE, organiser, endpoint, me, until.as_millisecond(), now.as_millisecond())?.at_most_one()
}

/// Extends a lease; `false` when it was lost, the endpoint is not active any more, or another gateway serves the same host
/// and takes precedence.
pub async fn renew(tx: &mut Tx, of: LeasedEndpoint, me: &str, now: Timestamp, until: Timestamp) -> Result<bool, Error> {
    let (organiser, endpoint) = (of.organiser.to_string(), of.endpoint.to_string());
    execute!(tx, RENEW, organiser, endpoint, me, until.as_millisecond(), now.as_millisecond())?.at_most_one()
}

/// Releases a lease.
pub async fn release(tx: &mut Tx, of: LeasedEndpoint, me: &str) -> Result<(), Error> {
    execute!(tx, RELEASE, of.organiser.to_string(), of.endpoint.to_string(), me)?.at_most_one().map(drop)
}

/// Releases every lease of this gateway.
pub async fn lease_ends(tx: &mut Tx, me: &str) -> Result<(), Error> {
    execute!(tx, END, me)?.any();
    Ok(())
}
