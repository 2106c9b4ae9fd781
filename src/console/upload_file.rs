//! The file field of a form for workbooks: the same for a month and for the staff register.

use super::page_frame::PageFrame;
use crate::http::extract::BodyLimits;
use crate::words::{self, LocalText};

/// The allowance for the other fields of the form and the multipart boundaries, in bytes.
const ENVELOPE: usize = 10_000;

/// The field with the file, its hint and its limit.
pub(super) struct UploadFile {
    pub(super) label: LocalText,
    /// The hint on the accepted formats.
    pub(super) formats: LocalText,
    /// The endings of the names of accepted files.
    pub(super) endings: &'static str,
    /// The hint besides the accepted formats.
    pub(super) hint: Option<LocalText>,
    /// The largest file that is accepted, in bytes.
    pub(super) most_bytes: usize,
}

impl UploadFile {
    /// A field named `label`, for a gateway that accepts bodies up to `limits`.
    pub(super) const fn new(label: LocalText, hint: Option<LocalText>, limits: BodyLimits) -> Self {
        let most_bytes = limits.accepted.saturating_sub(ENVELOPE);
        Self { label, formats: words::upload_file::AN_XLSX_OR_XLS_FILE_THAT, endings: ".xlsx,.xls", hint, most_bytes }
    }

    /// The largest file in words, rounded down to a tenth of a megabyte, or of a kilobyte below that.
    pub(super) fn size_limit_text(&self, frame: &PageFrame) -> String {
        words::size(self.most_bytes as u64, frame.language)
    }
}
