//! Forms that bring a file along.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts as _, Multipart, Request};
use axum::response::{IntoResponse, Response};

use super::entrance;
use super::form::{Fields, stale};
use super::visit::PageContext;
use crate::app::App;
use crate::http::extract::WholeBody;
use crate::http::problem::{Kind, Problem, Result};
use crate::http::session::is_ours;

/// A form with a file, sent from a page of ours.
pub(super) struct FileForm {
    pub(super) visit: PageContext,
    pub(super) fields: Fields,
    pub(super) file: Bytes,
    /// The body that the file is part of, and its room.
    pub(super) _received: WholeBody,
}

impl FromRequest<App> for FileForm {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = PageContext::from_request_parts(&mut parts, app).await.map_err(entrance::file_lost)?;
        if !is_ours(&parts.headers) {
            return Err(stale());
        }
        let whole = Request::from_parts(parts.clone(), body);
        let received = WholeBody::from_request(whole, &()).await.map_err(IntoResponse::into_response)?;
        let whole = Request::from_parts(parts, Body::from(received.bytes.clone()));
        let (fields, file) = take_apart(whole).await.map_err(IntoResponse::into_response)?;
        if !visit.visitor.brings(fields.get("csrf")) {
            return Err(stale());
        }
        Ok(Self { visit, fields, file, _received: received })
    }
}

/// The fields of a form and its file, empty when none was chosen.
async fn take_apart(request: Request) -> Result<(Fields, Bytes)> {
    let broken = |_| Problem::new(Kind::BadRequest);
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Problem::new(Kind::BadRequest))?;
    let (mut fields, mut file) = (Fields::default(), Bytes::new());
    while let Some(part) = multipart.next_field().await.map_err(broken)? {
        match part.name().map(str::to_owned) {
            Some(name) if name == "file" => file = part.bytes().await.map_err(broken)?,
            Some(name) => fields.push(&name, part.text().await.map_err(broken)?),
            None => {}
        }
    }
    Ok((fields, file))
}
