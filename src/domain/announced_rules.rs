//! Rules that will have another severity from a day on: announced in the catalogue, tried by `rules=next`, and in force by
//! themselves when the day has come.

use jiff::civil::Date;

use super::finding::Findings;
use super::kinds::attendance::rules::{DURATION_DISAGREES, REASON_WITHOUT_ABSENCE};
use super::rule::{AnnouncedSeverity, Rule, RuleSet, Severity};
use super::rules::workbook::MODEL_SUPERSEDED;
use super::statement::{StatementContext, StatementKind};

/// A rule with its announced severity.
pub type Announcement = (&'static Rule, AnnouncedSeverity);

/// The warnings on attendance that only software can cause become errors.
const SOFTWARE_FAULT: AnnouncedSeverity =
    AnnouncedSeverity { severity: Severity::Error, from: Date::constant(2027, 7, 1) };

/// The workbooks of the version before end with the same half-year.
const FORMER_WORKBOOKS: AnnouncedSeverity = SOFTWARE_FAULT;

/// Every announcement. One is added at least six months before its day; afterwards it stays, and is what makes the severity
/// hold.
pub static ANNOUNCEMENTS: &[Announcement] = &[
    (&DURATION_DISAGREES, SOFTWARE_FAULT),
    (&REASON_WITHOUT_ABSENCE, SOFTWARE_FAULT),
    (&MODEL_SUPERSEDED, FORMER_WORKBOOKS),
];

/// What is announced of a rule, in force or not.
pub fn announced(rule: &Rule) -> Option<AnnouncedSeverity> {
    ANNOUNCEMENTS.iter().find(|(of, _)| std::ptr::eq(*of, rule)).map(|(_, announced)| *announced)
}

/// What is announced of a rule and not in force on a day.
pub fn upcoming(rule: &Rule, today: Date) -> Option<AnnouncedSeverity> {
    announced(rule).filter(|announced| today < announced.from)
}

/// The kinds of statement that an announcement is about.
pub fn kinds() -> Vec<StatementKind> {
    let is_announced = |kind: &StatementKind| kind.facts().rules.iter().any(|rule| announced(rule).is_some());
    StatementKind::MONTHLY.iter().copied().filter(is_announced).collect()
}

/// The severity of a rule on a day.
pub fn severity_on(rule: &Rule, today: Date) -> Severity {
    match announced(rule) {
        Some(announced) if announced.from <= today => announced.severity,
        _ => rule.severity,
    }
}

/// The severities by which a document is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Severities {
    /// Those in force, or the next ones.
    pub rules: RuleSet,
    /// The present day in Brussels; without it nothing announced is in force.
    pub today: Option<Date>,
}

impl Severities {
    /// Those by which a statement is judged.
    pub const fn of<S>(context: &StatementContext<S>) -> Self {
        Self { rules: context.rules, today: context.today }
    }

    /// Those in force on a day.
    pub const fn on(today: Date) -> Self {
        Self { rules: RuleSet::Current, today: Some(today) }
    }

    /// The findings with the severities that their rules have.
    #[must_use]
    pub fn apply(self, mut findings: Findings) -> Findings {
        for finding in &mut findings {
            let Some(announced) = announced(finding.rule) else { continue };
            let is_in_force = self.today.is_some_and(|today| announced.from <= today);
            if is_in_force || self.rules == RuleSet::Next {
                finding.severity = announced.severity;
            }
            finding.is_announced = !is_in_force;
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::{Finding, FindingPlace};
    use crate::domain::rule::Need;
    use crate::domain::rules::workbook;

    fn found(rules: RuleSet, today: Option<Date>) -> Vec<(Severity, bool)> {
        let rules_found = [&DURATION_DISAGREES, &crate::domain::kinds::attendance::rules::SSIN_MISSING];
        let findings = rules_found.into_iter().map(|rule| Finding::new(rule, FindingPlace::line(0))).collect();
        let findings = Severities { rules, today }.apply(findings);
        findings.iter().map(|finding| (finding.severity, finding.is_announced)).collect()
    }

    #[test]
    fn a_severity_holds_from_its_day_on_and_before_it_for_who_asks() {
        use Severity::{Error, Warning};
        let (before, day) = (Date::constant(2027, 6, 30), Date::constant(2027, 7, 1));
        assert_eq!(found(RuleSet::Current, None), [(Warning, true), (Warning, false)]);
        assert_eq!(found(RuleSet::Current, Some(before)), [(Warning, true), (Warning, false)]);
        assert_eq!(found(RuleSet::Next, Some(before)), [(Error, true), (Warning, false)]);
        assert_eq!(found(RuleSet::Current, Some(day)), [(Error, false), (Warning, false)]);
        assert_eq!((severity_on(&DURATION_DISAGREES, before), severity_on(&DURATION_DISAGREES, day)), (Warning, Error));
        assert_eq!(upcoming(&DURATION_DISAGREES, before), Some(SOFTWARE_FAULT));
        assert_eq!(upcoming(&DURATION_DISAGREES, day), None);
    }

    #[test]
    fn only_warnings_of_monthly_statements_and_their_workbooks_are_announced_as_errors() {
        let monthly = || StatementKind::MONTHLY.iter().flat_map(|kind| kind.facts().rules);
        for (rule, announced) in ANNOUNCEMENTS {
            let is_known = monthly().chain(workbook::ALL).any(|known| std::ptr::eq(*known, *rule));
            assert!(is_known, "{}", rule.code);
            assert_eq!((rule.severity, announced.severity), (Severity::Warning, Severity::Error), "{}", rule.code);
            // What the replay of stored revisions has beside the document.
            assert!(matches!(rule.need, Need::Nothing | Need::Closures | Need::Capacity), "{}", rule.code);
        }
    }
}
