//! Which responses are compressed for clients that accept gzip: those of the API, the public pages, and the assets of all
//! pages.
//!
//! Never a page of the console or of a log-in: it contains the token of the session beside text that its user typed, and
//! the compressed length of both would reveal the token (BREACH). Never the response to a POST, which may contain a key or
//! a secret. A workbook is compressed already.

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate, SizeAbove};

use super::urls::API_ROOT;

/// A smaller body, in bytes, fits in one packet uncompressed.
const SMALLEST: u16 = 1024;
/// Outside the API: prefixes of paths whose responses contain nothing of a session.
const PUBLIC: [&str; 4] = ["/docs", "/landing.css", "/console.css", "/console.js"];
/// Media types that are text.
const TEXTS: [&str; 6] = ["json", "yaml", "atom+xml", "text/html", "text/css", "text/javascript"];

/// Marks a response that may be compressed.
#[derive(Debug, Clone, Copy)]
struct Compressible;

/// Selects marked responses.
#[derive(Debug, Clone, Copy)]
pub(super) struct IsCompressible;

impl Predicate for IsCompressible {
    fn should_compress<B: HttpBody>(&self, response: &axum::http::Response<B>) -> bool {
        response.extensions().get::<Compressible>().is_some()
    }
}

/// Compresses marked responses that are large enough. They are compressed as a whole on each request, so speed matters more
/// than size.
pub(super) fn compression_layer() -> CompressionLayer<And<IsCompressible, SizeAbove>> {
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(IsCompressible.and(SizeAbove::new(SMALLEST)))
}

/// Marks responses that may be compressed.
pub(super) async fn mark_public_text(request: Request, next: Next) -> Response {
    let public = !matches!(*request.method(), Method::POST | Method::HEAD) && is_public(request.uri().path());
    let mut response = next.run(request).await;
    if public && is_text(&response) {
        response.extensions_mut().insert(Compressible);
    }
    response
}

fn is_public(path: &str) -> bool {
    path == "/" || path.starts_with(API_ROOT) || PUBLIC.iter().any(|public| path.starts_with(public))
}

fn is_text(response: &Response) -> bool {
    let media = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media.is_some_and(|media| TEXTS.iter().any(|text| media.contains(text)))
}
