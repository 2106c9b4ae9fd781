//! Claims, their acts, and the keys of their receipts.

use super::ColumnKind::{Blob, Int, Text};
use super::{OwnerColumn, ProtectedTable, owned};

/// Where each claim stands.
pub(in crate::store) const CLAIM: ProtectedTable = ProtectedTable {
    key: &["organiser_id", "creche_id", "month"],
    ..owned(
        "claim",
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
    )
};

/// Acts on claims: written once, never changed.
pub(in crate::store) const CLAIM_ACT: ProtectedTable = ProtectedTable {
    key: &["organiser_id", "creche_id", "month", "number"],
    ..owned(
        "claim_act",
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
    )
};

/// The keys of receipts.
pub(in crate::store) const RECEIPT_KEY: ProtectedTable = ProtectedTable {
    owner: OwnerColumn::None,
    ..owned("receipt_key", &[("id", Text), ("public_key", Blob), ("created_at", Int), ("retired_at", Int)], &[])
};
