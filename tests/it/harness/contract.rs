//! Checks every response against the published contract: status, headers, media type and schema. Objects are closed here: a
//! member that the contract does not name fails the test, although clients must ignore it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::http::{HeaderValue, Method};
use jsonschema::{Registry, Validator};
use passerelle::app::contract::OPENAPI;
use passerelle::domain::rule_catalogue;
use passerelle::domain::ssin::Ssin;
use passerelle::http::problem::ProblemType;
use passerelle::ingest::schema::{EVENTS, SUFFIX, TEXTS};
use serde_json::{Value, json};

use super::call::{JSON, Reply, XLSX};

/// The addresses that the documents have beside each other.
const ROOT: &str = "json-schema:///schemas/";
/// Answers with whole documents of others' making.
const OPEN: [&str; 3] = ["OpenApiDocument", "JsonSchema", "Problem"];
/// Headers that are not repeated on each operation.
const GENERAL: [&str; 20] = [
    "accept",
    "accept-encoding",
    "allow",
    "belgov-related-trace-id",
    "cache-control",
    "content-disposition",
    "content-language",
    "content-length",
    "content-security-policy",
    "connection",
    "content-type",
    "etag",
    "passerelle-key-expires",
    "ratelimit",
    "ratelimit-policy",
    "referrer-policy",
    "strict-transport-security",
    "vary",
    "www-authenticate",
    "x-content-type-options",
];

/// The contract, as it is written.
pub(crate) static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_saphyr::from_str(OPENAPI).expect("the contract is YAML"));

/// The contract and the schemas that it points at, closed.
static DOCUMENTS: LazyLock<Registry<'static>> = LazyLock::new(|| {
    let schemas = TEXTS.into_iter().chain(EVENTS).map(|(name, text)| {
        let mut schema: Value = serde_json::from_str(text).expect("the schemas are JSON");
        close(&mut schema);
        (format!("{ROOT}{name}{SUFFIX}"), schema)
    });
    let mut contract = CONTRACT.clone();
    close(&mut contract);
    Registry::new()
        .extend(schemas)
        .and_then(|registry| registry.add(format!("{ROOT}openapi.yaml"), contract))
        .and_then(jsonschema::RegistryBuilder::prepare)
        .expect("all that is pointed at exists")
});

/// Forbids what is not named.
fn close(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let open = map.get("title").and_then(Value::as_str).is_some_and(|title| OPEN.contains(&title));
            if map.contains_key("properties") && !map.contains_key("additionalProperties") && !open {
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            let rest = map.iter_mut().filter(|(name, _)| !matches!(name.as_str(), "example" | "examples"));
            rest.for_each(|(_, value)| close(value));
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// What is wrong with `value` by the schema at a pointer into the contract.
pub(crate) fn faults(pointer: &str, value: &Value) -> Vec<String> {
    static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(pointer).cloned();
    let validator = known.unwrap_or_else(|| {
        let validator = Arc::new(compile(pointer));
        KNOWN.lock().unwrap_or_else(PoisonError::into_inner).insert(pointer.to_owned(), Arc::clone(&validator));
        validator
    });
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn compile(pointer: &str) -> Validator {
    let pointer = pointer.replace('{', "%7B").replace('}', "%7D");
    let dialect = "https://json-schema.org/draft/2020-12/schema";
    let schema = json!({ "$schema": dialect, "$ref": format!("{ROOT}openapi.yaml#{pointer}") });
    let options = jsonschema::options().with_registry(&DOCUMENTS).should_validate_formats(true);
    options.build(&schema).unwrap_or_else(|error| panic!("{pointer}: {error}"))
}

/// A part of the contract and its location.
#[derive(Clone)]
pub(crate) struct Node {
    pointer: String,
    /// The thing itself.
    pub(crate) value: &'static Value,
}

impl Node {
    /// The part at a pointer.
    pub(crate) fn at(pointer: String) -> Option<Self> {
        CONTRACT.pointer(&pointer).map(|value| Self { pointer, value })
    }

    /// What is below under this name, references followed.
    pub(crate) fn child(&self, name: &str) -> Option<Self> {
        let child = Self::at(format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1")))?;
        match child.value["$ref"].as_str().and_then(|target| target.strip_prefix('#')) {
            Some(target) => Self::at(target.to_owned()),
            None => Some(child),
        }
    }

    /// Everything that is below, by name; nothing below what is not a map.
    pub(crate) fn children(&self) -> impl Iterator<Item = (&'static str, Self)> {
        let names = self.value.as_object().into_iter().flat_map(serde_json::Map::keys);
        names.filter_map(|name| Some((name.as_str(), self.child(name)?)))
    }
}

/// The path of the contract that names `path`: its own texts before its parameters.
fn template(path: &str) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or_default();
    let matches = |template: &&str| {
        let (ours, theirs): (Vec<_>, Vec<_>) = (path.split('/').collect(), template.split('/').collect());
        ours.len() == theirs.len()
            && ours.iter().zip(&theirs).all(|(our, their)| our == their || (their.starts_with('{') && !our.is_empty()))
    };
    let paths = CONTRACT["paths"].as_object().expect("paths").keys().map(String::as_str);
    paths.filter(matches).min_by_key(|template| template.matches('{').count())
}

/// The answer that the contract promises for a call, and whether its operation needs a key.
fn promise(method: &Method, path: &str, status: u16) -> (Node, bool) {
    let problem = || Node::at("/components/responses/Problem".to_owned()).expect("there are problems");
    let Some(template) = template(path) else { return (problem(), false) };
    let paths = Node::at("/paths".to_owned()).expect("paths");
    let item = paths.child(template).expect("the template is a path");
    let method = if method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
    let any = item.value.as_object().expect("a path").values().next().expect("an operation");
    let open = |operation: &Value| operation["security"].as_array().is_some_and(Vec::is_empty);
    let Some(operation) = item.child(&method) else { return (problem(), !open(any)) };
    let responses = operation.child("responses").expect("answers");
    let answer = responses.child(&status.to_string());
    let answer = answer.unwrap_or_else(|| {
        assert!(status >= 400, "{method} {path}: {status} is not documented");
        responses.child("default").expect("a default answer")
    });
    (answer, !open(operation.value))
}

/// The answer is one that the contract promises.
#[track_caller]
pub(crate) fn check(method: &Method, path: &str, reply: &Reply) {
    let (answer, guarded) = promise(method, path, reply.status);
    hold_headers(&answer, guarded, reply);
    hold_body(method, &answer, guarded, reply);
}

#[track_caller]
fn hold_headers(answer: &Node, guarded: bool, reply: &Reply) {
    let Reply { call, status, .. } = reply;
    let documented = answer.value["headers"].as_object().cloned().unwrap_or_default();
    for name in documented.keys() {
        let schema = answer.child("headers").and_then(|headers| headers.child(name)).expect("a header");
        match reply.headers.get(name) {
            Some(value) => {
                let value = header_value(&schema, value);
                assert_eq!(faults(&format!("{}/schema", schema.pointer), &value), [""; 0], "{call}: {status} {name}");
            }
            None => assert!(!required(name, guarded, reply), "{call}: {status} without {name}"),
        }
    }
    for name in reply.headers.keys().map(axum::http::HeaderName::as_str) {
        let known = GENERAL.contains(&name) || documented.keys().any(|known| known.eq_ignore_ascii_case(name));
        assert!(known, "{call}: {status} with the unknown header {name}");
    }
}

fn header_value(schema: &Node, value: &HeaderValue) -> Value {
    let text = value.to_str().expect("headers are text");
    let number = text.parse::<i64>().ok().filter(|_| schema.value["schema"]["type"] == "integer");
    number.map_or_else(|| text.into(), Value::from)
}

/// Whether a documented header must be there.
fn required(name: &str, guarded: bool, reply: &Reply) -> bool {
    let status = reply.status;
    match name {
        "RateLimit" | "RateLimit-Policy" => guarded && status < 500,
        "Retry-After" => matches!(status, 429 | 503),
        "WWW-Authenticate" => status == 401 || reply.kind() == "missingScope",
        "Allow" => status == 405,
        "Passerelle-Key-Expires" => !reply.json["key"]["expiresInDays"].is_null(),
        // A dry run of a month or a quarter that was never deposited has no entity tag.
        "ETag" => {
            let would_be_first = reply.json["unchanged"] == false && reply.json["revision"] == 1;
            reply.json["effect"].is_null() && (reply.json["written"] != false || !would_be_first)
        }
        "Passerelle-Problem-Type" | "Passerelle-Error-Count" | "Passerelle-Warning-Count" => {
            reply.header("content-type") == XLSX
        }
        _ => true,
    }
}

#[track_caller]
fn hold_body(method: &Method, answer: &Node, guarded: bool, reply: &Reply) {
    let Reply { call, status, json, .. } = reply;
    let media = reply.header("content-type").split(';').next().unwrap_or_default().trim();
    let Some(content) = answer.child("content") else {
        assert!(reply.bytes.is_empty() && media.is_empty(), "{call}: {status} has a body");
        return;
    };
    let form = content.child(media).unwrap_or_else(|| panic!("{call}: {status} answers in {media:?}"));
    if method == Method::HEAD {
        assert!(reply.bytes.is_empty(), "{call}: HEAD has a body");
        return;
    }
    match media {
        XLSX => assert!(reply.bytes.starts_with(b"PK"), "{call}: not a workbook"),
        "application/pdf" => assert!(reply.bytes.starts_with(b"%PDF-"), "{call}: not a PDF"),
        "application/yaml" => assert!(!reply.bytes.is_empty(), "{call}: empty"),
        "text/html" => assert!(reply.bytes.starts_with(b"<!doctype html>"), "{call}: not a page"),
        _ => {
            assert!(json.is_object(), "{call}: {status} is not an object");
            assert_eq!(faults(&format!("{}/schema", form.pointer), json), [""; 0], "{call}: {status} {json:#}");
            if guarded {
                hold_manners(json, call);
            }
        }
    }
    if media != JSON && media.ends_with("problem+json") {
        hold_problem(reply);
    }
}

/// No nulls, and nothing that could be a person's number.
#[track_caller]
fn hold_manners(value: &Value, call: &str) {
    match value {
        Value::Null => panic!("{call}: null"),
        Value::Object(map) => map.values().for_each(|value| hold_manners(value, call)),
        Value::Array(items) => items.iter().for_each(|value| hold_manners(value, call)),
        Value::String(text) => {
            let words = text.split(|c: char| !c.is_ascii_alphanumeric());
            words.for_each(|word| assert!(Ssin::parse(word).is_err(), "{call}: shows {word}"));
        }
        _ => {}
    }
}

/// The problem is one of the catalogue, and its findings are rules.
#[track_caller]
fn hold_problem(reply: &Reply) {
    let json = &reply.json;
    let entry = ProblemType::ALL.iter().map(|kind| kind.entry()).find(|entry| json["type"] == entry.urn());
    let entry = entry.unwrap_or_else(|| panic!("{}: unknown problem {json}", reply.call));
    let stated = (reply.status, &json["status"], &json["title"]);
    let status = entry.status.as_u16();
    assert_eq!(stated, (status, &Value::from(status), &Value::from(entry.title)), "{}", reply.call);
    for (list, severity) in [("issues", "error"), ("warnings", "warning")] {
        for finding in json[list].as_array().into_iter().flatten() {
            let code = finding["code"].as_str().unwrap_or_default();
            assert!(rule_catalogue::find(code).is_some(), "{}: unknown rule {code}", reply.call);
            assert_eq!(finding["severity"], severity, "{}: {code}", reply.call);
        }
    }
    assert!(!json["detail"].to_string().contains('{'), "{}: {}", reply.call, json["detail"]);
}
