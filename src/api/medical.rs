//! The API's data of the kind medical; everything else is common to all kinds of statement.

use super::statements::{Operations, SignatureOperations, StatementOperations};
use crate::domain::counting_rule::CountingRule;
use crate::domain::kinds::medical::Statement;

impl StatementOperations for Statement {
    const OPERATIONS: Operations = Operations {
        list: ("/creches/{crecheId}/medicalStatements", "listMedicalStatements"),
        put: ("/creches/{crecheId}/medicalStatements/{month}", "putMedicalStatement"),
        get: ("/creches/{crecheId}/medicalStatements/{month}", "getMedicalStatement"),
        revisions: ("/creches/{crecheId}/medicalStatements/{month}/revisions", "listMedicalStatementRevisions"),
        revision: ("/creches/{crecheId}/medicalStatements/{month}/revisions/{revision}", "getMedicalStatementRevision"),
        template: ("/creches/{crecheId}/medicalStatements/{month}/template", "getMedicalStatementTemplate"),
        signature: Some(SignatureOperations {
            get: ("/creches/{crecheId}/medicalStatements/{month}/signature", "getMedicalStatementSignature"),
            sign: ("/creches/{crecheId}/medicalStatements/{month}/signature", "signMedicalStatement"),
            receipt: ("/creches/{crecheId}/medicalStatements/{month}/signature/receipt", "getMedicalStatementReceipt"),
        }),
        contributions: (
            "/creches/{crecheId}/summaries/{period}/medicalContributions",
            "getCrecheSummaryMedicalContributions",
        ),
        counting_rule: CountingRule::Consultation,
    };
    const RULE_CASES: &'static str = include_str!("../../sandbox/corpus/medical.json");
}
