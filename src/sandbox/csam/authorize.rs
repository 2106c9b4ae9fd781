//! The authorization endpoint: the log-in page, its form, and the redirect to the client. And the log-out endpoint.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use url::Url;

use super::answer::redirect;
use super::fields::Fields;
use super::page::{LoginPage, MessagePage};
use super::request::{Request, RequestError};
use super::words;
use super::{CodeGrant, Csam, persona_choice};
use crate::words::Language;

/// Renders the log-in page.
pub(super) async fn show_log_in(State(csam): State<Csam>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let fields = Fields::read(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let language = language(&fields, &headers);
    match Request::read(&csam, &fields) {
        Ok(request) => LoginPage::new(&csam, &fields, language, &[]).answer(&request, StatusCode::OK),
        Err(wrong) => refuse(&csam, &wrong, language),
    }
}

/// Handles the submitted form and redirects to the client.
pub(super) async fn take_choice(State(csam): State<Csam>, headers: HeaderMap, form: Bytes) -> Response {
    let fields = Fields::read(&form).unwrap_or_default();
    let language = language(&fields, &headers);
    let request = match Request::read(&csam, &fields) {
        Ok(request) => request,
        Err(wrong) => return refuse(&csam, &wrong, language),
    };
    if fields.get("decision") != Some("allow") {
        return redirect(&request.back.redirect_address("error", "access_denied"));
    }
    match persona_choice::read(&csam, &fields) {
        Ok(person) => {
            let Request { back, challenge, nonce, scopes } = request;
            let at = csam.now();
            let grant = CodeGrant { person, redirect: back.redirect.clone(), challenge, nonce, scopes, at };
            redirect(&back.redirect_address("code", &csam.0.codes.put(grant, at)))
        }
        Err(faults) => {
            let page = LoginPage::new(&csam, &fields, language, &faults);
            page.answer(&request, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// There are no sessions to end: redirects to an address that the client has registered.
pub(super) async fn logout(State(csam): State<Csam>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let fields = Fields::read(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let requested = fields.get("post_logout_redirect_uri");
    let registered = requested.filter(|requested| csam.0.client.logouts.iter().any(|logout| logout == requested));
    match registered.and_then(|registered| Url::parse(registered).ok()) {
        Some(mut address) => {
            if let Some(state) = fields.get("state") {
                address.query_pairs_mut().append_pair("state", state);
            }
            redirect(address.as_str())
        }
        None => MessagePage::new(&csam, language(&fields, &headers), words::LOGGED_OUT).answer(StatusCode::OK),
    }
}

fn refuse(csam: &Csam, wrong: &RequestError, language: Language) -> Response {
    match wrong {
        RequestError::Told(address) => redirect(address),
        RequestError::Nowhere => MessagePage::new(csam, language, words::NOWHERE).answer(StatusCode::BAD_REQUEST),
    }
}

/// The requested language, else the browser's, else French.
fn language(fields: &Fields, headers: &HeaderMap) -> Language {
    let requested = fields.get("ui_locales").map(|locales| locales.replace(' ', ","));
    let browser = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok().map(str::to_owned));
    requested.or_else(browser).map_or(Language::Fr, |accepted| Language::negotiate(&accepted))
}
