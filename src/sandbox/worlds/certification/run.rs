//! A run: which cases are over, and what the present step is about. It is stored beside the world.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::catalogue::{Case, Profile, Step};
use super::certificate_id::CertificateId;
use super::failure::Failure;

/// The software that is tried, as it names itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::sandbox::worlds) struct Product {
    pub(super) name: String,
    pub(super) version: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) vendor: Option<String>,
}

/// What came of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct CaseResult {
    pub(super) case: String,
    /// `None` where it was passed.
    pub(super) failure: Option<Failure>,
}

/// What was so before the present step, and what the step is about.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct StepFacts {
    /// The number of the last logged call.
    pub(super) calls: u64,
    /// The number of the last event.
    pub(super) events: u64,
    /// How many webhook endpoints there are.
    pub(super) endpoints: usize,
    /// The revision of the statement; 0 for none.
    pub(super) revision: u64,
    /// The document that is to be deposited.
    pub(super) document: Option<Value>,
}

/// A run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct CertificationRun {
    pub(super) profile: Profile,
    pub(super) product: Product,
    /// The ids of the only cases that are played.
    pub(super) only: Option<Vec<String>>,
    /// In machine time.
    pub(super) started_at: Timestamp,
    /// The cases that are over.
    pub(super) results: Vec<CaseResult>,
    /// Which step of the present case.
    pub(super) step: usize,
    /// The number of the present step in the run.
    pub(super) number: u32,
    /// The number of the latest document; documents of one run differ.
    pub(super) document: u32,
    /// The number of the last event before the software first began to receive.
    pub(super) receiving_since: u64,
    /// The number of the last call before it began to receive the last time.
    pub(super) receiving_calls: u64,
    pub(super) facts: StepFacts,
    /// Whether the present step is prepared.
    pub(super) is_prepared: bool,
    pub(super) certificate: Option<CertificateId>,
}

impl CertificationRun {
    /// The cases that are played.
    pub(super) fn cases(&self) -> Vec<Case> {
        let mut cases = self.profile.cases();
        cases.retain(|case| self.only.as_ref().is_none_or(|only| only.contains(&case.id())));
        cases
    }

    /// The present case and its step; `None` when all are over.
    pub(super) fn present(&self) -> Option<(Case, Step)> {
        let case = self.cases().into_iter().nth(self.results.len())?;
        Some((case, case.name.steps().into_iter().nth(self.step)?))
    }

    pub(super) fn is_passed(&self) -> bool {
        self.present().is_none() && self.results.iter().all(|result| result.failure.is_none())
    }

    /// Goes on to the next step, or after a failure to the next case.
    pub(super) fn advance(&mut self, case: Case, failure: Option<Failure>) {
        let is_last = self.step + 1 >= case.name.steps().len();
        self.number += 1;
        self.is_prepared = false;
        if failure.is_some() || is_last {
            self.results.push(CaseResult { case: case.id(), failure });
            self.step = 0;
        } else {
            self.step += 1;
        }
    }
}
