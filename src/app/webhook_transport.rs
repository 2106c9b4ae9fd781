//! The interface for outgoing webhook requests. The HTTP client, and the guard against internal addresses,
//! are in `outbound`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use url::Url;

use crate::domain::webhook::{DeliveryFailure, UrlObjection};

/// An outgoing request.
#[derive(Clone)]
pub struct OutboundRequest {
    /// The address.
    pub url: Url,
    /// Whether the method is `OPTIONS`; else it is `POST`.
    pub asks: bool,
    /// Headers, in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Headers may be secrets: `Debug` leaves them out.
impl fmt::Debug for OutboundRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parcel").field("asks", &self.asks).field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// The result of a request.
#[derive(Debug, Clone)]
pub struct SendResult {
    /// How long it took.
    pub took: Duration,
    /// The response, or why there is none.
    pub answer: Result<OutboundResponse, CallError>,
}

/// Why there is no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallError {
    /// The address is not allowed: the operator's log has the reason, the organiser gets
    /// [`DeliveryFailure::Unreachable`], so that webhooks cannot be used to probe the internal network.
    Forbidden,
    /// The call was made and failed.
    Failed(DeliveryFailure),
}

impl CallError {
    /// The failure as the organiser gets it.
    pub const fn failure(self) -> DeliveryFailure {
        match self {
            Self::Forbidden => DeliveryFailure::Unreachable,
            Self::Failed(failure) => failure,
        }
    }
}

/// A response.
#[derive(Debug, Clone, Default)]
pub struct OutboundResponse {
    /// Its status.
    pub status: u16,
    /// The beginning of its body, at most 4 kB.
    pub body: Vec<u8>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `WebHook-Allowed-Origin`: the sender whose deliveries are consented to.
    pub allowed_origin: Option<String>,
    /// `WebHook-Allowed-Rate`: how many a minute.
    pub allowed_rate: Option<String>,
}

/// Sends one request, within 20 seconds, without following redirects.
pub trait WebhookTransport: Send + Sync {
    /// Why an address is not allowed, before anything is sent to it.
    fn objection(&self, url: &Url) -> Option<UrlObjection>;

    /// Whether an address is the operator's own: in a network that the operator has allowed, or in this process. The
    /// rate there is not limited; that of every other host is.
    fn is_trusted(&self, url: &Url) -> bool;

    /// Sends the request and returns the result.
    fn send(&self, outgoing: OutboundRequest) -> Pin<Box<dyn Future<Output = SendResult> + Send + '_>>;
}
