//! How many messages hosts got from endpoints that are not verified, all organisers together, so that deleting an endpoint
//! and making it anew resets nothing. Hosts are identified by a keyed hash.

use crate::store::Error;
use crate::store::db::{Tx, execute, row};
use crate::store::source::RowSource;

const COUNT: &str = "insert into webhook_host_message (host_hash, hour, messages) values ($1, $2, 1) \
                     on conflict (host_hash, hour) do update set messages = webhook_host_message.messages + 1 \
                     returning messages";
const REMOVE: &str = "delete from webhook_host_message where hour < $1";

/// Counts one more message to a host in an hour (since 1970); returns the new count.
pub async fn count_host_message(tx: &mut Tx, host_hash: &str, hour: i64) -> Result<u64, Error> {
    let (messages,) = row!(tx, (i64,), COUNT, host_hash, hour)?.ok_or(Error::Rows(0))?;
    RowSource { table: "webhook_host_message", id: host_hash }.number("messages", messages)
}

/// Deletes the counts of earlier hours.
pub async fn remove_host_messages_before(tx: &mut Tx, hour: i64) -> Result<(), Error> {
    execute!(tx, REMOVE, hour)?.any();
    Ok(())
}
