//! Verifies the signature of a message with a key, as a receiver does (Standard Webhooks 1.0.0) and without the code that
//! signs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use ring::signature::{ED25519, UnparsedPublicKey};

use super::boxes::ReceivedMessage;
use crate::words::{self, LocalText};

/// How far a message's timestamp may be off.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The result of a verification.
pub(super) enum SignatureVerdict {
    /// It verifies.
    Good,
    /// It does not, and why.
    Bad(LocalText),
}

impl SignatureVerdict {
    /// Why it does not verify.
    pub(super) const fn failure_words(&self) -> Option<LocalText> {
        match self {
            Self::Good => None,
            Self::Bad(why) => Some(*why),
        }
    }
}

const NO_KEY: LocalText = words::sandbox_inspector::NO_KEY;
const NO_HEADERS: LocalText = words::sandbox_inspector::NO_HEADERS;
const TIMESTAMP_OFF: LocalText = words::sandbox_inspector::OFF;
const WRONG: LocalText = words::sandbox_inspector::WRONG;

/// Verifies a message.
pub(super) fn verify(key: &str, arrival: &ReceivedMessage) -> SignatureVerdict {
    let header = |name: &str| arrival.headers.get(name).and_then(|value| value.to_str().ok());
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let [Some(id), Some(second), Some(signatures)] = names.map(header) else {
        return SignatureVerdict::Bad(NO_HEADERS);
    };
    let sent_at = second.parse().ok().and_then(|second| Timestamp::from_second(second).ok());
    if sent_at.is_none_or(|sent_at| arrival.at.duration_since(sent_at).abs() > TOLERANCE) {
        return SignatureVerdict::Bad(TIMESTAMP_OFF);
    }
    let content = [format!("{id}.{second}.").as_bytes(), &arrival.body].concat();
    let Some(check) = check(key) else { return SignatureVerdict::Bad(NO_KEY) };
    let decoded = signatures.split(' ').filter_map(|signature| {
        let (version, text) = signature.split_once(',')?;
        Some((version, STANDARD.decode(text).ok()?))
    });
    let good = decoded.into_iter().any(|(version, signature)| check(version, &content, &signature));
    if good { SignatureVerdict::Good } else { SignatureVerdict::Bad(WRONG) }
}

/// Checks a signature of some version over some content.
type SignatureCheck = Box<dyn Fn(&str, &[u8], &[u8]) -> bool>;

/// The check for a key; `None` when it is no valid key.
fn check(key: &str) -> Option<SignatureCheck> {
    let bytes = |text: &str| STANDARD.decode(text).ok();
    if let Some(secret) = key.strip_prefix("whsec_").and_then(bytes) {
        let secret = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let check = move |version: &str, content: &[u8], signature: &[u8]| {
            version == "v1" && hmac::verify(&secret, content, signature).is_ok()
        };
        return Some(Box::new(check));
    }
    let public = UnparsedPublicKey::new(&ED25519, key.strip_prefix("whpk_").and_then(bytes)?);
    let check = move |version: &str, content: &[u8], signature: &[u8]| {
        version == "v1a" && public.verify(content, signature).is_ok()
    };
    Some(Box::new(check))
}
