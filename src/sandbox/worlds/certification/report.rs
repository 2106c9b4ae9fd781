//! What the software reports at the end of a step.

use std::sync::LazyLock;

use crate::domain::codes::codes;
use crate::domain::raw::{Field, List, Paragraph, Raw, record};
use crate::http::problem::{Problem, Result};
use crate::ingest::json;
use crate::ingest::schema::Schemas;

/// The schema of the body.
const CERTIFICATION_REPORT: &str = "certification-report";
/// The longest code of a rule, in characters.
const CODE: usize = 80;
/// The longest address of a page, in characters.
const PAGE: usize = 2000;
/// The most steps of a run.
const STEPS: u64 = 10_000;
/// The most findings, and the most events, of a report.
const MOST: usize = 1000;

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    let schema = include_str!("../../../../schemas/sandbox/certification-report.schema.json");
    Schemas::of(&[(CERTIFICATION_REPORT, schema)])
});

codes! {
    /// How an instruction ended, in the words of the software.
    pub enum Outcome {
        /// It was carried out.
        Done "done";
        /// The gateway refused the content.
        Refused "refused";
        /// Somebody else has changed it, and nothing was overwritten.
        Conflict "conflict";
        /// It could not be carried out now; what was meant is kept for later.
        NotDone "notDone";
        /// The software does not know the instruction, or broke off.
        Unsupported "unsupported";
    }
}

/// A number of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct StepNumber(u32);

impl Raw for StepNumber {
    fn from_integer(value: u64) -> Option<Self> {
        u32::try_from(value).ok().filter(|_| (1..=STEPS).contains(&value)).map(Self)
    }
}

/// The number of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct EventNumber(u64);

impl Raw for EventNumber {
    fn from_integer(value: u64) -> Option<Self> {
        Some(Self(value))
    }
}

record! {
    /// A report.
    pub struct RawReport {
        /// The step that it is about.
        required step "step": StepNumber,
        /// How it ended.
        required outcome "outcome": Outcome,
        /// The codes of the findings that were shown.
        optional findings "findings": List<Paragraph<CODE>, MOST>,
        /// The numbers of the events that were handled, in this order.
        optional events "events": List<EventNumber, MOST>,
        /// The address of the page that was shown.
        optional page "page": Paragraph<PAGE>,
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox::worlds) struct Report {
    pub(super) step: u32,
    pub(super) outcome: Outcome,
    pub(super) findings: Vec<String>,
    pub(super) events: Vec<u64>,
    pub(super) page: Option<String>,
}

impl Report {
    /// Whether the software did what it was told, with whatever success.
    pub(super) fn is_carried_out(&self) -> bool {
        self.outcome != Outcome::Unsupported
    }
}

/// What the body says.
///
/// # Errors
/// With every finding on the body.
pub(in crate::sandbox::worlds) fn read(body: &[u8]) -> Result<Report> {
    let (raw, findings) = json::read::<RawReport>(body, CERTIFICATION_REPORT, &SCHEMAS);
    let raw = raw.unwrap_or_default();
    let (Some(step), Some(outcome), true) = (raw.step.take(), raw.outcome.take(), findings.is_empty()) else {
        return Err(Problem::bad_request(findings));
    };
    let codes = raw.findings.take().unwrap_or_default().0.into_iter().filter_map(Field::take);
    let events = raw.events.take().unwrap_or_default().0.into_iter().filter_map(Field::take);
    Ok(Report {
        step: step.0,
        outcome,
        findings: codes.map(|code| code.0).collect(),
        events: events.map(|number| number.0).collect(),
        page: raw.page.take().map(|page| page.0),
    })
}
