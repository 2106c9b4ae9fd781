//! The names, codes and words of consultations.

use super::rules;
use crate::domain::statement::{CodeWords, KindFacts, StatementKind};
use crate::domain::text::LocalText;

/// The facts of the kind medical.
pub const KIND: StatementKind = StatementKind::new(&FACTS);

const FACTS: KindFacts = KindFacts {
    name: "medical",
    collection: "medicalStatements",
    board: "/console/consultations",
    title: LocalText { fr: "Consultations", nl: "Raadplegingen", en: "Consultations" },
    file: LocalText { fr: "Médical", nl: "Medisch", en: "Medical" },
    read: CodeWords::new(
        "medical:read",
        "Lire les prestations médicales",
        "Medische prestaties lezen",
        "Read medical statements",
    ),
    write: CodeWords::new(
        "medical:write",
        "Déposer les prestations médicales",
        "Medische prestaties indienen",
        "Deposit medical statements",
    ),
    deposited: CodeWords::new(
        "medicalStatement.deposited",
        "Relevé des consultations déposé",
        "Staat van de raadplegingen ingediend",
        "Statement of consultations deposited",
    ),
    replaced: CodeWords::new(
        "medicalStatement.replaced",
        "Relevé des consultations remplacé",
        "Staat van de raadplegingen vervangen",
        "Statement of consultations replaced",
    ),
    refused: CodeWords::new(
        "medicalStatement.refused",
        "Relevé des consultations refusé",
        "Staat van de raadplegingen geweigerd",
        "Statement of consultations refused",
    ),
    missing: None,
    statement_read: CodeWords::new(
        "medicalStatement.read",
        "Relevé des consultations consulté",
        "Staat van de raadplegingen ingekeken",
        "Statement of consultations read",
    ),
    draft_read: CodeWords::new(
        "medicalDraft.read",
        "Saisie des consultations consultée",
        "Invoer van de raadplegingen ingekeken",
        "Entry of consultations read",
    ),
    draft_changed: CodeWords::new(
        "medicalDraft.changed",
        "Saisie des consultations modifiée",
        "Invoer van de raadplegingen gewijzigd",
        "Entry of consultations changed",
    ),
    draft_discarded: CodeWords::new(
        "medicalDraft.discarded",
        "Saisie des consultations abandonnée",
        "Invoer van de raadplegingen weggegooid",
        "Entry of consultations discarded",
    ),
    rules: rules::ALL,
};
