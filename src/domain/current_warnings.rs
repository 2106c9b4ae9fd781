//! The warnings of a kept statement as things stand today. What closures, authorised places and doctors have to do with it
//! may change after the deposit: a warning about them ends, or begins, without a new deposit.

use super::finding::{Finding, Findings};
use super::rule::{Need, Rule};
use super::rules::medical as rules;
use super::statement::{Statement, StatementContext};

/// Whether a warning is about something else than the document, and given anew from what that is today.
pub fn is_about_surroundings(rule: &Rule) -> bool {
    matches!(rule.need, Need::Closures | Need::Capacity | Need::Doctors)
}

/// The warnings of a statement about closures, places and doctors, as `context` has them.
pub fn current_warnings<S: Statement>(statement: S, context: &StatementContext<S>) -> Findings {
    let (_, findings) = S::parse(statement.into_raw(), context);
    findings.into_iter().filter(|finding| is_about_surroundings(finding.rule)).filter_map(later).collect()
}

/// What refused a document as it was sent is a warning on one that was accepted.
fn later(finding: Finding) -> Option<Finding> {
    let changed = [&rules::DOCTOR_NOT_HERE, &rules::OUTSIDE_COLLABORATION];
    let rule = match finding.rule {
        rule if rule == &rules::DOCTOR_REFUSED => &rules::DOCTOR_REFUSED_LATER,
        rule if changed.contains(&rule) => &rules::DOCTOR_CHANGED_LATER,
        // A doctor who is not known any more was removed when the time to keep the doctor was over.
        rule if rule == &rules::DOCTOR_UNKNOWN => return None,
        rule => rule,
    };
    Some(Finding { rule, ..finding })
}
