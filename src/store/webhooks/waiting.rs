//! What waits for a later time at endpoints. Waiting is counted in machine time; where the business time of a whole database
//! is moved, as in a world of a sandbox, what waits comes nearer by as much.

use jiff::{SignedDuration, Timestamp};

use crate::store::Error;
use crate::store::db::{Tx, execute, row};
use crate::store::source::RowSource;

const DELIVERIES: &str = "update delivery set due_at = due_at - $1 where due_at is not null";
const ENDPOINTS: &str = "update webhook_endpoint set held_until = held_until - $1, failing_since = failing_since - $1 \
                         where held_until is not null or failing_since is not null";
const NEXT: &str = "select min(case when e.held_until > d.due_at then e.held_until else d.due_at end) \
                    from delivery d join webhook_endpoint e on e.id = d.endpoint_id \
                    where e.state = 'active' and d.due_at is not null \
                    and (e.application_id is null or exists (select 1 from application a \
                    where a.id = e.application_id and a.revoked_at is null and a.suspended_at is null \
                    and (a.ends_at is null or a.ends_at > $1)))";
const COUNTS: &str = "select (select count(*) from attempt), (select count(*) from delivery where due_at is not null)";

/// Attempts that were made, and deliveries that wait for the next one, of all organisers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeliveryCounts {
    /// Attempts.
    pub attempts: u64,
    /// Deliveries that wait.
    pub waiting: u64,
}

/// Brings everything that waits nearer, and what has failed for a time farther back.
pub async fn bring_forward(tx: &mut Tx, by: SignedDuration) -> Result<(), Error> {
    let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    execute!(tx, DELIVERIES, millis)?.any();
    execute!(tx, ENDPOINTS, millis)?.any();
    tx.notify_of_deliveries();
    Ok(())
}

/// When the next delivery to an active endpoint is due, in machine time; `None` where none waits. Endpoints of applications
/// that are suspended, or have ended at `business_now`, are not counted.
pub async fn next_due(tx: &mut Tx, business_now: Timestamp) -> Result<Option<Timestamp>, Error> {
    let found = row!(tx, (Option<i64>,), NEXT, business_now.as_millisecond())?;
    let from = RowSource { table: "delivery", id: "next" };
    found.and_then(|(at,)| at).map(|at| from.instant("due_at", at)).transpose()
}

/// How many attempts were made, and how many deliveries wait.
pub async fn delivery_counts(tx: &mut Tx) -> Result<DeliveryCounts, Error> {
    let (attempts, waiting) = row!(tx, (i64, i64), COUNTS)?.unwrap_or_default();
    let from = RowSource { table: "delivery", id: "counts" };
    Ok(DeliveryCounts { attempts: from.number("attempts", attempts)?, waiting: from.number("waiting", waiting)? })
}
