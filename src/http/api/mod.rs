//! The API, a file per resource. Each has its `routes()`: its lines of the table of operations.

pub mod doc;
pub mod health;
pub mod ref_data;
pub mod schemas;

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

use super::Gateway;
use super::answer::Answer;
use super::extract::{IfNoneMatch, Media};
use super::operations::Route;

/// The operations that need no key.
pub fn open_routes<G: Gateway>() -> Vec<Route<G>> {
    [health::routes(), doc::routes(), schemas::routes(), ref_data::routes()].into_iter().flatten().collect()
}

/// Something that is the same for everybody until the next release.
fn published(media: Media, bytes: Vec<u8>, known: &IfNoneMatch) -> Answer {
    let digest = digest::digest(&digest::SHA256, &bytes);
    let tag = URL_SAFE_NO_PAD.encode(&digest.as_ref()[..12]);
    let answer = if known.has(&tag) { Answer::not_modified(&tag) } else { Answer::bytes(media, bytes).etag(&tag) };
    answer.header(header::CACHE_CONTROL, "public, max-age=3600")
}
