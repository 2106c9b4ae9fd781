//! Recording payments: one, or many at once, of any organisers.

use super::validation::{ValidPayments, validate};
use super::{PaymentError, PaymentView, about};
use crate::app::App;
use crate::app::agents::AuthorNames;
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::domain::actor::Actor;
use crate::domain::event::EventType;
use crate::domain::finding::Findings;
use crate::domain::subsidy::{NewPayment, RawPayment};
use crate::ids::{OrganiserId, SubsidyPaymentId};
use crate::store::subsidies::{NumberedCreche, PaymentRecord};
use crate::store::{self, WritePurpose};

/// How often payments are validated again because others were recorded meanwhile.
const ATTEMPTS: usize = 3;

/// Payments without errors.
#[derive(Debug)]
pub struct RecordedPayments {
    /// Those that are recorded, or that would be, in the order in which they were sent.
    pub payments: Vec<PaymentView>,
    /// What should be checked.
    pub warnings: Findings,
}

/// Validates payments and records all of them, or none: in the order in which they are sent. A dry run records none.
///
/// # Errors
/// `Invalid` with every finding when a single one breaks a rule; the rules are those of `domain/rules/payment.rs`.
pub async fn record(
    app: &App,
    author: &Actor,
    sent: &[RawPayment],
    dry_run: bool,
) -> Result<RecordedPayments, PaymentError> {
    let name = AuthorNames::read(&mut app.db.read_once().await?).await?.of(author);
    for _ in 0..ATTEMPTS {
        let ValidPayments { payments: valid, warnings } = validate(app, sent).await?;
        let records = if dry_run { Some(records(app, author, &valid)) } else { write(app, author, &valid).await? };
        if let Some(records) = records {
            return Ok(RecordedPayments { payments: views(records, &valid, &name), warnings });
        }
    }
    Err(store::Error::Changed.into())
}

/// A payment that keeps the rules, with its crèche.
type ValidPayment = (NumberedCreche, NewPayment);

/// The payments with their names; `author` is that of who records them.
fn views(records: Vec<PaymentRecord>, valid: &[ValidPayment], author: &str) -> Vec<PaymentView> {
    let view = |(record, (creche, _)): (PaymentRecord, &ValidPayment)| PaymentView {
        record,
        creche: creche.name.clone(),
        one_number: creche.one_number.clone(),
        recorded_by: author.to_owned(),
        cancelled_by: None,
        reason: None,
    };
    records.into_iter().zip(valid).map(view).collect()
}

/// The payments as they are recorded now: their ids are in the order in which they are sent.
fn records(app: &App, author: &Actor, valid: &[ValidPayment]) -> Vec<PaymentRecord> {
    let mut ids: Vec<_> = valid.iter().map(|_| SubsidyPaymentId::new(app.clocks.machine())).collect();
    ids.sort_unstable();
    let record = |(id, (creche, new)): (SubsidyPaymentId, &ValidPayment)| PaymentRecord {
        id,
        organiser: creche.organiser,
        creche: creche.id,
        payment: new.clone(),
        recorded_at: app.clocks.business_clock(creche.organiser).now(),
        recorded_by: author.clone(),
        cancelled: None,
    };
    ids.into_iter().zip(valid).map(record).collect()
}

/// Records the payments in one transaction; `None` when the reference of one was recorded meanwhile.
async fn write(app: &App, author: &Actor, valid: &[ValidPayment]) -> Result<Option<Vec<PaymentRecord>>, PaymentError> {
    let mut organisers: Vec<_> = valid.iter().map(|(creche, _)| creche.organiser).collect();
    organisers.sort_unstable();
    organisers.dedup();
    let Some((first, others)) = organisers.split_first() else { return Ok(Some(Vec::new())) };
    let mut work = app.begin_as(*first, author, WritePurpose::Content).await?;
    for other in others {
        store::organisers::lock(&mut work, *other).await?;
    }
    let new = records(app, author, valid);
    if !store::subsidies::insert_all(&mut work, &new).await? {
        return Ok(None);
    }
    for organiser in organisers {
        announce(&mut work, organiser, &new);
    }
    work.commit().await?;
    Ok(Some(new))
}

/// One audit entry for the payments of an organiser, and an event for each.
fn announce(work: &mut UnitOfWork<'_>, organiser: OrganiserId, new: &[PaymentRecord]) {
    let own: Vec<_> = new.iter().filter(|payment| payment.organiser == organiser).collect();
    let entry = match own[..] {
        [only] => about(EventType::SubsidyPaymentRecorded, only),
        _ => Record::of(EventType::SubsidyPaymentRecorded).detail(format!("import: {} payments", own.len())),
    };
    work.record_for(organiser, &entry.unannounced());
    for payment in own {
        work.announce_for(organiser, &about(EventType::SubsidyPaymentRecorded, payment).about(payment.id));
    }
}
