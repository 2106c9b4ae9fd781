//! Who the key makes of the caller: the first call of every integration.

use axum::Extension;
use serde::Serialize;

use super::call::Call;
use super::creches::CrecheReference;
use crate::app::{App, creches, organisers};
use crate::domain::attendance::raw::MAX_LINES;
use crate::domain::key::{Deployment, Scope};
use crate::http::answer::Answer;
use crate::http::extract::BodyLimits;
use crate::http::limits::Allowance;
use crate::http::operations::{Access, Route};
use crate::http::problem::{Problem, Result};
use crate::ids::{ApplicationId, OrganiserId};

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

/// An organiser, named.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrganiserReference {
    pub(super) id: OrganiserId,
    pub(super) legal_name: String,
}

/// An application, named.
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
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LimitsBody {
    requests_per_minute: u32,
    burst: u32,
    max_body_bytes: usize,
    max_lines: usize,
}

pub(super) fn routes() -> Vec<Route<App>> {
    vec![Route::get("/caller", "getCaller", Access::Key, get_caller)]
}

async fn get_caller(
    Call { app, caller, urls, .. }: Call,
    Extension(bodies): Extension<BodyLimits>,
    Extension(allowance): Extension<Allowance>,
) -> Result<Answer> {
    let shown = caller.shown().ok_or_else(|| Problem::internal("a person asked which key it has"))?;
    let (organiser, application) = organisers::behind(&app, caller.organiser, shown).await?;
    let reachable = creches::list(&app, &caller).await?;
    Ok(Answer::json(&CallerBody {
        this: urls.api("/caller"),
        organiser: OrganiserReference { id: organiser.id, legal_name: organiser.legal_name },
        application: ApplicationReference { id: application.id, name: application.name },
        key: KeyBody { id: shown.key.to_string(), kind: shown.kind.name(), expires_at: shown.expires_at },
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
