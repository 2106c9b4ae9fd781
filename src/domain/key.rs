//! API keys as the field speaks of them: kinds and scopes.

use std::fmt;
use std::str::FromStr;

/// What a key may do with the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// Writes in production.
    Live,
    /// Gets the true verdict in production and never writes.
    Trial,
    /// Works in a sandbox only.
    Test,
}

impl KeyKind {
    /// The word in the key's text.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Trial => "trial",
            Self::Test => "test",
        }
    }
}

macro_rules! scopes {
    ($($name:ident = $code:literal)+) => {
        /// A right that a key can have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the names say it all")]
        pub enum Scope { $($name),+ }

        impl Scope {
            /// Every scope.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name in keys and documents.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

scopes! {
    AttendanceRead = "attendance:read"
    AttendanceWrite = "attendance:write"
    SummariesRead = "summaries:read"
}

/// Not a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a scope")]
pub struct ScopeError;

impl FromStr for Scope {
    type Err = ScopeError;
    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::ALL.iter().copied().find(|scope| scope.code() == text).ok_or(ScopeError)
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Whether `scope` is in the set.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<_> = self.0.iter().map(|scope| scope.code()).collect();
        f.write_str(&codes.join(" "))
    }
}

/// The public part of a key's text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyId(pub String);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
