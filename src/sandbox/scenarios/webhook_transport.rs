//! The transport of webhooks of a sandbox or a world, with the failures that scenarios ask for.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use url::Url;

use super::Scenarios;
use super::catalogue::WebhookScenario;
use super::caused_messages::MessageKey;
use crate::app::webhook_transport::{OutboundRequest, OutboundResponse, SendResult, WebhookTransport};
use crate::domain::webhook::UrlObjection;
use crate::ids::OrganiserId;

/// How long a delayed message is held back.
const DELAY: Duration = Duration::from_secs(3);
/// How long a message at most waits for the one that is to overtake it.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The parts of a message that say what it is about.
#[derive(Deserialize)]
struct EventHead {
    number: u64,
    data: EventOwner,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventOwner {
    organiser_id: OrganiserId,
}

/// The messages that wait to be overtaken, by their address: one for each.
#[derive(Debug, Clone, Default)]
pub(super) struct OvertakenMessages(Arc<Mutex<HashMap<Url, Arc<Notify>>>>);

impl OvertakenMessages {
    fn lock(&self) -> MutexGuard<'_, HashMap<Url, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_waiting(&self, url: &Url) -> bool {
        self.lock().contains_key(url)
    }

    /// Waits until another message to the address has been sent. Where one waits already, this is the one that overtakes it.
    async fn wait(&self, url: &Url) {
        let overtaken = Arc::default();
        if let Entry::Vacant(vacant) = self.lock().entry(url.clone()) {
            vacant.insert(Arc::clone(&overtaken));
        } else {
            return;
        }
        let _removed = RemoveAtEnd { messages: self, url };
        // Past the time it is sent without having been overtaken.
        let _ = timeout(LONGEST_WAIT, overtaken.notified()).await;
    }

    /// Another message to the address was sent.
    fn overtake(&self, url: &Url) {
        if let Some(overtaken) = self.lock().get(url) {
            overtaken.notify_one();
        }
    }
}

/// Ends the wait of a message also when its delivery is given up.
struct RemoveAtEnd<'a> {
    messages: &'a OvertakenMessages,
    url: &'a Url,
}

impl Drop for RemoveAtEnd<'_> {
    fn drop(&mut self) {
        self.messages.lock().remove(self.url);
    }
}

/// Sends messages as `inner` does, but for those with a scenario.
pub(crate) struct ScenarioTransport {
    pub(crate) inner: Arc<dyn WebhookTransport>,
    pub(crate) scenarios: Scenarios,
}

impl ScenarioTransport {
    /// The scenario of a message; none of a request for consent.
    fn scenario(&self, outgoing: &OutboundRequest) -> Option<WebhookScenario> {
        let event = serde_json::from_slice::<EventHead>(&outgoing.body).ok().filter(|_| !outgoing.asks)?;
        let (organiser, url) = (event.data.organiser_id, outgoing.url.as_str().to_owned());
        let is_overtaking = self.scenarios.overtaken.is_waiting(&outgoing.url);
        let has_effect = |scenario| scenario != WebhookScenario::OutOfOrder || !is_overtaking;
        let caused = self.scenarios.caused.take(&MessageKey { organiser, number: event.number, url }, has_effect);
        caused.or_else(|| self.scenarios.set.take_for_message(has_effect))
    }

    async fn send_with(&self, scenario: WebhookScenario, mut outgoing: OutboundRequest) -> SendResult {
        match scenario {
            WebhookScenario::Doubled => {
                let first = self.send_as_usual(outgoing.clone()).await;
                self.send_as_usual(outgoing).await;
                return first;
            }
            WebhookScenario::Delayed => sleep(DELAY).await,
            WebhookScenario::OutOfOrder => self.scenarios.overtaken.wait(&outgoing.url).await,
            WebhookScenario::Lost => return accepted(),
            WebhookScenario::WronglySigned => falsify_signature(&mut outgoing),
        }
        self.send_as_usual(outgoing).await
    }

    async fn send_as_usual(&self, outgoing: OutboundRequest) -> SendResult {
        let url = outgoing.url.clone();
        let result = self.inner.send(outgoing).await;
        self.scenarios.overtaken.overtake(&url);
        result
    }
}

impl WebhookTransport for ScenarioTransport {
    fn objection(&self, url: &Url) -> Option<UrlObjection> {
        self.inner.objection(url)
    }

    fn is_trusted(&self, url: &Url) -> bool {
        self.inner.is_trusted(url)
    }

    fn send(&self, outgoing: OutboundRequest) -> Pin<Box<dyn Future<Output = SendResult> + Send + '_>> {
        match self.scenario(&outgoing) {
            Some(scenario) => Box::pin(self.send_with(scenario, outgoing)),
            None => Box::pin(self.send_as_usual(outgoing)),
        }
    }
}

/// What the gateway notes of a message that is lost behind the receiver's front.
fn accepted() -> SendResult {
    let status = StatusCode::NO_CONTENT.as_u16();
    SendResult { took: Duration::ZERO, answer: Ok(OutboundResponse { status, ..OutboundResponse::default() }) }
}

/// Changes each signature in one bit, so that it has its form and verifies with no key.
fn falsify_signature(outgoing: &mut OutboundRequest) {
    for (name, value) in &mut outgoing.headers {
        if name == "webhook-signature" {
            *value = value.split(' ').map(falsified).collect::<Vec<_>>().join(" ");
        }
    }
}

fn falsified(signature: &str) -> String {
    let Some((version, text)) = signature.split_once(',') else { return String::new() };
    let mut bytes = STANDARD.decode(text).unwrap_or_default();
    if let Some(first) = bytes.first_mut() {
        *first ^= 1;
    }
    format!("{version},{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::*;

    #[tokio::test]
    async fn the_second_message_to_an_address_overtakes_the_first() {
        let (messages, url) = (OvertakenMessages::default(), Url::parse("https://receiver.example/hook").unwrap());
        let mut first = Box::pin(messages.wait(&url));
        let mut context = Context::from_waker(Waker::noop());
        assert!(first.as_mut().poll(&mut context).is_pending());
        let other = Url::parse("https://receiver.example/other").unwrap();
        assert!(messages.is_waiting(&url) && !messages.is_waiting(&other));
        messages.wait(&url).await;
        messages.overtake(&other);
        assert!(first.as_mut().poll(&mut context).is_pending());
        messages.overtake(&url);
        first.await;
        assert!(!messages.is_waiting(&url));
    }

    #[test]
    fn a_falsified_signature_has_its_form_and_another_value() {
        let right = "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=";
        let wrong = falsified(right);
        assert!(wrong.starts_with("v1,") && wrong.len() == right.len() && wrong != right);
    }
}
