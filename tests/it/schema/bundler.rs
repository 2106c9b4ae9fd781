//! Makes one document of the contract and of the schemas that it points at: every schema becomes a component with a name
//! of its own, so that generators of clients need nothing but the document.

use std::collections::BTreeMap;

use passerelle::ingest::schema::{EVENTS, OPENAPI, SUFFIX, TEXTS};
use serde::Serialize;
use serde_json::{Map, Value};

/// The contract among the documents.
const CONTRACT: &str = "openapi.yaml";
/// Keywords that only the gateway reads, and those that a component does not need.
const DROPPED: [&str; 7] = ["$schema", "$id", "$defs", "$comment", "x-label", "x-expected", "x-rules"];
/// Keywords whose values are data.
const DATA: [&str; 6] = ["const", "default", "enum", "example", "required", "value"];
/// Keywords whose members are names.
const NAMED: [&str; 8] =
    ["properties", "patternProperties", "examples", "headers", "content", "responses", "paths", "webhooks"];
/// Who calls with a session in place of a key.
const PEOPLE: [&str; 8] = [
    "administrator",
    "userManager",
    "agent",
    "claims:read",
    "claims:answer",
    "payments:read",
    "payments:write",
    "claims:read|payments:read",
];

/// The document, its members in the order in which people read them.
#[derive(Debug, Serialize)]
pub(super) struct Bundle {
    openapi: Value,
    info: Value,
    servers: Value,
    security: Value,
    tags: Value,
    paths: Value,
    webhooks: Value,
    components: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Bundle {
    /// The whole contract.
    pub(super) fn whole() -> Self {
        Bundler::new().bundle()
    }

    /// What a vendor's software can call: without the operations that take a person's session only.
    pub(super) fn for_vendors() -> Self {
        let mut bundler = Bundler::new();
        let contract = bundler.documents.get_mut(CONTRACT).expect("the contract");
        let paths = contract["paths"].as_object_mut().expect("paths");
        for item in paths.values_mut() {
            let people = |operation: &Value| operation["x-scope"].as_str().is_some_and(|scope| PEOPLE.contains(&scope));
            item.as_object_mut().expect("a path").retain(|_, operation| !people(operation));
            item.as_object_mut().expect("a path").values_mut().for_each(keys_only);
        }
        paths.retain(|_, item| item.as_object().is_some_and(|item| !item.is_empty()));
        bundler.bundle()
    }
}

/// Removes the session from the security schemes.
fn keys_only(operation: &mut Value) {
    if let Some(ways) = operation.get_mut("security").and_then(Value::as_array_mut) {
        ways.retain(|way| way.get("session").is_none());
    }
}

/// What has been reached so far.
struct Bundler {
    documents: BTreeMap<String, Value>,
    components: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Bundler {
    fn new() -> Self {
        let contract = serde_saphyr::from_str(OPENAPI).expect("the contract is YAML");
        let schemas = TEXTS
            .iter()
            .chain(&EVENTS)
            .map(|(name, text)| (format!("{name}{SUFFIX}"), serde_json::from_str(text).expect("the schemas are JSON")));
        let documents = schemas.chain([(CONTRACT.to_owned(), contract)]).collect();
        Self { documents, components: BTreeMap::new() }
    }

    fn bundle(mut self) -> Bundle {
        let contract = self.documents[CONTRACT].clone();
        let paths = self.convert(&contract["paths"], CONTRACT, true);
        let webhooks = self.convert(&contract["webhooks"], CONTRACT, true);
        let mut used = Vec::new();
        collect("tags", &[&paths, &webhooks], &mut used);
        let mut tags = contract["tags"].clone();
        tags.as_array_mut().expect("tags").retain(|tag| used.contains(&Value::from(vec![tag["name"].clone()])));
        let mut ways = Vec::new();
        collect("security", &[&paths, &contract["security"]], &mut ways);
        let named =
            |name: &str| ways.iter().any(|way| way.to_string().contains(&format!("\"{name}\""))) || name == "apiKey";
        let schemes = contract["components"]["securitySchemes"].as_object().expect("schemes").clone();
        let schemes = schemes.into_iter().filter(|(name, _)| named(name)).collect();
        self.components.insert("securitySchemes".to_owned(), schemes);
        Bundle {
            openapi: contract["openapi"].clone(),
            info: contract["info"].clone(),
            servers: contract["servers"].clone(),
            security: contract["security"].clone(),
            tags,
            paths,
            webhooks,
            components: self.components,
        }
    }

    /// `value` of the document `file`, with its references led into the bundle. Directly below `named`, keys are names.
    fn convert(&mut self, value: &Value, file: &str, named: bool) -> Value {
        match value {
            Value::Object(map) if named => map
                .iter()
                .map(|(name, value)| (name.clone(), self.convert(value, file, false)))
                .collect::<Map<_, _>>()
                .into(),
            Value::Object(map) => match map.get("$ref").and_then(Value::as_str) {
                Some(target) => self.referenced(target, map, file),
                None => plain(self.members(map, file)).into(),
            },
            Value::Array(items) => items.iter().map(|item| self.convert(item, file, false)).collect(),
            other => other.clone(),
        }
    }

    fn members(&mut self, map: &Map<String, Value>, file: &str) -> Map<String, Value> {
        let retained = map.iter().filter(|(key, _)| !DROPPED.contains(&key.as_str()) && *key != "$ref");
        let pairs = retained.map(|(key, value)| {
            let data = DATA.contains(&key.as_str()) || (key == "examples" && value.is_array());
            let value = if data { value.clone() } else { self.convert(value, file, NAMED.contains(&key.as_str())) };
            (key.clone(), value)
        });
        pairs.collect()
    }

    /// A reference: to a component of the bundle where its target has a name, else the target itself.
    fn referenced(&mut self, target: &str, map: &Map<String, Value>, file: &str) -> Value {
        let beside = self.members(map, file);
        let (file, pointer) = resolve(target, file);
        let found = self.documents[&file].pointer(&pointer).unwrap_or_else(|| panic!("{target} is not there")).clone();
        let parts: Vec<&str> = pointer.split('/').skip(1).collect();
        let mut converted = match parts[..] {
            [] => self.component("schemas", found["title"].as_str().expect("a title"), &found, &file),
            ["components", "schemas", _] if found.get("$ref").is_some() => self.convert(&found, &file, false),
            ["components", kind, name] => self.component(kind, name, &found, &file),
            ["$defs", name] => self.component("schemas", name, &found, &file),
            _ => self.convert(&found, &file, false),
        };
        converted.as_object_mut().expect("an object").extend(beside);
        converted
    }

    /// Adds a component and returns a reference to it.
    fn component(&mut self, kind: &str, name: &str, found: &Value, file: &str) -> Value {
        let mut converted = self.convert(found, file, false);
        if kind == "schemas" {
            converted.as_object_mut().expect("a schema").remove("title");
        }
        let stored =
            self.components.entry(kind.to_owned()).or_default().entry(name.to_owned()).or_insert(converted.clone());
        assert_eq!(*stored, converted, "two {kind} are called {name}");
        serde_json::json!({ "$ref": format!("#/components/{kind}/{name}") })
    }
}

/// The document and the place in it that `target` names in `file`.
fn resolve(target: &str, file: &str) -> (String, String) {
    let (document, pointer) = target.split_once('#').unwrap_or((target, ""));
    let document = match (document, file.rsplit_once('/')) {
        ("", _) => file.to_owned(),
        (document, _) if file == CONTRACT => document.trim_start_matches("../schemas/").to_owned(),
        (document, Some((folder, _))) => {
            document.strip_prefix("../").map_or_else(|| format!("{folder}/{document}"), str::to_owned)
        }
        (document, None) => document.to_owned(),
    };
    (document, pointer.to_owned())
}

/// Rewrites for generators what only validators support: a flag that can only be true becomes a boolean, and a file becomes
/// binary.
fn plain(mut schema: Map<String, Value>) -> Map<String, Value> {
    match schema.get("const") {
        Some(Value::Bool(_)) => {
            schema.remove("const");
            schema.insert("type".to_owned(), "boolean".into());
        }
        Some(Value::String(_)) => drop(schema.insert("type".to_owned(), "string".into())),
        _ => {}
    }
    if schema.remove("contentMediaType").is_some() {
        schema.insert("format".to_owned(), "binary".into());
    }
    schema
}

/// All values under `key`, anywhere in `values`.
pub(super) fn collect(key: &str, values: &[&Value], found: &mut Vec<Value>) {
    for value in values {
        match value {
            Value::Object(map) => {
                found.extend(map.get(key).cloned());
                collect(key, &map.values().collect::<Vec<_>>(), found);
            }
            Value::Array(items) => collect(key, &items.iter().collect::<Vec<_>>(), found),
            _ => {}
        }
    }
}
