//! Webhook endpoints.

mod actions;
mod body;
mod deliveries;

use axum::http::{StatusCode, header};

use self::body::{EndpointBody, EndpointsBody};
use super::DryRun;
use super::call_context::ApiCall;
use super::idempotency_key;
use crate::app::webhooks::{self, EndpointUpdate, VerificationKey, WrittenEndpoint};
use crate::app::{App, SubmittedDocument};
use crate::domain::key::Scope;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{BodyDocument, Path, Query};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtWebhookEndpoint;
use crate::http::problem::Result;
use crate::http::urls::Urls;

const LIST: &str = "/webhookEndpoints";
const ONE: &str = "/webhookEndpoints/{webhookEndpointId}";
/// The access rule: the webhook scope.
const ACCESS: Access = Access::Scope(Scope::WebhooksManage);

pub(super) fn routes() -> Vec<Route<App>> {
    let own = vec![
        Route::get(LIST, "listWebhookEndpoints", ACCESS, list),
        idempotency_key::create(LIST, "createWebhookEndpoint", ACCESS, create).query(&["dryRun"]),
        Route::get(ONE, "getWebhookEndpoint", ACCESS, get),
        Route::patch(ONE, "patchWebhookEndpoint", ACCESS, patch).query(&["dryRun"]),
        Route::delete(ONE, "deleteWebhookEndpoint", ACCESS, delete),
    ];
    [own, actions::routes(), deliveries::routes()].into_iter().flatten().collect()
}

/// An endpoint after a write; a dry run with a trial key.
fn endpoint_answer(stored: WrittenEndpoint, urls: &Urls) -> EndpointBody {
    let WrittenEndpoint { endpoint, shown, written } = stored;
    let secret = shown.and_then(|shown| match shown {
        VerificationKey::Secret(secret) => Some(secret),
        VerificationKey::PublicKey(_) => None,
    });
    EndpointBody::new(endpoint, urls).after_write(written, secret)
}

async fn list(ApiCall { app, caller, urls, .. }: ApiCall) -> Result<ResponseBuilder> {
    let found = webhooks::list(&app, &caller).await?;
    let items = found.into_iter().map(|endpoint| EndpointBody::new(endpoint, &urls)).collect();
    Ok(ResponseBuilder::json(&EndpointsBody { this: urls.api(LIST), items }))
}

/// The secret is returned here and never again: the response must not be cached (`no-store`).
async fn create(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Query(DryRun(dry_run)): Query<DryRun>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let dry_run = dry_run || caller.is_trial();
    let stored = webhooks::add(&app, &caller, SubmittedDocument::Json(&document.bytes), dry_run).await?;
    let (written, body) = (stored.written, endpoint_answer(stored, &urls));
    let answer = ResponseBuilder::json(&body);
    Ok(if written { answer.status(StatusCode::CREATED).header(header::LOCATION, &body.href) } else { answer })
}

async fn get(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtWebhookEndpoint { endpoint: id }): Path<AtWebhookEndpoint>,
) -> Result<ResponseBuilder> {
    Ok(ResponseBuilder::json(&EndpointBody::new(webhooks::find(&app, &caller, id).await?, &urls)))
}

async fn patch(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtWebhookEndpoint { endpoint: id }): Path<AtWebhookEndpoint>,
    Query(DryRun(dry_run)): Query<DryRun>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let dry_run = dry_run || caller.is_trial();
    let stored = webhooks::change(&app, &caller, id, EndpointUpdate::Patch(&document.bytes), dry_run).await?;
    Ok(ResponseBuilder::json(&endpoint_answer(stored, &urls)))
}

async fn delete(
    ApiCall { app, caller, .. }: ApiCall,
    Path(AtWebhookEndpoint { endpoint: id }): Path<AtWebhookEndpoint>,
) -> Result<ResponseBuilder> {
    webhooks::remove(&app, &caller, id).await?;
    Ok(ResponseBuilder::no_content())
}
