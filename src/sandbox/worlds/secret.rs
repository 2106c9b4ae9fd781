//! The secret of a world: who has it may manage the world and open its pages.

use std::fmt;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use subtle::ConstantTimeEq as _;

use crate::random;
use crate::seal;

/// What every secret begins with.
const PREFIX: &str = "world_";
/// How many signs follow: 32 bytes in base64url.
const SIGNS: usize = 43;

/// The text of a secret.
#[derive(Clone)]
pub(crate) struct WorldSecret(String);

impl fmt::Debug for WorldSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WorldSecret")
    }
}

impl WorldSecret {
    /// A new secret.
    pub(crate) fn generate() -> Self {
        Self(format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>())))
    }

    /// Reads a secret; `None` where the text has not its form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_');
        (rest.len() == SIGNS && rest.bytes().all(is_sign)).then(|| Self(text.to_owned()))
    }

    /// The text itself.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub(crate) fn hash(&self) -> String {
        seal::hex(&seal::digest(&self.0))
    }

    /// Whether this hash is that of the secret.
    pub(crate) fn has_hash(&self, hash: &str) -> bool {
        bool::from(self.hash().as_bytes().ct_eq(hash.as_bytes()))
    }
}
