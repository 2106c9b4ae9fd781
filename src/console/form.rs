//! Forms: parsing and authenticating them.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};

use super::expired_form;
pub(super) use super::fields::{Fields, QueryFields};
use super::page_context::{PageContext, SessionContext};
use crate::app::sessions::LoggedIn;
use crate::app::{App, expired_forms};
use crate::http::extract::WholeBody;
use crate::http::problem::{Problem, ProblemType};
use crate::http::session::is_ours;
use crate::http::urls::Urls;
use crate::words::{self, LocalText};

/// The form was not rendered for this session.
const STALE: LocalText = words::form::STALE;

/// A form of a user who acts for an organiser, sent from a page of the console.
pub(super) struct PageForm {
    pub(super) visit: PageContext,
    pub(super) fields: Fields,
}

impl FromRequest<App> for PageForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = match PageContext::from_request_parts(&mut parts, app).await {
            Ok(visit) => visit,
            Err(answer) => return Err(expired_form::store_form(app, parts, body, answer).await),
        };
        let fields = genuine((app, &visit.urls), &visit.visitor, Request::from_parts(parts, body)).await?;
        Ok(Self { visit, fields })
    }
}

/// The same of a person who has yet to choose an organiser.
pub(super) struct SessionForm {
    pub(super) session: SessionContext,
    pub(super) fields: Fields,
}

impl FromRequest<App> for SessionForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let session = match SessionContext::from_request_parts(&mut parts, app).await {
            Ok(session) => session,
            Err(answer) => return Err(expired_form::store_form(app, parts, body, answer).await),
        };
        let fields = genuine((app, &session.urls), &session.visitor, Request::from_parts(parts, body)).await?;
        Ok(Self { session, fields })
    }
}

/// The fields of a form that was rendered for this user's session and sent from a page of the console.
async fn genuine((app, urls): (&App, &Urls), visitor: &LoggedIn, request: Request) -> Result<Fields, Response> {
    if !is_ours(request.headers()) {
        return Err(stale_form());
    }
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let body = WholeBody::from_request(whole, &()).await.map_err(IntoResponse::into_response)?;
    let fields = Fields::read(&body.bytes);
    if visitor.accepts_token(fields.get("csrf")) {
        return expired_form::resumed_session((app, urls), visitor, &parts, fields)
            .await
            .map_err(IntoResponse::into_response);
    }
    // A page of another person's session that is still open in the browser.
    if !expired_forms::is_of(app, fields.get("csrf"), visitor) {
        return Err(stale_form());
    }
    Err(expired_form::keep_fields(app, &parts, urls, &fields, stale_form(), body.bytes.len()).await)
}

pub(super) fn stale_form() -> Response {
    Problem::new(ProblemType::MissingPermission).detail(STALE).into_response()
}
