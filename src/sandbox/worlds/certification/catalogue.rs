//! The published cases: what is prepared, what the software is told, what is right.

use serde_json::{Value, json};

use super::failure::FailureReason;
use super::report::Outcome;
use crate::domain::codes::codes;
use crate::http::problem::ProblemType;
use crate::sandbox::scenarios::catalogue::{CredentialScenario, RequestScenario, Scenario, WebhookScenario};

codes! {
    /// What a certificate is about.
    pub enum Profile with sandbox_certification {
        /// Deposits of attendance.
        Attendance "attendance";
        /// Deposits of medical consultations.
        Medical "medical";
        /// Deposits of the staff register.
        Staff "staff";
        /// Drafts of the quarterly claim, and the signature.
        Reports "reports";
        /// Webhooks and the feed.
        Webhooks "webhooks";
        /// All of these.
        All "all";
    }
}

codes! {
    /// A case, by what it is about.
    pub enum CaseName with sandbox_certification {
        /// Content that was not there.
        FirstDeposit "firstDeposit";
        /// Content that changes.
        Correction "correction";
        /// The same content again.
        SameAgain "sameAgain";
        /// Content with errors.
        Findings "findings";
        /// Content with warnings.
        Warnings "warnings";
        /// The answer is lost after the write.
        LostAnswer "lostAnswer";
        /// The answer is cut after the write.
        TruncatedAnswer "truncatedAnswer";
        /// The connection is cut before the write.
        ConnectionCut "connectionCut";
        /// Too many requests, with a time to wait.
        TooManyRequests "tooManyRequests";
        /// The gateway is away for a moment.
        ServiceUnavailable "serviceUnavailable";
        /// Somebody else has changed the content.
        ChangeByOthers "changeByOthers";
        /// The key was revoked.
        KeyRevoked "keyRevoked";
        /// A person has to sign.
        Signature "signature";
        /// An endpoint is made although the answer is lost.
        Endpoint "endpoint";
        /// Events arrive.
        Delivery "delivery";
        /// A message comes twice.
        Doubled "doubled";
        /// A message comes late.
        OutOfOrder "outOfOrder";
        /// A message with a signature of somebody else.
        WronglySigned "wronglySigned";
        /// A message never comes.
        Lost "lost";
        /// The software was stopped meanwhile.
        Restart "restart";
    }
}

/// What is done in the world before the software is told what to do.
#[derive(Debug, Clone, Copy)]
pub(super) enum Preparation {
    /// Nothing.
    Nothing,
    /// So many of the next calls that write the document fail in this way.
    WriteFails(Scenario, u32),
    /// The next call that makes a webhook endpoint fails in this way.
    EndpointFails(Scenario),
    /// Every call fails in this way.
    AllFail(Scenario),
    /// Another program deposits other content in the same place.
    DepositByOthers,
    /// So many events are caused, the messages of which fail in this way.
    Events(u32, Option<WebhookScenario>),
}

codes! {
    /// What the software is told to do.
    pub enum InstructionName with sandbox_certification {
        /// To deposit a document.
        Deposit "deposit";
        /// To deposit it in the place of what somebody else has deposited.
        Replace "replace";
        /// To try to sign it.
        Sign "sign";
        /// To receive webhooks and to follow the feed.
        StartReceiving "startReceiving";
        /// To stop that.
        StopReceiving "stopReceiving";
        /// To report the events that it has handled.
        ReportEvents "reportEvents";
    }
}

/// Which document is to be deposited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Document {
    /// None.
    None,
    /// One that differs from all before.
    New,
    /// The one of the step before.
    Same,
    /// A new one with errors.
    Flawed,
    /// A new one with warnings.
    Warned,
}

/// What is right at the end of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expectation {
    /// The document is stored, by exactly one new revision, and the software says so.
    Stored,
    /// The document is still stored, without a new revision.
    StoredAlready,
    /// Nothing is written; the software reports a refusal with every finding.
    Refused,
    /// What others deposited is still there; the software reports a conflict.
    OthersKept,
    /// Nothing is written; the software has given up after few calls, and says so.
    GivenUp,
    /// The signature was attempted and refused; the software shows the page on which a person signs.
    PageShown,
    /// There is one active endpoint more.
    OneEndpoint,
    /// The software says that it is done.
    Done,
    /// The endpoint is the one from before.
    SameEndpoint,
    /// Every event was handled once, in order.
    Handled,
    /// The same, and the first message was refused.
    HandledAndRefused,
    /// The same, and the feed was read from where it had been read to.
    HandledAndResumed,
}

/// A step of a case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) preparation: Preparation,
    pub(super) instruction: InstructionName,
    pub(super) document: Document,
    pub(super) expected: Expectation,
}

const fn deposit(preparation: Preparation, document: Document, expected: Expectation) -> Step {
    Step { preparation, instruction: InstructionName::Deposit, document, expected }
}

const fn without_document(preparation: Preparation, instruction: InstructionName, expected: Expectation) -> Step {
    Step { preparation, instruction, document: Document::None, expected }
}

const STORED: Step = deposit(Preparation::Nothing, Document::New, Expectation::Stored);
const AGAIN: Step = deposit(Preparation::Nothing, Document::Same, Expectation::Stored);

const fn failing(scenario: Scenario, calls: u32) -> Step {
    deposit(Preparation::WriteFails(scenario, calls), Document::New, Expectation::Stored)
}

const fn failing_request(scenario: RequestScenario) -> Step {
    failing(Scenario::Request(scenario), 1)
}

const fn announced(count: u32, scenario: Option<WebhookScenario>, expected: Expectation) -> Step {
    without_document(Preparation::Events(count, scenario), InstructionName::ReportEvents, expected)
}

impl CaseName {
    /// Whether a profile, other than that of all, has it. Deposits of every kind have the same cases, and only the draft of a
    /// claim is signed.
    fn is_of(self, profile: Profile) -> bool {
        match self {
            Self::Signature => profile == Profile::Reports,
            // The first case about webhooks makes the endpoint.
            name if name >= Self::Endpoint => profile == Profile::Webhooks,
            _ => profile != Profile::Webhooks,
        }
    }

    /// The steps.
    pub(super) fn steps(self) -> Vec<Step> {
        use Expectation as End;
        match self {
            Self::FirstDeposit => vec![STORED],
            Self::Correction => vec![STORED, STORED],
            Self::SameAgain => vec![STORED, deposit(Preparation::Nothing, Document::Same, End::StoredAlready)],
            Self::Findings => vec![deposit(Preparation::Nothing, Document::Flawed, End::Refused), STORED],
            Self::Warnings => vec![deposit(Preparation::Nothing, Document::Warned, End::Stored)],
            Self::LostAnswer => vec![failing_request(RequestScenario::AnswerLost)],
            Self::TruncatedAnswer => vec![failing_request(RequestScenario::AnswerTruncated)],
            Self::ConnectionCut => vec![failing_request(RequestScenario::ConnectionCut)],
            Self::TooManyRequests => vec![failing(Scenario::Problem(ProblemType::TooManyRequests), 2)],
            Self::ServiceUnavailable => vec![failing(Scenario::Problem(ProblemType::ServiceUnavailable), 2)],
            Self::ChangeByOthers => vec![
                STORED,
                deposit(Preparation::DepositByOthers, Document::New, End::OthersKept),
                Step {
                    preparation: Preparation::Nothing,
                    instruction: InstructionName::Replace,
                    document: Document::Same,
                    expected: End::Stored,
                },
            ],
            Self::KeyRevoked => vec![
                deposit(
                    Preparation::AllFail(Scenario::Credential(CredentialScenario::KeyRevoked)),
                    Document::New,
                    End::GivenUp,
                ),
                AGAIN,
            ],
            Self::Signature => {
                vec![STORED, without_document(Preparation::Nothing, InstructionName::Sign, End::PageShown)]
            }
            Self::Endpoint => vec![without_document(
                Preparation::EndpointFails(Scenario::Request(RequestScenario::AnswerLost)),
                InstructionName::StartReceiving,
                End::OneEndpoint,
            )],
            Self::Delivery => vec![announced(2, None, End::Handled)],
            Self::Doubled => vec![announced(1, Some(WebhookScenario::Doubled), End::Handled)],
            Self::OutOfOrder => vec![announced(2, Some(WebhookScenario::OutOfOrder), End::Handled)],
            Self::WronglySigned => vec![announced(1, Some(WebhookScenario::WronglySigned), End::HandledAndRefused)],
            Self::Lost => vec![announced(1, Some(WebhookScenario::Lost), End::Handled)],
            Self::Restart => vec![
                without_document(Preparation::Nothing, InstructionName::StopReceiving, End::Done),
                without_document(Preparation::Events(3, None), InstructionName::StartReceiving, End::SameEndpoint),
                without_document(Preparation::Nothing, InstructionName::ReportEvents, End::HandledAndResumed),
            ],
        }
    }
}

/// A case of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Case {
    /// The profile that it belongs to, never that of all.
    pub(super) profile: Profile,
    pub(super) name: CaseName,
}

impl Case {
    /// Its published id.
    pub(super) fn id(self) -> String {
        format!("{}.{}", self.profile.code(), self.name.code())
    }
}

impl Profile {
    /// Its cases, in their order.
    pub(super) fn cases(self) -> Vec<Case> {
        if self == Self::All {
            let others = Self::ALL.iter().filter(|profile| **profile != Self::All);
            return others.flat_map(|profile| profile.cases()).collect();
        }
        CaseName::ALL.iter().filter(|name| name.is_of(self)).map(|name| Case { profile: self, name: *name }).collect()
    }
}

/// The profiles with their cases, as they are published.
pub(in crate::sandbox::worlds) fn published_cases() -> Value {
    let case = |case: Case| {
        let steps: Vec<_> = case.name.steps().iter().map(|step| step.instruction.code()).collect();
        json!({ "id": case.id(), "text": case.name.label(), "steps": steps })
    };
    let profile = |profile: &Profile| {
        json!({
            "profile": profile.code(),
            "text": profile.label(),
            "cases": profile.cases().into_iter().map(case).collect::<Vec<_>>(),
        })
    };
    let failure = |reason: &FailureReason| json!({ "code": reason.code(), "text": reason.label() });
    let outcomes: Vec<_> = Outcome::ALL.iter().map(|outcome| outcome.code()).collect();
    let instruction = |name: &InstructionName| json!({ "code": name.code(), "text": name.label() });
    json!({
        "items": Profile::ALL.iter().map(profile).collect::<Vec<_>>(),
        "instructions": InstructionName::ALL.iter().map(instruction).collect::<Vec<_>>(),
        "outcomes": outcomes,
        "failures": FailureReason::ALL.iter().map(failure).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_its_cases_and_every_case_has_steps() {
        let counts = Profile::ALL.iter().map(|profile| profile.cases().len()).collect::<Vec<_>>();
        assert_eq!(counts, [12, 12, 12, 13, 7, 56]);
        assert!(CaseName::ALL.iter().all(|case| !case.steps().is_empty()));
    }
}
