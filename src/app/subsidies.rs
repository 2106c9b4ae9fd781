//! Payments of subsidies: recorded and cancelled by agents of the agency, read by the organiser.

mod import;
mod list;
mod overview;
mod payment_pdf;
mod record;

use super::App;
use super::error::{InternalError, fault_conversions};
use super::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::event::EventType;
use crate::domain::finding::Findings;
use crate::domain::period::{Period, Quarter};
use crate::domain::raw::Raw as _;
use crate::domain::subsidy::{MAX_REASON, PaymentReference};
use crate::ids::{CrecheId, OrganiserId, SubsidyPaymentId};
use crate::seal::{Compressed, DataKey, SealContext};
use crate::store::subsidies::CancellationRecord;
pub use crate::store::subsidies::PaymentRecord;
use crate::store::{self, WritePurpose};

pub use self::import::{ImportedPayments, MAX_FILE, import, template_csv, template_xlsx};
pub use self::list::{PaymentPage, PaymentQuery, find, list};
pub use self::overview::{PaidQuarter, overview};
pub use self::payment_pdf::payment_pdf;
pub use self::record::record;

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

/// A payment with the name of its crèche and the reason of its cancellation.
#[derive(Debug, Clone)]
pub struct PaymentView {
    /// As it is stored.
    pub record: PaymentRecord,
    /// The crèche's name.
    pub creche: String,
    /// Its ONE number.
    pub one_number: String,
    /// Why it was cancelled.
    pub reason: Option<String>,
}

/// The payment with this reference that is not cancelled.
pub async fn find_by_reference(
    app: &App,
    reference: &str,
) -> Result<Option<(OrganiserId, SubsidyPaymentId)>, InternalError> {
    let Some(reference) = PaymentReference::from_text(reference.trim()) else { return Ok(None) };
    let found = store::subsidies::find_by_reference(&mut app.db.read().await?, &reference.0).await?;
    Ok(found.map(|found| (found.organiser, found.id)))
}

/// Reads a payment for an agent: recorded in the history of its organiser.
pub async fn open(
    app: &App,
    matricule: &str,
    key: (OrganiserId, SubsidyPaymentId),
) -> Result<PaymentView, PaymentError> {
    let found = view_of(app, key).await?.ok_or(PaymentError::Unknown)?;
    app.record_access(key.0, &Actor::agent(matricule), &read_record(&found.record)).await?;
    Ok(found)
}

/// The record that a payment was read.
fn read_record(payment: &PaymentRecord) -> Record {
    let read = Record::of(RecordedAction::SubsidyPaymentsRead).creche(payment.creche);
    read.period(Period::Quarter(payment.payment.quarter))
}

/// A payment of an organiser; nothing is recorded.
async fn view_of(
    app: &App,
    (organiser, id): (OrganiserId, SubsidyPaymentId),
) -> Result<Option<PaymentView>, InternalError> {
    let data_key = app.vault.organiser_key(&app.db, organiser).await?;
    let mut tx = app.db.read().await?;
    let Some(record) = store::subsidies::find(&mut tx, organiser, id).await? else { return Ok(None) };
    let creche = store::creches::find(&mut tx, organiser, record.creche).await?.ok_or(store::Error::Rows(0))?;
    drop(tx);
    Ok(Some(view(&data_key, record, (creche.name, creche.one_number))?))
}

/// Cancels a payment that was recorded by mistake.
pub async fn cancel(
    app: &App,
    matricule: &str,
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
    let mut work = app.begin_as(organiser, &Actor::agent(matricule), WritePurpose::Content).await?;
    let new = CancellationRecord { at: work.at(), by: matricule.to_owned(), reason };
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

fn view(
    data_key: &DataKey,
    record: PaymentRecord,
    (creche, one_number): (String, String),
) -> Result<PaymentView, InternalError> {
    let open = |cancelled: &CancellationRecord| {
        let text = data_key.open(&reason_context(record.organiser, record.id), &cancelled.reason)?;
        Ok::<_, InternalError>(String::from_utf8_lossy(&text).into_owned())
    };
    let reason = record.cancelled.as_ref().map(open).transpose()?;
    Ok(PaymentView { record, creche, one_number, reason })
}

fn reason_context(organiser: OrganiserId, id: SubsidyPaymentId) -> SealContext {
    SealContext::of("payment cancellation", &[&organiser.to_string(), &id.to_string()])
}
