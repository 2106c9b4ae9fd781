//! Payments of subsidies: recorded and cancelled by agents of the agency, read by the organiser.

use std::collections::HashMap;

use super::caller::Caller;
use super::error::{InternalError, fault_conversions};
use super::record::Record;
use super::{App, creches};
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::claim::ClaimState;
use crate::domain::creche::Creche;
use crate::domain::period::{Month, Period, Quarter};
use crate::domain::subsidy::{MAX_REASON, PaymentFault, PaymentFaults, TypedPayment};
use crate::ids::{CrecheId, OrganiserId, SubsidyPaymentId};
use crate::seal::{Compressed, DataKey, SealContext};
use crate::store::subsidies::CancellationRecord;
pub use crate::store::subsidies::PaymentRecord;
use crate::store::{self, WritePurpose};

/// Why a payment was not recorded or cancelled.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// Fields are wrong.
    #[error("the payment has {} fault(s)", .0.len())]
    Invalid(PaymentFaults),
    /// A payment with this reference is recorded already.
    #[error("the reference is that of another payment")]
    Recorded(Box<PaymentView>),
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
    /// Why it was cancelled.
    pub reason: Option<String>,
}

/// Records a payment to the crèche with this ONE number; returns the organiser and the new id.
pub async fn record(
    app: &App,
    matricule: &str,
    one_number: &str,
    typed: &TypedPayment,
) -> Result<(OrganiserId, SubsidyPaymentId), PaymentError> {
    let owners = match one_number.trim() {
        // PostgreSQL takes no text with such a character.
        hidden if hidden.contains('\0') => Vec::new(),
        number => store::subsidies::creches_numbered(&mut app.db.read().await?, number).await?,
    };
    let owner = match owners[..] {
        [owner] => Ok(owner),
        [] => Err(PaymentFault::CrecheUnknown),
        _ => Err(PaymentFault::CrecheAmbiguous),
    };
    let today = match owner {
        Ok((organiser, _)) => app.clocks.business_clock(organiser).today(),
        Err(_) => crate::clock::to_brussels(app.clocks.machine().now()).date(),
    };
    let ((organiser, creche), payment) = match (owner, typed.validate(today)) {
        (Ok(owner), Ok(payment)) => (owner, payment),
        (owner, payment) => {
            let mut faults: PaymentFaults = owner.err().map(|fault| ("creche", fault)).into_iter().collect();
            faults.extend(payment.err().unwrap_or_default());
            return Err(PaymentError::Invalid(faults));
        }
    };
    let mut work = app.begin_as(organiser, &Actor::agent(matricule), WritePurpose::Content).await?;
    let id = SubsidyPaymentId::new(work.machine());
    let (recorded_at, recorded_by) = (work.at(), matricule.to_owned());
    let new = PaymentRecord { id, organiser, creche, payment, recorded_at, recorded_by, cancelled: None };
    if !store::subsidies::insert(&mut work, &new).await? {
        drop(work);
        return Err(already_recorded(app, &new.payment.reference).await?);
    }
    let period = Period::Quarter(new.payment.quarter);
    work.record(&Record::of(RecordedAction::SubsidyPaymentRecorded).creche(creche).period(period));
    work.commit().await?;
    Ok((organiser, id))
}

/// The refusal that names the payment which has the reference.
async fn already_recorded(app: &App, reference: &str) -> Result<PaymentError, InternalError> {
    let tx = &mut app.db.read().await?;
    // Cancelled in between: to be sent once more.
    let Some(record) = store::subsidies::find_by_reference(tx, reference).await? else {
        return Ok(PaymentError::Fault(store::Error::Changed.into()));
    };
    let creche = store::creches::find(tx, record.organiser, record.creche).await?;
    let creche = creche.map(|creche| creche.name).unwrap_or_default();
    Ok(PaymentError::Recorded(Box::new(PaymentView { record, creche, reason: None })))
}

/// The payment with this reference that is not cancelled.
pub async fn find_by_reference(
    app: &App,
    reference: &str,
) -> Result<Option<(OrganiserId, SubsidyPaymentId)>, InternalError> {
    if reference.contains('\0') {
        return Ok(None);
    }
    let found = store::subsidies::find_by_reference(&mut app.db.read().await?, reference.trim()).await?;
    Ok(found.map(|found| (found.organiser, found.id)))
}

/// Reads a payment for an agent: recorded in the history of its organiser.
pub async fn open(
    app: &App,
    matricule: &str,
    (organiser, id): (OrganiserId, SubsidyPaymentId),
) -> Result<PaymentView, PaymentError> {
    let mut tx = app.db.read().await?;
    let record = store::subsidies::find(&mut tx, organiser, id).await?.ok_or(PaymentError::Unknown)?;
    let creche = store::creches::find(&mut tx, organiser, record.creche).await?;
    drop(tx);
    let data_key = app.vault.organiser_key(&app.db, organiser).await?;
    let read = Record::of(RecordedAction::SubsidyPaymentsRead).creche(record.creche);
    let read = read.period(Period::Quarter(record.payment.quarter));
    app.record_access(organiser, &Actor::agent(matricule), &read).await?;
    Ok(view(&data_key, record, creche.map(|creche| creche.name).unwrap_or_default())?)
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
    let record = Record::of(RecordedAction::SubsidyPaymentCancelled).creche(found.creche);
    work.record(&record.period(Period::Quarter(found.payment.quarter)));
    Ok(work.commit().await?)
}

/// What was paid for a quarter of a crèche, and where its claim stands.
#[derive(Debug, Clone)]
pub struct PaidQuarter {
    /// The crèche.
    pub creche: Creche,
    /// The quarter.
    pub quarter: Quarter,
    /// The state of its claim; `None` where none was signed.
    pub claim: Option<ClaimState>,
    /// Its payments, the first first.
    pub payments: Vec<PaymentView>,
}

/// The quarters since a month for which a claim was signed or something was paid, of the caller's crèches or of one of
/// them: the latest first. Reading them is recorded.
pub async fn overview(
    app: &App,
    caller: &Caller,
    (since, only): (Month, Option<CrecheId>),
) -> Result<Vec<PaidQuarter>, InternalError> {
    let data_key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let mut tx = app.db.read().await?;
    let creches = creches::list_within_reach(&mut tx, caller).await?;
    let claims = store::claims::list(&mut tx, caller.organiser).await?;
    let payments = store::subsidies::list_since(&mut tx, caller.organiser, since).await?;
    drop(tx);
    let claims = claims.into_iter().map(|claim| ((claim.key.creche, claim.key.quarter), claim.standing.state));
    let claims: HashMap<_, _> = claims.filter(|((_, quarter), _)| quarter.months()[0] >= since).collect();
    let mut quarters = HashMap::<_, Vec<PaymentRecord>>::new();
    for key in claims.keys() {
        quarters.entry(*key).or_default();
    }
    for payment in payments {
        quarters.entry((payment.creche, payment.payment.quarter)).or_default().push(payment);
    }
    let mut paid = Vec::new();
    for creche in creches.iter().filter(|creche| only.is_none_or(|only| only == creche.id)) {
        for ((_, quarter), found) in quarters.iter().filter(|((of, _), _)| *of == creche.id) {
            let opened = found.iter().map(|one| view(&data_key, one.clone(), creche.name.clone()));
            let claim = claims.get(&(creche.id, *quarter)).copied();
            let payments = opened.collect::<Result<_, _>>()?;
            paid.push(PaidQuarter { creche: creche.clone(), quarter: *quarter, claim, payments });
        }
    }
    paid.sort_by(|one, other| {
        other.quarter.months()[0].cmp(&one.quarter.months()[0]).then_with(|| one.creche.name.cmp(&other.creche.name))
    });
    app.record_access(caller.organiser, &caller.actor(), &Record::of(RecordedAction::SubsidyPaymentsRead)).await?;
    Ok(paid)
}

/// The payments of a claim's quarter, for the agents who read the claim, and the ONE number of its crèche.
pub async fn of_claim(
    app: &App,
    (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter),
) -> Result<Vec<PaymentRecord>, InternalError> {
    let since = quarter.months()[0];
    let found = store::subsidies::list_since(&mut app.db.read().await?, organiser, since).await?;
    Ok(found.into_iter().filter(|one| one.creche == creche && one.payment.quarter == quarter).collect())
}

fn view(data_key: &DataKey, record: PaymentRecord, creche: String) -> Result<PaymentView, InternalError> {
    let open = |cancelled: &CancellationRecord| {
        let text = data_key.open(&reason_context(record.organiser, record.id), &cancelled.reason)?;
        Ok::<_, InternalError>(String::from_utf8_lossy(&text).into_owned())
    };
    let reason = record.cancelled.as_ref().map(open).transpose()?;
    Ok(PaymentView { record, creche, reason })
}

fn reason_context(organiser: OrganiserId, id: SubsidyPaymentId) -> SealContext {
    SealContext::of("payment cancellation", &[&organiser.to_string(), &id.to_string()])
}
