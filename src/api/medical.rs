//! The API's data of the kind medical; everything else is common to all kinds of statement.

use super::statements::{Operations, StatementOperations};
use crate::domain::kinds::medical::Statement;

impl StatementOperations for Statement {
    const OPERATIONS: Operations = Operations {
        list: ("/creches/{crecheId}/medicalStatements", "listMedicalStatements"),
        put: ("/creches/{crecheId}/medicalStatements/{month}", "putMedicalStatement"),
        get: ("/creches/{crecheId}/medicalStatements/{month}", "getMedicalStatement"),
        revisions: ("/creches/{crecheId}/medicalStatements/{month}/revisions", "listMedicalStatementRevisions"),
        revision: ("/creches/{crecheId}/medicalStatements/{month}/revisions/{revision}", "getMedicalStatementRevision"),
        template: ("/creches/{crecheId}/medicalStatements/{month}/template", "getMedicalStatementTemplate"),
        contributions: (
            "/creches/{crecheId}/summaries/{period}/medicalContributions",
            "getCrecheSummaryMedicalContributions",
        ),
    };
    const RULE_CASES: &'static str = include_str!("../../sandbox/corpus/medical.json");
}
