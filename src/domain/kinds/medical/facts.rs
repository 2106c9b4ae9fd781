//! The names, codes and words of consultations.

use super::rules;
use crate::domain::statement::{CodeWords, KindFacts, PageFacts, StatementKind};
use crate::words::kind_medical as words;

/// The facts of the kind medical.
pub const KIND: StatementKind = StatementKind::new(&FACTS);

const FACTS: KindFacts = KindFacts {
    name: "medical",
    collection: "medicalStatements",
    is_quarterly: false,
    is_signed_alone: true,
    title: words::TITLE,
    file: words::FILE,
    read: CodeWords::new("medical:read", words::READ),
    write: CodeWords::new("medical:write", words::WRITE),
    deposited: CodeWords::new("medicalStatement.deposited", words::DEPOSITED),
    replaced: CodeWords::new("medicalStatement.replaced", words::REPLACED),
    refused: CodeWords::new("medicalStatement.refused", words::REFUSED),
    missing: None,
    statement_read: CodeWords::new("medicalStatement.read", words::STATEMENT_READ),
    pages: Some(PageFacts {
        board: "/console/consultations",
        draft_read: CodeWords::new("medicalDraft.read", words::DRAFT_READ),
        draft_changed: CodeWords::new("medicalDraft.changed", words::DRAFT_CHANGED),
        draft_discarded: CodeWords::new("medicalDraft.discarded", words::DRAFT_DISCARDED),
    }),
    rules: rules::ALL,
};
