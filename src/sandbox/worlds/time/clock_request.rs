//! The body of a request to move a clock.

use std::sync::LazyLock;

use jiff::{Span, Timestamp};
use serde::Serialize;

use super::target::{ClockTarget, Milestone, TargetError};
use crate::app::webhooks::Rfc3339Timestamp;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Raw, record};
use crate::domain::rules::document;
use crate::http::problem::{Problem, Result};
use crate::ingest::json;
use crate::ingest::schema::Schemas;
use crate::words::{LocalText, sandbox_worlds as words};

/// The schema of the body.
const CLOCK_REQUEST: &str = "clock-request";

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    Schemas::of(&[(CLOCK_REQUEST, include_str!("../../../../schemas/sandbox/clock-request.schema.json"))])
});

/// A duration of ISO 8601, not negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CalendarDuration(String);

impl Raw for CalendarDuration {
    fn from_text(text: &str) -> Option<Self> {
        // Other forms that the parser reads are none of ISO 8601.
        let is_iso = text.starts_with('P') && !text.ends_with(['P', 'T']) && text.parse::<Span>().is_ok();
        is_iso.then(|| Self(text.to_owned()))
    }
}

impl CalendarDuration {
    fn span(&self) -> Span {
        self.0.parse().unwrap_or_default()
    }
}

record! {
    /// A request to move a clock.
    pub struct RawClockRequest {
        /// By a duration.
        optional by "by": CalendarDuration,
        /// To an instant.
        optional to "to": Rfc3339Timestamp,
        /// To a named day.
        optional milestone "milestone": Milestone,
    }
}

/// The instant that the body asks for, of a clock that shows `now`.
///
/// # Errors
/// With every finding on the body, and one where the clock would be set back or moved too far.
pub(in crate::sandbox::worlds) fn read(body: &[u8], now: Timestamp) -> Result<Timestamp> {
    let (raw, findings) = json::read::<RawClockRequest>(body, CLOCK_REQUEST, &SCHEMAS);
    let raw = raw.unwrap_or_default();
    let by = raw.by.get().map(|by| ("by", ClockTarget::By(by.span())));
    let to = raw.to.get().map(|Rfc3339Timestamp(instant)| ("to", ClockTarget::To(*instant)));
    let milestone = raw.milestone.get().map(|milestone| ("milestone", ClockTarget::Milestone(*milestone)));
    let mut named = [by, to, milestone].into_iter().flatten();
    match (named.next(), named.next()) {
        _ if !findings.is_empty() => Err(Problem::bad_request(findings)),
        (Some((member, target)), None) => target.instant(now).map_err(|error| {
            let expected = match error {
                TargetError::NotLater => words::EXPECTED_LATER,
                TargetError::TooFar => words::EXPECTED_NEAR,
            };
            refusal(FindingPlace::default().field(member), expected)
        }),
        _ => Err(refusal(FindingPlace::default(), words::EXPECTED_ONE)),
    }
}

/// The refusal of a body whose clock is not moved.
fn refusal(place: FindingPlace, expected: LocalText) -> Problem {
    let finding = Finding::new(&document::MALFORMED, place).with("field", Param::Text(words::MOVE_TARGET));
    Problem::bad_request(Findings::from_iter([finding.with("expected", Param::Text(expected))]))
}
