//! The attachments of a report in a table: the same for its organiser and for agents.

use super::page_frame::date_time;
use crate::app::reports::Attachment;
use crate::words::{self, Language};

/// An attachment.
pub(super) struct AttachmentRow {
    pub(super) id: String,
    pub(super) href: String,
    pub(super) name: String,
    pub(super) size: String,
    pub(super) added_at: String,
}

/// The rows of attachments of the report at the address `report`.
pub(super) fn attachment_rows(attachments: &[Attachment], report: &str, language: Language) -> Vec<AttachmentRow> {
    let row = |one: &Attachment| AttachmentRow {
        id: one.id.to_string(),
        href: format!("{report}/attachments/{}", one.id),
        name: one.name.as_str().to_owned(),
        size: words::size(one.size, language),
        added_at: date_time(one.added_at),
    };
    attachments.iter().map(row).collect()
}
