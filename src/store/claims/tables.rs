//! The two families of tables, which have the same columns: claims of quarters, and claims of single months. Each statement is
//! written once for both.

use crate::domain::period::{Month, Period};
use crate::store::integrity::{CLAIM, CLAIM_ACT, MONTH_CLAIM, MONTH_CLAIM_ACT, ProtectedTable};
use crate::store::limited_delete::limited_delete;

/// A family of tables, and the statements on it.
pub(super) struct ClaimTables {
    /// Where each claim stands.
    pub(super) claim: &'static ProtectedTable,
    /// The acts.
    pub(super) act: &'static ProtectedTable,
    pub(super) find: &'static str,
    pub(super) put: &'static str,
    pub(super) insert_act: &'static str,
    pub(super) insert_details: &'static str,
    pub(super) acts: &'static str,
    pub(super) remove_signatures: &'static str,
    pub(super) remove_details: &'static str,
    pub(super) remove_acts: &'static str,
    pub(super) remove: &'static str,
    pub(super) insert_signature: &'static str,
    pub(super) latest_signature: &'static str,
    pub(super) signature: &'static str,
    pub(super) signatures: &'static str,
    pub(super) signature_by_code: &'static str,
    pub(super) every_signature: &'static str,
}

/// The columns of a [`super::ClaimRow`].
macro_rules! claim_columns {
    ($is_month:literal) => {
        concat!(
            "organiser_id, creche_id, month, state, taken_up, acts, signed_act, updated_at, cast(",
            $is_month,
            " as bigint) as is_month"
        )
    };
}
pub(super) use claim_columns;

/// The columns of a signature of the rows that meet a condition.
macro_rules! signatures {
    ($is_month:literal, $signature:literal, $where:literal) => {
        concat!(
            "select organiser_id, creche_id, month, number, signature, sha256, code_hash, signed_at, \
             coalesce(warnings, 0) as warnings, receipt, salaries, cast(",
            $is_month,
            " as bigint) as is_month from ",
            $signature,
            " where ",
            $where
        )
    };
}

/// What deletes rows of the organiser's `$3` first claims of the periods that end before a month.
macro_rules! remove_before {
    ($table:literal, $claim:literal) => {
        limited_delete!(
            $table,
            "organiser_id, creche_id, month",
            of $claim,
            "last_month < $2 order by creche_id, month"
        )
    };
}

macro_rules! claim_tables {
    (
        $is_month:literal, $claim_table:ident $claim:literal, $act_table:ident $act:literal, $details:literal,
        $signature:literal
    ) => {
        ClaimTables {
            claim: &$claim_table,
            act: &$act_table,
            find: concat!(
                "select ",
                claim_columns!($is_month),
                " from ",
                $claim,
                " where organiser_id = $1 and creche_id = $2 and month = $3"
            ),
            put: concat!(
                "insert into ",
                $claim,
                " as held (organiser_id, creche_id, month, last_month, state, is_frozen, taken_up, acts, signed_act, \
                 updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                 on conflict (organiser_id, creche_id, month) do update set state = excluded.state, \
                 is_frozen = excluded.is_frozen, taken_up = excluded.taken_up, acts = excluded.acts, \
                 signed_act = excluded.signed_act, updated_at = excluded.updated_at \
                 where held.acts = excluded.acts - 1"
            ),
            insert_act: concat!(
                "insert into ",
                $act,
                " (organiser_id, creche_id, month, number, act, state, actor_kind, actor, at, reason) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            ),
            insert_details: concat!(
                "insert into ",
                $details,
                " (organiser_id, creche_id, month, number, details) values ($1, $2, $3, $4, $5)"
            ),
            acts: concat!(
                "select a.number, a.act, a.state, a.actor_kind, a.actor, a.at, a.reason, d.details from ",
                $act,
                " a left join ",
                $details,
                " d on d.organiser_id = a.organiser_id and d.creche_id = a.creche_id and d.month = a.month \
                 and d.number = a.number where a.organiser_id = $1 and a.creche_id = $2 and a.month = $3 \
                 order by a.number"
            ),
            remove_signatures: remove_before!($signature, $claim),
            remove_details: remove_before!($details, $claim),
            remove_acts: concat!(remove_before!($act, $claim), " returning creche_id, month, number, mac"),
            remove: concat!(remove_before!($claim, $claim), " returning creche_id, month, mac"),
            insert_signature: concat!(
                "insert into ",
                $signature,
                " (organiser_id, creche_id, month, number, signature, sha256, code_hash, signed_at, warnings, receipt, \
                 salaries) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            ),
            latest_signature: signatures!(
                $is_month,
                $signature,
                "organiser_id = $1 and creche_id = $2 and month = $3 order by number desc limit 1"
            ),
            signature: signatures!(
                $is_month,
                $signature,
                "organiser_id = $1 and creche_id = $2 and month = $3 and number = $4"
            ),
            signatures: signatures!(
                $is_month,
                $signature,
                "organiser_id = $1 and creche_id = $2 and month = $3 order by number"
            ),
            signature_by_code: signatures!($is_month, $signature, "code_hash = $1"),
            every_signature: signatures!($is_month, $signature, "organiser_id = $1 order by creche_id, month, number"),
        }
    };
}

/// Claims of quarters.
static OF_QUARTERS: ClaimTables =
    claim_tables!(0, CLAIM "claim", CLAIM_ACT "claim_act", "claim_act_details", "claim_signature");
/// Claims of months.
static OF_MONTHS: ClaimTables = claim_tables!(
    1, MONTH_CLAIM "month_claim", MONTH_CLAIM_ACT "month_claim_act", "month_claim_act_details", "month_claim_signature"
);

impl ClaimTables {
    /// Both families.
    pub(super) const ALL: [&'static Self; 2] = [&OF_QUARTERS, &OF_MONTHS];

    /// The tables of the claim of a period.
    pub(super) const fn of(period: Period) -> &'static Self {
        match period {
            Period::Quarter(_) => &OF_QUARTERS,
            Period::Month(_) => &OF_MONTHS,
        }
    }

    /// The tables of rows with this value of `is_month`.
    pub(super) const fn with_rows(is_month: i64) -> &'static Self {
        if is_month == 1 { &OF_MONTHS } else { &OF_QUARTERS }
    }
}

/// The period of a row with this first month.
pub(super) const fn period_of(is_month: i64, month: Month) -> Period {
    if is_month == 1 { Period::Month(month) } else { Period::Quarter(month.quarter()) }
}
