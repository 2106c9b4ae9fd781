//! Payments that are sent as a document: what it lacks is named at its place.

use super::{PaymentError, RecordedPayments, cancel, record};
use crate::app::error::InternalError;
use crate::app::{App, SubmittedDocument};
use crate::domain::actor::Actor;
use crate::domain::finding::{Finding, Findings};
use crate::domain::raw::Paragraph;
use crate::domain::subsidy::{MAX_PAYMENTS, RawCancellation, RawPayments};
use crate::ids::{OrganiserId, SubsidyPaymentId};
use crate::ingest::schema::{SUBSIDY_PAYMENT_CANCELLATION, SUBSIDY_PAYMENTS};

/// Validates the payments of a JSON document and records all of them, or none; a dry run records none.
///
/// # Errors
/// `Invalid` with the findings of the schema and of the rules, each at its place in the document.
pub async fn record_as_sent(
    app: &App,
    author: &Actor,
    document: Vec<u8>,
    dry_run: bool,
) -> Result<RecordedPayments, PaymentError> {
    let read = move || SubmittedDocument::<RawPayments>::Json(&document).read(SUBSIDY_PAYMENTS);
    let (raw, shape) = tokio::task::spawn_blocking(read).await.map_err(InternalError::from)?;
    let payments = raw.map(RawPayments::into_payments).unwrap_or_default();
    // Without a list of the right length there is nothing to apply the rules to.
    if shape.has_errors() && !(1..=MAX_PAYMENTS).contains(&payments.len()) {
        return Err(PaymentError::Invalid(shape.folded()));
    }
    match record(app, author, &payments, dry_run || shape.has_errors()).await {
        Ok(recorded) => {
            let findings = joined(shape, RawPayments::locate(recorded.warnings)).folded();
            if findings.has_errors() {
                return Err(PaymentError::Invalid(findings));
            }
            Ok(RecordedPayments { warnings: findings, ..recorded })
        }
        Err(PaymentError::Invalid(found)) => {
            Err(PaymentError::Invalid(joined(shape, RawPayments::locate(found)).folded()))
        }
        Err(refusal) => Err(refusal),
    }
}

/// The findings of the schema, and those of the rules but where the schema has one: at the same field, at its payment, or inside it.
fn joined(mut shape: Findings, found: Findings) -> Findings {
    let places: Vec<_> = shape.iter().flat_map(|finding| &finding.places).map(|place| place.pointer.clone()).collect();
    let is_known = |finding: &Finding| {
        let of = finding.place().pointer.as_str();
        places
            .iter()
            .any(|place| of == place || of.strip_prefix(place.as_str()).is_some_and(|rest| rest.starts_with('/')))
    };
    shape.extend(found.into_iter().filter(|finding| !is_known(finding)).collect());
    shape
}

/// Cancels a payment for the reason of a JSON document.
///
/// # Errors
/// Those of [`cancel`], and `Invalid` for what is wrong in the document.
pub async fn cancel_as_sent(
    app: &App,
    author: &Actor,
    key: (OrganiserId, SubsidyPaymentId),
    sent: SubmittedDocument<'_, RawCancellation>,
) -> Result<(), PaymentError> {
    let (raw, findings) = sent.read(SUBSIDY_PAYMENT_CANCELLATION);
    let reason = raw.filter(|_| !findings.has_errors()).and_then(|raw| raw.reason.take());
    let Some(Paragraph(reason)) = reason else { return Err(PaymentError::Invalid(findings.folded())) };
    cancel(app, author, key, &reason).await
}
