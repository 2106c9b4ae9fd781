//! The medical statements' lines in the table of operations; everything else is common to all kinds.

use super::statements::{self, Operations};
use crate::app::App;
use crate::domain::key::Scope;
use crate::domain::medical::Statement;
use crate::http::operations::Route;

pub(super) fn routes() -> Vec<Route<App>> {
    statements::routes::<Statement>(&Operations {
        read: Scope::MedicalRead,
        write: Scope::MedicalWrite,
        list: ("/creches/{crecheId}/medicalStatements", "listMedicalStatements"),
        put: ("/creches/{crecheId}/medicalStatements/{month}", "putMedicalStatement"),
        get: ("/creches/{crecheId}/medicalStatements/{month}", "getMedicalStatement"),
        revisions: ("/creches/{crecheId}/medicalStatements/{month}/revisions", "listMedicalStatementRevisions"),
        revision: ("/creches/{crecheId}/medicalStatements/{month}/revisions/{revision}", "getMedicalStatementRevision"),
        template: ("/creches/{crecheId}/medicalStatements/{month}/template", "getMedicalStatementTemplate"),
    })
}
