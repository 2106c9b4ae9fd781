//! The body that sets a scenario for the next calls of a world.

use std::sync::LazyLock;

use serde::Serialize;

use super::catalogue::Scenario;
use super::choice::ScenarioChoice;
use super::unknown::unknown_scenario;
use crate::api;
use crate::domain::finding::{Finding, FindingPlace, Param, RequestPart};
use crate::domain::raw::{Paragraph, Raw, record};
use crate::domain::rules::document;
use crate::http::problem::{Problem, Result};
use crate::ingest::json;
use crate::ingest::schema::Schemas;
use crate::words::{LocalText, sandbox_scenarios as words};

/// The schema of the body.
const SCENARIO_REQUEST: &str = "scenario-request";
/// The longest name of a scenario or an operation, in characters.
const NAME: usize = 60;
/// The most calls that a scenario is set for, and that go through before.
const MOST: u32 = 1000;

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    Schemas::of(&[(SCENARIO_REQUEST, include_str!("../../../schemas/sandbox/scenario-request.schema.json"))])
});

/// The ids of all operations.
static OPERATIONS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| api::routes().iter().map(|route| route.operation.id).collect());

/// A number of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CallCount(u32);

impl Raw for CallCount {
    fn from_integer(value: u64) -> Option<Self> {
        u32::try_from(value).ok().filter(|count| *count <= MOST).map(Self)
    }
}

/// A number of calls that is not 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SomeCalls(u32);

impl Raw for SomeCalls {
    fn from_integer(value: u64) -> Option<Self> {
        u32::try_from(value).ok().filter(|count| (1..=MOST).contains(count)).map(Self)
    }
}

record! {
    /// A request for a scenario.
    pub struct RawScenarioRequest {
        /// Its code.
        required scenario "scenario": Paragraph<NAME>,
        /// How many calls it is for.
        optional calls "calls": SomeCalls,
        /// How many calls go through before.
        optional after "after": CallCount,
        /// The only operation whose calls are counted.
        optional operation "operation": Paragraph<NAME>,
    }
}

/// What the body asks for.
///
/// # Errors
/// With every finding on the body; an unknown scenario with the list of those that there are.
pub(crate) fn read(body: &[u8]) -> Result<ScenarioChoice> {
    let (raw, mut findings) = json::read::<RawScenarioRequest>(body, SCENARIO_REQUEST, &SCHEMAS);
    let raw = raw.unwrap_or_default();
    let scenario = raw.scenario.get().and_then(|code| Scenario::from_code(&code.0));
    if raw.scenario.get().is_some() && scenario.is_none() {
        return Err(unknown_scenario("/scenario", RequestPart::Body));
    }
    let named = raw.operation.get();
    let operation = named.and_then(|named| OPERATIONS.iter().copied().find(|known| *known == named.0));
    if named.is_some() && operation.is_none() {
        findings.push(misplaced_operation(words::EXPECTED_OPERATION));
    } else if named.is_some() && matches!(scenario, Some(Scenario::Webhook(_))) {
        findings.push(misplaced_operation(words::EXPECTED_NO_OPERATION));
    }
    match scenario {
        Some(scenario) if findings.is_empty() => Ok(ScenarioChoice {
            scenario,
            after: raw.after.get().map_or(0, |count| count.0),
            calls: raw.calls.get().map_or(1, |count| count.0),
            operation,
            counts_dry_runs: true,
        }),
        _ => Err(Problem::bad_request(findings)),
    }
}

fn misplaced_operation(expected: LocalText) -> Finding {
    let finding = Finding::new(&document::MALFORMED, FindingPlace::at("/operation"));
    finding.with("field", Param::Text(words::OPERATION)).with("expected", Param::Text(expected))
}
