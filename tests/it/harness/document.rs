//! Documents compared with what is expected of them.

use std::fmt::Write as _;

use serde_json::Value;

/// Asserts that the document has these members, by their paths (`attempt/status`), with exactly these values; others are
/// ignored, and a missing one is null. Shows the differences line by line on failure.
#[track_caller]
pub(crate) fn assert_members(document: &Value, expected: &Value, context: &str) {
    let expected = expected.as_object().expect("members");
    let found = expected.keys().map(|path| (path.clone(), at(document, path))).collect();
    let expected = Value::Object(expected.clone());
    assert!(found == expected, "{context}\n{}", difference(&pretty(&expected), &pretty(&found)));
}

fn at(document: &Value, path: &str) -> Value {
    document.pointer(&format!("/{path}")).cloned().unwrap_or_default()
}

fn pretty(document: &Value) -> String {
    serde_json::to_string_pretty(document).expect("a document")
}

/// The lines of two texts in order: those of the first alone behind `-`, those of the second alone behind `+`.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<_>, Vec<_>) = (expected.lines().collect(), found.lines().collect());
    let common = common_lines(&expected, &found);
    let (mut text, mut one, mut other) = (String::new(), 0, 0);
    let mut line = |sign: char, line: &str| writeln!(text, "{sign} {line}").expect("writing to a string");
    while one < expected.len() || other < found.len() {
        if expected.get(one) == found.get(other) {
            line(' ', expected[one]);
            (one, other) = (one + 1, other + 1);
        } else if other == found.len() || one < expected.len() && common[one + 1][other] >= common[one][other + 1] {
            line('-', expected[one]);
            one += 1;
        } else {
            line('+', found[other]);
            other += 1;
        }
    }
    text
}

/// How many lines, in order, two texts have in common from each pair of lines on.
fn common_lines(one: &[&str], other: &[&str]) -> Vec<Vec<usize>> {
    let mut common = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in (0..one.len()).rev() {
        for j in (0..other.len()).rev() {
            common[i][j] =
                if one[i] == other[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    common
}

#[test]
fn a_difference_shows_the_lines_that_differ() {
    assert_eq!(difference("a\nb\nc\nd", "a\nc\nx\nd"), "  a\n- b\n  c\n+ x\n  d\n");
    assert_eq!(difference("", "a"), "+ a\n");
    assert_eq!(difference("a\nb", ""), "- a\n- b\n");
}

#[test]
fn members_are_compared_exactly_and_null_where_they_are_not() {
    let document = serde_json::json!({ "state": "pending", "attempt": { "status": 204, "answer": null } });
    let holds = |expected: Value| std::panic::catch_unwind(|| assert_members(&document, &expected, "")).is_ok();
    assert!(holds(serde_json::json!({ "state": "pending", "attempt/status": 204, "reason": null })));
    assert!(!holds(serde_json::json!({ "state": "active" })));
    assert!(!holds(serde_json::json!({ "attempt": { "status": 204 } })), "a value has no more than what is expected");
}
