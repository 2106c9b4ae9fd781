//! The present warnings of a stored statement. The closures, authorised places and doctors that it is compared with
//! may change after the deposit: a warning about them ends, or begins, without a new deposit.

use super::finding::{Finding, Findings};
use super::rule::{Need, Rule};
use super::statement::{Statement, StatementContext};

/// Whether a warning depends on more than the document, and is recomputed.
pub fn is_about_surroundings(rule: &Rule) -> bool {
    matches!(rule.need, Need::Closures | Need::Capacity | Need::Doctors)
}

/// The warnings of a statement about closures, places and doctors, computed with `context`.
pub fn current_warnings<S: Statement>(statement: S, context: &StatementContext<S>) -> Findings {
    let (_, findings) = S::parse(statement.into_raw(), context);
    let standing = |finding: Finding| {
        let rule = S::standing_rule(finding.rule)?;
        Some(Finding { rule, severity: rule.severity, ..finding })
    };
    findings.into_iter().filter(|finding| is_about_surroundings(finding.rule)).filter_map(standing).collect()
}
