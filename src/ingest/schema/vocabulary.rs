//! The words of the published schemas: the names of members, and the codes that values may have. What is among them is no name of a
//! person.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde_json::Value;

use super::TEXTS;

/// The words of all schemas of received documents.
#[derive(Default)]
struct Vocabulary {
    names: HashSet<String>,
    codes: HashSet<String>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut words = Vocabulary::default();
    for (_, text) in TEXTS {
        words.add(&serde_json::from_str(text).expect("the schemas are JSON, as a test sees to"));
    }
    words
});

/// Whether a schema names a member so.
pub fn is_name(text: &str) -> bool {
    VOCABULARY.names.contains(text)
}

/// Whether a schema has this text among the values of a member.
pub fn is_code(text: &str) -> bool {
    VOCABULARY.codes.contains(text)
}

impl Vocabulary {
    /// Adds the words of a schema and of those within it.
    fn add(&mut self, schema: &Value) {
        let Value::Object(members) = schema else {
            return schema.as_array().into_iter().flatten().for_each(|inner| self.add(inner));
        };
        let listed = members.get("enum").and_then(Value::as_array).into_iter().flatten();
        self.codes.extend(listed.chain(members.get("const")).filter_map(Value::as_str).map(str::to_owned));
        if let Some(Value::Object(properties)) = members.get("properties") {
            self.names.extend(properties.keys().cloned());
        }
        members.values().for_each(|inner| self.add(inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_known_apart() {
        assert!(is_name("birthDate") && is_name("lines") && !is_name("Claes"));
        assert!(is_code("justifiedAbsence") && is_code("attendanceStatement.deposited"));
        assert!(!is_code("birthDate") && !is_code("Claes"));
    }
}
