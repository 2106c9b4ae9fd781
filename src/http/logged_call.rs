//! What the log of requests has of a call of software: gathered when its key is known, completed by its answer.

use axum::body::HttpBody as _;
use axum::extract::Request;
use axum::http::header;

use super::logged_address::LoggedAddress;
use super::media_type::Media;
use super::operation::Operation;
use crate::app::BusinessClock;
use crate::app::caller::{CallOutcome, Caller};
use crate::domain::calls::{LoggedRequest, SentBody};
use crate::domain::key::KeyId;
use crate::ids::{ApplicationId, OrganiserId, RequestId};

/// The operations that read the log. Their calls are not in it: a reader who waits for the next call would wait for itself.
const UNLOGGED: [&str; 2] = ["listRequests", "getRequest"];

/// A call that is being answered.
#[derive(Debug)]
pub(crate) struct LoggedCall {
    organiser: OrganiserId,
    application: ApplicationId,
    key: KeyId,
    clock: BusinessClock,
    outcome: CallOutcome,
    address: LoggedAddress,
    media: Option<&'static str>,
    body_bytes: Option<u64>,
    /// Whether its body is logged: where bodies are, and it is JSON.
    logs_body: bool,
    body: Option<SentBody>,
}

/// How a call ended.
pub(super) struct CallEnd {
    /// The identifier of the answer.
    pub(super) trace: RequestId,
    pub(super) method: &'static str,
    /// `None` where the path has no such method.
    pub(super) operation: Option<&'static str>,
    pub(super) status: u16,
    pub(super) problem: Option<String>,
    pub(super) duration_ms: f64,
}

impl LoggedCall {
    /// The call of a key at the path with this template; `None` of a person, and of what is not logged.
    pub(super) fn begin(
        caller: &Caller,
        template: &str,
        operation: Option<&Operation>,
        (request, logs_bodies): (&Request, bool),
    ) -> Option<Self> {
        let shown = caller.verified_key()?;
        if operation.is_some_and(|operation| UNLOGGED.contains(&operation.id)) {
            return None;
        }
        let media = operation.and_then(|operation| media(operation.consumes, request));
        let names = operation.map_or(&[][..], |operation| operation.query);
        Some(Self {
            organiser: caller.organiser,
            application: shown.application,
            key: shown.key,
            clock: caller.clock.clone(),
            outcome: caller.outcome.clone(),
            address: LoggedAddress::new(template, request.uri(), names),
            media,
            body_bytes: request.body().size_hint().exact(),
            logs_body: logs_bodies && media.is_some_and(|media| media.ends_with("json")),
            body: None,
        })
    }

    /// Takes the body, where it is to be logged.
    pub(super) fn body(&mut self, bytes: &[u8]) {
        self.body = self.logs_body.then(|| SentBody::of(bytes));
    }

    /// The call as it is logged, and its body.
    pub(super) fn end(self, end: CallEnd) -> (LoggedRequest, Option<SentBody>) {
        // More than a second does not matter to the millisecond, and no answer takes weeks.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded duration")]
        let millis = end.duration_ms.round() as u32;
        let request = LoggedRequest {
            id: end.trace,
            organiser: self.organiser,
            at: self.clock.now(),
            application: self.application,
            key: self.key,
            creche: self.address.creche,
            operation: end.operation.map(str::to_owned),
            method: end.method.to_owned(),
            path: self.address.path,
            status: end.status,
            problem: end.problem,
            verdict: self.outcome.verdict(),
            millis,
            media: self.media.map(str::to_owned),
            body_bytes: self.body_bytes,
            body: None,
        };
        (request, self.body)
    }
}

/// The media type of the body, where it is one that the operation takes.
fn media(accepted: &'static [Media], request: &Request) -> Option<&'static str> {
    let sent = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let name = sent.split(';').next().unwrap_or_default().trim();
    accepted.iter().map(|media| media.mime()).find(|mime| mime.eq_ignore_ascii_case(name))
}
