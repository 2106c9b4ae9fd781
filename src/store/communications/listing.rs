//! Lists of communications: those that an organiser may read, and all of them for agents. The latest day first.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{CommunicationRecord, CommunicationRow, addressed, columns, sound};
use crate::domain::communication::{CommunicationFilter, CommunicationType, Sector, StaffStatus};
use crate::domain::period::{Month, Quarter};
use crate::domain::search::PageBounds;
use crate::ids::{CommunicationId, OrganiserId};
use crate::store::db::{Tx, row, rows};
use crate::store::error::Error;
use crate::store::source::RowSource;

/// A place in a list: that of the communication with this day and id.
pub type ListPosition = (Date, CommunicationId);

/// A query of the published communications that the organiser `$1` may read: what it selects, and the rest of its
/// conditions. One that was addressed to the organiser at its publication stays readable when no crèche is subsidised any
/// more.
macro_rules! visible {
    ($what:expr; $($rest:tt)*) => {
        concat!(
            "select ",
            $what,
            " from communication c join organiser o on o.id = $1 where c.published_at is not null and (",
            addressed!(),
            " or (c.audience = 'subsidised' and exists (select 1 from communication_notice n \
             where n.communication_id = c.id and n.organiser_id = o.id)))",
            $($rest)*
        )
    };
}

/// The same with a filter, of which each of `$2` to `$5` is empty for every value.
macro_rules! filtered {
    ($what:expr; $($rest:tt)*) => {
        visible!(
            $what;
            " and ($2 = '' or c.type = $2) and ($3 = '' or c.month = $3) \
             and ($4 = '' or coalesce(c.sector, $4) = $4) and ($5 = '' or coalesce(c.staff_status, $5) = $5)",
            $($rest)*
        )
    };
}

const FIND: &str = visible!(columns!(); " and c.id = $2");
const LATEST: &str = visible!("max(c.published_at)";);
const UNSEEN: &str = visible!(
    columns!();
    " and c.published_at > $2 and c.withdrawn_at is null order by c.published_at desc, c.id desc limit 1"
);
const COUNT_OF_UNSEEN: &str = visible!("count(*)"; " and c.published_at > $2 and c.withdrawn_at is null");
const QUARTERS: &str = visible!("distinct c.month"; " and c.month is not null order by c.month desc");
const COUNT: &str = filtered!("count(*)";);
const PAGE: &str = filtered!(columns!(); " order by c.dated desc, c.id desc limit $6 offset $7");
const AFTER: &str = filtered!(columns!(); " and (c.dated, c.id) < ($6, $7) order by c.dated desc, c.id desc limit $8");
const ALL: &str =
    concat!("select ", columns!(), " from communication c order by c.dated desc, c.id desc limit $1 offset $2");
const COUNT_OF_ALL: &str = "select count(*) from communication";
const ADDRESSED: &str =
    concat!("select count(*) from communication c join organiser o on ", addressed!(), " where c.id = $1");

/// A communication that the organiser may read.
pub async fn find_visible(
    tx: &mut Tx,
    organiser: OrganiserId,
    id: CommunicationId,
) -> Result<Option<CommunicationRecord>, Error> {
    let found = rows!(tx, CommunicationRow, FIND, organiser.to_string(), id.to_string())?;
    Ok(sound(tx, found).await?.pop())
}

/// The values of a filter, empty for every one.
fn values(filter: CommunicationFilter) -> [String; 4] {
    let month = filter.quarter.map(|quarter| quarter.months()[0].to_string());
    [
        filter.communication_type.map(CommunicationType::code).unwrap_or_default().to_owned(),
        month.unwrap_or_default(),
        filter.sector.map(Sector::code).unwrap_or_default().to_owned(),
        filter.staff_status.map(StaffStatus::code).unwrap_or_default().to_owned(),
    ]
}

/// How many communications the organiser may read, of those that the filter does not exclude.
pub async fn count_visible(tx: &mut Tx, organiser: OrganiserId, filter: CommunicationFilter) -> Result<u64, Error> {
    let (organiser, [kind, month, sector, status]) = (organiser.to_string(), values(filter));
    counted(row!(tx, (i64,), COUNT, organiser, kind, month, sector, status)?)
}

/// A page of them, the latest day first.
pub async fn list_visible(
    tx: &mut Tx,
    organiser: OrganiserId,
    filter: CommunicationFilter,
    page: PageBounds,
) -> Result<Vec<CommunicationRecord>, Error> {
    let (organiser, [kind, month, sector, status]) = (organiser.to_string(), values(filter));
    let (most, skip) = (bound(page.most), bound(page.skip));
    let found = rows!(tx, CommunicationRow, PAGE, organiser, kind, month, sector, status, most, skip)?;
    sound(tx, found).await
}

/// At most `most` of them after a place in the list.
pub async fn list_visible_after(
    tx: &mut Tx,
    organiser: OrganiserId,
    filter: CommunicationFilter,
    (date, id): ListPosition,
    most: u64,
) -> Result<Vec<CommunicationRecord>, Error> {
    let (organiser, [kind, month, sector, status]) = (organiser.to_string(), values(filter));
    let (date, id, most) = (date.to_string(), id.to_string(), bound(most));
    let found = rows!(tx, CommunicationRow, AFTER, organiser, kind, month, sector, status, date, id, most)?;
    sound(tx, found).await
}

/// The quarters of the communications that the organiser may read, the latest first.
pub async fn quarters(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<Quarter>, Error> {
    let found = rows!(tx, (String,), QUARTERS, organiser.to_string())?;
    let typed = |(month,): (String,)| {
        Ok(RowSource { table: "communication", id: &month }.text::<Month>("month", &month)?.quarter())
    };
    found.into_iter().map(typed).collect()
}

/// When the latest publication was that the organiser may read; `None` when there is none.
pub async fn latest_publication(tx: &mut Tx, organiser: OrganiserId) -> Result<Option<Timestamp>, Error> {
    let organiser = organiser.to_string();
    let latest = row!(tx, (Option<i64>,), LATEST, &organiser)?.and_then(|(at,)| at);
    RowSource { table: "communication", id: &organiser }.maybe_instant("published_at", latest)
}

/// The latest communication that was published after an instant and is not withdrawn, and how many such there are.
pub async fn latest_since(
    tx: &mut Tx,
    organiser: OrganiserId,
    since: Timestamp,
) -> Result<Option<(CommunicationRecord, u64)>, Error> {
    let (organiser, since) = (organiser.to_string(), since.as_millisecond());
    let found = rows!(tx, CommunicationRow, UNSEEN, &organiser, since)?;
    let Some(latest) = sound(tx, found).await?.pop() else { return Ok(None) };
    Ok(Some((latest, counted(row!(tx, (i64,), COUNT_OF_UNSEEN, &organiser, since)?)?)))
}

/// A page of every communication, drafts too, for agents.
pub async fn list_all(tx: &mut Tx, page: PageBounds) -> Result<Vec<CommunicationRecord>, Error> {
    let found = rows!(tx, CommunicationRow, ALL, bound(page.most), bound(page.skip))?;
    sound(tx, found).await
}

/// How many communications there are, with drafts.
pub async fn count_all(tx: &mut Tx) -> Result<u64, Error> {
    counted(row!(tx, (i64,), COUNT_OF_ALL)?)
}

/// How many organisers a communication is addressed to as things are now.
pub async fn addressed_count(tx: &mut Tx, id: CommunicationId) -> Result<u64, Error> {
    counted(row!(tx, (i64,), ADDRESSED, id.to_string())?)
}

pub(super) fn counted(count: Option<(i64,)>) -> Result<u64, Error> {
    let count = count.map_or(0, |(count,)| count);
    RowSource { table: "communication", id: "" }.number("count", count)
}

fn bound(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
