//! Events with invented subjects: for tests of endpoints, and as examples in the catalogue.

use std::str::FromStr;

use jiff::Timestamp;

use super::{About, CloudEvent, Event, EventType, StatementEvent};
use crate::ids::EventId;

/// The id of an invented subject.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";
/// The instant of the example events.
const EXAMPLE_TIME: Timestamp = Timestamp::constant(1_791_788_400, 0);

/// The id in examples that ends like this.
fn example_id<T: FromStr<Err: std::fmt::Debug>>(end: &str) -> T {
    format!("019a5c00-0000-7000-8000-0000000000{end}").parse().expect("an id")
}

impl<'a> CloudEvent<'a> {
    /// An example event as the feed has it; `root` is that of the gateway's API.
    pub fn example(root: &'a str, event: &'a Event) -> Self {
        Self::new(root, example_id("01"), 42, event)
    }
}

impl Event {
    /// The example of a type, always the same.
    pub fn example(kind: EventType) -> Self {
        Self::sample(example_id("e1"), kind, EXAMPLE_TIME)
    }

    /// An event of a type, with an invented subject.
    pub fn sample(id: EventId, kind: EventType, at: Timestamp) -> Self {
        let (event, creche) = (Self::new(id, kind, at), NOBODY.parse().ok());
        let accepted = matches!(kind, EventType::Statement(_, StatementEvent::Deposited | StatementEvent::Replaced));
        match kind.about() {
            About::Statement(_) => Self {
                creche,
                period: "2026-09".parse().ok(),
                revision: accepted.then_some(1),
                warnings: accepted.then_some(0),
                days_left: (kind == EventType::ReportDue).then_some(14),
                ..event
            },
            About::Closures => Self { creche, revision: Some(1), ..event },
            About::StaffRegister if kind == EventType::StaffValidated => Self { creche, revision: Some(1), ..event },
            About::StaffRegister if kind == EventType::StaffRefused => event,
            About::StaffRegister | About::Doctor => Self { revision: Some(1), ..event.about(NOBODY) },
            About::SubsidyPayment => Self { creche, period: "2026Q3".parse().ok(), ..event.about(NOBODY) },
            About::Key => event.about("0000000000000000"),
            About::Communication | About::Application | About::WebhookEndpoint => event.about(NOBODY),
        }
    }
}
