//! Verifying an endpoint, and sending it tests of any type of event.

use jiff::SignedDuration;

use super::attempt::{AttemptResult, attempt, send_attempt, tell_forbidden};
use super::deliveries::{DeliveryDetails, find_delivery};
use super::host_rate::take_now;
use super::signed_request::SigningEndpoint;
use super::{Endpoint, WebhookError, begin, find_endpoint, secrets};
use crate::app::caller::Caller;
use crate::app::record::Record;
use crate::app::{App, SubmittedDocument};
use crate::domain::action::RecordedAction;
use crate::domain::codes::codes;
use crate::domain::event::{Event, EventType};
use crate::domain::raw::record as fields;
use crate::domain::statement::StatementKind;
use crate::domain::webhook::{DeliveryFailure, EndpointState, MAX_CONSENTED_PER_MINUTE, MOST_TESTS};
use crate::ids::{EventId, WebhookEndpointId};
use crate::ingest::schema::{WEBHOOK_TEST, WEBHOOK_VERIFICATION};
use crate::store::webhooks::AttemptRecord;
use crate::store::{self, Tx};

/// The window in which tests are counted.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// The window in which messages to a host are counted.
const HOUR_SECONDS: i64 = 3600;

codes! {
    /// How an endpoint is verified.
    pub enum VerificationMethod {
        /// It answers a signed test with 2xx.
        Test "test";
        /// It consents in the response to `OPTIONS` (CloudEvents, HTTP webhook handshake).
        Handshake "handshake";
    }
}

fields! {
    /// The input for a verification.
    pub struct RawVerification {
        /// How.
        optional how "method": VerificationMethod,
    }
}

fields! {
    /// Which test is to be sent.
    pub struct RawTestRequest {
        /// The type of event.
        required kind "type": EventType,
    }
}

/// A verification.
#[derive(Debug)]
pub struct VerificationOutcome {
    /// The endpoint as it is after it.
    pub endpoint: Endpoint,
    /// The attempt.
    pub attempt: AttemptRecord,
}

/// Verifies an endpoint, which is in use when it shows that it takes what is sent.
pub async fn verify_endpoint(
    app: &App,
    caller: &Caller,
    root: &str,
    id: WebhookEndpointId,
    input: SubmittedDocument<'_, RawVerification>,
) -> Result<VerificationOutcome, WebhookError> {
    let (raw, findings) = input.read(WEBHOOK_VERIFICATION);
    let Some(raw) = raw.filter(|_| !findings.has_errors()) else {
        return Err(WebhookError::Invalid(findings.folded()));
    };
    let addressee = addressee(app, caller, id).await?;
    let (attempt, consent) = match raw.how.take().unwrap_or(VerificationMethod::Test) {
        VerificationMethod::Test => (
            send_and_store_test(app, caller, root, &addressee, EventType::deposit(StatementKind::ALL[0], true))
                .await?
                .1
                .outcome
                .attempt,
            None,
        ),
        VerificationMethod::Handshake => {
            let (attempt, a_minute) = request_consent(app, caller, root, &addressee).await?;
            (attempt, Some(a_minute))
        }
    };
    let mut work = begin(app, caller).await?;
    let mut stored = find_endpoint(&mut work, caller, id).await?;
    if attempt.failure.is_none() && stored.url_version == addressee.endpoint.stored.url_version {
        stored.verified_at = Some(work.at());
        (stored.state, stored.reason, stored.failing_since) = (EndpointState::Active, None, None);
        if let Some(a_minute) = consent {
            stored.rate = a_minute.map_or(stored.rate, |a_minute| (a_minute / 60).clamp(1, stored.rate));
            stored.allowed_rate = a_minute;
        }
        store::webhooks::update(&mut work, caller.organiser, &stored).await?;
        work.record(&Record::of(RecordedAction::WebhookEndpointVerified).about(id));
        work.commit().await?;
    }
    Ok(VerificationOutcome { endpoint: Endpoint { stored, ..addressee.endpoint }, attempt })
}

/// Sends a test of a type of event and returns the attempt. It is in the log of deliveries, and in no feed.
pub async fn send_test(
    app: &App,
    caller: &Caller,
    root: &str,
    id: WebhookEndpointId,
    input: SubmittedDocument<'_, RawTestRequest>,
) -> Result<DeliveryDetails, WebhookError> {
    let (raw, findings) = input.read(WEBHOOK_TEST);
    let kind = raw.and_then(|raw| raw.kind.take()).filter(|_| !findings.has_errors());
    let Some(kind) = kind else { return Err(WebhookError::Invalid(findings.folded())) };
    let addressee = addressee(app, caller, id).await?;
    let (event, _) = send_and_store_test(app, caller, root, &addressee, kind).await?;
    find_delivery(app, caller, id, event).await
}

/// An endpoint within the caller's reach with what sending needs.
async fn addressee(app: &App, caller: &Caller, id: WebhookEndpointId) -> Result<SigningEndpoint, WebhookError> {
    if caller.is_trial() {
        return Err(WebhookError::OnlyTries);
    }
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let mut tx = app.db.read().await?;
    let stored = find_endpoint(&mut tx, caller, id).await?;
    let public_key = secrets::public_key(app, &mut tx, caller.organiser, id).await?;
    let endpoint = Endpoint::open(&key, caller.organiser, stored, public_key)?;
    Ok(SigningEndpoint::of(app, &mut tx, &key, caller.organiser, endpoint).await?)
}

/// Sends a test and stores the attempt.
async fn send_and_store_test(
    app: &App,
    caller: &Caller,
    root: &str,
    addressee: &SigningEndpoint,
    kind: EventType,
) -> Result<(EventId, AttemptResult), WebhookError> {
    let (organiser, id) = (caller.organiser, addressee.endpoint.stored.id);
    let event = Event::sample(EventId::new(app.clocks.machine()), kind, caller.clock.now());
    take_now(app, &addressee.budget)?;
    let mut work = begin(app, caller).await?;
    find_endpoint(&mut work, caller, id).await?;
    count_unverified(app, &mut work, &addressee.endpoint).await?;
    if store::webhooks::count_tests(&mut work, organiser, event.at - MINUTE).await? >= MOST_TESTS {
        return Err(WebhookError::TooOften { seconds: MINUTE.as_secs().unsigned_abs() });
    }
    store::webhooks::insert_test(&mut work, organiser, id, &event).await?;
    work.record(&Record::of(RecordedAction::WebhookEndpointTested).about(id));
    work.commit().await?;
    // A test has one attempt: no retry follows.
    let made = send_attempt(app, root, addressee, (0, &event), u32::MAX).await?;
    let mut work = begin(app, caller).await?;
    store::webhooks::record(&mut work, organiser, id, &made.outcome).await?;
    // That the test was sent is recorded already.
    work.commit_unrecorded().await?;
    Ok((event.id, made))
}

/// How many deliveries a minute a response consents to: a number, or `*` for no limit.
fn consented(rate: &str) -> Option<u32> {
    match rate.trim() {
        "*" => Some(MAX_CONSENTED_PER_MINUTE),
        number => number.parse().ok().filter(|rate| *rate > 0).map(|rate: u32| rate.min(MAX_CONSENTED_PER_MINUTE)),
    }
}

/// Counts a message to the host of an endpoint that is not verified, and refuses it above the limit of the host over
/// all organisers: the receiver has not consented yet.
async fn count_unverified(app: &App, tx: &mut Tx, endpoint: &Endpoint) -> Result<(), WebhookError> {
    let Some(host) = endpoint.stored.host_hash.as_deref().filter(|_| endpoint.stored.verified_at.is_none()) else {
        return Ok(());
    };
    let second = app.clocks.machine().now().as_second();
    let hour = second.div_euclid(HOUR_SECONDS);
    store::webhooks::remove_host_messages_before(tx, hour).await?;
    if store::webhooks::count_host_message(tx, host, hour).await? > app.sending.unverified_host_per_hour {
        let left = HOUR_SECONDS - second.rem_euclid(HOUR_SECONDS);
        return Err(WebhookError::TooOften { seconds: left.unsigned_abs() });
    }
    Ok(())
}

/// Requests an endpoint's consent; returns the response, and the most deliveries a minute that it consents to.
async fn request_consent(
    app: &App,
    caller: &Caller,
    root: &str,
    addressee: &SigningEndpoint,
) -> Result<(AttemptRecord, Option<u32>), WebhookError> {
    take_now(app, &addressee.budget)?;
    let mut work = begin(app, caller).await?;
    count_unverified(app, &mut work, &addressee.endpoint).await?;
    // Only counted: the result of the handshake is recorded.
    work.commit_unrecorded().await?;
    let origin = url::Url::parse(root).ok().and_then(|root| root.host_str().map(str::to_owned)).unwrap_or_default();
    let at = app.clocks.machine().now();
    let Some(question) = addressee.consent_request(&origin) else {
        return Err(WebhookError::NoEndpoint(addressee.endpoint.stored.id));
    };
    let sent = app.webhook_transport.send(question).await;
    tell_forbidden(addressee, &sent);
    let mut attempt = attempt(at, &sent);
    let Ok(reply) = &sent.answer else { return Ok((attempt, None)) };
    // The consent decides, not the status.
    let consents = reply.allowed_origin.as_deref().is_some_and(|allowed| allowed == "*" || allowed == origin);
    attempt.failure = (!consents).then_some(DeliveryFailure::NoConsent);
    Ok((attempt, reply.allowed_rate.as_deref().filter(|_| consents).and_then(consented)))
}
