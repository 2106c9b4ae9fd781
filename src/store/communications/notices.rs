//! The organisers that communications were addressed to, and the events that are due to them.

use jiff::Timestamp;

use super::addressed;
use super::listing::counted;
use crate::ids::{CommunicationId, OrganiserId};
use crate::store::db::{Tx, execute, row, rows};
use crate::store::error::Error;
use crate::store::source::RowSource;

/// An organiser to whose feed a published communication is to be added.
pub type DueNotice = (CommunicationId, OrganiserId);

/// How many organisers a published communication was addressed to, and how many of them have the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeCounts {
    /// Those that it was addressed to.
    pub addressed: u64,
    /// Those whose feed has the event.
    pub announced: u64,
}

const ADDRESS: &str = concat!(
    "insert into communication_notice (communication_id, organiser_id) \
     select c.id, o.id from communication c join organiser o on ",
    addressed!(),
    " where c.id = $1"
);
const DUE: &str = "select communication_id, organiser_id from communication_notice where announced_at is null \
                   and (communication_id, organiser_id) > ($1, $2) order by communication_id, organiser_id limit $3";
const MARK: &str = "update communication_notice set announced_at = $3 \
                    where communication_id = $1 and organiser_id = $2 and announced_at is null";
const ADDRESSED: &str = "select count(*) from communication_notice where communication_id = $1";
const ANNOUNCED: &str =
    "select count(*) from communication_notice where communication_id = $1 and announced_at is not null";

/// Stores to which organisers a communication is addressed, as things are now: the event is due to each.
pub async fn address(tx: &mut Tx, id: CommunicationId) -> Result<(), Error> {
    execute!(tx, ADDRESS, id.to_string())?.any();
    Ok(())
}

/// At most `most` events that are due, after one of them or from the first on: in the order of communications, then of
/// organisers.
pub async fn due(tx: &mut Tx, after: Option<DueNotice>, most: u32) -> Result<Vec<DueNotice>, Error> {
    let (id, organiser) = after.map(|(id, organiser)| (id.to_string(), organiser.to_string())).unwrap_or_default();
    let found = rows!(tx, (String, String), DUE, id, organiser, i64::from(most))?;
    let typed = |(communication, organiser): (String, String)| {
        let from = RowSource { table: "communication_notice", id: &communication };
        Ok((from.text("communication_id", &communication)?, from.text("organiser_id", &organiser)?))
    };
    found.into_iter().map(typed).collect()
}

/// Marks an event as written; `false` when it was written before.
pub async fn mark_announced(tx: &mut Tx, (id, organiser): DueNotice, at: Timestamp) -> Result<bool, Error> {
    execute!(tx, MARK, id.to_string(), organiser.to_string(), at.as_millisecond())?.at_most_one()
}

/// How many organisers were addressed, and how many have the event.
pub async fn notice_counts(tx: &mut Tx, id: CommunicationId) -> Result<NoticeCounts, Error> {
    let id = id.to_string();
    let addressed = counted(row!(tx, (i64,), ADDRESSED, &id)?)?;
    Ok(NoticeCounts { addressed, announced: counted(row!(tx, (i64,), ANNOUNCED, &id)?)? })
}
