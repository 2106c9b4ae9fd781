//! The result of a workbook that a user uploaded: the same for a month and for the staff register.

use axum::http::StatusCode;

use super::correction::CORRECTION;
use super::form_fields::FieldErrors;
use crate::domain::finding::Findings;
use crate::words::{self, Language, LocalText};

/// The result of an upload.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UploadState {
    /// Nothing was sent yet.
    Fresh,
    /// There is no file, for this reason.
    NoFile(LocalText),
    /// It has errors.
    Refused,
    /// It has errors and cannot be marked.
    Unreadable,
    /// The present revision is not the one that the user agreed to replace.
    Blocked,
    /// The month is in a signed report, and no reason for a correction was given.
    Locked,
    /// The dry run succeeded, and it can be deposited.
    Good,
}

impl UploadState {
    /// The result for a file with these findings.
    pub(super) fn refused(findings: &Findings) -> Self {
        if is_markable(findings) { Self::Refused } else { Self::Unreadable }
    }

    /// The HTTP status of the page.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::Fresh | Self::Good => StatusCode::OK,
            Self::NoFile(_) | Self::Refused | Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Blocked | Self::Locked => StatusCode::CONFLICT,
        }
    }

    /// The errors of the upload, besides those in the workbook; `blocked` is the field and the sentence where there
    /// is another revision.
    pub(super) fn faults(self, blocked: (&str, LocalText), language: Language) -> FieldErrors {
        let (field, words) = match self {
            Self::Fresh | Self::Good => return FieldErrors::default(),
            Self::NoFile(why) => ("file", why),
            Self::Refused => ("file", REFUSED),
            Self::Unreadable => ("file", UNMARKED),
            Self::Blocked => blocked,
            Self::Locked => (CORRECTION, words::correction::REASON_MISSING),
        };
        FieldErrors::one(field, words.get(language))
    }
}

/// Whether a finding is in a cell, so that there is something to mark.
pub(super) fn is_markable(findings: &Findings) -> bool {
    findings.iter().flat_map(|finding| &finding.places).any(|place| place.cell.is_some())
}

/// The workbook has errors.
const REFUSED: LocalText = words::upload_state::REFUSED;
/// No error is in a cell: mostly the file is no workbook.
const UNMARKED: LocalText = words::upload_state::UNMARKED;
