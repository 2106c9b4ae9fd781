//! What a report is compared with, read in one transaction.

use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::revision_warnings::RevisionWarnings;
use crate::app::staff::{self, NamedPerson};
use crate::app::statements::{open, sealed, unseal_text};
use crate::app::{App, doctors};
use crate::domain::creche::Creche;
use crate::domain::doctor::DoctorState;
use crate::domain::kinds::{attendance, medical};
use crate::domain::period::{Month, Period, Quarter};
use crate::domain::report::completeness::ReportStep;
use crate::domain::report::{self, MonthDeposit, RegisterPerson, Report, ReportContext};
use crate::domain::standing_facts::CurrentDoctor;
use crate::domain::statement::{Statement as _, StatementFilter, StatementKey, StatementKind};
use crate::ids::{CrecheId, StaffMemberId};
use crate::seal::DataKey;
use crate::store::statements::{CurrentStatement, StoredRevision};
use crate::store::{self, Tx};

/// What the rules of a report need besides the document.
pub(super) struct ReportInputs {
    staff: Vec<RegisterPerson>,
    /// Given and family name of each person, in the same order, where the caller may know it.
    names: Vec<Option<(String, String)>>,
    claimed_elsewhere: Vec<StaffMemberId>,
}

impl ReportInputs {
    /// Reads them for a crèche and a quarter. A stored report names persons who may be out of the caller's reach since: it
    /// can be read and sent back nevertheless.
    pub(super) async fn read(
        app: &App,
        caller: &Caller,
        slot: StatementKey,
        stored: Option<&Report>,
    ) -> Result<Self, InternalError> {
        let (creche, quarter) = (slot.creche, slot.month.quarter());
        let stored_ids: Vec<_> = stored.iter().flat_map(|report| &report.staff).map(|person| person.id).collect();
        let persons = staff::report_persons(app, caller, (creche, quarter), &stored_ids).await?;
        let split = |NamedPerson { person, name }| (person, name);
        let (staff, names) = persons.into_iter().map(split).unzip();
        Ok(Self { staff, names, claimed_elsewhere: claimed_elsewhere(app, caller, slot).await? })
    }

    /// The persons of the register.
    pub(super) fn staff(&self) -> &[RegisterPerson] {
        &self.staff
    }

    /// The same with given and family name.
    pub(super) fn named_staff(&self) -> impl Iterator<Item = (&RegisterPerson, Option<&(String, String)>)> {
        self.staff.iter().zip(self.names.iter().map(Option::as_ref))
    }

    /// The context of the rules.
    pub(super) fn context<'a>(&'a self, caller: &Caller, creche: &'a Creche, quarter: Quarter) -> ReportContext<'a> {
        ReportContext {
            quarter,
            today: caller.clock.today(),
            creche,
            staff: &self.staff,
            claimed_elsewhere: &self.claimed_elsewhere,
        }
    }
}

/// The persons for whom reports of other crèches within the caller's reach claim a subsidy in the same quarter.
async fn claimed_elsewhere(
    app: &App,
    caller: &Caller,
    slot: StatementKey,
) -> Result<Vec<StaffMemberId>, InternalError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let mut tx = app.db.read().await?;
    let mut reports = Vec::new();
    let filter = StatementFilter::in_period(report::KIND, slot.period());
    for current in store::statements::list(&mut tx, caller.organiser, filter).await? {
        let StoredRevision { creche, revision, .. } = current.revision;
        if creche != slot.creche && caller.reaches(creche) {
            let other = StatementKey { creche, ..slot };
            reports.push((other, revision, sealed(&mut tx, caller.organiser, other, revision).await?));
        }
    }
    // Unsealing is slow: no transaction is open meanwhile.
    drop(tx);
    let mut claimed = Vec::new();
    for (other, revision, sealed) in reports {
        let report = unseal_report(caller, &key, other, revision, &sealed)?;
        claimed.extend(report.staff.into_iter().filter(|person| person.subsidised).map(|person| person.id));
    }
    Ok(claimed)
}

/// Reads and unseals a stored report.
pub(super) async fn open_report(
    tx: &mut Tx,
    caller: &Caller,
    key: &DataKey,
    slot: StatementKey,
    revision: u32,
) -> Result<Report, InternalError> {
    let sealed = sealed(tx, caller.organiser, slot, revision).await?;
    unseal_report(caller, key, slot, revision, &sealed)
}

fn unseal_report(
    caller: &Caller,
    key: &DataKey,
    slot: StatementKey,
    revision: u32,
    sealed: &[u8],
) -> Result<Report, InternalError> {
    Ok(serde_json::from_slice(&unseal_text(caller.organiser, key, slot, revision, sealed)?)?)
}

/// What was deposited for each month of the quarter.
pub(super) async fn month_deposits(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    quarter: Quarter,
) -> Result<Vec<MonthDeposit>, InternalError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let filter = |kind| StatementFilter::of_creche_in(kind, creche, Period::Quarter(quarter));
    let attendance = store::statements::list(tx, caller.organiser, filter(attendance::KIND)).await?;
    let medical = store::statements::list(tx, caller.organiser, filter(medical::KIND)).await?;
    let doctors = doctors::current_doctors(tx, &key, caller.organiser).await?;
    let mut months = Vec::new();
    for month in quarter.months() {
        let consultations = medical.iter().find(|current| current.revision.month == month);
        let awaits_doctors = match consultations {
            Some(current) => awaits_doctors(tx, (caller, &key), current, &doctors).await?,
            None => false,
        };
        let is_there = |all: &[CurrentStatement]| all.iter().any(|current| current.revision.month == month);
        months.push(MonthDeposit {
            month,
            attendance: is_there(&attendance),
            medical: consultations.is_some(),
            awaits_doctors,
        });
    }
    Ok(months)
}

/// The kind of statement that a step of a report draws on.
pub const fn statements_of(step: ReportStep) -> Option<StatementKind> {
    match step {
        ReportStep::Attendance => Some(attendance::KIND),
        ReportStep::Medical => Some(medical::KIND),
        ReportStep::Quarter
        | ReportStep::Staff
        | ReportStep::Information
        | ReportStep::Costs
        | ReportStep::Attachments => None,
    }
}

/// Whether a doctor of these consultations is not validated.
async fn awaits_doctors(
    tx: &mut Tx,
    (caller, key): (&Caller, &DataKey),
    current: &CurrentStatement,
    doctors: &[CurrentDoctor],
) -> Result<bool, InternalError> {
    let stored = RevisionWarnings::read(&current.revision)?;
    let facts = if let Some(facts) = stored.facts() {
        facts.clone()
    } else {
        let month: Month = current.revision.month;
        let slot = StatementKey { creche: current.revision.creche, kind: medical::KIND, month };
        open::<medical::Statement>(tx, caller.organiser, key, slot, current.revision.revision).await?.standing_facts()
    };
    let is_settled = |state| matches!(state, DoctorState::Validated | DoctorState::Ended);
    let waits = |id| doctors.iter().any(|doctor| doctor.id == id && !is_settled(doctor.state));
    Ok(facts.doctors.iter().any(|(id, ..)| waits(*id)))
}
