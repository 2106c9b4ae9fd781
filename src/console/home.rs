//! The entry page of the console: each user's first part.

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::page_context::{PageContext, forbidden, redirect};
use super::page_frame::PageFrame;
use crate::app::App;
use crate::http::problem::Result;
use crate::http::urls::CONSOLE_ROOT;

pub(super) fn routes() -> Router<App> {
    Router::new().route(CONSOLE_ROOT, get(home))
}

/// The first part that the user has rights in.
async fn home(visit: PageContext) -> Result<Response> {
    let first = PageFrame::at("", &visit).ways.first().map(|way| redirect(way.href));
    first.ok_or_else(forbidden)
}
