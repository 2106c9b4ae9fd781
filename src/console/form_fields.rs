//! The fields of a form: rendering values and errors, and parsing the input.

use std::str::FromStr;

use crate::console::fields::Fields;
use crate::domain::creche::Creche;
use crate::domain::finding::{Finding, Findings};
use crate::domain::raw::{Choice, Field, Raw};
use crate::domain::rule::Severity;
use crate::words::{self, Language, LocalText};

/// The form has fields that the page does not have.
const UNEXPECTED: LocalText = words::form_fields::UNEXPECTED;

/// One of several values of a field.
pub(super) struct SelectOption {
    pub(super) value: &'static str,
    pub(super) label: &'static str,
    pub(super) chosen: bool,
}

impl SelectOption {
    pub(super) const fn new(value: &'static str, label: &'static str, chosen: bool) -> Self {
        Self { value, label, chosen }
    }
}

/// A field with one line of text.
pub(super) struct TextField {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: &'static str,
    /// The on-screen keyboard (`inputmode`); empty for the default of its kind.
    pub(super) keys: &'static str,
    pub(super) hint: &'static str,
    pub(super) required: bool,
    pub(super) value: String,
    pub(super) error: Option<String>,
}

impl TextField {
    /// The value and the error of a field.
    pub(super) fn new(name: &'static str, fields: &Fields, faults: &FieldErrors) -> Self {
        let (value, error) = (fields.get(name).to_owned(), faults.at(name).map(str::to_owned));
        Self { name, label: "", kind: "text", keys: "", hint: "", required: true, value, error }
    }

    /// What the field is for.
    pub(super) fn described(self, kind: &'static str, label: &'static str, hint: &'static str, required: bool) -> Self {
        Self { label, kind, hint, required, ..self }
    }

    /// With the keyboard for digits.
    pub(super) fn of_digits(self) -> Self {
        Self { keys: "numeric", ..self }
    }
}

/// A box that may be ticked.
pub(super) struct TickBox {
    pub(super) value: String,
    pub(super) words: String,
    pub(super) ticked: bool,
}

/// A box for a crèche.
pub(super) fn creche_tick(name: &str, creche: &Creche, fields: &Fields) -> TickBox {
    let value = creche.id.to_string();
    TickBox { ticked: fields.all(name).any(|chosen| chosen == value), words: creche.name.clone(), value }
}

/// Whether a place is a field, or part of its value.
pub(super) fn is_within(place: &str, field: &str) -> bool {
    place.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The errors of a form: the name of a field, and a sentence.
#[derive(Default)]
pub(super) struct FieldErrors(pub(super) Vec<(String, String)>);

impl FieldErrors {
    /// The error that there are fields which the page does not have, besides those of every form.
    pub(super) fn unexpected(fields: &Fields, expected: impl Fn(&str) -> bool, language: Language) -> Self {
        let fault = || (String::new(), UNEXPECTED.get(language).to_owned());
        Self(fields.has_unexpected(expected).then(fault).into_iter().collect())
    }

    /// One error of a field.
    pub(super) fn one(field: &str, sentence: &str) -> Self {
        Self(vec![(field.to_owned(), sentence.to_owned())])
    }

    /// The same with other names for the places.
    pub(super) fn named(self, name: impl Fn(&str) -> String) -> Self {
        Self(self.0.into_iter().map(|(place, sentence)| (name(&place), sentence)).collect())
    }

    /// The errors among the findings.
    pub(super) fn new(findings: &Findings, language: Language) -> Self {
        let fault = |finding: &Finding| {
            (finding.place().pointer.trim_start_matches('/').to_owned(), finding.detail_for_people(language))
        };
        Self(findings.of(Severity::Error).map(fault).collect())
    }

    /// The error of a field, or of part of its value.
    pub(super) fn at(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(place, _)| is_within(place, field)).map(|(_, sentence)| sentence.as_str())
    }
}

/// The required fields that are empty.
pub(super) fn missing(entries: &[TextField], language: Language) -> Vec<(String, String)> {
    let empty = entries.iter().filter(|entry| entry.required && entry.value.is_empty());
    let sentence = |entry: &TextField| MISSING.get(language).replace("{field}", entry.label);
    empty.map(|entry| (entry.name.to_owned(), sentence(entry))).collect()
}

/// A required field is empty.
const MISSING: LocalText = words::form_fields::MISSING;

/// A field's text, if it is not empty.
pub(super) fn text<T: Raw>(fields: &Fields, name: &str) -> Field<T> {
    match fields.get(name) {
        "" => Field::Absent,
        text => Field::from_text(text),
    }
}

/// The boxes that are ticked.
pub(super) fn chosen<T: FromStr, const MAX: usize>(fields: &Fields, name: &str) -> Choice<T, MAX> {
    Choice(fields.all(name).filter_map(|value| value.parse().ok()).collect())
}

/// A number as users copy it from a card, with dots, hyphens and spaces.
pub(super) fn digits<T: Raw>(typed: &str) -> Field<T> {
    let plain: String = typed.chars().filter(|letter| !matches!(letter, '.' | '-' | ' ' | '\u{a0}')).collect();
    if plain.is_empty() { Field::Absent } else { Field::from_text(&plain) }
}
