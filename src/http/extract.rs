//! Extractors of handlers: path, query, headers and body, refused with problems that list every fault at once.

mod body;
mod conditional;
mod file_name;
mod media;
mod path;
mod query;
mod segments;

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

pub use self::body::BodyDocument;
pub(crate) use self::body::WholeBody;
pub use self::conditional::{IfMatch, IfNoneMatch, quoted};
pub(crate) use self::file_name::SentFileName;
pub use self::media::Accept;
pub(crate) use self::media::media_of_body;
pub use self::path::Path;
pub use self::query::{Parameters, Query, QueryReader};
pub(crate) use self::query::{is_dry_run, refuse_unknown};
pub use super::body_limits::BodyLimits;
pub use super::media_type::Media;
use crate::words::Language;

/// The language of the response, English by default.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    Language::negotiate(&accepted.collect::<Vec<_>>().join(","))
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(language(&parts.headers))
    }
}
