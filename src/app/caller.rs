//! The caller: an application with its key, or a logged-in user of the organiser.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::clocks::BusinessClock;
use crate::domain::actor::Actor;
use crate::domain::calls::CallReach;
use crate::domain::key::{KeyId, KeyKind, Scope, Scopes};
use crate::domain::reach::CrecheReach;
use crate::ids::{ApplicationId, CrecheId, OrganiserId, UserId, VerdictId};

/// An authenticated caller, for one organiser and some of its crèches.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The organiser.
    pub organiser: OrganiserId,
    /// The crèches within reach, for the present operation; `None` means all.
    pub creches: Option<Vec<CrecheId>>,
    /// What the caller may do everywhere within reach.
    pub scopes: Scopes,
    /// The application or user.
    pub who: Principal,
    /// The business time of the organiser.
    pub clock: BusinessClock,
    /// What came of the present call.
    pub outcome: CallOutcome,
}

/// What came of a call, for the log of requests. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct CallOutcome(Arc<Mutex<Option<VerdictId>>>);

impl CallOutcome {
    /// Records the verdict on the call's deposit: the last one, where it was validated again.
    pub(super) fn set_verdict(&self, id: VerdictId) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(id);
    }

    /// The verdict on the call's deposit. Where its write failed, there is none with this id.
    pub fn verdict(&self) -> Option<VerdictId> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The authenticated application or user.
#[derive(Debug, Clone)]
pub enum Principal {
    /// Software, by its key.
    Application(VerifiedKey),
    /// A user, by a session.
    Person(UserId),
}

/// The valid key of an application.
#[derive(Debug, Clone)]
pub struct VerifiedKey {
    /// The registered software.
    pub application: ApplicationId,
    /// The key's public id.
    pub key: KeyId,
    /// The kind of key.
    pub kind: KeyKind,
    /// Its rights.
    pub scopes: Scopes,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
    /// In how many days it expires, when that is soon enough for a notice.
    pub notice: Option<i64>,
    /// Whether the bodies of its calls are logged by leave of the organiser.
    pub logs_bodies: bool,
}

impl Caller {
    /// The crèches within reach, for the rule on overlaps between them.
    pub fn reach(&self) -> CrecheReach<'_> {
        self.creches.as_deref().map_or(CrecheReach::Every, CrecheReach::Only)
    }

    /// Whether this crèche is within reach.
    pub fn reaches(&self, creche: CrecheId) -> bool {
        self.reach().includes(creche)
    }

    /// Whether the caller has `scope` everywhere within reach.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(scope)
    }

    /// The application's key; `None` for a user.
    pub const fn verified_key(&self) -> Option<&VerifiedKey> {
        match &self.who {
            Principal::Application(shown) => Some(shown),
            Principal::Person(_) => None,
        }
    }

    /// The user; `None` for an application.
    pub const fn person(&self) -> Option<UserId> {
        match &self.who {
            Principal::Application(_) => None,
            Principal::Person(user) => Some(*user),
        }
    }

    /// The calls of software that the caller may see: a key its own and, with the right to follow what happens, those of its
    /// application within reach; a user all.
    pub fn call_reach(&self) -> CallReach {
        let Some(VerifiedKey { application, key, .. }) = self.verified_key().cloned() else {
            return CallReach::Organiser;
        };
        match &self.creches {
            _ if !self.may(Scope::EventsRead) => CallReach::Key { application, key, creches: Vec::new() },
            Some(creches) => CallReach::Key { application, key, creches: creches.clone() },
            None => CallReach::Application(application),
        }
    }

    /// Whether every operation is a dry run: so it is with a `trial` key.
    pub fn is_trial(&self) -> bool {
        self.verified_key().is_some_and(|shown| shown.kind == KeyKind::Trial)
    }

    /// The actor for the audit trail.
    pub fn actor(&self) -> Actor {
        match &self.who {
            Principal::Application(shown) => Actor::key(shown.key),
            Principal::Person(user) => Actor::person(*user),
        }
    }
}
