//! The form of an endpoint's settings, for creating and changing it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::actions::secret_page;
use super::{PART, href, manager};
use crate::app::webhooks::{self, Endpoint, EndpointUpdate, WebhookError};
use crate::app::{SubmittedDocument, creches};
use crate::console::form::{Fields, PageForm};
use crate::console::form_fields::{FieldErrors, TextField, TickBox, chosen, creche_tick, text};
use crate::console::page_context::{PageContext, redirect};
use crate::console::page_frame::{PageFrame, render_with_status};
use crate::domain::event::EventType;
use crate::domain::notice::Notice;
use crate::domain::raw::{Field, List};
use crate::domain::webhook::{RawEndpoint, RawHeader, Signing};
use crate::http::extract::Path;
use crate::http::path_parameters::AtWebhookEndpoint as At;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::ids::WebhookEndpointId;
use crate::words;

#[derive(Template)]
#[template(path = "webhooks/describe.html", config = ".config/askama.toml")]
struct DescribePage {
    frame: PageFrame,
    title: String,
    action: String,
    back: String,
    /// The id for a new endpoint, so that a form which is sent twice creates one.
    once: Option<WebhookEndpointId>,
    entries: Vec<TextField>,
    /// Whether there are headers that may be removed.
    keeps_headers: bool,
    types: Vec<TickBox>,
    some_types: bool,
    signing: Vec<TickBox>,
    some: bool,
    creches: Vec<TickBox>,
    faults: FieldErrors,
}

pub(super) async fn new(visit: PageContext) -> Result<Response> {
    manager(&visit)?;
    form(&visit, None, &Fields::default(), None).await
}

pub(super) async fn edit(visit: PageContext, Path(At { endpoint: id }): Path<At>) -> Result<Response> {
    let found = webhooks::find(&visit.app, &manager(&visit)?, id).await?;
    form(&visit, Some(&found), &fields_of(&found), None).await
}

/// Creates an endpoint and displays its secret, once.
pub(super) async fn make(PageForm { visit, fields }: PageForm) -> Result<Response> {
    let caller = manager(&visit)?;
    let once: WebhookEndpointId = fields.get("once").parse().map_err(|_| Problem::new(ProblemType::BadRequest))?;
    if webhooks::find(&visit.app, &caller, once).await.is_ok() {
        return Ok(redirect(&href(once)));
    }
    match webhooks::add_as(&visit.app, &caller, SubmittedDocument::Fields(read(&fields)), false, once).await {
        Ok(made) => Ok(secret_page(&visit, &made.endpoint, made.shown.as_ref(), None)),
        Err(WebhookError::Invalid(findings)) => {
            form(&visit, None, &fields, Some(FieldErrors::new(&findings, visit.language))).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

pub(super) async fn change(
    Path(At { endpoint: id }): Path<At>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let caller = manager(&visit)?;
    let found = webhooks::find(&visit.app, &caller, id).await?;
    let mut raw = read(&fields);
    if fields.ticked("forgetHeaders") && raw.headers.is_absent() {
        raw.headers = Field::Present(List(Vec::new()));
    }
    match webhooks::change(&visit.app, &caller, id, EndpointUpdate::Described(Box::new(raw)), false).await {
        Ok(_) => Ok(visit.done(&href(id), Notice::ChangesSaved).await),
        Err(WebhookError::Invalid(findings)) => {
            form(&visit, Some(&found), &fields, Some(FieldErrors::new(&findings, visit.language))).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// The form with its input and, where it was refused, the errors.
async fn form(
    visit: &PageContext,
    endpoint: Option<&Endpoint>,
    fields: &Fields,
    refused: Option<FieldErrors>,
) -> Result<Response> {
    let known = creches::list(&visit.app, &manager(visit)?).await?;
    let status = if refused.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let faults = refused.unwrap_or_default();
    let frame = PageFrame::at(PART, visit);
    let href = endpoint.map(|endpoint| href(endpoint.stored.id));
    let title = match endpoint {
        Some(_) => frame.text(&words::webhooks::CHANGE_THE_ADDRESS),
        None => frame.text(&words::webhooks::ADD_AN_ADDRESS),
    };
    let type_tick = |kind: EventType| TickBox {
        value: kind.to_string(),
        words: kind.label().get(visit.language).to_owned(),
        ticked: fields.all("eventTypes").any(|chosen| chosen == kind.code()),
    };
    let once = fields.get("once").parse().ok();
    let entries = entries(&frame, fields, &faults, endpoint);
    let names = entries.iter().map(|entry| entry.name).chain(["eventTypes", "creches"]);
    let names: Vec<_> = names.chain(endpoint.is_none().then_some("signing")).collect();
    let page = DescribePage {
        once: href.is_none().then(|| once.unwrap_or_else(|| WebhookEndpointId::new(visit.app.clocks.machine()))),
        entries,
        keeps_headers: endpoint.is_some_and(|endpoint| !endpoint.headers.is_empty()),
        types: EventType::all().map(type_tick).collect(),
        some_types: fields.get("tell") == "some",
        signing: if endpoint.is_none() { signing_ticks(&frame, fields) } else { Vec::new() },
        some: fields.get("reach") == "some",
        creches: known.iter().map(|creche| creche_tick("creches", creche, fields)).collect(),
        title: title.to_owned(),
        action: href.as_ref().map_or_else(|| PART.to_owned(), |href| format!("{href}/edit")),
        back: href.unwrap_or_else(|| PART.to_owned()),
        frame: frame.refusing(&faults, &names),
        faults,
    };
    Ok(render_with_status(status, &page))
}

fn signing_ticks(frame: &PageFrame, fields: &Fields) -> Vec<TickBox> {
    let tick = |signing: Signing, words: &str| TickBox {
        value: signing.code().to_owned(),
        words: words.to_owned(),
        ticked: fields.get("signing") == signing.code()
            || (fields.get("signing").is_empty() && signing == Signing::Hmac),
    };
    vec![
        tick(Signing::Hmac, frame.text(&words::webhooks::WITH_A_SHARED_SECRET_V1_HMAC)),
        tick(Signing::Ed25519, frame.text(&words::webhooks::WITH_A_PUBLIC_KEY_V1A_ED25519)),
    ]
}

fn entries(frame: &PageFrame, fields: &Fields, faults: &FieldErrors, endpoint: Option<&Endpoint>) -> Vec<TextField> {
    let entry =
        |name, kind, required, label, hint| TextField::new(name, fields, faults).described(kind, label, hint, required);
    let stored = endpoint.is_some_and(|endpoint| !endpoint.headers.is_empty());
    let secret = if stored {
        frame.text(&words::webhooks::THE_HEADERS_THAT_ARE_KEPT_STAY)
    } else {
        frame.text(&words::webhooks::SUCH_AS_X_API_KEY)
    };
    vec![
        entry(
            "url",
            "url",
            true,
            frame.text(&words::common::ADDRESS),
            frame.text(&words::webhooks::IT_BEGINS_WITH_HTTPS_THE_VENDOR),
        ),
        entry("description", "text", false, frame.text(&words::webhooks::WHAT_IS_IT_FOR), ""),
        entry(
            "deliveriesPerSecond",
            "number",
            false,
            frame.text(&words::webhooks::DELIVERIES_PER_SECOND_AT_MOST),
            frame.text(&words::webhooks::N100_IF_YOU_SAY_NOTHING),
        ),
        entry("header/name", "text", false, frame.text(&words::webhooks::HEADER_TO_SEND_ALONG_NAME), secret),
        entry(
            "header/value",
            "text",
            false,
            frame.text(&words::webhooks::HEADER_TO_SEND_ALONG_VALUE),
            frame.text(&words::webhooks::IT_IS_NOT_SHOWN_AGAIN_AFTERWARDS),
        ),
    ]
}

/// The form's input as a raw document.
fn read(fields: &Fields) -> RawEndpoint {
    let header = ["header/name", "header/value"].iter().any(|name| !fields.get(name).is_empty()).then(|| {
        let header =
            RawHeader { name: text(fields, "header/name"), value: text(fields, "header/value"), unknown: false };
        List(vec![Field::Present(header)])
    });
    let rate = fields.get("deliveriesPerSecond");
    let rate = match rate.parse() {
        Ok(number) => {
            crate::domain::raw::Raw::from_integer(number).map_or_else(|| Field::malformed(rate), Field::Present)
        }
        Err(_) => text(fields, "deliveriesPerSecond"),
    };
    RawEndpoint {
        url: text(fields, "url"),
        description: text(fields, "description"),
        event_types: (fields.get("tell") == "some").then(|| chosen(fields, "eventTypes")).into(),
        creches: (fields.get("reach") == "some").then(|| chosen(fields, "creches")).into(),
        signing: text(fields, "signing"),
        headers: header.into(),
        rate,
        state: Field::Absent,
        unknown: false,
    }
}

/// The settings of an endpoint as the form's values.
fn fields_of(Endpoint { stored, url, .. }: &Endpoint) -> Fields {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let rate = stored.rate.to_string();
    let mut pairs =
        vec![pair("url", url), pair("description", &stored.description), pair("deliveriesPerSecond", &rate)];
    pairs.extend(stored.event_types.iter().map(|_| pair("tell", "some")));
    pairs.extend(stored.event_types.iter().flatten().map(|kind| pair("eventTypes", kind.code())));
    pairs.extend(stored.creches.iter().map(|_| pair("reach", "some")));
    pairs.extend(stored.creches.iter().flatten().map(|creche| pair("creches", &creche.to_string())));
    pairs.into()
}
