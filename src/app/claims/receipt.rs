//! The receipt of a signature: the signed document, its SHA-256, and a detached JWS (RFC 7515, RFC 7797) of that hash by an
//! Ed25519 key of the gateway. Whoever has the public keys can check it without the gateway.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::error::InternalError;
use crate::domain::claim::ClaimDocument;
use crate::ingest::canonical::canonical_json;
use crate::seal::{PublicReceiptKey, ReceiptKey, sha256_hex};

/// A receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receipt {
    /// The signed document.
    pub document: ClaimDocument,
    /// The SHA-256 of its canonical JSON, in hexadecimal: what is signed.
    pub sha256: String,
    /// The signature: protected header, nothing, signature, with dots between them.
    pub jws: String,
}

/// A public key that receipts are checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// Its id.
    pub id: String,
    /// The key.
    pub key: PublicReceiptKey,
}

/// What is wrong with a receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptFault {
    /// It is not a receipt.
    #[error("unreadable: {0}")]
    Unreadable(String),
    /// The document is not the one whose hash is signed.
    #[error("the hash does not match the document: the document was altered")]
    Hash,
    /// It was signed with a key that is not among the trusted ones.
    #[error("unknown key {0}: it was signed by another gateway, or the key set is out of date")]
    UnknownKey(String),
    /// The signature is not one of the hash.
    #[error("the signature does not match: it was altered, or made for something else")]
    Signature,
}

impl Receipt {
    /// Signs a document.
    pub(super) fn sign(document: ClaimDocument, key: &ReceiptKey) -> Result<Self, InternalError> {
        let sha256 = sha256_hex(&canonical_json(&document)?);
        let header = protected_header(&key.public().id());
        let signature = BASE64_URL_SAFE_NO_PAD.encode(key.sign(&signing_input(&header, &sha256)));
        Ok(Self { document, sha256, jws: format!("{header}..{signature}") })
    }

    /// The text that is handed out.
    pub fn text(&self) -> Result<Vec<u8>, InternalError> {
        Ok(canonical_json(self)?)
    }
}

/// The protected header: the payload is the text of the hash as it is, not in base64 (RFC 7797).
fn protected_header(key: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"{key}"}}"#))
}

fn signing_input(header: &str, sha256: &str) -> Vec<u8> {
    format!("{header}.{sha256}").into_bytes()
}

/// The members of a receipt, with the document as it stands in the text.
#[derive(Deserialize)]
struct ReceiptMembers {
    document: Value,
}

/// The member of the header that names the key.
#[derive(Deserialize)]
struct HeaderMembers {
    kid: String,
}

/// Checks a receipt: form, hash of the document, key, signature.
pub fn verify(text: &[u8], trusted: &[TrustedKey]) -> Result<Receipt, ReceiptFault> {
    let unreadable = |error: serde_json::Error| ReceiptFault::Unreadable(error.to_string());
    // Parsed twice: into its type, which refuses unknown and repeated members, and as it stands, for the hash.
    let receipt: Receipt = serde_json::from_slice(text).map_err(unreadable)?;
    let ReceiptMembers { document } = serde_json::from_slice(text).map_err(unreadable)?;
    if sha256_hex(&canonical_json(&document).map_err(unreadable)?) != receipt.sha256 {
        return Err(ReceiptFault::Hash);
    }
    let detached = || ReceiptFault::Unreadable("jws is no detached signature".to_owned());
    let (header, signature) = receipt.jws.split_once("..").ok_or_else(detached)?;
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(header).map_err(|_| detached())?;
    let HeaderMembers { kid } = serde_json::from_slice(&decoded).map_err(unreadable)?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| ReceiptFault::Signature)?;
    let known = trusted.iter().find(|key| key.id == kid).ok_or_else(|| ReceiptFault::UnknownKey(kid.clone()))?;
    let is_signed = known.key.verifies(&signing_input(header, &receipt.sha256), &signature);
    if header == protected_header(&kid) && is_signed { Ok(receipt) } else { Err(ReceiptFault::Signature) }
}
