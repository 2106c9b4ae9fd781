//! Tasks that run beside the one that begins them.

use std::future::Future;

use tokio::task::JoinHandle;

/// Begins a task. It goes on when the handle is dropped; waiting for the handle shows whether it panicked.
#[expect(clippy::disallowed_methods, reason = "the one place where tasks begin")]
pub fn spawn<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    tokio::spawn(work)
}
