//! The console: pages for the users of an organiser, a file per page, each with its `routes()`.
//!
//! Pages are rendered here and work without scripts. A page takes a `PageContext` (the user and the language), calls
//! `app`, and renders a template inside `layout.html`; a form is read by `PageForm`, which refuses one that was not
//! rendered for the session. A failure is a problem as in the API; `localise` renders it as a page below `/console`.

mod addresses;
mod agent;
mod applications;
mod attachment_rows;
mod board;
mod changes;
mod claim_changes;
mod claim_figures;
mod claim_page;
mod claim_place;
mod closures;
mod communications;
mod confirm;
mod correction;
mod doctors;
mod error_page;
mod expired_form;
mod expired_form_page;
mod field_labels;
mod fields;
mod file_form;
mod findings;
mod form;
mod form_fields;
mod grid;
mod history;
mod home;
mod kinds;
mod login;
mod missing_days;
mod month;
mod own_account;
mod page_context;
mod page_frame;
mod quarter;
mod quarter_details;
mod reports;
mod signing_form;
mod staff;
mod staffing;
mod stage_tag;
mod statement_pages;
mod subsidies;
mod table;
mod upload;
mod upload_file;
mod upload_state;
mod users;
mod webhooks;

use axum::Router;
use axum::routing::get;

use crate::app::App;
use crate::http::Pages;
use crate::http::pages::asset;

pub use self::error_page::error_page;
pub use self::login::LogIn;

/// Every page, for users who log in through `log_in`.
pub fn pages(log_in: LogIn) -> Pages<App> {
    Pages { router: router(log_in), error_page }
}

fn router(log_in: LogIn) -> Router<App> {
    let css = (asset("text/css; charset=utf-8"), include_str!("console.css"));
    let script = (asset("text/javascript; charset=utf-8"), include_str!("console.js"));
    let icon = (asset("image/svg+xml"), include_str!("console.svg"));
    Router::new()
        .route("/console.svg", get(async move || icon))
        .route("/console.css", get(async move || css))
        .route("/console.js", get(async move || script))
        .merge(login::routes(log_in))
        .merge(own_account::routes())
        .merge(expired_form_page::routes())
        .merge(agent::routes())
        .merge(home::routes())
        .merge(statement_pages::routes())
        .merge(quarter::routes())
        .merge(quarter_details::routes())
        .merge(reports::routes())
        .merge(subsidies::routes())
        .merge(communications::routes())
        .merge(doctors::routes())
        .merge(staff::routes())
        .merge(closures::routes())
        .merge(applications::routes())
        .merge(webhooks::routes())
        .merge(users::routes())
        .merge(history::routes())
}
