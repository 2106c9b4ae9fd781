//! Writing grants: the rows with the scopes, crèches and types of events of an application, a key or a webhook endpoint, in
//! the order in which they were given.

use sqlx::AssertSqlSafe;

use super::db::{Tx, execute, on};
use super::error::Error;
use super::sql_tuples::values;
use crate::domain::key::Scopes;
use crate::ids::CrecheId;

/// Rows per statement.
const CHUNK: usize = 100;

/// A table of grants.
#[derive(Debug)]
pub(super) struct GrantTable {
    insert: &'static str,
    clear: &'static str,
}

macro_rules! grants {
    ($table:literal, $parent:literal, $granted:literal) => {
        GrantTable {
            insert: concat!("insert into ", $table, " (organiser_id, ", $parent, ", ", $granted, ", position) values"),
            clear: concat!("delete from ", $table, " where organiser_id = $1 and ", $parent, " = $2"),
        }
    };
}

pub(super) const APPLICATION_SCOPE: GrantTable = grants!("application_scope", "application_id", "scope");
pub(super) const APPLICATION_CRECHE: GrantTable = grants!("application_creche", "application_id", "creche_id");
pub(super) const API_KEY_SCOPE: GrantTable = grants!("api_key_scope", "key_id", "scope");
pub(super) const API_KEY_CRECHE: GrantTable = grants!("api_key_creche", "key_id", "creche_id");
pub(super) const ENDPOINT_EVENT_TYPE: GrantTable = grants!("webhook_endpoint_event_type", "endpoint_id", "event_type");
pub(super) const ENDPOINT_CRECHE: GrantTable = grants!("webhook_endpoint_creche", "endpoint_id", "creche_id");

/// The codes of scopes.
pub(super) fn codes(scopes: Scopes) -> Vec<String> {
    scopes.iter().map(|scope| scope.code().to_owned()).collect()
}

/// The ids of crèches; empty when there is no limit to crèches.
pub(super) fn ids(creches: Option<&[CrecheId]>) -> Vec<String> {
    creches.into_iter().flatten().map(ToString::to_string).collect()
}

/// Adds grants to a row that has none in this table.
pub(super) async fn add(
    tx: &mut Tx,
    table: &GrantTable,
    (organiser, parent): (&str, &str),
    granted: &[String],
) -> Result<(), Error> {
    let numbered: Vec<_> = (0_i64..).zip(granted).collect();
    for chunk in numbered.chunks(CHUNK) {
        let sql = AssertSqlSafe(format!("{} {}", table.insert, values(tx, chunk.len(), 4)));
        let result = on!(tx, c => {
            let mut query = sqlx::query(sql);
            for (position, grant) in chunk {
                query = query.bind(organiser).bind(parent).bind(grant.as_str()).bind(*position);
            }
            query.execute(c).await.map(|result| result.rows_affected())
        });
        tx.track_write(result)?.exactly(chunk.len())?;
    }
    Ok(())
}

/// Removes all grants of this table from a row.
pub(super) async fn clear(tx: &mut Tx, table: &GrantTable, organiser: &str, parent: &str) -> Result<(), Error> {
    execute!(tx, table.clear, organiser, parent)?.any();
    Ok(())
}

/// Replaces the grants of a row.
pub(super) async fn replace(
    tx: &mut Tx,
    table: &GrantTable,
    row: (&str, &str),
    granted: &[String],
) -> Result<(), Error> {
    clear(tx, table, row.0, row.1).await?;
    add(tx, table, row, granted).await
}
