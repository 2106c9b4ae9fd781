//! Where the console begins: each person's first part.

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::shell::Shell;
use super::visit::{Visit, refused, see_other};
use crate::app::App;
use crate::http::problem::Result;

pub(super) fn routes() -> Router<App> {
    Router::new().route(super::ROOT, get(home))
}

/// The first part that the person has business in.
async fn home(visit: Visit) -> Result<Response> {
    let first = Shell::at("", &visit).ways.first().map(|way| see_other(way.href));
    first.ok_or_else(refused)
}
