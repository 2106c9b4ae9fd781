//! What a key may do.

use std::fmt;
use std::str::FromStr;

use super::KeyError;

macro_rules! scopes {
    ($($(#[$doc:meta])* $scope:ident = $code:literal)+) => {
        /// One thing a key may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scope { $($(#[$doc])* $scope,)+ }

        impl Scope {
            /// Every scope.
            pub const ALL: &'static [Self] = &[$(Self::$scope,)+];

            /// Its name in the API.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$scope => $code,)+ }
            }
        }
    };
}

scopes! {
    /// Read attendance statements, closures and templates.
    AttendanceRead = "attendance:read"
    /// Deposit attendance statements and replace closures.
    AttendanceWrite = "attendance:write"
    /// Read medical statements and doctors.
    MedicalRead = "medical:read"
    /// Deposit medical statements and register doctors.
    MedicalWrite = "medical:write"
    /// Read staff members.
    StaffRead = "staff:read"
    /// Change staff members.
    StaffWrite = "staff:write"
    /// Read summaries.
    SummariesRead = "summaries:read"
    /// Read the feed of events.
    EventsRead = "events:read"
    /// Manage webhook endpoints.
    WebhooksManage = "webhooks:manage"
    /// Read the documents of staff members.
    StaffDocumentsRead = "staffDocuments:read"
    /// Add documents of staff members.
    StaffDocumentsWrite = "staffDocuments:write"
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Scope {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::ALL.iter().copied().find(|scope| scope.code() == text).ok_or(KeyError::Scope)
    }
}

/// What a key may do: a set of scopes, written with spaces between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u32);

impl Scopes {
    /// Everything.
    pub fn all() -> Self {
        Scope::ALL.iter().copied().collect()
    }

    /// Those that are in both sets.
    #[must_use]
    pub const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether `scope` is among them.
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u32) != 0
    }

    /// The scopes, in the order of their table.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.contains(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | 1 << scope as u32))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<_> = self.iter().map(Scope::code).collect();
        f.write_str(&codes.join(" "))
    }
}

/// Scopes that earlier versions stored although no operation asked for them. They are passed over.
const WITHOUT_OPERATIONS: [&str; 2] = ["reports:read", "reports:write"];

impl FromStr for Scopes {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        text.split_whitespace().filter(|code| !WITHOUT_OPERATIONS.contains(code)).map(str::parse).collect()
    }
}
