//! Texts that a database may refuse to store (NUL, lone surrogates, a megabyte) wherever outsiders can send a text: the
//! answer is a success or a clean refusal, never a failure of the gateway, on either engine.

mod api;
mod forms;

/// A text of a megabyte.
fn megabyte() -> String {
    "a".repeat(1_000_000)
}

/// What is put in the place of each text: a name for the failure, and JSON as it is sent, which need not be valid.
fn hostile_json_strings() -> [(&'static str, String); 5] {
    [
        ("NUL", r#""a\u0000b""#.to_owned()),
        ("NUL alone", r#""\u0000""#.to_owned()),
        ("lone surrogate", r#""\ud800""#.to_owned()),
        ("control characters", r#""a\u0001\u001f\u007f\u0085b""#.to_owned()),
        ("a megabyte", format!("\"{}\"", megabyte())),
    ]
}
