//! The agreement with a doctor: uploaded by a form, returned unchanged.

use axum::http::StatusCode;
use axum::response::Response;

use super::href;
use super::sheet::render_sheet;
use crate::app::Precondition;
use crate::app::doctors::{self, AgreementError, DoctorError, MAX_FILE};
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
    let say = |text: LocalText| text.get(visit.language).to_owned();
    let refused = async |status, why| render_sheet(&visit, id, Some((status, why))).await;
    if let Some(why) = missing {
        return refused(StatusCode::BAD_REQUEST, say(why)).await;
    }
    if file.len() > MAX_FILE {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, say(TOO_LARGE)).await;
    }
    let agreement = match doctors::inspect_agreement(&caller, file.to_vec()).await {
        Ok(agreement) => agreement,
        Err(AgreementError::OtherType) => return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, say(OTHER_KIND)).await,
        Err(AgreementError::Refused(finding)) => {
            return refused(StatusCode::BAD_REQUEST, finding.detail_for_people(visit.language)).await;
        }
        Err(AgreementError::Fault(fault)) => return Err(fault.into()),
    };
    let precondition = Precondition::Known(fields.number("version").into_iter().collect());
    match doctors::put_agreement(&visit.app, &caller, id, &precondition, agreement).await {
        Ok(_) => Ok(visit.done(&href(id), Notice::AgreementStored).await),
        Err(DoctorError::Blocked(_)) => refused(StatusCode::PRECONDITION_FAILED, say(STALE)).await,
        Err(refusal) => Err(refusal.into()),
    }
}

const TOO_LARGE: LocalText = words::doctors::TOO_LARGE;
const OTHER_KIND: LocalText = words::doctors::OTHER_KIND;
const STALE: LocalText = words::doctors::STALE;
