//! One attempt to deliver: sent, its result evaluated and stored.

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

use super::signed_request::SigningEndpoint;
use crate::app::App;
use crate::app::error::InternalError;
use crate::app::webhook_transport::{CallError, OutboundResponse, SendResult};
use crate::domain::event::Event;
use crate::domain::webhook::{DeliveryFailure, DeliveryProgress, NextStep, mask_answer, next_step};
use crate::ids::{OrganiserId, WebhookEndpointId};
use crate::random;
use crate::store::webhooks::{AttemptOutcome, AttemptRecord};
use crate::store::{self, Tx};

/// A finished attempt.
#[derive(Debug, Clone)]
pub(super) struct AttemptResult {
    /// What is stored of it.
    pub(super) outcome: AttemptOutcome,
    /// The end of the endpoint's `Retry-After`.
    pub(super) held_until: Option<Timestamp>,
}

/// Sends an event to an endpoint, in attempt number `tries` (from 1).
pub(super) async fn send_attempt(
    app: &App,
    root: &str,
    addressee: &SigningEndpoint,
    (number, event): (u64, &Event),
    tries: u32,
) -> Result<AttemptResult, InternalError> {
    let at = app.clocks.machine().now();
    let sent = match addressee.signed_request(root, number, event, app.clocks.machine().now())? {
        Some(outgoing) => app.webhook_transport.send(outgoing).await,
        None => {
            SendResult { took: std::time::Duration::ZERO, answer: Err(CallError::Failed(DeliveryFailure::Unreachable)) }
        }
    };
    tell_forbidden(addressee, &sent);
    Ok(attempt_outcome(app.clocks.machine().now(), at, event, tries, &sent))
}

/// Logs an address that the guard refused, for the operator; the organiser only gets that it cannot be reached.
pub(super) fn tell_forbidden(addressee: &SigningEndpoint, sent: &SendResult) {
    if matches!(sent.answer, Err(CallError::Forbidden)) {
        let (organiser, endpoint) = (addressee.organiser, addressee.endpoint.stored.id);
        tracing::warn!(%organiser, %endpoint, "a webhook was not sent: its address lies inside or at a forbidden port");
    }
}

/// The result, and the next step for the delivery.
fn attempt_outcome(now: Timestamp, at: Timestamp, event: &Event, tries: u32, sent: &SendResult) -> AttemptResult {
    let attempt = attempt(at, sent);
    let asked = sent.answer.as_ref().ok().and_then(|reply| retry_after(reply, now));
    let [dice] = random::bytes();
    let (progress, due_at) = match next_step(attempt.failure, tries, asked, dice) {
        NextStep::Done => (DeliveryProgress::Delivered, None),
        NextStep::Again(wait) => (DeliveryProgress::Waiting, now.checked_add(wait).ok()),
        NextStep::GiveUp => (DeliveryProgress::Failed, None),
    };
    // 429 or 503: `Retry-After` applies to the whole endpoint.
    let busy = matches!(attempt.status, Some(429 | 503));
    let held_until = asked.filter(|_| busy).and(due_at);
    AttemptResult { outcome: AttemptOutcome { event: event.id, progress, due_at, attempt }, held_until }
}

/// What is stored of an attempt that began then.
pub(super) fn attempt(at: Timestamp, sent: &SendResult) -> AttemptRecord {
    let millis = u64::try_from(sent.took.as_millis()).unwrap_or(u64::MAX);
    let answer = sent.answer.as_ref().ok();
    let failure = match &sent.answer {
        Err(error) => Some(error.failure()),
        Ok(reply) => failure_of(reply.status),
    };
    let body = answer.map(|reply| mask_answer(&reply.body)).filter(|text| !text.is_empty());
    AttemptRecord { at, millis, status: answer.map(|reply| reply.status), failure, answer: body }
}

const fn failure_of(status: u16) -> Option<DeliveryFailure> {
    match status {
        200..=299 => None,
        300..=399 => Some(DeliveryFailure::Redirect),
        410 => Some(DeliveryFailure::Gone),
        _ => Some(DeliveryFailure::Status),
    }
}

/// `Retry-After`: in seconds, or as a date (RFC 9110 §10.2.3).
fn retry_after(reply: &OutboundResponse, now: Timestamp) -> Option<SignedDuration> {
    let text = reply.retry_after.as_deref()?.trim();
    let seconds = text.parse::<u32>().ok().map(|seconds| SignedDuration::from_secs(seconds.into()));
    let until = || DateTimeParser::new().parse_timestamp(text).ok().map(|until| until.duration_since(now));
    seconds.or_else(until).filter(jiff::SignedDuration::is_positive)
}

/// Stores an attempt in a transaction of its organiser. Returns since when no delivery has succeeded, where that is so.
pub(super) async fn store_attempt(
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
    made: &AttemptResult,
    was_failing: bool,
) -> Result<Option<Timestamp>, store::Error> {
    let attempt = &made.outcome.attempt;
    // The endpoint first, then the delivery: the same lock order everywhere.
    let failing_since = match attempt.failure {
        Some(_) => store::webhooks::record_failure(tx, organiser, endpoint, attempt.at, made.held_until).await?,
        None if was_failing => store::webhooks::record_success(tx, organiser, endpoint).await.map(|()| None)?,
        None => None,
    };
    store::webhooks::record(tx, organiser, endpoint, &made.outcome).await?;
    Ok(failing_since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_asks_for_seconds_or_for_a_date() {
        let now: Timestamp = "2026-10-12T07:00:00Z".parse().unwrap();
        let asks = |text: &str| {
            retry_after(&OutboundResponse { retry_after: Some(text.to_owned()), ..OutboundResponse::default() }, now)
        };
        assert_eq!(asks("120"), Some(SignedDuration::from_secs(120)));
        assert_eq!(asks("Mon, 12 Oct 2026 07:02:00 GMT"), Some(SignedDuration::from_secs(120)));
        assert_eq!([asks("Mon, 12 Oct 2026 06:00:00 GMT"), asks("soon"), asks("-5"), asks("")], [None; 4]);
    }
}
