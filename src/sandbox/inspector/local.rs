//! Webhooks to the inspector of the same process, without the network.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::{Inspector, InspectorAnswer, InspectorRequest, ROOT, is_box};
use crate::app::webhook_transport::{CallError, OutboundRequest, OutboundResponse, SendResult, WebhookTransport};
use crate::clock::Clock;
use crate::domain::webhook::{DeliveryFailure, UrlObjection};

/// The inspector of a sandbox or a world, and its public address once the gateway listens.
#[derive(Clone)]
pub(crate) struct LocalInspector {
    pub(crate) inspector: Inspector,
    base: Arc<OnceLock<Url>>,
    /// Whether the other ports of its host may not be called either.
    hosted: bool,
}

impl LocalInspector {
    pub(crate) fn new(clock: Arc<dyn Clock>, hosted: bool) -> Self {
        Self { inspector: Inspector::new(clock), base: Arc::default(), hosted }
    }

    /// Sets the public address, below which messages to boxes are delivered within the process.
    pub(crate) fn is_known_at(&self, base_url: &str) {
        if let Ok(base) = Url::parse(base_url) {
            let _ = self.base.set(base);
        }
    }

    /// The path of a box, with its query, when the address is one of this process.
    fn path(&self, url: &Url) -> Option<String> {
        let base = self.base.get().filter(|base| base.origin() == url.origin())?;
        let below = url.path().strip_prefix(base.path().trim_end_matches('/'))?;
        let path = below.strip_prefix(ROOT).filter(|path| is_box(path))?;
        Some(url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}")))
    }

    /// Whether an address is this sandbox itself, or where it is hosted another port of its host, and no box.
    fn is_itself(&self, url: &Url) -> bool {
        let is_own = |base: &Url| base.origin() == url.origin() || (self.hosted && base.host() == url.host());
        self.base.get().is_some_and(is_own) && self.path(url).is_none()
    }

    async fn take(&self, path: &str, outgoing: OutboundRequest) -> Result<OutboundResponse, CallError> {
        let request = InspectorRequest { path, asks: outgoing.asks, headers: outgoing.headers, body: outgoing.body };
        let answer = self.inspector.take(request).await.ok_or(CallError::Failed(DeliveryFailure::Unreachable))?;
        let InspectorAnswer { status, allowed_origin, allowed_rate } = answer;
        Ok(OutboundResponse { status, allowed_origin, allowed_rate, ..OutboundResponse::default() })
    }
}

/// Delivers messages to the inspector within the process, and all others over the network.
pub(crate) struct InspectingTransport {
    pub(crate) network: Arc<dyn WebhookTransport>,
    pub(crate) local: LocalInspector,
}

impl InspectingTransport {
    fn is_itself(&self, url: &Url) -> bool {
        self.local.is_itself(url)
    }

    fn local(&self, url: &Url) -> Option<(&LocalInspector, String)> {
        Some((&self.local, self.local.path(url)?))
    }
}

impl WebhookTransport for InspectingTransport {
    fn objection(&self, url: &Url) -> Option<UrlObjection> {
        match self.local(url) {
            Some(_) => None,
            None if self.is_itself(url) => Some(UrlObjection::Inside),
            None => self.network.objection(url),
        }
    }

    fn is_trusted(&self, url: &Url) -> bool {
        self.local(url).is_some() || self.network.is_trusted(url)
    }

    fn send(&self, outgoing: OutboundRequest) -> Pin<Box<dyn Future<Output = SendResult> + Send + '_>> {
        if self.is_itself(&outgoing.url) {
            return Box::pin(async { SendResult { took: Duration::ZERO, answer: Err(CallError::Forbidden) } });
        }
        let Some((local, path)) = self.local(&outgoing.url) else { return self.network.send(outgoing) };
        Box::pin(async move {
            let begun = Instant::now();
            let answer = local.take(&path, outgoing).await;
            SendResult { took: begun.elapsed(), answer }
        })
    }
}
