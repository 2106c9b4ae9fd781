//! One environment variable as a source of configuration.

use figment::value::{Dict, Map, Value};
use figment::{Error, Metadata, Profile, Provider, Source};

/// The prefix of the gateway's environment variables.
const PREFIX: &str = "PASSERELLE_";
/// Variables with the prefix that are not settings.
const NOT_SETTINGS: [&str; 3] = ["config", "operator", "test"];
/// Settings that are text even when they look like a number.
const TEXTS: [&str; 6] = [
    "database.url",
    "security.masterKey",
    "security.previousMasterKey",
    "login.clientId",
    "login.clientSecret",
    "login.strong",
];

/// A variable for a setting.
pub(super) struct Variable {
    name: String,
    setting: String,
    value: String,
}

impl Variable {
    /// The setting that a variable is for: `PASSERELLE_LIMITS__BODY_BYTES` is `limits.bodyBytes`.
    pub(super) fn new(name: String, value: String) -> Option<Self> {
        let path = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
        if NOT_SETTINGS.contains(&path.split('_').next().unwrap_or_default()) {
            return None;
        }
        let setting = path.split("__").map(camel).collect::<Vec<_>>().join(".");
        Some(Self { name, setting, value })
    }
}

/// `body_bytes` as `bodyBytes`.
fn camel(level: &str) -> String {
    let mut words = level.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, tail) = word.split_at_checked(1).unwrap_or((word, ""));
        name + &head.to_ascii_uppercase() + tail
    })
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::from("environment variable", Source::Custom(self.name.clone()))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let read = || self.value.parse().unwrap_or_else(|never| match never {});
        let value = if TEXTS.contains(&self.setting.as_str()) { Value::from(self.value.clone()) } else { read() };
        let nested = figment::util::nest(&self.setting, value).into_dict().unwrap_or_default();
        Ok(Map::from([(Profile::Default, nested)]))
    }
}
