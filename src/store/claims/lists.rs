//! Lists of claims for the home page: which were answered, and when each was signed last.

use jiff::Timestamp;

use super::{ClaimKey, ClaimRecord, ClaimRow, claim_columns, sound};
use crate::domain::actor::ActorKind;
use crate::domain::claim::{ClaimAct, ClaimState};
use crate::domain::period::{Month, Period};
use crate::ids::{CrecheId, OrganiserId};
use crate::store::db::{Tx, row, rows};
use crate::store::error::Error;
use crate::store::source::RowSource;

/// The claims of a family that were returned, and those that were answered otherwise since an instant.
macro_rules! answered {
    ($is_month:literal, $claim:literal) => {
        concat!(
            "select ",
            claim_columns!($is_month),
            " from ",
            $claim,
            " where organiser_id = $1 and (state = $4 or month >= $2 and updated_at >= $3 and state in ($5, $6, $7))"
        )
    };
}

/// The signed claims of a family, each with the instant of its latest signature.
macro_rules! signed {
    ($is_month:literal, $claim:literal, $signature:literal) => {
        concat!(
            "select c.organiser_id, c.creche_id, c.month, c.state, s.signed_at, cast(",
            $is_month,
            " as bigint) as is_month from ",
            $claim,
            " c join ",
            $signature,
            " s on s.organiser_id = c.organiser_id and s.creche_id = c.creche_id and s.month = c.month \
             and s.number = c.signed_act where c.organiser_id = $1 and c.month >= $2 and c.is_frozen = 1"
        )
    };
}

/// The claims of a family whose last act is a message of one of two kinds of actors.
macro_rules! messages {
    ($is_month:literal, $claim:literal, $act:literal) => {
        concat!(
            "select c.organiser_id, c.creche_id, c.month, a.at, cast(",
            $is_month,
            " as bigint) as is_month from ",
            $claim,
            " c join ",
            $act,
            " a on a.organiser_id = c.organiser_id and a.creche_id = c.creche_id and a.month = c.month \
              and a.number = c.acts where c.is_frozen = 1 and a.act = $1 and a.actor_kind in ($2, $3)"
        )
    };
}

const MESSAGES: &str = concat!(
    messages!(0, "claim", "claim_act"),
    " and c.organiser_id = $4 union all ",
    messages!(1, "month_claim", "month_claim_act"),
    " and c.organiser_id = $4 order by at"
);
const COUNT_MESSAGES: &str = concat!(
    "select count(*) from (",
    messages!(0, "claim", "claim_act"),
    " union all ",
    messages!(1, "month_claim", "month_claim_act"),
    ") as found"
);
const ANSWERED: &str = concat!(
    answered!(0, "claim"),
    " union all ",
    answered!(1, "month_claim"),
    " order by updated_at desc, creche_id, month, is_month"
);
const SIGNED: &str = concat!(
    "select * from (",
    signed!(0, "claim", "claim_signature"),
    " union all ",
    signed!(1, "month_claim", "month_claim_signature"),
    ") l order by l.creche_id, l.month, l.is_month"
);
const COUNT: &str = "select (select count(*) from claim where state = $1) \
                     + (select count(*) from month_claim where state = $1)";

/// The claims that are returned, of any period, and those of periods from a month on that were answered otherwise since an
/// instant; the latest first.
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

/// The state of each signed claim of the periods from a month on, and when it was signed last. Rows are not authenticated: what is
/// decided on reads the claim itself.
pub async fn signed(
    tx: &mut Tx,
    organiser: OrganiserId,
    from: Month,
) -> Result<Vec<(ClaimKey, ClaimState, Timestamp)>, Error> {
    type Row = (String, String, String, String, i64, i64);
    let found = rows!(tx, Row, SIGNED, organiser.to_string(), from.to_string())?;
    let read = |(organiser, creche, month, state, at, is_month): Row| {
        let source = RowSource { table: "claim", id: &month };
        let key = ClaimKey::from_columns(&source, (&organiser, &creche, &month), is_month)?;
        Ok((key, source.text("state", &state)?, source.instant("signed_at", at)?))
    };
    found.into_iter().map(read).collect()
}

/// The signed claims of an organiser whose last act is a message of the agency, the first first.
pub async fn with_message_of_agency(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<(CrecheId, Period)>, Error> {
    type Row = (String, String, String, i64, i64);
    let [agent, key] = [ActorKind::Agent, ActorKind::AgencyKey].map(ActorKind::code);
    let found = rows!(tx, Row, MESSAGES, ClaimAct::Message.code(), agent, key, organiser.to_string())?;
    let read = |(organiser, creche, month, _, is_month): Row| {
        let source = RowSource { table: "claim", id: &month };
        let key = ClaimKey::from_columns(&source, (&organiser, &creche, &month), is_month)?;
        Ok((key.creche, key.period))
    };
    found.into_iter().map(read).collect()
}

/// How many signed claims of all organisers have a message of the organiser as their last act.
pub async fn count_with_message_of_organiser(tx: &mut Tx) -> Result<usize, Error> {
    let (act, person) = (ClaimAct::Message.code(), ActorKind::Person.code());
    let (count,) = row!(tx, (i64,), COUNT_MESSAGES, act, person, person)?.unwrap_or_default();
    RowSource { table: "claim", id: act }.number("count", count)
}

/// How many claims of all organisers are in a state.
pub async fn count_in_state(tx: &mut Tx, state: ClaimState) -> Result<usize, Error> {
    let (count,) = row!(tx, (i64,), COUNT, state.code())?.unwrap_or_default();
    RowSource { table: "claim", id: state.code() }.number("count", count)
}
