//! The names, codes and words of attendance.

use super::rules;
use crate::domain::statement::{CodeWords, KindFacts, PageFacts, StatementKind};
use crate::words::kind_attendance as words;

/// The facts of the kind attendance.
pub const KIND: StatementKind = StatementKind::new(&FACTS);

const FACTS: KindFacts = KindFacts {
    name: "attendance",
    collection: "attendanceStatements",
    is_quarterly: false,
    is_signed_alone: false,
    title: words::TITLE,
    file: words::FILE,
    read: CodeWords::new("attendance:read", words::READ),
    write: CodeWords::new("attendance:write", words::WRITE),
    deposited: CodeWords::new("attendanceStatement.deposited", words::DEPOSITED),
    replaced: CodeWords::new("attendanceStatement.replaced", words::REPLACED),
    refused: CodeWords::new("attendanceStatement.refused", words::REFUSED),
    missing: Some(CodeWords::new("attendanceStatement.missing", words::MISSING)),
    statement_read: CodeWords::new("attendanceStatement.read", words::STATEMENT_READ),
    pages: Some(PageFacts {
        board: "/console/board",
        draft_read: CodeWords::new("attendanceDraft.read", words::DRAFT_READ),
        draft_changed: CodeWords::new("attendanceDraft.changed", words::DRAFT_CHANGED),
        draft_discarded: CodeWords::new("attendanceDraft.discarded", words::DRAFT_DISCARDED),
    }),
    rules: rules::ALL,
};
