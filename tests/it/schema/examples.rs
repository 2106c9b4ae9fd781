//! The examples for vendors are valid, and the schemas contain all that the validator needs.

use std::fs;
use std::path::PathBuf;

use passerelle::domain::rule_catalogue;
use passerelle::ingest::schema::{Schemas, TEXTS};
use serde_json::Value;

use super::{codes_and_places, read};

fn examples(kind: &str) -> Vec<(String, String)> {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "schemas/examples/attendance-statement", kind].iter().collect();
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .map(|path| {
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
            (name, fs::read_to_string(path).expect("readable"))
        })
        .collect();
    files.sort();
    assert!(files.len() > 3, "there are examples");
    files
}

#[test]
fn valid_examples_are_accepted() {
    for (name, text) in examples("valid") {
        let (raw, findings) = read(text);
        assert_eq!(codes_and_places(&findings), [], "{name}");
        assert!(raw.is_some(), "{name}");
    }
}

/// An invalid example is named after the rule that it breaks, and breaks no other.
#[test]
fn invalid_examples_break_the_rule_they_are_named_after() {
    for (name, text) in examples("invalid") {
        let code = name.split('-').next().unwrap_or_default();
        let (_, findings) = read(text);
        let codes: Vec<_> = codes_and_places(&findings).into_iter().map(|(code, _)| code).collect();
        assert!(!codes.is_empty() && codes.iter().all(|found| *found == code), "{name}: {codes:?}");
    }
}

#[test]
fn the_examples_inside_the_schemas_are_accepted_by_them() {
    for (name, text) in TEXTS {
        let schema: Value = serde_json::from_str(text).expect("JSON");
        let examples = schema["examples"].as_array().expect("examples");
        for example in examples {
            assert!(Schemas::shared().accepts(name, example), "{name}: {example}");
        }
    }
}

fn walk(value: &Value, at: &str, visit: &mut impl FnMut(&str, &Value)) {
    visit(at, value);
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| walk(value, &format!("{at}/{name}"), visit)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| walk(value, &format!("{at}/{index}"), visit));
        }
        _ => {}
    }
}

#[test]
fn every_code_that_a_schema_names_is_a_rule() {
    let mut named = 0;
    for (name, text) in TEXTS {
        walk(&serde_json::from_str(text).expect("JSON"), "", &mut |at, value| {
            for code in value.get("x-rules").and_then(Value::as_object).into_iter().flat_map(|rules| rules.values()) {
                named += 1;
                assert!(code.as_str().and_then(rule_catalogue::find).is_some(), "{name}{at}: {code}");
            }
        });
    }
    assert!(named >= 3);
}

#[test]
fn every_field_of_a_deposit_has_a_name_and_an_expectation_in_three_languages() {
    for name in ["api-key", "application", "attendance-statement", "closures", "registry", "user"] {
        let schema: Value = TEXTS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, text)| serde_json::from_str(text).expect("JSON"))
            .expect("published");
        let mut fields = 0;
        walk(&schema, "", &mut |at, value| {
            for (property, field) in value.get("properties").and_then(Value::as_object).into_iter().flatten() {
                fields += 1;
                let target = field["$ref"].as_str().and_then(|target| schema.pointer(&target[1..]));
                for annotation in ["x-label", "x-expected"] {
                    let words = field.get(annotation).or_else(|| target?.get(annotation));
                    for language in ["fr", "nl", "en"] {
                        let word = words.and_then(|words| words[language].as_str()).unwrap_or_default();
                        assert!(!word.is_empty(), "{name}{at}/{property}: {annotation} {language}");
                    }
                }
            }
        });
        assert!(fields >= 4);
    }
}
