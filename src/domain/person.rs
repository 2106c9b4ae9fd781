//! What is written of a person, as it arrives: names, an address for mail, a number.

use serde::Serialize;

use super::raw::{Raw, is_label};

/// A name: 1 to 100 characters, without white space at either end and without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Name(pub String);

/// Eleven digits; whether they are a valid SSIN is a rule, not a shape.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct SsinText(pub String);

/// An e-mail address: something before and something with a dot after the only `@`, at most 254 characters of those
/// that mail systems take without quotes. Whether anybody reads it only a mail can tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Email(pub String);

/// The longest address that mail systems carry.
const MAX_EMAIL: usize = 254;

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

impl Raw for Email {
    fn from_text(text: &str) -> Option<Self> {
        let (local, domain) = text.split_once('@')?;
        let all = |text: &str, may: fn(u8) -> bool| !text.is_empty() && text.bytes().all(may);
        let label = |label: &str| all(label, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let sound = text.len() <= MAX_EMAIL
            && all(local, |byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte))
            && domain.contains('.')
            && domain.split('.').all(label);
        sound.then(|| Self(text.to_owned()))
    }
}
