//! The body: one document of a form that the operation takes, no larger and no slower than is allowed.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use tokio::sync::{Semaphore, SemaphorePermit};

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

/// Room for bodies that are being read or worked on, a permit a megabyte: however many callers send the largest body at
/// once, the gateway holds no more than this of them. The others wait.
static ROOM: Semaphore = Semaphore::const_new(MOST);
/// How many megabytes of bodies there is room for.
const MOST: usize = 32;
/// What one permit stands for, in bytes.
const MEGABYTE: usize = 1 << 20;

/// The body and the form it claims to be.
#[derive(Debug)]
pub struct Document {
    /// Its form, by `Content-Type`.
    pub media: Media,
    /// All of it.
    pub bytes: Bytes,
    /// Its room, until it is dropped.
    _room: SemaphorePermit<'static>,
}

impl<S: Sync> FromRequest<S> for Document {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let Some(operation) = request.extensions().get::<Arc<Operation>>() else {
            return Err(Problem::internal("a document outside the operations table"));
        };
        let media = Media::of_body(request.headers(), operation.consumes)?;
        let Received { bytes, room } = Received::from_request(request, state).await?;
        Ok(Self { media, bytes, _room: room })
    }
}

/// A body of whatever form, whole.
pub(in crate::http) struct Received {
    /// All of it.
    pub(in crate::http) bytes: Bytes,
    room: SemaphorePermit<'static>,
}

impl<S: Sync> FromRequest<S> for Received {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let limits = request.extensions().get::<BodyLimits>().copied();
        let limits = limits.ok_or_else(|| Problem::internal("a body without limits"))?;
        let room = room(request.body().size_hint().exact(), limits).await?;
        let reading = read(request.into_body(), limits.accepted);
        let slow = |_| Problem::new(Kind::RequestTimeout).header(header::CONNECTION, "close");
        let bytes = tokio::time::timeout(limits.duration, reading).await.map_err(slow)??;
        Ok(Self { bytes, room })
    }
}

/// Room for a body of this length, or for the largest when the length is not told. One that is too large needs none.
async fn room(announced: Option<u64>, limits: BodyLimits) -> Result<SemaphorePermit<'static>> {
    let length = announced.and_then(|length| usize::try_from(length).ok()).unwrap_or(limits.accepted);
    let megabytes = if length > limits.accepted { 0 } else { length.div_ceil(MEGABYTE).min(MOST) };
    let permits = ROOM.acquire_many(u32::try_from(megabytes).unwrap_or(u32::MAX));
    match tokio::time::timeout(limits.duration, permits).await {
        Ok(permit) => permit.map_err(Problem::internal),
        Err(waited) => Err(Problem::unavailable(RETRY_SECONDS, waited)),
    }
}

/// When a caller for whose body there was no room may try again.
const RETRY_SECONDS: u64 = 5;

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
