//! Events with invented subjects: for tests of endpoints, and as examples in the catalogue.

use jiff::Timestamp;

use super::{About, Event, EventType, StatementEvent};
use crate::ids::EventId;

/// The id of an invented subject.
const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

impl Event {
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
