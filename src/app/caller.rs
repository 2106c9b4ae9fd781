//! Who calls: an application with its key, or a person of the organiser who is logged in.

use jiff::Timestamp;

use super::clocks::BusinessClock;
use crate::domain::actor::Actor;
use crate::domain::key::{KeyId, KeyKind, Scope, Scopes};
use crate::domain::reach::CrecheReach;
use crate::ids::{ApplicationId, CrecheId, OrganiserId, UserId};

/// Somebody who was let in, for one organiser and some of its crèches.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whose data is within reach.
    pub organiser: OrganiserId,
    /// The crèches within reach, for what is being done; `None` means all.
    pub creches: Option<Vec<CrecheId>>,
    /// What the caller may do everywhere within reach.
    pub scopes: Scopes,
    /// Who it is.
    pub who: Principal,
    /// The business time of the organiser.
    pub clock: BusinessClock,
}

/// Who was let in.
#[derive(Debug, Clone)]
pub enum Principal {
    /// Software, by its key.
    Application(VerifiedKey),
    /// A person, by a session.
    Person(UserId),
}

/// The valid key that an application has shown.
#[derive(Debug, Clone)]
pub struct VerifiedKey {
    /// The registered software.
    pub application: ApplicationId,
    /// The key's public id.
    pub key: KeyId,
    /// What the key may do with the truth.
    pub kind: KeyKind,
    /// Its rights.
    pub scopes: Scopes,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// In how many days, when it stops soon enough to be told.
    pub notice: Option<i64>,
}

impl Caller {
    /// The crèches within reach, for the rule on what spans several of them.
    pub fn reach(&self) -> CrecheReach<'_> {
        self.creches.as_deref().map_or(CrecheReach::Every, CrecheReach::Only)
    }

    /// Whether this crèche is within reach.
    pub fn reaches(&self, creche: CrecheId) -> bool {
        self.reach().includes(creche)
    }

    /// Whether the caller may do what `scope` stands for, everywhere within reach.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(scope)
    }

    /// The key that was shown; `None` for a person.
    pub const fn verified_key(&self) -> Option<&VerifiedKey> {
        match &self.who {
            Principal::Application(shown) => Some(shown),
            Principal::Person(_) => None,
        }
    }

    /// The person; `None` for an application.
    pub const fn person(&self) -> Option<UserId> {
        match &self.who {
            Principal::Application(_) => None,
            Principal::Person(user) => Some(*user),
        }
    }

    /// Whether everything is only tried: so it is with a `trial` key.
    pub fn only_tries(&self) -> bool {
        self.verified_key().is_some_and(|shown| shown.kind == KeyKind::Trial)
    }

    /// As the audit trail names it.
    pub fn actor(&self) -> Actor {
        match &self.who {
            Principal::Application(shown) => Actor::key(shown.key),
            Principal::Person(user) => Actor::person(*user),
        }
    }
}
