//! Forms: what a page sends back.

use std::convert::Infallible;
use std::str::FromStr;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::expired_form;
use super::form_fields::FieldErrors;
use super::page_context::{PageContext, SessionContext};
use crate::app::sessions::LoggedIn;
use crate::app::{App, expired_forms};
use crate::domain::text::{Language, LocalText};
use crate::http::extract::WholeBody;
use crate::http::problem::{Kind, Problem};
use crate::http::session::is_ours;
use crate::http::urls::Urls;

/// The form has fields that the page has not.
const UNEXPECTED: LocalText = LocalText {
    fr: "Ce qui a été envoyé contient des champs que cette page n’a pas : rechargez-la et recommencez.",
    nl: "Wat verzonden werd, heeft velden die deze pagina niet heeft: laad ze opnieuw en begin opnieuw.",
    en: "What was sent has fields that this page does not have: reload it and try again.",
};

/// The form is not one that was made for this session.
const STALE: LocalText = LocalText {
    fr: "Ce formulaire n’est plus valable : revenez à la page, rechargez-la et recommencez. Rien n’a été enregistré.",
    nl: "Dit formulier is niet meer geldig: ga terug naar de pagina, laad ze opnieuw en begin opnieuw. Er werd niets bewaard.",
    en: "This form is no longer valid: go back to the page, reload it and try again. Nothing was stored.",
};

/// The fields of a form, in the order of the page.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl From<Vec<(String, String)>> for Fields {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }
}

impl Fields {
    pub(super) fn read(body: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned()));
        Self(pairs.collect())
    }

    /// What was put into a field, without the spaces around it; empty when nothing was.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// That there are fields which the page does not have, besides those of every form.
    pub(super) fn unexpected(&self, expected: impl Fn(&str) -> bool, language: Language) -> FieldErrors {
        let ours = |name: &str| ["csrf", "version", "action", "confirmed"].contains(&name) || expected(name);
        let strange = self.0.iter().any(|(name, _)| !ours(name));
        let fault = || (String::new(), UNEXPECTED.get(language).to_owned());
        FieldErrors(strange.then(fault).into_iter().collect())
    }

    /// All of them but the token, which every page has anew.
    pub(super) fn without_token(&self) -> Vec<(String, String)> {
        self.0.iter().filter(|(name, _)| name != "csrf").cloned().collect()
    }

    /// The number in a field, where there is one.
    pub(super) fn number<T: FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).parse().ok()
    }

    /// With another field.
    pub(super) fn push(&mut self, name: &str, value: String) {
        self.0.push((name.to_owned(), value));
    }

    /// Whether a box is ticked.
    pub(super) fn ticked(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Every value of a field that may be there several times.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What the address of a page asks for behind its question mark. A page passes over what it does not know.
pub(super) struct QueryFields(pub(super) Fields);

impl<S: Sync> FromRequestParts<S> for QueryFields {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Fields::read(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}

/// A form that a person who acts for an organiser sent from a page of ours.
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

/// The fields of a form that was made for this visitor's session and sent from a page of ours.
async fn genuine((app, urls): (&App, &Urls), visitor: &LoggedIn, request: Request) -> Result<Fields, Response> {
    if !is_ours(request.headers()) {
        return Err(stale_form());
    }
    let (parts, body) = request.into_parts();
    let whole = Request::from_parts(parts.clone(), body);
    let body = WholeBody::from_request(whole, &()).await.map_err(IntoResponse::into_response)?;
    let fields = Fields::read(&body.bytes);
    if visitor.accepts_token(fields.get("csrf")) {
        return expired_form::resumed((app, urls), visitor, &parts, fields).await.map_err(IntoResponse::into_response);
    }
    // Somebody else's page that is still open in the browser.
    if !expired_forms::is_of(app, fields.get("csrf"), visitor) {
        return Err(stale_form());
    }
    Err(expired_form::keep_fields(app, &parts, urls, &fields, stale_form(), body.bytes.len()).await)
}

pub(super) fn stale_form() -> Response {
    Problem::new(Kind::MissingPermission).detail(STALE).into_response()
}
