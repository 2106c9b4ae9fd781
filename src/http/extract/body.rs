//! The body: one document of a media type that the operation accepts, within the limits of size and rate.

use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use tokio::time::timeout_at;

use crate::http::arrival_rate::{ArrivalWatch, SlowBody};
use crate::http::body_budget::{BodyBudget, BodyRoom};
use crate::http::body_limits::BodyLimits;
use crate::http::observe::RequestLog;
use crate::http::operation::Operation;
use crate::http::origin::RequestOrigin;
use crate::http::problem::{Problem, ProblemType, Result};

use super::Media;
use super::media::media_of_body;

/// The body and its declared media type.
#[derive(Debug)]
pub struct BodyDocument {
    /// By `Content-Type`.
    pub media: Media,
    /// The whole body.
    pub bytes: Bytes,
    /// Its memory reservation, released when dropped.
    _room: Option<BodyRoom>,
}

impl<S: Sync> FromRequest<S> for BodyDocument {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let Some(operation) = request.extensions().get::<Arc<Operation>>() else {
            return Err(Problem::internal("a document outside the operations table"));
        };
        let media = media_of_body(request.headers(), operation.consumes)?;
        let WholeBody { bytes, room } = WholeBody::from_request(request, state).await?;
        Ok(Self { media, bytes, _room: room })
    }
}

/// A whole body of any media type. Without a valid credential the smaller limit applies.
pub(crate) struct WholeBody {
    /// The whole body.
    pub(crate) bytes: Bytes,
    room: Option<BodyRoom>,
}

impl<S: Sync> FromRequest<S> for WholeBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let extensions = request.extensions();
        let (Some(limits), Some(budget)) = (extensions.get().copied(), extensions.get::<BodyBudget>().cloned()) else {
            return Err(Problem::internal("a body without limits"));
        };
        let origin = RequestOrigin::of(extensions);
        let log = RequestLog::of(&request);
        let received = receive(request.into_body(), limits, &budget, origin.as_ref()).await;
        if let Ok(body) = &received {
            log.add(|line| line.body(&body.bytes));
        }
        match received.as_ref().err().map(Problem::kind) {
            Some(ProblemType::RequestTimeout) => budget.refuse("tooSlow"),
            Some(ProblemType::ServiceUnavailable) => budget.refuse("noMemory"),
            _ => {}
        }
        received
    }
}

/// Seconds after which a caller may try again when there was no memory for the body.
const RETRY_SECONDS: u64 = 5;

/// Reads the whole body; memory is reserved as it arrives.
async fn receive(
    mut body: Body,
    limits: BodyLimits,
    budget: &BodyBudget,
    origin: Option<&RequestOrigin>,
) -> Result<WholeBody> {
    let authenticated = origin.is_some_and(|origin| origin.caller().is_some());
    let limit = if authenticated { limits.accepted } else { limits.anonymous.min(limits.accepted) };
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(Problem::payload_too_large(limit));
    }
    let announced = body.size_hint().exact().and_then(|length| usize::try_from(length).ok());
    let whole = announced.unwrap_or(limit);
    let mut claims = budget.body(origin, whole);
    let mut arrival = ArrivalWatch::new(&limits, limits.duration);
    let mut bytes = Vec::new();
    loop {
        let least = || limits.least_rate.max(claims.least_rate(limits.duration));
        let Some(frame) = arrival.next_frame(&mut body, least).await.map_err(|SlowBody| Problem::slow_body())? else {
            break;
        };
        // The connection broke: there is no client left to answer.
        let frame = frame.map_err(|_| Problem::new(ProblemType::RequestTimeout))?;
        let Some(data) = frame.data_ref() else { continue };
        let received = bytes.len() + data.len();
        if received > limit {
            return Err(Problem::payload_too_large(limit));
        }
        if !claims.has_room_for(received) {
            let extended = timeout_at(arrival.deadline(), claims.extend(received)).await;
            extended.map_err(|waited| Problem::unavailable(RETRY_SECONDS, waited))?;
            arrival.restart();
        }
        grow(&mut bytes, received, whole);
        bytes.extend_from_slice(data);
    }
    Ok(WholeBody { bytes: bytes.into(), room: claims.into_room() })
}

impl Problem {
    /// The body arrives too slowly.
    pub(crate) fn slow_body() -> Self {
        Self::new(ProblemType::RequestTimeout).header(header::CONNECTION, "close")
    }
}

/// Grows the buffer for `received` bytes: doubled, up to `whole`.
fn grow(bytes: &mut Vec<u8>, received: usize, whole: usize) {
    if bytes.capacity() < received {
        let capacity = (bytes.capacity() * 2).min(whole).max(received);
        bytes.reserve_exact(capacity - bytes.len());
    }
}
