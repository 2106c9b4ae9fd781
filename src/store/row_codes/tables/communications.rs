//! Communications of the agency.

use super::ColumnKind::{Int, Text};
use super::{OwnerColumn, ProtectedTable, owned};

/// Communications with their withdrawal: an agent's draft, or what organisers read. Who was addressed at the publication is
/// not covered: it decides on the announcing, and on the reading of those only that have no subsidised crèche any more.
pub(in crate::store) const COMMUNICATION: ProtectedTable = ProtectedTable {
    owner: OwnerColumn::Operator,
    ..owned(
        "communication",
        &[
            ("id", Text),
            ("dated", Text),
            ("title", Text),
            ("type", Text),
            ("month", Text),
            ("sector", Text),
            ("staff_status", Text),
            ("audience", Text),
            ("organisers", Text),
            ("owner", Text),
            ("file_id", Text),
            ("created_at", Int),
            ("created_by", Text),
            ("published_at", Int),
            ("published_by", Text),
            ("withdrawn_at", Int),
            ("withdrawn_by", Text),
            ("reason", Text),
        ],
        &[],
    )
};
