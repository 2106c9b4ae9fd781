//! A refused workbook that is returned with its errors marked.

use super::error::InternalError;
use super::{WorkSize, run_blocking};
use crate::domain::finding::Findings;
use crate::ids::OrganiserId;
use crate::ingest::{ImportFormat, ParsedDocument};
use crate::words::Language;

/// The sender's workbook with its errors marked, where the request has a language for it.
pub(super) async fn annotate_if_requested<R: ImportFormat>(
    organiser: OrganiserId,
    reading: ParsedDocument<R>,
    findings: Findings,
    language: Option<Language>,
) -> Result<Option<Vec<u8>>, InternalError> {
    match language {
        Some(language) => {
            run_blocking(organiser, WorkSize::Heavy, move || reading.annotated(&findings, language)).await
        }
        None => Ok(None),
    }
}
