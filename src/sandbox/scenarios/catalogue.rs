//! The catalogue of scenarios: a refusal of every type, other failures of a request, and failures of webhooks.

use serde::Serialize;

use crate::domain::codes::codes;
use crate::http::problem::ProblemType;
use crate::words::LocalText;

codes! {
    /// A credential that has lost its effect a moment ago.
    pub enum CredentialScenario with sandbox_scenarios {
        /// The key was revoked.
        KeyRevoked "keyRevoked";
        /// The key expired.
        KeyExpired "keyExpired";
        /// Its application was suspended.
        ApplicationSuspended "applicationSuspended";
        /// Its application was revoked.
        ApplicationRevoked "applicationRevoked";
    }
}

codes! {
    /// A failure of a request that is no refusal, or one that the handler itself writes.
    pub enum RequestScenario with sandbox_scenarios {
        /// The entity tag that the request names is not the current one.
        StaleEtag "staleEtag";
        /// The request is carried out, and its answer held back for some seconds.
        Slow "slow";
        /// The request is carried out, and the connection is cut in place of the answer.
        AnswerLost "answerLost";
        /// The request is carried out, and the connection is cut in the middle of the answer.
        AnswerTruncated "answerTruncated";
        /// The connection is cut before anything is carried out.
        ConnectionCut "connectionCut";
    }
}

codes! {
    /// A failure of the delivery of a message to an endpoint.
    pub enum WebhookScenario with sandbox_scenarios {
        /// It is sent twice.
        Doubled "webhookDoubled";
        /// It is sent some seconds later.
        Delayed "webhookDelayed";
        /// It is sent after the message that follows it.
        OutOfOrder "webhookOutOfOrder";
        /// It is not sent, and counts as delivered.
        Lost "webhookLost";
        /// Its first attempt has a signature that does not verify.
        WronglySigned "webhookWronglySigned";
    }
}

/// A failure that a sandbox plays when it is asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// The request is refused with a problem of this type.
    Problem(ProblemType),
    /// The request is refused for its credential.
    Credential(CredentialScenario),
    /// Another failure of the request.
    Request(RequestScenario),
    /// A failure of the messages to webhook endpoints.
    Webhook(WebhookScenario),
}

impl Scenario {
    /// The whole catalogue, in its published order.
    pub fn all() -> impl Iterator<Item = Self> {
        let problems = ProblemType::ALL.iter().copied().map(Self::Problem);
        let credentials = CredentialScenario::ALL.iter().copied().map(Self::Credential);
        let others = RequestScenario::ALL.iter().copied().map(Self::Request);
        problems.chain(credentials).chain(others).chain(WebhookScenario::ALL.iter().copied().map(Self::Webhook))
    }

    /// Its code, by which it is asked for.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Problem(kind) => kind.entry().name,
            Self::Credential(scenario) => scenario.code(),
            Self::Request(scenario) => scenario.code(),
            Self::Webhook(scenario) => scenario.code(),
        }
    }

    /// The scenario with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|scenario| scenario.code() == code)
    }

    /// What is seen of it; of a refusal, its words.
    pub const fn description(self) -> LocalText {
        match self {
            Self::Problem(kind) => kind.entry().meaning,
            Self::Credential(scenario) => scenario.label(),
            Self::Request(scenario) => scenario.label(),
            Self::Webhook(scenario) => scenario.label(),
        }
    }

    /// The problem that a request is refused with; `None` where the effect is none.
    pub const fn problem(self) -> Option<ProblemType> {
        match self {
            Self::Problem(kind) => Some(kind),
            Self::Credential(CredentialScenario::KeyExpired) => Some(ProblemType::ExpiredAccessToken),
            Self::Credential(_) => Some(ProblemType::InvalidAccessToken),
            Self::Request(RequestScenario::StaleEtag) => Some(ProblemType::PreconditionFailed),
            Self::Request(_) | Self::Webhook(_) => None,
        }
    }
}

/// An entry of the catalogue as it is published.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScenarioEntry {
    code: &'static str,
    /// `request` or `webhook`.
    applies_to: &'static str,
    description: LocalText,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<PromisedProblem>,
}

/// The type and the status of a refusal.
#[derive(Debug, Serialize)]
struct PromisedProblem {
    r#type: String,
    status: u16,
}

impl From<Scenario> for ScenarioEntry {
    fn from(scenario: Scenario) -> Self {
        let entry = scenario.problem().map(ProblemType::entry);
        Self {
            code: scenario.code(),
            applies_to: if matches!(scenario, Scenario::Webhook(_)) { "webhook" } else { "request" },
            description: scenario.description(),
            problem: entry.map(|entry| PromisedProblem { r#type: entry.urn(), status: entry.status.as_u16() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Scenario;

    #[test]
    fn codes_are_distinct_and_are_read_back() {
        let codes: BTreeSet<_> = Scenario::all().map(Scenario::code).collect();
        assert_eq!(codes.len(), Scenario::all().count());
        assert!(Scenario::all().all(|scenario| Scenario::from_code(scenario.code()) == Some(scenario)));
        assert_eq!(Scenario::from_code("Slow"), None);
    }
}
