//! External applications, for an organiser's administrators.

use axum::http::{StatusCode, header};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::call_context::ApiCall;
use super::idempotency_key;
use crate::app::applications::{self, Application, ApplicationUpdate};
use crate::app::{App, SubmittedDocument, keys};
use crate::domain::application::{ApplicationState, Contact};
use crate::domain::key::{DailyUses, Scope};
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{BodyDocument, Path};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtApplication;
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;
use crate::ids::{ApplicationId, CrecheId};

#[derive(Serialize)]
struct ApplicationsBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<ApplicationBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApplicationBody {
    href: String,
    id: ApplicationId,
    name: String,
    vendor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Contact>,
    #[serde(skip_serializing_if = "str::is_empty")]
    purpose: String,
    scopes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creches: Option<Vec<CrecheId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_on: Option<Date>,
    state: ApplicationState,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uses: Option<Vec<DayBody>>,
}

/// The uses of an application's keys on a day.
#[derive(Serialize)]
struct DayBody {
    date: Date,
    calls: u64,
    refusals: u64,
}

impl ApplicationBody {
    fn new(application: Application, now: Timestamp, urls: &Urls) -> Self {
        let (ends_on, last_used_at) = (application.ends_on(), application.last_used_at());
        let Application { stored, contact, .. } = application;
        Self {
            href: urls.api(format_args!("{PATH}/{}", stored.id)),
            id: stored.id,
            name: stored.name,
            vendor: stored.vendor,
            contact,
            purpose: stored.purpose,
            scopes: stored.bounds.scopes.iter().map(Scope::code).collect(),
            ends_on,
            state: stored.bounds.state(now).0,
            created_at: stored.created_at,
            suspended_at: stored.bounds.suspended_at,
            revoked_at: stored.bounds.revoked_at,
            creches: stored.bounds.creches,
            last_used_at,
            uses: None,
        }
    }
}

const PATH: &str = "/applications";
const ONE: &str = "/applications/{applicationId}";

pub(super) fn routes() -> Vec<Route<App>> {
    vec![
        Route::get(PATH, "listApplications", Access::Administrator, list),
        idempotency_key::create(PATH, "createApplication", Access::Administrator, create),
        Route::get(ONE, "getApplication", Access::Administrator, get),
        Route::patch(ONE, "patchApplication", Access::Administrator, patch),
    ]
}

async fn list(ApiCall { app, caller, urls, .. }: ApiCall) -> Result<ResponseBuilder> {
    let now = caller.clock.now();
    let found = applications::list(&app, caller.organiser).await?.into_iter();
    let items = found.map(|application| ApplicationBody::new(application, now, &urls)).collect();
    Ok(ResponseBuilder::json(&ApplicationsBody { this: urls.api(PATH), items }))
}

async fn create(ApiCall { app, caller, urls, .. }: ApiCall, document: BodyDocument) -> Result<ResponseBuilder> {
    let input = SubmittedDocument::Json(&document.bytes);
    let new = applications::register(&app, &caller.actor(), caller.organiser, input).await?;
    let body = ApplicationBody::new(new, caller.clock.now(), &urls);
    Ok(ResponseBuilder::json(&body).status(StatusCode::CREATED).header(header::LOCATION, &body.href))
}

async fn get(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtApplication { application: id }): Path<AtApplication>,
) -> Result<ResponseBuilder> {
    let found = applications::find(&app, caller.organiser, id).await?;
    let found = found.ok_or_else(|| Problem::not_found("applicationId"))?;
    let day = |(date, DailyUses { calls, refusals })| DayBody { date, calls, refusals };
    let uses = keys::daily_usage(&app, caller.organiser, id).await?.into_iter().map(day).collect();
    Ok(ResponseBuilder::json(&ApplicationBody {
        uses: Some(uses),
        ..ApplicationBody::new(found, caller.clock.now(), &urls)
    }))
}

async fn patch(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtApplication { application: id }): Path<AtApplication>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let patch = ApplicationUpdate::Patch(&document.bytes);
    let (changed, _) = applications::change(&app, &caller.actor(), caller.organiser, id, patch).await?;
    Ok(ResponseBuilder::json(&ApplicationBody::new(changed, caller.clock.now(), &urls)))
}
