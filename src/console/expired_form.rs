//! A form that was sent after its session had ended: its input is displayed again after the log-in, to be sent again or
//! discarded.
//!
//! Only forms that a page of the console sent in a navigation are stored, by the browser's `Sec-Fetch-Site`, so that no
//! foreign page can have a form displayed; and nothing is executed before the user has seen it and sent it. The page
//! displays the input in words; the fields themselves stay here, and are used when the page's form is sent.

use axum::extract::{FromRequest as _, FromRequestParts as _, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::fields::Fields;
use super::page_context::{SessionContext, redirect, referring_page};
use crate::app::App;
use crate::app::expired_forms::{self, KEPT_FOR, MAX_BYTES, TypedForm};
use crate::app::sessions::{self, LoggedIn};
use crate::http::address::ClientAddress;
use crate::http::extract::WholeBody;
use crate::http::problem::{Problem, Result};
use crate::http::session::{Cookie, secret};
use crate::http::urls::Urls;

/// The path of the page with the input.
pub(super) const PAGE: &str = "/console/typed";

/// The path after the log-in.
const LOG_IN: &str = "/console/login?to=/console/typed";

/// Forms without input worth storing, or with a secret that is displayed once.
const NOT_KEPT: [&str; 4] = ["/console/logout", "/console/organisers", "/console/sessions", PAGE];

/// The field that marks a form whose fields are the stored ones.
pub(super) const RESUMES: &str = "resumeTyped";

/// Stores the fields of a form whose session has ended, and redirects to where they are found again; `answer` where
/// there is nothing to store.
pub(super) async fn store_form(app: &App, parts: Parts, body: axum::body::Body, answer: Response) -> Response {
    let Ok(urls) = Urls::from_request_parts(&mut parts.clone(), app).await;
    if !is_kept(&parts) || answer.status().is_server_error() {
        return answer;
    }
    let received = WholeBody::from_request(Request::from_parts(parts.clone(), body), &()).await;
    let Ok(received) = received else { return answer };
    keep_fields(app, &parts, &urls, &Fields::read(&received.bytes), answer, received.bytes.len()).await
}

/// The same where the fields were read already.
pub(super) async fn keep_fields(
    app: &App,
    parts: &Parts,
    urls: &Urls,
    fields: &Fields,
    answer: Response,
    size: usize,
) -> Response {
    if !is_kept(parts) || size > MAX_BYTES {
        return answer;
    }
    let path = parts.uri.path().to_owned();
    let typed = TypedForm { action: path, page: referring_page(&parts.headers, urls), fields: fields.without_token() };
    let sender = parts.extensions.get().copied().map(ClientAddress::client_network);
    let sender = sender.map(|address| address.to_string()).unwrap_or_default();
    match expired_forms::store_form(app, fields.get("csrf"), &sender, &typed).await {
        Ok(Some(stored)) => with_cookie(to_typed(answer), &stored, KEPT_FOR.as_secs(), urls),
        Ok(None) => answer,
        Err(error) => {
            tracing::warn!(%error, "a form whose session had ended could not be kept");
            answer
        }
    }
}

/// Whether this is a form of the console, sent by a user's navigation.
fn is_kept(parts: &Parts) -> bool {
    let says = |name: &str, value: &str| parts.headers.get(name).is_some_and(|found| found == value);
    let path = parts.uri.path();
    let form = says(header::CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded");
    let ours = says("sec-fetch-site", "same-origin") && says("sec-fetch-dest", "document");
    form && ours && !NOT_KEPT.iter().any(|not| path.starts_with(not)) && !path.ends_with("/download")
}

/// Redirects to the log-in and then to the input, or to the input at once; the choice of an organiser redirects there
/// by itself.
fn to_typed(answer: Response) -> Response {
    let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
    match to {
        Some(to) if to.starts_with("/console/login") => redirect(LOG_IN),
        Some(_) => answer,
        None => redirect(PAGE),
    }
}

pub(super) fn with_cookie(mut response: Response, value: &str, seconds: i64, urls: &Urls) -> Response {
    response.headers_mut().append(header::SET_COOKIE, Cookie::TypedForm.set(value, seconds, urls.encrypted()));
    response
}

/// Whether the browser has a stored form of its user.
pub(super) async fn is_waiting(session: &SessionContext, headers: &HeaderMap) -> Result<bool> {
    if stored_form(headers, &session.urls).is_none() {
        return Ok(false);
    }
    // The organiser that the person acts for has just been chosen.
    let visitor = sessions::resume(&session.app, &secret(headers, &session.urls).unwrap_or_default()).await?;
    let Some(visitor) = visitor else { return Ok(false) };
    Ok(find_form(&session.app, &visitor, headers, &session.urls).await?.is_some())
}

/// The secret of a stored form.
fn stored_form(headers: &HeaderMap, urls: &Urls) -> Option<String> {
    Cookie::TypedForm.read(headers, urls.encrypted()).filter(|secret| !secret.is_empty())
}

/// The stored form of this user.
pub(super) async fn find_form(
    app: &App,
    visitor: &LoggedIn,
    headers: &HeaderMap,
    urls: &Urls,
) -> Result<Option<TypedForm>> {
    let Some(secret) = stored_form(headers, urls) else { return Ok(None) };
    Ok(expired_forms::find(app, visitor, &secret).await?)
}

/// The fields of a form that was sent, or the stored ones where it is marked so: these are removed, so that they
/// are sent once.
pub(super) async fn resumed_session(
    (app, urls): (&App, &Urls),
    visitor: &LoggedIn,
    parts: &Parts,
    fields: Fields,
) -> Result<Fields> {
    if !fields.ticked(RESUMES) {
        return Ok(fields);
    }
    let typed = find_form(app, visitor, &parts.headers, urls).await?;
    typed.filter(|typed| typed.action == parts.uri.path()).ok_or_else(|| Problem::not_found("form"))?;
    Ok(take(app, visitor, &parts.headers, urls).await?.fields.into())
}

pub(super) async fn take(app: &App, visitor: &LoggedIn, headers: &HeaderMap, urls: &Urls) -> Result<TypedForm> {
    let typed = match stored_form(headers, urls) {
        Some(secret) => expired_forms::take(app, visitor, &secret).await?,
        None => None,
    };
    typed.ok_or_else(|| Problem::not_found("form"))
}
