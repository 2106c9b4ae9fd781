//! Safeguards of every response: a time limit, panics as problems, and headers for browsers and caches.

use std::any::Any;
use std::time::Duration;

use axum::body::HttpBody as _;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::extract::BodyLimits;
use super::problem::Problem;

/// Seconds after which a request that took too long may be tried again.
const RETRY_SECONDS: u64 = 5;

/// Aborts a request that takes too long; the time in which its body arrives is not counted.
pub(super) async fn with_timeout(
    State((patience, bodies)): State<(Duration, BodyLimits)>,
    request: Request,
    next: Next,
) -> Response {
    let patience = if request.body().is_end_stream() { patience } else { patience + bodies.duration };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::unavailable(RETRY_SECONDS, format!("no answer within {patience:?}")).into_response(),
    }
}

/// A panic as a problem. Its message is not sent: it may quote what was being read. The panic hook has logged where it
/// happened.
pub(super) fn on_panic(_: Box<dyn Any + Send>) -> Response {
    Problem::internal("panicked").into_response()
}

/// The headers of a response whose handler sets no others.
const DEFAULTS: [(HeaderName, &str); 4] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// Adds the headers that protect browsers and keep personal data out of caches.
pub(super) async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
