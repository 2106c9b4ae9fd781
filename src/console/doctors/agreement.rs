//! The agreement with a doctor: uploaded by a form, returned unchanged.

use axum::http::StatusCode;
use axum::response::Response;

use super::href;
use super::sheet::render_sheet;
use crate::app::Precondition;
use crate::app::doctors::{self, Agreement, DoctorError, FileType, MAX_FILE};
use crate::console::file_form::FileForm;
use crate::console::page_context::PageContext;
use crate::domain::notice::Notice;
use crate::http::answer::ResponseBuilder;
use crate::http::answer::agreement_file;
use crate::http::extract::Path;
use crate::http::path_parameters::AtDoctor;
use crate::http::problem::Result;
use crate::words::{self, LocalText};

pub(super) async fn hand_out(
    visit: PageContext,
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
) -> Result<ResponseBuilder> {
    let caller = visit.caller(doctors::READ)?;
    Ok(agreement_file(doctors::agreement(&visit.app, &caller, id).await?))
}

pub(super) async fn store(Path(AtDoctor { doctor: id }): Path<AtDoctor>, form: FileForm) -> Result<Response> {
    let missing = form.missing();
    let FileForm { visit, fields, file, .. } = form;
    let caller = visit.caller(doctors::WRITE)?;
    let refused = async |status, why| render_sheet(&visit, id, Some((status, why))).await;
    if let Some(why) = missing {
        return refused(StatusCode::BAD_REQUEST, why).await;
    }
    let kind = match FileType::detect(&file) {
        _ if file.len() > MAX_FILE => return refused(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE).await,
        None => return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, OTHER_KIND).await,
        Some(kind) => kind,
    };
    let precondition = Precondition::Known(fields.number("version").into_iter().collect());
    match doctors::put_agreement(&visit.app, &caller, id, &precondition, Agreement { kind, bytes: file.to_vec() }).await
    {
        Ok(_) => Ok(visit.done(&href(id), Notice::AgreementStored).await),
        Err(DoctorError::Blocked(_)) => refused(StatusCode::PRECONDITION_FAILED, STALE).await,
        Err(refusal) => Err(refusal.into()),
    }
}

const TOO_LARGE: LocalText = words::doctors::TOO_LARGE;
const OTHER_KIND: LocalText = words::doctors::OTHER_KIND;
const STALE: LocalText = words::doctors::STALE;
