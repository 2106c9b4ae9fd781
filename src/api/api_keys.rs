//! The keys of an application, for an organiser's administrators.

use axum::http::{StatusCode, header};
use jiff::Timestamp;
use serde::Serialize;

use super::call_context::ApiCall;
use super::idempotency_key;
use crate::app::{App, SubmittedDocument, applications, keys};
use crate::domain::application::{self, KeyState};
use crate::domain::key::Scope;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{BodyDocument, Path};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::{AtApplication, AtKey};
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;
use crate::ids::{ApplicationId, CrecheId};

#[derive(Serialize)]
struct KeysBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<KeyBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyBody {
    href: String,
    id: String,
    kind: &'static str,
    state: KeyState,
    scopes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creches: Option<Vec<CrecheId>>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    /// The whole text, in the response to its creation only.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl KeyBody {
    fn new(key: keys::KeyRecord, now: Timestamp, urls: &Urls) -> Self {
        let (end, state) = (key.end(), keys::key_state(&key, now));
        let soon = end.filter(|end| state == KeyState::Active && application::due_notice(*end, now).is_some());
        Self {
            href: format!("{}/{}", collection(urls, key.application), key.id),
            id: key.id.to_string(),
            kind: key.kind.name(),
            state,
            scopes: key.effective_scopes().iter().map(Scope::code).collect(),
            creches: key.bounds.narrow(key.creches),
            created_at: key.created_at,
            expires_at: end,
            expires_in_days: soon.map(|end| application::days_left(end, now)),
            revoked_at: key.revoked_at,
            last_used_at: key.last_used_at,
            key: None,
        }
    }
}

const PATH: &str = "/applications/{applicationId}/apiKeys";

pub(super) fn routes() -> Vec<Route<App>> {
    vec![
        Route::get(PATH, "listApiKeys", Access::Administrator, list),
        idempotency_key::create(PATH, "createApiKey", Access::Administrator, create),
        Route::delete("/applications/{applicationId}/apiKeys/{keyId}", "revokeApiKey", Access::Administrator, revoke),
    ]
}

fn collection(urls: &Urls, application: ApplicationId) -> String {
    urls.api(format_args!("/applications/{application}/apiKeys"))
}

async fn list(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtApplication { application: id }): Path<AtApplication>,
) -> Result<ResponseBuilder> {
    let found = applications::find(&app, caller.organiser, id).await?;
    let found = found.ok_or_else(|| Problem::not_found("applicationId"))?;
    let now = caller.clock.now();
    let items = found.keys.into_iter().map(|key| KeyBody::new(key, now, &urls)).collect();
    Ok(ResponseBuilder::json(&KeysBody { this: collection(&urls, id), items }))
}

/// The key's text is returned here and never again: the response must not be cached (`no-store`).
async fn create(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtApplication { application: id }): Path<AtApplication>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let wanted = keys::requested_key(caller.organiser, id, SubmittedDocument::Json(&document.bytes))?;
    let text = keys::issue(app.acting_as(&caller.actor()), app.deployment, &wanted).await?;
    let stored = keys::find(&app.db, text.id()).await?;
    let body = KeyBody { key: Some(text.expose().to_owned()), ..KeyBody::new(stored, caller.clock.now(), &urls) };
    Ok(ResponseBuilder::json(&body).status(StatusCode::CREATED).header(header::LOCATION, &body.href))
}

async fn revoke(
    ApiCall { app, caller, .. }: ApiCall,
    Path(AtKey { application, key }): Path<AtKey>,
) -> Result<ResponseBuilder> {
    keys::revoke(&app, &caller.actor(), caller.organiser, application, key).await?;
    Ok(ResponseBuilder::no_content())
}
