//! The variable parts of the path.

use axum::extract::FromRequestParts;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::domain::finding::{Finding, Findings, Param, Part, Place};
use crate::domain::rules::request;
use crate::http::problem::{Kind, Problem, Result};

/// The path's variable parts, read into `T`. What cannot be an id names nothing (404); what cannot be a month or a
/// number is a fault of writing (400).
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    #[expect(clippy::disallowed_types, reason = "wrapped here, once")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(path) => Ok(Self(path.0)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => refuse(error.into_kind()),
            Err(rejection) => Err(Problem::internal(rejection)),
        }
    }
}

fn refuse<T>(error: ErrorKind) -> Result<T> {
    let name = match error {
        ErrorKind::ParseErrorAtKey { key, .. }
        | ErrorKind::DeserializeError { key, .. }
        | ErrorKind::InvalidUtf8InPathParam { key } => key,
        other => return Err(Problem::internal(other.to_string())),
    };
    let rule = if name.ends_with("Id") { &request::UNKNOWN_RESOURCE } else { &request::MALFORMED_PATH };
    let finding = Finding::new(rule, Place::at(&name)).part(Part::Path).with("parameter", Param::Code(name));
    let unknown = std::ptr::eq(rule, &raw const request::UNKNOWN_RESOURCE);
    let findings = Findings::from_iter([finding]);
    Err(if unknown { Problem::new(Kind::ResourceNotFound).findings(findings) } else { Problem::bad_request(findings) })
}
