//! The socket of a connection: closes on a peer that does not read, and lets a refused sender read its response.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::{ConnectionHandle, unreadable};

/// How long, and how many bytes, a connection is read after its last response. A socket that is closed with unread bytes is
/// reset, and its peer may lose the response.
const LINGER: (Duration, usize) = (Duration::from_secs(2), 1 << 20);

/// A socket with a limit on writes that make no progress.
#[derive(Debug)]
pub(super) struct ConnectionStream {
    inner: TcpStream,
    limit: Duration,
    handle: ConnectionHandle,
    /// Set while a write waits for the peer to read.
    waiting: Option<Pin<Box<Sleep>>>,
    lingering: Option<(Pin<Box<Sleep>>, usize)>,
    /// What remains to be written in place of the parser's response, and the length of the latter.
    in_place: Option<(Vec<u8>, usize)>,
}

impl ConnectionStream {
    /// The socket, with `limit` on the time in which a write makes no progress.
    pub(super) const fn new(inner: TcpStream, limit: Duration, handle: ConnectionHandle) -> Self {
        Self { inner, limit, handle, waiting: None, lingering: None, in_place: None }
    }

    /// Returns the result of a write, or an error when it has waited for too long.
    fn check_deadline<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = None;
            return written;
        }
        let limit = self.limit;
        ready!(self.waiting.get_or_insert_with(|| Box::pin(sleep(limit))).as_mut().poll(cx));
        self.handle.write_timed_out();
        // Discards the unsent data in the kernel at close.
        let _ = self.inner.set_zero_linger();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Writes `bytes`, or the response that replaces them.
    fn write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.in_place.is_none() {
            self.in_place = unreadable::answer_in_place_of(bytes).map(|answer| (answer, bytes.len()));
        }
        while let Some((answer, replaced_length)) = &mut self.in_place {
            if answer.is_empty() {
                let written = *replaced_length;
                self.in_place = None;
                return Poll::Ready(Ok(written));
            }
            let written = ready!(Pin::new(&mut self.inner).poll_write(cx, answer))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            answer.drain(..written);
        }
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    /// Reads and discards what still arrives, until the peer closes or the limits are reached.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let (time, left) = self.lingering.get_or_insert_with(|| (Box::pin(sleep(LINGER.0)), LINGER.1));
        let mut scratch = [0; 8192];
        while *left > 0 && time.as_mut().poll(cx).is_pending() {
            let mut read = ReadBuf::new(&mut scratch);
            let ended = ready!(Pin::new(&mut self.inner).poll_read(cx, &mut read)).is_err();
            if ended || read.filled().is_empty() {
                return Poll::Ready(());
            }
            *left = left.saturating_sub(read.filled().len());
        }
        Poll::Ready(())
    }
}

impl AsyncRead for ConnectionStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, into)
    }
}

impl AsyncWrite for ConnectionStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = self.write(cx, bytes);
        self.check_deadline(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = slices.iter().find(|slice| !slice.is_empty());
        let written = match first.filter(|_| slices.len() == 1 || self.in_place.is_some()) {
            Some(first) => self.write(cx, first),
            None => Pin::new(&mut self.inner).poll_write_vectored(cx, slices),
        };
        self.check_deadline(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.lingering.is_none() {
            ready!(Pin::new(&mut self.inner).poll_shutdown(cx))?;
        }
        if self.handle.is_lingering_close() {
            ready!(self.poll_linger(cx));
        }
        Poll::Ready(Ok(()))
    }
}
