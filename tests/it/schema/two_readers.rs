//! The reader of plainly valid texts and the tolerant one: what the first one reads, the second one reads the same.

use std::fmt::Debug;

use passerelle::domain::kinds::attendance::raw::RawStatement;
use passerelle::domain::kinds::medical;
use passerelle::domain::raw::{Field, Raw, read_plain};
use passerelle::domain::report::raw::RawReport;
use passerelle::domain::staff::raw::RawRegister;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

const STATEMENT: &str = include_str!("../../../sandbox/tour/2026-07.json");
const CONSULTATIONS: &str = include_str!("../../../sandbox/samples/consultations.json");
const REGISTER: &str = include_str!("../../../sandbox/samples/staff.json");
const REPORT: &str = include_str!("../../../sandbox/samples/report.json");

/// What is put into a text: everything that means something in JSON, and signs that do not.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\n",
    "\\u00e9",
    " ",
    "\n",
    "\u{a0}",
    "\u{1}",
    "\u{0}",
    "é",
    "\u{fffd}",
    "0",
    "00",
    "1",
    "-",
    "-1",
    ".",
    ".0",
    "1.0",
    "1e2",
    "E",
    "+",
    "999999999999999",
    "9999999999999999",
    "true",
    "false",
    "null",
    "//",
    "{}",
    "[]",
    "\"\"",
    "\"lines\":[],",
    "\"date\":\"2026-07-01\",",
    "\u{feff}",
];

/// A change of a text: at its place, this many characters are removed and a piece is put in.
fn change() -> impl Strategy<Value = (Index, usize, &'static str)> {
    (any::<Index>(), 0..4_usize, prop_oneof![select(PIECES), Just("")])
}

fn changed(text: &str, changes: &[(Index, usize, &str)]) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    for (at, removed, piece) in changes {
        let from = at.index(signs.len());
        let to = (from + removed).min(signs.len());
        drop(signs.splice(from..to, piece.chars()));
    }
    signs.into_iter().collect()
}

/// Whether the text is plainly valid; the tolerant reader reads the same then.
fn is_read_alike<R: Raw + Debug + PartialEq>(text: &str) -> bool {
    let Some(plain) = read_plain::<R>(text) else { return false };
    let tolerant = serde_json::from_str::<Field<R>>(text);
    assert_eq!(plain, tolerant.unwrap_or_else(|error| panic!("{error}: {text}")));
    true
}

/// Reads a text with both readers: whether it is plainly valid.
type Comparison = fn(&str) -> bool;

/// A document of each kind, and what compares its readers.
fn documents() -> [(&'static str, Comparison); 4] {
    [
        (STATEMENT, is_read_alike::<RawStatement>),
        (CONSULTATIONS, is_read_alike::<medical::raw::RawStatement>),
        (REGISTER, is_read_alike::<RawRegister>),
        (REPORT, is_read_alike::<RawReport>),
    ]
}

#[test]
fn a_valid_document_is_read_in_one_pass_however_it_is_laid_out() {
    for (text, is_read_alike) in documents() {
        let value: Value = serde_json::from_str(text).expect("JSON");
        for text in [text.to_owned(), value.to_string(), serde_json::to_string_pretty(&value).expect("JSON")] {
            assert!(is_read_alike(&text), "{text}");
        }
    }
}

#[test]
fn what_is_not_plain_is_left_to_the_tolerant_reader() {
    let day = r#"{"lines":[{"reference":"K-1","familyName":"Maes","givenName":"Zo\u00e9","birthDate":"2024-02-17","days":[]}]}"#;
    assert!(!is_read_alike::<RawStatement>(day));
    assert!(is_read_alike::<RawStatement>(&day.replace("\\u00e9", "é")));
    for (plain, other) in [("\"days\":[]", "\"days\":[],\"days\":[]"), ("\"days\"", "\"dayz\""), ("[]}]}", "[]}]},")] {
        assert!(!is_read_alike::<RawStatement>(&day.replace("\\u00e9", "é").replace(plain, other)), "{other}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_read_the_same_from_a_text_that_is_changed_at_random(
        which in 0..4_usize,
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let (text, is_read_alike) = documents()[which];
        is_read_alike(&changed(text, &changes));
    }
}
