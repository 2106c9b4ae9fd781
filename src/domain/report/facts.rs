//! The names, codes and words of activity reports.

use super::rules;
use crate::domain::statement::{CodeWords, KindFacts, StatementKind};
use crate::words::kind_report as words;

/// The facts of the kind report.
pub const KIND: StatementKind = StatementKind::new(&FACTS);

const FACTS: KindFacts = KindFacts {
    name: "report",
    collection: "activityReports",
    is_quarterly: true,
    is_signed_alone: false,
    title: words::TITLE,
    file: words::FILE,
    read: CodeWords::new("reports:read", words::READ),
    write: CodeWords::new("reports:write", words::WRITE),
    deposited: CodeWords::new("activityReport.saved", words::SAVED),
    replaced: CodeWords::new("activityReport.replaced", words::REPLACED),
    refused: CodeWords::new("activityReport.rejected", words::REJECTED),
    missing: None,
    statement_read: CodeWords::new("activityReport.read", words::REPORT_READ),
    pages: None,
    rules: rules::ALL,
};
