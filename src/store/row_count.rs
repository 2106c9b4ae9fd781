//! How many rows a database has: of the tables that grow with use.

use super::db::{Tx, row};
use super::error::Error;

const COUNT: &str = "select (select count(*) from revision) + (select count(*) from verdict) \
                     + (select count(*) from event) + (select count(*) from audit_entry) \
                     + (select count(*) from delivery) + (select count(*) from attempt) + (select count(*) from draft) \
                     + (select count(*) from staff_revision) + (select count(*) from stored_file_chunk) \
                     + (select count(*) from session) + (select count(*) from idempotent_request) \
                     + (select count(*) from api_request)";

/// The rows of the tables that grow with use.
pub async fn count_rows(tx: &mut Tx) -> Result<u64, Error> {
    let counted = row!(tx, (i64,), COUNT)?;
    Ok(counted.map_or(0, |(rows,)| rows.cast_unsigned()))
}
