//! The agency's decision on a doctor.

use axum::extract::State as Shared;
use jiff::Timestamp;
use serde::Serialize;

use super::call_context::PreconditionHeader;
use crate::app::doctors::{self, Doctor};
use crate::app::{App, SubmittedDocument};
use crate::domain::doctor::DoctorState;
use crate::http::answer::ResponseBuilder;
use crate::http::authenticate::Agent;
use crate::http::extract::{BodyDocument, Path};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtDoctor;
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::DoctorId;

const PATH: &str = "/doctors/{doctorId}/validation";

pub(super) fn routes() -> Vec<Route<App>> {
    vec![
        Route::get(PATH, "getDoctorValidation", Access::Agent, get),
        Route::put(PATH, "putDoctorValidation", Access::Agent, put),
    ]
}

/// A doctor's status with the agency.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValidationBody {
    #[serde(rename = "self")]
    this: String,
    doctor_id: DoctorId,
    state: DoctorState,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement_stored_at: Option<Timestamp>,
}

/// The validation, with the doctor's tag: a decision is on the sheet and the agreement of one version.
fn validation_answer(doctor: Doctor, urls: &Urls) -> ResponseBuilder {
    let reason = doctor.refusal_reason().map(str::to_owned);
    let body = ValidationBody {
        this: urls.api(format_args!("/doctors/{}/validation", doctor.id)),
        doctor_id: doctor.id,
        state: doctor.state,
        reason,
        decided_at: doctor.decided.map(|(_, at)| at),
        agreement_stored_at: doctor.agreed_at,
    };
    ResponseBuilder::json(&body).etag(&doctor.version.to_string())
}

async fn get(
    Shared(app): Shared<App>,
    Agent(matricule): Agent,
    urls: Urls,
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
) -> Result<ResponseBuilder> {
    Ok(validation_answer(doctors::view_doctor(&app, &matricule, id).await?.doctor, &urls))
}

async fn put(
    Shared(app): Shared<App>,
    Agent(matricule): Agent,
    urls: Urls,
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
    PreconditionHeader(precondition): PreconditionHeader,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    Ok(validation_answer(
        doctors::publish_decision(&app, &matricule, id, &precondition, SubmittedDocument::Json(&document.bytes))
            .await?,
        &urls,
    ))
}
