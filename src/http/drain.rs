//! A response that is sent before the body has arrived is lost when the connection is closed. So the rest of the body is
//! read and discarded first, within limits.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

use super::arrival_rate::ArrivalWatch;
use super::extract::BodyLimits;
use super::origin::RequestOrigin;

/// A body shared by the handler and this layer.
#[derive(Clone)]
struct SharedBody(Arc<Mutex<BodyTap>>);

struct BodyTap {
    body: Body,
    read: usize,
    ended: bool,
}

impl SharedBody {
    fn lock(&self) -> MutexGuard<'_, BodyTap> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self) -> bool {
        self.lock().ended
    }

    /// Reads on until the end, or until `most` bytes were read in all, or until they arrive too slowly.
    async fn drain_request_body(&mut self, most: usize, limits: &BodyLimits, duration: Duration) {
        if self.lock().body.size_hint().lower() > u64::try_from(most).unwrap_or(u64::MAX) {
            return;
        }
        let mut arrival = ArrivalWatch::new(limits, duration);
        while self.lock().read <= most {
            match arrival.next_frame(self, || limits.least_rate).await {
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(_)) | None) | Err(_) => return,
            }
        }
    }
}

impl HttpBody for SharedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut tap = self.lock();
        let frame = ready!(Pin::new(&mut tap.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => tap.read += frame.data_ref().map_or(0, Bytes::len),
            Some(Err(_)) | None => tap.ended = true,
        }
        tap.ended |= tap.body.is_end_stream();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.lock().body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.lock().body.size_hint()
    }
}

/// Responds only after the body was read, or after the limit was reached; in that case the connection is closed. Of a
/// request without a valid credential only as much is read as could have been accepted, for one window of its rate.
pub(super) async fn drain(State(limits): State<BodyLimits>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let origin = RequestOrigin::of(request.extensions());
    let (parts, body) = request.into_parts();
    // With `Expect: 100-continue` the sender waits: no body arrives until the handler begins to read.
    let waiting = parts.headers.contains_key(header::EXPECT);
    let mut shared = SharedBody(Arc::new(Mutex::new(BodyTap { body, read: 0, ended: false })));
    let mut response = next.run(Request::from_parts(parts, Body::new(shared.clone()))).await;
    let silent = waiting && shared.lock().read == 0;
    let given_up = response.headers().get(header::CONNECTION).is_some_and(|value| value == "close");
    if !(shared.ended() || silent || given_up) {
        let authenticated = origin.as_ref().is_some_and(|origin| origin.caller().is_some());
        let (most, duration) =
            if authenticated { (limits.drained, limits.duration) } else { (limits.anonymous, limits.rate_window) };
        shared.drain_request_body(most, &limits, duration).await;
    }
    if !shared.ended() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        if let Some(origin) = origin.filter(|_| !silent) {
            origin.request_lingering_close();
        }
    }
    response
}
