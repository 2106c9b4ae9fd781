//! Faults of the configuration, as sentences for the operator.

use std::fmt;
use std::path::Path;

use figment::error::Kind;
use figment::{Figment, Metadata};

/// Settings whose value is never repeated.
const SECRETS: [&str; 4] = ["security.masterKey", "security.previousMasterKey", "database.url", "login.clientSecret"];

/// One setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFault {
    setting: String,
    wrong: String,
    write: String,
    source: Option<String>,
}

impl ConfigFault {
    /// `setting` has this fault; `write` is the repair.
    pub(super) fn new(setting: impl Into<String>, wrong: impl Into<String>, write: impl Into<String>) -> Self {
        Self { setting: setting.into(), wrong: wrong.into(), write: write.into(), source: None }
    }
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.setting, self.wrong)?;
        if let Some(source) = &self.source {
            write!(f, " (from {source})")?;
        }
        write!(f, ": {}", self.write)
    }
}

/// Everything that is wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Vec<ConfigFault>);

impl Error {
    /// The faults, each with the source of its setting.
    pub(super) fn new(mut faults: Vec<ConfigFault>, figment: &Figment) -> Self {
        for fault in &mut faults {
            fault.source = figment.find_metadata(&fault.setting).and_then(source);
        }
        Self(faults)
    }

    /// The given file does not exist.
    pub(super) fn no_file(file: &Path) -> Self {
        Self(vec![ConfigFault::new(file.display().to_string(), "is not a file", "give --config the path of a file")])
    }

    /// Every fault.
    pub fn faults(&self) -> &[ConfigFault] {
        &self.0
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration cannot be used")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  - {fault}"))
    }
}

impl From<figment::Error> for Error {
    fn from(error: figment::Error) -> Self {
        Self(error.into_iter().map(fault_of).collect())
    }
}

/// The source of a value, when it is not one of the defaults.
fn source(metadata: &Metadata) -> Option<String> {
    match &metadata.source {
        Some(figment::Source::File(path)) => Some(path.display().to_string()),
        Some(figment::Source::Custom(name)) => Some(name.clone()),
        _ => None,
    }
}

/// A parse error as a sentence.
fn fault_of(error: figment::Error) -> ConfigFault {
    let path = error.path.join(".");
    let secret = SECRETS.iter().any(|secret| *secret == path || secret.starts_with(&format!("{path}.")));
    let (setting, wrong, write) = match error.kind {
        Kind::UnknownField(name, allowed) => {
            let allowed = format!("use one of {}", allowed.join(", "));
            (
                if path.ends_with(&name) { path } else { joined_path(&path, &name) },
                "is not a setting".to_owned(),
                allowed,
            )
        }
        Kind::MissingField(name) => (joined_path(&path, &name), "is missing".to_owned(), "give it a value".to_owned()),
        Kind::UnknownVariant(value, allowed) => {
            (path, format!("cannot be “{value}”"), format!("write one of {}", allowed.join(", ")))
        }
        _ if secret => (path, "is not text".to_owned(), "write it between quotes".to_owned()),
        Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected) => {
            (path, format!("is {found}"), format!("write {expected}"))
        }
        Kind::Message(message) => {
            (path, format!("cannot be read ({})", message.trim()), "see default.toml for its form".to_owned())
        }
        other => (path, format!("cannot be read ({other})"), "see default.toml for its form".to_owned()),
    };
    let setting = if setting.is_empty() { "the file".to_owned() } else { setting };
    ConfigFault { setting, wrong, write, source: error.metadata.as_ref().and_then(source) }
}

fn joined_path(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
