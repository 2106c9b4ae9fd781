//! Payments of subsidies: recorded and cancelled by agents of the agency, read by the organiser.

mod agency;
mod import;
mod list;
mod overview;
mod payment_pdf;
mod record;
mod sent_payments;
mod validation;
mod view;

use super::App;
use super::error::{InternalError, fault_conversions};
use super::record::Record;
use crate::domain::actor::Actor;
use crate::domain::event::EventType;
use crate::domain::finding::Findings;
use crate::domain::period::{Period, Quarter};
use crate::domain::raw::Raw as _;
use crate::domain::subsidy::{MAX_REASON, PaymentReference, reference_key};
use crate::ids::{CrecheId, OrganiserId, SubsidyPaymentId};
use crate::seal::{Compressed, SealContext};
use crate::store::subsidies::CancellationRecord;
pub use crate::store::subsidies::PaymentRecord;
use crate::store::{self, WritePurpose};

pub use self::agency::{AgencyPayment, AgencyPaymentPage, AgencyPaymentQuery, MOST_PAYMENTS, open, payment_page};
pub use self::import::{MAX_FILE, import, template_csv, template_xlsx};
pub use self::list::{PaymentPage, PaymentQuery, find, list};
pub use self::overview::{PaidQuarter, overview};
pub use self::payment_pdf::{payment_pdf, payment_pdf_for_agency};
pub use self::record::{RecordedPayments, record};
pub use self::sent_payments::{cancel_as_sent, record_as_sent};
pub use self::view::PaymentView;

/// Why payments were not recorded, or one was not cancelled.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// Rules are broken: each finding is at its payment, `/lines/0/amount` for the amount of the first.
    #[error("{} finding(s) on the payments", .0.iter().count())]
    Invalid(Findings),
    /// There is no such payment.
    #[error("no such payment")]
    Unknown,
    /// It is cancelled already.
    #[error("the payment is cancelled already")]
    Cancelled,
    /// A cancellation needs a reason.
    #[error("a reason is needed")]
    ReasonMissing,
    /// The reason is longer than [`MAX_REASON`].
    #[error("the reason is too long")]
    ReasonTooLong,
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(PaymentError);

/// The payment with this reference that is not cancelled, whatever its case, spaces and hyphens.
pub async fn find_by_reference(
    app: &App,
    reference: &str,
) -> Result<Option<(OrganiserId, SubsidyPaymentId)>, InternalError> {
    let Some(reference) = PaymentReference::from_text(reference.trim()) else { return Ok(None) };
    let found = store::subsidies::list_by_reference(&mut app.db.read().await?, &reference.0).await?;
    let key = reference_key(&reference.0);
    let found = found.into_iter().find(|one| reference_key(&one.payment.reference) == key);
    Ok(found.map(|found| (found.organiser, found.id)))
}

/// Cancels a payment that was recorded by mistake.
pub async fn cancel(
    app: &App,
    author: &Actor,
    (organiser, id): (OrganiserId, SubsidyPaymentId),
    reason: &str,
) -> Result<(), PaymentError> {
    // Browsers send two characters for the end of a line that counts as one.
    let reason = reason.replace("\r\n", "\n");
    match reason.trim().chars().count() {
        0 => return Err(PaymentError::ReasonMissing),
        count if count > MAX_REASON => return Err(PaymentError::ReasonTooLong),
        _ => {}
    }
    let found = store::subsidies::find(&mut app.db.read().await?, organiser, id).await?.ok_or(PaymentError::Unknown)?;
    let data_key = app.vault.organiser_key(&app.db, organiser).await?;
    let reason = data_key.seal(&reason_context(organiser, id), Compressed::new(reason.trim().as_bytes()));
    let mut work = app.begin_as(organiser, author, WritePurpose::Content).await?;
    let new = CancellationRecord { at: work.at(), by: author.clone(), reason };
    if !store::subsidies::cancel(&mut work, (organiser, id), &new).await? {
        return Err(PaymentError::Cancelled);
    }
    let record = about(EventType::SubsidyPaymentCancelled, &found);
    work.record(&record.clone().unannounced());
    work.announce(&record.about(id));
    Ok(work.commit().await?)
}

/// The record of an action on a payment, with its crèche and quarter.
fn about(action: EventType, payment: &PaymentRecord) -> Record {
    Record::of(action).creche(payment.creche).period(Period::Quarter(payment.payment.quarter))
}

/// The payments of a claim's quarter, for the agents who read the claim.
pub async fn of_claim(
    app: &App,
    (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter),
) -> Result<Vec<PaymentRecord>, InternalError> {
    let since = quarter.months()[0];
    let found = store::subsidies::list_since(&mut app.db.read().await?, organiser, since).await?;
    Ok(found.into_iter().filter(|one| one.creche == creche && one.payment.quarter == quarter).collect())
}

fn reason_context(organiser: OrganiserId, id: SubsidyPaymentId) -> SealContext {
    SealContext::of("payment cancellation", &[&organiser.to_string(), &id.to_string()])
}
