//! A user before validation, from a form or as JSON: a new one, or a change of one.

use serde::Serialize;

use super::{FILES, Profile};
use crate::domain::key::Scope;
use crate::domain::person::{Email, Name, SsinText};
use crate::domain::raw::{Flag, List, Raw, record};
use crate::ids::CrecheId;

/// The most crèches that rights can be given for at once.
pub const MAX_CRECHES: usize = 500;

record! {
    /// A user to be added.
    pub struct RawUser {
        /// Given name.
        required given_name "givenName": Name,
        /// Family name.
        required family_name "familyName": Name,
        /// Professional e-mail address.
        required email "email": Email,
        /// National or bis number.
        required ssin "ssin": SsinText,
        /// The profile.
        required profile "profile": Profile,
        /// The rights by crèche.
        optional rights "rights": List<RawRight, MAX_CRECHES>,
        /// The certification that the person agrees.
        required consent_certified "consentCertified": bool,
    }
}

record! {
    /// A change of a user; absent properties are unchanged.
    pub struct RawChange {
        /// Given name.
        optional given_name "givenName": Name,
        /// Family name.
        optional family_name "familyName": Name,
        /// Professional e-mail address.
        optional email "email": Email,
        /// The profile.
        optional profile "profile": Profile,
        /// The rights by crèche, replaced as a whole.
        optional rights "rights": List<RawRight, MAX_CRECHES>,
        /// Whether the person may log in.
        optional active "active": Flag,
    }
}

/// How many scopes the levels of all files have: one file can be signed.
const LEVELS: usize = 2 * FILES.len() + 1;

record! {
    /// The rights in one crèche.
    pub struct RawRight {
        /// The crèche.
        required creche "crecheId": CrecheId,
        /// The rights.
        required scopes "scopes": List<FileScope, LEVELS>,
    }
}

/// The right to read, write or sign a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileScope(pub Scope);

impl Serialize for FileScope {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}

impl Raw for Profile {
    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Raw for FileScope {
    fn from_text(text: &str) -> Option<Self> {
        let scope = text.parse().ok()?;
        FILES.iter().any(|file| file.levels().any(|level| level == scope)).then_some(Self(scope))
    }
}
