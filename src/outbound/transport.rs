//! The transport of webhooks: sends one request, checked by the guard, and returns the response.

use std::error::Error;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Method, Response};
use tokio::time::Instant;
use url::Url;

use super::client;
use super::guard::{AddressGuard, ForbiddenHost, Resolver};
use crate::app::webhook_transport::{CallError, OutboundRequest, OutboundResponse, SendResult, WebhookTransport};
use crate::domain::webhook::{DeliveryFailure, UrlObjection};

/// How long an endpoint may take to respond.
const PATIENCE: Duration = Duration::from_secs(20);
/// How much of a response body is read, in bytes.
const READ: usize = 4096;

/// Sends requests of webhooks over HTTP.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    guard: AddressGuard,
    /// For `https` addresses.
    encrypted: Client,
    /// For other addresses, in networks that the operator allows.
    cleartext: Client,
}

impl HttpTransport {
    /// Sends past this guard. Uses the certificate authorities of the system; where there are none, a warning is logged and
    /// no encrypted address can be reached.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn new(guard: AddressGuard) -> Result<Self, reqwest::Error> {
        let of = |builder: ClientBuilder, allowed_only| {
            let resolver = Resolver { guard: guard.clone(), allowed_only };
            builder.timeout(PATIENCE).https_only(!allowed_only).dns_resolver(resolver).build()
        };
        let encrypted = of(client::public_client(), false).or_else(|error| {
            tracing::warn!(%error, "no certificate authorities: webhooks reach no encrypted address");
            of(client::loopback(), false)
        })?;
        Ok(Self { encrypted, cleartext: of(client::loopback(), true)?, guard })
    }

    async fn call(&self, outgoing: OutboundRequest) -> Result<OutboundResponse, CallError> {
        if self.guard.objection(&outgoing.url).is_some() {
            return Err(CallError::Forbidden);
        }
        let client = if outgoing.url.scheme() == "https" { &self.encrypted } else { &self.cleartext };
        let method = if outgoing.asks { Method::OPTIONS } else { Method::POST };
        let mut request = client.request(method, outgoing.url).body(outgoing.body);
        for (name, value) in outgoing.headers {
            request = request.header(name, value);
        }
        let answer = request.send().await.map_err(|error| failure(&error))?;
        // The address was checked before; here the address of the connection that was used.
        if !answer.remote_addr().is_none_or(|address| self.guard.allows(address.ip())) {
            return Err(CallError::Forbidden);
        }
        Ok(read(answer).await)
    }
}

impl WebhookTransport for HttpTransport {
    fn objection(&self, url: &Url) -> Option<UrlObjection> {
        self.guard.objection(url)
    }

    fn is_trusted(&self, url: &Url) -> bool {
        self.guard.is_within_allowed(url)
    }

    fn send(&self, outgoing: OutboundRequest) -> Pin<Box<dyn Future<Output = SendResult> + Send + '_>> {
        Box::pin(async {
            let begun = Instant::now();
            let answer = self.call(outgoing).await;
            SendResult { took: begun.elapsed(), answer }
        })
    }
}

/// The response with the beginning of its body. What cannot be read of the body is left out: the status decides.
async fn read(mut answer: Response) -> OutboundResponse {
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut reply = OutboundResponse {
        status: answer.status().as_u16(),
        body: Vec::new(),
        retry_after: header("retry-after"),
        allowed_origin: header("webhook-allowed-origin"),
        allowed_rate: header("webhook-allowed-rate"),
    };
    while reply.body.len() < READ {
        let Ok(Some(chunk)) = answer.chunk().await else { break };
        reply.body.extend_from_slice(&chunk[..chunk.len().min(READ - reply.body.len())]);
    }
    reply
}

/// Why there is no response.
fn failure(error: &reqwest::Error) -> CallError {
    if error.is_timeout() {
        return CallError::Failed(DeliveryFailure::Timeout);
    }
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<ForbiddenHost>() {
            return CallError::Forbidden;
        }
        if is_tls(error) {
            return CallError::Failed(DeliveryFailure::Tls);
        }
        cause = error.source();
    }
    CallError::Failed(DeliveryFailure::Unreachable)
}

/// Whether it is a TLS error, however deeply nested.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let within = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>() || within.is_some_and(|error| is_tls(error))
}
