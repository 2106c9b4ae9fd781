//! A claim as its organiser reads it: where it stands, its acts, what was signed, and what has changed since.

use std::collections::HashMap;

use jiff::Timestamp;

use super::assemble::assemble;
use super::assembled::AssembledClaim;
use super::details::{SalaryChange, salary_changes};
use super::receipt::Receipt;
use super::sealed::{SealedPart, open_details, open_receipt, open_salaries};
use super::{ClaimError, claim_key};
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::{App, creches};
use crate::domain::action::RecordedAction;
use crate::domain::actor::ActorKind;
use crate::domain::claim::{
    AnswerDetails, ClaimAct, ClaimStanding, ClaimState, FigureChange, FigureRemark, Freeze, differences,
    has_other_revisions,
};
use crate::domain::creche::Creche;
use crate::domain::money::Cents;
use crate::domain::period::Period;
use crate::domain::report::gross_salaries;
use crate::domain::statement::StatementKey;
use crate::ids::CrecheId;
use crate::seal::DataKey;
use crate::store::claims::{ActRecord, ClaimKey, SignatureRecord};
use crate::store::{self, Tx};

/// An act on a claim.
#[derive(Debug, Clone)]
pub struct ActView {
    /// What was done.
    pub act: ClaimAct,
    /// The state after it.
    pub state: ClaimState,
    /// Who did it: a user, an agent, or software of the agency.
    pub by: ActorKind,
    /// When.
    pub at: Timestamp,
    /// Why; of a message, what it says.
    pub reason: Option<String>,
    /// The remarks at figures and the months to correct.
    pub details: AnswerDetails,
    /// The matricule of the agent, or the key of the agency's software; empty for a user.
    pub agent: String,
}

impl ActView {
    /// The remarks at figures of the agency's latest answer.
    pub fn latest_remarks(acts: &[Self]) -> &[FigureRemark] {
        let is_answer = |act: &&Self| act.act.takes_remarks() || act.act == ClaimAct::Accept;
        acts.iter().rfind(is_answer).map_or(&[], |act| &act.details.remarks)
    }
}

/// A claim.
pub struct ClaimView {
    /// The crèche.
    pub creche: Creche,
    /// The quarter, or the month.
    pub period: Period,
    /// Where it stands.
    pub standing: ClaimStanding,
    /// Its acts, the first first.
    pub acts: Vec<ActView>,
    /// What was signed last; `None` before the first signature and after a withdrawal.
    pub receipt: Option<Receipt>,
    /// The figures that have changed since.
    pub changes: Vec<FigureChange>,
    /// The sum of the gross salaries that were signed.
    pub signed_gross: Option<Cents>,
    /// Whether the staff or its salaries have changed since.
    pub salaries_changed: bool,
    /// The salaries that have changed since.
    pub salary_changes: Vec<SalaryChange>,
    /// Whether other files are attached since.
    pub attachments_changed: bool,
    /// Whether other revisions of attendance, consultations or the report are current since.
    pub has_other_revisions: bool,
}

/// Where the claims of the caller's crèches stand.
pub async fn standings(
    app: &App,
    caller: &Caller,
) -> Result<HashMap<(CrecheId, Period), ClaimStanding>, InternalError> {
    let found = store::claims::list(&mut app.db.read().await?, caller.organiser).await?;
    let within = found.into_iter().filter(|claim| caller.reaches(claim.key.creche));
    Ok(within.map(|claim| ((claim.key.creche, claim.key.period), for_organiser(claim.standing))).collect())
}

/// Where the claim of a crèche and period stands; a draft where it was never signed.
pub async fn standing_of(app: &App, caller: &Caller, at: (CrecheId, Period)) -> Result<ClaimStanding, InternalError> {
    let found = store::claims::find(&mut app.db.read_once().await?, claim_key(caller.organiser, at)).await?;
    Ok(found.map(|claim| for_organiser(claim.standing)).unwrap_or_default())
}

/// Where a claim stands, as its organiser sees it: without an answer that is only proposed.
const fn for_organiser(standing: ClaimStanding) -> ClaimStanding {
    ClaimStanding { state: standing.state.for_organiser(), was_taken_up: standing.was_taken_up }
}

/// What freezes a statement, which then accepts corrections with a reason only.
pub async fn freeze_of(app: &App, caller: &Caller, of: StatementKey) -> Result<Freeze, InternalError> {
    let tx = &mut app.db.read().await?;
    let claim = |period| claim_key(caller.organiser, (of.creche, period));
    let by_quarter = is_frozen(tx, claim(Period::Quarter(of.month.quarter()))).await?;
    let by_month = of.kind.is_signed_alone() && is_frozen(tx, claim(Period::Month(of.month))).await?;
    Ok(Freeze { by_quarter, by_month })
}

async fn is_frozen(tx: &mut Tx, key: ClaimKey) -> Result<bool, store::Error> {
    let found = store::claims::find(tx, key).await?;
    Ok(found.is_some_and(|claim| claim.standing.state.is_frozen()))
}

/// Why the agency returned a claim, which stays the answer until it is signed again. Reading it is recorded.
pub async fn read_return_reason(
    app: &App,
    caller: &Caller,
    (creche, period): (CrecheId, Period),
) -> Result<Option<String>, InternalError> {
    let data_key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let key = claim_key(caller.organiser, (creche, period));
    let acts = store::claims::acts(&mut app.db.read().await?, key).await?;
    let Some(returned) = acts.into_iter().rfind(|act| act.act == ClaimAct::Return) else { return Ok(None) };
    let record = Record::of(RecordedAction::ClaimRead).creche(creche).period(period);
    app.record_access(caller.organiser, &caller.actor(), &record).await?;
    Ok(open_act(&data_key, key, returned)?.reason)
}

/// Reads the claim of a crèche and period; a draft where it was never signed. Reading it is recorded.
pub async fn view(app: &App, caller: &Caller, (creche, period): (CrecheId, Period)) -> Result<ClaimView, ClaimError> {
    let data_key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let key = claim_key(caller.organiser, (creche, period));
    let mut tx = app.db.read().await?;
    let found = creches::find_within_reach(&mut tx, caller, creche).await?;
    let claim = store::claims::find(&mut tx, key).await?;
    let standing = claim.map(|claim| for_organiser(claim.standing)).unwrap_or_default();
    let acts = store::claims::acts(&mut tx, key).await?;
    let latest = store::claims::latest_signature(&mut tx, key).await?.filter(|_| standing.state.is_frozen());
    drop(tx);
    let shown = acts.into_iter().filter(|act| !act.act.is_internal());
    let acts = shown.map(|act| open_act(&data_key, key, act)).collect::<Result<Vec<_>, _>>()?;
    let mut view = ClaimView {
        creche: found,
        period,
        standing,
        acts,
        receipt: None,
        changes: Vec::new(),
        signed_gross: None,
        salaries_changed: false,
        salary_changes: Vec::new(),
        attachments_changed: false,
        has_other_revisions: false,
    };
    let record = Record::of(RecordedAction::ClaimRead).creche(creche).period(period);
    app.record_access(caller.organiser, &caller.actor(), &record).await?;
    if let Some(latest) = latest {
        let assembled = assemble(app, caller, (creche, period)).await?;
        view.compare(&data_key, &latest, &assembled)?;
    }
    Ok(view)
}

impl ClaimView {
    /// Why the agency returned the claim; `None` where it did not, or where it was signed again since.
    pub fn return_reason(&self) -> Option<&str> {
        let returned = self.acts.iter().rfind(|act| act.act == ClaimAct::Return)?;
        returned.reason.as_deref().filter(|_| self.standing.state == ClaimState::Returned)
    }

    /// Sets what was signed, and what has changed since.
    fn compare(
        &mut self,
        data_key: &DataKey,
        latest: &SignatureRecord,
        now: &AssembledClaim,
    ) -> Result<(), InternalError> {
        let receipt = open_receipt(data_key, latest)?;
        let signed = open_salaries(data_key, latest)?.map(|salaries| salaries.staff);
        self.signed_gross = signed.as_deref().map(gross_salaries);
        if let (Some(signed), Some(staff)) = (&signed, &now.content.staff) {
            self.salary_changes = salary_changes(signed, staff, &now.names);
        }
        self.salaries_changed = signed != now.content.staff;
        self.attachments_changed = receipt.document.attachments != now.content.attachments;
        self.has_other_revisions = has_other_revisions(&receipt.document.inputs, &now.content.inputs);
        self.changes = differences(&receipt.document.figures, &now.content.figures);
        self.receipt = Some(receipt);
        Ok(())
    }

    /// Whether something has changed since the signature.
    pub const fn has_changed(&self) -> bool {
        !self.changes.is_empty() || self.salaries_changed || self.attachments_changed || self.has_other_revisions
    }
}

/// The receipt of a claim's latest signature; reading it is recorded.
pub async fn receipt_of(
    app: &App,
    caller: &Caller,
    (creche, period): (CrecheId, Period),
) -> Result<Option<Receipt>, ClaimError> {
    let data_key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let key = claim_key(caller.organiser, (creche, period));
    let mut tx = app.db.read().await?;
    creches::find_within_reach(&mut tx, caller, creche).await?;
    let found = store::claims::latest_signature(&mut tx, key).await?;
    drop(tx);
    let Some(found) = found else { return Ok(None) };
    let receipt = open_receipt(&data_key, &found)?;
    let record = Record::of(RecordedAction::ReceiptRead).creche(creche).period(period);
    app.record_access(caller.organiser, &caller.actor(), &record).await?;
    Ok(Some(receipt))
}

/// An act with its reason.
pub(super) fn open_act(data_key: &DataKey, key: ClaimKey, row: ActRecord) -> Result<ActView, InternalError> {
    let ActRecord { number, act, state, actor, at, reason, details } = row;
    let open = |sealed: Vec<u8>| {
        let text = data_key.open(&SealedPart::Reason.context(key, number), &sealed)?;
        Ok::<_, InternalError>(String::from_utf8_lossy(&text).into_owned())
    };
    let details = details.map(|sealed| open_details(data_key, (key, number), &sealed)).transpose()?;
    let agent = if actor.kind.is_agency() { actor.name } else { String::new() };
    Ok(ActView {
        act,
        state: state.for_organiser(),
        by: actor.kind,
        at,
        reason: reason.map(open).transpose()?,
        details: details.unwrap_or_default(),
        agent,
    })
}
