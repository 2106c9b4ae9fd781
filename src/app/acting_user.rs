//! A user of an organiser who is logged in and acts for it.

use super::caller::{CallOutcome, Caller, Principal};
use super::clocks::BusinessClock;
use crate::domain::actor::Actor;
use crate::domain::key::Scope;
use crate::domain::user::{Mandate, Reach};
use crate::ids::{CrecheId, OrganiserId, UserId};

/// A logged-in user.
#[derive(Debug, Clone)]
pub struct ActingUser {
    /// The organiser that the user acts for.
    pub organiser: OrganiserId,
    /// The organiser's name.
    pub legal_name: String,
    /// The user's id.
    pub user: UserId,
    /// What the user may do.
    pub mandate: Mandate,
    /// The business time of the organiser.
    pub clock: BusinessClock,
}

impl ActingUser {
    /// The user as a caller with the right `scope`; `None` where the user has it in no crèche.
    pub fn caller(&self, scope: Scope) -> Option<Caller> {
        self.as_caller_within(self.mandate.reach(scope))
    }

    /// The user as a caller within every crèche in which it has any right; `None` for a user without rights in any crèche.
    pub fn caller_anywhere(&self) -> Option<Caller> {
        self.as_caller_within(self.mandate.anywhere())
    }

    /// The user as a caller for what concerns the organiser as a whole.
    pub fn as_organiser_caller(&self) -> Caller {
        self.as_caller_of(None)
    }

    /// The actor for the audit trail.
    pub fn actor(&self) -> Actor {
        Actor::person(self.user)
    }

    fn as_caller_within(&self, reach: Reach) -> Option<Caller> {
        let creches = match reach {
            Reach::All => None,
            Reach::Some(creches) => Some(creches),
            Reach::None => return None,
        };
        Some(self.as_caller_of(creches))
    }

    fn as_caller_of(&self, creches: Option<Vec<CrecheId>>) -> Caller {
        let everywhere = |scope: &Scope| match (self.mandate.reach(*scope), &creches) {
            (Reach::All, _) => true,
            (Reach::Some(granted), Some(creches)) => creches.iter().all(|creche| granted.contains(creche)),
            (Reach::Some(_) | Reach::None, _) => false,
        };
        let scopes = Scope::ALL.iter().copied().filter(everywhere).collect();
        Caller {
            organiser: self.organiser,
            creches,
            scopes,
            who: Principal::Person(self.user),
            clock: self.clock.clone(),
            outcome: CallOutcome::default(),
        }
    }
}
