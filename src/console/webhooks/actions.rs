//! The actions on an endpoint.

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;

use super::{PART, endpoint, href, manager, name};
use crate::app::SubmittedDocument;
use crate::app::webhooks::{
    self, Endpoint, EndpointUpdate, RawReplay, RawRotation, RawTestRequest, RawVerification, VerificationKey,
    VerificationMethod, WebhookError,
};
use crate::clock::brussels_midnight;
use crate::console::confirm::{self, Confirmation};
use crate::console::form::{Fields, PageForm};
use crate::console::form_fields::{FieldErrors, text};
use crate::console::page_context::{PageContext, redirect};
use crate::console::page_frame::{PageFrame, date_time, render};
use crate::domain::notice::Notice;
use crate::domain::raw::Field;
use crate::domain::webhook::{DeliveryProgress, RequestedEndpoint};
use crate::http::extract::Path;
use crate::http::path_parameters::{AtDelivery, AtWebhookEndpoint as At};
use crate::http::problem::Result;
use crate::ids::WebhookEndpointId;
use crate::words;

#[derive(Template)]
#[template(path = "webhooks/secret.html", config = ".config/askama.toml")]
struct SecretPage {
    frame: PageFrame,
    href: String,
    name: String,
    text: String,
    secret: bool,
    former: Option<String>,
}

/// The receiver's verification key: a secret is displayed here and never again.
pub(super) fn secret_page(
    visit: &PageContext,
    endpoint: &Endpoint,
    shown: Option<&VerificationKey>,
    former: Option<jiff::Timestamp>,
) -> Response {
    let (text, secret) = match shown {
        Some(VerificationKey::Secret(text)) => (text.clone(), true),
        Some(VerificationKey::PublicKey(text)) => (text.clone(), false),
        None => return redirect(&href(endpoint.stored.id)),
    };
    let (frame, name) = (PageFrame::at(PART, visit), name(endpoint).to_owned());
    render(&SecretPage { frame, href: href(endpoint.stored.id), name, text, secret, former: former.map(date_time) })
}

pub(super) async fn verify(
    Path(At { endpoint: id }): Path<At>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let raw = RawVerification { how: text::<VerificationMethod>(&fields, "method"), unknown: false };
    let root = visit.urls.api("");
    let done =
        webhooks::verify_endpoint(&visit.app, &manager(&visit)?, &root, id, SubmittedDocument::Fields(raw)).await?;
    match done.attempt.failure {
        Some(failure) => {
            endpoint::render_endpoint(
                &visit,
                id,
                &Fields::default(),
                endpoint::verification_error(failure, visit.language),
            )
            .await
        }
        None => Ok(visit.done(&href(id), Notice::EndpointVerified).await),
    }
}

pub(super) async fn pause(Path(At { endpoint: id }): Path<At>, form: PageForm) -> Result<Response> {
    change_state(form, id, RequestedEndpoint::Paused, Notice::EndpointPaused).await
}

pub(super) async fn resume(Path(At { endpoint: id }): Path<At>, form: PageForm) -> Result<Response> {
    change_state(form, id, RequestedEndpoint::Active, Notice::EndpointResumed).await
}

async fn change_state(
    PageForm { visit, .. }: PageForm,
    id: WebhookEndpointId,
    wanted: RequestedEndpoint,
    notice: Notice,
) -> Result<Response> {
    webhooks::change(&visit.app, &manager(&visit)?, id, EndpointUpdate::State(wanted), false).await?;
    Ok(visit.done(&href(id), notice).await)
}

pub(super) async fn rotate(Path(At { endpoint: id }): Path<At>, PageForm { visit, .. }: PageForm) -> Result<Response> {
    let caller = manager(&visit)?;
    let rotated = webhooks::rotate(&visit.app, &caller, id, SubmittedDocument::Fields(RawRotation::default())).await?;
    let endpoint = webhooks::find(&visit.app, &caller, id).await?;
    Ok(secret_page(&visit, &endpoint, Some(&rotated.shown), Some(rotated.former_ends_at)))
}

pub(super) async fn test(
    Path(At { endpoint: id }): Path<At>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let raw = RawTestRequest { kind: text(&fields, "type"), unknown: false };
    let root = visit.urls.api("");
    let sent = webhooks::send_test(&visit.app, &manager(&visit)?, &root, id, SubmittedDocument::Fields(raw)).await?;
    Ok(redirect(&format!("{}/deliveries/{}", href(id), sent.delivery.event)))
}

/// All that was given up, since the earliest stored delivery.
pub(super) async fn replay(
    Path(At { endpoint: id }): Path<At>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let from = fields.get("from");
    // The day begins at midnight in Brussels, in summer as in winter.
    let from = from.parse().map_or_else(|_| from.to_owned(), |day: Date| brussels_midnight(day).to_string());
    let only = (fields.get("state") == "failed").then_some(DeliveryProgress::Failed);
    let raw = RawReplay { from: Field::from_text(&from), until: Field::Absent, only: only.into(), unknown: false };
    let replayed = match webhooks::replay_many(&visit.app, &manager(&visit)?, id, SubmittedDocument::Fields(raw)).await
    {
        Err(WebhookError::Invalid(findings)) => {
            return endpoint::render_endpoint(&visit, id, &fields, FieldErrors::new(&findings, visit.language)).await;
        }
        replayed => replayed?,
    };
    let notice = if replayed == 0 { Notice::NothingReplayed } else { Notice::DeliveriesReplayed };
    Ok(visit.done(&href(id), notice).await)
}

pub(super) async fn replay_one(
    Path(AtDelivery { endpoint: id, delivery }): Path<AtDelivery>,
    PageForm { visit, .. }: PageForm,
) -> Result<Response> {
    webhooks::replay(&visit.app, &manager(&visit)?, id, delivery).await?;
    Ok(visit.done(&format!("{}/deliveries/{delivery}", href(id)), Notice::DeliveriesReplayed).await)
}

pub(super) async fn ask(visit: PageContext, Path(At { endpoint: id }): Path<At>) -> Result<Response> {
    let endpoint = webhooks::find(&visit.app, &manager(&visit)?, id).await?;
    let frame = PageFrame::at(PART, &visit);
    let button = frame.text(&words::webhooks::DELETE_THE_ADDRESS);
    let consequence = frame.text(&words::webhooks::IT_IS_TOLD_NOTHING_ANY_MORE);
    let back = href(id);
    let (title, action) = (format!("{button}{} {}", frame.colon(), name(&endpoint)), format!("{back}/delete"));
    Ok(confirm::ask_first(frame, Confirmation { action, back, title, consequence, button }, true))
}

pub(super) async fn delete(Path(At { endpoint: id }): Path<At>, PageForm { visit, .. }: PageForm) -> Result<Response> {
    webhooks::remove(&visit.app, &manager(&visit)?, id).await?;
    Ok(redirect(PART))
}
