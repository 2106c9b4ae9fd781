//! The rights of a key.

use std::fmt;
use std::str::FromStr;

use super::KeyError;
use crate::domain::statement::StatementKind;

macro_rules! scopes {
    ($($(#[$doc:meta])* $scope:ident = $code:literal)+) => {
        /// One right of a key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scope {
            /// Read statements of a kind and what belongs to them.
            StatementsRead(StatementKind),
            /// Deposit statements of a kind and change what belongs to them.
            StatementsWrite(StatementKind),
            $($(#[$doc])* $scope,)+
            /// Sign reports: a right of persons, which no key has.
            ReportsSign,
        }

        /// The scopes that are not those of a kind of statement.
        const OTHERS: &[Scope] = &[$(Scope::$scope,)+];

        impl Scope {
            /// Its name in the API.
            pub const fn code(self) -> &'static str {
                match self {
                    Self::StatementsRead(kind) => kind.facts().read.code,
                    Self::StatementsWrite(kind) => kind.facts().write.code,
                    $(Self::$scope => $code,)+
                    Self::ReportsSign => "reports:sign",
                }
            }
        }
    };
}

scopes! {
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

/// How many scopes there are.
const COUNT: usize = 2 * StatementKind::ALL.len() + OTHERS.len();

/// Those of each kind of statement, then the others.
const ALL: [Scope; COUNT] = {
    let mut all = [Scope::StaffRead; COUNT];
    let (kinds, mut at) = (StatementKind::ALL, 0);
    while at < COUNT {
        all[at] = match (at / 2, at % 2) {
            (kind, 0) if kind < kinds.len() => Scope::StatementsRead(kinds[kind]),
            (kind, _) if kind < kinds.len() => Scope::StatementsWrite(kinds[kind]),
            _ => OTHERS[at - 2 * kinds.len()],
        };
        at += 1;
    }
    all
};

impl Scope {
    /// Every scope that a key may have.
    pub const ALL: &'static [Self] = &ALL;

    /// Those, and what only persons may have.
    fn every() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().chain([Self::ReportsSign])
    }

    /// Its bit in a set of scopes.
    fn bit(self) -> u32 {
        Self::every().zip(0..).find(|(scope, _)| *scope == self).map_or(0, |(_, at)| 1 << at)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Scope {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        Self::every().find(|scope| scope.code() == text).ok_or(KeyError::Scope)
    }
}

/// A set of scopes, written with spaces between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scopes(u32);

impl Scopes {
    /// Every scope that a key may have.
    pub fn all() -> Self {
        Scope::ALL.iter().copied().collect()
    }

    /// Those that are in both sets.
    #[must_use]
    pub const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether `scope` is among them.
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// The scopes, in the order of their table.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::every().filter(move |scope| self.contains(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | scope.bit()))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<_> = self.iter().map(Scope::code).collect();
        f.write_str(&codes.join(" "))
    }
}

impl FromStr for Scopes {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        text.split_whitespace().map(str::parse).collect()
    }
}
