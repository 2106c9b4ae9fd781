//! The body of a request for a world.

use std::sync::LazyLock;

use jiff::civil::{Date, date};
use serde::Serialize;

use super::content::Shape;
use super::create::{WorldWish, any_seed};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Field, Raw, record};
use crate::domain::rules::document;
use crate::http::problem::{Problem, Result};
use crate::ingest::json;
use crate::ingest::schema::Schemas;
use crate::words::sandbox_worlds as words;

/// The schema of the body.
const WORLD_REQUEST: &str = "world-request";
/// The first and the last day on which a world may begin.
const DAYS: (Date, Date) = (date(2024, 1, 1), date(2035, 12, 31));

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    Schemas::of(&[(WORLD_REQUEST, include_str!("../../../schemas/sandbox/world-request.schema.json"))])
});

/// What content is repeatable by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Seed(u32);

impl Raw for Seed {
    fn from_integer(value: u64) -> Option<Self> {
        u32::try_from(value).ok().map(Self)
    }
}

record! {
    /// A request for a world.
    pub struct RawWorldRequest {
        /// The shape.
        optional shape "shape": Shape,
        /// What its content is repeatable by.
        optional seed "seed": Seed,
        /// The day on which it begins.
        optional start_date "startDate": Date,
    }
}

/// Whether a world may begin on that day.
pub(super) fn is_possible_start(date: Date) -> bool {
    (DAYS.0..=DAYS.1).contains(&date)
}

/// What the body asks for, on that day; an empty body asks for the defaults.
///
/// # Errors
/// With every finding on the body.
pub(super) fn read(body: &[u8], today: Date) -> Result<WorldWish> {
    let (raw, mut findings) = match body.trim_ascii() {
        [] => (Some(RawWorldRequest::default()), Findings::default()),
        body => json::read::<RawWorldRequest>(body, WORLD_REQUEST, &SCHEMAS),
    };
    let raw = raw.unwrap_or_default();
    let start_date = raw.start_date.get().copied().unwrap_or(today);
    if raw.start_date.get().is_some_and(|date| !is_possible_start(*date)) {
        let finding = Finding::new(&document::MALFORMED, FindingPlace::at("/startDate"));
        let finding = finding.with("field", Param::Text(words::START_DATE));
        let finding = finding.with("expected", Param::Text(words::EXPECTED_START_DATE));
        findings.extend(Findings::from_iter([finding]));
    }
    if !findings.is_empty() {
        return Err(Problem::bad_request(findings));
    }
    let shape = raw.shape.get().copied().unwrap_or(Shape::OneCreche);
    let seed = if let Field::Present(Seed(seed)) = raw.seed { seed } else { any_seed() };
    Ok(WorldWish { shape, seed, start_date })
}
