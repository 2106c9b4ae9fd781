//! What became of a workbook that was sent by hand: the same for a month and for the staff register.

use axum::http::StatusCode;

use super::form_fields::FieldErrors;
use crate::domain::finding::Findings;
use crate::domain::text::{Language, LocalText};
use crate::words;

/// What became of what was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UploadState {
    /// Nothing was sent yet.
    Fresh,
    /// There is no file, for this reason.
    NoFile(LocalText),
    /// It has errors.
    Refused,
    /// It is none that could be marked.
    Unreadable,
    /// There is a revision that the sender does not know or did not agree to replace.
    Blocked,
    /// It was only tried, and could be deposited.
    Good,
}

impl UploadState {
    /// That of a file in which this was found.
    pub(super) fn refused(findings: &Findings) -> Self {
        if is_markable(findings) { Self::Refused } else { Self::Unreadable }
    }

    /// The status of the page that says so.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::Fresh | Self::Good => StatusCode::OK,
            Self::NoFile(_) | Self::Refused | Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Blocked => StatusCode::CONFLICT,
        }
    }

    /// What is wrong with what was sent, besides what the workbook holds; `blocked` is the field and the sentence where there
    /// is another revision.
    pub(super) fn faults(self, blocked: (&str, LocalText), language: Language) -> FieldErrors {
        let (field, words) = match self {
            Self::Fresh | Self::Good => return FieldErrors::default(),
            Self::NoFile(why) => ("file", why),
            Self::Refused => ("file", REFUSED),
            Self::Unreadable => ("file", UNMARKED),
            Self::Blocked => blocked,
        };
        FieldErrors::one(field, words.get(language))
    }
}

/// Whether something is wrong in a cell, so that there is something to mark.
pub(super) fn is_markable(findings: &Findings) -> bool {
    findings.iter().flat_map(|finding| &finding.places).any(|place| place.cell.is_some())
}

/// The workbook has errors.
const REFUSED: LocalText = words::upload_state::REFUSED;
/// What is wrong stands in no cell: mostly the file is no workbook.
const UNMARKED: LocalText = words::upload_state::UNMARKED;
