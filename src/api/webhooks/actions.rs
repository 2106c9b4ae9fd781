//! Actions on an endpoint: verification, test, rotation of the secret, redelivery.

use axum::http::{StatusCode, header};
use jiff::Timestamp;
use serde::Serialize;

use super::super::idempotency_key;
use super::ACCESS;
use super::body::{AttemptBody, EndpointBody, LoggedBody};
use crate::api::call_context::ApiCall;
use crate::app::webhooks::{self, VerificationKey};
use crate::app::{App, SubmittedDocument};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{BodyDocument, Path};
use crate::http::operation_table::Route;
use crate::http::path_parameters::AtWebhookEndpoint;
use crate::http::problem::Result;

pub(super) fn routes() -> Vec<Route<App>> {
    vec![
        Route::post("/webhookEndpoints/{webhookEndpointId}/verifications", "verifyWebhookEndpoint", ACCESS, verify),
        idempotency_key::create("/webhookEndpoints/{webhookEndpointId}/secrets", "rotateWebhookSecret", ACCESS, rotate),
        idempotency_key::create("/webhookEndpoints/{webhookEndpointId}/tests", "testWebhookEndpoint", ACCESS, test),
        Route::post("/webhookEndpoints/{webhookEndpointId}/replays", "replayDeliveries", ACCESS, replay),
    ]
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VerifiedBody {
    verified: bool,
    attempt: AttemptBody,
    webhook_endpoint: EndpointBody,
}

async fn verify(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtWebhookEndpoint { endpoint: id }): Path<AtWebhookEndpoint>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let done =
        webhooks::verify_endpoint(&app, &caller, &urls.api(""), id, SubmittedDocument::Json(&document.bytes)).await?;
    Ok(ResponseBuilder::json(&VerifiedBody {
        verified: done.attempt.failure.is_none(),
        attempt: done.attempt.into(),
        webhook_endpoint: EndpointBody::new(done.endpoint, &urls),
    }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RotatedBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<String>,
    former_ends_at: Timestamp,
}

/// The secret is returned here and never again.
async fn rotate(
    ApiCall { app, caller, .. }: ApiCall,
    Path(AtWebhookEndpoint { endpoint: id }): Path<AtWebhookEndpoint>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let rotated = webhooks::rotate(&app, &caller, id, SubmittedDocument::Json(&document.bytes)).await?;
    let (secret, public_key) = match rotated.shown {
        VerificationKey::Secret(secret) => (Some(secret), None),
        VerificationKey::PublicKey(key) => (None, Some(key)),
    };
    let body = RotatedBody { secret, public_key, former_ends_at: rotated.former_ends_at };
    Ok(ResponseBuilder::json(&body).status(StatusCode::CREATED))
}

async fn test(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtWebhookEndpoint { endpoint: id }): Path<AtWebhookEndpoint>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let root = urls.api("");
    let logged = webhooks::send_test(&app, &caller, &root, id, SubmittedDocument::Json(&document.bytes)).await?;
    let body = LoggedBody::new((caller.organiser, id), &logged, &root, &urls);
    Ok(ResponseBuilder::json(&body).status(StatusCode::CREATED).header(header::LOCATION, body.delivery.href()))
}

#[derive(Serialize)]
struct ReplayedBody {
    replayed: u64,
}

async fn replay(
    ApiCall { app, caller, .. }: ApiCall,
    Path(AtWebhookEndpoint { endpoint: id }): Path<AtWebhookEndpoint>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let replayed = webhooks::replay_many(&app, &caller, id, SubmittedDocument::Json(&document.bytes)).await?;
    Ok(ResponseBuilder::json(&ReplayedBody { replayed }).status(StatusCode::ACCEPTED))
}
