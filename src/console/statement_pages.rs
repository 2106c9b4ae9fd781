//! The pages that every kind of statement has.

use axum::Router;

use super::kinds::StatementPages;
use super::{board, changes, month, table, upload};
use crate::app::App;
use crate::domain::attendance::Statement as Attendance;
use crate::domain::medical::Statement as Medical;

/// The pages of every kind.
pub(super) fn routes() -> Router<App> {
    of::<Attendance>().merge(of::<Medical>())
}

fn of<S: StatementPages>() -> Router<App> {
    board::routes::<S>()
        .merge(month::routes::<S>())
        .merge(changes::routes::<S>())
        .merge(upload::routes::<S>())
        .merge(table::routes::<S>())
}
