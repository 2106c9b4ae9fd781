//! How often each key was used, by day.

use jiff::civil::Date;

use super::db::{Tx, execute, rows};
use super::error::Error;
use super::limited_delete::limited_delete;
use super::source::{RowSource, all};
use crate::domain::key::{DailyUses, KeyId};
use crate::ids::{ApplicationId, OrganiserId};

const ADD: &str = "insert into key_use (organiser_id, key_id, day, calls, refusals) \
                   select organiser_id, id, $3, $4, $5 from api_key where organiser_id = $1 and id = $2 \
                   on conflict (organiser_id, key_id, day) do update set \
                   calls = key_use.calls + excluded.calls, refusals = key_use.refusals + excluded.refusals";
const SINCE: &str = "select u.day, cast(sum(u.calls) as bigint) as calls, cast(sum(u.refusals) as bigint) as refusals \
                     from key_use u join api_key k on k.id = u.key_id \
                     where u.organiser_id = $1 and k.application_id = $2 and u.day >= $3 group by u.day order by u.day";
const REMOVE_BEFORE: &str = limited_delete!("key_use", "organiser_id, key_id, day", "day < $2");

/// Adds the uses of a key on a day; `false` when the key does not exist.
pub async fn add(tx: &mut Tx, organiser: OrganiserId, key: KeyId, day: Date, uses: DailyUses) -> Result<bool, Error> {
    let most = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let (calls, refusals) = (most(uses.calls), most(uses.refusals));
    execute!(tx, ADD, organiser.to_string(), key.as_str(), day.to_string(), calls, refusals)?.at_most_one()
}

/// The uses of all keys of an application, for each day since `since` with any.
pub async fn since(
    tx: &mut Tx,
    organiser: OrganiserId,
    application: ApplicationId,
    since: Date,
) -> Result<Vec<(Date, DailyUses)>, Error> {
    let found: Vec<UseDay> =
        all(rows!(tx, DayRow, SINCE, organiser.to_string(), application.to_string(), since.to_string(),)?)?;
    Ok(found.into_iter().map(|UseDay(day, uses)| (day, uses)).collect())
}

/// Deletes at most `most` days of uses of the organiser's keys before `day`; returns how many.
pub async fn remove_before(tx: &mut Tx, organiser: OrganiserId, day: Date, most: i64) -> Result<u64, Error> {
    Ok(execute!(tx, REMOVE_BEFORE, organiser.to_string(), day.to_string(), most)?.any())
}

#[derive(sqlx::FromRow)]
struct DayRow {
    day: String,
    calls: i64,
    refusals: i64,
}

/// A day and the uses on it.
struct UseDay(Date, DailyUses);

impl TryFrom<DayRow> for UseDay {
    type Error = Error;

    fn try_from(row: DayRow) -> Result<Self, Error> {
        let from = RowSource { table: "key_use", id: &row.day };
        let uses =
            DailyUses { calls: from.number("calls", row.calls)?, refusals: from.number("refusals", row.refusals)? };
        Ok(Self(from.text("day", &row.day)?, uses))
    }
}
