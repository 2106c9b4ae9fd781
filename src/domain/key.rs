//! API keys: the credential of an application.
//!
//! `crk_<kind>_<public id>_<secret>_<check>`. The public id names the key everywhere; the secret proves it; the check
//! digits distinguish a mistyped key from an unknown one without a look-up.

mod daily_uses;
mod scope;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use self::daily_uses::DailyUses;
pub use self::scope::{Scope, Scopes};
use super::base32::{CHECK, ascii, base32_letters, check, is_letters};

/// The prefix of every key, so that secret scanners find it: in a log, a mail, a repository.
const PREFIX: &str = "crk";

/// Letters of the public id: 60 bits.
const ID: usize = 12;
/// Letters of the secret: 160 bits.
const SECRET: usize = 32;

/// The text is not a key, a key's public id, a kind or a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not of the form of a key.
    #[error("not an API key: expected crk_<kind>_<public id>_<secret>_<check>")]
    Form,
    /// Of the right form, but the check digits do not match the rest.
    #[error("the check digits of the API key do not match: it was mistyped or cut")]
    Check,
    /// No kind of key has this name.
    #[error("not a kind of key: expected live, trial or test")]
    Kind,
    /// No scope has this name.
    #[error("not a scope")]
    Scope,
}

/// The kind of a key: where it works, and whether it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// Writes, in production.
    Live,
    /// Gets verdicts from production data and never writes.
    Trial,
    /// Works in a sandbox only.
    Test,
}

impl KeyKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Live, Self::Trial, Self::Test];

    /// The name inside the key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Trial => "trial",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for KeyKind {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(KeyError::Kind)
    }
}

/// The kind of deployment, which decides on the kinds of key that work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Deployment {
    /// Production.
    Production,
    /// A sandbox for tests, with invented data.
    Sandbox,
}

impl Deployment {
    /// Its name, in the configuration and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
        }
    }

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Production => Self::Sandbox,
            Self::Sandbox => Self::Production,
        }
    }

    /// Whether keys of this kind work here.
    pub fn admits(self, kind: KeyKind) -> bool {
        match self {
            Self::Production => kind != KeyKind::Test,
            Self::Sandbox => kind != KeyKind::Live,
        }
    }
}

/// The public part of a key: names it in lists, logs and the audit trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct KeyId([u8; ID]);

impl TryFrom<String> for KeyId {
    type Error = KeyError;
    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl KeyId {
    /// The id made from random `bytes`.
    pub fn from_random(bytes: [u8; ID]) -> Self {
        Self(base32_letters(bytes))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        ascii(&self.0)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for KeyId {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let id = text.as_bytes().try_into().map_err(|_| KeyError::Form)?;
        if is_letters(text, ID) { Ok(Self(id)) } else { Err(KeyError::Form) }
    }
}

/// A whole key with a kind of the type `K`. Written out only by [`TypedKeyText::expose`]; `Debug` has kind and public id.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedKeyText<K> {
    kind: K,
    id: KeyId,
    text: String,
}

/// A whole key of an organiser.
pub type KeyText = TypedKeyText<KeyKind>;

impl<K: Copy + fmt::Display + FromStr> TypedKeyText<K> {
    /// The key made from a kind, an id and 32 random bytes of secret.
    pub fn new(kind: K, id: KeyId, secret: [u8; SECRET]) -> Self {
        let body = format!("{PREFIX}_{kind}_{id}_{}", ascii(&base32_letters(secret)));
        let text = format!("{body}_{}", ascii(&check(&body)));
        Self { kind, id, text }
    }

    /// Parses a key: checks its form and its check digits, not whether it exists.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (body, digits) = text.rsplit_once('_').ok_or(KeyError::Form)?;
        let mut parts = body.split('_');
        let mut part = || parts.next().ok_or(KeyError::Form);
        let (prefix, kind, id, secret) = (part()?, part()?, part()?, part()?);
        if parts.next().is_some() || prefix != PREFIX || !is_letters(secret, SECRET) || !is_letters(digits, CHECK) {
            return Err(KeyError::Form);
        }
        let kind = kind.parse().map_err(|_| KeyError::Form)?;
        let id = id.parse()?;
        if digits.as_bytes() != check(body) {
            return Err(KeyError::Check);
        }
        Ok(Self { kind, id, text: text.to_owned() })
    }

    /// Its kind.
    pub const fn kind(&self) -> K {
        self.kind
    }

    /// Its public id.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The whole text: displayed once to the user who issued it, and digested; never logged or stored.
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl<K: fmt::Display> fmt::Debug for TypedKeyText<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}_{}_{}_…", self.kind, self.id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::kinds::attendance;

    fn a_key() -> impl Strategy<Value = KeyText> {
        let kind = proptest::sample::select(KeyKind::ALL.as_slice());
        let (id, secret) = (any::<[u8; ID]>(), any::<[u8; SECRET]>());
        (kind, id, secret).prop_map(|(kind, id, secret)| KeyText::new(kind, KeyId::from_random(id), secret))
    }

    #[test]
    fn a_key_shows_only_kind_and_id() {
        let key = KeyText::new(KeyKind::Test, KeyId::from_random([7; ID]), [9; SECRET]);
        assert_eq!(format!("{key:?}"), "crk_test_777777777777_…");
        assert!(key.expose().starts_with("crk_test_777777777777_99999999999999999999999999999999_"));
    }

    #[test]
    fn each_kind_of_key_has_its_deployment() {
        let admitted = |deployment: Deployment| KeyKind::ALL.map(|kind| deployment.admits(kind));
        assert_eq!(admitted(Deployment::Production), [true, true, false]);
        assert_eq!(admitted(Deployment::Sandbox), [false, true, true]);
    }

    #[test]
    fn scopes_are_written_and_read_back() {
        assert_eq!(Scopes::all().to_string().parse(), Ok(Scopes::all()));
        let some: Scopes = "summaries:read attendance:write".parse().unwrap();
        assert_eq!(some.to_string(), "attendance:write summaries:read");
        assert!(some.contains(Scope::SummariesRead) && !some.contains(Scope::StatementsRead(attendance::KIND)));
        assert_eq!("attendance:delete".parse::<Scopes>(), Err(KeyError::Scope));
    }

    proptest! {
        #[test]
        fn a_key_is_read_back(key in a_key()) {
            let read = KeyText::parse(key.expose()).unwrap();
            prop_assert_eq!((read.kind(), read.id(), &read), (key.kind(), key.id(), &key));
        }

        #[test]
        fn one_wrong_letter_is_always_noticed(key in a_key(), place: prop::sample::Index, letter in "[ -~]") {
            let mut text = key.expose().to_owned();
            let place = place.index(text.len());
            text.replace_range(place..=place, &letter);
            prop_assert!(text == key.expose() || KeyText::parse(&text).is_err());
        }

        #[test]
        fn swapped_neighbours_are_always_noticed(key in a_key(), place: prop::sample::Index) {
            let mut bytes = key.expose().as_bytes().to_vec();
            let place = place.index(bytes.len() - 1);
            bytes.swap(place, place + 1);
            let text = String::from_utf8(bytes).unwrap();
            prop_assert!(text == key.expose() || KeyText::parse(&text).is_err());
        }

        #[test]
        fn no_text_makes_the_reader_stumble(text in ".{0,80}") {
            let _ = KeyText::parse(&text);
        }
    }
}
