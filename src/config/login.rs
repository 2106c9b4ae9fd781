//! The log-in provider.

use serde::{Deserialize, Deserializer};
use url::{Host, Url};

use super::{ConfigFault, Secret};

/// The log-in provider, and the names of its claims.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Login {
    /// Its issuer, exactly as in its metadata.
    pub issuer: String,
    /// The client id that it gave the gateway.
    pub client_id: String,
    /// The client secret, unless the provider relies on PKCE alone.
    pub client_secret: Option<Secret>,
    /// The scopes that are requested besides `openid`.
    #[serde(default = "profile", deserialize_with = "comma_separated")]
    pub scopes: Vec<String>,
    /// The claim with the SSIN.
    pub ssin_claim: String,
    /// The claim with the given name.
    #[serde(default = "given_name")]
    pub given_name_claim: String,
    /// The claim with the family name.
    #[serde(default = "family_name")]
    pub family_name_claim: String,
    /// The claim with the level of authentication.
    #[serde(default = "acr")]
    pub assurance_claim: String,
    /// The levels that are strong enough.
    #[serde(deserialize_with = "comma_separated")]
    pub strong: Vec<String>,
}

impl Login {
    /// The settings that can be parsed but are not valid.
    pub(super) fn faults(&self) -> Vec<ConfigFault> {
        let checks = [
            (
                is_issuer(&self.issuer),
                "login.issuer",
                "is not an encrypted address",
                "write it as the provider does, without query: \"https://login.example/oidc\"",
            ),
            (!self.client_id.is_empty(), "login.clientId", "is empty", "write the name that the provider gave you"),
            (
                self.client_secret.as_ref().is_none_or(|secret| !secret.expose().is_empty()),
                "login.clientSecret",
                "is empty",
                "write the secret that the provider gave you, or leave the setting out if it gave none",
            ),
            (!self.ssin_claim.is_empty(), "login.ssinClaim", "is empty", "write the claim that tells the SSIN"),
            (
                !self.strong.is_empty(),
                "login.strong",
                "names no level, so nobody could log in",
                "write the levels that the provider tells for eID and itsme",
            ),
        ];
        let wrong = checks.into_iter().filter(|(right, ..)| !right);
        wrong.map(|(_, setting, wrong, write)| ConfigFault::new(setting, wrong, write)).collect()
    }
}

/// An `https` address, or an `http` one of this machine.
fn is_issuer(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    plain && (url.scheme() == "https" || (url.scheme() == "http" && here))
}

fn profile() -> Vec<String> {
    vec!["profile".to_owned()]
}

fn given_name() -> String {
    "given_name".to_owned()
}

fn family_name() -> String {
    "family_name".to_owned()
}

fn acr() -> String {
    "acr".to_owned()
}

/// One or several texts, as a list or as one text separated by commas.
pub(super) fn comma_separated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Listed {
        Text(String),
        List(Vec<String>),
    }
    let texts = match Listed::deserialize(deserializer)? {
        Listed::Text(text) => text.split(',').map(|part| part.trim().to_owned()).collect(),
        Listed::List(list) => list,
    };
    Ok(texts.into_iter().filter(|text: &String| !text.is_empty()).collect())
}
