//! The annotations in the schema of a value, and of the values within.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Path, PathStep, SUFFIX, SchemaFindings};
use crate::domain::finding::Param;
use crate::domain::rule::Rule;
use crate::domain::rule_catalogue;
use crate::domain::rules::document;
use crate::words::{self, LocalText};

/// The annotations of one value, with those of its properties and items.
pub(super) struct SchemaNode {
    /// Its displayed name.
    pub(super) label: LocalText,
    /// What is expected.
    pub(super) expected: LocalText,
    /// Its properties' names, for findings on misspelt ones.
    pub(super) known: String,
    rules: BTreeMap<String, &'static Rule>,
    max_items: usize,
    properties: BTreeMap<String, SchemaNode>,
    items: Option<Box<SchemaNode>>,
}

/// A published schema among the others, which it may refer to.
#[derive(Clone, Copy)]
pub(super) struct SchemaDocument<'a> {
    pub(super) root: &'a Value,
    pub(super) all: &'a [(&'static str, Value)],
}

impl<'a> SchemaDocument<'a> {
    /// The target of a `$ref`, and the document that contains it.
    fn follow(self, target: &str) -> Option<(&'a Value, Self)> {
        let (file, pointer) = target.split_once('#').unwrap_or((target, ""));
        let named = || self.all.iter().find(|(name, _)| file.strip_suffix(SUFFIX) == Some(*name));
        let root = if file.is_empty() { self.root } else { &named()?.1 };
        Some((root.pointer(pointer)?, Self { root, ..self }))
    }
}

impl SchemaNode {
    /// Reads the annotations of `schema`, a part of `document`; those of the target of its `$ref` fill the gaps.
    pub(super) fn of(schema: &Value, document: SchemaDocument<'_>, name: &str) -> Self {
        let pointed = schema["$ref"].as_str().and_then(|target| document.follow(target));
        if let Some((target, other)) = pointed.filter(|(target, _)| target.get("$ref").is_some()) {
            // One reference further: nearer annotations still take precedence.
            return Self::of(&joined(schema, target), other, name);
        }
        let (target, document) = pointed.map_or((None, document), |(target, other)| (Some(target), other));
        let get = |key: &str| schema.get(key).or_else(|| target?.get(key));
        let properties: BTreeMap<_, _> = get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, property)| (name.clone(), Self::of(property, document, name)))
            .collect();
        Self {
            label: text(get("x-label")).unwrap_or_else(|| same_in_all(name)),
            expected: text(get("x-expected")).unwrap_or_else(|| expectation(&get)),
            known: properties.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
            rules: get("x-rules").and_then(Value::as_object).into_iter().flatten().filter_map(special).collect(),
            max_items: get("maxItems").and_then(Value::as_u64).map_or(usize::MAX, to_usize),
            items: get("items").map(|items| Box::new(Self::of(items, document, name))),
            properties,
        }
    }

    /// The annotations of the value at `path` below this one; the last ones where the schema has none deeper.
    pub(super) fn at(&self, path: &[PathStep]) -> &Self {
        path.iter().fold(self, |node, step| {
            let below = match step {
                PathStep::Item(_) => node.items.as_deref(),
                PathStep::Property(name) => node.properties.get(name),
            };
            below.unwrap_or(node)
        })
    }

    /// The rule for `keyword` here in place of the general one.
    pub(super) fn rule(&self, keyword: &str) -> Option<&'static Rule> {
        self.rules.get(keyword).copied()
    }

    /// Whether any list in `value` has more items than it may.
    pub(super) fn is_overlong(&self, value: &Value) -> bool {
        match value {
            Value::Array(list) => {
                list.len() > self.max_items
                    || self.items.as_ref().is_some_and(|node| list.iter().any(|item| node.is_overlong(item)))
            }
            Value::Object(map) => {
                self.properties.iter().any(|(name, node)| map.get(name).is_some_and(|value| node.is_overlong(value)))
            }
            _ => false,
        }
    }

    /// A copy in which every list is cut to its maximum, with a finding on that: validating the rest would cost without
    /// use.
    pub(super) fn cut(&self, value: &Value, path: &mut Path, found: &mut SchemaFindings) -> Value {
        let mut below = |step, node: Option<&Self>, value: &Value| {
            let Some(node) = node else { return value.clone() };
            path.push(step);
            let cut = node.cut(value, path, found);
            path.pop();
            cut
        };
        match value {
            Value::Array(list) => {
                let stored = list.iter().take(self.max_items).enumerate();
                let stored =
                    stored.map(|(index, item)| below(PathStep::Item(index), self.items.as_deref(), item)).collect();
                if list.len() > self.max_items {
                    self.tell_too_many(list.len(), path, found);
                }
                Value::Array(stored)
            }
            Value::Object(map) => {
                let stored = |(name, value): (&String, &Value)| {
                    (name.clone(), below(PathStep::Property(name.clone()), self.properties.get(name), value))
                };
                Value::Object(map.iter().map(stored).collect())
            }
            other => other.clone(),
        }
    }

    fn tell_too_many(&self, count: usize, path: &Path, found: &mut SchemaFindings) {
        let rule = self.rule("maxItems").unwrap_or(&document::TOO_MANY);
        found.add(path.clone(), 0, rule, |finding| {
            finding
                .with("field", Param::Text(self.label))
                .with("count", Param::Count(count as u64))
                .with("max", Param::Count(self.max_items as u64))
                .value(count.to_string())
        });
    }
}

/// The expectation of a schema without words of its own, derived from its keywords.
fn expectation<'a>(get: &impl Fn(&str) -> Option<&'a Value>) -> LocalText {
    let number = |key: &str| get(key).and_then(Value::as_u64).map(|number| number.to_string());
    let listed = |key: &str| {
        let codes = get(key)?.as_array()?.iter().filter_map(Value::as_str);
        Some(codes.map(|code| format!("{code:?}").replace('"', "")).collect::<Vec<_>>().join(", "))
    };
    let kind =
        get("type").map(|kind| kind.as_str().or_else(|| kind[0].as_str()).unwrap_or_default()).unwrap_or_default();
    if let Some(value) = get("const") {
        return same_in_all(&value.to_string());
    }
    if let Some(codes) = listed("enum") {
        return filled(words::ingest::ONE_OF, &[("codes", &codes)]);
    }
    match (kind, number("maxLength"), number("minimum").zip(number("maximum"))) {
        ("object", ..) => words::ingest::AN_OBJECT,
        ("array", ..) => words::ingest::A_LIST,
        ("boolean", ..) => words::common::TRUE_OR_FALSE,
        ("integer" | "number", _, Some((least, most))) => {
            filled(words::ingest::A_WHOLE_NUMBER_FROM, &[("least", &least), ("most", &most)])
        }
        ("integer" | "number", ..) => words::ingest::A_WHOLE_NUMBER,
        (_, Some(most), _) => filled(words::ingest::A_TEXT_OF_AT_MOST, &[("most", &most)]),
        _ => words::ingest::A_TEXT,
    }
}

/// The words with the values of their placeholders.
fn filled(words: LocalText, values: &[(&str, &str)]) -> LocalText {
    let fill = |words: &str| {
        let replace = |words: String, (name, value): &(&str, &str)| words.replace(&format!("{{{name}}}"), value);
        leaked(&values.iter().fold(words.to_owned(), replace))
    };
    LocalText { fr: fill(words.fr), nl: fill(words.nl), en: fill(words.en) }
}

/// The words of `schema`, then those of the target of its `$ref`.
fn joined(schema: &Value, target: &Value) -> Value {
    let mut joined = target.clone();
    let own = schema.as_object().into_iter().flatten().filter(|(key, _)| *key != "$ref");
    for (key, value) in own {
        joined[key] = value.clone();
    }
    joined
}

fn special((keyword, code): (&String, &Value)) -> Option<(String, &'static Rule)> {
    Some((keyword.clone(), rule_catalogue::find(code.as_str()?)?))
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The schemas are embedded and parsed once: their words are leaked.
fn leaked(text: &str) -> &'static str {
    Box::leak(text.into())
}

fn same_in_all(name: &str) -> LocalText {
    let name = leaked(name);
    LocalText { fr: name, nl: name, en: name }
}

fn text(annotation: Option<&Value>) -> Option<LocalText> {
    let word = |language: &str| annotation?.get(language)?.as_str().map(leaked);
    Some(LocalText { fr: word("fr")?, nl: word("nl")?, en: word("en")? })
}
