//! Claims, their acts, and the keys of their receipts.

use super::ColumnKind::{Blob, Int, Text};
use super::{OwnerColumn, ProtectedTable, owned};

/// Where each claim of a quarter stands.
pub(in crate::store) const CLAIM: ProtectedTable = claims("claim");

/// Where each claim of a month stands.
pub(in crate::store) const MONTH_CLAIM: ProtectedTable = claims("month_claim");

/// Acts on claims of quarters: written once, never changed.
pub(in crate::store) const CLAIM_ACT: ProtectedTable = acts("claim_act");

/// Acts on claims of months.
pub(in crate::store) const MONTH_CLAIM_ACT: ProtectedTable = acts("month_claim_act");

const fn claims(name: &'static str) -> ProtectedTable {
    let table = owned(
        name,
        &[
            ("organiser_id", Text),
            ("creche_id", Text),
            ("month", Text),
            ("last_month", Text),
            ("state", Text),
            ("is_frozen", Int),
            ("taken_up", Int),
            ("acts", Int),
            ("signed_act", Int),
            ("updated_at", Int),
        ],
        &[],
    );
    ProtectedTable { key: &["organiser_id", "creche_id", "month"], ..table }
}

const fn acts(name: &'static str) -> ProtectedTable {
    let table = owned(
        name,
        &[
            ("organiser_id", Text),
            ("creche_id", Text),
            ("month", Text),
            ("number", Int),
            ("act", Text),
            ("state", Text),
            ("actor_kind", Text),
            ("actor", Text),
            ("at", Int),
            ("reason", Blob),
        ],
        &[],
    );
    ProtectedTable { key: &["organiser_id", "creche_id", "month", "number"], ..table }
}

/// The keys of receipts.
pub(in crate::store) const RECEIPT_KEY: ProtectedTable = ProtectedTable {
    owner: OwnerColumn::None,
    ..owned("receipt_key", &[("id", Text), ("public_key", Blob), ("created_at", Int), ("retired_at", Int)], &[])
};
