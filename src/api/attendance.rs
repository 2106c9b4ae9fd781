//! The attendance statements' lines in the table of operations; everything else is common to all kinds.

use super::statements::{self, Operations};
use crate::app::App;
use crate::domain::attendance::Statement;
use crate::domain::key::Scope;
use crate::http::operations::Route;

pub(super) fn routes() -> Vec<Route<App>> {
    statements::routes::<Statement>(&Operations {
        read: Scope::AttendanceRead,
        write: Scope::AttendanceWrite,
        list: ("/creches/{crecheId}/attendanceStatements", "listAttendanceStatements"),
        put: ("/creches/{crecheId}/attendanceStatements/{month}", "putAttendanceStatement"),
        get: ("/creches/{crecheId}/attendanceStatements/{month}", "getAttendanceStatement"),
        revisions: ("/creches/{crecheId}/attendanceStatements/{month}/revisions", "listAttendanceStatementRevisions"),
        revision: (
            "/creches/{crecheId}/attendanceStatements/{month}/revisions/{revision}",
            "getAttendanceStatementRevision",
        ),
        template: ("/creches/{crecheId}/attendanceStatements/{month}/template", "getAttendanceStatementTemplate"),
    })
}
