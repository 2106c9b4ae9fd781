//! A claim as it would be signed now: figures and revisions.

use std::collections::{BTreeMap, HashMap};

use super::details::ClaimDetails;
use crate::app::App;
use crate::app::error::InternalError;
use crate::domain::claim::{ClaimContent, ClaimWarning};
use crate::domain::creche::Creche;
use crate::domain::finding::Finding;
use crate::domain::period::Period;
use crate::domain::rule::Severity;
use crate::ids::StaffMemberId;
use crate::ingest::canonical::canonical_json;
use crate::words::Language;

/// A claim as it would be signed now.
pub struct AssembledClaim {
    /// The crèche.
    pub creche: Creche,
    /// The quarter, or the month.
    pub period: Period,
    /// What it consists of.
    pub content: ClaimContent,
    /// The salaries and the costs below its sums; `None` of a month, which has none.
    pub details: Option<ClaimDetails>,
    /// The name of each person of the register, or the reference where the reader may not know it.
    pub(super) names: HashMap<StaffMemberId, String>,
    /// Whether nothing keeps it from being signed.
    pub is_complete: bool,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl AssembledClaim {
    /// A keyed hash of the content: a signer confirms with it what was shown.
    pub fn token(&self, app: &App) -> Result<String, InternalError> {
        let ClaimContent { inputs, figures, staff, attachments, doctors, warnings } = &self.content;
        let warnings: Vec<_> = warnings.iter().map(|warning| (warning.rule, warning.count)).collect();
        let sentences: Vec<_> = self.findings.iter().map(|finding| finding.detail(Language::Fr)).collect();
        let creche = (&self.creche.name, &self.creche.one_number);
        let text = canonical_json(&(inputs, figures, staff, attachments, doctors, warnings, sentences, creche))?;
        Ok(app.vault.index_key().hash("claim content", &[&text]))
    }

    /// The warnings, as they were found.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Warning)
    }

    /// What keeps it from being signed.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }
}

/// The warnings among findings, each rule once.
pub(super) fn counted_warnings(findings: &[Finding]) -> Vec<ClaimWarning> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Warning) {
        *counts.entry(finding.rule.code).or_default() += finding.count;
    }
    counts.into_iter().map(|(rule, count)| ClaimWarning { rule, count }).collect()
}
