//! Lists of claims for the home page: which were answered, and when each was signed last.

use jiff::Timestamp;

use super::{ClaimKey, ClaimRecord, ClaimRow, sound};
use crate::domain::claim::ClaimState;
use crate::domain::period::Month;
use crate::ids::OrganiserId;
use crate::store::db::{Tx, row, rows};
use crate::store::error::Error;
use crate::store::source::RowSource;

const ANSWERED: &str = "select organiser_id, creche_id, month, state, taken_up, acts, signed_act, updated_at from claim \
                        where organiser_id = $1 and month >= $2 and (state = $4 or updated_at >= $3 \
                        and state in ($5, $6, $7)) order by updated_at desc, creche_id, month";
const SIGNED: &str = "select c.organiser_id, c.creche_id, c.month, c.state, s.signed_at from claim c \
                      join claim_signature s on s.organiser_id = c.organiser_id and s.creche_id = c.creche_id \
                      and s.month = c.month and s.number = c.signed_act \
                      where c.organiser_id = $1 and c.month >= $2 and c.is_frozen = 1 order by c.creche_id, c.month";
const COUNT: &str = "select count(*) from claim where state = $1";

/// The claims of quarters from a month on that were returned, and those that were answered otherwise since an instant; the
/// latest first.
pub async fn answered_since(
    tx: &mut Tx,
    organiser: OrganiserId,
    from: Month,
    since: Timestamp,
) -> Result<Vec<ClaimRecord>, Error> {
    let [returned, accepted, remarks, refused] =
        [ClaimState::Returned, ClaimState::Accepted, ClaimState::AcceptedWithRemarks, ClaimState::Refused]
            .map(ClaimState::code);
    let (organiser, from, since) = (organiser.to_string(), from.to_string(), since.as_millisecond());
    let found = rows!(tx, ClaimRow, ANSWERED, organiser, from, since, returned, accepted, remarks, refused)?;
    sound(tx, found).await
}

/// The state of each signed claim of the quarters from a month on, and when it was signed last. Rows are not authenticated: what is
/// decided on reads the claim itself.
pub async fn signed(
    tx: &mut Tx,
    organiser: OrganiserId,
    from: Month,
) -> Result<Vec<(ClaimKey, ClaimState, Timestamp)>, Error> {
    type Row = (String, String, String, String, i64);
    let found = rows!(tx, Row, SIGNED, organiser.to_string(), from.to_string())?;
    let read = |(organiser, creche, month, state, at): Row| {
        let source = RowSource { table: "claim", id: &month };
        let key = ClaimKey::from_columns(&source, (&organiser, &creche, &month))?;
        Ok((key, source.text("state", &state)?, source.instant("signed_at", at)?))
    };
    found.into_iter().map(read).collect()
}

/// How many claims of all organisers are in a state.
pub async fn count_in_state(tx: &mut Tx, state: ClaimState) -> Result<usize, Error> {
    let (count,) = row!(tx, (i64,), COUNT, state.code())?.unwrap_or_default();
    RowSource { table: "claim", id: state.code() }.number("count", count)
}
