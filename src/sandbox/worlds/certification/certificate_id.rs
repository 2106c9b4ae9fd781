//! The id of a certificate.

use serde::{Deserialize, Serialize};

use crate::random;

/// The id of a certificate: random, in hexadecimal. Who does not have it does not find a certificate that is not listed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct CertificateId(String);

/// How many digits an id has.
const DIGITS: usize = 32;

impl CertificateId {
    /// A new id.
    pub(super) fn generate() -> Self {
        Self(format!("{:032x}", u128::from_ne_bytes(random::bytes())))
    }
}

impl TryFrom<String> for CertificateId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == DIGITS && text.bytes().all(is_digit) { Ok(Self(text)) } else { Err("no id of a certificate") }
    }
}

impl From<CertificateId> for String {
    fn from(id: CertificateId) -> Self {
        id.0
    }
}

impl std::fmt::Display for CertificateId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
