//! Requests whose client goes away half-way.

use std::future::poll_fn;
use std::task::Poll;

/// Polls a request so many times, each when it is woken, and drops it.
pub(crate) async fn abandon(request: impl Future, polls: u32) {
    let (mut request, mut left) = (std::pin::pin!(request), polls);
    poll_fn(|context| {
        left -= 1;
        match request.as_mut().poll(context) {
            Poll::Pending if left > 0 => Poll::Pending,
            _ => Poll::Ready(()),
        }
    })
    .await;
}
