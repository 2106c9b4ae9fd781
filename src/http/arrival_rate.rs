//! How fast a request body must arrive.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use hyper::body::Frame;
use tokio::time::{Instant, timeout_at};

use super::body_limits::BodyLimits;

/// The body arrives too slowly: too few bytes in a window of time, or not all of it before the deadline.
#[derive(Debug)]
pub(super) struct SlowBody;

/// Measures the arrival of one body, window by window.
#[derive(Debug)]
pub(super) struct ArrivalWatch {
    window: Duration,
    window_end: Instant,
    received: usize,
    deadline: Instant,
}

impl ArrivalWatch {
    /// Starts now, with `duration` for the whole body.
    pub(super) fn new(limits: &BodyLimits, duration: Duration) -> Self {
        let now = Instant::now();
        Self { window: limits.rate_window, window_end: now + limits.rate_window, received: 0, deadline: now + duration }
    }

    /// The instant by which the whole body must have arrived.
    pub(super) const fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Begins a new window: time in which the gateway did not read is not counted.
    pub(super) fn restart(&mut self) {
        self.window_end = Instant::now() + self.window;
        self.received = 0;
    }

    /// The next frame, if `least` bytes a second arrive meanwhile; checked at the end of each window.
    pub(super) async fn next_frame<B>(
        &mut self,
        body: &mut B,
        least: impl Fn() -> usize,
    ) -> Result<Option<Result<Frame<Bytes>, B::Error>>, SlowBody>
    where
        B: HttpBody<Data = Bytes> + Unpin,
    {
        loop {
            let frame = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx));
            if let Ok(frame) = timeout_at(self.window_end.min(self.deadline), frame).await {
                let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()).and_then(Frame::data_ref);
                self.received += data.map_or(0, Bytes::len);
                return Ok(frame);
            }
            if Instant::now() >= self.deadline || self.received < in_window(least(), self.window) {
                return Err(SlowBody);
            }
            self.restart();
        }
    }
}

/// The bytes of a window at `rate` bytes a second.
fn in_window(rate: usize, window: Duration) -> usize {
    let milliseconds = usize::try_from(window.as_millis()).unwrap_or(usize::MAX);
    rate.saturating_mul(milliseconds) / 1000
}
