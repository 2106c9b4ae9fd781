//! Threads that serve connections, each with a runtime of its own. A connection stays on its thread: what its requests wait
//! for wakes this thread alone, while a runtime of several threads also wakes others to look for work.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// The threads. They end when this is dropped; what still runs on them is abandoned.
#[derive(Debug)]
pub struct ConnectionThreads(Vec<ConnectionThread>);

#[derive(Debug)]
struct ConnectionThread {
    handle: Handle,
    /// How many connections it serves.
    connections: Arc<AtomicUsize>,
    /// Ends the thread when dropped.
    _running: oneshot::Sender<()>,
}

/// The place of a connection on a thread, returned when dropped.
#[derive(Debug)]
pub(super) struct ThreadPlace(Arc<AtomicUsize>);

impl Drop for ThreadPlace {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl ConnectionThreads {
    /// One thread for each processor.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start() -> io::Result<Self> {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        (0..processors).map(|_| ConnectionThread::start()).collect::<io::Result<_>>().map(Self)
    }

    /// The runtime of the thread with the fewest connections, and a place on it.
    pub(super) fn take_place(&self) -> Option<(&Handle, ThreadPlace)> {
        let thread = self.0.iter().min_by_key(|thread| thread.connections.load(Ordering::Relaxed))?;
        thread.connections.fetch_add(1, Ordering::Relaxed);
        Some((&thread.handle, ThreadPlace(Arc::clone(&thread.connections))))
    }
}

impl ConnectionThread {
    fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (running, ended) = oneshot::channel();
        let handle = runtime.handle().clone();
        thread::Builder::new().name("connections".to_owned()).spawn(move || {
            // An error: the sender was dropped.
            let _ = runtime.block_on(ended);
            runtime.shutdown_background();
        })?;
        Ok(Self { handle, connections: Arc::default(), _running: running })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_shared_out_evenly() {
        let threads = ConnectionThreads((0..2).map(|_| ConnectionThread::start().unwrap()).collect());
        let counts = || threads.0.iter().map(|thread| thread.connections.load(Ordering::Relaxed)).collect::<Vec<_>>();
        let mut places: Vec<_> = (0..4).filter_map(|_| threads.take_place()).map(|(_, place)| place).collect();
        assert_eq!(counts(), [2, 2]);
        places.truncate(1);
        places.extend(threads.take_place().map(|(_, place)| place));
        assert_eq!(counts(), [1, 1]);
    }
}
