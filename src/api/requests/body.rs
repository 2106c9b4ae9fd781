//! Logged calls as the API gives them.

use jiff::Timestamp;
use serde::Serialize;

use super::LIST;
use crate::api::verdicts::VerdictBody;
use crate::app::requests::RequestView;
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::{ApplicationId, CrecheId, RequestId};

/// A page of the log.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestsBody {
    #[serde(rename = "self")]
    pub(super) this: String,
    pub(super) items: Vec<RequestBody>,
    pub(super) up_to: u64,
    pub(super) page_size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// A call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestBody {
    href: String,
    id: RequestId,
    number: u64,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_id: Option<String>,
    method: String,
    path: String,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem_type: Option<String>,
    duration_millis: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_bytes: Option<u64>,
    application_id: ApplicationId,
    key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    creche_id: Option<CrecheId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<VerdictBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<BodyOfRequest>,
}

/// The masked body of a call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BodyOfRequest {
    masked: String,
    is_cut: bool,
}

impl RequestBody {
    /// The body of a call.
    pub(super) fn new(view: &RequestView, urls: &Urls) -> Result<Self> {
        let request = &view.stored.request;
        let verdict = view.verdict.as_ref().map(|verdict| VerdictBody::new(verdict, urls)).transpose()?;
        Ok(Self {
            href: urls.api(format_args!("{LIST}/{}", request.id)),
            id: request.id,
            number: view.stored.number,
            at: request.at,
            operation_id: request.operation.clone(),
            method: request.method.clone(),
            path: request.path.clone(),
            status: request.status,
            problem_type: request.problem.clone(),
            duration_millis: request.millis,
            content_type: request.media.clone(),
            body_bytes: request.body_bytes.filter(|bytes| *bytes > 0),
            application_id: request.application,
            key_id: request.key.to_string(),
            creche_id: request.creche,
            verdict,
            body: view.body.as_ref().map(|body| BodyOfRequest { masked: body.text.clone(), is_cut: body.is_cut }),
        })
    }
}
