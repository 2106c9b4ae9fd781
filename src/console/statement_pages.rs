//! The pages that every kind of statement has.

use axum::Router;

use super::kinds::{StatementPages, month_route};
use super::{board, changes, claim_page, month, table, upload};
use crate::app::App;
use crate::domain::kinds::for_each_kind;
use crate::http::path_parameters::AtMonth;

macro_rules! pages_of_kinds {
    ($($kind:ident)*) => {
        Router::new()$(.merge(of::<crate::domain::kinds::$kind::Statement>()))*
    };
}

/// The pages of every kind.
pub(super) fn routes() -> Router<App> {
    for_each_kind!(pages_of_kinds)
}

fn of<S: StatementPages>() -> Router<App> {
    board::routes::<S>()
        .merge(month::routes::<S>())
        .merge(changes::routes::<S>())
        .merge(upload::routes::<S>())
        .merge(table::routes::<S>())
        .merge(signature::<S>())
}

/// The page on which a month is signed alone, of a kind that may be.
fn signature<S: StatementPages>() -> Router<App> {
    let page = month_route::<S>("/signature");
    if S::KIND.is_signed_alone() { claim_page::routes::<AtMonth>(&page, &page) } else { Router::new() }
}
