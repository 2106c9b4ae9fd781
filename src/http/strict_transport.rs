//! `Strict-Transport-Security` (RFC 6797): where the gateway is reached over TLS, browsers never connect without.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::urls::Urls;

/// A year, for this host alone: its subdomains may not be the gateway's.
const POLICY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds the header to every answer of a gateway whose public address is encrypted.
pub(super) async fn add_header(State(urls): State<Urls>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if urls.encrypted() {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, POLICY);
    }
    response
}
