//! The pages that every kind of statement has.

use axum::Router;

use super::kinds::StatementPages;
use super::{board, changes, month, table, upload};
use crate::app::App;
use crate::domain::kinds::for_each_kind;

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
}
