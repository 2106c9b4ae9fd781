//! A payment as it is read: with names, and with the reason of its cancellation.

use super::{CancellationRecord, PaymentRecord, reason_context};
use crate::app::App;
use crate::app::agents::AuthorNames;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::domain::action::RecordedAction;
use crate::domain::actor::ActorKind;
use crate::domain::period::Period;
use crate::ids::{OrganiserId, SubsidyPaymentId};
use crate::seal::DataKey;
use crate::store;

/// A payment with the names of its crèche and of its authors, and the reason of its cancellation.
#[derive(Debug, Clone)]
pub struct PaymentView {
    /// As it is stored.
    pub record: PaymentRecord,
    /// The crèche's name.
    pub creche: String,
    /// Its ONE number.
    pub one_number: String,
    /// Who recorded it: the matricule of the agent, or the name of the key of the agency's software.
    pub recorded_by: String,
    /// Who cancelled it, likewise.
    pub cancelled_by: Option<String>,
    /// Why it was cancelled.
    pub reason: Option<String>,
}

impl PaymentView {
    /// The name of the agency's software that recorded it; none where an agent did: which one is the agency's own.
    pub fn recording_software(&self) -> Option<&str> {
        (self.record.recorded_by.kind == ActorKind::AgencyKey).then_some(self.recorded_by.as_str())
    }
}

/// The payment with its names; `data_key` is that of its organiser.
pub(super) fn view(
    data_key: &DataKey,
    record: PaymentRecord,
    (creche, one_number): (String, String),
    authors: &AuthorNames,
) -> Result<PaymentView, InternalError> {
    let open = |cancelled: &CancellationRecord| {
        let text = data_key.open(&reason_context(record.organiser, record.id), &cancelled.reason)?;
        Ok::<_, InternalError>(String::from_utf8_lossy(&text).into_owned())
    };
    let reason = record.cancelled.as_ref().map(open).transpose()?;
    let recorded_by = authors.of(&record.recorded_by);
    let cancelled_by = record.cancelled.as_ref().map(|cancelled| authors.of(&cancelled.by));
    Ok(PaymentView { record, creche, one_number, recorded_by, cancelled_by, reason })
}

/// A payment of an organiser; nothing is recorded.
pub(super) async fn view_of(
    app: &App,
    (organiser, id): (OrganiserId, SubsidyPaymentId),
) -> Result<Option<PaymentView>, InternalError> {
    let mut tx = app.db.read().await?;
    let Some(record) = store::subsidies::find(&mut tx, organiser, id).await? else { return Ok(None) };
    let creche = store::creches::find(&mut tx, organiser, record.creche).await?.ok_or(store::Error::Rows(0))?;
    let authors = AuthorNames::read(&mut tx).await?;
    drop(tx);
    // Not before there is a payment: a key is made where there is none.
    let data_key = app.vault.organiser_key(&app.db, organiser).await?;
    Ok(Some(view(&data_key, record, (creche.name, creche.one_number), &authors)?))
}

/// The record that a payment was read.
pub(super) fn read_record(payment: &PaymentRecord) -> Record {
    let read = Record::of(RecordedAction::SubsidyPaymentsRead).creche(payment.creche);
    read.period(Period::Quarter(payment.payment.quarter))
}
