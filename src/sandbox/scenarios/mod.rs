//! Failures on demand: a catalogue of what can go wrong between a gateway and the software that calls it, which a request
//! asks for by a header, or which is set for the next calls of a world.

pub mod catalogue;
mod caused_messages;
mod choice;
mod layer;
mod refusal;
mod routes;
pub mod scenario_request;
mod unknown;
mod webhook_transport;

use self::caused_messages::CausedMessages;
pub(crate) use self::choice::{ScenarioChoice, SetScenario};
pub(crate) use self::layer::with_scenarios;
pub(crate) use self::routes::routes;
use self::webhook_transport::OvertakenMessages;
pub(crate) use self::webhook_transport::ScenarioTransport;

/// The scenarios of one gateway: what is set, and what waits for messages. Cheap to clone: all clones have the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scenarios {
    /// What is set for the next calls.
    pub(crate) set: SetScenario,
    caused: CausedMessages,
    overtaken: OvertakenMessages,
}

impl Scenarios {
    /// Forgets what is set, and the requests whose messages have a scenario: the numbers of their events are used anew.
    pub(crate) fn forget(&self) {
        self.set.set(None);
        self.caused.forget();
    }
}
