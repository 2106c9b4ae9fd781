//! The states of a claim: the report of a quarter once it is signed (docs/domain.md, Activity report). One table says which
//! act leads from which state to which, and who may do it.

use serde::Deserialize;

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
        /// An agent proposes to accept it; another one has to confirm.
        AcceptProposed "acceptProposed";
        /// An agent proposes to accept it with remarks; another one has to confirm.
        AcceptWithRemarksProposed "acceptWithRemarksProposed";
        /// An agent proposes to refuse it; another one has to confirm.
        RefuseProposed "refuseProposed";
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
        /// Proposes to accept it, for another agent to confirm.
        ProposeAccept "proposeAccept";
        /// Proposes to accept it with remarks.
        ProposeAcceptWithRemarks "proposeAcceptWithRemarks";
        /// Proposes to refuse it.
        ProposeRefuse "proposeRefuse";
        /// Rejects what another agent proposes.
        RejectProposal "rejectProposal";
        /// Asks for a correction.
        Return "return";
        /// Accepts it.
        Accept "accept";
        /// Accepts it with remarks.
        AcceptWithRemarks "acceptWithRemarks";
        /// Refuses it.
        Refuse "refuse";
        /// Writes a message, which changes nothing.
        Message "message";
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

/// Which answers need the confirmation of a second agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SecondAgent {
    /// None.
    #[default]
    None,
    /// Refusals.
    Refusals,
    /// Refusals and acceptances; what is returned for correction needs none.
    All,
}

impl SecondAgent {
    /// Whether an answer is proposed by one agent and confirmed by another.
    pub const fn confirms(self, answer: ClaimAct) -> bool {
        match self {
            Self::None => false,
            Self::Refusals => matches!(answer, ClaimAct::Refuse),
            Self::All => matches!(answer, ClaimAct::Refuse | ClaimAct::Accept | ClaimAct::AcceptWithRemarks),
        }
    }
}

/// Who does an act. Software of organisers does none: a key cannot sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimRole {
    /// A person of the organiser with the right to sign; for a message, with the right to write reports.
    Organiser,
    /// An agent of the agency.
    Agent,
    /// Software of the agency. It answers and proposes; it is never the second agent, who confirms or rejects.
    AgencySoftware,
}

/// The acts that lead from one state to another. A claim that an agent has taken up once cannot be withdrawn any more.
const TRANSITIONS: &[(ClaimState, ClaimAct, ClaimState)] = {
    use ClaimAct::{
        Accept, AcceptWithRemarks, Message, ProposeAccept, ProposeAcceptWithRemarks, ProposeRefuse, Refuse,
        RejectProposal, Return, Sign, TakeUp, Withdraw,
    };
    use ClaimState::{
        AcceptProposed, AcceptWithRemarksProposed, Accepted, AcceptedWithRemarks, Draft, RefuseProposed, Refused,
        Returned, Signed, TakenUp, Withdrawn,
    };
    &[
        (Draft, Sign, Signed),
        (Withdrawn, Sign, Signed),
        (Signed, Sign, Signed),
        (TakenUp, Sign, TakenUp),
        (AcceptProposed, Sign, TakenUp),
        (AcceptWithRemarksProposed, Sign, TakenUp),
        (RefuseProposed, Sign, TakenUp),
        (Returned, Sign, Signed),
        (Accepted, Sign, Signed),
        (AcceptedWithRemarks, Sign, Signed),
        (Signed, Withdraw, Withdrawn),
        (Signed, TakeUp, TakenUp),
        (TakenUp, Return, Returned),
        (TakenUp, Accept, Accepted),
        (TakenUp, AcceptWithRemarks, AcceptedWithRemarks),
        (TakenUp, Refuse, Refused),
        (TakenUp, ProposeAccept, AcceptProposed),
        (TakenUp, ProposeAcceptWithRemarks, AcceptWithRemarksProposed),
        (TakenUp, ProposeRefuse, RefuseProposed),
        (AcceptProposed, Accept, Accepted),
        (AcceptWithRemarksProposed, AcceptWithRemarks, AcceptedWithRemarks),
        (RefuseProposed, Refuse, Refused),
        (AcceptProposed, RejectProposal, TakenUp),
        (AcceptWithRemarksProposed, RejectProposal, TakenUp),
        (RefuseProposed, RejectProposal, TakenUp),
        (Signed, Message, Signed),
        (TakenUp, Message, TakenUp),
        (AcceptProposed, Message, AcceptProposed),
        (AcceptWithRemarksProposed, Message, AcceptWithRemarksProposed),
        (RefuseProposed, Message, RefuseProposed),
        (Returned, Message, Returned),
        (Accepted, Message, Accepted),
        (AcceptedWithRemarks, Message, AcceptedWithRemarks),
        (Refused, Message, Refused),
    ]
};

impl ClaimAct {
    /// Whether a role does it.
    pub const fn is_of(self, role: ClaimRole) -> bool {
        match self {
            Self::Message => true,
            Self::Sign | Self::Withdraw => matches!(role, ClaimRole::Organiser),
            _ => matches!(role, ClaimRole::Agent | ClaimRole::AgencySoftware),
        }
    }

    /// Whether it needs a text: a reason or, for a message, what it says.
    pub const fn needs_reason(self) -> bool {
        !matches!(self, Self::Sign | Self::TakeUp | Self::Accept | Self::ProposeAccept)
    }

    /// Whether it may have remarks at single figures.
    pub const fn takes_remarks(self) -> bool {
        matches!(
            self,
            Self::Return
                | Self::AcceptWithRemarks
                | Self::Refuse
                | Self::ProposeAcceptWithRemarks
                | Self::ProposeRefuse
        )
    }

    /// The answer that it proposes.
    pub const fn proposed_answer(self) -> Option<Self> {
        match self {
            Self::ProposeAccept => Some(Self::Accept),
            Self::ProposeAcceptWithRemarks => Some(Self::AcceptWithRemarks),
            Self::ProposeRefuse => Some(Self::Refuse),
            _ => None,
        }
    }

    /// Whether it stays within the agency: the organiser sees an answer once it is confirmed.
    pub const fn is_internal(self) -> bool {
        self.proposed_answer().is_some() || matches!(self, Self::RejectProposal)
    }
}

impl ClaimState {
    /// Whether the months of the quarter accept corrections with a reason only.
    pub const fn is_frozen(self) -> bool {
        !matches!(self, Self::Draft | Self::Withdrawn)
    }

    /// Whether an answer waits for the confirmation of a second agent.
    pub const fn is_proposed(self) -> bool {
        matches!(self, Self::AcceptProposed | Self::AcceptWithRemarksProposed | Self::RefuseProposed)
    }

    /// The state that the organiser sees.
    #[must_use]
    pub const fn for_organiser(self) -> Self {
        if self.is_proposed() { Self::TakenUp } else { self }
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
    pub fn after(self, act: ClaimAct, role: ClaimRole, second: SecondAgent) -> Option<Self> {
        let is_too_late = act == ClaimAct::Withdraw && self.was_taken_up;
        let lacks_proposal = self.state == ClaimState::TakenUp && second.confirms(act);
        let lacks_person = role == ClaimRole::AgencySoftware && self.needs_second_agent(act);
        let is_needless = act.proposed_answer().is_some_and(|answer| !second.confirms(answer));
        let row = TRANSITIONS.iter().find(|(from, by, _)| *from == self.state && *by == act);
        let (.., state) =
            *row.filter(|_| act.is_of(role) && !is_too_late && !lacks_proposal && !lacks_person && !is_needless)?;
        Some(Self { state, was_taken_up: self.was_taken_up || act == ClaimAct::TakeUp })
    }

    /// Whether an act confirms or rejects a proposed answer, which only a second agent does.
    pub const fn needs_second_agent(self, act: ClaimAct) -> bool {
        self.state.is_proposed() && !matches!(act, ClaimAct::Message | ClaimAct::Sign)
    }

    /// Whether what is signed already may be signed again: the first time, after a withdrawal, and to answer an agent who
    /// returned it.
    pub const fn may_sign_unchanged(self) -> bool {
        matches!(self.state, ClaimState::Draft | ClaimState::Withdrawn | ClaimState::Returned)
    }

    /// The acts that a role may do now.
    pub fn acts_of(self, role: ClaimRole, second: SecondAgent) -> impl Iterator<Item = ClaimAct> {
        ClaimAct::ALL.iter().copied().filter(move |act| self.after(*act, role, second).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::{ClaimAct, ClaimRole, ClaimStanding, ClaimState, SecondAgent};

    /// What the words of the domain say, state by state: the acts of the organiser, those of an agent without a second
    /// one, and those of an agent where every answer needs a second one.
    const MAY: [(&str, &str, &str, &str); 11] = [
        ("draft", "sign", "", ""),
        ("signed", "sign withdraw message", "takeUp message", "takeUp message"),
        (
            "takenUp",
            "sign message",
            "return accept acceptWithRemarks refuse message",
            "proposeAccept proposeAcceptWithRemarks proposeRefuse return message",
        ),
        ("acceptProposed", "sign message", "rejectProposal accept message", "rejectProposal accept message"),
        (
            "acceptWithRemarksProposed",
            "sign message",
            "rejectProposal acceptWithRemarks message",
            "rejectProposal acceptWithRemarks message",
        ),
        ("refuseProposed", "sign message", "rejectProposal refuse message", "rejectProposal refuse message"),
        ("returned", "sign message", "message", "message"),
        ("accepted", "sign message", "message", "message"),
        ("acceptedWithRemarks", "sign message", "message", "message"),
        ("refused", "message", "message", "message"),
        ("withdrawn", "sign", "", ""),
    ];

    #[test]
    fn software_of_the_agency_does_what_an_agent_does_but_is_no_second_agent() {
        for (state, _, alone, with_second) in MAY {
            let state = ClaimState::from_code(state).unwrap();
            for (second, agent) in [(SecondAgent::None, alone), (SecondAgent::All, with_second)] {
                let software = if state.is_proposed() { "message" } else { agent };
                assert_eq!(acts(state, ClaimRole::AgencySoftware, second), software, "{}", state.code());
            }
        }
    }

    fn acts(state: ClaimState, role: ClaimRole, second: SecondAgent) -> String {
        let standing = ClaimStanding { state, was_taken_up: false };
        standing.acts_of(role, second).map(ClaimAct::code).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_state_act_and_role_is_as_the_domain_says() {
        use ClaimRole::{Agent, Organiser};
        assert_eq!(MAY.len(), ClaimState::ALL.len());
        for (state, organiser, alone, with_second) in MAY {
            let state = ClaimState::from_code(state).unwrap();
            for second in [SecondAgent::None, SecondAgent::Refusals, SecondAgent::All] {
                assert_eq!(acts(state, Organiser, second), organiser, "{} {second:?}", state.code());
            }
            assert_eq!(acts(state, Agent, SecondAgent::None), alone, "{}", state.code());
            assert_eq!(acts(state, Agent, SecondAgent::All), with_second, "{}", state.code());
        }
        let refusals = acts(ClaimState::TakenUp, Agent, SecondAgent::Refusals);
        assert_eq!(refusals, "proposeRefuse return accept acceptWithRemarks message");
    }

    #[test]
    fn what_an_agent_took_up_once_is_not_withdrawn() {
        let after = |standing: ClaimStanding, act, role| standing.after(act, role, SecondAgent::None);
        let signed = after(ClaimStanding::default(), ClaimAct::Sign, ClaimRole::Organiser).unwrap();
        let taken = after(signed, ClaimAct::TakeUp, ClaimRole::Agent).unwrap();
        let returned = after(taken, ClaimAct::Return, ClaimRole::Agent).unwrap();
        let again = after(returned, ClaimAct::Sign, ClaimRole::Organiser).unwrap();
        assert_eq!((again.state, signed.state), (ClaimState::Signed, ClaimState::Signed));
        assert!(after(signed, ClaimAct::Withdraw, ClaimRole::Organiser).is_some());
        assert_eq!(after(again, ClaimAct::Withdraw, ClaimRole::Organiser), None);
    }

    #[test]
    fn only_what_is_signed_is_frozen() {
        let open: Vec<_> = ClaimState::ALL.iter().filter(|state| !state.is_frozen()).collect();
        assert_eq!(open, [&ClaimState::Draft, &ClaimState::Withdrawn]);
    }

    #[test]
    fn the_organiser_sees_no_proposal() {
        for state in ClaimState::ALL {
            assert!(!state.for_organiser().is_proposed());
        }
    }
}
