//! The body: one document of a form that the operation takes, no larger and no slower than is allowed.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{FromRequest, Request};
use axum::http::header;

use crate::http::operation::Operation;
use crate::http::problem::{Kind, Problem, Result};

use super::Media;

/// How much body is accepted, and how slowly.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// The largest body that is accepted, in bytes.
    pub accepted: usize,
    /// The largest body that is read to its end, so that its sender can read the refusal.
    pub drained: usize,
    /// How long a body may take to arrive in all.
    pub duration: Duration,
}

/// The body and the form it claims to be.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its form, by `Content-Type`.
    pub media: Media,
    /// All of it.
    pub bytes: Bytes,
}

impl<S: Sync> FromRequest<S> for Document {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let extensions = request.extensions();
        let (Some(operation), Some(limits)) = (extensions.get::<Arc<Operation>>(), extensions.get::<BodyLimits>())
        else {
            return Err(Problem::internal("a body outside the operations table"));
        };
        let media = Media::of_body(request.headers(), operation.consumes)?;
        let limits = *limits;
        let reading = read(request.into_body(), limits.accepted);
        let slow = |_| Problem::new(Kind::RequestTimeout).header(header::CONNECTION, "close");
        let bytes = tokio::time::timeout(limits.duration, reading).await.map_err(slow)??;
        Ok(Self { media, bytes })
    }
}

/// The whole body, unless it is larger than `limit`.
async fn read(mut body: Body, limit: usize) -> Result<Bytes> {
    let announced = body.size_hint().lower();
    if announced > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(Problem::payload_too_large(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(announced).unwrap_or_default());
    while let Some(frame) = std::future::poll_fn(|cx| std::pin::Pin::new(&mut body).poll_frame(cx)).await {
        // The connection broke: nobody is left to read an answer.
        let frame = frame.map_err(|_| Problem::new(Kind::RequestTimeout))?;
        if let Some(data) = frame.data_ref() {
            if bytes.len() + data.len() > limit {
                return Err(Problem::payload_too_large(limit));
            }
            bytes.extend_from_slice(data);
        }
    }
    Ok(bytes.into())
}
