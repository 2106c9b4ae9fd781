//! The secrets of an endpoint: generated, returned once, stored sealed, and rotated without a moment in which
//! deliveries cannot be verified.

use jiff::{SignedDuration, Timestamp};

use super::sign::{SigningSecret, VerificationKey, verification_key};
use super::{WebhookError, begin, find_endpoint};
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{App, SubmittedDocument};
use crate::domain::action::RecordedAction;
use crate::domain::raw::{Raw, record as fields};
use crate::domain::webhook::Signing;
use crate::ids::{OrganiserId, WebhookEndpointId, WebhookSecretId};
use crate::ingest::schema::WEBHOOK_ROTATION;
use crate::random;
use crate::seal::{Compressed, DataKey, SealContext};
use crate::store::webhooks::SecretRecord;
use crate::store::{self, Tx};

/// How many hours two secrets sign by default.
const OVERLAP: u8 = 24;

fields! {
    /// The input for a rotation.
    pub struct RawRotation {
        /// For how many hours both sign.
        optional overlap "overlapHours": HourCount,
    }
}

/// A number of hours within a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct HourCount(u8);

impl Raw for HourCount {
    fn from_integer(value: u64) -> Option<Self> {
        u8::try_from(value).ok().filter(|hours| *hours <= 168).map(Self)
    }
}

/// A new secret.
pub struct RotatedSecret {
    /// The receiver's verification key from now on.
    pub shown: VerificationKey,
    /// Until when the previous secret signs as well.
    pub former_ends_at: Timestamp,
}

/// Rotates an endpoint's secret; deliveries have the signatures of both until the previous one ends.
pub async fn rotate(
    app: &App,
    caller: &Caller,
    id: WebhookEndpointId,
    input: SubmittedDocument<'_, RawRotation>,
) -> Result<RotatedSecret, WebhookError> {
    let (raw, findings) = input.read(WEBHOOK_ROTATION);
    let Some(raw) = raw.filter(|_| !findings.has_errors()) else {
        return Err(WebhookError::Invalid(findings.folded()));
    };
    let hours = raw.overlap.take().map_or(OVERLAP, |HourCount(hours)| hours);
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let mut work = begin(app, caller).await?;
    let endpoint = find_endpoint(&mut work, caller, id).await?;
    let former_ends_at = work.at() + SignedDuration::from_hours(hours.into());
    store::webhooks::expire_secrets(&mut work, caller.organiser, id, former_ends_at).await?;
    let shown = create_secret(&mut work, &key, caller.organiser, (id, endpoint.signing)).await?;
    work.record(&Record::of(RecordedAction::WebhookEndpointSecretRotated).about(id));
    work.commit().await?;
    Ok(RotatedSecret { shown, former_ends_at })
}

/// Generates a secret for an endpoint and stores it.
pub(super) async fn create_secret(
    work: &mut UnitOfWork<'_>,
    key: &DataKey,
    organiser: OrganiserId,
    (endpoint, signing): (WebhookEndpointId, Signing),
) -> Result<VerificationKey, InternalError> {
    let secret: SigningSecret = random::bytes();
    let shown = verification_key(signing, &secret);
    let id = WebhookSecretId::new(work.machine());
    let row = SecretRecord {
        id,
        sealed: key.seal(&place(organiser, endpoint, id), Compressed::new(&secret)),
        public_key: match &shown {
            VerificationKey::PublicKey(key) => Some(key.clone()),
            VerificationKey::Secret(_) => None,
        },
        created_at: work.at(),
        ends_at: None,
    };
    store::webhooks::insert_secret(work, organiser, endpoint, &row).await?;
    Ok(shown)
}

/// The secrets that sign deliveries now, the current one first.
pub(super) async fn current_secrets(
    app: &App,
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
) -> Result<Vec<SigningSecret>, InternalError> {
    let rows =
        store::webhooks::active_secrets(tx, organiser, endpoint, app.clocks.business_clock(organiser).now()).await?;
    let open = |row: SecretRecord| {
        let secret = key.open(&place(organiser, endpoint, row.id), &row.sealed)?;
        let corrupt = store::Error::Corrupt { table: "webhook_secret", column: "sealed", id: row.id.to_string() };
        SigningSecret::try_from(secret.as_slice()).map_err(|_| corrupt.into())
    };
    rows.into_iter().map(open).collect()
}

/// The public key that verifies present deliveries, where there is one.
pub(super) async fn public_key(
    app: &App,
    tx: &mut Tx,
    organiser: OrganiserId,
    endpoint: WebhookEndpointId,
) -> Result<Option<String>, InternalError> {
    let rows =
        store::webhooks::active_secrets(tx, organiser, endpoint, app.clocks.business_clock(organiser).now()).await?;
    Ok(rows.into_iter().next().and_then(|row| row.public_key))
}

fn place(organiser: OrganiserId, endpoint: WebhookEndpointId, id: WebhookSecretId) -> SealContext {
    SealContext::of("webhook secret", &[&organiser.to_string(), &endpoint.to_string(), &id.to_string()])
}
