//! Payments of subsidies.

use super::ColumnKind::{Blob, Int, Text};
use super::{ProtectedTable, owned};

/// Payments with their cancellation.
pub(in crate::store) const SUBSIDY_PAYMENT: ProtectedTable = owned(
    "subsidy_payment",
    &[
        ("id", Text),
        ("organiser_id", Text),
        ("creche_id", Text),
        ("month", Text),
        ("type", Text),
        ("paid_on", Text),
        ("amount", Int),
        ("balance", Int),
        ("reference", Text),
        ("recorded_at", Int),
        ("recorded_by", Text),
        ("cancelled_at", Int),
        ("cancelled_by", Text),
        ("reason", Blob),
    ],
    &[],
);
