//! Parses a JSON text to a raw value, with all findings on the text and its shape.
//!
//! A valid document is parsed straight into its type, and a test proves that the type accepts exactly what the
//! published schema accepts: one that is plainly valid in one pass, one with escapes, fractions or nulls in a second one. Any
//! other document is parsed once more, into a generic value, so that the schema yields the findings.

mod value;

use serde::Serialize;
use serde_json::Value;

use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Field, Raw, read_plain};
use crate::domain::rule::Rule;
use crate::domain::rules::document as rules;
use crate::words::{self, LocalText};

use super::schema::Schemas;

pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The document in `bytes`, validated with the schema named `schema`: what could be read of it, for the rules to
/// validate, and the findings. Without findings the document is complete and well-formed.
pub fn read<R: Raw>(bytes: &[u8], schema: &str, schemas: &Schemas) -> (Option<R>, Findings) {
    let text = match text(bytes) {
        Ok(text) => text,
        Err(finding) => return (None, Findings::from_iter([finding])),
    };
    if let Some(document) = read_plain::<R>(text).filter(|document| document.is_clean(true)) {
        return (document.take(), Findings::default());
    }
    let typed = serde_json::from_str::<Field<R>>(text);
    match typed {
        Ok(document) if document.is_clean(true) => (document.take(), Findings::default()),
        typed => slowly(text, typed.ok(), schema, schemas),
    }
}

/// Applies the merge patch in `bytes` (RFC 7396) to `document`, and validates the result with the schema named
/// `schema`.
pub fn patch<R: Raw>(mut document: Value, bytes: &[u8], schema: &str, schemas: &Schemas) -> (Option<R>, Findings) {
    let read = text(bytes).and_then(|text| match value::parse_strict(text) {
        Ok(reading) => Ok(reading),
        Err(value::JsonFailure::Syntax(error)) => Err(syntax_finding(&error)),
        Err(value::JsonFailure::TooMany) => Err(too_many()),
    });
    let patch = match read {
        Ok(reading) => reading,
        Err(finding) => return (None, Findings::from_iter([finding])),
    };
    merge(&mut document, patch.value);
    let mut findings = patch.duplicates;
    findings.extend(schemas.validate(schema, &document));
    let typed = serde_json::from_value::<Field<R>>(document).ok();
    (typed.and_then(Field::take), findings)
}

/// Merges the members of `patch` into `document`; null removes one.
fn merge(document: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else { return *document = patch };
    if !document.is_object() {
        *document = Value::Object(serde_json::Map::new());
    }
    for (name, value) in patch {
        match value {
            Value::Null => drop(document.as_object_mut().and_then(|members| members.remove(&name))),
            value => merge(&mut document[&name], value),
        }
    }
}

/// Validates a document of another channel, as a generic value.
pub fn value_of(document: &impl Serialize) -> Value {
    serde_json::to_value(document).unwrap_or_default()
}

/// Parses a document that is not well-formed once more, generically.
fn slowly<R: Raw>(text: &str, typed: Option<Field<R>>, schema: &str, schemas: &Schemas) -> (Option<R>, Findings) {
    let reading = match value::parse_strict(text) {
        Ok(reading) => reading,
        Err(value::JsonFailure::TooMany) => {
            return (typed.and_then(Field::take), Findings::from_iter([too_many()]));
        }
        Err(value::JsonFailure::Syntax(error)) => return (None, Findings::from_iter([syntax_finding(&error)])),
    };
    let mut findings = reading.duplicates;
    findings.extend(schemas.validate(schema, &reading.value));
    // A property given twice stops the typed parsing of the text; the generic value has it once.
    let typed = typed.or_else(|| serde_json::from_value(reading.value).ok());
    (typed.and_then(Field::take), findings)
}

fn too_many() -> Finding {
    let max = Param::Count(value::MAX_VALUES as u64);
    Finding::new(&rules::JSON_TOO_MANY_VALUES, FindingPlace::default()).with("max", max)
}

/// The bytes as a text.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Finding> {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        return Err(Finding::new(&rules::JSON_BYTE_ORDER_MARK, FindingPlace::default()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        let last = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let column = String::from_utf8_lossy(last).chars().count() + 1;
        at(&rules::JSON_NOT_UTF8, line, column)
    })?;
    if text.trim_ascii().is_empty() {
        return Err(Finding::new(&rules::JSON_EMPTY, FindingPlace::default()));
    }
    Ok(text)
}

/// A finding on the whole document whose sentence has the line and the column.
fn at(rule: &'static Rule, line: usize, column: usize) -> Finding {
    Finding::new(rule, FindingPlace::default())
        .with("line", Param::Count(line as u64))
        .with("column", Param::Count(column as u64))
}

/// The syntax error, in words. The parser's own message is never returned.
pub(super) fn syntax_finding(error: &serde_json::Error) -> Finding {
    let message = error.to_string();
    let says = |words: &str| message.starts_with(words);
    let rule = if says("recursion limit exceeded") {
        &rules::JSON_TOO_DEEP
    } else if says("lone leading surrogate") || says("unexpected end of hex escape") {
        &rules::JSON_LONE_SURROGATE
    } else if says("number out of range") {
        &rules::JSON_NUMBER_TOO_LARGE
    } else {
        &rules::JSON_MALFORMED
    };
    let fault = FAULTS.iter().find(|(words, _)| says(words)).map_or(UNEXPECTED, |(_, fault)| *fault);
    at(rule, error.line(), error.column()).with("fault", Param::Text(fault))
}

const UNEXPECTED: LocalText = words::ingest::UNEXPECTED;

/// The beginnings of the parser's messages, and their replacements.
const FAULTS: &[(&str, LocalText)] = &[
    ("EOF", words::ingest::THE_TEXT_ENDS_TOO_EARLY),
    ("trailing comma", words::ingest::THERE_IS_ONE_COMMA_TOO_MANY),
    ("trailing characters", words::ingest::TEXT_FOLLOWS_THE_END_OF_THE),
    ("expected `,`", words::ingest::A_COMMA_OR_A_CLOSING_BRACKET),
    ("expected `:`", words::ingest::A_COLON_IS_MISSING),
    ("key must be a string", words::ingest::A_PROPERTYS_NAME_IS_NOT_IN),
    ("control character", words::ingest::A_TEXT_CONTAINS_A_LINE_BREAK),
    ("invalid escape", words::ingest::A_TEXT_CONTAINS_A_MISUSED_BACKSLASH),
    ("invalid number", words::ingest::A_NUMBER_IS_BADLY_WRITTEN),
];
