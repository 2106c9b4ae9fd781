//! Activity reports: a board of quarters, and the draft of one with what it lacks.

mod board;
mod edit;
mod input;
mod step;

use axum::Router;
use axum::routing::get;

use crate::app::App;
use crate::console::addresses::REPORTS;
use crate::domain::key::Scope;
use crate::domain::period::Quarter;
use crate::domain::report::KIND;
use crate::ids::CrecheId;

/// The right to read reports.
const READ: Scope = Scope::StatementsRead(KIND);
/// The right to prepare reports.
const WRITE: Scope = Scope::StatementsWrite(KIND);

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(REPORTS, get(board::page))
        .route("/console/creches/{crecheId}/report/{quarter}", get(edit::page).post(edit::save))
}

/// The path of a report.
fn href(creche: CrecheId, quarter: Quarter) -> String {
    format!("/console/creches/{creche}/{}/{quarter}", KIND.name())
}
