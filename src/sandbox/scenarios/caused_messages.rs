//! The messages of what a request causes: those about the events that its organiser's feed got while it was carried out.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::catalogue::WebhookScenario;
use crate::ids::OrganiserId;

/// For how many requests messages are looked for; beyond, those of the oldest are sent as usual.
const MOST: usize = 200;

/// A message, as far as it decides what happens to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct MessageKey {
    pub(super) organiser: OrganiserId,
    /// The number of the event; 0 for a test.
    pub(super) number: u64,
    /// Where it goes.
    pub(super) url: String,
}

/// The events of one request.
#[derive(Debug)]
struct CausedEvents {
    /// The number of the request.
    request: u64,
    scenario: WebhookScenario,
    organiser: OrganiserId,
    /// The last number of the feed before the request.
    after: u64,
    /// The last number after it; none while it is carried out.
    up_to: Option<u64>,
    /// Whose first attempt was made.
    attempted: HashSet<MessageKey>,
}

impl CausedEvents {
    fn include(&self, message: &MessageKey) -> bool {
        let is_in = match self.up_to {
            // A test is sent while the request for it is carried out.
            None => message.number == 0 || message.number > self.after,
            Some(up_to) => message.number > self.after && message.number <= up_to,
        };
        is_in && message.organiser == self.organiser
    }
}

#[derive(Debug, Default)]
struct Requests {
    last: u64,
    recent: VecDeque<CausedEvents>,
}

/// The requests whose messages have a scenario. Cheap to clone: all clones have the same.
#[derive(Debug, Clone, Default)]
pub(super) struct CausedMessages(Arc<Mutex<Requests>>);

/// A request that is carried out.
#[derive(Debug, Clone, Copy)]
pub(super) struct CausingRequest(u64);

impl CausedMessages {
    fn lock(&self) -> MutexGuard<'_, Requests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets every request.
    pub(super) fn forget(&self) {
        self.lock().recent.clear();
    }

    /// Begins a request of this organiser, whose feed ends at `after`.
    pub(super) fn begin(&self, scenario: WebhookScenario, organiser: OrganiserId, after: u64) -> CausingRequest {
        let mut requests = self.lock();
        requests.last += 1;
        let request = requests.last;
        let events = CausedEvents { request, scenario, organiser, after, up_to: None, attempted: HashSet::new() };
        requests.recent.push_back(events);
        if requests.recent.len() > MOST {
            requests.recent.pop_front();
        }
        CausingRequest(request)
    }

    /// Ends it, when the feed ends at `up_to`. Returns whether it has caused any message.
    pub(super) fn end(&self, request: CausingRequest, up_to: u64) -> bool {
        let mut requests = self.lock();
        let Some(at) = requests.recent.iter().position(|events| events.request == request.0) else { return false };
        let events = &mut requests.recent[at];
        events.up_to = Some(up_to);
        let has_caused = up_to > events.after || !events.attempted.is_empty();
        if up_to <= events.after {
            requests.recent.remove(at);
        }
        has_caused
    }

    /// The scenario of a message, at its first attempt.
    pub(super) fn take(
        &self,
        message: &MessageKey,
        has_effect: impl Fn(WebhookScenario) -> bool,
    ) -> Option<WebhookScenario> {
        let mut requests = self.lock();
        let events =
            requests.recent.iter_mut().find(|events| events.include(message) && has_effect(events.scenario))?;
        events.attempted.insert(message.clone()).then_some(events.scenario)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::System;

    #[test]
    fn the_messages_of_a_request_are_told_from_others() {
        let (caused, organiser) = (CausedMessages::default(), OrganiserId::new(&System));
        let message = |number| MessageKey { organiser, number, url: "https://a.example".to_owned() };
        let take = |key: MessageKey| caused.take(&key, |_| true).is_some();
        let request = caused.begin(WebhookScenario::Lost, organiser, 4);
        assert_eq!([message(4), message(5), message(5), message(0)].map(take), [false, true, false, true]);
        assert!(caused.end(request, 6));
        assert_eq!([message(0), message(6), message(7)].map(take), [false, true, false]);
        assert!(!take(MessageKey { organiser: OrganiserId::new(&System), ..message(6) }));
        let idle = caused.begin(WebhookScenario::Lost, organiser, 7);
        assert!(!caused.end(idle, 7));
        assert!(!take(message(8)));
    }
}
