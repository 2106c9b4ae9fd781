//! The contract as one file, and the part of it for vendors: generated from the contract and the schemas, and committed
//! beside them. `PASSERELLE_TEST_WRITE=bundles cargo test --test it bundle` writes them anew after a change.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::bundler::{Bundle, collect};
use super::contract::media_types;

/// Names that the languages of clients have for something else.
const TAKEN: [&str; 16] = [
    "Any", "Array", "Boolean", "Date", "Dict", "Error", "Event", "File", "Function", "List", "Map", "Number", "Object",
    "Request", "Response", "String",
];

fn bundles() -> [(&'static str, Bundle); 2] {
    [("bundled", Bundle::whole()), ("vendor", Bundle::for_vendors())]
}

fn value(bundle: &Bundle) -> Value {
    serde_json::to_value(bundle).expect("JSON")
}

fn references(bundle: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect("$ref", &[bundle], &mut found);
    found.iter().map(|target| target.as_str().expect("a reference").to_owned()).collect()
}

/// Times and dates in quotes: without them, readers of YAML 1.1 take `16:50` for the number 1010.
fn with_quoted_times(yaml: &str) -> String {
    let quoted = |line: &str| {
        let at = line.rfind(": ").or_else(|| line.rfind("- ")).map_or(line.len(), |at| at + 2);
        let (key, value) = line.split_at(at);
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        let parted = value.as_bytes().get(digits).is_some_and(|byte| matches!(byte, b':' | b'-'));
        let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'+' | b'.'));
        if digits > 0 && parted && plain { format!("{key}\"{value}\"\n") } else { format!("{line}\n") }
    };
    yaml.lines().map(quoted).collect()
}

#[test]
fn the_bundled_files_are_made_of_the_sources() {
    let write = std::env::var("PASSERELLE_TEST_WRITE").is_ok_and(|what| what == "bundles");
    for (name, bundle) in bundles() {
        let yaml = with_quoted_times(&serde_saphyr::to_string(&bundle).expect("YAML"));
        let json = serde_json::to_string_pretty(&bundle).expect("JSON") + "\n";
        assert_eq!(
            serde_saphyr::from_str::<Value>(&yaml).expect("YAML"),
            value(&bundle),
            "{name}: YAML and JSON differ"
        );
        for (form, made) in [("yaml", yaml), ("json", json)] {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/openapi.{name}.{form}"));
            if write {
                std::fs::write(&file, &made).expect("written");
            }
            let committed = std::fs::read_to_string(&file).expect("the file is there");
            assert!(
                committed == made,
                "{} is not what the sources give: write it with PASSERELLE_TEST_WRITE=bundles",
                file.display()
            );
        }
    }
}

#[test]
fn a_bundle_stands_alone() {
    for (name, bundle) in bundles() {
        let bundle = value(&bundle);
        for target in references(&bundle) {
            assert!(target.starts_with("#/components/") && target.matches('/').count() == 3, "{name}: {target}");
            assert!(bundle.pointer(&target[1..]).is_some(), "{name}: {target} is not there");
        }
        let mut flags = Vec::new();
        collect("const", &[&bundle["components"]["schemas"]], &mut flags);
        assert!(flags.iter().all(Value::is_string), "{name}: {flags:?}");
        assert!(!bundle["paths"].to_string().contains("contentMediaType"), "{name}");
    }
}

#[test]
fn names_in_a_bundle_are_unique() {
    for (name, bundle) in bundles() {
        let bundle = value(&bundle);
        let schemas = bundle["components"]["schemas"].as_object().expect("schemas");
        let mut lower = BTreeSet::new();
        for schema in schemas.keys() {
            assert!(!TAKEN.contains(&schema.as_str()), "{name}: {schema}");
            assert!(lower.insert(schema.to_lowercase()), "{name}: {schema} twice");
        }
        let mut titles = Vec::new();
        let (paths, components) =
            (without_examples(&bundle["paths"]), without_examples(&bundle["components"]["schemas"]));
        collect("title", &[&paths, &components], &mut titles);
        for title in titles.iter().filter_map(Value::as_str) {
            assert!(lower.insert(title.to_lowercase()), "{name}: two schemas are called {title}");
        }
    }
}

/// The same without examples.
fn without_examples(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let members = map.iter().filter(|(name, _)| *name != "examples");
            members
                .map(|(name, value)| (name.clone(), without_examples(value)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        Value::Array(items) => items.iter().map(without_examples).collect(),
        other => other.clone(),
    }
}

#[test]
fn tags_are_in_the_order_of_their_operations() {
    for (name, bundle) in bundles() {
        let bundle = value(&bundle);
        let mut used = Vec::new();
        collect("tags", &[&bundle["paths"]], &mut used);
        used.dedup();
        let declared = bundle["tags"].as_array().expect("tags").iter().map(|tag| json!([tag["name"]]));
        assert_eq!(declared.collect::<Vec<_>>(), used, "{name}");
    }
}

#[test]
fn examples_are_true_to_the_bundle() {
    for (name, bundle) in bundles() {
        let bundle = value(&bundle);
        let mut media = Vec::new();
        media_types(&bundle, "", &mut media);
        let mut checked = 0;
        for (at, media) in media {
            for example in media["examples"].as_object().into_iter().flat_map(|examples| examples.values()) {
                let example = example["$ref"].as_str().map_or(Some(example), |target| bundle.pointer(&target[1..]));
                let example = &example.expect("the example is there")["value"];
                let schema = json!({
                    "$schema": "https://json-schema.org/draft/2020-12/schema",
                    "components": bundle["components"],
                    "allOf": [media["schema"]],
                });
                let validator = jsonschema::validator_for(&schema).expect("a schema");
                let faults: Vec<_> = validator.iter_errors(example).map(|error| error.to_string()).collect();
                assert_eq!(faults, [""; 0], "{name} {at}");
                checked += 1;
            }
        }
        assert!(checked >= 20, "{name}: {checked} examples");
    }
}

#[test]
fn the_vendors_part_leaves_out_the_sessions_of_people() {
    let whole = value(&Bundle::whole());
    let part = value(&Bundle::for_vendors());
    let count = |bundle: &Value| {
        let mut ids = Vec::new();
        collect("operationId", &[&bundle["paths"]], &mut ids);
        ids.len()
    };
    let mut scopes = Vec::new();
    collect("x-scope", &[&part["paths"]], &mut scopes);
    assert!(count(&part) > 40 && count(&part) < count(&whole), "{} of {}", count(&part), count(&whole));
    assert!(!part.to_string().contains("passerelle-session"), "the session is spoken of");
    assert!(
        scopes.iter().all(|scope| {
            scope
                .as_str()
                .is_some_and(|scope| ["any", "key", "keyOrAdministrator"].contains(&scope) || scope.contains(':'))
        }),
        "{scopes:?}"
    );
}
