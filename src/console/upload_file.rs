//! The file field of a form for workbooks: the same for a month and for the staff register.

use super::page_frame::PageFrame;
use crate::http::extract::BodyLimits;
use crate::words::{Language, LocalText};

/// The allowance for the other fields of the form and the multipart boundaries, in bytes.
const ENVELOPE: usize = 10_000;

/// The field with the file, its hint and its limit.
pub(super) struct UploadFile {
    pub(super) label: LocalText,
    /// The hint besides the accepted formats.
    pub(super) hint: Option<LocalText>,
    /// The largest file that is accepted, in bytes.
    pub(super) most_bytes: usize,
}

impl UploadFile {
    /// A field named `label`, for a gateway that accepts bodies up to `limits`.
    pub(super) const fn new(label: LocalText, hint: Option<LocalText>, limits: BodyLimits) -> Self {
        Self { label, hint, most_bytes: limits.accepted.saturating_sub(ENVELOPE) }
    }

    /// The largest file in words, rounded down to a tenth of a megabyte, or of a kilobyte below that.
    pub(super) fn size_limit_text(&self, frame: &PageFrame) -> String {
        let (unit, name) = match self.most_bytes {
            1_000_000.. => (1_000_000, ("Mo", "MB")),
            _ => (1000, ("ko", "kB")),
        };
        let tenths = self.most_bytes * 10 / unit;
        let (sign, name) = match frame.language {
            Language::Fr => (',', name.0),
            Language::Nl => (',', name.1),
            Language::En => ('.', name.1),
        };
        let fraction = if tenths.is_multiple_of(10) { String::new() } else { format!("{sign}{}", tenths % 10) };
        format!("{}{fraction}\u{a0}{name}", tenths / 10)
    }
}
