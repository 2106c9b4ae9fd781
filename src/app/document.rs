//! Documents of senders: read away from the threads that serve requests, and returned with their errors marked.

use super::error::InternalError;
use super::{App, WorkSize, run_blocking};
use crate::domain::finding::Findings;
use crate::domain::statement::Channel;
use crate::ids::OrganiserId;
use crate::ingest::{DocumentForm, ImportFormat, ParsedDocument};
use crate::words::Language;

/// The document in bytes of this form: an `.xls` is read in a child process, which takes no CPU permit, all else on a
/// blocking thread.
pub(super) async fn parse_document<R: ImportFormat<Expected: Send + 'static>>(
    app: &App,
    organiser: OrganiserId,
    (form, bytes): (DocumentForm, Vec<u8>),
    expected: R::Expected,
) -> Result<ParsedDocument<R>, InternalError> {
    if form.channel(&bytes) == Channel::Xls {
        return Ok(ParsedDocument::of_xls(&bytes, &expected, &app.xls).await);
    }
    run_blocking(organiser, WorkSize::Heavy, move || ParsedDocument::of(bytes, form, &expected)).await
}

/// The sender's workbook with its errors marked, where the request has a language for it.
pub(super) async fn annotate_if_requested<R: ImportFormat>(
    organiser: OrganiserId,
    document: ParsedDocument<R>,
    findings: Findings,
    language: Option<Language>,
) -> Result<Option<Vec<u8>>, InternalError> {
    match language {
        Some(language) => {
            run_blocking(organiser, WorkSize::Heavy, move || document.annotated(&findings, language)).await
        }
        None => Ok(None),
    }
}
