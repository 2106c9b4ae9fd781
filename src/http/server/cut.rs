//! Responses that never arrive whole: the connection is cut in their place, or in the middle of their body. A sandbox has
//! them made; a response that is not marked passes as it is.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

/// Where the connection of a response is cut, in the extensions of that response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionCut {
    /// Before the first byte of the response.
    BeforeResponse,
    /// After its head and half of its body.
    WithinBody,
}

/// The connection is cut on purpose.
#[derive(Debug, thiserror::Error)]
#[error("the connection was cut on purpose")]
pub(super) struct CutOnPurpose;

/// The response as it is to be sent.
///
/// # Errors
/// When nothing of it is to be sent: the connection ends with this error.
pub(super) fn as_marked(response: Response) -> Result<Response, CutOnPurpose> {
    match response.extensions().get::<ConnectionCut>() {
        None => Ok(response),
        Some(ConnectionCut::WithinBody) if !response.body().is_end_stream() => {
            Ok(response.map(|body| Body::new(HalfBody { body, stage: Stage::Begin })))
        }
        Some(_) => Err(CutOnPurpose),
    }
}

/// The first half of a body, and an error in the place of the rest. Its announced length is that of the whole.
struct HalfBody {
    body: Body,
    stage: Stage,
}

/// How far half of a body is.
#[derive(Clone, Copy)]
enum Stage {
    /// Nothing was read yet.
    Begin,
    /// So many bytes are still passed on.
    Left(u64),
    /// Everything was passed on, and may still be in the buffer of the connection.
    Buffered,
    /// The rest is an error.
    Cut,
}

impl HttpBody for HalfBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let left = match self.stage {
            Stage::Begin => self.body.size_hint().exact().map(|length| length / 2),
            Stage::Left(left) => Some(left),
            Stage::Buffered => {
                // While nothing is ready, the connection writes what it has.
                self.stage = Stage::Cut;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Stage::Cut => return Poll::Ready(Some(Err(axum::Error::new(CutOnPurpose)))),
        };
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx)).transpose()?;
        let Some(mut bytes) = frame.and_then(|frame| frame.into_data().ok()) else {
            return Poll::Ready(Some(Err(axum::Error::new(CutOnPurpose))));
        };
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        // Of a body of unknown length, half of its first part.
        let left = left.unwrap_or(length / 2);
        self.stage = if left <= length { Stage::Buffered } else { Stage::Left(left - length) };
        bytes.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
