//! The caller of the key: the first call of every integration.

use axum::Extension;
use serde::Serialize;

use super::call_context::ApiCall;
use super::creches::CrecheReference;
use crate::app::{App, creches, organisers};
use crate::domain::key::{Deployment, Scope};
use crate::domain::statement::MAX_LINES;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::BodyLimits;
use crate::http::limits::RateAllowance;
use crate::http::operation_table::{Access, Route};
use crate::http::problem::{Problem, ProblemType, Result};
use crate::ids::{ApplicationId, OrganiserId};
use crate::words::{self, LocalText};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallerBody {
    #[serde(rename = "self")]
    this: String,
    organiser: OrganiserReference,
    application: ApplicationReference,
    key: KeyBody,
    scopes: Vec<&'static str>,
    creches: Vec<CrecheReference>,
    limits: LimitsBody,
    deployment: Deployment,
}

/// An organiser with its name.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganiserReference {
    pub(super) id: OrganiserId,
    pub(super) legal_name: String,
}

/// An application with its name.
#[derive(Serialize)]
pub(super) struct ApplicationReference {
    pub(super) id: ApplicationId,
    pub(super) name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyBody {
    id: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<jiff::Timestamp>,
    /// Present from 30 days before.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in_days: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LimitsBody {
    requests_per_minute: u32,
    burst: u32,
    max_body_bytes: usize,
    max_lines: usize,
}

/// A user has no key.
const SOFTWARE_ONLY: LocalText = words::api::SOFTWARE_ONLY;

pub(super) fn routes() -> Vec<Route<App>> {
    vec![Route::get("/caller", "getCaller", Access::KeyOnly, get_caller)]
}

async fn get_caller(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Extension(bodies): Extension<BodyLimits>,
    Extension(allowance): Extension<RateAllowance>,
) -> Result<ResponseBuilder> {
    let shown =
        caller.verified_key().ok_or_else(|| Problem::new(ProblemType::MissingPermission).detail(SOFTWARE_ONLY))?;
    let (organiser, application) = organisers::with_application_of_key(&app, caller.organiser, shown).await?;
    let reachable = creches::list(&app, &caller).await?;
    Ok(ResponseBuilder::json(&CallerBody {
        this: urls.api("/caller"),
        organiser: OrganiserReference { id: organiser.id, legal_name: organiser.legal_name },
        application: ApplicationReference { id: application.id, name: application.name },
        key: KeyBody {
            id: shown.key.to_string(),
            kind: shown.kind.name(),
            expires_at: shown.expires_at,
            expires_in_days: shown.notice,
        },
        scopes: shown.scopes.iter().map(Scope::code).collect(),
        creches: reachable.iter().map(|creche| CrecheReference::of(creche, &urls)).collect(),
        limits: LimitsBody {
            requests_per_minute: allowance.per_minute.get(),
            burst: allowance.burst.get(),
            max_body_bytes: bodies.accepted,
            max_lines: MAX_LINES,
        },
        deployment: app.deployment,
    }))
}
