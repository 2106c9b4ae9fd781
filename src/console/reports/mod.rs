//! Activity reports: a board of quarters, and the draft of one with what it lacks.

mod attachments;
mod board;
mod edit;
mod input;
mod salaries;
mod step;
mod together;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::app::App;
use crate::console::addresses::REPORTS;
use crate::console::claim_page;
use crate::domain::key::Scope;
use crate::domain::period::Quarter;
use crate::domain::report::KIND;
use crate::domain::statement::StatementKey;
use crate::http::path_parameters::AtQuarter;
use crate::ids::CrecheId;

/// The right to read reports.
const READ: Scope = Scope::StatementsRead(KIND);
/// The right to prepare reports.
const WRITE: Scope = Scope::StatementsWrite(KIND);

pub(super) fn routes() -> Router<App> {
    // The handlers limit the body themselves.
    let attachments = get(attachments::page).post(attachments::change).layer(DefaultBodyLimit::disable());
    let salaries = get(salaries::page).post(salaries::send).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/console/creches/{crecheId}/report/{quarter}/salaries", salaries)
        .route("/console/creches/{crecheId}/report/{quarter}/salaries/download", get(salaries::download))
        .route("/console/creches/{crecheId}/report/{quarter}/attachments", attachments)
        .route("/console/creches/{crecheId}/report/{quarter}/attachments/{attachmentId}", get(attachments::hand_out))
        .route(REPORTS, get(board::page))
        .route("/console/reports/{quarter}/sign", get(together::page).post(together::sign))
        .route("/console/creches/{crecheId}/report/{quarter}", get(edit::page).post(edit::save))
        .merge(claim_page::routes::<AtQuarter>(
            "/console/creches/{crecheId}/report/{quarter}/claim",
            "/console/creches/{crecheId}/report/{quarter}",
        ))
}

/// A report as a statement.
fn statement(creche: CrecheId, quarter: Quarter) -> StatementKey {
    StatementKey::at(creche, KIND, quarter.into())
}

/// The path of a report.
pub(super) fn href(creche: CrecheId, quarter: Quarter) -> String {
    format!("/console/creches/{creche}/{}/{quarter}", KIND.name())
}
