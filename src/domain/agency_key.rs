//! Keys of the agency's own software (docs/domain.md, The agency's software). They are apart from the keys of organisers, and
//! have kinds and scopes of their own.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::codes::{UnknownCode, codes};
use super::key::{Deployment, TypedKeyText};

/// The most days for which a key is issued.
pub const MAX_DAYS: i32 = 366;
/// The longest name of a key, in characters.
pub const MAX_NAME: usize = 60;
/// The most ranges of addresses of a key.
pub const MAX_NETWORKS: usize = 50;

codes! {
    /// The kind of a key of the agency: where it works.
    pub enum AgencyKeyKind {
        /// In production.
        Production "agency";
        /// In a sandbox.
        Sandbox "agencytest";
    }
}

impl AgencyKeyKind {
    /// The kind that works in a deployment.
    pub const fn of(deployment: Deployment) -> Self {
        match deployment {
            Deployment::Production => Self::Production,
            Deployment::Sandbox => Self::Sandbox,
        }
    }
}

impl fmt::Display for AgencyKeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text of a key of the agency: `crk_agency_<public id>_<secret>_<check>`.
pub type AgencyKeyText = TypedKeyText<AgencyKeyKind>;

codes! {
    /// A right of a key of the agency.
    pub enum AgencyScope {
        /// Read claims, their lines and the feed of what is done to them.
        ClaimsRead "claims:read";
        /// Take claims up, answer them, write messages.
        ClaimsAnswer "claims:answer";
        /// Read payments of subsidies, and the feed of what is recorded and cancelled.
        PaymentsRead "payments:read";
        /// Record payments of subsidies, and cancel them.
        PaymentsWrite "payments:write";
    }
}

/// The rights of a key, written with spaces between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyScopes(Vec<AgencyScope>);

impl AgencyScopes {
    /// Whether `scope` is among them.
    pub fn contains(&self, scope: AgencyScope) -> bool {
        self.0.contains(&scope)
    }

    /// The scopes, in the order of their list.
    pub fn iter(&self) -> impl Iterator<Item = AgencyScope> {
        self.0.iter().copied()
    }
}

impl FromIterator<AgencyScope> for AgencyScopes {
    fn from_iter<I: IntoIterator<Item = AgencyScope>>(scopes: I) -> Self {
        let mut scopes: Vec<_> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }
}

impl fmt::Display for AgencyScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" "))
    }
}

impl FromStr for AgencyScopes {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        text.split_whitespace().map(str::parse).collect()
    }
}

/// Why a key is not issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AgencyKeyFault {
    /// It has no name, or a longer one than [`MAX_NAME`].
    #[error("the name of a key has 1 to {MAX_NAME} characters")]
    Name,
    /// It has no scope.
    #[error("the key needs a scope: claims:read, claims:answer, payments:read or payments:write")]
    NoScope,
    /// It names no range of addresses, or more than [`MAX_NETWORKS`].
    #[error("the key needs 1 to {MAX_NETWORKS} ranges of addresses that it works from")]
    Networks,
    /// Its last day is past, or is more than [`MAX_DAYS`] days ahead.
    #[error("the last day of the key is today or one of the {MAX_DAYS} days after it")]
    LastDay,
}

/// Checks what is asked for a new key.
///
/// # Errors
/// The first fault.
pub fn check_new_key(
    name: &str,
    (scopes, networks): (&AgencyScopes, usize),
    (last_day, today): (Date, Date),
) -> Result<(), AgencyKeyFault> {
    if name.trim() != name || !(1..=MAX_NAME).contains(&name.chars().count()) {
        return Err(AgencyKeyFault::Name);
    }
    if scopes.iter().next().is_none() {
        return Err(AgencyKeyFault::NoScope);
    }
    if !(1..=MAX_NETWORKS).contains(&networks) {
        return Err(AgencyKeyFault::Networks);
    }
    let latest = today.saturating_add(MAX_DAYS.days());
    if (today..=latest).contains(&last_day) { Ok(()) } else { Err(AgencyKeyFault::LastDay) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::{AgencyKeyFault, AgencyKeyKind, AgencyKeyText, AgencyScope, AgencyScopes, check_new_key};
    use crate::domain::key::{Deployment, KeyId, KeyText};

    #[test]
    fn keys_of_the_agency_and_of_organisers_are_read_apart() {
        for deployment in [Deployment::Production, Deployment::Sandbox] {
            let kind = AgencyKeyKind::of(deployment);
            let text = AgencyKeyText::new(kind, KeyId::from_random([7; 12]), [9; 32]);
            assert!(text.expose().starts_with(&format!("crk_{kind}_777777777777_")));
            assert_eq!(AgencyKeyText::parse(text.expose()).map(|text| text.kind()), Ok(kind));
            assert!(KeyText::parse(text.expose()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_key_has_a_name_scopes_addresses_and_an_end() {
        let scopes: AgencyScopes = "claims:answer claims:read claims:read".parse().unwrap();
        assert_eq!(scopes.to_string(), "claims:read claims:answer");
        let none = AgencyScopes::from_iter([]);
        let today = date(2026, 10, 12);
        let check = |name: &str, scopes: &AgencyScopes, networks: usize, last: Date| {
            check_new_key(name, (scopes, networks), (last, today)).err()
        };
        assert_eq!(check("Back-office", &scopes, 1, today), None);
        assert_eq!(check("Back-office", &scopes, 50, date(2027, 10, 13)), None);
        assert_eq!(check("", &scopes, 1, today), Some(AgencyKeyFault::Name));
        assert_eq!(check(&"é".repeat(61), &scopes, 1, today), Some(AgencyKeyFault::Name));
        assert_eq!(check("B", &none, 1, today), Some(AgencyKeyFault::NoScope));
        assert_eq!(check("B", &scopes, 0, today), Some(AgencyKeyFault::Networks));
        assert_eq!(check("B", &scopes, 51, today), Some(AgencyKeyFault::Networks));
        assert_eq!(check("B", &scopes, 1, date(2026, 10, 11)), Some(AgencyKeyFault::LastDay));
        assert_eq!(check("B", &scopes, 1, date(2027, 10, 14)), Some(AgencyKeyFault::LastDay));
        assert!(scopes.contains(AgencyScope::ClaimsAnswer) && !none.contains(AgencyScope::ClaimsRead));
    }
}
