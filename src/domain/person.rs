//! The details of a person before validation: names, e-mail address, number.

use std::fmt;

use serde::{Deserialize, Serialize};

pub use super::email::Email;
use super::raw::{Raw, is_label};
use super::ssin::Ssin;

/// A name: 1 to 100 characters, without white space at either end and without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Name(pub String);

/// Eleven digits; whether they are a valid SSIN is a rule, not a shape.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct SsinText(pub String);

impl Raw for Name {
    fn from_text(text: &str) -> Option<Self> {
        is_label(text, 100).then(|| Self(text.to_owned()))
    }
}

impl Raw for SsinText {
    fn from_text(text: &str) -> Option<Self> {
        (text.len() == 11 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| Self(text.to_owned()))
    }
}

/// The details of a person. Stored sealed; not shown by `Debug`, because all of it is personal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonDetails {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Professional e-mail address.
    pub email: Email,
    /// National or bis number, which the gateway never returns.
    pub ssin: Ssin,
}

impl PersonDetails {
    /// Given name and family name.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }
}

impl fmt::Debug for PersonDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Details(***)")
    }
}
