//! The names, codes and words of attendance.

use super::rules;
use crate::domain::statement::{CodeWords, KindFacts, StatementKind};
use crate::domain::text::LocalText;

/// The facts of the kind attendance.
pub const KIND: StatementKind = StatementKind::new(&FACTS);

const FACTS: KindFacts = KindFacts {
    name: "attendance",
    collection: "attendanceStatements",
    board: "/console/board",
    title: LocalText { fr: "Présences", nl: "Aanwezigheden", en: "Attendance" },
    file: LocalText { fr: "Présences", nl: "Aanwezigheden", en: "Attendance" },
    read: CodeWords::new("attendance:read", "Lire les présences", "Aanwezigheden lezen", "Read attendance"),
    write: CodeWords::new("attendance:write", "Déposer les présences", "Aanwezigheden indienen", "Deposit attendance"),
    deposited: CodeWords::new(
        "attendanceStatement.deposited",
        "Relevé de présences déposé",
        "Aanwezigheidsstaat ingediend",
        "Attendance statement deposited",
    ),
    replaced: CodeWords::new(
        "attendanceStatement.replaced",
        "Relevé de présences remplacé",
        "Aanwezigheidsstaat vervangen",
        "Attendance statement replaced",
    ),
    refused: CodeWords::new(
        "attendanceStatement.refused",
        "Relevé de présences refusé",
        "Aanwezigheidsstaat geweigerd",
        "Attendance statement refused",
    ),
    missing: Some(CodeWords::new(
        "attendanceStatement.missing",
        "Relevé de présences attendu",
        "Aanwezigheidsstaat ontbreekt",
        "Attendance statement missing",
    )),
    statement_read: CodeWords::new(
        "attendanceStatement.read",
        "Relevé de présences consulté",
        "Aanwezigheidsstaat ingekeken",
        "Attendance statement read",
    ),
    draft_read: CodeWords::new(
        "attendanceDraft.read",
        "Saisie des présences consultée",
        "Invoer van de aanwezigheden ingekeken",
        "Entry of attendance read",
    ),
    draft_changed: CodeWords::new(
        "attendanceDraft.changed",
        "Saisie des présences modifiée",
        "Invoer van de aanwezigheden gewijzigd",
        "Entry of attendance changed",
    ),
    draft_discarded: CodeWords::new(
        "attendanceDraft.discarded",
        "Saisie des présences abandonnée",
        "Invoer van de aanwezigheden weggegooid",
        "Entry of attendance discarded",
    ),
    rules: rules::ALL,
};
