//! The way to webhook endpoints: past the guard to the world, and in a sandbox to the inspector in this process.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::CliError;
use crate::app::webhook_transport::{CallError, OutboundRequest, OutboundResponse, SendResult, WebhookTransport};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::key::Deployment;
use crate::domain::webhook::{DeliveryFailure, UrlObjection};
use crate::network::Network;
use crate::outbound::guard::AddressGuard;
use crate::outbound::transport::HttpTransport;
use crate::receiver::{self, Inspector, InspectorAnswer, InspectorRequest};

/// The inspector of a sandbox, and the origin at which it is known once the gateway listens.
#[derive(Clone)]
pub(super) struct LocalInspector {
    pub(super) inspector: Inspector,
    origin: Arc<OnceLock<Url>>,
    /// Whether others than this machine reach the sandbox.
    hosted: bool,
}

impl LocalInspector {
    fn new(clock: Arc<dyn Clock>, hosted: bool) -> Self {
        Self { inspector: Inspector::new(clock), origin: Arc::default(), hosted }
    }

    /// From now on, addresses of boxes at this origin lead here.
    pub(super) fn is_known_at(&self, base_url: &str) {
        if let Ok(origin) = Url::parse(base_url) {
            let _ = self.origin.set(origin);
        }
    }

    /// The path of a box, with its query, when the address is one of this process.
    fn path(&self, url: &Url) -> Option<String> {
        let here = self.origin.get().is_some_and(|origin| origin.origin() == url.origin());
        let path = url.path().strip_prefix(receiver::ROOT).filter(|path| here && receiver::is_box(path))?;
        Some(url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")))
    }

    /// Whether an address is this hosted sandbox itself, by its public name, and no box.
    fn is_itself(&self, url: &Url) -> bool {
        let own = self.origin.get().is_some_and(|origin| origin.host() == url.host());
        self.hosted && own && self.path(url).is_none()
    }

    async fn take(&self, path: &str, outgoing: OutboundRequest) -> Result<OutboundResponse, CallError> {
        let request = InspectorRequest { path, asks: outgoing.asks, headers: outgoing.headers, body: outgoing.body };
        let answer = self.inspector.take(request).await.ok_or(CallError::Failed(DeliveryFailure::Unreachable))?;
        let InspectorAnswer { status, allowed_origin, allowed_rate } = answer;
        Ok(OutboundResponse { status, allowed_origin, allowed_rate, ..OutboundResponse::default() })
    }
}

/// Takes messages to the inspector of this process, and all others to the world.
struct WebhookCourier {
    post: HttpTransport,
    local: Option<LocalInspector>,
}

impl WebhookCourier {
    fn is_itself(&self, url: &Url) -> bool {
        self.local.as_ref().is_some_and(|local| local.is_itself(url))
    }

    fn local(&self, url: &Url) -> Option<(&LocalInspector, String)> {
        let local = self.local.as_ref()?;
        Some((local, local.path(url)?))
    }
}

impl WebhookTransport for WebhookCourier {
    fn objection(&self, url: &Url) -> Option<UrlObjection> {
        match self.local(url) {
            Some(_) => None,
            None if self.is_itself(url) => Some(UrlObjection::Inside),
            None => self.post.objection(url),
        }
    }

    fn is_trusted(&self, url: &Url) -> bool {
        self.local(url).is_some() || self.post.is_trusted(url)
    }

    fn send(&self, outgoing: OutboundRequest) -> Pin<Box<dyn Future<Output = SendResult> + Send + '_>> {
        if self.is_itself(&outgoing.url) {
            return Box::pin(async { SendResult { took: Duration::ZERO, answer: Err(CallError::Forbidden) } });
        }
        let Some((local, path)) = self.local(&outgoing.url) else { return self.post.send(outgoing) };
        Box::pin(async move {
            let begun = Instant::now();
            let answer = local.take(&path, outgoing).await;
            SendResult { took: begun.elapsed(), answer }
        })
    }
}

/// The way as `config` has it, and the inspector where it is a sandbox.
pub(super) fn webhook_transport(
    config: &Config,
    clock: Arc<dyn Clock>,
) -> Result<(Arc<dyn WebhookTransport>, Option<LocalInspector>), CliError> {
    let mut allowed = config.webhooks.allowed_networks.clone();
    let hosted = !calls_its_own_machine(config);
    if !hosted {
        allowed.extend(["127.0.0.0/8".parse::<Network>()?, "::1".parse()?]);
    }
    let guard = AddressGuard::allowing(allowed).at_ports(config.webhooks.allowed_ports.clone());
    let local = (config.deployment == Deployment::Sandbox).then(|| LocalInspector::new(clock, hosted));
    let webhook_transport = WebhookCourier { post: HttpTransport::new(guard)?, local: local.clone() };
    Ok((Arc::new(webhook_transport), local))
}

/// Whether webhooks may be sent to this machine: a sandbox that only this machine reaches. One that is hosted for others
/// would let them call whatever listens here.
fn calls_its_own_machine(config: &Config) -> bool {
    let public = config.public_base_url.as_deref().map(Url::parse);
    let known_here = public.is_none_or(|url| url.is_ok_and(|url| is_loopback(&url)));
    config.deployment == Deployment::Sandbox && config.listen.ip().is_loopback() && known_here
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
