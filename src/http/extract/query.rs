//! The query: every parameter is checked and parsed, and all faults are reported at once.

use std::any::Any;
use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;

use crate::domain::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::period::PeriodError;
use crate::domain::rule::Rule;
use crate::domain::rules::request;
use crate::http::operation::Operation;
use crate::http::problem::{Problem, Result};
use crate::words::{self, LocalText};

/// The parameters of one operation.
pub trait Parameters: Sized {
    /// Reads them; faults are recorded in the reader, and the returned value is then discarded.
    fn read(query: &mut QueryReader) -> Self;
}

/// The query, read into `T`. Names that the operation's table entry does not list are refused.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

/// Parses parameters and records their faults.
#[derive(Debug, Default)]
pub struct QueryReader {
    pairs: Vec<(String, String)>,
    findings: Findings,
}

/// How many faults have a finding of their own. Further ones are counted in one finding for each rule, so that the size of
/// the response is bounded.
const MAX_SEPARATE_FINDINGS: usize = 20;
/// How many places such a finding lists.
const MOST_PLACES: usize = 20;
/// The longest part of a parameter name that is repeated, in characters.
const NAME_LENGTH: usize = 50;

/// The expected form of a flag.
const FLAG: LocalText = words::common::TRUE_OR_FALSE;
/// The expected form of a number.
const NUMBER: LocalText = words::http::NUMBER;

impl QueryReader {
    /// The parameters of `uri`; those not in `allowed` are recorded as faults.
    #[expect(clippy::disallowed_types, reason = "wrapped here, once")]
    fn new(uri: &Uri, allowed: &[&str]) -> Self {
        let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
        let mut reader = Self { pairs: pairs.map(|query| query.0).unwrap_or_default(), findings: Findings::default() };
        let none = words::http::NONE;
        let listed = if allowed.is_empty() { Param::Text(none) } else { Param::Code(allowed.join(", ")) };
        let mut seen = HashSet::new();
        for (name, _) in &reader.pairs {
            if !allowed.contains(&name.as_str()) && seen.insert(name) {
                let name: String = name.chars().take(NAME_LENGTH).collect();
                let finding = |fault: Finding| fault.with("known", listed.clone());
                note(&mut reader.findings, &request::UNKNOWN_PARAMETER, &name, finding);
            }
        }
        reader
    }

    /// A parameter that may be absent; `expected` describes its form ("a month such as 2026-07").
    pub fn optional<T: FromStr<Err: 'static>>(&mut self, name: &'static str, expected: LocalText) -> Option<T> {
        let values = self.values(name);
        if values.len() > 1 {
            note(&mut self.findings, &request::REPEATED_PARAMETER, name, |fault| fault);
        }
        values.first().and_then(|value| self.parse(name, value, Param::Text(expected)))
    }

    /// A parameter that must be present; `None` only when a fault was recorded.
    pub fn required<T: FromStr<Err: 'static>>(&mut self, name: &'static str, expected: LocalText) -> Option<T> {
        if self.values(name).is_empty() {
            let finding = |fault: Finding| fault.with("expected", Param::Text(expected));
            note(&mut self.findings, &request::MISSING_PARAMETER, name, finding);
        }
        self.optional(name, expected)
    }

    /// A parameter that may be repeated; repeated values are ignored.
    pub fn many<T: FromStr<Err: 'static>>(&mut self, name: &'static str, expected: LocalText) -> Vec<T> {
        let (values, mut seen) = (self.values(name), HashSet::new());
        values
            .iter()
            .filter(|value| seen.insert(*value))
            .filter_map(|value| self.parse(name, value, Param::Text(expected)))
            .collect()
    }

    /// `true` or `false`; absent is false.
    pub fn flag(&mut self, name: &'static str) -> bool {
        self.optional(name, FLAG).unwrap_or(false)
    }

    /// A whole number in a range.
    pub fn number(&mut self, name: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let number = self.optional(name, NUMBER).filter(|number| range.contains(number));
        let values = self.values(name);
        match (number, values.first()) {
            (None, Some(value)) if value.parse::<u64>().is_ok() => self.malformed(name, value, Param::Text(NUMBER)),
            _ => {}
        }
        let bounds = [("minimum", *range.start()), ("maximum", *range.end())];
        for finding in self.findings.iter_mut().filter(|finding| finding.place().pointer == name) {
            finding.params.extend(bounds.map(|(bound, value)| (bound.into(), Param::Count(value))));
        }
        number
    }

    /// Records that the value of `name` is malformed, for checks that only the handler can make.
    pub fn malformed(&mut self, name: &'static str, value: &str, expected: Param) {
        note(&mut self.findings, &request::MALFORMED_PARAMETER, name, |fault| {
            let finding = fault.with("expected", expected);
            if may_be_echoed(value) { finding.value(value) } else { finding }
        });
    }

    /// Records that `name` breaks a rule that only the handler can check.
    pub fn broken(&mut self, rule: &'static Rule, name: &'static str, add: impl FnOnce(Finding) -> Finding) {
        note(&mut self.findings, rule, name, add);
    }

    /// The problem with all recorded faults.
    pub fn refusal(self) -> Problem {
        Problem::bad_request(self.findings)
    }

    fn parse<T: FromStr<Err: 'static>>(&mut self, name: &'static str, value: &str, expected: Param) -> Option<T> {
        let fault = match value.parse() {
            Ok(parsed) => return Some(parsed),
            Err(fault) => fault,
        };
        if (&fault as &dyn Any).downcast_ref() == Some(&PeriodError::YearOutside) {
            note(&mut self.findings, &request::YEAR_OUTSIDE, name, |fault| fault.value(value));
        } else {
            self.malformed(name, value, expected);
        }
        None
    }

    fn values(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    fn finish(self) -> Result<()> {
        if self.findings.is_empty() { Ok(()) } else { Err(Problem::bad_request(self.findings)) }
    }
}

/// Whether a request asks for a dry run.
pub(crate) fn is_dry_run(uri: &Uri) -> bool {
    let query = uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "dryRun" && value == "true")
}

/// Refuses every parameter of an operation that has none.
pub(crate) fn refuse_unknown(uri: &Uri, operation: &Operation) -> Result<()> {
    if operation.query.is_empty() { QueryReader::new(uri, &[]).finish() } else { Ok(()) }
}

/// Adds a fault, completed by `finding`; beyond the limit it is only counted with those of its rule.
fn note(findings: &mut Findings, rule: &'static Rule, name: &str, finding: impl FnOnce(Finding) -> Finding) {
    match findings.iter_mut().skip(MAX_SEPARATE_FINDINGS).find(|others| others.rule.code == rule.code) {
        Some(others) => {
            others.count += 1;
            if others.places.len() < MOST_PLACES {
                others.places.push(FindingPlace::at(name));
            }
        }
        None => findings.push(finding(fault(rule, name))),
    }
}

fn fault(rule: &'static Rule, name: &str) -> Finding {
    Finding::new(rule, FindingPlace::at(name))
        .in_part(RequestPart::Query)
        .with("parameter", Param::Code(name.to_owned()))
}

/// Whether a value may be repeated in the response: short, and too few digits for a national number.
fn may_be_echoed(value: &str) -> bool {
    value.len() <= 20 && value.bytes().filter(u8::is_ascii_digit).count() < 9 && value.is_ascii()
}

impl<T: Parameters, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let allowed = parts.extensions.get::<Arc<Operation>>().map_or(&[][..], |operation| operation.query);
        let mut reader = QueryReader::new(&parts.uri, allowed);
        let parameters = T::read(&mut reader);
        reader.finish().map(|()| Self(parameters))
    }
}
