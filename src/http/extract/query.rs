//! The query: every parameter is known and read, or every fault is told at once.

use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;

use crate::domain::finding::{Finding, Findings, Param, Part, Place};
use crate::domain::rule::Rule;
use crate::domain::rules::request;
use crate::domain::text::Text;
use crate::http::operation::Operation;
use crate::http::problem::{Problem, Result};

/// The parameters of one operation.
pub trait Parameters: Sized {
    /// Reads them; faults are noted in the reader, and what is returned then is thrown away.
    fn read(query: &mut Reader) -> Self;
}

/// The query, read into `T`. The names that the operation's table entry does not list are refused.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

/// Hands out parameters and notes what is wrong with them.
#[derive(Debug, Default)]
pub struct Reader {
    pairs: Vec<(String, String)>,
    findings: Findings,
}

/// What a flag looks like.
const FLAG: Text = Text { fr: "true ou false", nl: "true of false", en: "true or false" };
/// What a number looks like.
const NUMBER: Text = Text {
    fr: "un nombre entier entre {minimum} et {maximum}",
    nl: "een geheel getal tussen {minimum} en {maximum}",
    en: "a whole number between {minimum} and {maximum}",
};

impl Reader {
    /// The parameters of `uri`; those not among `known` are already noted as faults.
    #[expect(clippy::disallowed_types, reason = "wrapped here, once")]
    fn new(uri: &Uri, known: &[&str]) -> Self {
        let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
        let mut reader = Self { pairs: pairs.map(|query| query.0).unwrap_or_default(), findings: Findings::default() };
        let none = Text { fr: "aucun", nl: "geen", en: "none" };
        let listed = if known.is_empty() { Param::Text(none) } else { Param::Code(known.join(", ")) };
        let mut unknown: Vec<&str> = Vec::new();
        for (name, _) in &reader.pairs {
            if !known.contains(&name.as_str()) && !unknown.contains(&name.as_str()) {
                unknown.push(name);
            }
        }
        let unknown: Vec<String> = unknown.into_iter().map(|name| name.chars().take(50).collect()).collect();
        for name in unknown {
            reader.findings.push(fault(&request::UNKNOWN_PARAMETER, &name).with("known", listed.clone()));
        }
        reader
    }

    /// A parameter that may be absent; `expected` says what it looks like ("a month such as 2026-07").
    pub fn optional<T: FromStr>(&mut self, name: &'static str, expected: Text) -> Option<T> {
        let values = self.values(name);
        if values.len() > 1 {
            self.findings.push(fault(&request::REPEATED_PARAMETER, name));
        }
        values.first().and_then(|value| self.parse(name, value, Param::Text(expected)))
    }

    /// A parameter that must be there; `None` only when a fault was noted.
    pub fn required<T: FromStr>(&mut self, name: &'static str, expected: Text) -> Option<T> {
        if self.values(name).is_empty() {
            self.findings.push(fault(&request::MISSING_PARAMETER, name).with("expected", Param::Text(expected)));
        }
        self.optional(name, expected)
    }

    /// A parameter that may be repeated.
    pub fn many<T: FromStr>(&mut self, name: &'static str, expected: Text) -> Vec<T> {
        let values = self.values(name);
        values.iter().filter_map(|value| self.parse(name, value, Param::Text(expected))).collect()
    }

    /// `true` or `false`; absent is false.
    pub fn flag(&mut self, name: &'static str) -> bool {
        self.optional(name, FLAG).unwrap_or(false)
    }

    /// A whole number in a range.
    pub fn number(&mut self, name: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let number = self.optional(name, NUMBER).filter(|number| range.contains(number));
        let given = self.values(name);
        match (number, given.first()) {
            (None, Some(value)) if value.parse::<u64>().is_ok() => self.malformed(name, value, Param::Text(NUMBER)),
            _ => {}
        }
        let bounds = [("minimum", *range.start()), ("maximum", *range.end())];
        for finding in self.findings.iter_mut().filter(|finding| finding.place().pointer == name) {
            finding.params.extend(bounds.map(|(bound, value)| (bound.into(), Param::Count(value))));
        }
        number
    }

    /// Notes that `name` is not right, for what only the handler can tell.
    pub fn malformed(&mut self, name: &'static str, value: &str, expected: Param) {
        let finding = fault(&request::MALFORMED_PARAMETER, name).with("expected", expected);
        self.findings.push(if telling(value) { finding.value(value) } else { finding });
    }

    /// The refusal for what was noted.
    pub fn refusal(self) -> Problem {
        Problem::bad_request(self.findings)
    }

    fn parse<T: FromStr>(&mut self, name: &'static str, value: &str, expected: Param) -> Option<T> {
        let parsed = value.parse().ok();
        if parsed.is_none() {
            self.malformed(name, value, expected);
        }
        parsed
    }

    fn values(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    fn finish(self) -> Result<()> {
        if self.findings.is_empty() { Ok(()) } else { Err(Problem::bad_request(self.findings)) }
    }
}

/// Refuses every parameter of an operation that has none.
pub(in crate::http) fn refuse_unknown(uri: &Uri, operation: &Operation) -> Result<()> {
    if operation.query.is_empty() { Reader::new(uri, &[]).finish() } else { Ok(()) }
}

fn fault(rule: &'static Rule, name: &str) -> Finding {
    Finding::new(rule, Place::at(name)).part(Part::Query).with("parameter", Param::Code(name.to_owned()))
}

/// Whether a value may be echoed: short, and too few digits to be a person's number.
fn telling(value: &str) -> bool {
    value.len() <= 20 && value.bytes().filter(u8::is_ascii_digit).count() < 9 && value.is_ascii()
}

impl<T: Parameters, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let known = parts.extensions.get::<Arc<Operation>>().map_or(&[][..], |operation| operation.query);
        let mut reader = Reader::new(&parts.uri, known);
        let parameters = T::read(&mut reader);
        reader.finish().map(|()| Self(parameters))
    }
}
