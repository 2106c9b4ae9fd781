//! Parses a JSON text to a generic value, strictly: a property given twice is reported with its place, and a document
//! with more values than any of the API is not loaded into memory.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::rules::document as rules;
use crate::ingest::schema;

/// The most values in one document: the largest statement has some 220 000.
pub(super) const MAX_VALUES: usize = 300_000;

/// A document read.
pub(super) struct ParsedJson {
    /// The document; of a property given twice, the first.
    pub(super) value: Value,
    /// The properties given twice.
    pub(super) duplicates: Findings,
}

/// Why a text could not be read.
pub(super) enum JsonFailure {
    /// Broken syntax.
    Syntax(serde_json::Error),
    /// More than [`MAX_VALUES`].
    TooMany,
}

/// Reads all of `text`.
pub(super) fn parse_strict(text: &str) -> Result<ParsedJson, JsonFailure> {
    let state = RefCell::new(State { values: 0, duplicates: Findings::default() });
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = Seed { state: &state, at: &JsonPath::Root }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    let state = state.into_inner();
    match read {
        Ok(value) => Ok(ParsedJson { value, duplicates: state.duplicates }),
        Err(_) if state.values > MAX_VALUES => Err(JsonFailure::TooMany),
        Err(error) => Err(JsonFailure::Syntax(error)),
    }
}

struct State {
    values: usize,
    duplicates: Findings,
}

/// The path of the parser: a linked list on its own stack.
enum JsonPath<'a> {
    Root,
    Item(&'a JsonPath<'a>, usize),
    Property(&'a JsonPath<'a>, &'a str),
}

impl JsonPath<'_> {
    /// As a place; below a name that may be personal, the last place above it.
    fn place(&self) -> FindingPlace {
        self.pointer().unwrap_or_else(|above| above)
    }

    fn pointer(&self) -> Result<FindingPlace, FindingPlace> {
        match self {
            Self::Root => Ok(FindingPlace::default()),
            Self::Item(parent, index) => Ok(parent.pointer()?.field(&index.to_string())),
            Self::Property(parent, name) if schema::is_identifier(name) => Ok(parent.pointer()?.field(name)),
            Self::Property(parent, _) => Err(parent.place()),
        }
    }
}

struct Seed<'a> {
    state: &'a RefCell<State>,
    at: &'a JsonPath<'a>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let mut state = self.state.borrow_mut();
        state.values += 1;
        if state.values > MAX_VALUES {
            return Err(D::Error::custom("too many values"));
        }
        drop(state);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) =
            seq.next_element_seed(Seed { state: self.state, at: &JsonPath::Item(self.at, items.len()) })?
        {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let at = JsonPath::Property(self.at, &name);
            let value = map.next_value_seed(Seed { state: self.state, at: &at })?;
            if object.contains_key(&name) {
                let finding = Finding::new(&rules::JSON_DUPLICATE_PROPERTY, at.place());
                self.state.borrow_mut().duplicates.push(finding.with("property", schema::property_param(&name)));
            } else {
                object.insert(name, value);
            }
        }
        Ok(Value::Object(object))
    }
}
