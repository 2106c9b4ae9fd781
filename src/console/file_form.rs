//! Forms with a file.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::response::{IntoResponse, Response};

use super::form::{Fields, stale_form};
use super::login;
use super::page_context::{PageContext, SessionContext};
use crate::app::App;
use crate::app::sessions::LoggedIn;
use crate::http::extract::WholeBody;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::http::session::is_ours;
use crate::words::{self, LocalText};

/// Who sends a form with a file: a user who acts for an organiser, or any logged-in person.
pub(super) trait FileSender: FromRequestParts<App, Rejection = Response> {
    fn visitor(&self) -> &LoggedIn;
}

impl FileSender for PageContext {
    fn visitor(&self) -> &LoggedIn {
        &self.visitor
    }
}

impl FileSender for SessionContext {
    fn visitor(&self) -> &LoggedIn {
        &self.visitor
    }
}

/// A form with a file, sent from a page of the console.
pub(super) struct FileForm<S = PageContext> {
    pub(super) visit: S,
    pub(super) fields: Fields,
    pub(super) file: Bytes,
    /// The name of the file as it was sent.
    pub(super) file_name: String,
    /// Whether a file was chosen, which may be empty.
    pub(super) chosen: bool,
    /// The body that contains the file, and its memory budget.
    pub(super) _received: WholeBody,
}

impl<S: FileSender + Send> FromRequest<App> for FileForm<S> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = S::from_request_parts(&mut parts, app).await.map_err(login::file_lost)?;
        if !is_ours(&parts.headers) {
            return Err(stale_form());
        }
        let whole = Request::from_parts(parts.clone(), body);
        let received = WholeBody::from_request(whole, &()).await.map_err(IntoResponse::into_response)?;
        let whole = Request::from_parts(parts, Body::from(received.bytes.clone()));
        let FormParts { fields, file, file_name, chosen } =
            take_apart(whole).await.map_err(IntoResponse::into_response)?;
        if !visit.visitor().accepts_token(fields.get("csrf")) {
            return Err(stale_form());
        }
        Ok(Self { visit, fields, file, file_name, chosen, _received: received })
    }
}

impl<S> FileForm<S> {
    /// Why there is no file to read; `None` where there is one.
    pub(super) fn missing(&self) -> Option<LocalText> {
        match (self.file.is_empty(), self.chosen) {
            (false, _) => None,
            (true, false) => Some(NO_FILE),
            (true, true) => Some(EMPTY_FILE),
        }
    }
}

/// No file was chosen.
const NO_FILE: LocalText = words::file_form::NO_FILE;
/// The file is empty.
const EMPTY_FILE: LocalText = words::file_form::EMPTY_FILE;

/// The content of a form with a file.
#[derive(Default)]
struct FormParts {
    fields: Fields,
    file: Bytes,
    file_name: String,
    chosen: bool,
}

/// The fields of a form and its file. A browser sends a part without a name where no file was chosen.
async fn take_apart(request: Request) -> Result<FormParts> {
    let broken = |_| Problem::new(ProblemType::BadRequest);
    let mut multipart =
        Multipart::from_request(request, &()).await.map_err(|_| Problem::new(ProblemType::BadRequest))?;
    let mut parts = FormParts::default();
    while let Some(part) = multipart.next_field().await.map_err(broken)? {
        match part.name().map(str::to_owned) {
            Some(name) if name == "file" => {
                parts.file_name = part.file_name().unwrap_or_default().to_owned();
                parts.chosen = !parts.file_name.is_empty();
                parts.file = part.bytes().await.map_err(broken)?;
            }
            Some(name) => parts.fields.push(&name, part.text().await.map_err(broken)?),
            None => {}
        }
    }
    Ok(parts)
}
