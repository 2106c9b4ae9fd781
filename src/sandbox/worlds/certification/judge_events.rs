//! The judgement of the steps with webhooks: endpoints, attempts to deliver, and the events that the software has handled.

use serde_json::{Value, json};

use super::catalogue::Expectation;
use super::failure::{Failure, FailureReason};
use super::seen::Seen;
use super::stage::StageError;

/// Why the step was not passed; `None` where it was.
pub(super) async fn judge(seen: &Seen<'_>, expected: Expectation) -> Result<Option<Failure>, StageError> {
    let before = seen.run.facts.endpoints;
    let failure = match expected {
        Expectation::OneEndpoint => endpoints(seen, before + 1).await?,
        Expectation::SameEndpoint => endpoints(seen, before).await?,
        Expectation::Handled => handled(seen).await?,
        Expectation::HandledAndRefused => match accepted_forgery(seen).await? {
            None => handled(seen).await?,
            forged => forged,
        },
        Expectation::HandledAndResumed => match handled(seen).await? {
            None => resumed(seen).await?,
            missing => missing,
        },
        _ => None,
    };
    Ok(failure)
}

/// There are as many endpoints as there should be, and the latest is active.
async fn endpoints(seen: &Seen<'_>, right: usize) -> Result<Option<Failure>, StageError> {
    let found = seen.stage.endpoints().await?;
    let is_active = found.last().is_some_and(|endpoint| endpoint["state"] == "active");
    Ok(match found.len() {
        count if count > right => Some(Failure::of(FailureReason::EndpointsTooMany).with(right, count)),
        count if count < right || !is_active => Some(Failure::of(FailureReason::NoEndpoint)),
        _ => None,
    })
}

/// Every event since the software began to receive was handled once, in the order of the feed.
async fn handled(seen: &Seen<'_>) -> Result<Option<Failure>, StageError> {
    let since = seen.run.receiving_since;
    let right = seen.stage.events(since).await?;
    let told: Vec<u64> = seen.report.events.iter().copied().filter(|number| *number > since).collect();
    let fault = |reason| Some(Failure::of(reason).with(json!(right), json!(told)));
    Ok(if right.iter().any(|number| !told.contains(number)) {
        fault(FailureReason::EventMissing)
    } else if told.len() > right.len() {
        fault(FailureReason::EventTwice)
    } else if told != right {
        fault(FailureReason::EventsOutOfOrder)
    } else {
        None
    })
}

/// The first message, which nobody's key has signed, was accepted by the receiver.
async fn accepted_forgery(seen: &Seen<'_>) -> Result<Option<Failure>, StageError> {
    let endpoints = seen.stage.endpoints().await?;
    let id = endpoints.last().and_then(|endpoint| endpoint["id"].as_str()).unwrap_or_default();
    let Some(event) = seen.stage.events(seen.run.facts.events).await?.first().copied() else { return Ok(None) };
    let first = seen.stage.attempts(id, event).await?.first().copied().flatten();
    let accepted = first.filter(|status| (200..300).contains(status));
    Ok(accepted.map(|status| Failure::of(FailureReason::ForgedAccepted).with(json!("401"), status)))
}

/// The feed was read, from where it had been read to before.
async fn resumed(seen: &Seen<'_>) -> Result<Option<Failure>, StageError> {
    let calls = seen.stage.calls(seen.run.receiving_calls).await?;
    let reads: Vec<_> = calls.iter().filter(|call| call.text("operationId") == "listEvents").collect();
    let begins_anew = |path: &str| !path.contains("after=") || path.contains("after=0&") || path.ends_with("after=0");
    Ok(if reads.is_empty() {
        Some(Failure::of(FailureReason::FeedNotRead))
    } else if reads.iter().any(|call| begins_anew(call.text("path"))) {
        Some(Failure { found: Some(Box::new(Value::from("after=0"))), ..Failure::of(FailureReason::FeedFromBeginning) })
    } else {
        None
    })
}
