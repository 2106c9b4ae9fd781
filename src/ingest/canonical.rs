//! Canonical JSON (RFC 8785): the same bytes for the same content, which signatures and hashes cover.

use serde::Serialize;

/// The canonical JSON of a value.
///
/// # Errors
/// For a value that JSON cannot have, such as a number that is none.
pub fn canonical_json(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    serde_json_canonicalizer::to_vec(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::canonical_json;

    #[test]
    fn members_are_sorted_and_nothing_is_between_them() {
        let value = json!({ "b": [1, 20], "a": { "é": "\u{20ac}\n" } });
        assert_eq!(canonical_json(&value).unwrap(), "{\"a\":{\"é\":\"€\\n\"},\"b\":[1,20]}".as_bytes());
    }
}
