//! The agency's agents, and the keys of its software.

use super::ColumnKind::{Blob, Int, Text};
use super::{OwnerColumn, ProtectedTable};

/// Agents of the agency.
pub(in crate::store) const AGENT: ProtectedTable = ProtectedTable {
    name: "agent",
    code_name: "agent",
    key: &["ssin_hash"],
    columns: &[("ssin_hash", Text), ("name", Text), ("created_at", Int)],
    owner: OwnerColumn::Operator,
    parts: &[],
    hides_key: true,
};

/// Keys of the agency's software. The last use of a key is not covered.
pub(in crate::store) const AGENCY_KEY: ProtectedTable = ProtectedTable {
    name: "agency_key",
    code_name: "agency_key",
    key: &["id"],
    columns: &[
        ("id", Text),
        ("name", Text),
        ("kind", Text),
        ("secret_hash", Blob),
        ("scopes", Text),
        ("networks", Text),
        ("created_at", Int),
        ("expires_at", Int),
        ("revoked_at", Int),
    ],
    owner: OwnerColumn::Operator,
    parts: &[],
    hides_key: false,
};
