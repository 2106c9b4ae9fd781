//! Stored files.

use super::ColumnKind::{Blob, Int, Text};
use super::{OwnerColumn, ProtectedTable, owned};

/// How the agency is named in the column of the owner.
pub(in crate::store) const AGENCY: &str = "agency";

/// Files: written once, never changed. Chunks are not covered: each is sealed in its place, and the hash of all is covered.
pub(in crate::store) const STORED_FILE: ProtectedTable = ProtectedTable {
    key: &["owner", "id"],
    owner: OwnerColumn::OrganiserOrAgency("owner"),
    ..owned(
        "stored_file",
        &[
            ("owner", Text),
            ("id", Text),
            ("name", Blob),
            ("media_type", Text),
            ("size", Int),
            ("chunks", Int),
            ("sha256", Text),
            ("created_at", Int),
        ],
        &[],
    )
};

/// Attachments of reports.
pub(in crate::store) const REPORT_ATTACHMENT: ProtectedTable = ProtectedTable {
    key: &["organiser_id", "creche_id", "month", "file_id"],
    ..owned(
        "report_attachment",
        &[
            ("organiser_id", Text),
            ("creche_id", Text),
            ("month", Text),
            ("last_month", Text),
            ("owner", Text),
            ("file_id", Text),
            ("added_at", Int),
            ("removed_at", Int),
            ("correction", Text),
            ("removal_correction", Text),
        ],
        &[],
    )
};
