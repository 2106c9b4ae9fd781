//! The states of a claim: the report of a quarter once it is signed (docs/domain.md, Activity report). One table says which
//! act leads from which state to which, and who may do it.

use crate::domain::codes::codes;

codes! {
    /// The state of a claim.
    pub enum ClaimState with codes_claim {
        /// Not signed yet.
        Draft "draft";
        /// Signed: its months accept corrections with a reason only.
        Signed "signed";
        /// An agent examines it.
        TakenUp "takenUp";
        /// The agency asks for a correction, whose difference is to be signed.
        Returned "returned";
        /// The agency accepts it.
        Accepted "accepted";
        /// The agency accepts it, with remarks.
        AcceptedWithRemarks "acceptedWithRemarks";
        /// The agency refuses it, for good.
        Refused "refused";
        /// The organiser withdrew its signature: it can be changed and signed again.
        Withdrawn "withdrawn";
    }
}

codes! {
    /// An act on a claim.
    pub enum ClaimAct with codes_claim {
        /// Signs the report or, once it is signed, what has changed since.
        Sign "sign";
        /// Withdraws the signature.
        Withdraw "withdraw";
        /// Begins to examine it.
        TakeUp "takeUp";
        /// Asks for a correction.
        Return "return";
        /// Accepts it.
        Accept "accept";
        /// Accepts it with remarks.
        AcceptWithRemarks "acceptWithRemarks";
        /// Refuses it.
        Refuse "refuse";
    }
}

codes! {
    /// What became of a signature.
    pub enum SignatureStanding {
        /// It is the latest of its claim.
        Current "current";
        /// A later one signs what changed.
        Replaced "replaced";
        /// It was withdrawn.
        Withdrawn "withdrawn";
    }
}

/// Who does an act. Software does none: a key cannot sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimRole {
    /// A person of the organiser with the right to sign.
    Signer,
    /// An agent of the agency.
    Agent,
}

/// The acts that lead from one state to another. A claim that an agent has taken up once cannot be withdrawn any more.
const TRANSITIONS: &[(ClaimState, ClaimAct, ClaimState)] = {
    use ClaimAct::{Accept, AcceptWithRemarks, Refuse, Return, Sign, TakeUp, Withdraw};
    use ClaimState::{Accepted, AcceptedWithRemarks, Draft, Refused, Returned, Signed, TakenUp, Withdrawn};
    &[
        (Draft, Sign, Signed),
        (Withdrawn, Sign, Signed),
        (Signed, Sign, Signed),
        (TakenUp, Sign, TakenUp),
        (Returned, Sign, Signed),
        (Accepted, Sign, Signed),
        (AcceptedWithRemarks, Sign, Signed),
        (Signed, Withdraw, Withdrawn),
        (Signed, TakeUp, TakenUp),
        (TakenUp, Return, Returned),
        (TakenUp, Accept, Accepted),
        (TakenUp, AcceptWithRemarks, AcceptedWithRemarks),
        (TakenUp, Refuse, Refused),
    ]
};

impl ClaimAct {
    /// Who does it.
    pub const fn role(self) -> ClaimRole {
        match self {
            Self::Sign | Self::Withdraw => ClaimRole::Signer,
            Self::TakeUp | Self::Return | Self::Accept | Self::AcceptWithRemarks | Self::Refuse => ClaimRole::Agent,
        }
    }

    /// Whether it needs a reason in words.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Withdraw | Self::Return | Self::AcceptWithRemarks | Self::Refuse)
    }
}

impl ClaimState {
    /// Whether the months of the quarter accept corrections with a reason only.
    pub const fn is_frozen(self) -> bool {
        !matches!(self, Self::Draft | Self::Withdrawn)
    }

    /// Whether it waits for the agency.
    pub const fn awaits_agency(self) -> bool {
        matches!(self, Self::Signed | Self::TakenUp)
    }
}

/// Where a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimStanding {
    /// The state.
    pub state: ClaimState,
    /// Whether an agent has taken it up, now or before.
    pub was_taken_up: bool,
}

impl Default for ClaimStanding {
    fn default() -> Self {
        Self { state: ClaimState::Draft, was_taken_up: false }
    }
}

impl ClaimStanding {
    /// Where it stands after an act of a role; `None` where that role may not do it in this state.
    #[must_use]
    pub fn after(self, act: ClaimAct, role: ClaimRole) -> Option<Self> {
        let is_too_late = act == ClaimAct::Withdraw && self.was_taken_up;
        let row = TRANSITIONS.iter().find(|(from, by, _)| *from == self.state && *by == act);
        let (.., state) = *row.filter(|_| act.role() == role && !is_too_late)?;
        Some(Self { state, was_taken_up: self.was_taken_up || act == ClaimAct::TakeUp })
    }

    /// Whether what is signed already may be signed again: the first time, after a withdrawal, and to answer an agent who
    /// returned it.
    pub const fn may_sign_unchanged(self) -> bool {
        matches!(self.state, ClaimState::Draft | ClaimState::Withdrawn | ClaimState::Returned)
    }

    /// The acts that a role may do now.
    pub fn acts_of(self, role: ClaimRole) -> impl Iterator<Item = ClaimAct> {
        ClaimAct::ALL.iter().copied().filter(move |act| self.after(*act, role).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::{ClaimAct, ClaimRole, ClaimStanding, ClaimState};

    /// What the words of the domain say, state by state: the acts of the signer, then those of the agent.
    const MAY: [(&str, &str, &str); 8] = [
        ("draft", "sign", ""),
        ("signed", "sign withdraw", "takeUp"),
        ("takenUp", "sign", "return accept acceptWithRemarks refuse"),
        ("returned", "sign", ""),
        ("accepted", "sign", ""),
        ("acceptedWithRemarks", "sign", ""),
        ("refused", "", ""),
        ("withdrawn", "sign", ""),
    ];

    #[test]
    fn every_state_act_and_role_is_as_the_domain_says() {
        assert_eq!(MAY.len(), ClaimState::ALL.len());
        for (state, signer, agent) in MAY {
            let state = ClaimState::from_code(state).unwrap();
            for (role, expected) in [(ClaimRole::Signer, signer), (ClaimRole::Agent, agent)] {
                let standing = ClaimStanding { state, was_taken_up: false };
                let acts: Vec<_> = standing.acts_of(role).map(ClaimAct::code).collect();
                assert_eq!(acts.join(" "), expected, "{} {role:?}", state.code());
            }
        }
    }

    #[test]
    fn what_an_agent_took_up_once_is_not_withdrawn() {
        let signed = ClaimStanding::default().after(ClaimAct::Sign, ClaimRole::Signer).unwrap();
        let taken = signed.after(ClaimAct::TakeUp, ClaimRole::Agent).unwrap();
        let returned = taken.after(ClaimAct::Return, ClaimRole::Agent).unwrap();
        let again = returned.after(ClaimAct::Sign, ClaimRole::Signer).unwrap();
        assert_eq!((again.state, signed.state), (ClaimState::Signed, ClaimState::Signed));
        assert!(signed.after(ClaimAct::Withdraw, ClaimRole::Signer).is_some());
        assert_eq!(again.after(ClaimAct::Withdraw, ClaimRole::Signer), None);
    }

    #[test]
    fn only_what_is_signed_is_frozen() {
        let open: Vec<_> = ClaimState::ALL.iter().filter(|state| !state.is_frozen()).collect();
        assert_eq!(open, [&ClaimState::Draft, &ClaimState::Withdrawn]);
    }
}
