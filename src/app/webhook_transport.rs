//! What the application needs of the world outside: that something is taken to an address. The way there, and the guard
//! before it, are in `outbound`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use url::Url;

use crate::domain::webhook::{DeliveryFailure, UrlObjection};

/// What is taken to an address.
#[derive(Clone)]
pub struct OutboundRequest {
    /// The address.
    pub url: Url,
    /// Whether it only asks (`OPTIONS`); else it brings something (`POST`).
    pub asks: bool,
    /// Headers, in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Headers may be secrets: they are not shown.
impl fmt::Debug for OutboundRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parcel").field("asks", &self.asks).field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct SendResult {
    /// How long it took.
    pub took: Duration,
    /// The answer, or why there is none.
    pub answer: Result<OutboundResponse, CallError>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallError {
    /// The address is not allowed: the operator's log says so, the organiser is told [`DeliveryFailure::Unreachable`], so
    /// that nobody can find out by webhooks what there is inside.
    Forbidden,
    /// The call was made and failed.
    Failed(DeliveryFailure),
}

impl CallError {
    /// What the organiser is told.
    pub const fn failure(self) -> DeliveryFailure {
        match self {
            Self::Forbidden => DeliveryFailure::Unreachable,
            Self::Failed(failure) => failure,
        }
    }
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct OutboundResponse {
    /// Its status.
    pub status: u16,
    /// The beginning of its body, at most 4 kB.
    pub body: Vec<u8>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `WebHook-Allowed-Origin`: whose deliveries are consented to.
    pub allowed_origin: Option<String>,
    /// `WebHook-Allowed-Rate`: how many a minute.
    pub allowed_rate: Option<String>,
}

/// Takes things to addresses, once, within 20 seconds, never further than the address itself.
pub trait WebhookTransport: Send + Sync {
    /// What speaks against an address before anything is sent to it.
    fn objection(&self, url: &Url) -> Option<UrlObjection>;

    /// Whether an address is the operator's own: in a network that the operator has allowed, or in this process. How much
    /// is sent there is not limited; every other host is limited.
    fn is_trusted(&self, url: &Url) -> bool;

    /// Takes it there and tells what came of it.
    fn send(&self, outgoing: OutboundRequest) -> Pin<Box<dyn Future<Output = SendResult> + Send + '_>>;
}
