//! The published schemas, and the validation of documents with them.
//!
//! Findings have words of the schema: each property's schema has its displayed name (`x-label`), what is expected of it
//! (`x-expected`) and the rules that are more specific than the general ones (`x-rules`). They are read once, when the
//! schemas are compiled.

mod node;
pub mod vocabulary;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::LocationSegment;
use jsonschema::{JsonType, Registry, ValidationError, Validator};
use serde_json::Value;

use self::node::{SchemaDocument, SchemaNode};
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::rule::Rule;
use crate::domain::rules::document as rules;
use crate::domain::text::is_invisible;
use crate::words;

/// The schema of a doctor.
pub const DOCTOR: &str = "doctor";
/// The schema of a change of a doctor.
pub const DOCTOR_CHANGE: &str = "doctor-change";
/// The schema of the whole staff register.
pub const STAFF_REGISTER: &str = "staff-register";
/// The schema of a member of staff.
pub const STAFF_MEMBER: &str = "staff-member";
/// The schema of a change of a member of staff.
pub const STAFF_MEMBER_CHANGE: &str = "staff-member-change";
/// The schema of a look-up of a number.
pub const STAFF_QUERY: &str = "staff-query";
/// The schema of the yearly validation of a crèche's staff.
pub const STAFF_VALIDATION: &str = "staff-validation";
/// The schema of a decision of the agency on a doctor.
pub const DOCTOR_VALIDATION: &str = "doctor-validation";
/// The schema of an act of the agency on a claim.
pub const CLAIM_ACT: &str = "claim-act";
/// The schema of payments of the agency that are to be recorded.
pub const SUBSIDY_PAYMENTS: &str = "subsidy-payments";
/// The schema of the cancellation of a payment.
pub const SUBSIDY_PAYMENT_CANCELLATION: &str = "subsidy-payment-cancellation";
/// The schema of an activity report.
pub const ACTIVITY_REPORT: &str = "activity-report";
/// The schema of a crèche's closures.
pub const CLOSURES: &str = "closures";
/// The schema of a registry file, by which an operator imports organisers.
pub const REGISTRY: &str = "registry";
/// The schema of a user to be added.
pub const USER: &str = "user";
/// The schema of a change of a user.
pub const USER_CHANGE: &str = "user-change";
/// The schema of an application's description.
pub const APPLICATION: &str = "application";
/// The schema of a request for a key.
pub const API_KEY: &str = "api-key";
/// The schema of a webhook endpoint's settings.
pub const WEBHOOK_ENDPOINT: &str = "webhook-endpoint";
/// The schema of a verification of an endpoint.
pub const WEBHOOK_VERIFICATION: &str = "webhook-verification";
/// The schema of a rotation of a secret.
pub const WEBHOOK_ROTATION: &str = "webhook-rotation";
/// The schema of a test.
pub const WEBHOOK_TEST: &str = "webhook-test";
/// The schema of a redelivery.
pub const WEBHOOK_REPLAY: &str = "webhook-replay";
/// The contract, as it is served.
pub const OPENAPI: &str = include_str!("../../schemas/openapi.yaml");

/// The suffix of the file names of schemas, in the source tree and in the API.
pub const SUFFIX: &str = ".schema.json";

// `build.rs` generates from the files in `schemas/` the tables `TEXTS`, of received documents, and `EVENTS`, of events,
// which are only sent: of every schema its name, which is that of its file without [`SUFFIX`], and its text.
include!(concat!(env!("OUT_DIR"), "/schemas.rs"));

static SHARED: LazyLock<Schemas> = LazyLock::new(Schemas::compile);

/// The published schemas, compiled.
pub struct Schemas(BTreeMap<&'static str, SchemaValidator>);

/// One compiled schema with its annotations.
struct SchemaValidator {
    validator: Validator,
    root: SchemaNode,
}

impl Schemas {
    /// The schemas of this program, compiled at the first use.
    pub fn shared() -> &'static Self {
        &SHARED
    }

    /// The text of the schema in the file `file` (`attendance-statement.schema.json`), as it is served.
    pub fn text(file: &str) -> Option<&'static str> {
        let name = file.strip_suffix(SUFFIX)?;
        TEXTS.iter().chain(&EVENTS).find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    fn compile() -> Self {
        Self::of(&TEXTS)
    }

    /// These schemas, by their names, compiled; they may point at each other.
    ///
    /// # Panics
    /// When one of them is no schema.
    pub fn of(texts: &[(&'static str, &'static str)]) -> Self {
        let parse = |text: &str| serde_json::from_str::<Value>(text).expect("the embedded schemas are JSON");
        let parsed: Vec<_> = texts.iter().map(|(name, text)| (*name, parse(text))).collect();
        let addressed = parsed.iter().map(|(name, schema)| (format!("json-schema:///{name}{SUFFIX}"), schema));
        let registry = Registry::new()
            .extend(addressed)
            .and_then(jsonschema::RegistryBuilder::prepare)
            .expect("the embedded schemas point at each other");
        let judge = |(name, schema): &(&'static str, Value)| {
            let validator = jsonschema::options()
                .with_registry(&registry)
                .should_validate_formats(true)
                .build(schema)
                .expect("the embedded schemas are schemas");
            let document = SchemaDocument { root: schema, all: &parsed };
            (*name, SchemaValidator { validator, root: SchemaNode::of(schema, document, "document") })
        };
        Self(parsed.iter().map(judge).collect())
    }

    /// Whether the schema named `name` accepts `document`.
    ///
    /// # Panics
    /// When there is no such schema.
    pub fn accepts(&self, name: &str, document: &Value) -> bool {
        self.0[name].validator.is_valid(document)
    }

    /// Every finding of the schema named `name` on `document`, in the document's order and one for
    /// each place; empty exactly when the schema accepts it.
    ///
    /// # Panics
    /// When there is no such schema.
    pub fn validate(&self, name: &str, document: &Value) -> Findings {
        let judge = &self.0[name];
        let mut found = SchemaFindings::default();
        let cut = judge.root.is_overlong(document).then(|| judge.root.cut(document, &mut Vec::new(), &mut found));
        for error in judge.validator.iter_errors(cut.as_ref().unwrap_or(document)) {
            judge.add_findings(&error, &mut found);
        }
        found.0.into_values().map(|(_, finding)| finding).collect()
    }
}

impl SchemaValidator {
    /// One of the schema's errors as findings.
    fn add_findings(&self, error: &ValidationError<'_>, found: &mut SchemaFindings) {
        let path: Path = error.instance_path().segments().map(PathStep::from).collect();
        let node = self.root.at(&path);
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let property = property.as_str().unwrap_or_default();
                let missing = joined(path, property);
                let node = self.root.at(&missing);
                let rule = node.rule("required").unwrap_or(&rules::REQUIRED);
                found.add(missing, 0, rule, |finding| finding.with("field", Param::Text(node.label)));
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                for property in unexpected {
                    found.add_unknown(&path, property, node);
                }
            }
            ValidationErrorKind::Pattern { .. } if has_lost_character(error.instance()) => {
                found.add(path, rank(error.kind()), &rules::LOST_CHARACTER, |finding| {
                    finding.with("field", Param::Text(node.label))
                });
            }
            ValidationErrorKind::Pattern { .. } if invisible_in(error.instance()).is_some() => {
                let character = invisible_in(error.instance()).unwrap_or_default();
                found.add(path, rank(error.kind()), &rules::INVISIBLE_CHARACTER, |finding| {
                    finding.with("field", Param::Text(node.label)).with("character", Param::Code(character))
                });
            }
            kind => {
                let rule = node.rule(kind.keyword()).unwrap_or_else(|| general(kind));
                let code = matches!(kind, ValidationErrorKind::Enum { .. }).then(|| error.instance().as_str());
                found.add(path, rank(kind), rule, |finding| {
                    let finding =
                        finding.with("field", Param::Text(node.label)).with("expected", Param::Text(node.expected));
                    match code.flatten().filter(|code| is_code(code)) {
                        Some(code) => finding.value(code),
                        None => finding,
                    }
                });
            }
        }
    }
}

/// The rule for an error for which the schema has no rule of its own.
fn general(kind: &ValidationErrorKind) -> &'static Rule {
    match kind {
        ValidationErrorKind::Type { kind: TypeKind::Single(JsonType::Object) } => &rules::NOT_AN_OBJECT,
        ValidationErrorKind::Type { kind: TypeKind::Single(JsonType::Array) } => &rules::NOT_A_LIST,
        _ => &rules::MALFORMED,
    }
}

/// The first invisible character of a text, by its number (`U+202E`).
fn invisible_in(value: &Value) -> Option<String> {
    let first = value.as_str()?.chars().find(|character| is_invisible(*character))?;
    Some(format!("U+{:04X}", u32::from(first)))
}

/// Whether a conversion has replaced a character of a text.
fn has_lost_character(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains(char::REPLACEMENT_CHARACTER))
}

/// The order of several errors at one place: the one with the lowest rank, the most informative, is reported.
const fn rank(kind: &ValidationErrorKind) -> u8 {
    match kind {
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => 0,
        ValidationErrorKind::Type { .. } => 1,
        ValidationErrorKind::Format { .. } | ValidationErrorKind::Pattern { .. } => 2,
        _ => 3,
    }
}

/// A step from a value to one in it, ordered as in the document: items by number, properties by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum PathStep {
    Item(usize),
    Property(String),
}

type Path = Vec<PathStep>;

impl From<LocationSegment<'_>> for PathStep {
    fn from(segment: LocationSegment<'_>) -> Self {
        match segment {
            LocationSegment::Index(index) => Self::Item(index),
            LocationSegment::Property(name) => Self::Property(name.into_owned()),
        }
    }
}

fn joined(mut path: Path, property: &str) -> Path {
    path.push(PathStep::Property(property.to_owned()));
    path
}

fn place(path: &[PathStep]) -> FindingPlace {
    use std::fmt::Write as _;
    let mut pointer = String::new();
    for step in path {
        match step {
            PathStep::Item(index) => write!(pointer, "/{index}").expect("writing to a string"),
            PathStep::Property(name) => write!(pointer, "/{name}").expect("writing to a string"),
        }
    }
    FindingPlace::at(pointer)
}

/// The findings, at most one for each place.
#[derive(Default)]
struct SchemaFindings(BTreeMap<Path, (u8, Finding)>);

impl SchemaFindings {
    fn add(&mut self, path: Path, rank: u8, rule: &'static Rule, complete: impl FnOnce(Finding) -> Finding) {
        let better = self.0.get(&path).is_none_or(|(known, _)| rank < *known);
        if better {
            let finding = complete(Finding::new(rule, place(&path)));
            self.0.insert(path, (rank, finding));
        }
    }

    /// A property that the schema does not have. A name that may be personal is not repeated.
    fn add_unknown(&mut self, path: &Path, property: &str, node: &SchemaNode) {
        let complete = |finding: Finding| {
            finding.with("property", property_param(property)).with("known", Param::Code(node.known.clone()))
        };
        if is_identifier(property) {
            self.add(joined(path.clone(), property), 0, &rules::UNKNOWN_PROPERTY, complete);
        } else {
            let finding = complete(Finding::new(&rules::UNKNOWN_PROPERTY, place(path)));
            self.0.insert(joined(path.clone(), property), (0, finding));
        }
    }
}

/// Whether a text is a technical name, which may be displayed; anything else may be a person's name or number.
pub(super) fn is_identifier(text: &str) -> bool {
    is_technical(text, |byte| matches!(byte, b'_' | b'-' | b'.' | b'$' | b'@'))
}

/// Whether a text looks like a code of a list or of a day in a workbook: it begins with a small letter, or its words
/// have few letters. Where columns are shifted, a day cell may contain a person's name, with its capital.
fn is_code(text: &str) -> bool {
    let short = text.split(|c: char| !c.is_ascii_alphabetic()).all(|word| word.len() <= 3);
    (short || text.starts_with(|c: char| c.is_ascii_lowercase()))
        && is_technical(text, |byte| matches!(byte, b'_' | b'-' | b'.' | b'/' | b'+' | b':'))
}

fn is_technical(text: &str, also: impl Fn(u8) -> bool) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (1..=40).contains(&text.len()) && digits < 6 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || also(byte))
}

/// A property's name as it may be displayed in a sentence.
pub(super) fn property_param(property: &str) -> Param {
    if is_identifier(property) { Param::Code(property.to_owned()) } else { Param::Text(words::ingest::NAME_NOT_SHOWN) }
}
