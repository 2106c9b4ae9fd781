//! Every field of every schema has a name and an expectation in each language, also behind references to other files: the
//! text of a finding has no empty placeholder.

use std::collections::BTreeSet;

use passerelle::domain::finding::Findings;
use passerelle::ingest::schema::{Schemas, TEXTS};
use passerelle::words::Language;
use serde_json::{Value, json};

/// A step from a document to one of its values: a property, or the first item of a list.
type Path = Vec<Option<String>>;

/// A part of the schema in the file called `.0`.
#[derive(Clone)]
struct RequestPart(&'static str, Value);

fn schema(name: &str) -> RequestPart {
    let (name, text) = TEXTS.into_iter().find(|(known, _)| *known == name).expect("a schema");
    RequestPart(name, serde_json::from_str(text).unwrap())
}

impl RequestPart {
    /// The part with its references resolved; the nearer value takes precedence.
    fn followed(self) -> Self {
        let Some(target) = self.1["$ref"].as_str() else { return self };
        let (file, pointer) = target.split_once('#').unwrap_or((target, ""));
        let name = file.rsplit('/').next().unwrap().trim_end_matches(".schema.json");
        let Self(name, root) = schema(if name.is_empty() { self.0 } else { name });
        let mut whole = Self(name, root.pointer(pointer).expect("what is pointed at").clone()).followed();
        let own = self.1.as_object().into_iter().flatten().filter(|(key, _)| *key != "$ref");
        own.for_each(|(key, value)| whole.1[key] = value.clone());
        whole
    }
}

/// Every field below a part, with its own part.
fn fields(part: &RequestPart, path: &Path, all: &mut Vec<(Path, RequestPart)>) {
    let RequestPart(name, schema) = part;
    for (property, below) in schema["properties"].as_object().into_iter().flatten() {
        let path = [&path[..], &[Some(property.clone())]].concat();
        let part = RequestPart(name, below.clone()).followed();
        fields(&part, &path, all);
        all.push((path, part));
    }
    if schema["items"].is_object() {
        let path = [&path[..], &[None]].concat();
        let part = RequestPart(name, schema["items"].clone()).followed();
        fields(&part, &path, all);
        all.push((path, part));
    }
}

/// A document that has `value` at the end of the path, and nothing else.
fn document(path: &[Option<String>], value: Value) -> Value {
    match path.split_first() {
        None => value,
        Some((Some(property), rest)) => json!({ (property.as_str()): document(rest, value) }),
        Some((None, rest)) => json!([document(rest, value)]),
    }
}

fn pointer(path: &[Option<String>]) -> String {
    let steps = path.iter().map(|step| step.as_deref().unwrap_or("0"));
    steps.fold(String::new(), |pointer, step| pointer + "/" + step)
}

/// The text of a finding at a place has no empty placeholder.
fn is_whole(findings: &Findings, at: &str, wrong: &mut Vec<String>) {
    for finding in findings.iter().filter(|finding| finding.places.iter().any(|place| place.pointer == at)) {
        for language in [Language::Fr, Language::Nl, Language::En] {
            let detail_text = finding.detail(language);
            let holes = ["« »", "“”", ": .", ":\u{a0}.", ": ;", "  ", ", ,", ", .", "{field}", "{expected}", "{known}"];
            wrong.extend(
                holes
                    .iter()
                    .filter(|hole| detail_text.contains(*hole))
                    .map(|hole| format!("{at}: {hole:?} in {detail_text}")),
            );
        }
    }
}

#[test]
fn the_text_of_a_wrong_field_is_complete_in_every_language() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (name, _) in TEXTS {
        let (root, mut all) = (schema(name).followed(), Vec::new());
        fields(&root, &Vec::new(), &mut all);
        assert!(!all.is_empty(), "{name}");
        for (path, part) in all {
            let at = pointer(&path);
            // What is only answered is never found wrong.
            for words in ["x-label", "x-expected"].into_iter().filter(|_| !["finding", "problem"].contains(&name)) {
                let missing = path.last().is_some_and(Option::is_some) && part.1.get(words).is_none();
                wrong.extend(missing.then(|| format!("{name}: {at} has no {words}")));
            }
            // Another type; an invalid value of the type; too many; none; an unknown property.
            let mut values =
                vec![json!({ "x": 1 }), json!([[]]), json!(-1.5), json!("\u{7f}"), json!(null), json!(true)];
            if let Some(most) = part.1["maxItems"].as_u64() {
                values.push(vec![Value::Null; usize::try_from(most).unwrap() + 1].into());
            }
            let mut reported = BTreeSet::new();
            for value in values {
                let findings = Schemas::shared().validate(name, &document(&path, value));
                is_whole(&findings, &at, &mut wrong);
                is_whole(&findings, &format!("{at}/x"), &mut wrong);
                reported.extend(findings.iter().flat_map(|one| &one.places).map(|place| place.pointer.clone()));
            }
            let takes_all =
                part.1.as_object().is_none_or(|part| !part.contains_key("type") && !part.contains_key("enum"));
            if !reported.iter().any(|place| place.starts_with(&at)) && !takes_all {
                wrong.push(format!("{name}: nothing is said of {at}"));
            }
            if let Some((Some(_), above)) = path.split_last() {
                let findings = Schemas::shared().validate(name, &document(above, json!({})));
                is_whole(&findings, &at, &mut wrong);
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 150, "only {count} fields were walked");
}

#[test]
fn lists_of_codes_are_never_empty() {
    for (name, text) in TEXTS {
        let mut parts = vec![serde_json::from_str::<Value>(text).unwrap()];
        while let Some(part) = parts.pop() {
            for list in ["enum", "examples", "required"] {
                assert_ne!(part[list], json!([]), "{name}: {list} in {part}");
            }
            for words in ["x-label", "x-expected"] {
                for language in ["fr", "nl", "en"].into_iter().filter(|_| part.get(words).is_some()) {
                    let detail_text = part[words][language].as_str().unwrap_or_default();
                    assert!(!detail_text.trim().is_empty(), "{name}: {words} in {language} of {part}");
                }
            }
            parts.extend(part.as_object().into_iter().flat_map(|part| part.values().cloned()));
            parts.extend(part.as_array().into_iter().flatten().cloned());
        }
    }
}
