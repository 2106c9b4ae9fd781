//! Signed JSON for third parties: a JWS in its compact form (RFC 7515) by an Ed25519 key of the gateway.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde::Deserialize;
use serde_json::json;

use crate::seal::{PublicReceiptKey, ReceiptKey};

/// What is wrong with a signed text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsFault {
    /// It is not of this form.
    #[error("unreadable: it is no signed text of this kind")]
    Unreadable,
    /// It was signed with a key that is not among the trusted ones.
    #[error("unknown key {0}: it was signed by another gateway, or the key set is out of date")]
    UnknownKey(String),
    /// The signature is not one of the content.
    #[error("the signature does not match: the text was altered")]
    Signature,
}

/// The protected header.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
}

/// Signs a content; `typ` says of what kind it is, so that one kind is never taken for another.
pub fn sign(typ: &str, content: &[u8], key: &ReceiptKey) -> String {
    let header = json!({ "alg": "EdDSA", "kid": key.public().id(), "typ": typ }).to_string();
    let input = [header.as_bytes(), content].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part)).join(".");
    let signature = BASE64_URL_SAFE_NO_PAD.encode(key.sign(input.as_bytes()));
    format!("{input}.{signature}")
}

/// The content of a signed text of this kind, if one of the keys has signed it.
pub fn verify(typ: &str, text: &str, keys: &[&PublicReceiptKey]) -> Result<Vec<u8>, JwsFault> {
    let (input, signature) = text.trim().rsplit_once('.').ok_or(JwsFault::Unreadable)?;
    let (header, content) = input.split_once('.').ok_or(JwsFault::Unreadable)?;
    let decoded = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsFault::Unreadable);
    let Header { alg, kid, typ: found } =
        serde_json::from_slice(&decoded(header)?).map_err(|_| JwsFault::Unreadable)?;
    if alg != "EdDSA" || found != typ {
        return Err(JwsFault::Unreadable);
    }
    let key = keys.iter().find(|key| key.id() == kid).ok_or(JwsFault::UnknownKey(kid))?;
    let content = decoded(content)?;
    let signature = decoded(signature).map_err(|_| JwsFault::Signature)?;
    if key.verifies(input.as_bytes(), &signature) { Ok(content) } else { Err(JwsFault::Signature) }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn what_is_altered_or_of_another_kind_does_not_verify() {
        let key = ReceiptKey::from_seed(&Zeroizing::new([7; 32]));
        let (public, other) = (key.public(), ReceiptKey::from_seed(&Zeroizing::new([8; 32])).public());
        let text = sign("certificate", b"{\"a\":1}", &key);
        assert_eq!(verify("certificate", &text, &[&other, &public]), Ok(b"{\"a\":1}".to_vec()));
        assert_eq!(verify("certificate", &text, &[&other]), Err(JwsFault::UnknownKey(public.id())));
        assert_eq!(verify("receipt", &text, &[&public]), Err(JwsFault::Unreadable));
        let [header, content, signature]: [&str; 3] = text.split('.').collect::<Vec<_>>().try_into().unwrap();
        let altered = format!("{header}.{}.{signature}", BASE64_URL_SAFE_NO_PAD.encode("{\"a\":2}"));
        assert_eq!(verify("certificate", &altered, &[&public]), Err(JwsFault::Signature));
        assert_eq!(verify("certificate", &format!("{header}.{content}.AA"), &[&public]), Err(JwsFault::Signature));
        assert_eq!(verify("certificate", "nothing", &[&public]), Err(JwsFault::Unreadable));
    }
}
